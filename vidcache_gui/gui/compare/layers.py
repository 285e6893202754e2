"""The pictures of one pair as they are painted, and what differs between them."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from vidcache_gui.gui.compare.difference import Look
from vidcache_gui.gui.compare.maker import Made, Maker, Task, make
from vidcache_gui.gui.compare.stage import Stage
from vidcache_gui.gui.player.enlarge import enlarged, image_of
from vidcache_gui.gui.player.overlay import checkerboard
from vidcache_gui.media.types import Frame

MOST_COMPARED = 2_200_000  # device pixels; larger differences are made coarser
NEAREST_FROM = 2  # device pixels per pixel from which single pixels are shown as squares


class Layers:
    """Keeps the frames as long as the images over their memory."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.gain = 4
        self.look = Look.COLOUR
        self._frames: tuple[Frame | None, Frame | None] = (None, None)
        self._images = [QImage(), QImage()]
        self.even = False  # B with the brightness and contrast of A
        self.maker = Maker()
        self.maker.made.connect(self._keep)
        self._made: Made | None = None
        self._version = 0  # of the images: what was made of others is not of these
        self._checks: QBrush | None = None

    def show_frames(self, frames: tuple[Frame | None, Frame | None]) -> None:
        self._frames = frames
        self.fit_again()

    def fit_again(self) -> None:
        """The pictures lie elsewhere or are of another size."""
        self._images = [self._fitted(which) for which in (0, 1)]
        self._version += 1

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

    def paint_difference(self, painter: QPainter, pane: QRectF, *, now: bool = False) -> None:
        """Only where both have something to show. ``now``: wait until it is made; else what was
        made last stays until it is."""
        task = self._task(pane)
        if task is None:
            return
        if now:
            self._made = make(task)
        elif self._made is None or self._made.key != task.key:
            self.maker.ask(task)
        if self._made is not None and self._made.place == task.place:
            painter.drawImage(self._made.place, self._made.image)

    def measure(self) -> bool:
        """Ask for the figures of this pair; False where they cannot be compared."""
        task = self._task(None) if self._stage.alike else None
        if task is not None:
            self.maker.ask(task)
        return task is not None

    def _keep(self, made: Made) -> None:
        self._made = made

    def _task(self, pane: QRectF | None) -> Task | None:
        """To compare what a pane shows; None: all that is common."""
        if None in self._frames:
            return None
        place = self._stage.common()
        if pane is not None:
            place = place.intersected(QRectF(QPointF(), pane.size()))
        if place.isEmpty():
            return None
        ratio = self._stage.viewport.ratio
        pixels = place.width() * place.height() * ratio**2
        coarse = math.sqrt(pixels / MOST_COMPARED) if pixels > MOST_COMPARED else 1.0
        size = QSize(
            max(1, round(place.width() * ratio / coarse)),
            max(1, round(place.height() * ratio / coarse)),
        )
        places = self._stage.picture(0), self._stage.picture(1)
        key = (
            self._version, place.getRect(), size.toTuple(), self.gain, self.look, self.even
        )  # fmt: skip
        images = self._images[0], self._images[1]
        return Task(key, self._frames, images, places, place, size, self.gain, self.look, self.even)

    def _checkerboard(self) -> QBrush:
        if self._checks is None:
            self._checks = checkerboard()
        return self._checks
