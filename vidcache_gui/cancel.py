"""A token that asks running work to pause or to stop."""

import threading

from vidcache_gui.errors import Cancelled


class CancelToken:
    """Shared between the person who may cancel and the thread that works.

    Work calls :meth:`check` at every chunk: it returns at once in the normal
    case, waits while paused, and raises :class:`Cancelled` once cancelled.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    def cancel(self) -> None:
        self._cancelled.set()
        self._running.set()

    def pause(self) -> None:
        if not self.cancelled:
            self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def check(self) -> None:
        """Wait while paused; raise :class:`Cancelled` once cancelled."""
        self._running.wait()
        if self._cancelled.is_set():
            raise Cancelled
