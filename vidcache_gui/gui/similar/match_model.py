"""Matches as a Qt model: all rows at once, their contents when they come into view.

What is listed is what was there when it was asked for. A decision changes its row and removes
none, and what the check finds meanwhile is announced, not put in: so nothing ever moves under
a person who goes through them. A page is found by the end of the page before it; rows far
below are reached by reading on from the last page whose beginning is known.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.sides import Shown, Side
from vidcache_gui.matching.records import Relation, Tier

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.similar.records import FoundMatch, Place

log = logging.getLogger(__name__)

SHOWN_ROLE = Qt.ItemDataRole.UserRole + 1
PAGE = 200
PAGES_KEPT = 30
Index = QModelIndex | QPersistentModelIndex
Counts = dict[tuple[Relation, Tier], int]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which matches are listed; None: all of them but shared segments."""

    relation: Relation | None = None
    tier: Tier | None = None

    def count(self, counts: Counts) -> int:
        return sum(
            number
            for (relation, tier), number in counts.items()
            if relation is not Relation.SHARED
            and self.relation in (None, relation)
            and self.tier in (None, tier)
        )


class MatchList(QAbstractListModel):
    """What pages and results have in common: rows that answer with a :class:`Shown`."""

    def shown(self, row: int) -> Shown | None:
        """None while a row is being read (``dataChanged`` follows)."""
        raise NotImplementedError

    def set_verdict(self, match_id: int, verdict: str) -> None:
        raise NotImplementedError

    def touched(self) -> dict[int, Shown]:
        """Those decided about since they were listed, by id."""
        raise NotImplementedError

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        shown = self.shown(index.row())
        if role == SHOWN_ROLE:
            return shown
        if role == Qt.ItemDataRole.AccessibleTextRole or role == Qt.ItemDataRole.DisplayRole:
            return phrases.spoken(shown) if shown is not None else ""
        return None


