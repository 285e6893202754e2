"""Over the map: how much is shared, in words, and the way from difference to difference."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import ElidedLabel, label
from vidcache_gui.gui.player.time_bar import MARGIN

WAYS = (  # (steps, words, what it does)
    (0, "First", "The first difference (Shift+N)"),
    (-1, "Previous", "The difference before this (P)"),
    (1, "Next", "The next difference (N)"),
)


class MapRow(QWidget):
    wanted = Signal(int)  # a difference: the next (1), the one before (-1), the first (0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 2, MARGIN, 0)
        row.setSpacing(2)
        self.summary = ElidedLabel()
        self.summary.setFont(theme.font(theme.SMALL, tabular=True))
        self.summary.setProperty("muted", True)
        row.addWidget(self.summary, 1)
        self.status = label("", theme.SMALL)
        self.status.setFont(theme.font(theme.SMALL, tabular=True))
        self.status.setAccessibleName("Search for differences")
        row.addWidget(self.status)
        row.addSpacing(12)
        row.addWidget(label("Difference", theme.SMALL, muted=True))
        row.addSpacing(4)
        self.ways: dict[int, QToolButton] = {}
        for steps, words, tip in WAYS:
            button = QToolButton()
            button.setText(words)
            button.setFont(theme.font(theme.SMALL))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, steps=steps: self.wanted.emit(steps))
            self.ways[steps] = button
            row.addWidget(button)

    def show_summary(self, text: str) -> None:
        self.summary.setText(text)

    def show_status(self, text: str) -> None:
        self.status.setText(text)
