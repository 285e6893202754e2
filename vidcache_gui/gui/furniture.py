"""The parts of the window that are built after it has been painted for the first time."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from vidcache_gui.gui.commands import Commands
from vidcache_gui.gui.ingest.activity_line import ActivityLine
from vidcache_gui.gui.ingest.drop_target import DropTarget
from vidcache_gui.gui.library.browser import Browser
from vidcache_gui.gui.remotes.door import RemotesDoor
from vidcache_gui.gui.serving.room import ServingRoom
from vidcache_gui.gui.toast import Toast
from vidcache_gui.gui.welcome import Welcome

if TYPE_CHECKING:
    from vidcache_gui.gui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Furniture:
    welcome: Welcome
    browser: Browser
    activity: ActivityLine
    toast: Toast
    drop: DropTarget
    commands: Commands
    serving: ServingRoom
    remotes: RemotesDoor


def build(window: "MainWindow") -> Furniture:
    browser = Browser(window.settings)
    drop = DropTarget(window, window.working_background, window.drop_words)
    drop.enabled = False
    return Furniture(
        Welcome(), browser, ActivityLine(), Toast(window), drop, Commands(window, browser),
        ServingRoom(window), RemotesDoor(window, browser),
    )  # fmt: skip


def connect(window: "MainWindow", made: Furniture) -> None:
    """Wire the parts to each other; none of them knows the others."""
    actions, browser, commands = window.actions_by_id, made.browser, made.commands
    made.welcome.create_requested.connect(commands.new_library)
    made.welcome.open_requested.connect(commands.open_library)
    made.welcome.library_chosen.connect(window.open_library)
    made.welcome.library_forgotten.connect(window.forget_library)
    window.bar.search.text_searched.connect(browser.search)
    window.bar.search.left.connect(browser.focus_list)
    browser.search_cleared.connect(window.bar.search.clear)
    browser.opened.connect(window.play)
    made.drop.dropped.connect(commands.add)
    made.toast.undo_requested.connect(commands.undo)
    made.activity.panel_requested.connect(lambda: actions["activity"].setChecked(True))
    actions["serve"].triggered.connect(made.serving.open)
    actions["activity"].toggled.connect(window.show_panel)
    actions["quit"].triggered.connect(window.close)
    actions["back"].triggered.connect(window.go_back)
    actions["menu"].triggered.connect(window.bar.open_menu)
    actions["find"].triggered.connect(partial(_find, window, made))
    actions["full_screen"].toggled.connect(window.set_full_screen)
    for mode in ("grid", "list"):
        actions[f"view_{mode}"].triggered.connect(partial(_show_list, window, mode))
    grid = browser.grid
    actions["larger"].triggered.connect(lambda: grid.set_cell_size(grid.cell_size + 32))
    actions["smaller"].triggered.connect(lambda: grid.set_cell_size(grid.cell_size - 32))
    for pane in ("sidebar", "inspector"):
        actions[pane].setChecked(window.settings.shown(pane))
        actions[pane].toggled.connect(partial(browser.toggle, pane))
    names = ("open", "export", "copy", "reveal", "remove")
    browser.inspector.set_actions(actions.dressed(name) for name in names)
    inspector = browser.inspector
    inspector.same.play_requested.connect(window.play)
    inspector.same.compare_requested.connect(lambda shown, at: window.desk.compare(shown, at))
    inspector.same.more_requested.connect(commands.find_similar)
    window.theme.changed.connect(window.retint)


def _find(window: "MainWindow", made: Furniture) -> None:
    if not made.remotes.find():
        window.focus_search()


def _show_list(window: "MainWindow", mode: str) -> None:
    window.set_mode(mode)
    window.browser.return_to_list()
