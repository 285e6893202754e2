"""Large files from a remote, into a file that survives: what is there already and right is not
moved again, and nothing is called whole before its hash is.
"""

import hashlib
import os
from collections.abc import Callable
from typing import Any

from blake3 import blake3

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.parallel import WORKERS, Counter, side_by_side
from vidcache_gui.interfaces.remotes.checking import Checked, span
from vidcache_gui.interfaces.remotes.http import Answer
from vidcache_gui.interfaces.remotes.layout import Chunk, Layout
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX
from vidcache_gui.interfaces.remotes.partial import BLOCK, Partial
from vidcache_gui.interfaces.remotes.patience import Patience, persist, rest
from vidcache_gui.interfaces.remotes.problems import Damaged, Passing
from vidcache_gui.interfaces.remotes.records import OnBytes, RemoteFile
from vidcache_gui.interfaces.remotes.vidcache import VidCache
from vidcache_gui.media.hashing import Digests

RESUMED = 8 * 1024 * 1024  # bytes from which on a broken transfer is gone on with

Get = Callable[[Callable[[Answer], None], tuple[int, int] | None], None]


def fetch_file(
    files: VidCache,
    file: RemoteFile,
    partial: Partial,
    stop: CancelToken,
    on_bytes: OnBytes = lambda _: None,
) -> Digests:
    """All of a vidcache file. Raises RemoteError, UserError, Cancelled."""

    def get(use: Callable[[Answer], None], byte_range: tuple[int, int] | None) -> None:
        files.get(file.hash, use, byte_range, stop=stop, repeat=False)

    stream = _Stream(get, file.name, file.size, blake3, file.hash, partial, stop, on_bytes)
    stream.fetch(files.http.patience)
    return Digests(file.hash, None, file.size)


def fetch_layout(
    balls: MictlanX,
    layout: Layout,
    partial: Partial,
    stop: CancelToken,
    on_bytes: OnBytes = lambda _: None,
    workers: int = WORKERS,
) -> Digests:
    """All chunks of a file, some at once. Raises RemoteError, UserError, Cancelled."""
    partial.expect(layout.size)
    tell = Counter(on_bytes)
    if len(layout.chunks) == 1:
        ball = layout.chunks[0].ball

        def get(use: Callable[[Answer], None], byte_range: tuple[int, int] | None) -> None:
            balls.get(ball.bucket, ball.key, use, byte_range, stop=stop, repeat=False)

        stream = _Stream(
            get, layout.name, layout.size, hashlib.sha256, ball.sha256, partial, stop, tell
        )
        stream.fetch(balls.http.patience)
    else:
        missing = [chunk for chunk in layout.chunks if not _is_there(partial, chunk, stop, tell)]
        side_by_side(
            missing, lambda chunk, token: _fetch_chunk(balls, chunk, partial, token, tell), stop,
            workers,
        )  # fmt: skip
        partial.cut(layout.size)
    digests = _digests(partial, stop)
    if digests.size != layout.size or digests.sha256 != (layout.sha256 or digests.sha256):
        partial.discard()
        raise Damaged(
            f"The chunks of '{layout.name}' are each what they should be, but together they are "
            "another file. It was not kept."
        )
    return digests


class _Stream:
    """One byte string from its start to its end, gone on with where it broke off."""

    def __init__(
        self,
        get: Get,
        name: str,
        size: int,
        hasher: Callable[[], Any],
        wanted: str | None,
        partial: Partial,
        stop: CancelToken,
        on_bytes: OnBytes,
    ) -> None:
        self._get = get
        self._name = name
        self._size = size
        self._new_hasher = hasher
        self._hasher = hasher()
        self._wanted = wanted
        self._partial = partial
        self._stop = stop
        self._on_bytes = on_bytes
        self._at = 0

    def fetch(self, patience: Patience) -> None:
        self._partial.expect(self._size)
        kept = self._take_up()
        attempt = 0
        while self._at < self._size:
            before = self._at
            try:
                self._get(self._receive, (self._at, self._size - 1) if self._at else None)
            except Passing as problem:
                attempt = 1 if self._at > before else attempt + 1
                if attempt >= patience.attempts:
                    raise
                rest(patience.wait(attempt - 1, problem), self._stop)
            except Damaged:
                self._partial.discard()
                raise
        if self._wanted is not None and self._hasher.hexdigest() != self._wanted:
            if kept:  # what an earlier attempt left may be what is wrong
                self._begin_again()
                return self.fetch(patience)
            self._partial.discard()
            raise Damaged(
                f"What came as '{self._name}' is something else: its hash is another one. It was "
                "not kept."
            )

    def _take_up(self) -> bool:
        """Hash what an earlier attempt left; False where that is nothing."""
        if self._partial.size > self._size or self._wanted is None:
            self._partial.cut(0)  # without a hash nobody knows whose beginning it is
        left = self._partial.size
        while self._at < left:
            self._stop.check()
            block = os.pread(self._partial.fd, BLOCK, self._at)
            self._took(block)
        return left > 0

    def _begin_again(self) -> None:
        self._partial.cut(0)
        self._on_bytes(-self._at)
        self._hasher, self._at = self._new_hasher(), 0

    def _receive(self, answer: Answer) -> None:
        before = self._at
        length = answer.check().length
        if answer.status != 206 and length is not None and length > self._size:
            raise Damaged(f"'{answer.where}' sent more of '{self._name}' than it has.")
        for part in span(answer, before, self._size - 1, self._size):
            self._partial.write(part, self._at)
            self._took(part)

    def _took(self, part: bytes) -> None:
        self._hasher.update(part)
        self._at += len(part)
        self._on_bytes(len(part))


def _is_there(partial: Partial, chunk: Chunk, stop: CancelToken, tell: Counter) -> bool:
    """Whether an earlier attempt brought this chunk, by its hash."""
    end = chunk.offset + chunk.size
    if chunk.ball.sha256 is None or partial.size < end or _is_hole(partial, chunk.offset, end):
        return False
    checked = Checked(chunk.ball.key, chunk.size, sha256=chunk.ball.sha256)
    for at in range(chunk.offset, end, BLOCK):
        stop.check()
        checked.feed(os.pread(partial.fd, min(BLOCK, end - at), at))
    try:
        checked.finish()
    except (Damaged, Passing):
        return False
    tell(chunk.size)
    return True


def _is_hole(partial: Partial, first: int, end: int) -> bool:
    """Whether nothing was ever written there; a sparse file need not be read to know."""
    try:
        return os.lseek(partial.fd, first, os.SEEK_DATA) >= end
    except OSError:
        return True


def _fetch_chunk(
    balls: MictlanX, chunk: Chunk, partial: Partial, stop: CancelToken, tell: Counter
) -> None:
    def once() -> None:
        at = chunk.offset

        def write(part: bytes) -> None:
            nonlocal at
            partial.write(part, at)
            at += len(part)
            tell(len(part))

        try:
            balls.read(chunk.ball, write, stop)
        except BaseException:
            tell(chunk.offset - at)
            raise

    persist(balls.http.patience, stop, once)


def _digests(partial: Partial, stop: CancelToken) -> Digests:
    """What all of it is called, by both hashes."""
    b3, sha256, at = blake3(), hashlib.sha256(), 0
    while block := os.pread(partial.fd, BLOCK, at):
        stop.check()
        b3.update(block)
        sha256.update(block)
        at += len(block)
    return Digests(b3.hexdigest(), sha256.hexdigest(), at)
