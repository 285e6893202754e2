"""The whole item at a glance: its stored filmstrip, above the time bar."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.time_bar import MARGIN
from vidcache_gui.media.types import STRIP_TILES

HEIGHT = 44


class FilmStrip(QWidget):
    """Tiles of equal parts of the item. ``scrubbed`` tells the place pressed, 0 to 1."""

    scrubbed = Signal(float)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Filmstrip")
        self.setToolTip("Press or drag to go there")
        self._strip = QImage()
        self._painted: QPixmap | None = None
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_strip(self, jpeg: bytes | None) -> None:
        """STRIP_TILES tiles side by side; without them the filmstrip takes no room."""
        self._strip = QImage.fromData(jpeg) if jpeg else QImage()
        self._painted = None
        self.setVisible(self._strip.width() >= STRIP_TILES)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        size, ratio = self.size(), self.devicePixelRatioF()
        if self._painted is None or self._painted.deviceIndependentSize().toSize() != size:
            self._painted = QPixmap(size * ratio)
            self._painted.setDevicePixelRatio(ratio)
            self._paint_tiles(self._painted)
        QPainter(self).drawPixmap(0, 0, self._painted)

    def _paint_tiles(self, onto: QPixmap) -> None:
        onto.fill(QColor(theme.tokens().picture))
        painter = QPainter(onto)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tile = self._strip.width() / STRIP_TILES
        cell = (self.width() - 2 * MARGIN) / STRIP_TILES
        high = self.height() - 4
        wide = min(cell - 2, high * tile / max(1, self._strip.height()))
        high = round(wide * self._strip.height() / tile)
        for place in range(STRIP_TILES):
            source = QRectF(place * tile, 0, tile, self._strip.height())
            left = round(MARGIN + place * cell + (cell - wide) / 2)
            top = (self.height() - high) // 2
            painter.drawImage(QRectF(left, top, round(wide), high), self._strip, source)
        painter.end()

    def tile_at(self, share: float) -> QImage:
        """The tile of a place, 0 to 1; null without a filmstrip."""
        tile = self._strip.width() // STRIP_TILES
        place = min(int(share * STRIP_TILES), STRIP_TILES - 1)
        return self._strip.copy(place * tile, 0, tile, self._strip.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def _scrub(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            place = (event.position().x() - MARGIN) / max(1, self.width() - 2 * MARGIN)
            self.scrubbed.emit(min(max(place, 0.0), 1.0))
