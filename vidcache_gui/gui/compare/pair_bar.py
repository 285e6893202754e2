"""The time bar of a pair: besides the playhead, which part of it each of the two has."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.cache import Run
from vidcache_gui.gui.player.time_bar import TimeBar

THICK = 2  # px, of the line over what A has and the one under what B has
AWAY = 4  # px, from the groove


class PairBar(TimeBar):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pair of frames")
        self.setAccessibleDescription(
            "Drag to any pair; the line above is what A has, the one below what B has"
        )
        self._spans: tuple[Run, Run] = ((0, -1), (0, -1))

    def sizeHint(self) -> QSize:
        return QSize(200, 32)

    def show_spans(self, a: Run, b: Run) -> None:
        """First and last place of each; the last before the first: nothing."""
        self._spans = (a, b)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        groove = self._groove()
        tops = (groove.top() - AWAY - THICK, groove.bottom() + AWAY)
        for (first, last), top in zip(self._spans, tops, strict=True):
            if last >= first:
                left, right = self._left_of(first), self._left_of(last + 1)
                painter.drawRoundedRect(QRectF(left, top, right - left, THICK), 1, 1)
