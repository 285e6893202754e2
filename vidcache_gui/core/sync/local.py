"""What a library holds, as programs that only know lists compare it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.sync.elements import UPDATED, sql
from vidcache_gui.core.sync.records import milliseconds
from vidcache_gui.media.hashing import hash_file


@dataclass(frozen=True, slots=True)
class LocalItem:
    """One stored file that is shown."""

    id: int
    hash: str
    name: str
    bucket: str
    prefix: str
    size: int
    added_at: int
    sha256: str = ""  # where it was asked for


@dataclass(frozen=True, slots=True)
class LocalBall:
    """One ball that is shown."""

    bucket: str
    key: str
    ball_id: str
    hash: str
    sha256: str
    size: int
    tags: dict[str, str]
    content_type: str
    producer: str
    disabled: bool

    @property
    def at(self) -> int:
        return milliseconds(self.tags.get(UPDATED))


_BALLS = (
    "SELECT ball.id, bucket.name, key, ball.ball_id, ball.hash, checksum, ball.size, ball.tags, "
    "content_type, producer_id, is_disabled FROM ball JOIN item ON item.id = ball.item_id "
    "JOIN bucket ON bucket.id = ball.bucket_id WHERE removed_at IS NULL AND "
)


def balls(
    database: Database, bucket: str | None, after: int, limit: int
) -> tuple[list[LocalBall], int]:
    """A page of the balls that are shown, and where the next one begins."""
    with database.read():
        found = sql(
            f"{_BALLS} ball.id > ?1 AND (?2 IS NULL OR bucket.name = ?2) ORDER BY ball.id LIMIT ?3",
            after, bucket, limit,
        )  # fmt: skip
    return [_ball(row) for row in found], found[-1][0] if found else after


def balls_at(database: Database, bucket: str, keys: Sequence[str]) -> dict[str, LocalBall]:
    """Those of these balls that are shown, by key."""
    marks = ", ".join("?" * len(keys))
    with database.read():
        found = sql(f"{_BALLS} bucket.name = ? AND key IN ({marks})", bucket, *keys)
    return {ball.key: ball for ball in map(_ball, found)}


def _ball(row: tuple[Any, ...]) -> LocalBall:
    _, bucket, key, ball_id, hash, sha256, size, tags, kind, producer, disabled = row
    return LocalBall(
        bucket, key, ball_id, hash, sha256, size, json.loads(tags), kind, producer, bool(disabled)
    )


def files(database: Database, bucket: str | None) -> list[LocalItem]:
    with database.read():
        found = sql(
            "SELECT item.id, item.hash, item.name, bucket.name, prefix, item.size, item.added_at, "
            "COALESCE(blob.sha256, '') FROM item JOIN bucket ON bucket.id = item.bucket_id "
            "JOIN blob ON blob.hash = item.hash WHERE ball_id IS NULL AND removed_at IS NULL "
            "AND (?1 IS NULL OR bucket.name = ?1) ORDER BY item.id",
            bucket,
        )
    return [LocalItem(*row) for row in found]


def name_sha256(database: Database, blobs: BlobStore, hash: str, stop: CancelToken) -> str:
    """The SHA-256 of stored bytes, which are read for it once."""
    with blobs.open(hash) as file:
        found = hash_file(file, token=stop, on_bytes=lambda _: None, sha256=True).sha256 or ""
    with database.write():
        sql("UPDATE blob SET sha256 = ? WHERE hash = ?", found, hash)
    return found


def deleted(database: Database, sha256: str) -> int | None:
    """When the item with this content went to the trash, if it is there."""
    with database.read():
        found = sql(
            "SELECT MAX(removed_at) FROM item JOIN blob ON blob.hash = item.hash "
            "WHERE blob.sha256 = ? AND removed_at IS NOT NULL",
            sha256,
        )
    return None if found[0][0] is None else int(found[0][0])
