"""What a catalog says of an entry, as values by element. Functions run inside a read block."""

import json
from typing import Any

from vidcache_gui.core.catalog import FROM_STORED, Item, stored_text
from vidcache_gui.core.sync.records import (
    BALL,
    CONTENT,
    DECISION,
    FACTS,
    FILE,
    LIVE,
    STATE,
    milliseconds,
)

UPDATED = "updated_at"
TAG, ALIAS, DETAIL, MARK = "tag:", "alias:", "meta:", "mark:"
PARTS = {TAG: "tags", ALIAS: "aliases", DETAIL: "meta", MARK: "marks"}
PLAIN_PARTS = {
    "name": "name", "bucket": "place", "prefix": "place", "delays": "delays",
    "delay_ms": "delays", STATE: "state",
}  # fmt: skip

_ITEM = (
    "SELECT item.id, hash, item.name, bucket.name, prefix, size, ball_id, delay_ms, removed_at, "
    "meta, bookmarks, delays FROM item JOIN bucket ON bucket.id = item.bucket_id WHERE "
)
_BALL = (
    "SELECT ball.hash, ball.checksum, ball.size, ball.ball_id, content_type, producer_id, "
    "ball.tags, is_disabled, removed_at FROM ball JOIN item ON item.id = ball.item_id "
    "WHERE ball.bucket_id = ? AND ball.key = ?"
)


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement by hand: there are thousands, and building a query costs more than
    running it."""
    given = [stored_text(value) if isinstance(value, str) else value for value in values]
    rows = Item._meta.database.connection().execute(statement, given)
    return [tuple(map(_plain, row)) for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, str) and not value.isascii():
        return value.translate(FROM_STORED)
    return value


def bucket_name(id: str) -> str | None:
    found = sql("SELECT name FROM bucket WHERE id = ?", int(id))
    return found[0][0] if found else None


def bucket_number(name: str) -> int | None:
    found = sql("SELECT id FROM bucket WHERE name = ?", name)
    return int(found[0][0]) if found else None


def item_row(kind: str, a: str, b: str) -> tuple[Any, ...] | None:
    """The row of an item by the names it has in ``sync_dirty``; its id comes first."""
    if kind == FILE:
        found = sql(_ITEM + "hash = ? AND ball_id IS NULL", a)
    else:
        found = sql(_ITEM + "bucket_id = ? AND ball_id = ?", int(a), b)
    return found[0] if found else None


def current(kind: str, a: str, b: str) -> tuple[dict[str, Any], int | None] | None:
    """(values by element, the time its writer gave if it has one); None when there is nothing
    of that name, also not in the trash."""
    if kind == BALL:
        return _ball(int(a), b)
    if kind == DECISION:
        found = sql("SELECT verdict, at FROM decision WHERE hash_a = ? AND hash_b = ?", a, b)
        return ({STATE: LIVE, "verdict": found[0][0]}, found[0][1]) if found else None
    row = item_row(kind, a, b)
    return None if row is None else (_item(kind, row), None)


def _item(kind: str, row: tuple[Any, ...]) -> dict[str, Any]:
    id, hash, name, bucket, prefix, size, _, delay_ms, removed_at, meta, marks, delays = row
    values: dict[str, Any] = {
        STATE: LIVE if removed_at is None else None, "name": name, "prefix": prefix,
        "delay_ms": delay_ms, "delays": json.loads(delays) if delays else None,
    }  # fmt: skip
    if kind == FILE:
        values |= {"bucket": bucket, CONTENT: [hash, size]}
    values |= {DETAIL + key: [value] for key, value in json.loads(meta or "{}").items()}
    values |= {f"{MARK}{frame}": note for frame, note in json.loads(marks or "[]")}
    values |= {TAG + tag: True for (tag,) in sql("SELECT name FROM tag WHERE item_id = ?", id)}
    sources = sql("SELECT source, kind FROM alias WHERE item_id = ?", id)
    values |= {ALIAS + source: kind for source, kind in sources}
    return values


def _ball(bucket: int, key: str) -> tuple[dict[str, Any], int | None] | None:
    found = sql(_BALL, bucket, key)
    if not found:
        return None
    hash, sha256, size, ball_id, content_type, producer, tags, disabled, removed_at = found[0]
    kept = json.loads(tags)
    at = milliseconds(kept.pop(UPDATED, None)) or None
    facts = {
        "ball_id": ball_id, "type": content_type, "producer": producer, "tags": kept,
        "disabled": bool(disabled),
    }  # fmt: skip
    if removed_at is not None:
        return {STATE: None}, int(removed_at)
    return {STATE: LIVE, CONTENT: [hash, sha256, size], FACTS: facts}, at


def part_of(element: str) -> str:
    """Which part of ``sync_dirty`` tells of a change of an element."""
    prefix = element[: element.find(":") + 1]
    return PARTS.get(prefix) or PLAIN_PARTS.get(element, "*")
