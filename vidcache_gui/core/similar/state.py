"""How far a library is, and whether it is being checked: light enough to ask at any time."""

import itertools
import threading
from pathlib import Path

from vidcache_gui.core.catalog import Info
from vidcache_gui.core.database import Database
from vidcache_gui.core.locks import FileLock
from vidcache_gui.core.similar import prints
from vidcache_gui.core.similar.records import CheckState

PAUSED = "similar.paused"
_reading = threading.Lock()
_order = itertools.count(1)


def lock_for_check(run: Path) -> FileLock:
    """Who has it checks the library; not acquired yet."""
    return FileLock(run / "check.lock")


def is_running(run: Path) -> bool:
    lock = lock_for_check(run)
    try:
        return not lock.acquire()
    finally:
        lock.release()


def read(database: Database, *, running: bool, current: str = "", note: str = "") -> CheckState:
    """``current``: what this process is looking at, if it is the one that checks."""
    with _reading:  # so that the order is that in which it was so
        with database.read():
            fingerprinted, checked, waiting, failed = prints.counts()
            paused = is_paused()
        order = next(_order)
    total = fingerprinted + waiting + failed
    return CheckState(
        total, fingerprinted, checked, waiting, failed, paused, running, current, note, order
    )


def is_paused() -> bool:
    """Call inside a read block."""
    return bool(Info.select().where(Info.key == PAUSED).exists())


def set_paused(database: Database, paused: bool) -> None:
    with database.write():
        if paused:
            Info.replace(key=PAUSED, value="1").execute()
        else:
            Info.delete().where(Info.key == PAUSED).execute()
