"""The detail list: one line an item, sortable columns, a small picture before the name."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.library.cell import fitted
from vidcache_gui.gui.library.columns import COLUMNS, SORT_COLUMN
from vidcache_gui.gui.library.item_model import ITEM_ROLE, ItemModel
from vidcache_gui.gui.library.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 40
NAME_WIDTH = 240  # px, at least
THUMB = (52, 32)


class ItemTable(QTableView):
    """``opened`` on Enter, Space or double click; ``sort_chosen`` from the header."""

    opened = Signal(QModelIndex)
    sort_chosen = Signal(str, bool)  # sort, descending
    menu_requested = Signal(QPoint)  # global

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Items")
        self.thumbnails: Thumbnails | None = None
        self.setItemDelegate(_NameDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSectionsMovable(True)
        header.sectionClicked.connect(self._sort_by)
        self._sort = ("added", True)

    def set_thumbnails(self, thumbnails: Thumbnails) -> None:
        self.thumbnails = thumbnails
        thumbnails.arrived.connect(self._show_picture)

    def setModel(self, model: ItemModel | None) -> None:  # type: ignore[override]
        super().setModel(model)
        if model is not None:
            for place, column in enumerate(COLUMNS):
                self.horizontalHeader().resizeSection(place, column.width)
            self.show_sort(*self._sort)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        header = self.horizontalHeader()
        others = sum(header.sectionSize(place) for place in range(1, header.count()))
        if header.count():  # the name takes the room that is left
            header.resizeSection(0, max(NAME_WIDTH, self.viewport().width() - others))

    def currentChanged(self, current: Index, previous: Index) -> None:
        model = self.model()
        self.setAutoScroll(not (isinstance(model, ItemModel) and model.is_removing))
        super().currentChanged(current, previous)
        self.setAutoScroll(True)

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:
        super().rowsAboutToBeRemoved(parent, first, last)
        self._stay(first, first - last - 1)

    def rowsInserted(self, parent: Index, first: int, last: int) -> None:
        super().rowsInserted(parent, first, last)
        self._stay(first, last - first + 1)

    def _stay(self, first: int, change: int) -> None:
        """Rows came or went above: what is being looked at stays where it is."""
        bar = self.verticalScrollBar()
        top = bar.value() // ROW_HEIGHT
        if bar.value() and first < top:
            moved = max(first - top, change)
            target = bar.value() + moved * ROW_HEIGHT
            QTimer.singleShot(0, self, lambda: bar.setValue(target))  # after the new layout

    def show_sort(self, sort: str, descending: bool) -> None:
        self._sort = (sort, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(SORT_COLUMN.get(sort, -1), order)

    def _sort_by(self, place: int) -> None:
        by = COLUMNS[place].sort
        if by is None:
            self.show_sort(*self._sort)
            return
        current, descending = self._sort
        first = by in ("added", "size", "duration", "frames")  # the largest first; names from A
        self.sort_chosen.emit(by, not descending if by == current else first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        opens = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in opens and plain:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and plain:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index)
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_requested.emit(point)

    def _show_picture(self, item_id: int) -> None:
        model = self.model()
        row = model.row_of(item_id) if isinstance(model, ItemModel) else None
        if row is not None and self.isVisible():
            self.update(model.index(row, 0))


class _NameDelegate(QStyledItemDelegate):
    """Paints every column, so that rows look the same in both themes."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        table = self.parent()
        if not isinstance(table, ItemTable):
            return
        item = index.data(ITEM_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = option.rect
        current = table.currentIndex().row() == index.row() and table.hasFocus()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        if current:
            _paint_focus(painter, rect)
        room = rect.adjusted(8, 0, -8, 0)
        if index.column() == 0:
            room = self._paint_picture(painter, table, item, rect)
        elif COLUMNS[index.column()].sort == "added":
            room = rect.adjusted(8, 0, -8, 0)
        number = COLUMNS[index.column()].number
        font = theme.font(tabular=number or COLUMNS[index.column()].sort == "added")
        painter.setFont(font)
        tone = (
            QPalette.ColorRole.Text if index.column() == 0 else QPalette.ColorRole.PlaceholderText
        )
        painter.setPen(table.palette().color(tone))
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        mode = Qt.TextElideMode.ElideMiddle if index.column() == 0 else Qt.TextElideMode.ElideRight
        text = QFontMetrics(font).elidedText(str(index.data() or ""), mode, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_picture(
        self, p: QPainter, table: ItemTable, item: Item | None, rect: QRect
    ) -> QRect:
        """The thumbnail and the kind's glyph; returns what is left for the name."""
        tile = QRect(rect.left() + 12, rect.center().y() - THUMB[1] // 2 + 1, *THUMB)
        path = QPainterPath()
        path.addRoundedRect(QRectF(tile), 3, 3)
        p.fillPath(path, theme.color("picture"))
        dpr = table.devicePixelRatioF()
        if item is not None and table.thumbnails is not None:
            image = table.thumbnails.poster(item, round(THUMB[0] * 2 * dpr))
            if image is not None:
                p.setClipPath(path)
                p.drawImage(fitted(tile, image.width(), image.height()), image)
                p.setClipping(False)
        left = tile.right() + 12
        if item is not None:
            name, color = words.KIND_ICONS[item.kind], "muted"
            if item.damaged:
                name, color = "damaged", "warn"
            p.drawPixmap(left, rect.center().y() - 7, icons.pixmap(name, 16, color, dpr))
        return QRect(left + 24, rect.top(), max(0, rect.right() - left - 32), rect.height())


def _paint_focus(p: QPainter, rect: QRect) -> None:
    """Dots above and below the current row: across columns they read as one frame."""
    pen = p.pen()
    pen.setColor(theme.color("text"))
    pen.setStyle(Qt.PenStyle.DotLine)
    p.setPen(pen)
    p.drawLine(rect.left(), rect.top(), rect.right(), rect.top())
    p.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
