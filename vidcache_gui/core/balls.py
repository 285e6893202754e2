"""Balls that programs put and take one at a time.

Every ball belongs to the item of its group, so what programs store is seen, found and restored
like everything else. What they delete or replace goes to the trash: a whole group as it is,
single balls into a group of their own there. Functions run inside a transaction; what they say
has changed is in the change feed when it ends.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blake3 import blake3

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Ball, Bucket, Item, stored_text
from vidcache_gui.core.groups import LARGEST_NUMBER
from vidcache_gui.core.intake import Target, insert_item
from vidcache_gui.core.records import DEFAULT_DELAY_MS
from vidcache_gui.core.records import Ball as BallRecord
from vidcache_gui.core.similar import prints
from vidcache_gui.media.hashing import Digests
from vidcache_gui.media.types import Kind, MediaFacts

NUMBER = re.compile(r"\d{1,19}", re.ASCII)
COMING = "It is still coming in."
REMOVED = "removed from"  # in the details of a trashed group of single balls
FORMER_KEY = "former_key"  # the tag that keeps the key such a ball had


BUCKET = "SELECT id FROM bucket WHERE name = ?"
KEY_TAKEN = "SELECT 1 FROM ball WHERE bucket_id = ? AND key = ?"
GROUP = "SELECT id, removed_at FROM item WHERE bucket_id = ? AND ball_id = ?"
ADD_BLOB = (
    "INSERT INTO blob (hash, size, sha256, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) "
    "DO UPDATE SET sha256 = excluded.sha256 WHERE blob.sha256 IS NULL"
)
ADD_BALL = (
    "INSERT INTO ball (bucket_id, ball_id, key, item_id, hash, size, checksum, content_type, "
    "producer_id, tags, frame_number, is_disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
GROW = (
    "UPDATE item SET frame_count = frame_count + ?, size = size + ?, "
    "length = (frame_count + ?) * COALESCE(delay_ms, ?) / 1000 WHERE id = ?"
)
TOUCH = "INSERT OR IGNORE INTO growing (item_id) VALUES (?)"


@dataclass(frozen=True, slots=True)
class BallFacts:
    """What a program says about a datum, apart from its bytes."""

    bucket: str
    key: str
    ball_id: str
    tags: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/octet-stream"
    producer_id: str = ""
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a ball: its item, and whether the library shows a new one."""

    ball: BallRecord
    item_id: int
    is_new_group: bool
    is_known: bool = False  # the same bytes were there under this key


def put(facts: BallFacts, digests: Digests) -> Put:
    """Name bytes that are durable. A ball with other bytes under this key goes to the trash.

    Thousands come one by one, and building a query costs more than running it: what every one
    of them needs is SQL by hand.
    """
    there = _sql(BUCKET, facts.bucket)
    bucket = int(there[0][0]) if there else rows.bucket_id(facts.bucket)
    known = False
    if _sql(KEY_TAKEN, bucket, facts.key):
        old = _at(bucket, facts.key)
        known = old.item.removed_at is None and old.checksum == digests.sha256
        if known and old.ball_id == facts.ball_id:
            _describe(old, facts)
            return Put(_record(old.id), old.item_id, False, True)
        if old.item.removed_at is not None:
            _step_aside(old.item)
        else:
            (_drop if known else _set_aside)(old)
    item_id, is_new = _group(bucket, facts)
    now = rows.now_ms()
    tags = {"updated_at": str(now), **facts.tags}
    ball = BallRecord(
        facts.bucket, facts.ball_id, facts.key, digests.blake3, digests.size,
        digests.sha256 or "", facts.content_type, facts.producer_id, tags, frame_number(tags),
        facts.is_disabled,
    )  # fmt: skip
    _sql(ADD_BLOB, ball.hash, ball.size, ball.checksum, now)
    _sql(
        ADD_BALL, bucket, ball.ball_id, ball.key, item_id, ball.hash, ball.size, ball.checksum,
        ball.content_type, ball.producer_id, json.dumps(tags), ball.frame_number,
        ball.is_disabled,
    )  # fmt: skip
    _grow(item_id, 1, digests.size)
    return Put(ball, item_id, is_new, known)


def describe(facts: BallFacts) -> BallRecord | None:
    """Give an existing ball other metadata; None when there is none."""
    old = _live(facts.bucket, facts.key)
    if old is None:
        return None
    _describe(old, facts)
    return _record(old.id)


def disable(bucket: str, key: str) -> bool:
    """Flag a ball as not to be used any more; False when there is none."""
    old = _live(bucket, key)
    if old is None:
        return False
    Ball.update(is_disabled=True).where(Ball.id == old.id).execute()
    rows.note_change("updated", [old.item_id])
    return True


def remove(bucket: str, key: str) -> int | None:
    """Take one ball out of its group, into the trash. Returns the item's id where the whole
    group is to go there, which is the caller's to do (it can be undone), 0 when that is done
    already; None when there is no such ball."""
    old = _live(bucket, key)
    if old is None:
        return None
    last = Ball.select().where(Ball.item == old.item_id).count() == 1
    if last and _aside(old) is None:
        return int(old.item_id)
    _set_aside(old)
    return 0


def provisional_hash(bucket: int, ball_id: str) -> str:
    """What a group is called until it has all its balls; like no content's hash."""
    return blake3(f"coming in: {bucket} {ball_id} {rows.now_ms()}".encode()).hexdigest()


def _at(bucket: int, key: str) -> Any:
    return (
        Ball.select(Ball, Item)
        .join(Item)
        .where((Ball.bucket == bucket) & (Ball.key == key))
        .first()
    )


