"""Every action of the window in one table: what menus, bars and the key sheet show."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from vidcache_gui.gui import icons


@dataclass(frozen=True, slots=True)
class Spec:
    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""  # more than the text says; shown on hover
    group: str = "Library"  # heading on the key sheet
    checkable: bool = False


SPECS: tuple[Spec, ...] = (
    Spec("new_library", "New library…", ("Ctrl+Shift+N",), "library"),
    Spec("open_library", "Open library…", ("Ctrl+O",), "reveal"),
    Spec("add_files", "Add files…", ("Ctrl+I",), "add", "Bring videos, GIFs and frames in"),
    Spec("add_folder", "Add folder…", ("Ctrl+Shift+I",), "folder"),
    Spec("add_link", "Add link…", ("Ctrl+L",), "link", "Download from an address"),
    Spec(
        "run_manifest",
        "Run a manifest…",
        ("Ctrl+Shift+M",),
        "list",
        "Put, fetch, export, tag or delete many things from a CSV or JSON lines file",
    ),
    Spec("paste", "Paste files or links", ("Ctrl+V",), "drop"),
    Spec(
        "find_like_file",
        "Find footage like a file…",
        ("Ctrl+Shift+L",),
        "same",
        "Compare a file that need not be in the library",
    ),
    Spec(
        "find_like_picture",
        "Find footage like the picture on the clipboard",
        ("Ctrl+Shift+V",),
        "image",
    ),
    Spec(
        "serve",
        "Local server…",
        ("Ctrl+Shift+S",),
        "server",
        "Let other programs use this library",
    ),
    Spec(
        "add_remote",
        "Add a remote…",
        ("Ctrl+Shift+A",),
        "server",
        "Another server: look at what it has, play it, copy both ways",
    ),
    Spec(
        "synchronise",
        "Synchronise…",
        ("Ctrl+Shift+Y",),
        "swap",
        "Make this library and another one, a folder or a server hold the same",
    ),
    Spec("activity", "Activity", ("Ctrl+J",), "recent", "What is being done", checkable=True),
    Spec("preferences", "Preferences…", ("Ctrl+,",), "settings"),
    Spec("quit", "Quit", ("Ctrl+Q",)),
    Spec("undo", "Undo", ("Ctrl+Z",), "undo", group="Edit"),
    Spec("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", group="Edit"),
    Spec("select_all", "Select all", ("Ctrl+A",), group="Edit"),
    Spec("find", "Search", ("Ctrl+F", "/"), "search", group="View"),
    Spec("view_grid", "Grid", ("Ctrl+1",), "grid", group="View", checkable=True),
    Spec("view_list", "List", ("Ctrl+2",), "list", group="View", checkable=True),
    Spec(
        "same_footage",
        "Same footage",
        ("Ctrl+3",),
        "same",
        "What shows the same as something else",
        group="View",
    ),
    Spec(
        "review",
        "Review",
        ("Ctrl+R",),
        "compare",
        "Decide about what shows the same, pair by pair",
        group="View",
    ),
    Spec("larger", "Larger pictures", ("Ctrl++", "Ctrl+="), "add", group="View"),
    Spec("smaller", "Smaller pictures", ("Ctrl+-",), "minus", group="View"),
    Spec("sidebar", "Sidebar", ("F9",), "sidebar", group="View", checkable=True),
    Spec("inspector", "Inspector", ("Alt+Return",), "inspector", group="View", checkable=True),
    Spec("full_screen", "Full screen", ("F11",), group="View", checkable=True),
    Spec("menu", "Menu", ("F10",), "menu", group="View"),
    Spec("back", "Back to the library", ("Alt+Left",), "back", group="View"),
    Spec("open", "Play", (), "play", "Enter or Space", group="Item"),
    Spec(
        "compare",
        "Compare",
        ("Ctrl+D",),
        "compare",
        "Two selected items, frame by frame",
        group="Item",
    ),
    Spec(
        "find_similar",
        "Find same footage",
        ("Ctrl+Shift+F",),
        "same",
        "What shows the same as this, whatever was done to it",
        group="Item",
    ),
    Spec(
        "explain",
        "Why do these match?",
        ("Ctrl+Shift+D",),
        "info",
        "Two selected items: why they match, or why not",
        group="Item",
    ),
    Spec("rename", "Rename", ("F2",), "rename", group="Item"),
    Spec("add_tag", "Add tag", ("Ctrl+T",), "tag", group="Item"),
    Spec(
        "export", "Export…", ("Ctrl+E",), "export", "Write the original to a folder", group="Item"
    ),
    Spec(
        "export_frames",
        "Export frames…",
        ("Ctrl+Shift+E",),
        "frames",
        "A range as GIF, WebP, MP4, pictures, or a new item",
        group="Item",
    ),
    Spec(
        "pull",
        "Copy to the library",
        ("Ctrl+B",),
        "drop",
        "What is selected on a remote",
        group="Item",
    ),
    Spec(
        "push",
        "Copy to a remote…",
        ("Ctrl+Shift+B",),
        "server",
        "Send what is selected to another server",
        group="Item",
    ),
    Spec("copy", "Copy file", ("Ctrl+C",), "copy", group="Item"),
    Spec("copy_hash", "Copy hash", ("Ctrl+Shift+C",), group="Item"),
    Spec("reveal", "Show in file manager", ("Ctrl+Shift+R",), "reveal", group="Item"),
    Spec("remove", "Move to trash", ("Del",), "trash", group="Item"),
    Spec(
        "restore", "Restore", ("Ctrl+Shift+Del",), "restore", "Take out of the trash", group="Item"
    ),
    Spec("empty_trash", "Empty trash…", (), "trash", group="Item"),
    Spec("shortcuts", "Keyboard shortcuts", ("F1", "?"), "keyboard", group="Help"),
    Spec("about", "About VidCache", (), "about", group="Help"),
)
BY_ID = {spec.id: spec for spec in SPECS}
UNLISTED_KEYS = (  # handled by the views themselves; for the key sheet
    ("Item", "Play", "Enter, Space, double click"),
    ("Item", "Go to a name", "Type its first letters"),
    ("View", "Change picture size", "Ctrl+wheel"),
    ("View", "Leave the player", "Esc"),
    ("Edit", "Select a range", "Shift+arrows, Shift+click"),
    ("Edit", "Select one more", "Ctrl+click"),
    ("Review", "Keep A, keep B", "1, 2"),
    ("Review", "Keep A alone, keep B alone, of a group", "Shift+1, Shift+2"),
    ("Review", "Keep both, not a match, keep linked", "3, 4, 5"),
    ("Review", "Keep all of the group, none of it matches", "Shift+3, Shift+4"),
    ("Review", "Skip", "S"),
    ("Review", "Next or previous group", "Ctrl+↓, Ctrl+↑"),
    ("Review", "Next item of a group", "X"),
    ("Same footage", "Side by side", "Enter, click on the map"),
    ("Same footage", "Not a match (again: take back)", "N"),
    ("Same footage", "Keep both (again: take back)", "K"),
    ("Same footage", "Why", "W"),
    ("Same footage", "Stretch by stretch", "← →"),
)


class Actions:
    """The window's QActions by id. Icons are drawn when a menu or bar first shows them."""

    def __init__(self, owner: QWidget) -> None:
        self._actions = {spec.id: self._make(spec, owner) for spec in SPECS}
        owner.addActions(list(self._actions.values()))

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def dressed(self, id: str) -> QAction:
        """The action with its icon drawn."""
        action, spec = self._actions[id], BY_ID[id]
        if spec.icon and action.icon().isNull():
            icons.dress(action, spec.icon)
        return action

    def fill(self, menu: QMenu, ids: Iterable[str]) -> None:
        """Put actions into a menu; "-" is a separator."""
        for id in ids:
            if id == "-":
                menu.addSeparator()
            else:
                menu.addAction(self.dressed(id))

    def enable(self, ids: Iterable[str], enabled: bool) -> None:
        for id in ids:
            self._actions[id].setEnabled(enabled)

    def _make(self, spec: Spec, owner: QWidget) -> QAction:
        action = QAction(spec.text, owner)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setCheckable(spec.checkable)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = spec.text.removesuffix("…")
        tip = f"{words}: {spec.tip}" if spec.tip else words
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        return action
