"""The window: it puts the panes together and decides which page is shown. No logic."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from vidcache_gui.gui import icons
from vidcache_gui.gui.actions import Actions
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.review.room import ReviewRoom
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.theme import Theme
from vidcache_gui.gui.top_bar import TopBar

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item
    from vidcache_gui.gui.commands import Commands
    from vidcache_gui.gui.compare.view import CompareView
    from vidcache_gui.gui.furniture import Furniture
    from vidcache_gui.gui.ingest.activity_line import ActivityLine
    from vidcache_gui.gui.ingest.activity_panel import ActivityPanel
    from vidcache_gui.gui.ingest.drop_target import DropTarget
    from vidcache_gui.gui.library.browser import Browser
    from vidcache_gui.gui.player_page import PlayerPage
    from vidcache_gui.gui.serving.room import ServingRoom
    from vidcache_gui.gui.session import Notice, Session
    from vidcache_gui.gui.similar.desk import Desk
    from vidcache_gui.gui.toast import Toast
    from vidcache_gui.gui.welcome import Welcome
    from vidcache_gui.matching.records import Match

log = logging.getLogger(__name__)

DEFAULT_SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """Pages: welcome, library, player. Bars above and below; messages over everything.

    Only the bar exists when the window is first painted; the rest is built right after
    (or when somebody asks for it), because half of it is Python that has to be imported.
    """

    library_opened = Signal(object)  # Session
    library_failed = Signal(str)
    first_painted = Signal()

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.settings = settings
        self.theme = theme
        self.session: Session | None = None
        self.player: PlayerPage | None = None
        self.comparison: CompareView | None = None
        self.reviewing = ReviewRoom(self)
        self.panel: ActivityPanel | None = None
        self._furniture: Furniture | None = None
        self._desk: Desk | None = None
        self._painted = False
        self._background = Background(self)
        self._was_maximized = False
        self.setWindowTitle("VidCache")
        self.resize(*DEFAULT_SIZE)
        self.actions_by_id = Actions(self)
        self.bar = TopBar(self.actions_by_id)
        self.pages = QStackedWidget()
        self._waiting = label("", muted=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self._waiting)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.pages)
        self._split.setStretchFactor(0, 1)
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._column.addWidget(self._split, 1)
        self.setCentralWidget(whole)
        saved = settings.bytes("window")
        if not saved.isEmpty():
            self.restoreGeometry(saved)

    # Building the rest

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.furnish()
        if self.pages.currentWidget() is self._waiting and not self._waiting.text():
            self.show_welcome()
        self.first_painted.emit()

    def furnish(self) -> "Furniture":
        """Build everything but the bar, once."""
        if self._furniture is None:
            from vidcache_gui.gui.furniture import build, connect

            self._furniture = made = build(self)
            self.pages.addWidget(made.welcome)
            self.pages.addWidget(made.browser)
            self._column.addWidget(made.activity)
            self._column.addWidget(made.serving.line)
            made.commands.enable(0)
            connect(self, made)
            self.set_mode(self.settings.view_mode)
        return self._furniture

    @property
    def welcome(self) -> "Welcome":
        return self.furnish().welcome

    @property
    def browser(self) -> "Browser":
        return self.furnish().browser

    @property
    def activity(self) -> "ActivityLine":
        return self.furnish().activity

    @property
    def toast(self) -> "Toast":
        return self.furnish().toast

    @property
    def serving(self) -> "ServingRoom":
        return self.furnish().serving

    @property
    def drop(self) -> "DropTarget":
        return self.furnish().drop

    @property
    def commands(self) -> "Commands":
        return self.furnish().commands

    @property
    def desk(self) -> "Desk":
        """The pages about same footage, made when somebody first wants them."""
        if self._desk is None:
            from vidcache_gui.gui.similar.desk import Desk

            self._desk = Desk(self, self.browser)
            self._desk.set_session(self.session)
        return self._desk

    # A library

    def announce(self, folder: Path) -> None:
        """Say what will be opened, so that no other page is shown meanwhile."""
        self._waiting.setText(f"Opening {folder.name}…")

    def open_library(self, path: str | Path, *, create: bool = False) -> None:
        """Open a library in the background and show it; the one that was open is closed."""
        folder = Path(path)
        self.announce(folder)
        if self._furniture is not None:
            self.welcome.setEnabled(False)

        def work() -> "Library":
            from vidcache_gui.core.library import Library
            from vidcache_gui.interfaces.fetch import fetch

            return Library.open(folder, create=create, gui=True, fetch=fetch)

        self._background.run(Purpose.WORK, work, self.show_library, self._fail_to_open)

    def show_library(self, library: "Library") -> None:
        """Show an open library; from now on it belongs to the window."""
        from vidcache_gui.gui.session import Session

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
        session.checking.news.connect(self.activity.show_check)
        self.activity.check_toggled.connect(session.checking.toggle)
        if self.panel is not None:
            self.panel.set_session(session)
        self.drop.enabled = True
        self.browser.set_session(session)
        if self._desk is not None:
            self._desk.set_session(session)
        self.show_browser()
        session.start()
        self.library_opened.emit(session)

    def close_library(self) -> None:
        """Close the library that is open; its jobs go on when it is opened again."""
        session, self.session = self.session, None
        if session is None:
            return
        self._clear_players()
        if self.panel is not None:
            self.panel.set_session(None)
        self.activity.pause_requested.disconnect(session.pause)
        self.activity.resume_requested.disconnect(session.resume)
        self.activity.check_toggled.disconnect(session.checking.toggle)
        self.activity.clear()
        if self._desk is not None:
            self._desk.set_session(None)
        self.reviewing.close()
        self.browser.clear_session()
        session.close()
        session.deleteLater()
        from vidcache_gui.gui.library import drag

        drag.clear()

    def _fail_to_open(self, error: Exception) -> None:
        self.welcome.setEnabled(True)
        log.warning("the library was not opened: %s", error)
        self._waiting.setText("")
        self.library_failed.emit(str(error))
        from vidcache_gui.gui.session import Notice

        self.toast.show_notice(Notice(str(error), problem=True))
        if self.session is None:
            self.show_welcome()

    def forget_library(self, path: Path) -> None:
        self.settings.forget_library(path)
        self.welcome.show_recent(self.settings.recent_libraries)

    # Pages

    @property
    def on_browser(self) -> bool:
        return self._furniture is not None and self.pages.currentWidget() is self.browser

    @property
    def on_player(self) -> bool:
        return self.player is not None and self.pages.currentWidget() is self.player

    @property
    def on_comparison(self) -> bool:
        return self.comparison is not None and self.pages.currentWidget() is self.comparison

    def show_welcome(self) -> None:
        self.welcome.setEnabled(True)
        self.welcome.show_recent(self.settings.recent_libraries)
        self.bar.show_library("")
        self.pages.setCurrentWidget(self.welcome)
        self.welcome.new_button.setFocus()
        self.commands.enable(0)

    def show_browser(self) -> None:
        """Back to the list, with the keyboard where it was."""
        self._clear_players()
        self.actions_by_id["full_screen"].setChecked(False)
        self.bar.show()
        self.pages.setCurrentWidget(self.browser)
        self.browser.focus_list()
        self.commands.enable(self.browser.selected_count())

    def play(self, item: "Item") -> None:
        """Show an item in the player, in place of the list."""
        if self.session is not None:
            self.enter_player().show_item(self.session, item)
            self.commands.enable(0)

    def enter_player(self) -> "PlayerPage":
        """The player, in place of the list, for whoever has something to show in it."""
        if self.player is None:
            from vidcache_gui.gui.player_page import PlayerPage

            self.player = PlayerPage()
            self.player.view.set_memory(self.settings.player_mb)
            self.player.closed.connect(self._leave_player)
            self.player.view.export_requested.connect(self._export_playing)
            self.player.full_screen_requested.connect(self.actions_by_id["full_screen"].toggle)
            self.pages.addWidget(self.player)
        self.show_in_place(self.player)
        return self.player

    def _export_playing(self, first: int, last: int) -> None:
        if self.player is not None and self.player.item is not None:
            self.commands.export_item(self.player.item, first, last)

    def compare(
        self,
        a: "Item",
        b: "Item",
        match: "Match | None" = None,
        at: float | None = None,
    ) -> None:
        """Show two items as pairs of frames, in place of the list.

        ``match``: how b lies over a; ``at``: the second of a to begin at.
        """
        if self.session is None:
            return
        if self.comparison is None:
            from vidcache_gui.gui.compare.view import CompareView

            self.comparison = made = CompareView()
            made.follow(self.settings)
            made.close_requested.connect(self._leave_player)
            made.full_screen_requested.connect(self.actions_by_id["full_screen"].toggle)
            self.pages.addWidget(made)
        self.show_in_place(self.comparison)
        self.comparison.open_source = self.session.library.open_source
        self.comparison.show_pair(a, b, match, at)
        self.comparison.setFocus()
        self.commands.enable(0)

    def go_back(self) -> None:
        """To the list, from whatever lies in its place."""
        if self.reviewing.is_shown:
            self.reviewing.leave()
        else:
            self.show_browser()

    def show_in_place(self, page: QWidget) -> None:
        """In place of the list and the bar above it."""
        self.bar.hide()
        self.toast.hide()  # it would lie over the controls
        self.pages.setCurrentWidget(page)

    def _clear_players(self) -> None:
        for page in (self.player, self.comparison):
            if page is not None:
                page.clear()
        self.reviewing.rest()

    def _leave_player(self) -> None:
        """Esc leaves full screen first, then the player."""
        full_screen = self.actions_by_id["full_screen"]
        if full_screen.isChecked():
            full_screen.setChecked(False)
        else:
            self.show_browser()

    def set_full_screen(self, on: bool) -> None:
        if on:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
        elif self._was_maximized:
            self.showMaximized()
        else:
            self.showNormal()
        for page in (self.player, self.comparison):
            if page is not None:
                page.show_bars(not on)
        self.activity.setVisible(not on and bool(self.activity.text))

    def set_mode(self, mode: str) -> None:
        self.browser.set_mode(mode)
        for name in ("grid", "list"):
            self.actions_by_id[f"view_{name}"].setChecked(name == mode)

    def focus_search(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def show_panel(self, shown: bool) -> None:
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

    def _show_notice(self, notice: "Notice") -> None:
        below = self.activity.height() if self.activity.isVisible() else 0
        self.toast.bottom_margin = 16 + below + self._foot()
        self.toast.show_notice(notice)

    def _foot(self) -> int:
        """Height of what messages must not cover."""
        return self.browser.foot if self.on_browser else self.reviewing.foot

    def _show_history(self, undo: str, redo: str) -> None:
        for name, what in (("undo", undo), ("redo", redo)):
            action = self.actions_by_id[name]
            action.setText(f"{name.capitalize()} {what}".strip())
            action.setEnabled(bool(what))

    def drop_place(self) -> tuple[str, str]:
        """(bucket, prefix) for what is added now: where the sidebar stands."""
        place = self.browser.sidebar.place
        if place.name == "bucket":
            return place.bucket, place.prefix
        return self.settings.default_bucket, ""

    def drop_words(self) -> str:
        bucket, prefix = self.drop_place()
        return f"{bucket}/{prefix}" if prefix else bucket

    def working_background(self) -> Background:
        return self.session.background if self.session is not None else self._background

    def retint(self) -> None:
        icons.retint(self)
        for widget in self.findChildren(QWidget):
            widget.update()

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_bytes("window", self.saveGeometry())
        if self._furniture is not None:
            self.browser.save()
        self.settings.sync()
        self.hide()  # at once; letting go of running work may take a moment
        if self._furniture is not None:
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
