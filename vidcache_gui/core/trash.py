"""Emptying the trash: the one act that deletes bytes.

Rows go first, in one transaction; then the blobs nothing names any more move to the
``trash`` folder and are deleted there. A crash in between leaves blobs in that folder, and
the next start finishes: back to the store if a row names them, gone if not.
"""

from pathlib import Path

from vidcache_gui.core import rows
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Ball, Blob, FrameIndexRow, Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.locks import blob_lock
from vidcache_gui.core.pictures import Pictures
from vidcache_gui.core.records import Changes
from vidcache_gui.core.similar import memory

CHUNK = 500


def empty(
    database: Database, blobs: BlobStore, pictures: Pictures, run: Path, ids: list[int] | None
) -> tuple[Changes, int]:
    """Delete trashed items (all of them, or ``ids``) for good; returns the bytes freed."""
    with blob_lock(run, exclusive=True):
        gone, unused = _delete_rows(database, pictures, ids)
        for hash in unused:
            blobs.move_to_trash(hash)
        freed = sum(blobs.burn(hash) for hash in unused)
    return Changes(removed=tuple(gone), buckets=True, label="Empty trash"), freed


def recover(database: Database, blobs: BlobStore, run: Path) -> None:
    """Finish an emptying that was cut short."""
    left = blobs.trashed()
    if not left:
        return
    with blob_lock(run, exclusive=True):
        for hash in left:
            with database.read():
                named = Blob.select().where(Blob.hash == hash).exists()
            if named:
                blobs.put_back(hash)
            else:
                blobs.burn(hash)


def _delete_rows(
    database: Database, pictures: Pictures, ids: list[int] | None
) -> tuple[list[int], list[str]]:
    gone: list[int] = []
    unused: list[str] = []
    with database.write() as db:
        doomed = Item.select(Item.id, Item.hash, Item.name).where(Item.removed_at.is_null(False))
        if ids is not None:
            doomed = doomed.where(Item.id.in_(ids))
        items = list(doomed.tuples())
        for start in range(0, len(items), CHUNK):
            some = items[start : start + CHUNK]
            gone_here = [id for id, _, _ in some]
            hashes = {hash for _, hash, _ in some}
            frames = Ball.select(Ball.blob).where(Ball.item.in_(gone_here)).distinct()
            hashes.update(row[0] for row in frames.tuples())
            for id in gone_here:
                db.execute_sql("DELETE FROM item_text WHERE rowid = ?", (id,))
            Item.delete().where(Item.id.in_(gone_here)).execute()
            unused.extend(_drop_unused(sorted(hashes)))
            gone.extend(gone_here)
        rows.note_change("removed", gone)
        orphaned = {
            hash: name
            for _, hash, name in items
            if not Item.select().where(Item.hash == hash).exists()
        }
        memory.remember(orphaned.items())
    for hash in orphaned:
        pictures.remove(hash)
    return gone, unused


def _drop_unused(hashes: list[str]) -> list[str]:
    """Delete the rows of blobs that no item and no ball names; returns their hashes."""
    unused = []
    for hash in hashes:
        if Item.select().where(Item.hash == hash).exists():
            continue
        FrameIndexRow.delete().where(FrameIndexRow.hash == hash).execute()
        if Ball.select().where(Ball.blob == hash).exists():
            continue
        if Blob.delete().where(Blob.hash == hash).execute():
            unused.append(hash)
    return unused
