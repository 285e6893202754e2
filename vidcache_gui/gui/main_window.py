"""The window: it puts the panes together and decides which page is shown. No logic."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, words
from vidcache_gui.gui.actions import Actions
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.commands import Commands
from vidcache_gui.gui.ingest.activity_line import ActivityLine
from vidcache_gui.gui.ingest.drop_target import DropTarget
from vidcache_gui.gui.library import drag
from vidcache_gui.gui.library.browser import Browser
from vidcache_gui.gui.session import Notice, Session
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.theme import Theme
from vidcache_gui.gui.toast import Toast
from vidcache_gui.gui.top_bar import TopBar
from vidcache_gui.gui.welcome import Welcome

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.gui.ingest.activity_panel import ActivityPanel
    from vidcache_gui.gui.player_page import PlayerPage

log = logging.getLogger(__name__)

DEFAULT_SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """Pages: welcome, library, player. Bars above and below; messages over everything."""

    library_opened = Signal(object)  # Session
    library_failed = Signal(str)

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.settings = settings
        self.theme = theme
        self.session: Session | None = None
        self._background = Background(self)
        self._was_maximized = False
        self.setWindowTitle("VidCache")
        self.resize(*DEFAULT_SIZE)
        self.actions_by_id = Actions(self)
        self.bar = TopBar(self.actions_by_id)
        self.welcome = Welcome()
        self.browser = Browser(settings)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self.browser)
        self.player: PlayerPage | None = None
        self.panel: ActivityPanel | None = None
        self.activity = ActivityLine()
        self._split = self._build()
        self.toast = Toast(self)
        self.drop = DropTarget(self, self._working_background, self._drop_words)
        self.drop.enabled = False
        self.commands = Commands(self)
        self._connect()
        self._restore()
        self.show_welcome()

    def _build(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.pages)
        split.setStretchFactor(0, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (split, 1), (self.activity, 0)):
            column.addWidget(widget, stretch)
        self.setCentralWidget(whole)
        return split

    def _connect(self) -> None:
        actions = self.actions_by_id
        self.welcome.create_requested.connect(self.commands.new_library)
        self.welcome.open_requested.connect(self.commands.open_library)
        self.welcome.library_chosen.connect(self.open_library)
        self.welcome.library_forgotten.connect(self._forget_library)
        self.bar.search.text_searched.connect(self.browser.search)
        self.bar.search.left.connect(self.browser.focus_list)
        self.browser.search_cleared.connect(self.bar.search.clear)
        self.browser.opened.connect(self.play)
        self.drop.dropped.connect(self.commands.add)
        self.toast.undo_requested.connect(self.commands.undo)
        self.activity.panel_requested.connect(lambda: actions["activity"].setChecked(True))
        actions["activity"].toggled.connect(self._show_panel)
        actions["quit"].triggered.connect(self.close)
        actions["back"].triggered.connect(self.show_browser)
        actions["menu"].triggered.connect(self.bar.open_menu)
        actions["find"].triggered.connect(self._find)
        actions["full_screen"].toggled.connect(self._set_full_screen)
        actions["view_grid"].triggered.connect(lambda: self._set_mode("grid"))
        actions["view_list"].triggered.connect(lambda: self._set_mode("list"))
        grid = self.browser.grid
        actions["larger"].triggered.connect(lambda: grid.set_cell_size(grid.cell_size + 32))
        actions["smaller"].triggered.connect(lambda: grid.set_cell_size(grid.cell_size - 32))
        for pane in ("sidebar", "inspector"):
            actions[pane].setChecked(self.settings.shown(pane))
            actions[pane].toggled.connect(lambda on, p=pane: self.browser.toggle(p, on))
        self.theme.changed.connect(self._retint)

    def _restore(self) -> None:
        saved = self.settings.bytes("window")
        if not saved.isEmpty():
            self.restoreGeometry(saved)
        self._set_mode(self.settings.view_mode)

    # A library

    def open_library(self, path: str | Path, *, create: bool = False) -> None:
        """Open a library in the background and show it; the one that was open is closed."""
        folder = Path(path)
        self.welcome.setEnabled(False)

        def work() -> "Library":
            from vidcache_gui.core.library import Library
            from vidcache_gui.interfaces.fetch import fetch

            return Library.open(folder, create=create, gui=True, fetch=fetch)

        self._background.run(Purpose.WORK, work, self.show_library, self._fail_to_open)

    def show_library(self, library: "Library") -> None:
        """Show an open library; from now on it belongs to the window."""
        self.close_library()
        session = Session(library, Background(), self)
        session.background.setParent(session)
        self.session = session
        self.settings.remember_library(library.path)
        self.setWindowTitle(f"{library.name} - VidCache")
        self.bar.show_library(library.name)
        session.noticed.connect(self._show_notice)
        session.undo_changed.connect(self._show_history)
        session.jobs_changed.connect(self.activity.show_jobs)
        session.job_progressed.connect(self.activity.show_progress)
        self.activity.pause_requested.connect(session.pause)
        self.activity.resume_requested.connect(session.resume)
        if self.panel is not None:
            self.panel.set_session(session)
        self.drop.enabled = True
        self.browser.set_session(session)
        self.show_browser()
        session.start()
        self.library_opened.emit(session)

    def close_library(self) -> None:
        """Close the library that is open; its jobs go on when it is opened again."""
        session, self.session = self.session, None
        if session is None:
            return
        if self.player is not None:
            self.player.clear()
        if self.panel is not None:
            self.panel.set_session(None)
        self.activity.pause_requested.disconnect(session.pause)
        self.activity.resume_requested.disconnect(session.resume)
        self.activity.show_jobs([])
        self.browser.clear_session()
        session.close()
        session.deleteLater()
        drag.clear()

    def _fail_to_open(self, error: Exception) -> None:
        self.welcome.setEnabled(True)
        log.warning("the library was not opened: %s", error)
        self.library_failed.emit(str(error))
        self.toast.show_notice(Notice(str(error), problem=True))
        if self.session is None:
            self.show_welcome()

    def _forget_library(self, path: Path) -> None:
        self.settings.forget_library(path)
        self.welcome.show_recent(self.settings.recent_libraries)

    # Pages

    @property
    def on_browser(self) -> bool:
        return self.pages.currentWidget() is self.browser

    @property
    def on_player(self) -> bool:
        return self.player is not None and self.pages.currentWidget() is self.player

    def show_welcome(self) -> None:
        self.welcome.setEnabled(True)
        self.welcome.show_recent(self.settings.recent_libraries)
        self.bar.show_library("")
        self.pages.setCurrentWidget(self.welcome)
        self.welcome.new_button.setFocus()
        self.commands.enable(0)

    def show_browser(self) -> None:
        """Back to the list, with the keyboard where it was."""
        if self.player is not None:
            self.player.clear()
        self.actions_by_id["full_screen"].setChecked(False)
        self.bar.show()
        self.pages.setCurrentWidget(self.browser)
        self.browser.focus_list()
        self.commands.enable(self.browser.selected_count())

    def play(self, item: Item) -> None:
        """Show an item in the player, in place of the list."""
        if self.session is None:
            return
        if self.player is None:
            from vidcache_gui.gui.player_page import PlayerPage

            self.player = PlayerPage()
            self.player.closed.connect(self._leave_player)
            self.player.full_screen_requested.connect(self.actions_by_id["full_screen"].toggle)
            self.pages.addWidget(self.player)
        self.bar.hide()
        self.toast.hide()  # it would lie over the controls
        self.pages.setCurrentWidget(self.player)
        self.player.show_item(self.session, item)
        self.commands.enable(0)

    def _leave_player(self) -> None:
        """Esc leaves full screen first, then the player."""
        full_screen = self.actions_by_id["full_screen"]
        if full_screen.isChecked():
            full_screen.setChecked(False)
        else:
            self.show_browser()

    def _set_full_screen(self, on: bool) -> None:
        if on:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
        elif self._was_maximized:
            self.showMaximized()
        else:
            self.showNormal()
        if self.player is not None:
            self.player.show_bars(not on)
        self.activity.setVisible(not on and bool(self.activity.text))

    def _set_mode(self, mode: str) -> None:
        self.browser.set_mode(mode)
        for name in ("grid", "list"):
            self.actions_by_id[f"view_{name}"].setChecked(name == mode)

    def _find(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def _show_panel(self, shown: bool) -> None:
        if shown and self.panel is None:
            from vidcache_gui.gui.ingest.activity_panel import ActivityPanel

            self.panel = ActivityPanel()
            self.panel.closed.connect(lambda: self.actions_by_id["activity"].setChecked(False))
            self.panel.set_session(self.session)
            self._split.addWidget(self.panel)
            self._split.setStretchFactor(1, 0)
            self._split.setSizes([self.height() - 260, 260])
            if self.session is not None:
                self.session.refresh_jobs()
        if self.panel is not None:
            self.panel.setVisible(shown)

    # News

    def _show_notice(self, notice: Notice) -> None:
        self.toast.bottom_margin = 16 + (self.activity.height() if self.activity.isVisible() else 0)
        self.toast.show_notice(notice)

    def _show_history(self, undo: str, redo: str) -> None:
        for name, label in (("undo", undo), ("redo", redo)):
            action = self.actions_by_id[name]
            action.setText(f"{name.capitalize()} {label}".strip())
            action.setEnabled(bool(label))

    def drop_place(self) -> tuple[str, str]:
        """(bucket, prefix) for what is added now: where the sidebar stands."""
        place = self.browser.sidebar.place
        if place.name == "bucket":
            return place.bucket, place.prefix
        return self.settings.default_bucket, ""

    def _drop_words(self) -> str:
        return words.item_place(*self.drop_place())

    def _working_background(self) -> Background:
        return self.session.background if self.session is not None else self._background

    def _retint(self) -> None:
        icons.retint(self)
        for widget in self.findChildren(QWidget):
            widget.update()

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_bytes("window", self.saveGeometry())
        self.browser.save()
        self.settings.sync()
        self.hide()  # at once; letting go of running work may take a moment
        self.toast.hide()
        self.close_library()
        self._background.close()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self.isFullScreen():
            action = self.actions_by_id["full_screen"]
            if action.isChecked():
                QTimer.singleShot(0, action, lambda: action.setChecked(False))