def _live(bucket: str, key: str) -> Any:
    row = Bucket.get_or_none(Bucket.name == bucket)
    ball = None if row is None else _at(row.id, key)
    return None if ball is None or ball.item.removed_at is not None else ball


def _record(id: int) -> BallRecord:
    row = Ball.select(Ball, Bucket).join(Bucket).where(Ball.id == id).get()
    return rows.ball_record(row, row.bucket.name)


def _columns(facts: BallFacts, now: int) -> dict[str, Any]:
    tags = {"updated_at": str(now), **facts.tags}
    return {
        "content_type": facts.content_type, "producer_id": facts.producer_id,
        "tags": json.dumps(tags), "frame_number": frame_number(tags),
        "is_disabled": facts.is_disabled,
    }  # fmt: skip


def frame_number(tags: Mapping[str, str]) -> int | None:
    """The number a ball's tags give it, if it is one the catalog holds."""
    match = NUMBER.fullmatch(tags.get("frame_number", "").strip())
    number = int(match[0]) if match else None
    return number if number is not None and number <= LARGEST_NUMBER else None


def _describe(old: Any, facts: BallFacts) -> None:
    Ball.update(**_columns(facts, rows.now_ms())).where(Ball.id == old.id).execute()
    _touch(old.item_id)


def _group(bucket: int, facts: BallFacts) -> tuple[int, bool]:
    """The item of a ball's group, and whether it was made just now."""
    found = _sql(GROUP, bucket, facts.ball_id)
    if found and found[0][1] is None:
        return int(found[0][0]), False
    if found:
        _step_aside(Item.get_by_id(found[0][0]))
    return _new_group(bucket, facts.bucket, facts.ball_id, None), True


def _new_group(bucket: int, name: str, ball_id: str, meta: dict[str, Any] | None) -> int:
    hash = provisional_hash(bucket, ball_id)
    facts = MediaFacts(kind=Kind.FRAMES, mime="application/octet-stream", extension="")
    item_id = insert_item(
        facts, hash, 0, ball_id, Target(name, meta=meta), delay_ms=None, ball_id=ball_id
    )
    prints.fail(hash, COMING)
    rows.reindex_text([item_id])
    rows.note_change("added", [item_id])
    return item_id


def _grow(item_id: int, count: int, size: int) -> None:
    _sql(GROW, count, size, count, DEFAULT_DELAY_MS, item_id)
    _touch(item_id)


def _touch(item_id: int) -> None:
    """Its contents changed: it wants to be looked at when no more comes."""
    _sql(TOUCH, item_id)


def _sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    stored = [stored_text(value) if isinstance(value, str) else value for value in values]
    found: list[tuple[Any, ...]] = Item._meta.database.execute_sql(statement, stored).fetchall()
    return found


def _step_aside(item: Any) -> None:
    """Give a trashed group another name, so that a new one can have this."""
    name = _free_name(item.bucket_id, item.ball_id)
    for ball in Ball.select().where(Ball.item == item.id):
        _rename(ball, item.bucket_id, item.ball_id, name)
    Item.update(ball_id=name).where(Item.id == item.id).execute()
    rows.reindex_text([item.id])


def _free_name(bucket: int, ball_id: str) -> str:
    number = 1
    while True:
        name = f"{ball_id}-removed" if number == 1 else f"{ball_id}-removed-{number}"
        if not Item.select().where((Item.bucket == bucket) & (Item.ball_id == name)).exists():
            return name
        number += 1


def _rename(ball: Any, bucket: int, old: str, new: str, **more: Any) -> None:
    rest = ball.key[len(old) :] if ball.key.startswith(old) else f"_{ball.key}"
    key, number = f"{new}{rest}", 2
    while Ball.select().where((Ball.bucket == bucket) & (Ball.key == key)).exists():
        key, number = f"{new}{rest}-{number}", number + 1
    tags = {FORMER_KEY: ball.key, **json.loads(ball.tags)}
    Ball.update(ball_id=new, key=key, tags=json.dumps(tags), **more).where(
        Ball.id == ball.id
    ).execute()


def _aside(ball: Any) -> Any:
    """The trashed group that takes single balls of this ball's group, if there is one."""
    meta = json.dumps({REMOVED: ball.ball_id})
    return Item.get_or_none(
        (Item.bucket == ball.bucket_id) & Item.removed_at.is_null(False) & (Item.meta == meta)
    )


def _set_aside(ball: Any) -> None:
    """Move one ball into the trash, together with the others that went there singly."""
    aside = _aside(ball)
    if aside is None:
        name = _free_name(ball.bucket_id, ball.ball_id)
        bucket = Bucket.get_by_id(ball.bucket_id).name
        aside_id = _new_group(ball.bucket_id, bucket, name, {REMOVED: ball.ball_id})
        Item.update(removed_at=rows.now_ms()).where(Item.id == aside_id).execute()
        rows.note_change("removed", [aside_id])
    else:
        aside_id, name = aside.id, aside.ball_id
    _rename(ball, ball.bucket_id, ball.ball_id, name, item=aside_id)
    _grow(aside_id, 1, ball.size)
    _leave(ball)


def _drop(ball: Any) -> None:
    """Forget a ball whose bytes are about to be named again."""
    Ball.delete().where(Ball.id == ball.id).execute()
    _leave(ball)


def _leave(ball: Any) -> None:
    """A ball left its group; an empty group goes."""
    if Ball.select().where(Ball.item == ball.item_id).exists():
        _grow(ball.item_id, -1, -ball.size)
        rows.note_change("updated", [ball.item_id])
        return
    Item._meta.database.execute_sql("DELETE FROM item_text WHERE rowid = ?", (ball.item_id,))
    Item.delete().where(Item.id == ball.item_id).execute()
    rows.note_change("removed", [ball.item_id])
