"""The rows that hold fingerprints. Every function runs inside a read or write block."""

import logging
from typing import TYPE_CHECKING, Any

from peewee import fn

from vidcache_gui.core.catalog import FingerprintRow, Info, Item

if TYPE_CHECKING:
    from vidcache_gui.media.fingerprint.fingerprint import Fingerprint

log = logging.getLogger(__name__)

WAITING, READY, FAILED = "waiting", "ready", "failed"
STAMP = "similar.stamp"  # the last one given

FIRST_PICTURES = 32  # among which one is looked for that is no title card or fade


def today() -> int:
    """The version that fingerprints of today have."""
    from vidcache_gui.media.fingerprint.fingerprint import VERSION  # numpy: not for every command

    return VERSION


def put(hash: str, data: bytes, stream: str | None) -> None:
    """Keep a fingerprint; whatever it was compared with before no longer counts."""
    stamp = _next_stamp()
    FingerprintRow.update(
        state=READY, version=today(), stamp=stamp, checked_version=None, reason=None,
        stream=stream, data=data,
    ).where(FingerprintRow.hash == hash).execute()  # fmt: skip


def _next_stamp() -> int:
    """A number no fingerprint ever had, also none that is gone: the search index has everything
    up to the last one it saw."""
    stamp = last_stamp() + 1
    Info.replace(key=STAMP, value=str(stamp)).execute()
    return stamp


def last_stamp() -> int:
    highest = FingerprintRow.select(fn.MAX(FingerprintRow.stamp)).scalar() or 0
    given = Info.select(Info.value).where(Info.key == STAMP).scalar() or 0
    return max(int(highest), int(given))


def fail(hash: str, reason: str) -> None:
    """No pictures can be had from this content; a full rescan tries again."""
    FingerprintRow.update(state=FAILED, version=today(), reason=reason, data=None).where(
        FingerprintRow.hash == hash
    ).execute()


def try_again(hash: str) -> None:
    """This content showed nothing before, and does now."""
    FingerprintRow.update(state=WAITING).where(
        (FingerprintRow.hash == hash) & (FingerprintRow.state == FAILED)
    ).execute()


def has(hash: str) -> bool:
    """Is there a fingerprint of today's version of this content?"""
    return bool(
        FingerprintRow.select()
        .where(
            (FingerprintRow.hash == hash)
            & (FingerprintRow.state == READY)
            & (FingerprintRow.version == today())
        )
        .exists()
    )


def load(id: int) -> "Fingerprint | None":
    return read(FingerprintRow.get_or_none(FingerprintRow.id == id))


def of(hash: str) -> "Fingerprint | None":
    return read(FingerprintRow.get_or_none(FingerprintRow.hash == hash))


def read(row: Any) -> "Fingerprint | None":
    """The fingerprint of a row, None where there is none or it cannot be compared."""
    if row is None or row.state != READY or row.version != today() or row.data is None:
        return None
    from vidcache_gui.media.fingerprint.fingerprint import Fingerprint

    try:
        return Fingerprint.from_bytes(bytes(row.data))
    except ValueError as error:
        log.error("fingerprint %d: %s", row.id, error)
        return None


def phash(hash: str) -> str | None:
    """16 hexadecimal digits: the perceptual hash of the first picture that says something, as
    ``imagehash.phash`` writes it; None where there is no fingerprint (yet)."""
    row = FingerprintRow.get_or_none(FingerprintRow.hash == hash)
    if row is None or row.state != READY or row.version != today() or row.data is None:
        return None
    from vidcache_gui.media.fingerprint import hashes
    from vidcache_gui.media.fingerprint.fingerprint import Fingerprint

    try:
        pictures = Fingerprint.first_pictures(bytes(row.data), FIRST_PICTURES)
    except ValueError as error:
        log.error("fingerprint %d: %s", row.id, error)
        return None
    if not len(pictures):
        return None
    best = int(hashes.informative(pictures).argmax())
    return f"{int(hashes.phash64(pictures[best : best + 1])[0]):016x}"


