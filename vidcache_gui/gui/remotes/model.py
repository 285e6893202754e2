"""What a remote lists, as a Qt model: rows come while they are looked at."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Item
from vidcache_gui.errors import Cancelled
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.library import columns
from vidcache_gui.gui.library.drag import FAR_MIME
from vidcache_gui.gui.library.item_model import ITEM_ROLE, SEARCHED_ROWS
from vidcache_gui.gui.library.item_rows import ItemRows
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.stream import Batch

AHEAD = 2000  # rows that are listed before they come into view
Index = QModelIndex | QPersistentModelIndex
Lister = Callable[[CancelToken, Callable[[int], None]], Iterator[Batch]]


class FarModel(ItemRows):
    """``news`` when rows came or the list ended; ``failed`` when it broke off."""

    news = Signal()
    failed = Signal(object)  # Exception

    def __init__(self, background: Background, parent: Any = None) -> None:
        super().__init__(parent)
        self._background = background
        self._rows: list[Far] = []
        self._arrived: deque[Batch] = deque()
        self._stop = CancelToken()
        self._go_on = threading.Event()
        self._wanted = AHEAD
        self.is_whole = False  # everything there is has been listed

    def show(self, lister: Lister) -> None:
        """Begin anew. ``lister`` runs in the background, and no further than is wanted: it is
        given what stops it, and whom to tell how many rows there are."""
        self.stop()
        self.beginResetModel()
        self._rows, self._wanted, self.is_whole = [], AHEAD, False
        self.endResetModel()
        self._stop, self._go_on = stop, go_on = CancelToken(), threading.Event()
        arrived: deque[Batch] = deque()
        self._arrived = arrived
        tell = self._background.tell

        def work() -> None:
            for batch in lister(stop, pace):
                arrived.append(batch)
                tell(("far rows", id(self)), self._take, arrived)
                stop.check()

        def pace(count: int) -> None:
            while count >= self._wanted:
                go_on.wait()
                go_on.clear()
                stop.check()

        self._background.run(
            Purpose.FAR, work, lambda _: self._end(arrived), lambda e: self._fail(arrived, e)
        )

    def stop(self) -> None:
        """Ask for no more."""
        self._stop.cancel()
        self._go_on.set()

    def _take(self, arrived: "deque[Batch]") -> None:
        """Everything that came since: new rows at the end, others in place."""
        if arrived is not self._arrived:
            return
        new: dict[int, Far] = {}
        changed: list[int] = []
        count = len(self._rows)
        while arrived:
            for row, far in arrived.popleft():
                if row >= count:
                    new[row] = far
                else:
                    self._rows[row] = far
                    changed.append(row)
        if changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), 0))
        if new:
            self.beginInsertRows(QModelIndex(), count, count + len(new) - 1)
            self._rows += [new[row] for row in sorted(new)]
            self.endInsertRows()
        self.news.emit()

    def _end(self, arrived: "deque[Batch]") -> None:
        if arrived is self._arrived:
            self.is_whole = True
            self._take(arrived)

    def _fail(self, arrived: "deque[Batch]", error: Exception) -> None:
        if arrived is self._arrived and not isinstance(error, Cancelled):
            self._take(arrived)
            self.failed.emit(error)

    # Rows

    def far(self, row: int) -> Far | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def far_of(self, item: Item) -> Far | None:
        """Any thread may ask."""
        return self.far(item.id)

    def item(self, row: int) -> Item | None:
        if row + AHEAD > self._wanted and not self.is_whole:
            self._wanted = row + 2 * AHEAD
            self._go_on.set()
        found = self.far(row)
        return found.item if found is not None else None

    def row_of(self, item_id: int) -> int | None:
        return item_id if 0 <= item_id < len(self._rows) else None

    def loaded_items(self, rows: Iterable[int]) -> list[Item]:
        found = (self.far(row) for row in rows)
        return [far.item for far in found if far is not None]

    def find_name(self, text: str, start: int) -> int | None:
        count = len(self._rows)
        around = chain(range(start, count), range(min(start, count)))
        for row in islice(around, SEARCHED_ROWS):
            if self._rows[row].item.name.casefold().startswith(text):
                return row
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        far = self.far(index.row())
        if far is None or not index.isValid():
            return None
        return far.item if role == ITEM_ROLE else columns.data(far.item, 0, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        can = super().flags(index)
        return can | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else can

    def mimeTypes(self) -> list[str]:
        return [FAR_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        rows = sorted({index.row() for index in indexes})
        data.setData(FAR_MIME, ",".join(map(str, rows)).encode())
        return data
