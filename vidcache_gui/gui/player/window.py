"""A window with nothing but the player: what ``vidcache play`` and ``get-frames`` open."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Changes, Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.player.keeper import Keeper
from vidcache_gui.gui.player.view import PlayerView


class PlayerWindow(QWidget):
    """Plays one item; Escape leaves full screen, then closes. Hosts exports of it."""

    closing = Signal()
    library: Library

    def __init__(self) -> None:
        super().__init__()
        self.view = PlayerView(self)
        self.background = Background(self)
        self.keeper = Keeper(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.close_requested.connect(self._leave)
        self.view.full_screen_requested.connect(self._toggle_full_screen)
        self.view.export_requested.connect(self._export)
        self.resize(1000, 700)

    def play(self, library: Library, item: Item, delay_ms: float | None = None) -> None:
        self.library = library
        self.setWindowTitle(item.name)
        as_stored = delay_ms is None
        self.view.show_item(item, lambda: library.open_source(item, delay_ms, as_stored=as_stored))
        self.view.show_strip(library.strip(item))
        self.keeper.show(library, item, self.background, self._change)
        self.view.setFocus()

    def _change(self, work: Callable[[], Changes]) -> None:
        self.background.run(Purpose.CATALOG, work, self.keeper.reload, self.report)

    def report(self, error: Exception) -> None:
        self.view.say(str(error))

    def look_for_changes(self) -> None:
        """Nothing here shows what else is in the library."""

    def _export(self, first: int, last: int) -> None:
        from vidcache_gui.gui.export.dialog import ExportDialog

        if self.view.item is not None:
            ExportDialog.for_item(self, self.view.item, first, last, parent=self).open()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self.keeper.clear()
        self.view.shut_down()
        self.background.close()
        super().closeEvent(event)


def run_player(library_path: Path, item_id: int, delay_ms: float | None = None) -> int:
    """Open a player window and run until it is closed; the exit code.

    ``delay_ms``: of every frame of a group, instead of what is stored. A delay chosen in
    the window is kept with the group. Raises UserError when there is no display, no such
    library or no such item.
    """
    check_display()
    with Library.open(library_path, create=False) as library:
        found = library.items([item_id])
        if not found:
            raise UserError("This item is no longer in the library.")
        return _run(library, found[0], delay_ms)


def _run(library: Library, item: Item, delay_ms: float | None) -> int:
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
    window = PlayerWindow()
    window.view.set_memory(settings.player_mb)
    window.setWindowIcon(app_icon())
    theme.changed.connect(lambda: retint(window))
    window.play(library, item, delay_ms)
    window.show()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    code = app.exec()
    collector.stop()
    window.view.shut_down()
    window.background.close()
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
