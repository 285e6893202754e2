"""The bar under the picture: where the playhead is, what is decoded, what is damaged."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from vidcache_gui.gui import theme

MARGIN = 8


class TimeBar(QAbstractSlider):
    """A slider over frames; ``scrubbed`` tells the frame a person moved it to."""

    scrubbed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Frame")
        self.setToolTip("Drag to any frame; the wheel steps. Lighter: ready at once.")
        self.setMouseTracking(True)
        self.setRange(0, 0)
        self._cached: list[tuple[int, int]] = []
        self._damaged: list[int] = []
        self._hover: float | None = None
        self.label_of: Callable[[int], str] = lambda index: str(index + 1)

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def set_count(self, frames: int) -> None:
        self.setRange(0, max(0, frames - 1))
        self._cached, self._damaged = [], []
        self.update()

    def set_states(self, cached: list[tuple[int, int]], damaged: Iterable[int]) -> None:
        self._cached, self._damaged = cached, sorted(damaged)
        self.update()

    def show_index(self, index: int) -> None:
        """Follow the playhead without telling anybody."""
        self.blockSignals(True)
        self.setValue(index)
        self.blockSignals(False)
        self.update()

    def _left_of(self, index: float) -> float:
        count = self.maximum() + 1
        return MARGIN + (self.width() - 2 * MARGIN) * index / count

    def _index_at(self, x: float) -> int:
        count = self.maximum() + 1
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        return min(max(int(share * count), 0), self.maximum())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        groove = QRectF(MARGIN, middle - 3, self.width() - 2 * MARGIN, 6)
        painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(groove, 3, 3)
        painter.setBrush(theme.color("strong_line"))
        for first, last in self._cached:
            left, right = self._left_of(first), self._left_of(last + 1)
            painter.drawRoundedRect(QRectF(left, groove.top(), right - left, 6), 3, 3)
        painter.setBrush(theme.color("danger"))
        for index in self._damaged:
            width = max(2.0, self._left_of(index + 1) - self._left_of(index))
            painter.drawRect(QRectF(self._left_of(index), groove.top(), width, 6))
        self._paint_playhead(painter, middle)
        if self.hasFocus():
            painter.setPen(QColor(theme.tokens().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_playhead(self, painter: QPainter, middle: float) -> None:
        centre = (self._left_of(self.value()) + self._left_of(self.value() + 1)) / 2
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(QRectF(centre - 2, middle - 9, 4, 18), 2, 2)
        if self._hover is not None and not self.isSliderDown():
            painter.setBrush(theme.color("muted"))
            painter.drawRect(QRectF(self._hover - 0.5, middle - 6, 1, 12))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._scrub(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        self.setToolTip(self.label_of(self._index_at(self._hover)))
        if self.isSliderDown():
            self._scrub(self._hover)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta().y() or event.angleDelta().x()
        self._go(self.value() + (-1 if delta > 0 else 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
                 Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()  # the player's own keys
        else:
            self._go(self.value() + step)

    def _scrub(self, x: float) -> None:
        self._go(self._index_at(x))

    def _go(self, index: int) -> None:
        index = min(max(index, 0), self.maximum())
        if index != self.value():
            self.show_index(index)
            self.scrubbed.emit(index)
