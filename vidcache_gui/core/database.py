"""Connections to one catalog: WAL, full sync, immediate transactions.

SQLite comes with apsw, not from the system: versions 3.7.0 to 3.51.2 can corrupt a WAL
database, and Debian's Python carries one of them. One writer at a time per process (a
lock), one at a time across processes (``BEGIN IMMEDIATE`` and a time-out).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
from peewee import DatabaseError, DatabaseProxy, OperationalError
from playhouse.apsw_ext import APSWDatabase
from playhouse.pool import PooledDatabase

from vidcache_gui.errors import BugError, LibraryError

BUSY_SECONDS = 30.0
MOST_KEPT = 4  # idle connections, each with a page cache

_current = threading.local()


class CurrentDatabase(DatabaseProxy):  # type: ignore[misc]
    """What the models are bound to: the catalog this thread is reading or writing.

    Several libraries can be open in one process (tests, copying between libraries),
    and a model class has only one database, so the database is looked up per thread.
    """

    @property
    def obj(self) -> Any:
        return getattr(_current, "database", None)

    @obj.setter
    def obj(self, value: Any) -> None:
        if value is not None:
            raise BugError("enter a catalog with Database.read() or Database.write()")


class _Kept(PooledDatabase, APSWDatabase):  # type: ignore[misc]
    """Connections outlive their block: opening one reads the whole schema, and closing the last
    one moves the write-ahead log into the file. Both cost more than most of what we ask."""

    keeps = True  # False: what comes back is closed

    def _can_reuse(self, connection: apsw.Connection) -> bool:
        # One with a statement unfinished would go on seeing the catalog as it was.
        done: bool = connection.txn_state() == apsw.SQLITE_TXN_NONE
        return self.keeps and done and len(self._connections) < MOST_KEPT

    def let_go(self) -> None:
        """Close what is idle, and what comes back from now on."""
        with self._pool_lock:
            self.keeps = False
            self.close_idle()


class Database:
    """The catalog file of one library. Thread-safe; each block has a connection of its own."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._write_lock = threading.RLock()
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        self._db = _Kept(
            str(path),
            max_connections=None,
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "mmap_size": 0,
                "cache_size": -16_000,
            },
            lock_type="IMMEDIATE",
            autoconnect=False,
            flags=flags,
        )
        self._db.timeout = BUSY_SECONDS  # SQLite's; given above, the pool would take it for its own

    def close(self) -> None:
        """Let go of the file. Blocks that still run end as they would have."""
        self._db.let_go()

    @contextmanager
    def read(self) -> Iterator[Any]:
        """A connection for this block (the outer one when already inside a block)."""
        outer = getattr(_current, "database", None)
        opened = self._db.is_closed()
        try:
            if opened:
                self._db.connect()
            _current.database = self._db
            yield self._db
        except OperationalError as error:
            raise LibraryError(_explain(error)) from error
        except DatabaseError as error:
            if "malformed" in str(error) or "not a database" in str(error):
                raise LibraryError(_explain(error)) from error
            raise
        finally:
            _current.database = outer
            if opened:
                self._db.close()

    @contextmanager
    def write(self) -> Iterator[Any]:
        """One transaction: all of it becomes durable, or nothing of it happened."""
        with self._write_lock, self.read() as db, db.atomic():
            yield db

    def backup(self, destination: Path) -> None:
        """A consistent copy of the whole catalog (an open WAL file must never be copied)."""
        with self.read() as db:
            db.execute_sql("VACUUM INTO ?", (str(destination),))

    def check(self) -> list[str]:
        """What SQLite's own integrity check complains about; empty when all is well."""
        with self.read() as db:
            rows = db.execute_sql("PRAGMA integrity_check(20)").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]


def _explain(error: Exception) -> str:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return (
            "The library is busy: another program has been writing to it for "
            f"{BUSY_SECONDS:.0f} seconds. Nothing was changed; try again."
        )
    if "full" in text:
        return (
            "The disk is full. The last change was not made; everything stored before is safe. "
            "Free some space and try again."
        )
    if "readonly" in text or "read-only" in text:
        return "The library can only be read: its folder is write-protected. Nothing was changed."
    if "malformed" in text or "not a database" in text:
        return (
            "The catalog of this library is damaged. The stored files are not touched. "
            "A copy of the catalog from before the last upgrade may be in the folder 'backups'."
        )
    if "unable to open" in text or "cantopen" in text:
        return "The catalog of this library cannot be opened. Is the folder still there?"
    return f"The catalog could not be used ({error}). Nothing was changed."
