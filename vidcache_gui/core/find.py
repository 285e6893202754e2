"""Looking things up in the catalog. Every function runs inside a read block."""

import itertools
import json
from typing import Any

from peewee import fn

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Alias, Ball, Blob, Bucket, Change, Item, Tag, Video
from vidcache_gui.core.groups import group_balls
from vidcache_gui.core.records import Alias as AliasRecord
from vidcache_gui.core.records import Ball as BallRecord
from vidcache_gui.core.records import Bookmark, BucketCount, Changes, ItemDetails, Stats
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.search import with_bucket
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

FEED_LIMIT = 5000


def find(text: str) -> ItemRecord:
    """See :meth:`Library.find`."""
    text = text.strip()
    for condition in _readings(text):
        found = [rows.item_record(row) for row in with_bucket(Item.select().where(condition))]
        if len(found) == 1:
            return found[0]
        if found:
            some = ", ".join(f"#{item.id} '{item.name}'" for item in found[:5])
            raise UserError(f"'{text}' fits {len(found)} items: {some}. Name one by its number.")
    raise UserError(f"Nothing in this library is called '{text}'.")


def _readings(text: str) -> list[Any]:
    """What the text could mean, surest first."""
    readings: list[Any] = []
    if text.startswith("#") and text[1:].isdecimal():
        readings.append(Item.id == int(text[1:]))
    lowered = text.lower()
    if len(lowered) >= 6 and set(lowered) <= set("0123456789abcdef"):
        readings.append(Item.hash.startswith(lowered))
    if "/" in text:
        bucket, _, ball_id = text.rpartition("/")
        buckets = Bucket.select(Bucket.id).where(Bucket.name == bucket)
        readings.append(Item.bucket.in_(buckets) & (Item.ball_id == ball_id))
    readings.append(Item.ball_id == text)
    readings.append(Item.name == text)
    return readings


def details(item_id: int) -> ItemDetails:
    found = rows.get_items([item_id])
    if not found:
        raise UserError("This item is no longer in the library.")
    item = found[0]
    seen = Alias.select().where(Alias.item == item_id).order_by(Alias.first_seen, Alias.id)
    aliases = tuple(AliasRecord(a.source, a.kind, a.first_seen, a.last_seen) for a in seen)
    meta = Item.select(Item.meta).where(Item.id == item_id).scalar()
    sha256 = None
    gaps: tuple[tuple[int, int], ...] = ()
    if item.kind is Kind.FRAMES:
        gaps = _gaps(item_id)
    if not item.is_group:
        sha256 = Blob.select(Blob.sha256).where(Blob.hash == item.hash).scalar()
    return ItemDetails(
        item, aliases, json.loads(meta) if meta else None, facts(item_id), sha256, gaps,
        tuple(bookmarks(item_id)), delays(item_id),
    )  # fmt: skip


def bookmarks(item_id: int) -> list[Bookmark]:
    """In the order of their frames."""
    text = Item.select(Item.bookmarks).where(Item.id == item_id).scalar()
    return [Bookmark(frame, note) for frame, note in json.loads(text or "[]")]


def delays(item_id: int) -> dict[int, float]:
    """Milliseconds that people gave to single frames."""
    text = Item.select(Item.delays).where(Item.id == item_id).scalar()
    return {int(frame): delay for frame, delay in json.loads(text or "{}").items()}


def facts(item_id: int) -> dict[str, Any]:
    row = Video.get_or_none(Video.item == item_id)
    if row is None:
        return {}
    return {
        "container": row.container, "pixel_format": row.pixel_format, "bit_rate": row.bit_rate,
        "rotation": row.rotation, "has_audio": bool(row.has_audio),
        "has_alpha": bool(row.has_alpha), "checked_frames": row.checked_frames,
        "extension": row.extension, **json.loads(row.extra),
    }  # fmt: skip


def _gaps(item_id: int) -> tuple[tuple[int, int], ...]:
    numbers = [
        row[0]
        for row in Ball.select(Ball.frame_number)
        .where((Ball.item == item_id) & Ball.frame_number.is_null(False))
        .order_by(Ball.frame_number)
        .tuples()
    ]
    return tuple((low + 1, high - 1) for low, high in itertools.pairwise(numbers) if high > low + 1)


def resolve(source: str) -> ItemRecord | None:
    alias = (
        Alias.select()
        .join(Item)
        .where((Alias.source == source) & Item.removed_at.is_null())
        .order_by(Alias.last_seen.desc(), Alias.id.desc())
        .first()
    )
    return None if alias is None else rows.get_items([alias.item_id])[0]


def content(hash: str) -> ItemRecord | None:
    """The item outside the trash that has these bytes (groups have none of their own)."""
    found = Item.select().where(
        (Item.hash == hash) & Item.ball_id.is_null() & Item.removed_at.is_null()
    )
    row = with_bucket(found).first()
    return None if row is None else rows.item_record(row)


