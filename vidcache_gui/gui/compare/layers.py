"""The pictures of one pair as they are painted, and what differs between them."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from vidcache_gui.gui.compare.difference import Figures, Look, difference, figures, pixels_of
from vidcache_gui.gui.compare.stage import Stage
from vidcache_gui.gui.player.enlarge import enlarged, image_of
from vidcache_gui.gui.player.overlay import checkerboard
from vidcache_gui.media.types import Frame

MOST_COMPARED = 2_200_000  # device pixels; larger differences are made at half the size
NEAREST_FROM = 2  # device pixels per pixel from which single pixels are shown as squares


class Layers:
    """Keeps the frames as long as the images over their memory."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.gain = 4
        self.look = Look.COLOUR
        self._frames: tuple[Frame | None, Frame | None] = (None, None)
        self._images = [QImage(), QImage()]
        self._difference: tuple[QImage, QRectF] | None = None
        self._checks: QBrush | None = None

    def show_frames(self, frames: tuple[Frame | None, Frame | None]) -> None:
        self._frames = frames
        self.fit_again()

    def fit_again(self) -> None:
        """The pictures lie elsewhere or are of another size."""
        self._images = [self._fitted(which) for which in (0, 1)]
        self._difference = None

    def drop_difference(self) -> None:
        self._difference = None

    def has(self, which: int) -> bool:
        return self._frames[which] is not None

    def is_opaque(self, which: int) -> bool:
        frame = self._frames[which]
        return frame is not None and not frame.has_alpha

    def _fitted(self, which: int) -> QImage:
        """The frame at the size it is painted, unless it is zoomed into."""
        frame = self._frames[which]
        if frame is None:
            return QImage()
        image, size = self._upright(which, image_of(frame)), self._stage.painted_size(which)
        if self._stage.viewport.zoom is None and image.size() != size:
            return enlarged(image, size.width(), size.height())
        return image

    def _upright(self, which: int, image: QImage) -> QImage:
        """B as A shows it: mirrored back, then turned."""
        transform = self._stage.transform if which else None
        if transform is None:
            return image
        if transform.mirrored:
            image = image.flipped(Qt.Orientation.Horizontal)
        if transform.rotation:
            image = image.transformed(QTransform().rotate(transform.rotation))
        return image

    # Painting, in the coordinates of a pane

    def paint(self, painter: QPainter, which: int) -> None:
        image, place = self._images[which], self._stage.picture(which)
        frame = self._frames[which]
        if frame is not None and frame.has_alpha:
            painter.fillRect(place, self._checkerboard())
        image.setDevicePixelRatio(self._stage.viewport.ratio)
        if image.deviceIndependentSize() == place.size():
            painter.drawImage(place.topLeft(), image)
            return
        smooth = self._stage.scale(which) < NEAREST_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, image)

    def paint_difference(self, painter: QPainter, pane: QRectF) -> None:
        """Only where both have something to show."""
        if self._difference is None:
            self._difference = self._compare(pane)
        image, place = self._difference
        if not image.isNull():
            painter.drawImage(place, image)

    def _compare(self, pane: QRectF) -> tuple[QImage, QRectF]:
        seen = QRectF(QPointF(), pane.size())
        places = [self._stage.picture(which) for which in (0, 1)]
        place = self._stage.common().intersected(seen)
        if place.isEmpty():
            return QImage(), place
        images = self._images
        as_they_are = places[0] == places[1] == place and all(
            image.deviceIndependentSize() == place.size() for image in images
        )
        small = place.width() * place.height() * self._stage.viewport.ratio**2 <= MOST_COMPARED
        if not (as_they_are and small):
            images = [self._cut_out(which, place, 1 if small else 2) for which in (0, 1)]
        a, b = (pixels_of(image) for image in images)
        return difference(a, b, self.gain, self.look), place

    def _cut_out(self, which: int, place: QRectF, coarse: int) -> QImage:
        """What a pane shows of a picture at ``place``; every ``coarse``-th pixel."""
        ratio = self._stage.viewport.ratio / coarse
        image = QImage(
            math.ceil(place.width() * ratio), math.ceil(place.height() * ratio),
            QImage.Format.Format_RGB32,
        )  # fmt: skip
        image.fill(0)
        painter = QPainter(image)
        painter.scale(ratio, ratio)
        painter.translate(-place.topLeft())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._stage.picture(which), self._images[which])
        painter.end()
        return image

    def figures(self) -> Figures | None:
        """How far the two are apart, at the smaller of the sizes they were decoded at.

        None where one is missing, or they are of different shapes.
        """
        frames = self._frames
        if frames[0] is None or frames[1] is None or not self._stage.alike:
            return None
        images = [image_of(frame) for frame in frames if frame is not None]
        smaller = min(images, key=lambda image: image.width()).size()
        images = [
            image if image.size() == smaller else enlarged(image, smaller.width(), smaller.height())
            for image in images
        ]
        return figures(*(pixels_of(image) for image in images))

    def _checkerboard(self) -> QBrush:
        if self._checks is None:
            self._checks = checkerboard()
        return self._checks
