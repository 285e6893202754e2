"""The picture on top of the inspector."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme
from vidcache_gui.gui.library.cell import fitted, strip_tile

if TYPE_CHECKING:
    from vidcache_gui.gui.library.thumbnails import Thumbnails


class Preview(QWidget):
    """The poster on the picture ground; the pointer scrubs through the filmstrip."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.item: Item | None = None
        self.thumbnails: Thumbnails | None = None
        self._scrub: float | None = None

    def show_item(self, item: Item | None) -> None:
        self.item = item
        self._scrub = None
        self.setToolTip("Double-click to play" if item is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, max(120, self.width() * 9 // 16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != event.size().width():
            self.setFixedHeight(min(320, max(120, self.width() * 9 // 16)))

    def mouseMoveEvent(self, event: Any) -> None:
        self._scrub = min(1.0, max(0.0, event.position().x() / max(1, self.width())))
        self.update()

    def leaveEvent(self, event: Any) -> None:
        self._scrub = None
        self.update()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        self._paint(p)
        p.end()

    def _paint(self, p: QPainter) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(theme.color("picture"))
        p.drawRoundedRect(self.rect(), theme.TILE_RADIUS, theme.TILE_RADIUS)
        if self.item is None or self.thumbnails is None:
            return
        side = round(self.width() * self.devicePixelRatioF())
        poster = self.thumbnails.poster(self.item, side)
        strip = self.thumbnails.strip(self.item) if self._scrub is not None else None
        if strip is not None and self._scrub is not None:
            source = strip_tile(strip, self._scrub)
            p.drawImage(fitted(self.rect(), source.width(), source.height()), strip, source)
        elif poster is not None:
            self._paint_poster(p, poster)
        elif self.item.damaged or self.thumbnails.is_absent(self.item):
            p.setPen(theme.color("picture_muted"))
            p.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No preview")

    def _paint_poster(self, p: QPainter, poster: QImage) -> None:
        p.drawImage(fitted(self.rect(), poster.width(), poster.height()), poster)
