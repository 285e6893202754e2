"""The bar under the picture: where the playhead is, what is decoded, what cannot be shown."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.cache import Run, runs_of
from vidcache_gui.gui.player.playhead import Marks

MARGIN = 12
GROOVE = 6  # px high
HEAD = 18
WHEEL_NOTCH = 120


class TimeBar(QAbstractSlider):
    """A slider over frames. ``scrubbed`` tells the frame a person moved it to."""

    scrubbed = Signal(int)
    menu_wanted = Signal(int, QPoint)  # at this frame, at this place on screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Frame")
        self.setAccessibleDescription("Drag to any frame; the wheel steps")
        self.setMouseTracking(True)
        self.setPageStep(10)
        self.setRange(0, 0)
        self._cached: list[Run] = []
        self._missing: list[Run] = []
        self._damaged: list[Run] = []
        self._marks: Marks = (None, None)
        self._bookmarks: list[int] = []
        self._hover: int | None = None
        self._turned = 0
        self.label_of: Callable[[int], str] = str

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def set_count(self, frames: int) -> None:
        self.setRange(0, max(0, frames - 1))
        self.set_states([], [], [])
        self.set_marks((None, None))
        self.set_bookmarks([])

    def set_marks(self, marks: Marks) -> None:
        """The part that is played, both ends inclusive."""
        self._marks = marks
        self.update()

    def set_bookmarks(self, frames: Sequence[int]) -> None:
        self._bookmarks = list(frames)
        self.update()

    def set_states(self, cached: list[Run], missing: Sequence[int], damaged: Sequence[int]) -> None:
        """What is decoded, and which frames are absent or cannot be read."""
        states = (cached, runs_of(sorted(missing)), runs_of(sorted(damaged)))
        if states != (self._cached, self._missing, self._damaged):
            self._cached, self._missing, self._damaged = states
            self.update()

    def show_index(self, index: int) -> None:
        """Follow the playhead without telling anybody."""
        if index != self.value():
            before = self._head_rect()
            self.blockSignals(True)
            self.setValue(index)
            self.blockSignals(False)
            self.update(before)
            self.update(self._head_rect())

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """A moving value repaints the playhead only: this happens with every frame."""
        if change != QAbstractSlider.SliderChange.SliderValueChange:
            super().sliderChange(change)

    # Geometry

    def _left_of(self, index: float) -> float:
        return MARGIN + (self.width() - 2 * MARGIN) * index / (self.maximum() + 1)

    def _index_at(self, x: float) -> int:
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        return min(max(int(share * (self.maximum() + 1)), 0), self.maximum())

    def _groove(self) -> QRectF:
        top = round((self.height() - GROOVE) / 2)
        return QRectF(MARGIN, top, max(1, self.width() - 2 * MARGIN), GROOVE)

    def _head_rect(self) -> QRect:
        centre = self._left_of(self.value() + 0.5)
        return QRect(round(centre) - 7, 0, 14, self.height())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = self._groove()
        painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
        painter.setBrush(theme.color("accent", 0.35))
        self._paint_runs(painter, self._cached, groove, 1.0)
        painter.setBrush(theme.color("warn"))
        self._paint_runs(painter, self._missing, groove, 2.0)
        painter.setBrush(theme.color("danger"))
        self._paint_runs(painter, self._damaged, groove.adjusted(0, -3, 0, 3), 2.0)
        self._paint_marks(painter, groove)
        self._paint_bookmarks(painter)
        if self._hover is not None and not self.isSliderDown():
            painter.setBrush(theme.color("muted"))
            painter.drawRect(QRectF(self._left_of(self._hover + 0.5) - 0.5, 4, 1, HEAD))
        self._paint_head(painter)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 1.5, -3.5, -1.5), 6, 6)

    def _paint_runs(
        self, painter: QPainter, runs: Sequence[Run], groove: QRectF, least: float
    ) -> None:
        for first, last in runs:
            left, right = self._left_of(first), self._left_of(last + 1)
            box = QRectF(left, groove.top(), max(least, right - left), groove.height())
            painter.drawRoundedRect(box, min(3.0, box.width() / 2), min(3.0, box.height() / 2))

    def _paint_marks(self, painter: QPainter, groove: QRectF) -> None:
        """What is not played lies under a veil; the ends are brackets."""
        first, last = self._marks
        veil, bracket = theme.color("window", 0.72), theme.color("text")
        high = groove.adjusted(0, -5, 0, 5)
        if first is not None:
            x = self._left_of(first)
            painter.fillRect(QRectF(MARGIN, high.top(), x - MARGIN, high.height()), veil)
            self._paint_bracket(painter, bracket, x, 4.0, high)
        if last is not None:
            x = self._left_of(last + 1)
            right = self.width() - MARGIN
            painter.fillRect(QRectF(x, high.top(), right - x, high.height()), veil)
            self._paint_bracket(painter, bracket, x, -4.0, high)

    def _paint_bracket(
        self, painter: QPainter, colour: QColor, x: float, inwards: float, high: QRectF
    ) -> None:
        painter.save()
        painter.setPen(QPen(colour, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tip = x + inwards
        points = [(tip, high.top()), (x, high.top()), (x, high.bottom()), (tip, high.bottom())]
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))
        painter.restore()

    def _paint_bookmarks(self, painter: QPainter) -> None:
        painter.setBrush(theme.color("text"))
        top = self._groove().bottom() + 1
        for index in self._bookmarks:
            x = self._left_of(index + 0.5)
            flag = [(x - 4, top + 6), (x, top), (x + 4, top + 6)]
            painter.drawPolygon(QPolygonF([QPointF(*point) for point in flag]))

    def _paint_head(self, painter: QPainter) -> None:
        x, top = self._left_of(self.value() + 0.5), self.height() / 2 - HEAD / 2
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(QRectF(x - 1, top, 2, HEAD), 1, 1)
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, top), QPointF(x + 5, top), QPointF(x, top + 6)])
        )

    # Acting

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(self._index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._index_at(event.position().x())
        if self.isSliderDown():
            self._go(self._hover)
        QToolTip.showText(
            event.globalPosition().toPoint(), self.label_of(self._hover), self, self.rect()
        )
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self._index_at(event.pos().x()) if by_mouse else self.value()
        self.menu_wanted.emit(index, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One frame a notch; what a touch pad gives in parts is added up."""
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._turned / WHEEL_NOTCH)
        self._turned -= notches * WHEEL_NOTCH
        self._go(self.value() - notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageDown: self.pageStep(),
            Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_PageUp: -self.pageStep(),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()  # the player's own keys
        else:
            self._go(self.value() + step)

    def _go(self, index: int) -> None:
        index = min(max(index, 0), self.maximum())
        if index != self.value():
            self.show_index(index)
            self.scrubbed.emit(index)
