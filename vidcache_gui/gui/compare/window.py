"""A window with nothing but a comparison: what ``vidcache play A --against B`` opens."""

from pathlib import Path

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.compare.pair import Alignment
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.player.single_window import SingleWindow, check_display, run_window


class CompareWindow(SingleWindow):
    """Two items; Escape leaves full screen, then closes."""

    def __init__(self) -> None:
        super().__init__()
        self.view = CompareView(self)
        self.view.head.back.hide()
        self._layout.addWidget(self.view)
        self.view.close_requested.connect(self.leave)
        self.view.full_screen_requested.connect(self.toggle_full_screen)
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

    def set_memory(self, megabytes: int) -> None:
        self.view.set_memory(megabytes)

    def let_go(self) -> None:
        self.view.shut_down()

    def toggle_full_screen(self) -> None:
        super().toggle_full_screen()
        self.view.show_bars(not self.isFullScreen())


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
        a, b, alignment = found[first], found[second], Alignment(offset, rate)
        return run_window(
            CompareWindow, lambda window: window.compare(library, a, b, alignment, delay_ms)
        )