class ResultModel(MatchList):
    """The few matches of one search."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[Shown] = []
        self._touched: set[int] = set()

    def show(self, rows: list[Shown]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._touched.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def shown(self, row: int) -> Shown | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def drop_items(self, gone: Iterable[int]) -> bool:
        """Take out what is in the trash now; whether anything was."""
        ids = set(gone)
        rows = [
            row for row, shown in enumerate(self._rows)
            if shown.b.item is not None and shown.b.item.id in ids
        ]  # fmt: skip
        for row in reversed(rows):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()
        return bool(rows)

    def set_verdict(self, match_id: int, verdict: str) -> None:
        self._touched.add(match_id)
        for row, shown in enumerate(self._rows):
            if shown.id == match_id and shown.verdict != verdict:
                self._rows[row] = replace(shown, verdict=verdict)
                self.dataChanged.emit(self.index(row), self.index(row))

    def touched(self) -> dict[int, Shown]:
        return {shown.id: shown for shown in self._rows if shown.id in self._touched}


class MatchModel(MatchList):
    """All matches of a library that a filter lets through, surest first."""

    listed = Signal()
    failed = Signal(str)

    def __init__(
        self, background: Background, library: "Library", parent: Any = None, *, page: int = PAGE
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._library = library
        self._page = page
        self._filter = Filter()
        self._generation = 0
        self._total = 0
        self._anchors: list[Place | None] = [None]  # the end of the page before each page
        self._pages: OrderedDict[int, list[Shown | None]] = OrderedDict()
        self._ids: dict[int, list[int]] = {}  # of every page that was read: rows keep their place
        self._wanted: dict[int, None] = {}
        self._reading = False
        self._touched: dict[int, Shown] = {}

    @property
    def filter(self) -> Filter:
        return self._filter

    def show(self, wanted: Filter) -> None:
        """List anew. The old rows stay until the new ones are there."""
        self._filter = wanted
        self._generation += 1
        generation, library, limit = self._generation, self._library, self._page

        def read() -> tuple[int, list[Any]]:
            count = wanted.count(library.match_counts())
            return count, library.matches(tier=wanted.tier, relation=wanted.relation, limit=limit)

        self._background.run(
            Purpose.READ, read, lambda found: self._show_listing(generation, *found), self._fail
        )

    def _fail(self, error: Exception) -> None:
        log.error("matches cannot be listed", exc_info=error)
        self._reading = False
        self._wanted.clear()
        self.failed.emit(str(error))

    def _show_listing(self, generation: int, count: int, first: "list[FoundMatch]") -> None:
        if generation != self._generation:
            return
        self.beginResetModel()
        whole = len(first) == self._page
        self._total = max(count, len(first)) if whole else len(first)
        self._anchors, self._reading = [None], False
        self._pages.clear()
        self._ids.clear()
        self._wanted.clear()
        self._touched.clear()
        self._keep(0, first)
        self.endResetModel()
        self.listed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._total

    def shown(self, row: int) -> Shown | None:
        if not 0 <= row < self._total:
            return None
        number, offset = divmod(row, self._page)
        page = self._pages.get(number)
        if page is None:
            self._want(number)
            return None
        self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    # Pages

    def _want(self, number: int) -> None:
        if number not in self._wanted:
            self._wanted[number] = None
            self._read_next()

    def _read_next(self) -> None:
        """One page at a time, the youngest wish first; on the way to it the ones before."""
        while self._wanted and next(reversed(self._wanted)) in self._pages:
            self._wanted.popitem()
        if self._reading or not self._wanted:
            return
        self._reading = True
        number = min(next(reversed(self._wanted)), len(self._anchors) - 1)
        generation, library, after = self._generation, self._library, self._anchors[number]
        kept, limit = self._filter, self._page

        self._background.run(
            Purpose.PAGES,
            lambda: library.matches(
                tier=kept.tier, relation=kept.relation, after=after, limit=limit
            ),
            lambda found: self._show_page(generation, number, found),
            self._fail,
        )

    def _show_page(self, generation: int, number: int, found: "list[FoundMatch]") -> None:
        if generation != self._generation:
            return
        self._reading = False
        self._wanted.pop(number, None)
        self._keep(number, found)
        first = number * self._page
        last = min(first + self._page, self._total) - 1
        self.dataChanged.emit(self.index(first), self.index(last))
        if len(found) < self._page and number == len(self._anchors) - 1:
            self._end_at(first + len(found))
        self._read_next()

    def _keep(self, number: int, found: "list[FoundMatch]") -> None:
        rows = {match.id: shown_of(match) for match in found} | self._touched
        ids = self._ids.setdefault(number, [match.id for match in found])
        self._pages[number] = [rows.get(id) for id in ids]  # None: it has gone since
        if number == len(self._anchors) - 1 and len(found) == self._page:
            self._anchors.append(self._library.place_of(found[-1]))
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _end_at(self, count: int) -> None:
        """There are fewer than were counted: items have left since."""
        if count < self._total:
            self.beginRemoveRows(QModelIndex(), count, self._total - 1)
            self._total = count
            self._wanted = {n: None for n in self._wanted if n * self._page < count}
            self.endRemoveRows()

    # Decisions

    def set_verdict(self, match_id: int, verdict: str) -> None:
        for number, page in self._pages.items():
            for offset, shown in enumerate(page):
                if shown is not None and shown.id == match_id:
                    page[offset] = self._touched[match_id] = replace(shown, verdict=verdict)
                    at = self.index(number * self._page + offset)
                    self.dataChanged.emit(at, at)
                    return
        if match_id in self._touched:
            self._touched[match_id] = replace(self._touched[match_id], verdict=verdict)

    def touched(self) -> dict[int, Shown]:
        return dict(self._touched)


def shown_of(found: "FoundMatch") -> Shown:
    verdict = found.decision.verdict.value if found.decision is not None else ""
    return Shown(found.id, Side.of(found.item_a), Side.of(found.item_b), found.match, verdict)
