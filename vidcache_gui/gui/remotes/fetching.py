"""Frames of a remote group: from the library, from the cache on disk, or fetched ahead."""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.gui.remotes.frame_cache import FrameCache
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX
from vidcache_gui.interfaces.remotes.records import RemoteBall

THREADS = 4
AHEAD = 24  # frames that are on their way before they are asked for
HELD = 48  # frames whose bytes are kept in memory
GLANCE = 0.05  # seconds between two looks whether anybody still waits


class FrameFetcher:
    """``load`` from one thread; ``close`` from any. Nothing waits for its threads to end."""

    def __init__(
        self,
        balls: MictlanX,
        frames: Sequence[RemoteBall | None],
        here: Mapping[str, Path],
        cache: FrameCache,
    ) -> None:
        """``frames``: None where one is missing. ``here``: files of the library by SHA-256."""
        self._balls = balls
        self._frames = frames
        self._here = here
        self._cache = cache
        self._stop = CancelToken()
        self._tasks: queue.SimpleQueue[tuple[int, Future[bytes]] | None] = queue.SimpleQueue()
        self._futures: dict[int, Future[bytes]] = {}
        self._at = 0  # the frame asked for last
        self._lock = threading.Lock()
        self.fetched = 0  # frames that came from the remote
        for number in range(THREADS):
            # Daemons: a server that does not answer must not keep the program from ending.
            threading.Thread(target=self._work, name=f"far-frame-{number}", daemon=True).start()

    def load(self, index: int, stop: Callable[[], bool] | None = None) -> bytes:
        """The bytes of a frame. Raises RemoteError, Cancelled once ``stop`` says so."""
        with self._lock:
            self._at = index
            for ahead in range(index, min(index + AHEAD, len(self._frames))):
                self._want(ahead)
            future = self._futures[index]
        while True:
            try:
                return future.result(GLANCE)
            except NotYet:
                if self._stop.cancelled or (stop is not None and stop()):
                    raise Cancelled from None
            except BaseException:
                with self._lock:
                    self._futures.pop(index, None)  # the next time it may work
                raise

    def close(self) -> None:
        self._stop.cancel()
        for _ in range(THREADS):
            self._tasks.put(None)

    def _want(self, index: int) -> None:
        if self._frames[index] is None or index in self._futures:
            return
        self._futures[index] = future = Future[bytes]()
        self._tasks.put((index, future))
        for old in [at for at, done in self._futures.items() if done.done()][:-HELD]:
            if not index <= old < index + AHEAD:
                del self._futures[old]

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None and not self._stop.cancelled:
            index, future = task
            ball = self._frames[index]
            with self._lock:
                if not self._at <= index < self._at + AHEAD:  # it was left by a seek
                    self._futures.pop(index, None)
                    continue
            try:
                if ball is None:
                    raise UserError("it is missing")
                future.set_result(self._read(ball))
            except BaseException as error:
                future.set_exception(error)

    def _read(self, ball: RemoteBall) -> bytes:
        sha256 = ball.sha256
        if sha256 is not None:
            local = self._here.get(sha256)
            if local is not None:
                try:
                    return local.read_bytes()
                except OSError:
                    pass  # gone meanwhile: it is still there where it is listed
            kept = self._cache.get(sha256)
            if kept is not None:
                return kept
        data = self._balls.load(ball, self._stop)
        self.fetched += 1
        if sha256 is not None:
            self._cache.put(sha256, data)
        return data
