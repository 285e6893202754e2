"""Where a picture lies in the area it is shown in: fit, zoom and pan. Arithmetic, no widget."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF

MOST_ENLARGED = 4.0  # small animations fill the view no further than this
ZOOMS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)


class Viewport:
    """A picture of ``full`` pixels in ``area`` (logical pixels, ``ratio`` device pixels each).

    ``zoom``: device pixels per picture pixel; None: as large as fits. The picture may be
    dragged to its edges, not out of sight, and lies on whole device pixels.
    """

    def __init__(self) -> None:
        self.full = QSize()
        self.area = QSizeF()
        self.ratio = 1.0
        self.zoom: float | None = None
        self.pan = QPointF()
        self._place: QRectF | None = None  # what target() found, while nothing moves it

    def set_full(self, width: int, height: int) -> None:
        """Another picture, fitted."""
        self.full = QSize(width, height)
        self.zoom, self.pan = None, QPointF()
        self.settle()

    def set_area(self, size: QSize, ratio: float) -> None:
        self.area, self.ratio = QSizeF(size), ratio
        self.settle()

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """``at``: the point of the area under which the picture stays where it is."""
        if zoom is None:
            self.pan = QPointF()
        else:
            centre = self._centre()
            away = (at if at is not None else centre) - centre
            self.pan = away + (self.pan - away) * (zoom / self.scale())
        self.zoom = zoom
        self.settle()

    def next_zoom(self, steps: int) -> float:
        """The next of the usual zooms, larger (1) or smaller (-1)."""
        now = self.scale()
        if steps > 0:
            return next((zoom for zoom in ZOOMS if zoom > now * 1.01), ZOOMS[-1])
        return next((zoom for zoom in reversed(ZOOMS) if zoom < now * 0.99), ZOOMS[0])

    def drag(self, by: QPointF) -> None:
        self.pan += by
        self.settle()

    def scale(self) -> float:
        """Device pixels per picture pixel as shown now."""
        if self.zoom is not None:
            return self.zoom
        width, height = max(1, self.full.width()), max(1, self.full.height())
        fits = min(self.area.width() / width, self.area.height() / height) * self.ratio
        return min(fits, MOST_ENLARGED)

    def painted_size(self) -> QSize:
        """In device pixels."""
        scale = self.scale()
        width, height = self.full.width() * scale, self.full.height() * scale
        return QSize(max(1, round(width)), max(1, round(height)))

    def target(self) -> QRectF:
        """Where the picture lies, in logical pixels of the area."""
        if self._place is None:
            size, centre = self.painted_size(), self._centre() + self.pan
            left = round(centre.x() * self.ratio - size.width() / 2)
            top = round(centre.y() * self.ratio - size.height() / 2)
            self._place = QRectF(
                left / self.ratio, top / self.ratio,
                size.width() / self.ratio, size.height() / self.ratio,
            )  # fmt: skip
        return self._place

    def pixel_at(self, point: QPointF) -> QPoint | None:
        """The pixel of the picture under a point of the area; None beside the picture."""
        target = self.target()
        if self.full.isEmpty() or not target.contains(point):
            return None
        across = (point.x() - target.left()) / target.width() * self.full.width()
        down = (point.y() - target.top()) / target.height() * self.full.height()
        return QPoint(
            min(int(across), self.full.width() - 1), min(int(down), self.full.height() - 1)
        )

    def settle(self) -> None:
        """Keep the picture in view."""
        size = self.painted_size() / self.ratio
        x = max(0.0, (size.width() - self.area.width()) / 2)
        y = max(0.0, (size.height() - self.area.height()) / 2)
        self.pan = QPointF(min(max(self.pan.x(), -x), x), min(max(self.pan.y(), -y), y))
        self._place = None

    def _centre(self) -> QPointF:
        return QPointF(self.area.width() / 2, self.area.height() / 2)
