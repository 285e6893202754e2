"""A window with nothing but the player: what ``vidcache play`` and ``get-frames`` open."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.gui import icons
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.theme import Theme


class PlayerWindow(QWidget):
    """Plays one item; Escape leaves full screen, then closes."""

    def __init__(self) -> None:
        super().__init__()
        self.view = PlayerView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.close_requested.connect(self._leave)
        self.view.full_screen_requested.connect(self._toggle_full_screen)
        self.resize(1000, 680)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: object) -> None:
        self.view.clear()


def run_player(library_path: Path, item_id: int, delay_ms: float | None = None) -> int:
    """Open a player window and run until it is closed; the exit code.

    Raises UserError when there is no display, no such library or no such item.
    """
    check_display()
    with Library.open(library_path, create=False) as library:
        (item,) = library.items([item_id]) or [None]
        if item is None:
            raise UserError("This item is no longer in the library.")
        app = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        Theme(app).apply()
        window = PlayerWindow()
        window.setWindowTitle(f"{item.name} – VidCache")
        window.setWindowIcon(icons.app_icon())
        window.view.show_item(item, lambda: library.open_source(item), delay_ms=delay_ms)
        window.show()
        window.view.setFocus()
        return app.exec()


def check_display() -> None:
    """Qt ends the program when there is no display; say it in words before that."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise UserError(
            "There is no display to open a window on. Use --output to write an animation or "
            "its frames instead."
        )
