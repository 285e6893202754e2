"""From a line through time to the stretch on which both really show the same."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.overlay import (
    Likeness,
    Rows,
    agreement,
    changes,
    likeness,
    motion,
    pictures_along,
    resemblance,
    shown_at,
    shown_by,
    spread,
)
from vidcache_gui.matching.register import register
from vidcache_gui.matching.resembling import Free
from vidcache_gui.matching.settings import Settings

NEAR = 0.3  # seconds around the pictures that resemble each other
MARGIN = 4.0  # seconds around them in which more is looked for
QUICK = 12  # pictures that decide whether a line is worth more
FULL = 48  # pictures that say where it begins and ends
SHARP = 24  # pictures that say where exactly motion agrees
FINE = (-0.06, 0.06, -0.12, 0.12, -0.25, 0.25)  # seconds tried around an offset
SPEEDS = (0.91, 0.95, 0.98, 1.02, 1.05, 1.1)  # times the speed of a line that is tried
MISS = 2.0  # what a picture that differs costs, in pictures that agree
HOPELESS = 0.35  # correlation of the better ones that no registration mends
FAR, CLOSE = 0.3, 0.85  # correlations of motion between which boxes may have to lie better
FAIR = 0.5  # ... that is worth a full look


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """``rows``: numbers of a's pictures that were compared; a0..a1 seconds of a."""

    line: Line
    a0: float
    a1: float
    rows: Rows
    likeness: Likeness

    @property
    def b0(self) -> float:
        return self.line.offset + self.line.slope * self.a0

    @property
    def b1(self) -> float:
        return self.line.offset + self.line.slope * self.a1

    @property
    def seconds(self) -> float:
        """Of the one that shows it in less time."""
        return min(self.a1 - self.a0, abs(self.b1 - self.b0))


def stretch_along(
    a: Footage, b: Footage, line: Line, settings: Settings, free_a: Free = None, free_b: Free = None
) -> Stretch | None:
    """The longest stretch of the line on which the pictures agree; None if there is none."""
    every = _samples(a, b, line, free_a, free_b)
    if len(every) < 2:
        return None
    times = a.times[every]
    inside = every[(times >= line.first - NEAR) & (times <= line.last + NEAR)]
    quick = spread(inside if len(inside) >= 2 else every, QUICK)
    each = resemblance(*pictures_along(a, b, line, quick))
    order = np.argsort(-each)
    level = float(each[order[len(order) // 4]])
    if level < HOPELESS:
        return None
    if settings.registration and level < 0.93:
        good = quick[np.sort(order[: max(3, len(quick) // 2)])]
        tried, worth = register(a, b, line, good)
        if worth > level:
            line, level = tried, worth
    if level < FAIR:
        return None
    return _agreeing(a, b, line, every, quick, settings)


def _agreeing(
    a: Footage, b: Footage, line: Line, every: Rows, quick: Rows, settings: Settings
) -> Stretch | None:
    """The longest run that agrees, looked for around ``quick`` and as far as it goes."""
    moments = a.times[every]
    first, last = float(a.times[quick[0]]), float(a.times[quick[-1]])
    more = max(MARGIN, last - first)
    while True:
        rows = spread(every[(moments >= first - more) & (moments <= last + more)], FULL)
        one, other = pictures_along(a, b, line, rows)
        each = agreement(one, other)
        usual = float(np.sort(each)[round(0.9 * (len(each) - 1))])
        start, end = _run(each >= max(settings.same_picture, 0.75 * usual))
        if end <= start:
            return None
        cut = (start <= 1 and rows[0] > every[0]) or (end >= len(rows) - 2 and rows[-1] < every[-1])
        if not cut:
            break
        first, last, more = float(a.times[rows[start]]), float(a.times[rows[end]]), 2 * more
    found = likeness(one[start : end + 1], other[start : end + 1])
    if found.mean < settings.same_picture:
        return None
    rows = rows[start : end + 1]
    return Stretch(line, *_edges(a, b, line, rows), rows, found)


def refined(a: Footage, b: Footage, stretch: Stretch, settings: Settings) -> Stretch:
    """The same stretch with offset and speed between the pictures' times, in full size."""
    rows = stretch.rows
    line = _sharpened(a, b, stretch.line, spread(rows, SHARP), settings)
    if line.slope != stretch.line.slope:
        again = stretch_along(a, b, line, settings)
        if again is not None and again.seconds > 0.8 * stretch.seconds:
            line, rows = again.line, again.rows
    found = likeness(*pictures_along(a, b, line, rows, fine=True))
    nearly = FAR < found.motion < CLOSE and found.moving >= settings.least_motion
    if settings.registration and nearly:
        nearer, _ = register(a, b, line, rows, fine=True)
        closer = likeness(*pictures_along(a, b, nearer, rows, fine=True))
        if closer.motion > found.motion:
            line, found = nearer, closer
    return Stretch(line, *_edges(a, b, line, rows), rows, found)


def _samples(a: Footage, b: Footage, line: Line, free_a: Free, free_b: Free) -> Rows:
    """Pictures of a that tell something, at times at which b has such a picture, too."""
    rows = np.flatnonzero(a.telling if free_a is None else a.telling & free_a)
    there = line.offset + line.slope * a.times[rows]
    inside = (there >= -0.05) & (there <= b.duration + 0.05)
    rows, there = rows[inside], there[inside]
    if len(rows):
        other = np.searchsorted(b.times, there, side="right") - 1
        np.maximum(other, 0, out=other)
        rows = rows[b.telling[other] if free_b is None else b.telling[other] & free_b[other]]
    return rows


def _run(good: NDArray[np.bool_]) -> tuple[int, int]:
    """First and last of the run with most agreement: the largest sum of +1 and -MISS."""
    best, here, start, found = 0.0, 0.0, 0, (0, -1)
    for place, agrees in enumerate(good.tolist()):
        here += 1.0 if agrees else -MISS
        if here <= 0:
            here, start = 0.0, place + 1
        elif here > best:
            best, found = here, (start, place)
    return found


def _sharpened(a: Footage, b: Footage, line: Line, rows: Rows, settings: Settings) -> Line:
    """The offset, and then the speed, at which motion agrees best."""
    times = a.times[rows]
    one = changes(shown_by(a, line, rows))

    def agrees(tried: Line) -> float:
        return motion(one, changes(shown_at(b, tried, times)))

    best, chosen = agrees(line), line
    for shift in FINE:
        if best > 0.97:
            return chosen
        tried = replace(line, offset=line.offset + shift)
        here = agrees(tried)
        if here > best + 0.005:
            best, chosen = here, tried
    if best > 0.95 or not settings.speeds or np.ptp(times) < 1.5:
        return chosen
    middle, line = float(times.mean()), chosen
    for factor in SPEEDS:
        slope = line.slope * factor
        tried = replace(line, slope=slope, offset=line.offset + (line.slope - slope) * middle)
        here = agrees(tried)
        if here > best + 0.02:
            best, chosen = here, tried
    return chosen


def _edges(a: Footage, b: Footage, line: Line, rows: Rows) -> tuple[float, float]:
    """The stretch that the agreeing pictures stand for, within both items."""
    limits = sorted(((0 - line.offset) / line.slope, (b.duration - line.offset) / line.slope))
    start = max(float(a.times[rows[0]]), limits[0], 0.0)
    return start, max(start, min(float(a.ends[rows[-1]]), limits[1], a.duration))
