"""Whole files on a server that knows only objects: in one that is named by its SHA-256, as
MictlanX Sync stores them, or in chunks that share a ``ball_id``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.local import LocalItem
from vidcache_gui.core.sync.merge import DELETED, DISABLED
from vidcache_gui.core.sync.pair import Wish
from vidcache_gui.core.sync.records import Step, joined
from vidcache_gui.interfaces.remotes.checking import HASH
from vidcache_gui.interfaces.remotes.layout import COUNT, FULL, INDEX
from vidcache_gui.interfaces.remotes.records import RemoteBall, whole
from vidcache_gui.interfaces.sync.verdict import UNKNOWN, only_here, only_there

WHOLE, CHUNKED = "w", "k"
PRODUCER = "mictlanx-sync-0"  # of whole files stored as single objects
BROKEN = "Some of its parts are missing there."


def is_chunk(ball: RemoteBall) -> bool:
    return INDEX in ball.tags and COUNT in ball.tags


@dataclass
class _File:
    """What is there of a file in chunks. Nothing is kept of a chunk but its number."""

    name: str
    full: str
    count: int
    indexes: set[int] = field(default_factory=set)
    size: int = 0
    updated_at: int = 0
    is_disabled: bool = False

    def take(self, ball: RemoteBall) -> None:
        index = whole(ball.tags.get(INDEX))
        fits = ball.tags.get(FULL, "").lower() == self.full and index not in self.indexes
        if index is None or index >= self.count or not fits:
            return
        self.indexes.add(index)
        self.size += ball.size
        self.updated_at = max(self.updated_at, ball.updated_at)
        self.is_disabled = self.is_disabled or ball.is_disabled

    @property
    def is_whole(self) -> bool:
        return 0 < self.count == len(self.indexes)


class Wholes:
    """Files of ours, and those that are found there one object at a time."""

    def __init__(self, library: Library, mine: Sequence[LocalItem], wish: Wish) -> None:
        """``mine``: also what is in other buckets than the one that is wished for."""
        self._library = library
        self._mine = {item.sha256: item for item in mine}
        self._wish = wish
        self._there: set[str] = set()  # SHA-256 of those that are ours, too
        self._chunked: dict[tuple[str, str], dict[tuple[str, int], _File]] = {}

    def take(self, ball: RemoteBall) -> Iterator[Step]:
        """A whole file or a chunk of one."""
        if is_chunk(ball):
            name = ball.tags.get("fullname") or ball.tags.get("filename") or ball.ball_id
            full, count = ball.tags.get(FULL, "").lower(), whole(ball.tags.get(COUNT)) or 0
            files = self._chunked.setdefault((ball.bucket, ball.ball_id), {})
            files.setdefault((full, count), _File(name, full, count)).take(ball)
            return
        name = ball.tags.get("fullname") or ball.tags.get("filename") or ball.key[:12]
        id = joined(WHOLE, ball.bucket, ball.key)
        yield from self._compared(
            id, name, ball.checksum, ball.size, ball.updated_at, ball.is_disabled
        )

    def rest(self) -> Iterator[Step]:
        """Everything was listed."""
        begun: dict[str, int] = {}
        for (bucket, ball_id), files in self._chunked.items():
            # Put again in fewer chunks, a file leaves the last of the former ones behind.
            file = max(files.values(), key=lambda one: (one.is_whole, one.updated_at))
            id = joined(CHUNKED, bucket, ball_id)
            if file.is_whole:
                yield from self._compared(
                    id, file.name, file.full, file.size, file.updated_at, file.is_disabled
                )
            elif ball_id == file.full and ball_id in self._mine:
                begun[ball_id] = file.size  # ours, on its way there
            else:
                yield from only_there(id, file.name, file.size, self._wish, BROKEN)
        for sha256, item in self._mine.items():
            if sha256 not in self._there and self._wish.bucket in (None, item.bucket):
                size = item.size - begun.get(sha256, 0)
                yield from only_here(
                    joined(WHOLE, item.bucket, sha256), item.name, size, self._wish
                )

    def _compared(
        self, id: str, name: str, sha256: str, size: int, at: int, disabled: bool
    ) -> Iterator[Step]:
        if sha256 in self._mine:
            self._there.add(sha256)
            return
        if sha256 in self._there:
            return  # it is stored there twice
        if not HASH.fullmatch(sha256):
            yield from only_there(id, name, size, self._wish, UNKNOWN)
            return
        self._there.add(sha256)
        went = self._library.deleted_sha256(sha256)
        gone = went is not None and went >= at
        why = DISABLED if disabled else DELETED if gone else ""
        yield from only_there(id, name, size, self._wish, why)
