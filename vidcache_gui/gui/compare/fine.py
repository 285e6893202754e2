"""A match to the frame: fingerprints place two items within some hundredths of a second, the
pictures themselves say which frame it is. For a worker thread.

At some windows of every stretch, frames of A are laid beside those of B around where the match
says; what *changes* from frame to frame has to agree, at one offset better than at the others.
"""

from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.gui.compare.ahead import Ask
from vidcache_gui.gui.compare.errand import Stop
from vidcache_gui.gui.compare.fine_box import refined
from vidcache_gui.gui.compare.pair import frame_at
from vidcache_gui.gui.compare.peek import Grey, Peek, laid, part
from vidcache_gui.gui.compare.timemap import within
from vidcache_gui.gui.player.timing import Timing, apply_policy
from vidcache_gui.matching.records import Match, Segment

SIZE = (27, 36)  # pixels that are compared, (height, width)
LONGER = 64  # pixels of a picture's longer side
LARGER = 256  # where boxes are measured
PICTURES = (0.1, 0.35, 0.6, 0.85)  # of a stretch, by which boxes are measured
MOST_STRETCHES = 6  # the longest ones; a compilation has hundreds
WINDOWS = (0.15, 0.5, 0.85)  # of a stretch
MORE_WINDOWS = (0.04, 0.3, 0.68, 0.96)  # where nothing moves in those
MOST_SNAPPED = 0.12  # seconds
FRAMES = 24  # of A in a window
SHORT = 3.0  # seconds: a stretch that is one window
REACH = 0.4  # seconds of B either way
STEPS = 4  # offsets that are tried within a frame
ENOUGH = 0.35  # correlation of what changes; below that nothing is known
NEARER = 0.04  # correlation that an offset at the end of the reach has to be better by
SAME_SPEED = 0.012  # speeds so near to 1 are 1, where that agrees as well
MOVING = 0.1  # grey levels that change at least, or any offset is as good as another
Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """``found``: seconds by which B is later than the match says at second ``at`` of A."""

    at: float
    found: float
    sure: float
    a: Grey  # (frames, pixels), without brightness and contrast
    times: NDArray[np.float64]  # of those frames
    b: dict[int, Grey]


def refine(match: Match, ask: Ask, stop: Stop) -> Match:
    """The match with its stretches placed to the frame, as far as that can be seen.

    ``ask``: the sources and their delays. Raises UserError where one cannot be read.
    """
    with ExitStack() as stack:
        peeks = [stack.enter_context(Peek(source, LONGER)) for source in ask.sources]
        timings = [
            Timing.of(apply_policy(list(peek.source.durations), policy))
            for peek, policy in zip(peeks, ask.policies, strict=True)
        ]
        made = list(match.segments)
        for number, segment in enumerate(made[:MOST_STRETCHES]):
            if stop():
                return match
            if segment.a1 > segment.a0 and min(timing.count for timing in timings) > 2:
                placed = _refined(segment, (peeks[0], peeks[1]), (timings[0], timings[1]), stop)
                made[number] = _laid(placed, peeks, timings, stop)
    return replace(match, segments=tuple(made))


def _refined(
    segment: Segment, peeks: tuple[Peek, Peek], timings: tuple[Timing, Timing], stop: Stop
) -> Segment:
    rate = (segment.b1 - segment.b0) / (segment.a1 - segment.a0)
    offset = segment.b0 - rate * segment.a0
    windows: list[Window] = []
    moves = False
    for shares in (WINDOWS, MORE_WINDOWS) if segment.a1 - segment.a0 > SHORT else ((0.5,),):
        if windows:
            break
        looked = [_look(segment, share, rate, offset, peeks, timings, stop) for share in shares]
        moves = moves or any(window is not None for window in looked)
        windows += [window for window in looked if window is not None and window.sure >= ENOUGH]
    if not windows:
        return segment if moves else _whole(segment, rate, offset, timings)
    best = max(
        _lines(windows, rate, offset), key=lambda line: _agreement(windows, timings[1], *line)
    )
    if _agreement(windows, timings[1], *best) <= _agreement(windows, timings[1], rate, offset):
        return segment
    rate, offset = best
    return replace(segment, b0=offset + rate * segment.a0, b1=offset + rate * segment.a1)


def _whole(segment: Segment, rate: float, offset: float, timings: tuple[Timing, Timing]) -> Segment:
    """Where nothing moves, two of the same length begin together."""
    a, b = timings
    stays = max(a.total / a.count, b.total / b.count)
    even = 1.0 if rate > 0 else -1.0
    begins = 0.0 if rate > 0 else b.start(b.count - 1)
    alike = abs(a.total - b.total) <= stays and abs(rate - even) < SAME_SPEED
    if not alike or abs(offset - begins) > MOST_SNAPPED:
        return segment
    return replace(segment, b0=begins + even * segment.a0, b1=begins + even * segment.a1)


