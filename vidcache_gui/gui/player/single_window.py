"""A window with one view and nothing else, and running the program for it alone."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from vidcache_gui.errors import UserError


class SingleWindow(QWidget):
    """Escape leaves full screen, then closes."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def set_memory(self, megabytes: int) -> None:
        """For decoded frames; 0: as this machine allows."""

    def let_go(self) -> None:
        """Stop what runs for the view; the window closes, or the program ends."""

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave(self) -> None:
        if self.isFullScreen():
            self.toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.let_go()
        super().closeEvent(event)


W = TypeVar("W", bound=SingleWindow)


def run_window(make: Callable[[], W], begin: Callable[[W], None]) -> int:
    """Show a window until it is closed; the exit code. ``begin`` gives it what to show."""
    from vidcache_gui.gui.app import collect_on_main_thread, make_app
    from vidcache_gui.gui.icons import app_icon, retint
    from vidcache_gui.gui.settings import Settings
    from vidcache_gui.gui.theme import Theme

    app = QApplication.instance() or make_app()
    assert isinstance(app, QApplication)
    collector = collect_on_main_thread(app)
    settings = Settings()
    theme = Theme(app, settings.scheme)
    theme.apply()
    window = make()
    window.set_memory(settings.player_mb)
    window.setWindowIcon(app_icon())
    theme.changed.connect(lambda: retint(window))
    window.show()
    begin(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    code = app.exec()
    collector.stop()
    window.let_go()
    return code


def check_display() -> None:
    """Qt ends the program when there is no display; say it in words before that."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise UserError(
            "There is no display to open a window on. Use --output to write an animation or "
            "its frames instead."
        )
