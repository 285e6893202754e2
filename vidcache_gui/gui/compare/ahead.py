"""A pair that is opened before anybody looks at it, so that it can be shown at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.side import Side, share_memory
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.cache import Size
from vidcache_gui.gui.player.timing import DelayPolicy
from vidcache_gui.media.types import FrameSource

Open = Callable[[], FrameSource]


@dataclass(frozen=True, slots=True)
class Ask:
    """Two sources and how they belong together. ``key``: by which a prefetched pair is known
    again; ``sizes``: device pixels at which frames are wanted (None: their own)."""

    sources: tuple[Open, Open]
    mapping: TimeMap
    policies: tuple[DelayPolicy, DelayPolicy] = (DelayPolicy.AS_WRITTEN,) * 2
    key: object = None
    sizes: tuple[Size, Size] = (None, None)
    opened_with: TimeMap | None = None  # what reset goes back to; None: the mapping


class Ahead:
    """``serial`` is that of its decoders' news; ``budget``: bytes for frames of both."""

    def __init__(self, serial: int, ask: Ask, budget: int) -> None:
        self.serial, self.ask, self.budget = serial, ask, budget
        self.sides = (Side(), Side())
        for side, size in zip(self.sides, ask.sizes, strict=True):
            side.wanted = size

    @property
    def settled(self) -> bool:
        return all(side.settled for side in self.sides)

    def hear(self, which: int, what: str, value: Any) -> None:
        """News of a decoder; once both are open, the first pair is asked for."""
        if what == "opened":
            self.sides[which].start(value)
        elif what == "failed":
            self.sides[which].fail(value)
        if what != "frame" and self.settled:
            self._ask_first()

    def _ask_first(self) -> None:
        a, b = self.sides
        line = Line(a.timing, b.timing, self.ask.mapping)
        if not line.count:
            return
        share_memory(self.budget, self.sides)
        for side, index in zip(self.sides, line.near(line.first_place()), strict=True):
            side.fit_size()
            if index is not None:
                side.want(index, backwards=False, playing=False, loop=False)
