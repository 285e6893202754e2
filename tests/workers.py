"""Processes that look into files, shared by the libraries of tests that are not about them: to
start one takes longer than most tests. Import both fixtures into a ``conftest.py``.
"""

from collections.abc import Iterator
from concurrent.futures import Future, wait
from typing import Any

import pytest

from vidcache_gui.core import library
from vidcache_gui.errors import Cancelled
from vidcache_gui.media.pool import DecodePool


class Lent(DecodePool):
    """What one library sees of them: it is closed by itself, when its own jobs are done."""

    def __init__(self, shared: DecodePool) -> None:
        self.workers = shared.workers
        self._shared = shared
        self._asked: set[Future[Any]] = set()
        self._closed = False

    def submit(
        self,
        function: str,
        *arguments: Any,
        deadline: float | None = None,
        priority: bool = False,
    ) -> "Future[Any]":
        if self._closed:
            raise Cancelled("the decode pool is closed")
        future = self._shared.submit(function, *arguments, deadline=deadline, priority=priority)
        self._asked.add(future)
        future.add_done_callback(self._asked.discard)
        return future

    def close(self) -> None:
        self._closed = True
        wait(list(self._asked))


@pytest.fixture(scope="session")
def workers() -> Iterator[DecodePool]:
    with DecodePool() as pool:
        yield pool


@pytest.fixture(scope="module", autouse=True)
def shared_workers(workers: DecodePool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "DecodePool", lambda: Lent(workers))
        yield
