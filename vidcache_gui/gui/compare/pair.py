"""Frames that are shown together, and the simplest way to say which: an offset and a rate."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import NamedTuple

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
    """At second t of A belongs second ``offset + rate * t`` of B; a rate below zero: backwards.

    Raises ValueError for a rate that cannot be shown.
    """

    offset: float = 0.0
    rate: float = 1.0

    def __post_init__(self) -> None:
        if not SLOWEST <= abs(self.rate) <= FASTEST:
            raise ValueError(f"The rate must lie between {SLOWEST:g} and {FASTEST:g}.")

    def matching(self, a: float, b: float) -> "Alignment":
        """The same rate, and second ``b`` of B at second ``a`` of A."""
        return replace(self, offset=b - self.rate * a)


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
