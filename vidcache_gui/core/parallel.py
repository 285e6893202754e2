"""Some things at once, a bounded number of them; the first that fails ends the others."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from vidcache_gui.cancel import CancelToken

T = TypeVar("T")

WORKERS = 4


class Linked(CancelToken):
    """Stops, and pauses, when another token does; may be cancelled by itself."""

    def __init__(self, parent: CancelToken) -> None:
        super().__init__()
        self._parent = parent

    @property
    def cancelled(self) -> bool:
        return self._parent.cancelled or super().cancelled

    def check(self) -> None:
        self._parent.check()
        super().check()


class Counter:
    """Adds up what several threads say they did, one at a time."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()

    def __call__(self, more: int) -> None:
        with self._lock:
            self._tell(more)


def side_by_side(
    things: Iterable[T],
    act: Callable[[T, CancelToken], None],
    stop: CancelToken,
    workers: int = WORKERS,
) -> None:
    """``act`` on every thing, ``workers`` at once; things are taken as they are needed.

    Raises what the first failure raised, when nothing runs any more; Cancelled.
    """
    together = Linked(stop)
    waiting: Iterator[T] = iter(things)
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(workers, thread_name_prefix="parallel") as executor:
        try:
            for thing in waiting:
                running.add(executor.submit(act, thing, together))
                if len(running) >= workers:
                    running = _finished(running)
            while running:
                running = _finished(running)
        except BaseException:
            together.cancel()
            raise


def _finished(running: "set[Future[None]]") -> "set[Future[None]]":
    done, left = wait(running, return_when=FIRST_COMPLETED)
    for one in done:
        one.result()
    return left


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` things, taken as they are needed."""
    waiting = iter(things)
    while some := list(islice(waiting, size)):
        yield some
