"""Balls that programs put, describe and take one at a time.

Every ball belongs to the item of its group, so what programs store is seen, found and restored
like everything else. What they delete or replace goes to the trash: a whole group as it is,
single balls into a group of their own there (:mod:`core.apart`). All of it can be undone; what
comes within seconds of each other is one step. Functions run inside a transaction; what they say
has changed is in the change feed when it ends.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vidcache_gui.core import apart, journal, patches, rows
from vidcache_gui.core.catalog import Ball, Blob, Bucket, Item
from vidcache_gui.core.groups import LARGEST_NUMBER
from vidcache_gui.core.journal import Patch
from vidcache_gui.core.records import Ball as BallRecord
from vidcache_gui.media.hashing import Digests
from vidcache_gui.media.types import Kind

NUMBER = re.compile(r"\d{1,19}", re.ASCII)
UPDATED = "updated_at"  # the tag that says when a ball was last described


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


def put(facts: BallFacts, digests: Digests, kind: Callable[[], Kind]) -> Put:
    """Name bytes that are durable. A ball with other bytes under this key goes to the trash.

    ``kind``: what a group is that has only this.
    """
    bucket = rows.bucket_id(facts.bucket)
    old = _at(bucket, facts.key)
    if old is not None and old.item.removed_at is not None:
        apart.step_aside(old.item)
        old = None
    known = old is not None and old.checksum == digests.sha256
    if old is not None and known and old.ball_id == facts.ball_id:
        _describe(old, facts)
        return Put(_record(old.id), old.item_id, False, True)
    item_id, is_new = _group(bucket, facts, kind)
    if old is not None and known and not _is_last(old):
        told: Any = tuple(_columns(facts, rows.now_ms()).values())
        patch = Patch(places=[(old.id, (facts.ball_id, facts.key))], facts=[(old.id, told)])
        label, series = _named("Move", old, old.item_id)
        journal.step(label, patch, series)
        return Put(_record(old.id), item_id, is_new, True)
    replaced = None if old is None else _make_way(old, item_id)
    now = rows.now_ms()
    _name_blob(digests, now)
    columns: dict[str, Any] = {
        "ball_id": facts.ball_id, "key": facts.key, "size": digests.size,
        "checksum": digests.sha256, **_columns(facts, now),
    }  # fmt: skip
    stored = {**columns, "bucket_id": bucket, "item_id": item_id, "hash": digests.blake3}
    row = rows.insert("ball", stored)
    apart.grow(item_id, 1, digests.size)
    said = {**columns, "tags": json.loads(columns["tags"])}
    ball = BallRecord(bucket=facts.bucket.strip(), hash=digests.blake3, **said)
    if replaced is not None:
        forward, backward = replaced
        forward.places.append((row, (ball.ball_id, ball.key)))
        backward.places.append((row, None))
        label, series = _named("Replace", ball, item_id)
        journal.note(label, forward, backward, series)
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
    id, said = apart.facts_of(old)
    label, series = _named("Disable", old, old.item_id)
    journal.step(label, Patch(facts=[(id, (*said[:-1], True))]), series)
    return True


def remove(bucket: str, key: str) -> bool:
    """Take one ball out of its group, into the trash; False when there is no such ball.

    With the last one the group goes there as a whole, and those that went before are in it
    again, so that restoring it brings everything back.
    """
    old = _live(bucket, key)
    if old is None:
        return False
    if _is_last(old):
        fields = {old.item_id: {"removed_at": rows.now_ms()}}
        patch = Patch(fields, places=apart.could_return(old.item))
    else:
        patch = Patch(places=[(old.id, None)])
    label, series = _named("Remove", old, old.item_id)
    journal.step(label, patch, series)
    return True


def _name_blob(digests: Digests, now: int) -> None:
    """Written as SQL, as it is done for every frame that comes: building it takes longer."""
    Blob._meta.database.execute_sql(
        "INSERT INTO blob (hash, size, sha256, added_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (hash) DO UPDATE SET sha256 = excluded.sha256 WHERE sha256 IS NULL",
        (digests.blake3, digests.size, digests.sha256, now),
    )


def _make_way(old: Any, item_id: int) -> tuple[Patch, Patch]:
    """Move a ball whose key gets other bytes, in the group ``item_id``, to the trash; the
    patch that does it, and its opposite.

    Another group that it leaves empty goes there as a whole.
    """
    if old.item_id != item_id and _is_last(old):
        apart.step_aside(old.item)
        forward = Patch({old.item_id: {"removed_at": rows.now_ms()}})
        return forward, patches.apply(forward)[1]
    where = (old.ball_id, old.key)
    apart.set_aside(old)
    return Patch(places=[(old.id, None)]), Patch(places=[(old.id, where)])


def _is_last(ball: Any) -> bool:
    return bool(Ball.select().where(Ball.item == ball.item_id).count() == 1)


def _named(verb: str, ball: Any, item_id: int) -> tuple[str, str]:
    """What a step is called, and the series of steps it is one with."""
    what = f"'{ball.key}'" if ball.key == ball.ball_id else f"frames of '{ball.ball_id}'"
    return f"{verb} {what}", f"{verb} {item_id}"


def _at(bucket: int, key: str) -> Any:
    # Mostly there is none, and making up the query below costs more than asking.
    if rows.one("SELECT 1 FROM ball WHERE bucket_id = ? AND key = ?", bucket, key) is None:
        return None
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
    tags = {UPDATED: str(now), **facts.tags}
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
    columns = _columns(facts, rows.now_ms())
    if _is_news(old, columns):
        label, series = _named("Describe", old, old.item_id)
        journal.step(label, Patch(facts=[(old.id, tuple(columns.values()))]), series)
    else:  # it was only seen again
        Ball.update(tags=columns["tags"]).where(Ball.id == old.id).execute()


def _is_news(old: Any, columns: dict[str, Any]) -> bool:
    """Whether more than the time differs."""
    before, after = ({**json.loads(text), UPDATED: ""} for text in (old.tags, columns["tags"]))
    others = [name for name in columns if name != "tags"]
    return before != after or any(getattr(old, name) != columns[name] for name in others)


def _group(bucket: int, facts: BallFacts, kind: Callable[[], Kind]) -> tuple[int, bool]:
    """The item of a ball's group, and whether it was made just now."""
    found = rows.one(
        "SELECT id, removed_at FROM item WHERE bucket_id = ? AND ball_id = ?", bucket, facts.ball_id
    )
    if found is not None and found[1] is None:
        return int(found[0]), False
    if found is not None:
        apart.step_aside(Item.get_by_id(found[0]))
    return apart.new_group(bucket, facts.bucket, facts.ball_id, None, kind()), True
