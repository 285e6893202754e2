"""Paints one frame: a single drawImage over the decoder's own buffer."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QCursor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player import overlay
from vidcache_gui.gui.player.channels import Channel, Pixel, channel_image, pixel_of
from vidcache_gui.gui.player.enlarge import enlarged, image_of
from vidcache_gui.gui.player.viewport import Viewport
from vidcache_gui.media.types import Frame

RESIZE_MS = 120  # frames are asked for at a new size when resizing has come to rest


class Canvas(QWidget):
    """Shows a frame fitted into itself, or zoomed and dragged about.

    Frames come at the size they are painted. Those that do not (while the size changes, or
    where enlarged ones would not fit into the cache) are enlarged when they are shown.
    """

    size_wanted = Signal()  # frames are needed at another size: see :meth:`wanted_size`
    zoom_changed = Signal()
    inspecting_changed = Signal(bool)
    clicked = Signal()
    dragged_out = Signal(bool)  # to another place or program; True: the whole file is meant
    double_clicked = Signal()
    menu_wanted = Signal(QPoint)  # at this place on screen
    wheel_turned = Signal(int)  # notches, away from the person is positive

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 90)
        self.setMouseTracking(True)
        self.setAccessibleName("Picture")
        self._frame: Frame | None = None
        self._image = QImage()
        self._message = ""
        self._channel = Channel.COLOUR
        self._inspecting = False
        self._pixel: QPoint | None = None  # of the picture, that is looked at
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
        """Show a frame; ``message`` lies over it, or stands where there is none."""
        overlaid = self._message or message or self._inspecting
        same_place = frame is not None and self._frame is not None and not overlaid
        self._frame, self._message = frame, message
        self._image = self._fitted(frame)
        if same_place:
            self.update(self.target().toAlignedRect())  # the ground around it stays
        else:
            self.update()

    def show_stand_in(self, image: QImage) -> None:
        """A small picture of about the right moment, until the frame is decoded."""
        self._frame, self._message, self._image = None, "", image
        self.update()

    def _fitted(self, frame: Frame | None) -> QImage:
        """The frame as it is painted, where that is larger than it is."""
        if frame is None:
            return QImage()
        image, size = self._coloured(frame), self.viewport.painted_size()
        if self.zoom is None and self.scale() > 1 and image.size() != size:
            return enlarged(image, size.width(), size.height())
        return image

    def _coloured(self, frame: Frame) -> QImage:
        if self._channel is Channel.COLOUR:
            return image_of(frame)
        return channel_image(frame, self._channel)

    @property
    def channel(self) -> Channel:
        return self._channel

    def set_channel(self, channel: Channel) -> None:
        """Show one channel as grey, or all as colour."""
        self._channel = channel
        self._fit_again()

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
        if full.isEmpty() or self.zoom is not None or size == full or self._inspecting:
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

    # Single pixels

    @property
    def inspecting(self) -> bool:
        return self._inspecting

    def set_inspecting(self, on: bool) -> None:
        """Show the place and value of the pixel under the pointer, from the full picture."""
        self._inspecting = on
        self.look_at(self.viewport.pixel_at(QPointF(self.mapFromGlobal(QCursor.pos()))))
        self.size_wanted.emit()
        self.inspecting_changed.emit(on)

    def move_pixel(self, across: int, down: int) -> None:
        """Look at another pixel, by keyboard."""
        full = self.viewport.full
        if self._pixel is not None:
            x, y = self._pixel.x() + across, self._pixel.y() + down
            x, y = min(max(x, 0), full.width() - 1), min(max(y, 0), full.height() - 1)
            self.look_at(QPoint(x, y))

    def look_at(self, pixel: QPoint | None) -> None:
        """Beside the picture the last one stays; at first it is the one in the middle."""
        full = self.viewport.full
        self._pixel = pixel or self._pixel or QPoint(full.width() // 2, full.height() // 2)
        self.update()

    def pixel(self) -> Pixel | None:
        """The pixel looked at; None unless inspecting a decoded picture."""
        frame, at = self._frame, self._pixel
        if not self._inspecting or frame is None or at is None:
            return None
        found = pixel_of(frame, *self._in_frame(frame, at))
        return replace(found, x=at.x(), y=at.y())

    def _in_frame(self, frame: Frame, at: QPoint) -> tuple[int, int]:
        """A pixel of the picture in a frame that is smaller, until the full one is there."""
        full = self.viewport.full
        x, y = at.x() * frame.width // full.width(), at.y() * frame.height // full.height()
        return min(x, frame.width - 1), min(y, frame.height - 1)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        target = self.target()
        covered = not self._image.isNull() and not self._has_alpha()
        if not (covered and target.contains(QRectF(event.rect()))):
            painter.fillRect(event.rect(), QColor(theme.tokens().picture))
        if not self._image.isNull():
            self._paint_picture(painter, target)
            self._paint_over(painter)
            self.painted += 1
        elif self._message:
            overlay.paint_message(painter, QRectF(self.rect()), self._message)

    def _paint_over(self, painter: QPainter) -> None:
        if self._message:
            overlay.paint_caption(painter, self.rect(), self._message)
        pixel = self.pixel()
        if pixel is not None and self._frame is not None and self._pixel is not None:
            at = QPoint(*self._in_frame(self._frame, self._pixel))
            overlay.paint_pixel(painter, self.rect(), self._coloured(self._frame), at, pixel)

    def _has_alpha(self) -> bool:
        coloured = self._channel is Channel.COLOUR
        return coloured and self._frame is not None and self._frame.has_alpha

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
        if self._checks is None:
            self._checks = overlay.checkerboard()
        return self._checks

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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

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
        if self._inspecting:
            self.look_at(self.viewport.pixel_at(event.position()))
        if self._pressed_at is None:
            return
        by = event.position() - self._pressed_at
        taking = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        if self.zoom is not None and not event.modifiers() & taking:
            self.viewport.drag(by)
            self._pressed_at, self._dragged = event.position(), True
            self.update()
        elif by.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.dragged_out.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self._dragged:
            self.clicked.emit()
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        self.double_clicked.emit()
