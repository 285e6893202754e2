"""Paints one frame: a single drawImage over the decoder's own buffer."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.enlarge import enlarged, image_of
from vidcache_gui.gui.player.viewport import Viewport
from vidcache_gui.media.types import Frame

CHECK = 8  # side of a square of the checkerboard, px
CHECK_DARK, CHECK_LIGHT = "#2B2D30", "#3A3C40"
RESIZE_MS = 120  # frames are asked for at a new size when resizing has come to rest


class Canvas(QWidget):
    """Shows a frame fitted into itself, or zoomed and dragged about.

    Frames come at the size they are painted. Those that do not (while the size changes, or
    where enlarged ones would not fit into the cache) are enlarged when they are shown.
    """

    size_wanted = Signal()  # frames are needed at another size: see :meth:`wanted_size`
    zoom_changed = Signal()
    clicked = Signal()
    double_clicked = Signal()
    wheel_turned = Signal(int)  # notches, away from the person is positive

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 90)
        self.setAccessibleName("Picture")
        self._frame: Frame | None = None
        self._image = QImage()
        self._message = ""
        self.viewport = Viewport()
        self._pressed_at: QPointF | None = None
        self._dragged = False
        self._checks: QBrush | None = None
        self.painted = 0  # frames painted, for measurements
        self._rest = QTimer(self, singleShot=True, interval=RESIZE_MS)
        self._rest.timeout.connect(self.size_wanted)

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    # What is shown

    def set_footage(self, width: int, height: int) -> None:
        """The size of the pictures to come; back to fitting them."""
        self.viewport.set_full(width, height)
        self._follow_zoom()

    def show_frame(self, frame: Frame | None, message: str = "") -> None:
        """Show a frame; ``message`` stands where there is none."""
        same_place = frame is not None and self._frame is not None and not self._message
        self._frame, self._message = frame, message
        self._image = self._fitted(frame)
        if same_place:
            self.update(self.target().toAlignedRect())  # the ground around it stays
        else:
            self.update()

    def _fitted(self, frame: Frame | None) -> QImage:
        """The frame as it is painted, where that is larger than it is."""
        if frame is None:
            return QImage()
        image, size = image_of(frame), self.viewport.painted_size()
        if self.zoom is None and self.scale() > 1 and image.size() != size:
            return enlarged(image, size.width(), size.height())
        return image

    def _fit_again(self) -> None:
        self._image = self._fitted(self._frame)
        self.update()

    @property
    def message(self) -> str:
        return self._message

    def image(self) -> QImage:
        """A copy of the picture on screen, as it was decoded, that lives on its own."""
        return image_of(self._frame).copy() if self._frame is not None else QImage()

    def wanted_size(self) -> tuple[int, int] | None:
        """The size frames should have, in device pixels; None: their own."""
        size, full = self.viewport.painted_size(), self.viewport.full
        if full.isEmpty() or self.zoom is not None or size == full:
            return None
        return size.width(), size.height()

    # Zoom

    @property
    def zoom(self) -> float | None:
        """Screen pixels per picture pixel; None: fit."""
        return self.viewport.zoom

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """``at``: the point of the widget under which the picture stays where it is."""
        if not self.viewport.full.isEmpty():
            self.viewport.set_zoom(zoom, at)
            self._follow_zoom()

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        self.set_zoom(self.viewport.next_zoom(steps), at)

    def scale(self) -> float:
        """Screen pixels per picture pixel as painted now."""
        return self.viewport.scale()

    def target(self) -> QRectF:
        """Where the picture is painted, in the widget's coordinates, on whole device pixels."""
        return self.viewport.target()

    def _follow_zoom(self) -> None:
        hand = Qt.CursorShape.OpenHandCursor
        self.setCursor(hand if self.zoom is not None else Qt.CursorShape.ArrowCursor)
        self._fit_again()
        self.size_wanted.emit()
        self.zoom_changed.emit()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        target = self.target()
        covered = not self._image.isNull() and not self._has_alpha()
        if not (covered and target.contains(QRectF(event.rect()))):
            painter.fillRect(event.rect(), QColor(theme.tokens().picture))
        if not self._image.isNull():
            self._paint_picture(painter, target)
            self.painted += 1
        elif self._message:
            self._paint_message(painter)

    def _has_alpha(self) -> bool:
        return self._frame is not None and self._frame.has_alpha

    def _paint_picture(self, painter: QPainter, target: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        if self._has_alpha():
            painter.fillRect(target, self._checkerboard())
        self._image.setDevicePixelRatio(ratio)
        if self._image.deviceIndependentSize() == target.size():
            painter.drawImage(target.topLeft(), self._image)
            return
        smooth = self.scale() < 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, self._image)

    def _checkerboard(self) -> QBrush:
        """What is see-through is shown over quiet checks."""
        if self._checks is None:
            tile = QPixmap(2 * CHECK, 2 * CHECK)
            tile.fill(QColor(CHECK_DARK))
            painter = QPainter(tile)
            painter.fillRect(0, 0, CHECK, CHECK, QColor(CHECK_LIGHT))
            painter.fillRect(CHECK, CHECK, CHECK, CHECK, QColor(CHECK_LIGHT))
            painter.end()
            self._checks = QBrush(tile)
        return self._checks

    def _paint_message(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SECTION))
        painter.setPen(QColor(theme.tokens().picture_muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(32, 16, -32, -16), flags, self._message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # moved to another screen
            self._follow_size()
        return super().event(event)

    def _follow_size(self) -> None:
        self.viewport.set_area(self.size(), self.devicePixelRatioF())
        self._fit_again()
        self._rest.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if not turned:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if turned > 0 else -1, event.position())
        else:
            self.wheel_turned.emit(1 if turned > 0 else -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self.zoom is None:
            return
        self.viewport.drag(event.position() - self._pressed_at)
        self._pressed_at, self._dragged = event.position(), True
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self._dragged:
            self.clicked.emit()
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        self.double_clicked.emit()
