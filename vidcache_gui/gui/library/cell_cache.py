"""Painted cells, kept: scrolling copies pixels instead of scaling pictures and shaping text."""

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPixmap

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme
from vidcache_gui.gui.library.cell import CellState, Look, paint_cell

BUDGET = 48_000_000  # bytes: about 400 cells of the usual size


@dataclass(slots=True)
class _Painted:
    item: Item
    poster: int  # which image, by its cache key
    absent: bool
    pixmap: QPixmap

    @property
    def nbytes(self) -> int:
        return self.pixmap.width() * self.pixmap.height() * 4


class CellCache:
    """Still cells by item id, for one cell size, theme and pixel ratio at a time."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._cells: OrderedDict[int, _Painted] = OrderedDict()
        self._bytes = 0
        self._look: tuple[int, int, float, bool] | None = None

    def pixmap(
        self,
        item: Item,
        poster: QImage | None,
        absent: bool,
        size: QSize,
        picture_height: int,
        look: Look,
    ) -> QPixmap:
        """The cell as it looks at rest, painted now or before."""
        self._check_look((size.width(), size.height(), look.dpr, theme.tokens().dark))
        key = poster.cacheKey() if poster is not None else 0
        known = self._cells.get(item.id)
        if known is not None:
            if known.item is item and known.poster == key and known.absent == absent:
                self._cells.move_to_end(item.id)
                return known.pixmap
            self._bytes -= self._cells.pop(item.id).nbytes
        pixmap = _paint(item, poster, absent, size, picture_height, look)
        painted = _Painted(item, key, absent, pixmap)
        self._cells[item.id] = painted
        self._bytes += painted.nbytes
        while self._bytes > self._budget and len(self._cells) > 1:
            self._bytes -= self._cells.popitem(last=False)[1].nbytes
        return pixmap

    def clear(self) -> None:
        self._cells.clear()
        self._bytes = 0

    def _check_look(self, look: tuple[int, int, float, bool]) -> None:
        if look != self._look:
            self._look = look
            self.clear()


def _paint(
    item: Item,
    poster: QImage | None,
    absent: bool,
    size: QSize,
    picture_height: int,
    look: Look,
) -> QPixmap:
    pixmap = QPixmap(size * look.dpr)
    pixmap.setDevicePixelRatio(look.dpr)
    pixmap.fill(theme.color("window"))  # opaque: copied, not blended
    p = QPainter(pixmap)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    cell = QRect(0, 0, size.width(), size.height())
    picture = QRect(0, 0, size.width(), picture_height)
    paint_cell(p, cell, picture, item, poster, None, CellState(), look, absent=absent)
    p.end()
    return pixmap