def balls(bucket: str, ball_id: str) -> list[BallRecord]:
    found = (
        Ball.select()
        .join(Bucket)
        .where((Bucket.name == bucket) & (Ball.ball_id == ball_id))
        .order_by(Ball.frame_number.is_null(), Ball.frame_number, Ball.key)
    )
    records = [rows.ball_record(row, bucket) for row in found]
    if not records:
        raise UserError(f"There are no frames called '{ball_id}' in the bucket '{bucket}'.")
    return records


def _live() -> Any:
    """Balls outside the trash, with the names of their buckets."""
    return (
        Ball.select(Ball, Bucket.name.alias("bucket_name"))
        .join(Bucket)
        .switch(Ball)
        .join(Item, on=(Ball.item == Item.id))
        .where(Item.removed_at.is_null())
    )


def live_balls(bucket: str, ball_id: str) -> list[BallRecord]:
    found = _live().where((Bucket.name == bucket) & (Ball.ball_id == ball_id))
    ordered = found.order_by(Ball.frame_number.is_null(), Ball.frame_number, Ball.key)
    return [rows.ball_record(row, row.bucket_name) for row in ordered.objects()]


def ball(bucket: str, key: str) -> BallRecord | None:
    row = _live().where((Bucket.name == bucket) & (Ball.key == key)).objects().first()
    return None if row is None else rows.ball_record(row, row.bucket_name)


def ball_page(
    bucket: str | None, after: int, limit: int, skip: int
) -> list[tuple[int, BallRecord]]:
    found = _live().where(Ball.id > after)
    if bucket is not None:
        found = found.where(Bucket.name == bucket)
    page = found.order_by(Ball.id).limit(limit).offset(skip)
    return [(row.id, rows.ball_record(row, row.bucket_name)) for row in page.objects()]


def count_balls() -> int:
    return int(_live().count())


def item_balls(item_id: int) -> list[BallRecord]:
    bucket = Bucket.select(Bucket.name).join(Item).where(Item.id == item_id).scalar()
    return [rows.ball_record(row, bucket) for row in group_balls(item_id)]


def group_item(bucket: str, ball_id: str) -> ItemRecord | None:
    found = Item.select().where(
        Item.bucket.in_(Bucket.select(Bucket.id).where(Bucket.name == bucket))
        & (Item.ball_id == ball_id)
    )
    row = with_bucket(found).first()
    return None if row is None else rows.item_record(row)


def buckets() -> list[BucketCount]:
    counts = (
        Item.select(Bucket.name, Item.prefix, fn.COUNT(Item.id))
        .join(Bucket)
        .where(Item.removed_at.is_null())
        .group_by(Bucket.name, Item.prefix)
        .order_by(Bucket.name, Item.prefix)
        .tuples()
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for name, prefix, count in counts:
        found.setdefault(name, []).append((prefix, count))
    return [
        BucketCount(name, sum(n for _, n in places), tuple(p for p in places if p[0]))
        for name, places in found.items()
    ]


def tags() -> list[tuple[str, int]]:
    counts = (
        Tag.select(Tag.name, fn.COUNT(Tag.item))
        .join(Item)
        .where(Item.removed_at.is_null())
        .group_by(Tag.name)
        .order_by(Tag.name)
    )
    return [(name, count) for name, count in counts.tuples()]


def stats() -> Stats:
    live = Item.removed_at.is_null()
    kinds = dict(Item.select(Item.kind, fn.COUNT(Item.id)).where(live).group_by(Item.kind).tuples())
    blobs, size = Blob.select(fn.COUNT(Blob.hash), fn.SUM(Blob.size)).tuples().first()
    return Stats(
        items=sum(kinds.values()),
        videos=kinds.get(Kind.VIDEO, 0),
        animations=kinds.get(Kind.ANIMATION, 0),
        images=kinds.get(Kind.IMAGE, 0),
        groups=Item.select().where(live & Item.ball_id.is_null(False)).count(),
        balls=Ball.select().join(Item).where(live).count(),
        blobs=blobs,
        bytes=size or 0,
        aliases=Alias.select().join(Item).where(live).count(),
        damaged=Item.select().where(live & Item.damaged.is_null(False)).count(),
        trashed=Item.select().where(Item.removed_at.is_null(False)).count(),
        buckets=Item.select(Item.bucket).where(live).distinct().count(),
    )


def changes_since(seq: int | None) -> tuple[int, Changes]:
    """What the feed holds after ``seq``; each item once, by its last state."""
    last = Change.select(fn.MAX(Change.seq)).scalar() or 0
    if seq is None or last == seq:
        return last, Changes()
    news = Change.select().where(Change.seq > seq).order_by(Change.seq).limit(FEED_LIMIT)
    state: dict[int, str] = {}
    matched = False
    for row in news:
        seq = row.seq
        if row.what == "matched":
            matched = True
            state.setdefault(row.item_id, "updated")
            continue
        # "added, then updated" is still an addition to whoever has not heard of it
        if not (row.what == "updated" and state.get(row.item_id) == "added"):
            state[row.item_id] = row.what
    by_kind = {
        what: tuple(id for id, w in state.items() if w == what)
        for what in ("added", "removed", "updated")
    }
    return seq or last, Changes(
        by_kind["added"], by_kind["removed"], by_kind["updated"], buckets=bool(state),
        matches=matched,
    )  # fmt: skip
