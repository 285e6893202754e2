"""What the player needs to know about opened footage; plain facts that any thread may read."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from vidcache_gui.media.types import FrameSource


@dataclass(frozen=True, slots=True)
class Footage:
    count: int
    width: int  # as shown
    height: int
    has_alpha: bool
    durations: Sequence[float]  # seconds, as the file says
    missing: frozenset[int]
    numbers: Sequence[int] | None  # of the frames of a group, where they have their own
    keyframes: Sequence[int] | None = None  # where decoding can begin; None: anywhere

    @classmethod
    def of(cls, source: FrameSource) -> "Footage":
        numbers = getattr(source, "numbers", None)
        return cls(
            source.count, source.width, source.height, source.has_alpha,
            list(source.durations), frozenset(source.missing),
            list(numbers) if numbers is not None else None,
            getattr(source, "keyframes", None),
        )  # fmt: skip

    def key_before(self, index: int) -> int | None:
        keys = self.keyframes or ()
        at = bisect_left(keys, index)
        return keys[at - 1] if at else None

    def key_after(self, index: int) -> int | None:
        keys = self.keyframes or ()
        at = bisect_right(keys, index)
        return keys[at] if at < len(keys) else None

    def number(self, index: int) -> int:
        """The number people know a frame by."""
        return self.numbers[index] if self.numbers is not None else index

    def index_of(self, number: int) -> int:
        """The frame with this number, or the nearest one before it (the first, before all)."""
        if self.numbers is None:
            return min(max(number, 0), self.count - 1)
        return max((at for at, n in enumerate(self.numbers) if n <= number), default=0)
