"""Where the two pictures lie: panes, and one zoom and pan for both. Arithmetic, no widget.

Zoom and pan are those of a *reference* ground on which both lie, as large as the finer of the two
needs it: a match says where each lies, else each is fitted into it. So the same detail of both
lies at the same place of its pane, whatever their sizes, and 100 % means the pixels of the finer.
"""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

from vidcache_gui.gui.compare.laying import as_they_are, laid_over, turned_size
from vidcache_gui.gui.player.viewport import Viewport
from vidcache_gui.matching.records import Transform

GAP = 2  # logical pixels between two panes


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
        self._transform: Transform | None = None
        self._laid = True
        self._laying = as_they_are(*self._sizes)
        self._area = QSize()
        self._ratio = 1.0

    @property
    def sizes(self) -> tuple[QSize, QSize]:
        """Of the two items, as shown; empty where one has no picture."""
        return self._sizes

    @property
    def transform(self) -> Transform | None:
        """What is done to B's picture before it is painted; None: nothing."""
        return self._transform if self._laid else None

    @property
    def can_lay(self) -> bool:
        """Whether there is a match that says where they lie over each other."""
        return self._transform is not None

    @property
    def is_laid(self) -> bool:
        return self._laid and self.can_lay

    def set_sizes(self, a: QSize, b: QSize, transform: Transform | None = None) -> None:
        """Two other items, fitted. ``transform``: how a match lays B over A."""
        self._sizes, self._transform = (a, b), transform
        self._lay()

    def set_transform(self, transform: Transform | None) -> bool:
        """The same items at another stretch; whether it is laid otherwise there."""
        if transform == self._transform:
            return False
        self._transform = transform
        self._lay()
        return True

    def set_laid(self, laid: bool) -> None:
        """Over each other as the match says, or as they are."""
        self._laid = laid
        self._lay()

    def _lay(self) -> None:
        before = self._laying.full
        transform = self.transform
        self._laying = (
            as_they_are(*self._sizes) if transform is None else laid_over(*self._sizes, transform)
        )
        if self._laying.full != before or self.viewport.full.isEmpty():
            self.viewport.set_full(self._laying.full.width(), self._laying.full.height())
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
        target, ratio, spot = self.viewport.target(), self._ratio, self._laying.spots[which]
        size = self.painted_size(which)
        centre = (
            target.left() + spot.center().x() * target.width(),
            target.top() + spot.center().y() * target.height(),
        )
        width, height = size.width() / ratio, size.height() / ratio
        left = round((centre[0] - width / 2) * ratio) / ratio
        top = round((centre[1] - height / 2) * ratio) / ratio
        return QRectF(left, top, width, height)

    def common(self) -> QRectF:
        """Where in a pane both pictures are said to be the same."""
        a, b, target = self.picture(0), self.picture(1), self.viewport.target()
        part = self._laying.common
        place = QRectF(
            target.left() + part.left() * target.width(),
            target.top() + part.top() * target.height(),
            part.width() * target.width(), part.height() * target.height(),
        )  # fmt: skip
        both = a.intersected(b)
        return both.intersected(place) if self.is_laid else both

    def painted_size(self, which: int) -> QSize:
        """In device pixels, upright as it is painted."""
        whole, spot = self.viewport.painted_size(), self._laying.spots[which]
        return QSize(
            max(1, round(whole.width() * spot.width())),
            max(1, round(whole.height() * spot.height())),
        )

    @property
    def alike(self) -> bool:
        """Whether the two cover each other, so that their pixels can be compared."""
        return self._laying.alike

    def wanted_size(self, which: int) -> tuple[int, int] | None:
        """The size frames should have, in device pixels; None: their own."""
        own, size = self._sizes[which], self.painted_size(which)
        if which == 1:
            size = turned_size(size, self.transform)
        if own.isEmpty() or self.viewport.zoom or size == own:
            return None
        return size.width(), size.height()

    def scale(self, which: int) -> float:
        """Device pixels per pixel of an item, as shown now."""
        own = self._sizes[which]
        if which == 1:
            own = turned_size(own, self.transform)
        return self.painted_size(which).width() / max(1, own.width())

    def copy_for(self, a: QSize, b: QSize, transform: Transform | None) -> "Stage":
        """How two other items would be shown, in the same room."""
        made = Stage()
        made.mode, made.upright, made._laid = self.mode, self.upright, self._laid
        made.set_area(self._area, self._ratio)
        made.set_sizes(a, b, transform)
        return made
