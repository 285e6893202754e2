"""Stored files as programs list them: by place, time and where they came from.

Every function runs inside a read block.
"""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Alias, Bucket, Item, Tag
from vidcache_gui.core.records import Alias as AliasRecord
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.records import Query
from vidcache_gui.core.search import ordered, with_bucket


@dataclass(frozen=True, slots=True)
class FileQuery:
    """Which files; None and empty mean any. Times are milliseconds, both ends included."""

    bucket: str | None = None
    prefix: str | None = None  # exactly this one
    tag: str | None = None
    since: int | None = None
    until: int | None = None
    source_contains: str = ""  # in an address it came from, in any case


@dataclass(frozen=True, slots=True)
class Sourced:
    """An item and every place it is known from, the oldest first."""

    item: ItemRecord
    aliases: tuple[AliasRecord, ...]


def files(query: FileQuery, after: Any, limit: int, *, descending: bool) -> list[Sourced]:
    """One keyset page by (added_at, id); ``after`` is the last key of the page before."""
    found = Item.select(Item.id).where(Item.removed_at.is_null() & Item.ball_id.is_null())
    if query.bucket is not None:
        found = found.where(
            Item.bucket.in_(Bucket.select(Bucket.id).where(Bucket.name == query.bucket))
        )
    if query.prefix is not None:
        found = found.where(Item.prefix == rows.clean_prefix(query.prefix))
    if query.tag is not None:
        found = found.where(Item.id.in_(Tag.select(Tag.item).where(Tag.name == query.tag)))
    if query.since is not None:
        found = found.where(Item.added_at >= query.since)
    if query.until is not None:
        found = found.where(Item.added_at <= query.until)
    if query.source_contains:
        known = Alias.select(Alias.item).where(_contains(query.source_contains))
        found = found.where(Item.id.in_(known))
    page = ordered(Query(descending=descending), with_bucket(found), after).limit(limit)
    return with_sources([rows.item_record(row) for row in page])


def with_sources(items: list[ItemRecord]) -> list[Sourced]:
    known: dict[int, list[AliasRecord]] = {item.id: [] for item in items}
    for some in rows.chunks(list(known)):
        seen = Alias.select().where(Alias.item.in_(some)).order_by(Alias.first_seen, Alias.id)
        for alias in seen:
            record = AliasRecord(alias.source, alias.kind, alias.first_seen, alias.last_seen)
            known[alias.item_id].append(record)
    return [Sourced(item, tuple(known[item.id])) for item in items]


def _contains(text: str) -> Any:
    return fn.INSTR(fn.LOWER(Alias.source), text.lower()) > 0
