"""Paints one frame: a single drawImage over the decoder's own buffer."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui import theme
from vidcache_gui.media.types import Frame

MOST_ENLARGED = 4  # small animations fill the view no further than this
CHECK = 8  # side of a square of the checkerboard
ZOOMS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)


class Canvas(QWidget):
    """Shows a frame fitted into itself, or zoomed about a point that can be dragged."""

    size_wanted = Signal()  # frames are needed at another size
    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 90)
        self.setAccessibleName("Picture")
        self._frame: Frame | None = None
        self._image = QImage()
        self._message = ""
        self._full = QSize()  # of the footage, as shown
        self._zoom: float | None = None  # None: fit
        self._pan = QPointF()
        self._dragged_from: QPointF | None = None
        self.painted = 0  # frames painted, for measurements

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def set_footage(self, width: int, height: int) -> None:
        self._full = QSize(width, height)
        self._zoom, self._pan = None, QPointF()
        self.set_frame(None)

    def set_frame(self, frame: Frame | None, message: str = "") -> None:
        """Show a frame; ``message`` stands over it (or alone, where there is none)."""
        if frame is not None and frame is not self._frame:
            opaque = QImage.Format.Format_RGB32
            clear = QImage.Format.Format_ARGB32_Premultiplied
            self._image = QImage(
                frame.data, frame.width, frame.height, frame.stride,
                clear if frame.has_alpha else opaque,
            )  # fmt: skip
        elif frame is None:
            self._image = QImage()
        self._frame, self._message = frame, message
        self.update()

    def wanted_size(self) -> tuple[int, int] | None:
        """The size frames should be decoded at (device pixels); None: their own."""
        if self._zoom is not None and not self._full.isEmpty():
            return None
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    @property
    def zoom(self) -> float | None:
        return self._zoom

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """``zoom``: screen pixels per picture pixel; None fits. ``at``: the point to keep."""
        if at is not None and zoom is not None and not self._full.isEmpty():
            old = self.target()
            scale = zoom * self._full.width() / self.devicePixelRatioF() / old.width()
            centre = QPointF(self.rect().center())
            offset = at - old.center()
            self._pan = at - offset * scale - centre
        elif zoom is None:
            self._pan = QPointF()
        was_fit = self._zoom is None
        self._zoom = zoom
        if was_fit != (zoom is None):
            self.size_wanted.emit()
        self.update()

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        now = self._zoom if self._zoom is not None else self._fit_zoom()
        if steps > 0:
            choices = [z for z in ZOOMS if z > now * 1.01]
            self.set_zoom(choices[0] if choices else ZOOMS[-1], at)
        else:
            choices = [z for z in ZOOMS if z < now * 0.99]
            self.set_zoom(choices[-1] if choices else ZOOMS[0], at)

    def _fit_zoom(self) -> float:
        target = self.target()
        return target.width() * self.devicePixelRatioF() / max(1, self._full.width())

    def target(self) -> QRectF:
        """Where the picture is drawn, in widget coordinates."""
        area = QRectF(self.rect())
        if self._full.isEmpty():
            return area
        ratio = self.devicePixelRatioF()
        if self._zoom is None:
            size = self._full.scaled(
                (area.size() * ratio).toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            if size.width() > self._full.width() * MOST_ENLARGED:
                size = self._full * MOST_ENLARGED
        else:
            size = self._full * self._zoom
        width, height = size.width() / ratio, size.height() / ratio
        centre = area.center() + self._pan
        # whole device pixels, so that a picture at its own size is not blurred
        left = round((centre.x() - width / 2) * ratio) / ratio
        top = round((centre.y() - height / 2) * ratio) / ratio
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.tokens().picture))
        if not self._image.isNull():
            target = self.target()
            if self._frame is not None and self._frame.has_alpha:
                _paint_checks(painter, target.toRect())
            exact = QSize(round(target.width() * self.devicePixelRatioF()),
                          round(target.height() * self.devicePixelRatioF()))  # fmt: skip
            if exact == self._image.size():
                self._image.setDevicePixelRatio(self.devicePixelRatioF())
                painter.drawImage(target.topLeft(), self._image)
            else:
                smooth = self._zoom is None or self._zoom < 2
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                self._image.setDevicePixelRatio(1.0)
                painter.drawImage(target, self._image)
            self.painted += 1
        if self._message:
            self._paint_message(painter)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.BODY))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = self.rect().adjusted(32, 16, -32, -16)
        box = painter.boundingRect(room, flags, self._message)
        if not self._image.isNull():
            painter.fillRect(box.adjusted(-12, -8, 12, 8), QColor(16, 17, 19, 200))
        painter.setPen(QColor(theme.tokens().picture_text))
        painter.drawText(room, flags, self._message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.size_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1, event.position())
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None and self._zoom is not None:
            self._pan += event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


def _paint_checks(painter: QPainter, area: QRect) -> None:
    """What is see-through is shown over a quiet checkerboard."""
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.fillRect(area, QColor("#3A3C40"))
    seen = area.intersected(painter.viewport())
    first = QPoint((seen.left() - area.left()) // CHECK, (seen.top() - area.top()) // CHECK)
    for row in range(first.y(), first.y() + seen.height() // CHECK + 2):
        for column in range(first.x(), first.x() + seen.width() // CHECK + 2):
            if (row + column) % 2:
                left, top = area.left() + column * CHECK, area.top() + row * CHECK
                painter.fillRect(left, top, CHECK, CHECK, QColor("#2B2D30"))
    painter.restore()
