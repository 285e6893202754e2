"""A window with nothing but the player: what ``vidcache play`` and ``get-frames`` open."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Changes, Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.player.keeper import Keeper
from vidcache_gui.gui.player.single_window import SingleWindow, check_display, run_window
from vidcache_gui.gui.player.view import PlayerView


class PlayerWindow(SingleWindow):
    """Plays one item; Escape leaves full screen, then closes. Hosts exports of it."""

    closing = Signal()
    library: Library

    def __init__(self) -> None:
        super().__init__()
        self.view = PlayerView(self)
        self.background = Background(self)
        self.keeper = Keeper(self.view)
        self._layout.addWidget(self.view)
        self.view.close_requested.connect(self.leave)
        self.view.full_screen_requested.connect(self.toggle_full_screen)
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

    def set_memory(self, megabytes: int) -> None:
        self.view.set_memory(megabytes)

    def let_go(self) -> None:
        self.closing.emit()
        self.keeper.clear()
        self.view.shut_down()
        self.background.close()


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
        return run_window(PlayerWindow, lambda window: window.play(library, found[0], delay_ms))
