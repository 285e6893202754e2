"""What a group of balls is: frames, the chunks of one file, or just things together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vidcache_gui.core import chunks
from vidcache_gui.interfaces.remotes.checking import HASH
from vidcache_gui.interfaces.remotes.problems import Damaged
from vidcache_gui.interfaces.remotes.records import RemoteBall, whole

INDEX, COUNT, FULL = chunks.INDEX, chunks.COUNT, chunks.FULL
SIZE, GROUP = "chunk_size", "group_id"
RESERVED = frozenset({INDEX, COUNT, SIZE, GROUP, FULL, "updated_at"})  # not for tags of ours
MEGABYTE = 1_000_000
SMALLEST_CHUNK = 4 * MEGABYTE
MOST_CHUNKS = 1000  # of files we cut


class GroupKind(StrEnum):
    SEQUENCE = "sequence"
    FILE = "file"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Chunk:
    """``size`` bytes of a file from ``offset`` on, stored as one ball."""

    ball: RemoteBall
    offset: int

    @property
    def size(self) -> int:
        return self.ball.size


@dataclass(frozen=True, slots=True)
class Layout:
    """A file in chunks, in order and without gaps."""

    name: str  # for people, never a path
    chunks: tuple[Chunk, ...]
    size: int
    sha256: str | None  # of the whole

    @property
    def tags(self) -> dict[str, str]:
        return self.chunks[0].ball.tags


def group_kind(balls: Sequence[RemoteBall]) -> GroupKind:
    if all(ball.frame_number is not None for ball in balls):
        return GroupKind.SEQUENCE
    if len(balls) == 1 or all(INDEX in ball.tags and COUNT in ball.tags for ball in balls):
        return GroupKind.FILE
    return GroupKind.SET


def layout(balls: Sequence[RemoteBall]) -> Layout:
    """How the chunks of a file follow each other. Each has its own size: some writers add what
    is left over to the last chunk, some make a short one.

    Raises Damaged when chunks are missing or do not belong together.
    """
    first = balls[0]
    if len(balls) == 1 and INDEX not in first.tags:
        return single(first)
    starts = [ball for ball in balls if whole(ball.tags.get(INDEX)) == 0]
    if not starts:
        raise Damaged(f"The first chunk of '{first.ball_id}' is missing on the server.")
    start = max(starts, key=lambda ball: ball.updated_at)
    full, count = start.tags.get(FULL, "").lower(), whole(start.tags.get(COUNT)) or 0
    by_index: dict[int, RemoteBall] = {}
    for ball in balls:
        index = whole(ball.tags.get(INDEX))
        if index is not None and index < count and ball.tags.get(FULL, "").lower() == full:
            by_index[index] = ball
    missing = count - len(by_index)
    if missing or not count:
        raise Damaged(f"{missing} of the {count} chunks of '{start.ball_id}' are missing there.")
    found = []
    offset = 0
    for index in range(count):
        found.append(Chunk(by_index[index], offset))
        offset += by_index[index].size
    return Layout(_name(start), tuple(found), offset, full if HASH.fullmatch(full) else None)


def single(ball: RemoteBall) -> Layout:
    """One object as a whole."""
    return Layout(_name(ball), (Chunk(ball, 0),), ball.size, ball.sha256)


def chunk_size(size: int) -> int:
    """Bytes of the chunks a file is cut into: not too many of them, however large it is."""
    least = -(-size // MOST_CHUNKS)
    return max(SMALLEST_CHUNK, -(-least // MEGABYTE) * MEGABYTE)


def _name(ball: RemoteBall) -> str:
    return ball.tags.get("fullname") or ball.tags.get("filename") or ball.ball_id
