"""When each frame is on screen: delays, and the policies for delays and frames nobody meant."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

SHORTEST = 0.001  # seconds; a frame that stays no time at all still needs an instant
BROWSER_LEAST, BROWSER_DELAY = 0.02, 0.1
ROUNDING = 1e-7  # seconds; sums of floats must not make a frame late by one


class DelayPolicy(StrEnum):
    """What to make of an animation's delays below 20 ms."""

    BROWSER = "browser"  # they become 100 ms, as in every browser
    AS_WRITTEN = "as written"


class GapPolicy(StrEnum):
    """What is shown where a frame is missing or damaged."""

    HOLD = "hold"  # the frame before it stays
    BLANK = "blank"  # nothing, and a sentence that says what is wrong
    SKIP = "skip"  # it is neither played nor stepped to


def apply_policy(durations: Sequence[float], policy: DelayPolicy) -> list[float]:
    """Seconds as the file says to seconds as played."""
    if policy is DelayPolicy.AS_WRITTEN:
        return list(durations)
    least = BROWSER_LEAST - ROUNDING
    return [BROWSER_DELAY if delay < least else delay for delay in durations]


@dataclass
class Pace:
    """What decides how long frames stay, beside the footage itself. Times are seconds."""

    policy: DelayPolicy = DelayPolicy.AS_WRITTEN
    every: float | None = None  # one time for every frame
    edited: Mapping[int, float] = field(default_factory=dict)  # of single frames, as people set it

    def timing(self, durations: Sequence[float]) -> "Timing":
        """``durations``: as the file says."""
        if self.every is not None:
            return Timing.even(len(durations), self.every)
        played = apply_policy(durations, self.policy)
        for index, seconds in self.edited.items():
            if index < len(played):
                played[index] = seconds
        return Timing.of(played)


class Timing:
    """The edges of every frame on a line of seconds; ``edges[i]`` is where frame i starts."""

    def __init__(self, edges: Sequence[float]) -> None:
        self.edges = edges
        self.count = len(edges) - 1
        self.total = edges[-1]

    @classmethod
    def of(cls, durations: Sequence[float]) -> "Timing":
        """``durations``: seconds each frame stays; at least one."""
        return cls([0.0, *accumulate(max(delay, SHORTEST) for delay in durations)])

    @classmethod
    def even(cls, count: int, seconds: float) -> "Timing":
        """The same time for every frame. Products, not sums: no error adds up."""
        step = max(seconds, SHORTEST)
        return cls([at * step for at in range(max(count, 1) + 1)])

    def start(self, index: int) -> float:
        return self.edges[index]

    def duration(self, index: int) -> float:
        return self.edges[index + 1] - self.edges[index]

    # Travel: seconds and frames passed since frame ``origin`` came on screen, going one way.
    # Both count on over the end, where the footage starts again.

    def steps_after(self, origin: int, seconds: float, backwards: bool) -> int:
        """How many frames further the one is that is due after so many seconds.

        Rounding may carry a place over the end: that is the first step of the next lap.
        """
        if backwards:
            laps, rest = divmod(self.total - self.edges[origin + 1] + seconds, self.total)
            place = bisect_left(self.edges, self.total - rest - ROUNDING) - 1
            return int(laps) * self.count + origin - place
        laps, rest = divmod(self.edges[origin] + seconds, self.total)
        place = bisect_right(self.edges, rest + ROUNDING) - 1
        return int(laps) * self.count + place - origin

    def seconds_until(self, origin: int, steps: int, backwards: bool) -> float:
        """When the frame ``steps`` further comes on screen. The inverse of the above."""
        if backwards:
            laps, place = divmod(self.count - 1 - origin + steps, self.count)
            gone = self.total - self.edges[self.count - place]
            return laps * self.total + gone - (self.total - self.edges[origin + 1])
        laps, place = divmod(origin + steps, self.count)
        return laps * self.total + self.edges[place] - self.edges[origin]
