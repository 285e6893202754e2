"""The grid: pictures that can be looked through, dragged, and opened."""

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme
from vidcache_gui.gui.library import cell
from vidcache_gui.gui.library.cell_cache import CellCache
from vidcache_gui.gui.library.cell_view import RINGS, CellView
from vidcache_gui.gui.library.columns import is_animated
from vidcache_gui.gui.library.item_rows import ItemRows
from vidcache_gui.gui.library.thumbnails import Thumbnails


class GridView(CellView):
    """Pictures in reading order. ``opened`` on Enter, Space or double click."""

    opened = Signal(QModelIndex)
    menu_requested = Signal(QPoint)  # global

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self.setAccessibleName("Items")
        self.setDragEnabled(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._thumbnails: Thumbnails | None = None
        self._cells = CellCache()
        self._hovered: int | None = None
        self._scrub: float | None = None

    def set_thumbnails(self, thumbnails: Thumbnails | None) -> None:
        self._thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(self._show_picture)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        opens = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() == Qt.Key.Key_Space and plain and self.is_typing:
            self.keyboardSearch(" ")
            event.accept()
            return
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

    def _relayout(self) -> None:
        self._hovered = self._scrub = None  # the pointer is over something else now
        super()._relayout()

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
        if not isinstance(model, ItemRows) or not rows:
            return
        items = model.loaded_items(rows[:10_000])
        drag = QDrag(self)
        drag.setMimeData(model.mimeData([self._index(row) for row in rows[:10_000]]))
        images = [image for item in items[:3] if (image := self._poster(item)) is not None]
        look = cell.Look.current(self.devicePixelRatioF())
        drag.setPixmap(cell.drag_picture(images, len(rows), look))
        drag.exec(Qt.DropAction.CopyAction)

    def _show_picture(self, item_id: int) -> None:
        model = self.model()
        row = model.row_of(item_id) if isinstance(model, ItemRows) else None
        if row is not None:
            self._update_row(row)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        model = self.model()
        if not isinstance(model, ItemRows):
            return
        p = QPainter(self.viewport())
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look = cell.Look.current(self.devicePixelRatioF())
        area, offset = event.rect().adjusted(-RINGS, -RINGS, RINGS, RINGS), self.verticalOffset()
        for row in self._grid.rows_between(area.top() + offset, area.bottom() + offset):
            place = self._grid.cell_rect(row).translated(0, -offset)
            if place.intersects(area):
                self._paint_row(p, model, row, place, look)
        if self._band is not None:
            self._paint_band(p, offset)
        p.end()
        self._prefetch(model)

    def _paint_row(
        self, p: QPainter, model: ItemRows, row: int, place: QRect, look: cell.Look
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
        if item is None or strip is not None:
            cell.paint_cell(p, place, picture, item, poster, strip, state, look, absent=absent)
        else:
            still = self._cells.pixmap(item, poster, absent, place.size(), height, look)
            p.drawPixmap(place.topLeft(), still)
        cell.paint_rings(p, place, picture, state)

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

    def _prefetch(self, model: ItemRows) -> None:
        """Rows of the next screen: read before they are scrolled into view."""
        visible = self.visible_rows()
        ahead = min(self._grid.count - 1, visible.stop + len(visible))
        if ahead > 0:
            model.item(ahead)
        if visible.start > len(visible):
            model.item(visible.start - len(visible))
