"""What the decoder's thread says, brought to the main thread, and no more of it than is needed.

Hundreds of frames a second may be decoded in advance. One that nobody waits for wakes the
window at most ten times a second, and however many come, one signal is on its way.
"""

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

REST_MS = 100  # between two renewals of the time bar's picture of the cache
_serials = itertools.count(1)


class News(QObject):
    """About one source at a time. Signals are emitted on the main thread."""

    opened = Signal(object)  # Footage
    failed = Signal(str)
    decoded = Signal()  # frames came in, or were found to be damaged
    cache_changed = Signal()  # the same, at most once in REST_MS and after the last
    _said = Signal(int, str, object)
    _came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.eager = True  # set before looking for a frame in vain: the next one is told
        self._serial = 0
        self._on_the_way = False
        self._rests = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._renew)
        self._said.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> dict[str, Callable[..., None]]:
        """Callbacks for a new decoder; nothing is heard of the one before any more."""
        serial = self._serial = next(_serials)
        return {
            "on_opened": lambda footage: self._say(serial, "opened", footage),
            "on_frame": lambda index, generation: self._tell(serial),
            "on_failed": lambda sentence: self._say(serial, "failed", sentence),
        }

    def stop(self) -> None:
        self._serial, self._rests = 0, False
        self._rest.stop()

    # In the decoder's thread; its last words may come while the program ends.

    def _say(self, serial: int, what: str, value: object) -> None:
        with suppress(RuntimeError):
            self._said.emit(serial, what, value)

    def _tell(self, serial: int) -> None:
        # The frame is in the cache before this looks, and the main thread says that it is
        # eager before it looks into the cache: no frame is missed.
        if serial != self._serial or self._on_the_way or (self._rests and not self.eager):
            return
        self._on_the_way = True
        with suppress(RuntimeError):
            self._came.emit()

    # In the main thread

    @Slot(int, str, object)
    def _hear(self, serial: int, what: str, value: Any) -> None:
        if serial == self._serial:
            (self.opened if what == "opened" else self.failed).emit(value)

    @Slot()
    def _take(self) -> None:
        self._on_the_way = False
        if self._serial:
            if not self._rests:
                self._rests = True
                self._rest.start()
            self.decoded.emit()

    def _renew(self) -> None:
        self._rests = False
        self.cache_changed.emit()
