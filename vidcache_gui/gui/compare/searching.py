"""The search for differences and the placing to the frame, as the window sees them."""

from PySide6.QtCore import QObject, Signal

from vidcache_gui.gui.compare.ahead import Ask, Open
from vidcache_gui.gui.compare.errand import Errand, Stop, Tell
from vidcache_gui.gui.compare.finder import Finder
from vidcache_gui.gui.compare.fine import refine
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.matching.records import Match

MOST_KNOWN = 64  # matches placed to the frame


class Searching(QObject):
    """One search at a time, in a thread of its own; a newer one takes its place."""

    told = Signal(str)  # how it goes, in words; empty when there is nothing to say
    found = Signal(int)  # the place where a difference begins

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errand = Errand(self)
        self._errand.progressed.connect(self._tell_progress)
        self._errand.finished.connect(self._tell_found)
        self._finder: Finder | None = None
        self._for: tuple[object, ...] = ()
        self._steps = 1

    @property
    def running(self) -> bool:
        return self._errand.running

    def find(self, sources: tuple[Open, Open], line: Line, place: int, steps: int) -> None:
        """The next difference after a place, or the last before it (``steps`` below zero)."""
        if (sources, line.map) != self._for or self._finder is None:
            self._for = (sources, line.map)
            self._finder = Finder(sources, line)
        finder, self._steps = self._finder, steps
        self._errand.run(lambda stop, tell: (finder.find(place, steps, stop, tell),))
        self.told.emit("looking for a difference…")

    def cancel(self) -> None:
        if self.running:
            self._errand.cancel()
            self.told.emit("")

    def forget(self) -> None:
        """Other items are looked at."""
        self.cancel()
        self._finder, self._for = None, ()

    def join(self, seconds: float) -> bool:
        return self._errand.join(seconds)

    def _tell_progress(self, done: float) -> None:
        self.told.emit(f"looking for a difference… {done * 100:.0f} %")

    def _tell_found(self, result: object) -> None:
        place = result[0] if isinstance(result, tuple) else None
        if isinstance(place, int):
            self.told.emit("")
            self.found.emit(place)
        elif result is None:
            self.told.emit("differences could not be looked for")
        else:
            where = "after" if self._steps > 0 else "before"
            self.told.emit(f"no other difference {where} this")


class Placing(QObject):
    """Places matches to the frame, one after the other, and remembers the latest."""

    placed = Signal(object, object)  # the match, and the same to the frame

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errand = Errand(self)
        self._errand.finished.connect(self._keep)
        self._known: dict[object, tuple[Match, Match]] = {}
        self._waiting: list[tuple[object, Match, Ask]] = []
        self._now: tuple[object, Match] | None = None

    def known(self, key: object, match: Match) -> Match | None:
        """The match to the frame, where it was found out before."""
        found = self._known.get(key)
        return found[1] if found is not None and found[0] == match else None

    def place(self, key: object, match: Match, ask: Ask, *, first: bool) -> None:
        """``first``: before all that waits."""
        if self.known(key, match) is not None or (self._now and self._now[0] == key):
            return
        self._waiting = [one for one in self._waiting if one[0] != key]
        self._waiting.insert(0 if first else len(self._waiting), (key, match, ask))
        if not self._errand.running:
            self._next()

    def stop(self) -> None:
        self._waiting.clear()
        self._now = None
        self._errand.cancel()

    def join(self, seconds: float) -> bool:
        return self._errand.join(seconds)

    def _next(self) -> None:
        if not self._waiting:
            self._now = None
            return
        key, match, ask = self._waiting.pop(0)
        self._now = key, match

        def work(stop: Stop, tell: Tell) -> Match:
            return refine(match, ask, stop)

        self._errand.run(work)

    def _keep(self, result: object) -> None:
        if self._now is not None:
            key, match = self._now
            found = result if isinstance(result, Match) else match
            while len(self._known) >= MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[key] = match, found
            if found != match:
                self.placed.emit(match, found)
        self._next()
