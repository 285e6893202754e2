"""Remotes come in after the library is shown: much of them is Python that has to be imported."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from vidcache_gui.gui.background import Purpose

if TYPE_CHECKING:
    from vidcache_gui.gui.library.browser import Browser
    from vidcache_gui.gui.main_window import MainWindow
    from vidcache_gui.gui.remotes.room import RemotesRoom
    from vidcache_gui.gui.session import Session

HEAVY = ("vidcache_gui.interfaces.remotes.pushing", "vidcache_gui.interfaces.remotes.reader", "av")


class RemotesDoor(QObject):
    """``room`` is None until a library has been open for a moment."""

    def __init__(self, window: "MainWindow", browser: "Browser") -> None:
        super().__init__(window)
        self._window = window
        self._browser = browser
        self.room: RemotesRoom | None = None
        window.library_opened.connect(self._begin)
        window.actions_by_id.enable(("add_remote", "pull"), False)

    def find(self) -> bool:
        """Whether a remote is what one looks at, and so searches."""
        return self.room is not None and self.room.find()

    def fill(self, menu: QMenu) -> None:
        if self.room is not None:
            self.room.fill(menu)

    def _begin(self, session: "Session") -> None:
        if self.room is not None:
            self.room.begin(session)
            return

        def load() -> None:
            for name in HEAVY:
                importlib.import_module(name)

        session.background.run(Purpose.FAR, load, lambda _: self._enter(session))

    def _enter(self, session: "Session") -> None:
        from vidcache_gui.gui.remotes.room import RemotesRoom

        if self._window.session is session:
            self.room = RemotesRoom(self._window, self._browser)
            self.room.begin(session)
