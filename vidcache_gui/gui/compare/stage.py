"""Where the two pictures lie: panes, and one zoom and pan for both. Arithmetic, no widget.

Zoom and pan are those of a *reference* picture, as large as the larger of the two; each
picture is fitted into it. So the same detail of both lies at the same place of its pane,
whatever their sizes, and 100 % means the pixels of the larger one.
"""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

from vidcache_gui.gui.player.viewport import Viewport

GAP = 2  # logical pixels between two panes
SAME_SHAPE = 0.02  # pictures whose proportions differ by less are stretched onto each other


class Mode(StrEnum):
    """How the pair is shown."""

    BESIDE = "side by side"
    WIPE = "wipe"
    DIFFERENCE = "difference"
    BLINK = "blink"
    A = "only A"
    B = "only B"


class Stage:
    """``upright``: panes above each other, the wipe's edge level; None: whatever fits better."""

    def __init__(self) -> None:
        self.viewport = Viewport()
        self.mode = Mode.BESIDE
        self.upright: bool | None = None
        self._sizes = (QSize(), QSize())
        self._area = QSize()
        self._ratio = 1.0

    @property
    def sizes(self) -> tuple[QSize, QSize]:
        """Of the two items, as shown; empty where one has no picture."""
        return self._sizes

    def set_sizes(self, a: QSize, b: QSize) -> None:
        """Two other items, fitted."""
        self._sizes = (a, b)
        larger = max(a, b, key=lambda size: size.width() * size.height())
        self.viewport.set_full(larger.width(), larger.height())
        self._settle()

    def set_area(self, size: QSize, ratio: float) -> None:
        self._area, self._ratio = size, ratio
        self._settle()

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self._settle()

    def set_upright(self, upright: bool | None) -> None:
        self.upright = upright
        self._settle()

    def _settle(self) -> None:
        """The viewport's area is a pane: what was in its middle stays there."""
        self.viewport.set_area(self._pane_size().toSize(), self._ratio)

    # Panes

    @property
    def is_upright(self) -> bool:
        """Whether panes lie above each other now."""
        if self.upright is not None:
            return self.upright
        if self.mode is not Mode.BESIDE:
            return False
        full = self.viewport.full
        width, height = max(1, full.width()), max(1, full.height())
        across, down = self._halves(upright=False), self._halves(upright=True)
        return min(down.width() / width, down.height() / height) > min(
            across.width() / width, across.height() / height
        )

    def _halves(self, *, upright: bool) -> QSizeF:
        width, height = self._area.width(), self._area.height()
        if upright:
            return QSizeF(width, max(1, (height - GAP) // 2))
        return QSizeF(max(1, (width - GAP) // 2), height)

    def _pane_size(self) -> QSizeF:
        if self.mode is not Mode.BESIDE:
            return QSizeF(self._area)
        return self._halves(upright=self.is_upright)

    def panes(self) -> tuple[QRectF, QRectF]:
        """Of A and of B, in the widget; the same where they lie over each other."""
        size = self._pane_size()
        first = QRectF(QPointF(), size)
        if self.mode is not Mode.BESIDE:
            return first, first
        if self.is_upright:
            return first, QRectF(QPointF(0, self._area.height() - size.height()), size)
        return first, QRectF(QPointF(self._area.width() - size.width(), 0), size)

    def pane_at(self, point: QPointF) -> QRectF:
        a, b = self.panes()
        return b if b.contains(point) and not a.contains(point) else a

    # Pictures

    def picture(self, which: int) -> QRectF:
        """Where a picture lies in its pane, on whole device pixels."""
        target, ratio = self.viewport.target(), self._ratio
        size = self.painted_size(which)
        width, height = size.width() / ratio, size.height() / ratio
        left = round((target.center().x() - width / 2) * ratio) / ratio
        top = round((target.center().y() - height / 2) * ratio) / ratio
        return QRectF(left, top, width, height)

    def painted_size(self, which: int) -> QSize:
        """In device pixels."""
        whole, own = self.viewport.painted_size(), self._sizes[which]
        full = self.viewport.full
        if own.isEmpty() or own == full or self._same_shape(own, full):
            return whole
        scale = min(whole.width() / own.width(), whole.height() / own.height())
        return QSize(max(1, round(own.width() * scale)), max(1, round(own.height() * scale)))

    @property
    def alike(self) -> bool:
        """Whether the two cover each other, so that their pixels can be compared."""
        a, b = self._sizes
        return not a.isEmpty() and not b.isEmpty() and self._same_shape(a, b)

    @staticmethod
    def _same_shape(one: QSize, other: QSize) -> bool:
        proportion = one.width() * other.height() / max(1, one.height() * other.width())
        return abs(proportion - 1) < SAME_SHAPE

    def wanted_size(self, which: int) -> tuple[int, int] | None:
        """The size frames should have, in device pixels; None: their own."""
        size = self.painted_size(which)
        if self._sizes[which].isEmpty() or self.viewport.zoom or size == self._sizes[which]:
            return None
        return size.width(), size.height()

    def scale(self, which: int) -> float:
        """Device pixels per pixel of an item, as shown now."""
        return self.painted_size(which).width() / max(1, self._sizes[which].width())
