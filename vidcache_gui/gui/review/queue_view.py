"""The queue as a list: two pictures, what they are to each other, what would be freed."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.review import phrases
from vidcache_gui.gui.review.queue_model import ROW_ROLE, QueueModel, Row
from vidcache_gui.gui.similar.match_row import paint_disc, paint_ground, paint_text, paint_tile
from vidcache_gui.gui.similar.phrases import TIERS

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 72
TILE = QSize(64, 36)


class QueueView(QListView):
    """``chosen``: a row became the current one (None: there is none)."""

    chosen = Signal(object)  # Row | None
    opened = Signal()  # Enter: on to the pair

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails: Thumbnails | None = None
        self.setAccessibleName("To decide")
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 3)
        self.verticalScrollBar().valueChanged.connect(self._read_on)

    def set_thumbnails(self, thumbnails: Thumbnails | None) -> None:
        self.thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(lambda _: self.viewport().update())

    def _read_on(self, _: int) -> None:
        model = self.model()
        last = self.indexAt(self.viewport().rect().bottomLeft())
        if isinstance(model, QueueModel):
            model.come_near(last.row() if last.isValid() else model.rowCount())

    @property
    def row(self) -> Row | None:
        found = self.currentIndex().data(ROW_ROLE)
        return found if isinstance(found, Row) else None

    def go_to(self, number: int) -> None:
        model = self.model()
        if 0 <= number < model.rowCount():
            self.setCurrentIndex(model.index(number, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if isinstance(model := self.model(), QueueModel):
            model.come_near(current.row())
        self.chosen.emit(self.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            event.accept()
        elif event.text().strip() and not event.modifiers():
            event.ignore()  # letters and digits are for the page
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are for decisions."""


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: Any = self.parent()
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = index.row() == view.currentIndex().row()
        paint_ground(
            painter, option.rect,
            selected=bool(option.state & QStyle.StateFlag.State_Selected),
            hovered=bool(option.state & QStyle.StateFlag.State_MouseOver),
            focused=current and view.hasFocus(),
        )  # fmt: skip
        _paint_row(painter, option.rect, row, view.thumbnails, view.devicePixelRatioF())
        painter.restore()


def _paint_row(
    p: QPainter, rect: QRect, row: Row, thumbnails: Thumbnails | None, dpr: float
) -> None:
    group = row.group
    if row.said:
        p.setOpacity(0.45)
    top = rect.top() + (rect.height() - TILE.height()) // 2
    second = QRect(rect.left() + 12 + 18, top + 6, TILE.width(), TILE.height())
    first = QRect(rect.left() + 12, top - 6, TILE.width(), TILE.height())
    paint_tile(p, second, group.members[0].item_b, thumbnails, dpr)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(theme.color("surface"))
    p.drawRoundedRect(first.adjusted(-2, -2, 2, 2), 5, 5)
    paint_tile(p, first, group.keeper, thumbnails, dpr)
    left = second.right() + 12
    room = QRect(left, rect.top() + 10, rect.right() - 12 - left, 18)
    paint_text(p, room, phrases.title(group), theme.font(medium=True), "text")
    paint_text(
        p, room.translated(0, 18), group.keeper.name, theme.font(theme.SMALL), "muted", middle=True
    )
    p.setOpacity(1.0)
    below = room.translated(0, 36)
    small = theme.font(theme.SMALL, tabular=True)
    if row.said:
        p.drawPixmap(below.left(), below.top() + 3, icons.pixmap("check", 12, "text", dpr))
        paint_text(p, below.adjusted(18, 0, 0, 0), row.said, small, "text")
        return
    paint_disc(p, QPointF(below.left() + 5, below.center().y() + 0.5), group.tier)
    said = f"{TIERS[group.tier]} · {phrases.freed(group)}"
    if group.skipped:
        said = f"{phrases.SKIPPED} · {said}"
    paint_text(p, below.adjusted(16, 0, 0, 0), said, small, "muted")
