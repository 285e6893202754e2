"""An item view whose geometry is arithmetic: a million rows cost what ten do.

Where cells are, what is selected, where the keyboard goes. What cells look like and what
the pointer does is the business of :mod:`grid_view`.
"""

from typing import Any

from PySide6.QtCore import (
    QElapsedTimer,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from vidcache_gui.gui.library.geometry import MARGIN, Grid
from vidcache_gui.gui.library.item_rows import ItemRows
from vidcache_gui.gui.settings import CELL_DEFAULT, CELL_MAX, CELL_MIN

Index = QModelIndex | QPersistentModelIndex
RINGS = 7  # px that selection and focus reach outside a cell
_Flag = QItemSelectionModel.SelectionFlag
_Hint = QAbstractItemView.ScrollHint
_Move = QAbstractItemView.CursorAction


class CellView(QAbstractItemView):
    """Cells in reading order, as wide as fits."""

    cell_size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._wanted = CELL_DEFAULT
        self._grid = Grid(0, 0, self._wanted)
        self._band: QRect | None = None  # rubber band, in contents coordinates
        self._typed = ""
        self._typing = QElapsedTimer()

    def setModel(self, model: Any) -> None:
        old: Any = self.model()
        if old is not None:
            old.rowsInserted.disconnect(self._follow_inserted)
            old.rowsRemoved.disconnect(self._follow_removed)
            old.modelReset.disconnect(self._relayout)
        super().setModel(model)
        if model is not None:
            model.rowsInserted.connect(self._follow_inserted)
            model.rowsRemoved.connect(self._follow_removed)
            model.modelReset.connect(self._relayout)
        self._relayout()

    @property
    def cell_size(self) -> int:
        return self._wanted

    def set_cell_size(self, width: int) -> None:
        """Change how wide a cell is at least; what is in the middle stays in the middle."""
        width = min(CELL_MAX, max(CELL_MIN, width))
        if width == self._wanted:
            return
        row = self._middle_row()
        self._wanted = width
        self._relayout()
        if row is not None:
            self._scroll_row(row, _Hint.PositionAtCenter)
        self.cell_size_changed.emit(width)

    @property
    def grid(self) -> Grid:
        """The geometry in force."""
        return self._grid

    # Geometry

    def _relayout(self) -> None:
        model: Any = self.model()
        count = model.rowCount() if model is not None else 0
        self._grid = Grid(count, self.viewport().width(), self._wanted)
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        room = self.viewport().height()
        bar.setRange(0, max(0, self._grid.height - room))
        bar.setPageStep(room)
        bar.setEnabled(bar.maximum() > 0)  # the style draws no handle then
        bar.setSingleStep(max(1, self._grid.pitch.height() // 3))
        super().updateGeometries()

    def doItemsLayout(self) -> None:
        self._relayout()
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        row = self._top_row() if self.verticalScrollBar().value() else None
        self._relayout()
        if row is not None:
            self._scroll_row(row, _Hint.PositionAtTop)
        super().resizeEvent(event)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._grid.count:
            return QRect()
        return self._grid.cell_rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._grid.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self._index(row)

    def scrollTo(self, index: Index, hint: Any = _Hint.EnsureVisible) -> None:
        if index.isValid():
            self._scroll_row(index.row(), hint)

    def _scroll_row(self, row: int, hint: Any) -> None:
        rect = self._grid.cell_rect(row)
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top, bottom = rect.top() - MARGIN // 2, rect.bottom() + MARGIN // 2
        if hint == _Hint.PositionAtTop:
            bar.setValue(top)
        elif hint == _Hint.PositionAtBottom:
            bar.setValue(bottom - room)
        elif hint == _Hint.PositionAtCenter:
            bar.setValue((top + bottom - room) // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(min(top, bottom - room))

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def _index(self, row: int) -> QModelIndex:
        return self.model().index(row, 0)

    def visible_rows(self) -> range:
        top = self.verticalOffset()
        return self._grid.rows_between(top, top + self.viewport().height())

    def _top_row(self) -> int | None:
        rows = self.visible_rows()
        return rows.start if len(rows) else None

    def _middle_row(self) -> int | None:
        """What to keep in place: the current item if it is in view, else the middle."""
        rows = self.visible_rows()
        current = self.currentIndex()
        if current.isValid() and current.row() in rows:
            return current.row()
        return rows[len(rows) // 2] if len(rows) else None

    # Selection

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """A rubber band selects what it touches; Shift selects in reading order."""
        selection = QItemSelection()
        if self._band is not None:
            touched = rect.normalized().translated(0, self.verticalOffset())
            for rows in self._grid.rows_in(touched):
                selection.select(self._index(rows[0]), self._index(rows[-1]))
        else:
            start, end = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
            if not start.isValid():
                start = end
            if start.isValid() and end.isValid():
                first, last = sorted((start.row(), end.row()))
                selection.select(self._index(first), self._index(last))
        self.selectionModel().select(selection, command | _Flag.Rows)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        visible = self.visible_rows()
        for part in selection.toList():
            first, last = max(part.top(), visible.start), min(part.bottom(), visible.stop - 1)
            for row in range(first, last + 1):
                region += self.visualRect(self._index(row)).adjusted(-RINGS, -RINGS, RINGS, RINGS)
        return region

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        model = self.model()
        self.setAutoScroll(not (isinstance(model, ItemRows) and model.is_removing))
        super().currentChanged(current, previous)
        self.setAutoScroll(True)
        self.viewport().update()

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Selected rows as inclusive ranges, in order."""
        model: Any = self.selectionModel()
        parts = [] if model is None else model.selection().toList()
        return sorted({(part.top(), part.bottom()) for part in parts})

    # Keyboard

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self._grid.count
        if not count:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self._index(self._top_row() or 0)
        row, columns = current.row(), self._grid.columns
        lines = max(1, self.viewport().height() // self._grid.pitch.height())
        last = count - 1
        if action in (_Move.MoveDown, _Move.MovePageDown):
            step = columns if action == _Move.MoveDown else columns * lines
            below = row // columns < last // columns
            return self._index(min(row + step, last) if below else row)
        if action in (_Move.MoveUp, _Move.MovePageUp):
            step = columns if action == _Move.MoveUp else columns * lines
            return self._index(row - step if row >= step else row % columns)
        target = {
            _Move.MoveLeft: row - 1,
            _Move.MovePrevious: row - 1,
            _Move.MoveRight: row + 1,
            _Move.MoveNext: row + 1,
            _Move.MoveHome: 0,
            _Move.MoveEnd: last,
        }[action]
        return self._index(min(last, max(0, target)))

    @property
    def is_typing(self) -> bool:
        """Whether the next letter belongs to a name being typed."""
        pause = QApplication.keyboardInputInterval()
        return bool(self._typed) and self._typing.isValid() and self._typing.elapsed() <= pause

    def keyboardSearch(self, search: str) -> None:
        """Go to the next loaded item whose name starts with what is typed."""
        self._typed = (self._typed if self.is_typing else "") + search.casefold()
        self._typing.start()
        model = self.model()
        if not isinstance(model, ItemRows) or not self._grid.count:
            return
        repeated = len(set(self._typed)) == 1
        text = self._typed[0] if repeated else self._typed
        start = self.currentIndex().row() + (1 if repeated else 0)
        row = model.find_name(text, max(0, start))
        if row is not None:
            self.setCurrentIndex(self._index(row))

    # Following the model

    def _follow_inserted(self, parent: Index, first: int, last: int) -> None:
        self._shift(first, last - first + 1)

    def _follow_removed(self, parent: Index, first: int, last: int) -> None:
        self._shift(first, first - last - 1)

    def _shift(self, first: int, change: int) -> None:
        """Rows came or went: what is being looked at stays where it is."""
        bar = self.verticalScrollBar()
        value, top = bar.value(), self._top_row()
        before = self._grid.columns
        self._relayout()
        if value and top is not None and first < top:
            moved = max(first, top + change)
            lines = moved // before - top // before
            bar.setValue(value + lines * self._grid.pitch.height())

    def _update_row(self, row: int | None) -> None:
        if row is not None and row < self._grid.count:
            rect = self._grid.cell_rect(row).translated(0, -self.verticalOffset())
            self.viewport().update(rect.adjusted(-RINGS, -RINGS, RINGS, RINGS))
