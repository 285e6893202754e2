"""Groups to decide about as a Qt model: what is decided stays where it is.

Groups are read a page at a time as somebody comes near the end. A decision changes its row
and removes none, so nothing ever jumps.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from vidcache_gui.core.review.records import ReviewFilter, ReviewGroup, ReviewProgress
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.review import phrases

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
PAGE = 60
AHEAD = 20  # rows from the end at which more are read
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A group and what became of it: ``said`` is empty while it is to be decided."""

    group: ReviewGroup
    said: str = ""


class QueueModel(QAbstractListModel):
    """The queue of one library under one filter."""

    listed = Signal()  # the first page is there, or it is known that there is none
    failed = Signal(str)
    progressed = Signal(object)  # ReviewProgress

    def __init__(self, background: Background, library: "Library", parent: Any = None) -> None:
        super().__init__(parent)
        self._background = background
        self._library = library
        self._filter = ReviewFilter()
        self._generation = 0
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._reading = False
        self._ended = False

    @property
    def filter(self) -> ReviewFilter:
        return self._filter

    # Reading

    def show(self, wanted: ReviewFilter) -> None:
        """List anew; the old rows stay until the new ones are there."""
        self._filter = wanted
        self._generation += 1
        self._reading, self._ended = True, False
        self._read(None, self._start)
        self.count()

    def count(self) -> None:
        """Ask how far the queue is; ``progressed`` tells."""
        generation, library, wanted = self._generation, self._library, self._filter

        def show(progress: ReviewProgress) -> None:
            if generation == self._generation:
                self.progressed.emit(progress)

        self._background.run(
            Purpose.READ, lambda: library.review_progress(wanted), show, self._fail
        )

    def _read(self, after: Any, receive: Callable[[list[ReviewGroup]], None]) -> None:
        generation, library, wanted = self._generation, self._library, self._filter

        def show(groups: list[ReviewGroup]) -> None:
            if generation == self._generation:
                self._reading = False
                self._ended = len(groups) < PAGE
                receive(groups)

        self._background.run(
            Purpose.READ,
            lambda: library.review_groups(wanted, after=after, limit=PAGE),
            show,
            self._fail,
        )

    def _fail(self, error: Exception) -> None:
        log.error("the queue cannot be read", exc_info=error)
        self._reading = False
        self.failed.emit(str(error))

    def _start(self, groups: list[ReviewGroup]) -> None:
        self.beginResetModel()
        self._rows = [Row(group) for group in groups]
        self._places = {group.key: row for row, group in enumerate(groups)}
        self.endResetModel()
        self.listed.emit()

    def _append(self, groups: list[ReviewGroup]) -> None:
        new = [group for group in groups if group.key not in self._places]
        if new:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            for group in new:
                self._places[group.key] = len(self._rows)
                self._rows.append(Row(group))
            self.endInsertRows()

    def come_near(self, row: int) -> None:
        """Somebody looks at this row: is it time to read on?"""
        if not self._reading and not self._ended and row >= len(self._rows) - AHEAD:
            self._reading = True
            self._read(self._rows[-1].group.place if self._rows else None, self._append)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._ended and not self._reading

    def fetchMore(self, parent: Index) -> None:
        self.come_near(len(self._rows))

    # Rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def row(self, number: int) -> Row | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def place_of(self, key: str) -> int | None:
        return self._places.get(key)

    def next_open(self, after: int) -> int | None:
        """The next row that is not decided; from the top again when there is none below."""
        order = [*range(after + 1, len(self._rows)), *range(min(after, len(self._rows)))]
        return next((row for row in order if not self._rows[row].said), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return phrases.spoken(row.group, row.said)
        return None

    # What became of them

    def say(self, key: str, said: str) -> None:
        """Write down what was decided; empty: it is to be decided again."""
        self._set(key, lambda row: replace(row, said=said))

    def put(self, group: ReviewGroup) -> None:
        """A group as it is now."""
        self._set(group.key, lambda row: Row(group))

    def _set(self, key: str, change: Callable[[Row], Row]) -> None:
        number = self._places.get(key)
        if number is not None:
            self._rows[number] = change(self._rows[number])
            self.dataChanged.emit(self.index(number), self.index(number))

    def decided(self) -> list[str]:
        """Keys of all that was decided while they were listed."""
        return [row.group.key for row in self._rows if row.said]
