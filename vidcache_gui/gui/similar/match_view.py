"""The list of matches: keys, the pointer over the segment map, and nothing that moves."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QCursor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.similar.match_model import SHOWN_ROLE
from vidcache_gui.gui.similar.match_row import ROW_HEIGHT, RowPlan, RowState, paint_row
from vidcache_gui.gui.similar.segment_map import Hit
from vidcache_gui.gui.similar.sides import Shown

Index = QModelIndex | QPersistentModelIndex
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class MatchView(QTableView):
    """``opened``: side by side, at a second of a or wherever it begins (None)."""

    opened = Signal(object, object)  # Shown, float | None
    chosen = Signal(object)  # Shown | None: the current row, or what came into it
    stretch_chosen = Signal(object)  # int | None
    key_pressed = Signal(str)  # a letter that means something to the page
    left = Signal()  # Escape
    menu_requested = Signal(QPoint)  # global

    def __init__(self, parent: QWidget | None = None, *, alone: bool = False) -> None:
        super().__init__(parent)
        self.alone = alone  # only b is told of
        self.thumbnails: Thumbnails | None = None
        self._hover: tuple[int, Hit] | None = None
        self._hovered_row = -1
        self._stretch: int | None = None
        self.setAccessibleName("Matches")
        self.setItemDelegate(_RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 3)

    def setModel(self, model) -> None:  # type: ignore[no-untyped-def]
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._start)
            model.dataChanged.connect(self._hear)
            self._start()

    def set_thumbnails(self, thumbnails: Thumbnails | None) -> None:
        self.thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(lambda _: self.viewport().update())

    def sizeHintForColumn(self, column: int) -> int:
        return 200  # never by asking every row

    @property
    def shown(self) -> Shown | None:
        index = self.currentIndex()
        found = index.data(SHOWN_ROLE) if index.isValid() else None
        return found if isinstance(found, Shown) else None

    @property
    def stretch(self) -> int | None:
        """The stretch chosen by keys, in the current row."""
        return self._stretch

    def go_to_next(self) -> None:
        """Down one row, as after a decision; the list itself stays where it is if it can."""
        index = self.currentIndex()
        if index.isValid() and index.row() + 1 < self.model().rowCount():
            self.setCurrentIndex(self.model().index(index.row() + 1, 0))

    def _start(self) -> None:
        self._hover, self._stretch = None, None
        if self.model() is not None and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
        self.chosen.emit(self.shown)

    def _hear(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.currentIndex().row() <= last.row():
            self.chosen.emit(self.shown)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._stretch = None
        self.viewport().update()
        self.chosen.emit(self.shown)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shown, key = self.shown, event.key()
        if not plain:
            super().keyPressEvent(event)
        elif key in _OPENS:
            if shown is not None:
                self.opened.emit(shown, self._start_of(shown))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose_stretch(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.text().upper() in ("N", "K", "W"):
            self.key_pressed.emit(event.text().upper())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyboardSearch(self, search: str) -> None:
        """Rows have two names and may not be read yet: letters are for decisions."""

    def _start_of(self, shown: Shown) -> float | None:
        if self._stretch is None or self._stretch >= len(shown.match.segments):
            return None
        return shown.match.segments[self._stretch].a0

    def choose_stretch(self, step: int) -> None:
        """The next stretch of the current row, or (-1) the one before; round and round."""
        shown = self.shown
        if shown is None or not shown.match.segments:
            return
        count = len(shown.match.segments)
        now = self._stretch if self._stretch is not None else (-1 if step > 0 else 0)
        self._stretch = (now + step) % count
        self.viewport().update()
        self.stretch_chosen.emit(self._stretch)

    # Pointer

    def _hit(self, point: QPoint) -> tuple[int, Shown, Hit] | None:
        index = self.indexAt(point)
        shown = index.data(SHOWN_ROLE) if index.isValid() else None
        if not isinstance(shown, Shown):
            return None
        plan = RowPlan(self.visualRect(index), alone=self.alone)
        hit = plan.map_of(shown).hit(QPointF(point))
        return (index.row(), shown, hit) if hit is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point_at(event.position().toPoint())

    def _point_at(self, point: QPoint) -> None:
        found = self._hit(point)
        hover = (found[0], found[2]) if found is not None else None
        row = self.indexAt(point).row()
        if (hover, row) != (self._hover, self._hovered_row):
            self._hover, self._hovered_row = hover, row
            self.viewport().update()
        on_stretch = found is not None and found[2].segment is not None
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if on_stretch else Qt.CursorShape.ArrowCursor
        )
        if found is not None:
            hint = "\nClick: side by side from here" if on_stretch and found[1].items else ""
            QToolTip.showText(QCursor.pos(), found[2].text + hint, self.viewport())
        elif QToolTip.isVisible():
            QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        found = self._hit(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            _, shown, hit = found
            if hit.segment is not None:
                self.opened.emit(shown, hit.a)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or self._hit(point) is not None:
            return
        shown = self.shown
        if shown is not None and self.indexAt(point).isValid():
            self.opened.emit(shown, self._start_of(shown))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover, self._hovered_row = None, -1
            self.viewport().update()
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_requested.emit(point)

    def row_state(self, index: Index, selected: bool) -> RowState:
        current = index.row() == self.currentIndex().row()
        lit, at = (self._stretch if current else None), None
        if self._hover is not None and self._hover[0] == index.row():
            hit = self._hover[1]
            if hit.segment is not None:
                lit, at = hit.segment, hit.a
        focused = current and self.hasFocus()
        return RowState(selected, focused, index.row() == self._hovered_row, lit, at)


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        if not isinstance(view, MatchView):
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        found = index.data(SHOWN_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row(
            painter,
            RowPlan(option.rect, alone=view.alone),
            found if isinstance(found, Shown) else None,
            view.row_state(index, selected),
            view.thumbnails,
            view.devicePixelRatioF(),
        )
        painter.restore()
