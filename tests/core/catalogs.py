"""Catalogs with items in them, made without any media (for tests of the catalog alone)."""

from pathlib import Path
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Blob
from vidcache_gui.core.database import Database
from vidcache_gui.core.migrations import migrate
from vidcache_gui.media.types import Kind, MediaFacts


def new_catalog(folder: Path) -> Database:
    database = Database(folder / "catalog.db")
    migrate(database, folder / "backups")
    return database


def add_item(database: Database, name: str, *, kind: Kind = Kind.VIDEO, **values: Any) -> int:
    """One item whose hash is its name in hexadecimal; call outside a transaction."""
    from vidcache_gui.core.intake import Target, insert_item

    size = values.pop("size", 1000)
    target = Target(
        values.pop("bucket", "videos"), values.pop("prefix", ""), values.pop("meta", None)
    )
    hash = name.encode().hex().ljust(64, "0")[:64]
    facts = MediaFacts(kind=kind, mime="video/mp4", extension="mp4", **values)
    with database.write():
        Blob.insert(hash=hash, size=size, added_at=0).on_conflict_ignore().execute()
        id = insert_item(facts, hash, size, name, target, delay_ms=None, ball_id=None)
        rows.reindex_text([id])
        rows.note_change("added", [id])
    return id
