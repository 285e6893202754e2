"""The grid: a QAbstractItemView whose geometry is arithmetic, for any number of items."""

from typing import Any

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme
from vidcache_gui.gui.library import cell
from vidcache_gui.gui.library.columns import is_animated
from vidcache_gui.gui.library.geometry import MARGIN, Grid
from vidcache_gui.gui.library.item_model import ItemModel
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.settings import CELL_DEFAULT, CELL_MAX, CELL_MIN

Index = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag
_Hint = QAbstractItemView.ScrollHint
_Move = QAbstractItemView.CursorAction


class GridView(QAbstractItemView):
    """Pictures in reading order. ``opened`` on Enter, Space or double click."""

    opened = Signal(QModelIndex)
    cell_size_changed = Signal(int)
    menu_requested = Signal(QPoint)  # global

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self.setAccessibleName("Items")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._thumbnails: Thumbnails | None = None
        self._wanted = CELL_DEFAULT
        self._grid = Grid(0, 0, self._wanted)
        self._hovered: int | None = None
        self._scrub: float | None = None
        self._band: QRect | None = None  # rubber band, in contents coordinates
        self._typed = ""
        self._typing = QElapsedTimer()

    # Set-up

    def set_thumbnails(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails
        thumbnails.arrived.connect(self._show_picture)

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
        self._hovered = self._scrub = None
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
                region += self.visualRect(self._index(row)).adjusted(-7, -7, 7, 7)
        return region

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        opens = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in opens and plain:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape and plain and self.selected_ranges():
            self.clearSelection()
            event.accept()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next loaded item whose name starts with what is typed."""
        pause = QApplication.keyboardInputInterval()
        fresh = not self._typing.isValid() or self._typing.elapsed() > pause
        self._typed = search.casefold() if fresh else self._typed + search.casefold()
        self._typing.start()
        model = self.model()
        if not isinstance(model, ItemModel) or not self._grid.count:
            return
        repeated = len(set(self._typed)) == 1
        text = self._typed[0] if repeated else self._typed
        start = self.currentIndex().row() + (1 if repeated else 0)
        row = model.find_name(text, max(0, start))
        if row is not None:
            self.setCurrentIndex(self._index(row))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and not self.indexAt(point).isValid():
            origin = point + QPoint(0, self.verticalOffset())
            self._band = QRect(origin, origin)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._band is not None:
            self._band.setBottomRight(point + QPoint(0, self.verticalOffset()))
            self.viewport().update()
        super().mouseMoveEvent(event)
        self._hover(point if not event.buttons() else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._band is not None:
            self._band = None
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index)
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self._hover(None)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            point = rect.center() if rect.isValid() else self.viewport().rect().center()
            self.menu_requested.emit(self.viewport().mapToGlobal(point))
        else:
            self.menu_requested.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_cell_size(self._wanted + (16 if event.angleDelta().y() > 0 else -16))
            event.accept()
        else:
            super().wheelEvent(event)
            self._hover(None)

    def _hover(self, point: QPoint | None) -> None:
        """Follow the pointer: over a picture its place chooses the tile of the filmstrip."""
        row, scrub = None, None
        if point is not None:
            below = point + QPoint(0, self.verticalOffset())
            row = self._grid.row_at(below.x(), below.y())
            if row is not None:
                picture = self._grid.picture_rect(row)
                if picture.contains(below):
                    scrub = (below.x() - picture.left()) / max(1, picture.width())
        if (row, scrub) != (self._hovered, self._scrub):
            for changed in {self._hovered, row} - {None}:
                self._update_row(changed)
            self._hovered, self._scrub = row, scrub

    def startDrag(self, actions: Qt.DropAction) -> None:
        model = self.model()
        rows = [row for first, last in self.selected_ranges() for row in range(first, last + 1)]
        if not isinstance(model, ItemModel) or not rows:
            return
        items = model.loaded_items(rows[:10_000])
        drag = QDrag(self)
        drag.setMimeData(model.mimeData([self._index(row) for row in rows[:10_000]]))
        images = [image for item in items[:3] if (image := self._poster(item)) is not None]
        look = cell.Look.current(self.devicePixelRatioF())
        drag.setPixmap(cell.drag_picture(images, len(rows), look))
        drag.exec(Qt.DropAction.CopyAction)

    # Following the model

    def _follow_inserted(self, parent: Index, first: int, last: int) -> None:
        self._shift(first, last - first + 1)

    def _follow_removed(self, parent: Index, first: int, last: int) -> None:
        self._shift(first, first - last - 1)

    def _shift(self, first: int, change: int) -> None:
        """Rows came or went: what is being looked at stays where it is."""
        bar = self.verticalScrollBar()
        top = self._top_row()
        before = self._grid.columns
        self._relayout()
        if bar.value() and top is not None and first < top:
            moved = max(first, top + change)
            lines = moved // before - top // before
            bar.setValue(bar.value() + lines * self._grid.pitch.height())

    def _show_picture(self, item_id: int) -> None:
        model = self.model()
        row = model.row_of(item_id) if isinstance(model, ItemModel) else None
        if row is not None:
            self._update_row(row)

    def _update_row(self, row: int | None) -> None:
        if row is not None and row < self._grid.count:
            rect = self._grid.cell_rect(row).translated(0, -self.verticalOffset())
            self.viewport().update(rect.adjusted(-7, -7, 7, 7))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        model = self.model()
        if not isinstance(model, ItemModel):
            return
        p = QPainter(self.viewport())
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look = cell.Look.current(self.devicePixelRatioF())
        area, offset = event.rect().adjusted(-8, -8, 8, 8), self.verticalOffset()
        for row in self._grid.rows_between(area.top() + offset, area.bottom() + offset):
            place = self._grid.cell_rect(row).translated(0, -offset)
            if place.intersects(area):
                self._paint_row(p, model, row, place, look)
        if self._band is not None:
            self._paint_band(p, offset)
        p.end()
        self._prefetch(model)

    def _paint_row(
        self, p: QPainter, model: ItemModel, row: int, place: QRect, look: cell.Look
    ) -> None:
        item = model.item(row)
        hovered = row == self._hovered
        state = cell.CellState(
            selected=self.selectionModel().isSelected(self._index(row)),
            focused=self.hasFocus() and self.currentIndex().row() == row,
            hovered=hovered,
            scrub=self._scrub if hovered and item is not None and is_animated(item) else None,
        )
        poster = strip = None
        absent = False
        if item is not None and self._thumbnails is not None:
            poster = self._poster(item)
            absent = poster is None and self._thumbnails.is_absent(item)
            if state.scrub is not None:
                strip = self._thumbnails.strip(item)
        height = self._grid.picture_height(place.width())
        picture = QRect(place.x(), place.y(), place.width(), height)
        cell.paint_cell(p, place, picture, item, poster, strip, state, look, absent=absent)

    def _poster(self, item: Item) -> Any:
        if self._thumbnails is None:
            return None
        side = round(self._grid.cell.width() * self.devicePixelRatioF())
        return self._thumbnails.poster(item, side)

    def _paint_band(self, p: QPainter, offset: int) -> None:
        band = (self._band or QRect()).normalized().translated(0, -offset)
        p.setPen(QPen(theme.color("accent"), 1))
        p.setBrush(theme.color("accent", 0.14))
        p.drawRect(band)

    def _prefetch(self, model: ItemModel) -> None:
        """Rows of the next screen: read before they are scrolled into view."""
        visible = self.visible_rows()
        ahead = min(self._grid.count - 1, visible.stop + len(visible))
        if ahead > 0:
            model.item(ahead)
        if visible.start > len(visible):
            model.item(visible.start - len(visible))
