"""Pictures of what a remote lists, where they can be had cheaply."""

import logging
import os
import tempfile
from collections.abc import Callable

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.frame_cache import FrameCache
from vidcache_gui.gui.remotes.opening import reader_of
from vidcache_gui.interfaces.remotes.reader import RemoteReader
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.media.pool import DecodePool
from vidcache_gui.media.types import Inspection, Kind

LOOK = "vidcache_gui.media.inspect:inspect_file"
HEAD = 1_500_000  # bytes of a file's start that are fetched for its picture
TAIL = 256_000  # and of its end, where some formats say where everything is
LARGEST_FRAME = 32_000_000
SECONDS = 15.0  # a worker may take for one


class FarPosters:
    """As :class:`gui.library.thumbnails.Pictures`. What comes from strangers is decoded by a
    worker process, as everything is that comes into a library."""

    def __init__(
        self, remote: Remote, far_of: Callable[[Item], Far | None], cache: FrameCache
    ) -> None:
        self._remote = remote
        self._far_of = far_of
        self._cache = cache
        self._pool = DecodePool(1, deadline=SECONDS)
        self._stop = CancelToken()
        self._reader: RemoteReader | None = None

    def poster(self, item: Item) -> bytes | None:
        """Raises RemoteError; a file whose start shows nothing has none."""
        far = self._far_of(item)
        if far is None or item.kind is Kind.DATA or not item.size:
            return None
        if far.first is not None and item.kind is Kind.FRAMES:
            return self._look(*self._frame(far))
        return self._look(*self._ends(far))

    def strip(self, item: Item) -> bytes | None:
        """None: that would mean fetching all of it."""
        return None

    def close(self) -> None:
        """Ends what is being fetched, too."""
        self._stop.cancel()
        if self._reader is not None:
            self._reader.cancel()
        self._pool.close()

    def _frame(self, far: Far) -> tuple[list[tuple[int, bytes]], int]:
        ball = far.first
        assert ball is not None
        if ball.size > LARGEST_FRAME:
            return [], 0
        data = self._cache.get(ball.sha256) if ball.sha256 else None
        if data is None:
            data = self._remote.balls.load(ball, self._stop)
            if ball.sha256:
                self._cache.put(ball.sha256, data)
        return [(0, data)], len(data)

    def _ends(self, far: Far) -> tuple[list[tuple[int, bytes]], int]:
        with reader_of(far, self._remote, self._stop) as reader:
            self._reader = reader
            self._stop.check()
            parts = [(0, reader.read(HEAD))]
            if reader.size > HEAD:
                place = max(HEAD, reader.size - TAIL)
                reader.seek(place)
                parts.append((place, reader.read(TAIL)))
            return parts, reader.size

    def _look(self, parts: list[tuple[int, bytes]], size: int) -> bytes | None:
        """What a worker sees in a file of which only some parts are known."""
        if not parts:
            return None
        with tempfile.NamedTemporaryFile(prefix="vidcache-far-") as file:
            for place, data in parts:
                file.seek(place)
                file.write(data)
            file.flush()
            os.truncate(file.name, size)  # the rest is a hole, which takes no room
            try:
                seen: Inspection = self._pool.submit(LOOK, file.name, file.name).result()
            except UserError as error:
                logging.getLogger(__name__).info("no picture of it: %s", error)
                return None
            return seen.poster