def _laid(segment: Segment, peeks: list[Peek], timings: list[Timing], stop: Stop) -> Segment:
    """Its boxes to the pixel, by some pictures of both."""
    a, b = timings
    pairs: dict[int, int] = {}
    for share in PICTURES:
        time = segment.a0 + share * (segment.a1 - segment.a0)
        frame = min(max(frame_at(a, time, 0.0), 0), a.count - 1)
        pairs[frame] = frame_at(b, segment.time_in_b(a.start(frame)), a.duration(frame))
    for peek in peeks:
        peek.longer = LARGER
    of_a, of_b = peeks[0].greys(pairs, stop), peeks[1].greys(pairs.values(), stop)
    for peek in peeks:
        peek.longer = LONGER
    seen = [(of_a[n], of_b[m]) for n, m in pairs.items() if n in of_a and m in of_b]
    return replace(segment, transform=refined(segment.transform, seen))


def _lines(windows: list[Window], rate: float, offset: float) -> list[tuple[float, float]]:
    """(rate, offset) that may be right, the simplest first."""
    moved = float(np.median([window.found for window in windows]))
    made = []
    even = 1.0 if rate > 0 else -1.0
    if abs(rate - even) < SAME_SPEED:
        places = [rate * w.at + offset + w.found - even * w.at for w in windows]
        made.append((even, float(np.median(places))))
    made.append((rate, offset + moved))
    if len(windows) > 1:
        at = np.asarray([window.at for window in windows])
        found = np.asarray([window.found for window in windows])
        slope, start = np.polyfit(at, found, 1)
        made.append((within(rate + float(slope)), offset + float(start)))
    return made


def _look(
    segment: Segment, share: float, rate: float, offset: float, peeks: tuple[Peek, Peek],
    timings: tuple[Timing, Timing], stop: Stop,
) -> Window | None:  # fmt: skip
    a, b = timings
    across = segment.a1 - segment.a0
    middle = frame_at(a, segment.a0 + share * across, 0.0)
    least = frame_at(a, segment.a0, a.duration(0))
    most = min(frame_at(a, segment.a1, 0.0), a.count - 1)
    first = max(0, least, middle - FRAMES // 2)
    frames = range(first, min(first + FRAMES, most + 1))
    if len(frames) < 3:
        return None
    ends = sorted(offset + rate * a.start(n) for n in (frames[0], frames[-1]))
    low = max(frame_at(b, ends[0] - REACH, 0.0), 0)
    high = min(frame_at(b, ends[1] + REACH, 0.0), b.count - 1)
    of_a, of_b = peeks[0].greys(frames, stop), peeks[1].greys(range(low, high + 1), stop)
    if len(of_a) < 3 or len(of_b) < 3:
        return None
    box = segment.transform.box_a
    numbers = sorted(of_a)
    pictures = np.stack([part(of_a[n], box, SIZE) for n in numbers])
    if float(pictures.std(axis=0).mean()) < MOVING:
        return None
    small = {n: _normal(laid(picture, segment.transform, SIZE)) for n, picture in of_b.items()}
    times = np.asarray([a.start(n) for n in numbers])
    flat = np.stack([_normal(picture) for picture in pictures])
    stays = min(a.total / a.count, b.total / b.count)
    tried = np.arange(-REACH, REACH + 1e-9, max(stays / STEPS, REACH / 80))
    curve = np.asarray([_correlation(flat, times, small, b, rate, offset + late) for late in tried])
    weighed = curve - NEARER * np.abs(tried) / REACH
    top = int(weighed.argmax())
    # Every offset that shows the same frames is as good: the middle of them is the safest.
    left = right = top
    while left > 0 and curve[left - 1] >= curve[top] - 1e-4:
        left -= 1
    while right < len(tried) - 1 and curve[right + 1] >= curve[top] - 1e-4:
        right += 1
    found = float(tried[left] + tried[right]) / 2
    return Window(float(times.mean()), found, float(curve[top]), flat, times, small)


def _agreement(windows: list[Window], b: Timing, rate: float, offset: float) -> float:
    return float(np.mean([_correlation(w.a, w.times, w.b, b, rate, offset) for w in windows]))


def _correlation(
    a: Grey, times: NDArray[np.float64], b: dict[int, Grey], timing: Timing, rate: float,
    offset: float,
) -> float:  # fmt: skip
    """How alike what changes is, over the frames that B has."""
    shown = [
        (row, number)
        for row, time in enumerate(times)
        if (number := frame_at(timing, offset + rate * time, timing.duration(0))) in b
    ]
    if len(shown) < max(3, len(times) // 2):
        return -1.0
    x = a[[row for row, _ in shown]]
    y = np.stack([b[number] for _, number in shown])
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    power = float((x * x).sum()) * float((y * y).sum())
    return float((x * y).sum()) / (power**0.5 + 1e-6)


def _normal(picture: Grey) -> Grey:
    flat = picture.ravel() - picture.mean()
    made: Grey = flat / max(float(flat.std()), 1.0)
    return made
