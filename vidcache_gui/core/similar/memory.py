"""What was deleted for good is remembered. Every function runs inside a block."""

import time
from collections.abc import Iterable

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import FingerprintRow, Memory


def remember(deleted: Iterable[tuple[str, str]]) -> None:
    """Note contents, (hash, name), that no item has any more."""
    now = rows.now_ms()
    for hash, name in deleted:
        Memory.replace(hash=hash, name=name, deleted_at=now).execute()


def exactly(hash: str) -> str | None:
    """The sentence about this very content, if it was deleted some time."""
    row = Memory.get_or_none(Memory.hash == hash)
    return None if row is None else f"It was deleted on {_day(row.deleted_at)} as '{row.name}'."


def name(hash: str) -> str | None:
    """What a content was called that was deleted some time."""
    return Memory.select(Memory.name).where(Memory.hash == hash).scalar()  # type: ignore[no-any-return]


def by_look(hashes: Iterable[str]) -> str | None:
    """The sentence about the first of these contents that was deleted and is not back."""
    for hash in hashes:
        row = Memory.get_or_none(Memory.hash == hash)
        if row is not None and not _is_back(hash):
            return f"It looks like '{row.name}', which was deleted on {_day(row.deleted_at)}."
    return None


def _is_back(hash: str) -> bool:
    present = FingerprintRow.select().where((FingerprintRow.hash == hash) & FingerprintRow.present)
    return bool(present.exists())


def _day(milliseconds: int) -> str:
    day = time.localtime(milliseconds / 1000)
    return f"{day.tm_mday} {time.strftime('%B %Y', day)}"
