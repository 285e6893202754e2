"""Where balls are: in their group, or apart from it in the trash, and what is said of them.

A program deletes and replaces single balls. Such a ball goes to a group of its own in the trash,
with the others that were taken out of the same group, and can go back from there. Both ways are
settings of the journal. Functions run inside a transaction.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from blake3 import blake3

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Ball, Bucket, Item
from vidcache_gui.core.intake import Target, insert_item
from vidcache_gui.core.records import DEFAULT_DELAY_MS
from vidcache_gui.core.similar import prints
from vidcache_gui.media.types import Kind, MediaFacts

COMING = "It is still coming in."
REMOVED = "removed from"  # in the details of a trashed group of single balls
FORMER_KEY = "former_key"  # the tag that keeps the key such a ball had

# (row of the ball, (ball_id, key) or None for apart from its group)
Placed = tuple[int, tuple[str, str] | None]
# (row of the ball, (content type, producer, tags as JSON, frame number, disabled))
Facts = tuple[int, tuple[str, str, str, int | None, bool]]


def place(wanted: Iterable[Placed]) -> Iterator[Placed]:
    """Put balls where they are to be; yields where each was before, if that was elsewhere.

    One whose key has got other bytes since stays where it is.
    """
    left: set[int] = set()
    for id, where in sorted(wanted, key=lambda one: one[1] is not None):  # names get free first
        ball = Ball.select(Ball, Item).join(Item).where(Ball.id == id).first()
        if ball is None:
            continue
        now = None if is_apart(ball.item) else (ball.ball_id, ball.key)
        if where == now:
            continue
        if where is None:
            set_aside(ball)
        elif not _move(ball, *where):
            continue
        left.add(ball.item_id)
        yield id, now
    for item_id in sorted(left):
        _leave(item_id)


def tell(wanted: Iterable[Facts]) -> Iterator[Facts]:
    """Set what is said of balls; yields what was said before, if that was different."""
    for id, said in wanted:
        ball = Ball.get_or_none(Ball.id == id)
        if ball is None or facts_of(ball) == (id, tuple(said)):
            continue
        yield facts_of(ball)
        content_type, producer, tags, number, disabled = said
        Ball.update(
            content_type=content_type, producer_id=producer, tags=tags, frame_number=number,
            is_disabled=disabled,
        ).where(Ball.id == id).execute()  # fmt: skip
        touch(ball.item_id)
        rows.note_change("updated", [ball.item_id])


def facts_of(ball: Any) -> Facts:
    said = (ball.content_type, ball.producer_id, ball.tags, ball.frame_number)
    return ball.id, (*said, bool(ball.is_disabled))


def items_with(balls: Iterable[int]) -> list[int]:
    """The items that balls are in now."""
    found: set[int] = set()
    for some in rows.chunks(sorted(set(balls))):
        found.update(row[0] for row in Ball.select(Ball.item).where(Ball.id.in_(some)).tuples())
    return sorted(found)


def existing(balls: Iterable[int]) -> set[int]:
    """Those of these balls that the catalog has."""
    found: set[int] = set()
    for some in rows.chunks(sorted(set(balls))):
        found.update(row[0] for row in Ball.select(Ball.id).where(Ball.id.in_(some)).tuples())
    return found


def is_apart(item: Any) -> bool:
    """Whether a group is in the trash and holds balls taken out of another one by one."""
    removed = item.removed_at is not None and item.meta is not None
    return removed and REMOVED in json.loads(item.meta)


def apart_from(bucket: int, ball_id: str) -> Any:
    """The trashed group that takes single balls of this group, if there is one."""
    meta = json.dumps({REMOVED: ball_id})
    return Item.get_or_none(
        (Item.bucket == bucket) & Item.removed_at.is_null(False) & (Item.meta == meta)
    )


def could_return(item: Any) -> list[Placed]:
    """Balls that were taken out of this group and whose keys are still free; newest first."""
    aside = apart_from(item.bucket_id, item.ball_id)
    if aside is None:
        return []
    taken: set[str] = set()
    found: list[Placed] = []
    for ball in Ball.select().where(Ball.item == aside.id).order_by(Ball.id.desc()):
        key = json.loads(ball.tags).get(FORMER_KEY)
        if key and key not in taken and not _is_taken(ball.bucket_id, key):
            taken.add(key)
            found.append((ball.id, (item.ball_id, key)))
    return found


def set_aside(ball: Any) -> None:
    """Move one ball into the trash, to the others of its group."""
    aside = apart_from(ball.bucket_id, ball.ball_id)
    if aside is None:
        name = _free_name(ball.bucket_id, ball.ball_id)
        bucket = Bucket.get_by_id(ball.bucket_id).name
        meta = {REMOVED: ball.ball_id}
        kind = Kind.FRAMES if ball.item.kind == Kind.FRAMES else Kind.DATA
        aside_id = new_group(ball.bucket_id, bucket, name, meta, kind)
        Item.update(removed_at=rows.now_ms()).where(Item.id == aside_id).execute()
        rows.note_change("removed", [aside_id])
    else:
        aside_id, name = aside.id, aside.ball_id
    _rename(ball, ball.bucket_id, ball.ball_id, name, item=aside_id)
    grow(aside_id, 1, ball.size)
    grow(ball.item_id, -1, -ball.size)
    rows.note_change("updated", [ball.item_id])


def _leave(item_id: int) -> None:
    """A group that has no balls any more goes."""
    if Ball.select().where(Ball.item == item_id).exists():
        return
    Item._meta.database.execute_sql("DELETE FROM item_text WHERE rowid = ?", (item_id,))
    Item.delete().where(Item.id == item_id).execute()
    rows.note_change("removed", [item_id])


def _move(ball: Any, ball_id: str, key: str) -> bool:
    """Into a group, be that in the trash or not; False where the key is taken."""
    bucket, former_id = ball.bucket_id, ball.item_id
    if key != ball.key and _is_taken(bucket, key):
        return False
    item = Item.get_or_none((Item.bucket == bucket) & (Item.ball_id == ball_id))
    if item is None:
        name = Bucket.get_by_id(bucket).name
        item_id = new_group(bucket, name, ball_id, None)
    else:
        item_id = item.id
    tags = json.loads(ball.tags)
    tags.pop(FORMER_KEY, None)
    Ball.update(item=item_id, ball_id=ball_id, key=key, tags=json.dumps(tags)).where(
        Ball.id == ball.id
    ).execute()
    grow(item_id, 1, ball.size)
    grow(former_id, -1, -ball.size)
    rows.note_change("updated", [item_id, former_id])
    return True


def _is_taken(bucket: int, key: str) -> bool:
    return bool(Ball.select().where((Ball.bucket == bucket) & (Ball.key == key)).exists())


def new_group(
    bucket: int, name: str, ball_id: str, meta: dict[str, Any] | None, kind: str = Kind.FRAMES
) -> int:
    """An item without balls yet. ``kind``: till it is looked at."""
    hash = _provisional_hash(bucket, ball_id)
    facts = MediaFacts(kind=Kind(kind), mime="application/octet-stream", extension="")
    item_id = insert_item(
        facts, hash, 0, ball_id, Target(name, meta=meta), delay_ms=None, ball_id=ball_id
    )
    prints.fail(hash, COMING)
    rows.reindex_text([item_id])
    rows.note_change("added", [item_id])
    return item_id


def _provisional_hash(bucket: int, ball_id: str) -> str:
    """What a group is called until it has all its balls; like no content's hash."""
    return blake3(f"coming in: {bucket} {ball_id} {rows.now_ms()}".encode()).hexdigest()


def grow(item_id: int, count: int, size: int) -> None:
    """Written as SQL, and so is ``touch``: done for every frame that comes."""
    Item._meta.database.execute_sql(
        "UPDATE item SET frame_count = frame_count + ?, size = size + ?, "
        "length = (frame_count + ?) * COALESCE(delay_ms, ?) / 1000 WHERE id = ?",
        (count, size, count, DEFAULT_DELAY_MS, item_id),
    )
    touch(item_id)


def touch(item_id: int) -> None:
    """Its contents changed: it wants to be looked at when no more comes."""
    Item._meta.database.execute_sql(
        "INSERT OR IGNORE INTO growing (item_id) VALUES (?)", (item_id,)
    )


def step_aside(item: Any) -> None:
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
    """Give a ball a key below another ball_id; its tags remember the key it had."""
    rest = ball.key[len(old) :] if ball.key.startswith(old) else f"_{ball.key}"
    key, number = f"{new}{rest}", 2
    while _is_taken(bucket, key):
        key, number = f"{new}{rest}-{number}", number + 1
    tags = {FORMER_KEY: ball.key, **json.loads(ball.tags)}
    Ball.update(ball_id=new, key=key, tags=json.dumps(tags), **more).where(
        Ball.id == ball.id
    ).execute()
