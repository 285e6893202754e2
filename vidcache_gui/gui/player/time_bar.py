"""The bar under the picture: where the playhead is, what is decoded, what cannot be shown."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.cache import Run, runs_of

MARGIN = 12
GROOVE = 6  # px high
HEAD = 18
WHEEL_NOTCH = 120


class TimeBar(QAbstractSlider):
    """A slider over frames. ``scrubbed`` tells the frame a person moved it to."""

    scrubbed = Signal(int)

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
        self._hover: int | None = None
        self._turned = 0
        self.label_of: Callable[[int], str] = str

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def set_count(self, frames: int) -> None:
        self.setRange(0, max(0, frames - 1))
        self.set_states([], [], [])

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
        self._paint_runs(painter, self._missing, groove.adjusted(0, 2, 0, -2), 2.0)
        painter.setBrush(theme.color("danger"))
        self._paint_runs(painter, self._damaged, groove.adjusted(0, -3, 0, 3), 2.0)
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
