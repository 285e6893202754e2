"""The other items of a group, as small pictures: which of them is B."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vidcache_gui.core.similar.records import FoundMatch
from vidcache_gui.gui import theme
from vidcache_gui.gui.library.cell import elided
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.similar.match_row import paint_tile

TILE = QSize(80, 46)
GAP, PAD = 10, 16
HEIGHT = 76


class MemberStrip(QWidget):
    """Left and Right choose; only shown where there is a choice."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._members: Sequence[FoundMatch] = ()
        self._current = 0
        self._first = 0  # that is in view
        self._thumbnails: Thumbnails | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_thumbnails(self, thumbnails: Thumbnails | None) -> None:
        self._thumbnails = thumbnails
        if thumbnails is not None:
            thumbnails.arrived.connect(lambda _: self.update())

    def show_members(self, members: Sequence[FoundMatch], current: int) -> None:
        self._members, self._current = members, current
        self._keep_in_view()
        name = members[current].item_b.name if members else ""
        self.setAccessibleName(f"B is {current + 1} of {len(members)}: {name}")
        self.setVisible(len(members) > 1)
        self.update()

    def _fitting(self) -> int:
        return max(1, (self.width() - 2 * PAD + GAP) // (TILE.width() + GAP))

    def _keep_in_view(self) -> None:
        count = self._fitting()
        last = max(0, len(self._members) - count)
        self._first = min(max(self._first, self._current - count + 1), self._current, last)

    def _tile(self, number: int) -> QRect:
        left = PAD + (number - self._first) * (TILE.width() + GAP)
        return QRect(left, 6, TILE.width(), TILE.height())

    def _at(self, point: QPointF) -> int | None:
        for number in range(self._first, min(len(self._members), self._first + self._fitting())):
            if self._tile(number).adjusted(-2, -4, 2, 20).contains(point.toPoint()):
                return number
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = theme.font(theme.SMALL)
        end = min(len(self._members), self._first + self._fitting())
        for number in range(self._first, end):
            item, tile = self._members[number].item_b, self._tile(number)
            paint_tile(p, tile, item, self._thumbnails, self.devicePixelRatioF())
            current = number == self._current
            if current:
                p.setPen(QPen(theme.color("accent"), 2))
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.drawRoundedRect(QRectF(tile).adjusted(-3, -3, 3, 3), 6, 6)
            p.setFont(small)
            p.setPen(theme.color("text" if current else "muted"))
            room = QRect(tile.left(), tile.bottom() + 4, tile.width(), 16)
            text = elided(item.name, room.width(), small, Qt.TextElideMode.ElideMiddle)
            p.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        if self.hasFocus():
            pen = QPen(theme.color("text"), 1, Qt.PenStyle.DotLine)
            p.setPen(pen)
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 1.5, -4.5, -1.5), 6, 6)
        p.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self._current + step < len(self._members):
            self.chosen.emit(self._current + step)
        elif not step:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(QPointF(event.pos()))
            text = self._members[number].item_b.name if number is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
