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

MOST_AHEAD = 2  # pairs that are opened before anybody looks at them
SHARE_AHEAD = 8  # each of them gets one part in so many of the memory
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


class Prefetched:
    """The pairs that are opened ahead; the oldest is given up for a new one."""

    def __init__(self) -> None:
        self.pairs: list[Ahead] = []
        self.given_up: list[Side] = []  # closed, perhaps with a thread that is not done yet

    @property
    def budget(self) -> int:
        """Bytes that are theirs."""
        return sum(ahead.budget for ahead in self.pairs)

    def add(self, ask: Ask, serial: int, budget: int) -> Ahead | None:
        """None: the very same is there already."""
        if any(one.ask.key == ask.key and one.ask.sizes == ask.sizes for one in self.pairs):
            return None
        self.forget(ask.key)
        while len(self.pairs) >= MOST_AHEAD:
            self._give_up(self.pairs[0])
        made = Ahead(serial, ask, budget // SHARE_AHEAD)
        self.pairs.append(made)
        return made

    def take(self, ask: Ask) -> Ahead | None:
        for ahead in self.pairs:
            if ask.key is not None and ahead.ask.key == ask.key:
                self.pairs.remove(ahead)
                return ahead
        return None

    def hear(self, serial: int, which: int, what: str, value: Any) -> None:
        for ahead in self.pairs:
            if ahead.serial == serial:
                ahead.hear(which, what, value)

    def forget(self, key: object = None) -> None:
        """Give up what has this key; None: everything."""
        for ahead in [one for one in self.pairs if key is None or one.ask.key == key]:
            self._give_up(ahead)

    def _give_up(self, ahead: Ahead) -> None:
        self.pairs.remove(ahead)
        self.given_up = [side for side in self.given_up if not side.join(0)]
        for side in ahead.sides:
            side.close()
            self.given_up.append(side)

    def join(self, seconds: float) -> bool:
        return all([side.join(seconds) for side in self.given_up])
