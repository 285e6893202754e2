"""One thing that is found out in a thread of its own; a newer one takes its place."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal, Slot

from vidcache_gui.errors import UserError

log = logging.getLogger(__name__)

THREAD_NAME = "compare-errand"
Stop = Callable[[], bool]
Tell = Callable[[float], None]  # how much of it is done, 0 to 1
Work = Callable[[Stop, Tell], object]


class Errand(QObject):
    """Signals come on the main thread, and only from the errand that was begun last."""

    progressed = Signal(float)
    finished = Signal(object)  # what the work returned; None where it failed
    _heard = Signal(int, bool, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._serial = 0
        self._threads: list[threading.Thread] = []
        self.running = False
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Work) -> None:
        """``work(stop, tell)`` asks ``stop`` often whether it is still wanted."""
        self.cancel()
        serial = self._serial
        self.running = True
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(
            target=self._work, args=(work, serial), name=THREAD_NAME, daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def cancel(self) -> None:
        """Whatever is under way tells nothing any more, and ends soon."""
        self._serial += 1
        self.running = False

    def join(self, seconds: float) -> bool:
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, work: Work, serial: int) -> None:
        result: object = None
        try:
            result = work(
                lambda: self._serial != serial, lambda done: self._tell(serial, False, done)
            )
        except UserError as error:
            log.info("finding out failed: %s", error)
        except Exception:
            log.exception("finding out failed")
        self._tell(serial, True, result)

    def _tell(self, serial: int, last: bool, value: object) -> None:
        if serial == self._serial:
            with suppress(RuntimeError):  # the program ends
                self._heard.emit(serial, last, value)

    @Slot(int, bool, object)
    def _hear(self, serial: int, last: bool, value: object) -> None:
        if serial != self._serial:
            return
        if last:
            self.running = False
            self.finished.emit(value)
        elif isinstance(value, float):
            self.progressed.emit(value)
