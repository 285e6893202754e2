"""Look at every stored byte again and hold catalog and files against each other.

Nothing is changed by looking: what is found is said, and what to do about it is the
person's decision.
"""

from collections.abc import Callable, Iterator

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Ball, Blob, Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Finding
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import hash_file

BATCH = 500
OnProgress = Callable[[int, int], None]  # (blobs done, blobs in all)


def verify(
    database: Database, blobs: BlobStore, *, token: CancelToken, on_progress: OnProgress
) -> Iterator[Finding]:
    """Yield each problem found: in the catalog itself, then blob by blob, then on disk."""
    for complaint in database.check():
        yield Finding("wrong", "", str(database.path), f"The catalog is damaged: {complaint}")
    yield from _dangling(database)
    yield from _rehash(database, blobs, token, on_progress)
    yield from _leftovers(database, blobs, token)


def _dangling(database: Database) -> Iterator[Finding]:
    """Items whose blob has no row; balls are held by a foreign key."""
    with database.read():
        rows = list(
            Item.select(Item.id, Item.hash, Item.name)
            .where(Item.ball_id.is_null() & Item.hash.not_in(Blob.select(Blob.hash)))
            .tuples()
        )
    for id, hash, name in rows:
        yield Finding("wrong", hash, "", f"'{name}' names bytes the catalog does not list.", (id,))


def _rehash(
    database: Database, blobs: BlobStore, token: CancelToken, on_progress: OnProgress
) -> Iterator[Finding]:
    with database.read():
        total = Blob.select().count()
    done, last = 0, ""
    while True:
        with database.read():
            batch = list(
                Blob.select(Blob.hash, Blob.size)
                .where(Blob.hash > last)
                .order_by(Blob.hash)
                .limit(BATCH)
                .tuples()
            )
        if not batch:
            return
        for hash, size in batch:
            token.check()
            finding = _check_blob(database, blobs, hash, size, token)
            if finding is not None:
                yield finding
            done += 1
            on_progress(done, total)
        last = batch[-1][0]


def _check_blob(
    database: Database, blobs: BlobStore, hash: str, size: int, token: CancelToken
) -> Finding | None:
    path = f"blobs/{hash[:2]}/{hash}"
    try:
        with blobs.open(hash) as file:
            digests = hash_file(file, token=token, on_bytes=lambda _: None)
    except UserError as error:
        problem = "unreadable" if blobs.exists(hash) else "missing"
        return Finding(problem, hash, path, str(error), _users(database, hash))
    except OSError as error:
        detail = f"The disk could not read it ({error.strerror})."
        return Finding("unreadable", hash, path, detail, _users(database, hash))
    if digests.blake3 == hash:
        return None
    detail = "Its bytes are not the ones that were stored"
    detail += f": {digests.size} bytes instead of {size}." if digests.size != size else "."
    return Finding("changed", hash, path, detail, _users(database, hash))


def _users(database: Database, hash: str) -> tuple[int, ...]:
    """The items that need this blob."""
    with database.read():
        direct = Item.select(Item.id).where((Item.hash == hash) & Item.ball_id.is_null()).tuples()
        frames = Ball.select(Ball.item).where(Ball.blob == hash).distinct().tuples()
        return tuple(sorted({row[0] for row in [*direct, *frames] if row[0] is not None}))


def _leftovers(database: Database, blobs: BlobStore, token: CancelToken) -> Iterator[Finding]:
    """Files in the blob folder that no row names (a crash before the row leaves these)."""
    for name, path in blobs.hashes():
        token.check()
        with database.read():
            known = Blob.select().where(Blob.hash == name).exists()
        if not known:
            where = f"blobs/{path.parent.name}/{name}"
            detail = "No item uses this file. It takes up room and does no harm."
            yield Finding("leftover", name, where, detail)
