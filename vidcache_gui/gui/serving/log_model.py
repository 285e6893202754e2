"""The requests that came, oldest first; only so many are kept."""

import html
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from vidcache_gui.gui import theme
from vidcache_gui.gui.serving import phrases

if TYPE_CHECKING:
    from vidcache_gui.interfaces.server.log import Served

KEPT = 2000
TITLES = ("Time", "From", "Request", "Answer", "Size", "Took")
REQUEST, ANSWER = 2, 3
Index = QModelIndex | QPersistentModelIndex


class LogModel(QAbstractTableModel):
    """``only_failures`` leaves the others out; they are kept all the same."""

    counted = Signal(int, int)  # requests, failures since it was switched on

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__()
        self._all: deque[Served] = deque(maxlen=kept)
        self._rows: deque[Served] = deque()
        self._only_failures = False
        self.count = self.failures = 0

    def add(self, news: "Iterable[Served]") -> None:
        fresh = list(news)
        if not fresh:
            return
        self.count += len(fresh)
        self.failures += sum(map(phrases.failed, fresh))
        kept = self._all.maxlen or 0
        self._all.extend(fresh)
        shown = [one for one in fresh[-kept:] if self._is_shown(one)]
        too_many = len(self._rows) + len(shown) - kept
        if too_many > 0:
            self.beginRemoveRows(QModelIndex(), 0, too_many - 1)
            for _ in range(too_many):
                self._rows.popleft()
            self.endRemoveRows()
        if shown:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._rows.extend(shown)
            self.endInsertRows()
        self.counted.emit(self.count, self.failures)

    def show_only_failures(self, only: bool) -> None:
        self.beginResetModel()
        self._only_failures = only
        self._rows = deque(one for one in self._all if self._is_shown(one))
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self._all.clear()
        self._rows.clear()
        self.count = self.failures = 0
        self.endResetModel()
        self.counted.emit(0, 0)

    def _is_shown(self, served: "Served") -> bool:
        return not self._only_failures or phrases.failed(served)

    def text(self, row: int) -> str:
        """One request as a line to paste elsewhere."""
        return "\t".join(str(self._shown(row, column)) for column in range(len(TITLES)))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section > ANSWER:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._whole(index.row())
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(index)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > ANSWER:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _shown(self, row: int, column: int) -> str:
        served = self._rows[row]
        return (
            phrases.clock(served), served.client, f"{served.method} {served.path}",
            phrases.answer(served), phrases.amount(served), phrases.took(served),
        )[column]  # fmt: skip

    def _whole(self, row: int) -> str:
        """Others wrote part of this: it must not become markup."""
        served = self._rows[row]
        lines = (
            f"{served.method} {served.path[:1000]}",
            f"{phrases.answer(served)} · {phrases.moment(served)}",
            phrases.reason(served),
            f"{served.received:,} bytes came, {served.sent:,} bytes went",
        )
        return "<p>" + "<br>".join(map(html.escape, filter(None, lines))) + "</p>"

    def _color(self, index: Index) -> Any:
        if index.column() == ANSWER and phrases.failed(self._rows[index.row()]):
            return theme.color("danger")
        return theme.color("text" if index.column() in (REQUEST, ANSWER) else "muted")
