"""A large remote file as a file object: what is looked at is fetched, a block at a time.

PyAV opens it (``av.open(reader)``), so a film can be played, and sought in, without fetching
all of it. Blocks come ahead of a reader that goes straight on.
"""

import io
import threading
from bisect import bisect_right
from collections import OrderedDict
from typing import Any, Protocol

from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes.checking import span
from vidcache_gui.interfaces.remotes.http import Answer
from vidcache_gui.interfaces.remotes.layout import GroupKind, Layout, group_kind, layout
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX
from vidcache_gui.interfaces.remotes.problems import Refused
from vidcache_gui.interfaces.remotes.records import RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.vidcache import VidCache

BLOCK = 256 * 1024
LONGEST_RUN = 8  # blocks that are asked for at once when reading goes straight on
CACHE = 32 * 1024 * 1024  # bytes
WHOLE = 8 * 1024 * 1024  # chunks up to this size are fetched whole, and so checked by hash


class Blocks(Protocol):
    """A file cut into blocks, which are numbered from 0."""

    @property
    def size(self) -> int: ...

    def at(self, place: int) -> tuple[int, int]:
        """(number, first byte) of the block that holds this byte."""
        ...

    def fetch(self, number: int, run: int, stop: CancelToken) -> list[bytes]:
        """A block, and some of the ``run - 1`` that follow it. Raises RemoteError."""
        ...


class FileBlocks:
    """A vidcache file, by ranges. What comes is checked by place and size; only a whole file
    can be checked by its hash."""

    def __init__(self, files: VidCache, file: RemoteFile) -> None:
        self._files = files
        self._file = file

    @property
    def size(self) -> int:
        return self._file.size

    def at(self, place: int) -> tuple[int, int]:
        return place // BLOCK, place // BLOCK * BLOCK

    def fetch(self, number: int, run: int, stop: CancelToken) -> list[bytes]:
        first = number * BLOCK
        last = min(first + run * BLOCK, self.size) - 1

        def use(answer: Answer) -> bytes:
            return _ranged(answer, first, last, self.size)

        data = self._files.get(self._file.hash, use, (first, last), stop=stop)
        return [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]


class ChunkBlocks:
    """A file in chunks: small chunks are blocks, fetched whole and checked by hash; others are
    cut, if their server sends ranges."""

    def __init__(self, balls: MictlanX, layout: Layout) -> None:
        self._balls = balls
        self._layout = layout
        self._places: list[tuple[int, int, int]] = []  # (first byte, chunk, offset in it)
        for index, chunk in enumerate(layout.chunks):
            step = chunk.size if chunk.size <= WHOLE else BLOCK
            for offset in range(0, chunk.size, step or 1):
                self._places.append((chunk.offset + offset, index, offset))

    @property
    def size(self) -> int:
        return self._layout.size

    def at(self, place: int) -> tuple[int, int]:
        number = bisect_right(self._places, place, key=lambda one: one[0]) - 1
        return number, self._places[number][0]

    def fetch(self, number: int, run: int, stop: CancelToken) -> list[bytes]:
        _, index, first = self._places[number]
        ball = self._layout.chunks[index].ball
        if ball.size <= WHOLE:
            return [self._balls.load(ball, stop)]
        last = min(first + run * BLOCK, ball.size) - 1

        def use(answer: Answer) -> bytes:
            return _ranged(answer, first, last, ball.size)

        data = self._balls.get(ball.bucket, ball.key, use, (first, last), stop=stop)
        return [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]


class RemoteReader(io.RawIOBase):
    """Seekable, read-only. Any thread may read, one at a time; ``cancel`` ends a read that
    waits, from another thread."""

    def __init__(self, blocks: Blocks, *, cache: int = CACHE) -> None:
        """``cache``: bytes of blocks that are kept, the latest used ones."""
        self._blocks = blocks
        self._cache = cache
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._held = 0
        self._at = 0
        self._next = -1  # the block that follows those fetched last
        self._run = 1
        self._stop = CancelToken()
        self._lock = threading.Lock()
        self.fetched = 0  # bytes so far

    @property
    def size(self) -> int:
        return self._blocks.size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("there is nothing before the start")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Raises RemoteError, Cancelled."""
        view = memoryview(buffer).cast("B")
        with self._lock:
            if self._at >= self.size or not view:
                return 0
            number, start = self._blocks.at(self._at)
            block = self._block(number)
            found = block[self._at - start : self._at - start + len(view)]
            view[: len(found)] = found
            self._at += len(found)
            return len(found)

    def read(self, size: int = -1) -> bytes:
        """``size`` bytes, fewer only at the end. Raises RemoteError, Cancelled."""
        left = max(0, self.size - self._at)
        found = bytearray(left if size < 0 else min(size, left))
        view, done = memoryview(found), 0
        while done < len(found):
            done += self.readinto(view[done:])
        return bytes(found)

    def cancel(self) -> None:
        self._stop.cancel()

    def close(self) -> None:
        self.cancel()
        self._kept.clear()
        super().close()

    def _block(self, number: int) -> bytes:
        if number not in self._kept:
            self._run = min(self._run * 2, LONGEST_RUN) if number == self._next else 1
            blocks = self._blocks.fetch(number, self._run, self._stop)
            for place, block in enumerate(blocks, number):
                self._keep(place, block)
            while self._held > self._cache and len(self._kept) > len(blocks):
                _, oldest = self._kept.popitem(last=False)
                self._held -= len(oldest)
            self._next = number + len(blocks)
        self._kept.move_to_end(number)
        return self._kept[number]

    def _keep(self, number: int, block: bytes) -> None:
        old = self._kept.pop(number, b"")
        self._kept[number] = block
        self._held += len(block) - len(old)
        self.fetched += len(block)


def open_item(remote: Remote, item: str) -> RemoteReader:
    """A file of a remote, by its hash, or by ``BUCKET/BALL_ID`` where it is stored in chunks.

    Raises RemoteError: there is none, or it is no file.
    """
    if "/" not in item:
        return RemoteReader(FileBlocks(remote.files, remote.files.file(item)))
    bucket, _, ball_id = item.rpartition("/")
    balls = remote.balls.group(bucket, ball_id)
    if group_kind(balls) is not GroupKind.FILE:
        raise Refused(f"'{ball_id}' on '{remote.where}' is a group, not a file.")
    return RemoteReader(ChunkBlocks(remote.balls, layout(balls)))


def _ranged(answer: Answer, first: int, last: int, size: int) -> bytes:
    if answer.status == 200 and last - first + 1 < size and size > WHOLE:
        raise Refused(
            f"'{answer.where}' sends files only whole; fetch this one before it is played."
        )
    return b"".join(span(answer, first, last, size))
