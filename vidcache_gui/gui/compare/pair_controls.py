"""The player's row of controls, with what means something for a pair."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from vidcache_gui.gui.player.controls import Controls


class PairControls(Controls):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption.setText("A")
        self.number.setAccessibleName("Frame of A")
        self.number.setToolTip("Click and type a frame of A (120), a time (1:02.5) or 50% (G)")
        self.time.setToolTip("When this frame of A appears")
        menu = QMenu(self.more)
        self.every_pair = QAction("Show every pair, even if late", menu, checkable=True)
        self.copy = QAction("Copy picture (C)", menu)
        self.save = QAction("Save picture… (Ctrl+S)", menu)
        menu.addAction(self.every_pair)
        menu.addSeparator()
        menu.addActions([self.copy, self.save])
        self.more.setMenu(menu)
        self.show_parts(moves=True, group=False, animation=False)

    def show_parts(self, *, moves: bool, group: bool, animation: bool) -> None:
        """Bookmarks and exports belong to one item."""
        super().show_parts(moves=moves, group=group, animation=animation)
        single = {self.bookmark, self.export}
        self._absent |= single
        for part in single:
            part.hide()
        self._give_way()