def waiting(after: int, limit: int) -> list[Any]:
    """(row number, item id) of contents that have no fingerprint yet, oldest first."""
    found = FingerprintRow._meta.database.execute_sql(
        "SELECT f.id, (SELECT MIN(i.id) FROM item i WHERE i.hash = f.hash) FROM fingerprint f "
        "WHERE f.present AND f.state = 'waiting' AND f.id > ? ORDER BY f.id LIMIT ?",
        (after, limit),
    )
    return list(found.fetchall())


def unchecked(limit: int) -> list[str]:
    """Hashes of fingerprinted contents that were not compared with all others yet."""
    found = FingerprintRow._meta.database.execute_sql(
        "SELECT hash FROM fingerprint WHERE present AND state = 'ready' "
        "AND checked_version IS NULL ORDER BY id LIMIT ?",
        (limit,),
    )
    return [row[0] for row in found.fetchall()]


def was_compared() -> bool:
    """Is there a content that was compared with the others?"""
    compared = FingerprintRow.select().where(FingerprintRow.checked_version.is_null(False))
    return bool(compared.exists())


def set_checked(hash: str, stamp: int) -> None:
    """It was compared with all others, unless it has another fingerprint by now."""
    FingerprintRow.update(checked_version=today()).where(
        (FingerprintRow.hash == hash) & (FingerprintRow.stamp == stamp)
    ).execute()


def forget_comparisons(recompute: bool) -> None:
    """Everything is to be compared again, what failed is to be tried again, and fingerprints
    are made again where that is wanted."""
    FingerprintRow.update(checked_version=None).where(
        FingerprintRow.checked_version.is_null(False)
    ).execute()
    again = (READY, FAILED) if recompute else (FAILED,)
    FingerprintRow.update(state=WAITING).where(
        FingerprintRow.state.in_(again) & FingerprintRow.present
    ).execute()


def renew() -> bool:
    """Fingerprints of older versions are made again; False where there are none."""
    older = FingerprintRow.update(state=WAITING).where(
        (FingerprintRow.version != today()) & (FingerprintRow.state != WAITING)
    )
    return bool(older.execute())


def counts() -> tuple[int, int, int, int]:
    """(fingerprinted, checked, waiting, failed) contents of the library."""
    number = {WAITING: 0, READY: 0, FAILED: 0}
    checked = 0
    found = FingerprintRow._meta.database.execute_sql(
        "SELECT state, checked_version IS NOT NULL, COUNT(*) FROM fingerprint WHERE present "
        "GROUP BY state, checked_version IS NOT NULL"
    )
    for state, compared, count in found.fetchall():
        number[state] += count
        checked += count if compared and state == READY else 0
    return number[READY], checked, number[WAITING], number[FAILED]


def live_item(hash: str) -> int | None:
    """The oldest item outside the trash that has this content."""
    return (  # type: ignore[no-any-return]
        Item.select(fn.MIN(Item.id)).where((Item.hash == hash) & Item.removed_at.is_null()).scalar()
    )


def stamp_of(id: object) -> int | None:
    """When a fingerprint was made, by the numbers :func:`put` gives."""
    return (  # type: ignore[no-any-return]
        FingerprintRow.select(FingerprintRow.stamp).where(FingerprintRow.id == id).scalar()
    )


def hash_of(id: int) -> str | None:
    return (  # type: ignore[no-any-return]
        FingerprintRow.select(FingerprintRow.hash).where(FingerprintRow.id == id).scalar()
    )


def same_stream(stream: str, before: int | None = None) -> list[str]:
    """Contents with these compressed pictures, fingerprinted before a stamp where one is given."""
    found = FingerprintRow.select(FingerprintRow.hash).where(
        (FingerprintRow.stream == stream) & (FingerprintRow.state == READY)
    )
    if before is not None:
        found = found.where(FingerprintRow.stamp < before)
    return [row[0] for row in found.tuples()]
