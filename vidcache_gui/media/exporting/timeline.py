"""Which frame is shown when in the result. Arithmetic only.

Where delays must mean something (at a chosen rate, in an MP4) an animation's delays below
20 ms count as 100 ms, as in every browser. Where the format can hold them they stay raw.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting.choices import Choices, Order

SHORTEST_MS, BROWSER_MS = 20.0, 100.0
MOST_FRAMES = 1_000_000
ROUNDING = 1e-6  # ms; sums of floats must not pick the frame before


@dataclass(frozen=True, slots=True)
class Step:
    """One frame of the result: which frame of the source, and for how long."""

    index: int
    delay_ms: float


def played(delays_ms: Iterable[float], *, animation: bool) -> list[float]:
    """Delays as they are played; no frame stays no time."""
    if animation:
        return [BROWSER_MS if delay < SHORTEST_MS - ROUNDING else delay for delay in delays_ms]
    return [delay if delay > 0 else 1.0 for delay in delays_ms]


def steps(
    delays_ms: Sequence[float], first: int, choices: Choices, *, animation: bool, raw: bool
) -> list[Step]:
    """The frames of the result in order.

    ``delays_ms``: of the frames from ``first`` on, as stored. ``raw``: the format keeps
    delays that mean nothing, such as 0 ms. Raises UserError when it would be endless.
    """
    delays = _in_force(delays_ms, choices, animation=animation, raw=raw)
    made = [Step(first + at, delay / choices.speed) for at, delay in enumerate(delays)]
    if choices.fps is not None:
        made = _at_rate(made, 1000 / choices.fps)
    if choices.order is Order.BACKWARDS:
        made = made[::-1]
    elif choices.order is Order.PING_PONG:
        made = made + made[-2:0:-1]
    return made


def outline(
    delays_ms: Sequence[float], choices: Choices, *, animation: bool, raw: bool
) -> tuple[int, float]:
    """(frames, milliseconds) that :func:`steps` would come to, without making them."""
    delays = _in_force(delays_ms, choices, animation=animation, raw=raw)
    count, total = len(delays), sum(delays) / choices.speed
    ends = [delays[0] / choices.speed, delays[-1] / choices.speed]
    if choices.fps is not None:
        tick = 1000 / choices.fps
        count = _ticks_in(total, tick)
        ends = [tick if count > 1 else total, total - (count - 1) * tick]
    if choices.order is Order.PING_PONG and count > 1:
        count, total = 2 * count - 2, 2 * total - sum(ends)
    return count, total


def _in_force(
    delays_ms: Sequence[float], choices: Choices, *, animation: bool, raw: bool
) -> list[float]:
    """The delays that count, before the speed."""
    if choices.delay_ms is not None:
        return [choices.delay_ms] * len(delays_ms)
    if choices.fps is not None or not raw:
        return played(delays_ms, animation=animation)
    return list(delays_ms)


def _ticks_in(total_ms: float, tick_ms: float) -> int:
    count = max(1, round(total_ms / tick_ms))
    if count > MOST_FRAMES:
        raise UserError(f"That would be {count:,} frames. Choose a lower rate, or a shorter range.")
    return count


def _at_rate(stored: list[Step], tick_ms: float) -> list[Step]:
    """The frame on screen at every tick. All ticks are equal but the last, which takes what
    is left, so that the whole is as long as before."""
    edges = [0.0, *accumulate(step.delay_ms for step in stored)]
    total = edges[-1]
    count = max(1, round(total / tick_ms))
    if count > MOST_FRAMES:
        raise UserError(f"That would be {count:,} frames. Choose a lower rate, or a shorter range.")
    made = []
    for tick in range(count):
        at = bisect_right(edges, tick * tick_ms + ROUNDING, hi=len(stored)) - 1
        made.append(Step(stored[at].index, tick_ms))
    made[-1] = Step(made[-1].index, total - (count - 1) * tick_ms)
    return made


class Ticks:
    """Delays in whole ticks of a format. What rounding takes from one it gives to the next,
    so a long animation never drifts."""

    def __init__(self, ticks_per_ms: float, most: int) -> None:
        self._scale = ticks_per_ms
        self._most = most
        self._time = 0.0
        self._told = 0

    def take(self, delay_ms: float) -> int:
        """The ticks of the next frame."""
        self._time += delay_ms * self._scale
        ticks = min(self._most, max(0, round(self._time - ROUNDING) - self._told))
        self._told += ticks
        if ticks == self._most:  # longer than the format can say: do not make it up later
            self._time = float(self._told)
        return ticks
