"""Who is using a library: one window at a time, and which jobs still have a living owner.

Locks are ``flock`` on files in the library's ``run`` folder. The kernel drops them when a
process dies, however it dies, so a lock is never stale.
"""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vidcache_gui.errors import UserError


class FileLock:
    """An exclusive advisory lock held until :meth:`release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self) -> bool:
        """True when the lock is ours now; never waits."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        about = {"pid": os.getpid(), "host": socket.gethostname()}
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, json.dumps(about).encode(), 0)
        return True

    def holder(self) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            about = json.loads(os.pread(self._fd, 4096, 0))
            return f"process {about['pid']} on {about['host']}"
        return "another process"

    def release(self) -> None:
        os.close(self._fd)


def lock_for_window(run: Path) -> FileLock:
    """Claim the library for one window. Raises UserError saying who has it."""
    lock = FileLock(run / "window.lock")
    if not lock.acquire():
        holder = lock.holder()
        lock.release()
        raise UserError(
            f"This library is already open in another VidCache window ({holder}). "
            "Use that window, or close it first."
        )
    return lock


class RunToken:
    """Names this process as the owner of the jobs it works on, for as long as it lives."""

    SUFFIX = ".run"

    def __init__(self, run: Path) -> None:
        self.name = uuid.uuid4().hex
        self._run = run
        self._lock = FileLock(run / f"{self.name}{self.SUFFIX}")
        self._lock.acquire()

    def alive(self, owner: str | None) -> bool:
        """Is the process that claimed a job under this name still running?"""
        if owner is None:
            return False
        if owner == self.name:
            return True
        path = self._run / f"{owner}{self.SUFFIX}"
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            return not lock.acquire()
        finally:
            lock.release()

    def release(self) -> None:
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()

    def sweep(self, temporary: Path) -> None:
        """Remove what dead processes left behind: their tokens and half-written files."""
        for folder in temporary.iterdir():
            if not self.alive(folder.name):
                shutil.rmtree(folder, ignore_errors=True)
        for path in self._run.glob(f"*{self.SUFFIX}"):
            if not self.alive(path.name.removesuffix(self.SUFFIX)):
                path.unlink(missing_ok=True)


@contextmanager
def blob_lock(run: Path, *, exclusive: bool) -> Iterator[None]:
    """Keeps deleting blobs and committing new ones apart.

    Shared from before a blob is named until its row is durable; exclusive while rows and
    files of unreferenced blobs go away. Without it, content could be found "already here"
    in the instant before it is deleted.
    """
    fd = os.open(run / "blobs.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(fd)
