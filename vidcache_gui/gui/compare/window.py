"""A window with nothing but a comparison: what ``vidcache play A --against B`` opens."""

import signal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.compare.pair import Alignment
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.player.window import check_display


class CompareWindow(QWidget):
    """Escape leaves full screen, then closes."""

    def __init__(self) -> None:
        super().__init__()
        self.view = CompareView(self)
        self.view.head.back.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.close_requested.connect(self._leave)
        self.view.full_screen_requested.connect(self._toggle_full_screen)
        self.resize(1200, 760)

    def compare(
        self,
        library: Library,
        a: Item,
        b: Item,
        alignment: Alignment,
        delay_ms: float | None = None,
    ) -> None:
        self.setWindowTitle(f"{a.name} and {b.name}")
        sources = (
            lambda: library.open_source(a, delay_ms),
            lambda: library.open_source(b, delay_ms),
        )
        self.view.show_items((a, b), sources, alignment)
        self.view.setFocus()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.view.show_bars(not self.isFullScreen())

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.view.shut_down()
        super().closeEvent(event)


def run_comparison(
    library_path: Path,
    first: int,
    second: int,
    offset: float = 0.0,
    rate: float = 1.0,
    delay_ms: float | None = None,
) -> int:
    """Open a window that compares two items and run until it is closed; the exit code.

    ``offset``: the second of the second item that belongs to the start of the first;
    ``rate``: how many of its seconds pass in one of the first; ``delay_ms``: of every frame
    of a group, instead of what is stored. Raises UserError when there
    is no display, no such library or no such item.
    """
    check_display()
    with Library.open(library_path, create=False) as library:
        found = {item.id: item for item in library.items([first, second])}
        if first not in found or second not in found:
            raise UserError("One of these items is no longer in the library.")
        pair = found[first], found[second]
        return _run(library, pair, Alignment(offset, rate), delay_ms)


def _run(
    library: Library, pair: tuple[Item, Item], alignment: Alignment, delay_ms: float | None
) -> int:
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
    window = CompareWindow()
    window.view.set_memory(settings.player_mb)
    window.setWindowIcon(app_icon())
    theme.changed.connect(lambda: retint(window))
    window.show()
    window.compare(library, *pair, alignment, delay_ms)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    code = app.exec()
    collector.stop()
    window.view.shut_down()
    return code
