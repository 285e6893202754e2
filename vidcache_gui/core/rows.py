"""Between catalog rows and the records that leave the core."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from vidcache_gui.core.catalog import Alias, Bucket, Change, Item, stored_text
from vidcache_gui.core.records import Ball as BallRecord
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.search import with_bucket
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

CHANGES_KEPT = 20_000
T = TypeVar("T")


def now_ms() -> int:
    return int(time.time() * 1000)


def item_record(row: Any) -> ItemRecord:
    """A row of :func:`search.with_bucket` as a record."""
    return ItemRecord(
        id=row.id, kind=Kind(row.kind), hash=row.hash, name=row.name, bucket=row.bucket_name,
        prefix=row.prefix, size=row.size, added_at=row.added_at, ball_id=row.ball_id,
        width=row.width, height=row.height, frame_count=row.frame_count, duration=row.duration,
        delay_ms=row.delay_ms, fps=row.fps, codec=row.codec, mime=row.mime,
        damaged=row.damaged, removed_at=row.removed_at,
        tags=tuple(sorted(row.tag_names.split("\x1f"))) if row.tag_names else (),
    )  # fmt: skip


def ball_record(row: Any, bucket: str) -> BallRecord:
    return BallRecord(
        bucket=bucket, ball_id=row.ball_id, key=row.key, hash=row.blob_id, size=row.size,
        checksum=row.checksum, content_type=row.content_type, producer_id=row.producer_id,
        tags=json.loads(row.tags), frame_number=row.frame_number,
        is_disabled=bool(row.is_disabled),
    )  # fmt: skip


def get_items(ids: list[int]) -> list[ItemRecord]:
    """Records in the order asked for; ids that are gone are left out."""
    found = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        for row in with_bucket(Item.select().where(Item.id.in_(some))):
            found[row.id] = item_record(row)
    return [found[id] for id in ids if id in found]


def one(sql: str, *values: Any) -> Any:
    """The first row of a question asked so often that making it up each time would tell."""
    given = [stored_text(value) if isinstance(value, str) else value for value in values]
    return Item._meta.database.execute_sql(sql, given).fetchone()


def insert(table: str, columns: Mapping[str, Any]) -> int:
    """Write a row of which so many come that making up the statement each time would tell; its
    id. Values are as they are stored."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING rowid"
    return int(one(sql, *columns.values())[0])


def bucket_id(name: str) -> int:
    """The bucket's id; it is made on first use. Names are data, so any text will do."""
    name = name.strip()
    if not name:
        raise UserError("A bucket needs a name.")
    row = one("SELECT id FROM bucket WHERE name = ?", name)
    if row is None:
        return int(Bucket.insert(name=name).execute())
    return int(row[0])


def clean_prefix(prefix: str) -> str:
    """Prefixes are path-like labels: no leading or trailing slash, no empty or dot parts."""
    parts = [part.strip() for part in prefix.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def remember_source(item_id: int, source: str, kind: str) -> bool:
    """Note where content came from; True if this place was not known before."""
    now = now_ms()
    seen = Alias.update(last_seen=now).where((Alias.item == item_id) & (Alias.source == source))
    if seen.execute():
        return False
    Alias.insert(item=item_id, source=source, kind=kind, first_seen=now, last_seen=now).execute()
    return True


def chunks(things: Sequence[T], size: int = 500) -> Iterator[list[T]]:
    """Parts small enough for one statement."""
    for start in range(0, len(things), size):
        yield list(things[start : start + size])


def reindex_text(ids: Sequence[int]) -> None:
    """Bring the full-text rows of these items up to date."""
    db = Item._meta.database
    for some in chunks(ids):
        sources: dict[int, list[str]] = {}
        for id, source in (
            Alias.select(Alias.item, Alias.source).where(Alias.item.in_(some)).tuples()
        ):
            sources.setdefault(id, []).append(source)
        db.connection().executemany("DELETE FROM item_text WHERE rowid = ?", [(id,) for id in some])
        texts = [
            (
                row.id,
                row.name,
                f"{row.bucket_name} {row.prefix} {row.ball_id or ''} {row.kind} {row.codec}",
                row.tag_names or "",
                " ".join(filter(None, (row.meta, _notes(row.bookmarks)))),
                "\n".join(sources.get(row.id, ())),
            )
            for row in with_bucket(Item.select().where(Item.id.in_(some)))
        ]
        db.connection().executemany(
            "INSERT INTO item_text (rowid, name, place, tags, meta, sources) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [tuple(stored_text(part) if isinstance(part, str) else part for part in text)
             for text in texts],
        )  # fmt: skip


def _notes(bookmarks: str | None) -> str:
    return " ".join(note for _, note in json.loads(bookmarks or "[]"))


def note_change(what: str, ids: list[int]) -> None:
    """Tell every window that follows the feed; old news is dropped."""
    if not ids:
        return
    for some in chunks(ids):
        Change.insert_many([(id, what) for id in some], [Change.item_id, Change.what]).execute()
    last = Change.select(Change.seq).order_by(Change.seq.desc()).limit(1).scalar()
    if last % 1000 < len(ids):
        Change.delete().where(Change.seq < last - CHANGES_KEPT).execute()
