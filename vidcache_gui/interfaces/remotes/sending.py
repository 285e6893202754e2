"""Groups and large files to a MictlanX remote: what is there already and right is not sent again,
and a file is not to be seen before all of it is there.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.parallel import WORKERS, Counter, side_by_side
from vidcache_gui.interfaces.remotes.layout import (
    COUNT,
    FULL,
    GROUP,
    INDEX,
    RESERVED,
    SIZE,
    chunk_size,
)
from vidcache_gui.interfaces.remotes.mictlanx import MictlanX, NewBall
from vidcache_gui.interfaces.remotes.problems import Missing, Refused
from vidcache_gui.interfaces.remotes.records import OnBytes, Opener, RemoteBall

BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sending:
    """One object on its way out."""

    ball: NewBall
    source: Opener


def put_balls(
    balls: MictlanX,
    group: Sequence[Sending],
    stop: CancelToken,
    on_bytes: OnBytes = lambda _: None,
    workers: int = WORKERS,
) -> int:
    """Put objects of one group, some at once; how many were there already.

    Raises Refused, before anything is sent, where other bytes have one of their keys.
    """
    if not group:
        return 0
    tell = Counter(on_bytes)
    there = present(balls, group[0].ball.bucket, group[0].ball.ball_id, stop)
    for one in group:
        known = there.get(one.ball.key)
        if known is not None and not is_same(known, one.ball):
            raise Refused(
                f"'{balls.http.where}' has other bytes called '{one.ball.key}' in "
                f"'{one.ball.bucket}'. Nothing was sent; choose another name."
            )
    whole = all(one.ball.key in there for one in group)
    held: list[Sending] = []

    def put(one: Sending, token: CancelToken) -> None:
        known = there.get(one.ball.key)
        if known is not None and (whole or balls.holds(known, token)):
            held.append(one)
            tell(one.ball.size)
        else:
            balls.put(one.ball, one.source, token, tell)

    side_by_side(group, put, stop, workers)
    return len(held)


def put_file(
    balls: MictlanX,
    source: Opener,
    *,
    bucket: str,
    key: str,
    name: str,
    size: int,
    sha256: str | None = None,
    tags: Mapping[str, str] | None = None,
    stop: CancelToken | None = None,
    on_bytes: OnBytes = lambda _: None,
    workers: int = WORKERS,
) -> int:
    """Put a file in chunks under ``key``, as published clients read it; how many of its chunks
    were there already.

    Its first chunk, where every reader begins, goes last: until then there is no such file.
    ``sha256``: of the whole, where it is known. Raises RemoteError, Cancelled.
    """
    stop = stop or CancelToken()
    if not size:
        raise Refused(f"'{name}' is empty; a file in chunks cannot be.")
    each = chunk_size(size)
    full = sha256 or _sha256(source, 0, size, stop)
    count = -(-size // each)
    own = {name: value for name, value in (tags or {}).items() if name not in RESERVED}
    extension = PurePosixPath(name).suffix.removeprefix(".") or "bin"
    there = present(balls, bucket, key, stop)
    tell = Counter(on_bytes)
    known: list[int] = []
    begun = there.get(f"{key}_0")
    if begun is not None and begun.tags.get(FULL) != full:
        raise Refused(
            f"'{balls.http.where}' has another file called '{key}' in '{bucket}'. Nothing was "
            "sent; choose another name."
        )

    def send(index: int, token: CancelToken) -> None:
        first = index * each
        length = min(each, size - first)
        ball = NewBall(
            bucket, f"{key}_{index}", key, length, _sha256(source, first, length, token),
            {
                "fullname": name, "extension": extension, **own, INDEX: str(index),
                COUNT: str(count), SIZE: str(length), GROUP: key, FULL: full,
            },
        )  # fmt: skip
        old = there.get(ball.key)
        same = old is not None and is_same(old, ball) and old.tags.get(FULL) == full
        if old is not None and same and balls.holds(old, token):
            known.append(index)
            tell(length)
            return
        balls.put(ball, lambda: _part(source, first, length), token, tell)

    side_by_side(range(1, count), send, stop, workers)
    send(0, stop)
    return len(known)


def present(balls: MictlanX, bucket: str, ball_id: str, stop: CancelToken) -> dict[str, RemoteBall]:
    """What the remote has of a group already, by key."""
    try:
        return {ball.key: ball for ball in balls.group(bucket, ball_id, stop)}
    except Missing:
        return {}


def is_same(known: RemoteBall, new: NewBall) -> bool:
    return known.size == new.size and known.checksum == new.sha256


def _sha256(source: Opener, first: int, length: int, stop: CancelToken) -> str:
    hasher = hashlib.sha256()
    with _part(source, first, length) as file:
        while block := file.read(BLOCK):
            stop.check()
            hasher.update(block)
    return hasher.hexdigest()


class _Part(io.RawIOBase):
    """``length`` bytes of a file, from where it stands."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        found = self._file.read(wanted)
        self._left -= len(found)
        return found


@contextmanager
def _part(source: Opener, first: int, length: int) -> "Iterator[BinaryIO]":
    with source() as file:
        file.seek(first)
        part: Callable[..., BinaryIO] = _Part  # type: ignore[assignment]
        yield part(file, length)
