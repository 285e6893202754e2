"""The one bar: menu, where one is, search, shapes, add."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.actions import Actions
from vidcache_gui.gui.library.search_bar import SearchBar
from vidcache_gui.gui.parts import ElidedLabel, action_button

MENU: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Library",
        (
            "new_library",
            "open_library",
            "-",
            "add_files",
            "add_folder",
            "add_link",
            "-",
            "run_manifest",
            "-",
            "find_like_file",
            "find_like_picture",
            "-",
            "synchronise",
            "serve",
            "add_remote",
        ),
    ),
    (
        "Edit",
        ("undo", "redo", "-", "paste", "select_all", "-", "rename", "add_tag", "remove"),
    ),
    (
        "Item",
        (
            "open",
            "compare",
            "-",
            "find_similar",
            "explain",
            "-",
            "export",
            "push",
            "pull",
            "copy",
            "copy_hash",
            "reveal",
            "-",
            "restore",
            "empty_trash",
        ),
    ),
    (
        "View",
        (
            "view_grid",
            "view_list",
            "same_footage",
            "review",
            "-",
            "larger",
            "smaller",
            "-",
            "sidebar",
            "inspector",
            "activity",
            "-",
            "full_screen",
        ),
    ),
)
MENU_END = ("-", "preferences", "shortcuts", "about", "-", "quit")


class TopBar(QWidget):
    title_pressed = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(52)
        self._actions = actions
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self._menu_button = QToolButton()
        icons.dress(self._menu_button, "menu")
        self._menu_button.setToolTip("Menu (F10)")
        self._menu_button.setAccessibleName("Menu")
        self._menu_button.setMenu(self.menu)
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name = ElidedLabel()
        self._name.setFont(theme.font(theme.BODY, medium=True))
        self._name.setMinimumWidth(120)
        self._name.setMaximumWidth(240)
        self.search = SearchBar()
        self._add = QToolButton()
        self._add.setText("Add")
        self._add.setProperty("primary", True)
        icons.dress(self._add, "add", "accent_text")
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add.setToolTip("Add files, folders or links (Ctrl+I)")
        self._add.setAccessibleName("Add")
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add_menu = QMenu(self)
        self._add_menu.aboutToShow.connect(self._fill_add_menu)
        self._add.setMenu(self._add_menu)
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        across = QHBoxLayout(self)
        across.setContentsMargins(10, 0, 12, 0)
        across.setSpacing(4)
        across.addWidget(self._menu_button)
        across.addSpacing(4)
        across.addWidget(self._name, 2)
        across.addStretch(1)
        across.addWidget(self.search, 6)
        across.addStretch(1)
        self._tools = [
            action_button(actions.dressed(id)) for id in ("view_grid", "view_list", "inspector")
        ]
        for tool in self._tools:
            across.addWidget(tool)
        across.addSpacing(8)
        across.addWidget(self._add)
        self.show_library("")

    def show_library(self, name: str) -> None:
        """Name the open library; without one only the menu is of use."""
        self._name.setText(name or "VidCache")
        for widget in (self.search, self._add, *self._tools):
            widget.setVisible(bool(name))

    def open_menu(self) -> None:
        self._menu_button.showMenu()

    def _fill_menu(self) -> None:
        if not self.menu.isEmpty():
            return
        for title, ids in MENU:
            below = self.menu.addMenu(title)
            self._actions.fill(below, ids)
        self._actions.fill(self.menu, MENU_END)

    def _fill_add_menu(self) -> None:
        if self._add_menu.isEmpty():
            self._actions.fill(
                self._add_menu, ("add_files", "add_folder", "add_link", "-", "paste")
            )
