"""A smoothed rate: how many bytes a second, as a person would like to read it."""

from collections.abc import Callable

HALF_LIFE = 3.0  # seconds after which an old rate counts half


class Rate:
    """Feed it running totals; it answers with units per second. ``clock`` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._time: float | None = None
        self._total = 0
        self._rate = 0.0

    def update(self, total: int) -> float:
        now = self._clock()
        if self._time is None:
            self._time, self._total = now, total
            return 0.0
        elapsed = now - self._time
        if elapsed <= 0.05:
            return self._rate
        latest = max(0, total - self._total) / elapsed
        keep = 0.5 ** (elapsed / HALF_LIFE) if self._rate else 0.0
        self._rate = keep * self._rate + (1 - keep) * latest
        self._time, self._total = now, total
        return self._rate
