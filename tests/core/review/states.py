"""All that a catalog holds, as plain values to compare."""

import json
from typing import Any

from vidcache_gui.core.catalog import (
    Alias,
    Blob,
    DecisionRow,
    Item,
    ReviewGroupRow,
    ReviewMemberRow,
    SkipRow,
    Tag,
    Video,
)
from vidcache_gui.core.library import Library

Values = dict[tuple[Any, ...], Any]


def values() -> Values:
    """What people can change, setting by setting: absent is not there. Items always have
    ``removed_at``."""
    found: Values = {}
    for item in Item.select():
        found["removed_at", item.id] = item.removed_at or 0
        for name in ("name", "prefix", "bucket_id", "delays", "delay_ms"):
            if getattr(item, name) is not None:
                found[name, item.id] = getattr(item, name)
        for key, value in json.loads(item.meta or "{}").items():
            found["meta", item.id, key] = json.dumps(value)
        for frame, note in json.loads(item.bookmarks or "[]"):
            found["mark", item.id, frame] = note
    for tag in Tag.select():
        found["tag", tag.item_id, tag.name] = True
    for alias in Alias.select():
        found["alias", alias.item_id, alias.source] = True
    for said in DecisionRow.select():
        found["said", said.hash_a, said.hash_b] = (said.verdict, said.at)
    for skip in SkipRow.select():
        found["skip", skip.key] = skip.at
    return found


def rows_of() -> dict[tuple[Any, ...], Any]:
    """Whole rows, by table and the item or content they are about."""
    found: dict[tuple[Any, ...], Any] = {}
    for row in Item.select().tuples():
        found["item", row[0]] = row
    for row in Video.select().tuples():
        found["video", row[0]] = row
    for row in Alias.select().tuples():
        found["alias", row[1], row[0]] = row
    for row in Tag.select().tuples():
        found["tag", *row] = row
    for row in DecisionRow.select().tuples():
        found["decision", *row[:2]] = row
    for row in Blob.select().tuples():
        found["blob", row[0]] = row
    text = Item._meta.database.execute_sql("SELECT rowid, * FROM item_text")
    for row in text.fetchall():
        found["text", row[0]] = row
    return found


def blobs(library: Library) -> dict[str, bytes]:
    """Every stored byte string."""
    files = [path for path in (library.path / "blobs").rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in files}


def laid_out() -> Any:
    """The review queue."""
    groups = sorted(
        (r.lane, r.keeper, r.relation, r.doubt, r.skipped_at) for r in ReviewGroupRow.select()
    )
    members = sorted(
        (r.lane, r.hash, r.keeper, r.match or 0, r.doubt, r.size) for r in ReviewMemberRow.select()
    )
    return groups, members
