"""The local server as a part of the window: it serves the library that is open."""

import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.serving import phrases
from vidcache_gui.gui.serving.choices import Choices, reachable_at
from vidcache_gui.gui.serving.line import ServingLine
from vidcache_gui.gui.serving.state import State
from vidcache_gui.gui.serving.switch import Switch

if TYPE_CHECKING:
    from vidcache_gui.gui.main_window import MainWindow
    from vidcache_gui.gui.serving.dialog import ServingDialog
    from vidcache_gui.gui.serving.log_model import LogModel
    from vidcache_gui.gui.session import Session
    from vidcache_gui.interfaces.server.log import Served

WAITING = 5000  # requests that may wait to be shown; older ones are only counted
READS = ("GET", "HEAD")


class ServingRoom(QObject):
    """``dialog`` is None until somebody opens it; the log is kept without it."""

    changed = Signal(object)  # State

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.choices = Choices.from_dict(window.settings.serving)
        self.state = State()
        self.line = ServingLine()
        self.line.opened.connect(self.open)
        self.line.stopped.connect(self.switch_off)
        self.dialog: ServingDialog | None = None
        self._model: LogModel | None = None
        self._session: Session | None = None
        self._switch: Switch | None = None
        self._lock = threading.Lock()
        self._news: deque[Served] = deque(maxlen=WAITING)
        window.library_opened.connect(self._begin)
        window.actions_by_id["full_screen"].toggled.connect(lambda _: self._say())

    @property
    def log(self) -> "LogModel":
        if self._model is None:
            from vidcache_gui.gui.serving.log_model import LogModel

            self._model = LogModel()
            self._model.counted.connect(lambda *_: self._say())
        return self._model

    def open(self) -> None:
        """Show the switch and the log, beside the window."""
        if self.dialog is None:
            from vidcache_gui.gui.serving.dialog import ServingDialog

            self.dialog = made = ServingDialog(self.choices, self.log, self._window)
            made.form.changed.connect(self._choose)
            made.switched.connect(lambda on: self.switch_on() if on else self.switch_off())
            self.changed.connect(made.show_state)
            made.show_state(self.state)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def switch_on(self) -> None:
        session, switch, choices = self._session, self._switch, self.choices
        if session is None or switch is None or self.state.is_on or self.state.is_changing:
            return
        if choices.problem:
            self._set(problem=choices.problem)
            return
        self._set(is_changing=True, problem="")
        session.background.run(
            Purpose.SERVING, lambda: switch.on(choices.settings()), self._hear_on, self._hear_not
        )

    def switch_off(self) -> None:
        session, switch = self._session, self._switch
        if session is None or switch is None or not self.state.is_on or self.state.is_changing:
            return
        self._set(is_changing=True)
        session.background.run(Purpose.SERVING, switch.off, self._hear_off)

    # The library that is open

    def _begin(self, session: "Session") -> None:
        self._session = session
        self._switch = Switch(session.library, self._hear)
        session.closing.connect(self._end)
        self._set(has_library=True)
        if self.choices.at_start:
            self.switch_on()

    def _end(self) -> None:
        """The library is being closed: nobody may be using it."""
        if self._switch is not None:
            self._switch.close()
        self._session = self._switch = None
        self.state = State()
        self._set()

    # News

    def _hear(self, served: "Served") -> None:
        """From the server's thread."""
        session = self._session
        with self._lock:
            self._news.append(served)
        if session is not None:
            session.background.tell("served", self._show_news, None)

    def _show_news(self, _: object) -> None:
        with self._lock:
            news = list(self._news)
            self._news.clear()
        self.log.add(news)
        if self._session is not None and any(one.method not in READS for one in news):
            self._session.hurry()

    def _hear_on(self, listening: list[str]) -> None:
        self._set(is_on=True, is_changing=False, addresses=tuple(reachable_at(listening)))

    def _hear_not(self, error: Exception) -> None:
        self._set(is_changing=False, problem=str(error))

    def _hear_off(self, _: None) -> None:
        self._set(is_on=False, is_changing=False, addresses=())

    def _choose(self, choices: Choices) -> None:
        self.choices = choices
        self._window.settings.serving = choices.to_dict()
        if self.state.problem:
            self._set(problem="")

    def _set(self, **values: object) -> None:
        self.state = replace(self.state, **values)  # type: ignore[arg-type]
        self._say()
        self.changed.emit(self.state)

    def _say(self) -> None:
        text = ""
        if self.state.is_on and not self._window.actions_by_id["full_screen"].isChecked():
            counts = (self.log.count, self.log.failures)
            text = phrases.serving(self.state.addresses[0], *counts, self.choices)
        self.line.say(text)
