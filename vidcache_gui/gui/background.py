"""The one bridge between worker threads and widgets.

Work is plain Python on executors by purpose. Nothing Qt is made or destroyed off the main
thread: a finished task travels to the main thread through one queued signal, and what
arrives many times a second (progress) is coalesced to about 20 deliveries a second, newest
value per key.
"""

import collections
import contextlib
import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from vidcache_gui.errors import Cancelled

log = logging.getLogger(__name__)
T = TypeVar("T")

COALESCE_MS = 50


class Purpose(StrEnum):
    """Which executor: what must not wait for what."""

    CATALOG = "catalog"  # one thread: changes, in the order they were asked for
    READ = "read"  # one thread: what the panes show (counts, details, listings)
    PAGES = "pages"  # newest first: rows of the list in view
    NOW = "now"  # newest first: pictures of what is in view
    EVIDENCE = "evidence"  # newest first: pictures that show why two items match
    WORK = "work"  # long things a person asked for: export, verify
    SIMILAR = "similar"  # what a person wants to be compared now
    JOBS = "jobs"  # one thread that lives as long as the library: the ingest engine
    SERVING = "serving"  # switching the local server on and off
    BULK = "bulk"  # and one for bulk jobs
    FAR = "far"  # lists of a remote, and whether it is there: it may not answer for long
    FAR_PICTURES = "far pictures"  # newest first: pictures of what is in view of a remote
    REACH = "reach"  # one thread: asking remotes whether they are there, one after the other
    CHECK = "check"  # another one: comparing the library with itself


class NewestFirst(Executor):
    """One thread that always takes the youngest task; old ones are dropped past ``limit``."""

    def __init__(self, name: str, limit: int = 400) -> None:
        self._name = name
        self._limit = limit
        self._tasks: collections.deque[tuple[Future[Any], Callable[[], Any]]] = collections.deque()
        self._ready = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        future: Future[T] = Future()
        with self._ready:
            if self._closed:
                raise RuntimeError("this executor is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name)
                self._thread.start()
            self._tasks.append((future, lambda: fn(*args, **kwargs)))
            dropped = self._tasks.popleft()[0] if len(self._tasks) > self._limit else None
            self._ready.notify()
        if dropped is not None:
            dropped.cancel()
            dropped.set_running_or_notify_cancel()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._ready:
            self._closed = True
            left = list(self._tasks) if cancel_futures else []
            if cancel_futures:
                self._tasks.clear()
            self._ready.notify()
        for future, _ in left:
            future.cancel()
        if wait and self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._ready:
                while not self._tasks and not self._closed:
                    self._ready.wait()
                if not self._tasks:
                    return
                future, task = self._tasks.pop()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(task())
            except BaseException as error:
                future.set_exception(error)


class Background(QObject):
    """Runs callables away from the window and brings results back to it."""

    _arrived = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        executors: Mapping[Purpose, Executor] | None = None,
    ) -> None:
        super().__init__(parent)
        self._executors: dict[Purpose, Executor] = dict(executors or {})
        self._closed = False
        self._lock = threading.Lock()
        self._latest: dict[Hashable, tuple[Callable[[Any], None], Any]] = {}
        self._flush = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._flush.timeout.connect(self._deliver_latest)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        purpose: Purpose,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> "Future[T]":
        """Run ``work`` on an executor; ``done`` or ``failed`` is called on the main thread.

        Neither is called for a cancelled task, after :meth:`close`, or when it is a method
        of a widget that has been destroyed meanwhile. Without ``failed`` errors are logged.
        """
        if self._closed:  # a last timer of a window that is on its way out
            late: Future[T] = Future()
            late.cancel()
            return late
        future: Future[T] = self._executor(purpose).submit(work)
        future.add_done_callback(lambda f: self._send((f, done, failed)))
        return future

    def tell(self, key: Hashable, receive: Callable[[Any], None], value: Any) -> None:
        """From any thread: call ``receive(value)`` on the main thread soon.

        Newer values for the same key replace older ones that were not delivered yet.
        """
        with self._lock:
            first = not self._latest
            self._latest[key] = (receive, value)
        if first:
            self._send(None)

    def close(self, release: Callable[[], None] | None = None) -> None:
        """Stop taking work, drop what waits, and wait for what runs.

        Changes are not dropped: what a person did just before is kept. ``release`` lets go of
        what work is about; only that ends a search that waits for a worker.
        """
        if self._closed:
            return
        self._closed = True
        self._flush.stop()
        executors = list(self._executors.values())
        changing = self._executors.get(Purpose.CATALOG)
        for executor in executors:
            executor.shutdown(wait=False, cancel_futures=executor is not changing)
        searching = self._executors.pop(Purpose.SIMILAR, None)
        for executor in self._executors.values():
            executor.shutdown(wait=True)
        self._executors.clear()
        if release is not None:
            release()
        if searching is not None:
            searching.shutdown(wait=True)

    def _executor(self, purpose: Purpose) -> Executor:
        found = self._executors.get(purpose)
        if found is None:
            found = _make_executor(purpose)
            self._executors[purpose] = found
        return found

    def _send(self, what: object) -> None:
        # The last results may arrive while the program ends and the bridge is gone already.
        with contextlib.suppress(RuntimeError):
            self._arrived.emit(what)

    @Slot(object)
    def _deliver(self, arrival: Any) -> None:
        if self._closed:
            return
        if arrival is None:
            if not self._flush.isActive():
                self._flush.start()
            return
        future, done, failed = arrival
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            if done is not None and _alive(done):
                done(future.result())
        elif isinstance(error, Cancelled):
            pass
        elif failed is not None and _alive(failed) and isinstance(error, Exception):
            failed(error)
        else:
            log.error("work in the background failed", exc_info=error)

    @Slot()
    def _deliver_latest(self) -> None:
        with self._lock:
            latest, self._latest = self._latest, {}
        for receive, value in latest.values():
            if _alive(receive):
                receive(value)


def _make_executor(purpose: Purpose) -> Executor:
    newest = (Purpose.NOW, Purpose.PAGES, Purpose.EVIDENCE, Purpose.FAR_PICTURES)
    if purpose in newest:
        return NewestFirst(f"gui-{purpose.value}")
    return ThreadPoolExecutor(1, thread_name_prefix=f"gui-{purpose.value}")


def _alive(callback: Callable[..., Any]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
