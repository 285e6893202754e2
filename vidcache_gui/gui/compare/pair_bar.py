"""The time bar of a pair."""

from PySide6.QtWidgets import QWidget

from vidcache_gui.gui.player.time_bar import TimeBar


class PairBar(TimeBar):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pair of frames")
        self.setAccessibleDescription("Drag to any pair; the wheel steps")
