"""Which frame of B belongs to which frame of A. Pure arithmetic over the times of both.

People step through a *line* of pairs: every frame of A with what B shows at that time, and
before and after them the frames that only B has.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import NamedTuple

from vidcache_gui.gui.player.cache import Run
from vidcache_gui.gui.player.timing import Timing

SLOWEST, FASTEST = 0.1, 10.0
# A frame that begins within so much of a frame counts as begun: times of two files are
# rounded differently. Less than half, so that half a frame of offset does not flicker.
TOLERANCE = 0.49


class Pair(NamedTuple):
    """Frames shown together; None: this side has nothing there."""

    a: int | None
    b: int | None


class Shared(NamedTuple):
    """The frames of each that have a counterpart."""

    a: range
    b: range


@dataclass(frozen=True, slots=True)
class Alignment:
    """At second t of A belongs second ``offset + rate * t`` of B. Raises ValueError."""

    offset: float = 0.0
    rate: float = 1.0

    def __post_init__(self) -> None:
        if not SLOWEST <= self.rate <= FASTEST:
            raise ValueError(f"The rate must lie between {SLOWEST:g} and {FASTEST:g}.")

    def matching(self, a: float, b: float) -> "Alignment":
        """The same rate, and second ``b`` of B at second ``a`` of A."""
        return replace(self, offset=b - self.rate * a)

    def inverse(self) -> "Alignment":
        """The same, with A and B changed over."""
        rate = min(max(1 / self.rate, SLOWEST), FASTEST)
        return Alignment(-self.offset / self.rate, rate)


def frame_at(timing: Timing, seconds: float, stays: float) -> int:
    """The frame on screen at a moment, looked at for ``stays`` seconds.

    -1 before the first frame, ``timing.count`` after the last.
    """
    at = bisect_right(timing.edges, seconds) - 1
    if at < timing.count:
        own = timing.duration(min(at + 1, timing.count - 1))
        if timing.edges[at + 1] - seconds < TOLERANCE * min(stays, own):
            at += 1
    return at


class Line:
    """All pairs in order; a *place* is a position on it. None: a side without frames."""

    def __init__(self, a: Timing | None, b: Timing | None, alignment: Alignment) -> None:
        self._a, self._b, self._alignment = a, b, alignment
        self.count_a = a.count if a is not None else 0
        self.count_b = b.count if b is not None else 0
        self._before = self.count_b if a is None else 0  # frames of B before the first of A
        self._after = self.count_b  # the first frame of B after the last of A
        if a is not None and b is not None:
            self._before = max(0, self._position(0))
            ends = alignment.offset + alignment.rate * a.total
            over = frame_at(b, ends, alignment.rate * a.duration(a.count - 1))
            last = self._position(a.count - 1)
            self._after = min(max(over, last + 1), b.count)
        self.count = self._before + self.count_a + self.count_b - self._after

    def _position(self, a: int) -> int:
        """The frame of B at a frame of A; -1 before B begins, ``count_b`` after it ended."""
        if self._a is None or self._b is None:
            return -1
        seconds = self._alignment.offset + self._alignment.rate * self._a.start(a)
        return frame_at(self._b, seconds, self._alignment.rate * self._a.duration(a))

    def pair(self, place: int) -> Pair:
        a = place - self._before
        if a < 0:
            return Pair(None, place)
        if a >= self.count_a:
            return Pair(None, self._after + a - self.count_a)
        b = self._position(a)
        return Pair(a, b if 0 <= b < self.count_b else None)

    def near(self, place: int) -> Pair:
        """The pair, with the frame that comes soonest where a side has nothing."""
        pair = self.pair(place)
        a, b = pair
        if a is None and self.count_a:
            a = 0 if place < self._before else self.count_a - 1
        if b is None and self.count_b and pair.a is not None:
            b = min(max(self._position(pair.a), 0), self.count_b - 1)
        return Pair(a, b)

    def is_over(self, place: int, which: int) -> bool:
        """Of a side that has nothing at a place: whether it ended before, or begins later."""
        pair = self.pair(place)
        if which == 0 or pair.a is None:
            return place >= self._before + self.count_a
        return self._position(pair.a) >= self.count_b

    def place_of_a(self, a: int) -> int:
        return self._before + min(max(a, 0), max(0, self.count_a - 1))

    def place_of_b(self, b: int) -> int:
        """The first place that shows a frame of B, or a later one where it is passed over."""
        if b < self._before:
            return max(b, 0)
        first = bisect_left(range(self.count_a), b, key=self._position)
        if first < self.count_a:
            return self._before + first
        return min(self._before + self.count_a + max(0, b - self._after), self.count - 1)

    def shared(self) -> Shared:
        """Which part of each the other has too; empty ranges where they never meet."""
        frames = range(self.count_a)
        first = bisect_left(frames, 0, key=self._position)
        end = bisect_left(frames, self.count_b, key=self._position)
        if self._b is None or first >= end:
            return Shared(range(0), range(0))
        return Shared(range(first, end), range(self._position(first), self._position(end - 1) + 1))

    def places_with_a(self) -> Run:
        """First and last; the last is before the first where A has no frames."""
        return self._before, self._before + self.count_a - 1

    def places_with_b(self) -> Run:
        """First and last; between them B may lack nothing, for its frames follow each other."""
        shared = self.shared().a
        first = 0 if self._before else self._before + shared.start
        last = self._before + shared.stop - 1 if shared else self._before - 1
        if self._after < self.count_b:
            last = self.count - 1
            if not shared and not self._before:
                first = self.count_a
        return first, last

    def time(self, place: int) -> float:
        """Seconds of A at a place: below zero before it, beyond its length after it."""
        pair = self.pair(place)
        if pair.a is not None and self._a is not None:
            return self._a.start(pair.a)
        if self._b is None or pair.b is None:
            return 0.0
        return (self._b.start(pair.b) - self._alignment.offset) / self._alignment.rate

    def timing(self) -> Timing:
        """How long each pair stays: as long as A's frame, or B's where there is only that."""
        a, b, rate = self._a, self._b, self._alignment.rate
        if b is None or (a is not None and self.count == self.count_a):
            return a if a is not None else Timing.even(1, 1.0)
        edges = [edge / rate for edge in b.edges[: self._before]]
        begins = b.edges[self._before] / rate
        edges += [begins + edge for edge in a.edges] if a is not None else [begins]
        ends, left = edges[-1], b.edges[self._after]
        edges += [ends + (edge - left) / rate for edge in b.edges[self._after + 1 :]]
        return Timing(edges)
