"""From a line through time to the stretch on which both really show the same."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.overlay import Likeness, likeness, motion, pictures_along, resemblance
from vidcache_gui.matching.register import register
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
FAIR = 0.5  # ... that is worth a full look

Free = NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """``times``: of a, of the compared pictures; a0..a1 seconds of a."""

    line: Line
    a0: float
    a1: float
    times: NDArray[np.float64]
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
    inside = every[(every >= line.first - NEAR) & (every <= line.last + NEAR)]
    quick = _spread(inside if len(inside) >= 2 else every, QUICK)
    each = resemblance(*pictures_along(a, b, line, quick))
    level = float(np.quantile(each, 0.75))
    if level < HOPELESS:
        return None
    if settings.registration and level < 0.93:
        good = quick[np.sort(np.argsort(-each)[: max(3, len(quick) // 2)])]
        tried, worth = register(a, b, line, good)
        if worth > level:
            line, level = tried, worth
    if level < FAIR:
        return None
    times = _agreeing(a, b, line, every, quick, settings)
    if len(times) < 2:
        return None
    found = likeness(*pictures_along(a, b, line, times))
    if found.mean < settings.same_picture:
        return None
    return Stretch(line, *_edges(a, b, line, times), times, found)


def _agreeing(
    a: Footage,
    b: Footage,
    line: Line,
    every: NDArray[np.float64],
    quick: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.float64]:
    """Times of the longest run that agrees, looked for around ``quick`` and as far as it goes."""
    first, last = float(quick[0]), float(quick[-1])
    more = max(MARGIN, last - first)
    while True:
        times = _spread(every[(every >= first - more) & (every <= last + more)], FULL)
        each = likeness(*pictures_along(a, b, line, times)).each
        good = each >= max(settings.same_picture, 0.75 * float(np.quantile(each, 0.9)))
        start, end = _run(good)
        cut = (start <= 1 and times[0] > every[0]) or (
            end >= len(times) - 2 and times[-1] < every[-1]
        )
        if not cut or end <= start:
            return times[start : end + 1]
        first, last, more = float(times[max(start, 0)]), float(times[end]), 2 * more


def refined(a: Footage, b: Footage, stretch: Stretch, settings: Settings) -> Stretch:
    """The same stretch with offset and speed between the pictures' times, in full size."""
    times = stretch.times
    line = _sharpened(a, b, stretch.line, _spread(times, SHARP), settings)
    if line.slope != stretch.line.slope:
        again = stretch_along(a, b, line, settings)
        if again is not None and again.seconds > 0.8 * stretch.seconds:
            line, times = again.line, again.times
    found = likeness(*pictures_along(a, b, line, times, fine=True))
    return Stretch(line, *_edges(a, b, line, times), times, found)


def _samples(a: Footage, b: Footage, line: Line, free_a: Free, free_b: Free) -> NDArray[np.float64]:
    """Times of a at which both have a picture that tells something."""
    times = a.times[a.telling if free_a is None else a.telling & free_a]
    there = line.offset + line.slope * times
    inside = (there >= -0.05) & (there <= b.duration + 0.05)
    times, there = times[inside], there[inside]
    if len(times):
        row = np.clip(np.searchsorted(b.times, there, side="right") - 1, 0, len(b) - 1)
        times = times[b.telling[row] if free_b is None else b.telling[row] & free_b[row]]
    return times


def _spread(times: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    if len(times) <= most:
        return times
    chosen: NDArray[np.float64] = times[np.linspace(0, len(times) - 1, most).astype(int)]
    return chosen


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


def _sharpened(
    a: Footage, b: Footage, line: Line, times: NDArray[np.float64], settings: Settings
) -> Line:
    """The offset, and then the speed, at which motion agrees best."""
    best, chosen = motion(*pictures_along(a, b, line, times)), line
    for shift in FINE:
        if best > 0.97:
            return chosen
        tried = replace(line, offset=line.offset + shift)
        here = motion(*pictures_along(a, b, tried, times))
        if here > best + 0.005:
            best, chosen = here, tried
    if best > 0.95 or not settings.speeds or np.ptp(times) < 1.5:
        return chosen
    middle, line = float(times.mean()), chosen
    for factor in SPEEDS:
        slope = line.slope * factor
        tried = replace(line, slope=slope, offset=line.offset + (line.slope - slope) * middle)
        here = motion(*pictures_along(a, b, tried, times))
        if here > best + 0.02:
            best, chosen = here, tried
    return chosen


def _edges(a: Footage, b: Footage, line: Line, times: NDArray[np.float64]) -> tuple[float, float]:
    """The stretch that the agreeing pictures stand for, within both items."""
    rows = np.clip(np.searchsorted(a.times, times[[0, -1]], side="right") - 1, 0, len(a) - 1)
    limits = sorted(((0 - line.offset) / line.slope, (b.duration - line.offset) / line.slope))
    start = max(float(a.times[rows[0]]), limits[0], 0.0)
    return start, max(start, min(float(a.ends[rows[1]]), limits[1], a.duration))
