"""A file on its way from a remote, which survives whatever ends us and is gone on with.

It has its own name until all its bytes are there and right, and one program at a time.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.blobs import RESERVE, NoRoom, sync_folder, write_error
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.problems import Passing, RemoteError

FORGOTTEN = 30 * 24 * 3600  # seconds after which nobody will go on with a partial file
SUFFIX = ".part"
BLOCK = 1024 * 1024


class Partial:
    """Use as a context manager: leaving it keeps the file for the next attempt, unless there is
    nothing to go on with, or the remote proved that there will not be."""

    def __init__(self, path: Path) -> None:
        """Raises UserError when another program is at it, or it cannot be written."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.fd = _opened(path)
        except BlockingIOError as error:
            raise UserError("This is being fetched by another program at the moment.") from error
        except OSError as error:
            raise UserError(f"'{path.parent}' cannot be written ({error.strerror}).") from error

    @property
    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def expect(self, size: int) -> None:
        """Raises UserError when the rest of ``size`` bytes cannot fit on the disk."""
        missing = size - os.fstat(self.fd).st_blocks * 512
        lacking = missing + RESERVE - shutil.disk_usage(self.path.parent).free
        if missing > 0 and lacking > 0:
            raise NoRoom(
                f"The disk is full: {lacking / 1e6:,.0f} MB more are needed to fetch this. Nothing "
                "was fetched; everything stored before is safe."
            )

    def write(self, part: bytes | memoryview, at: int) -> None:
        """Raises UserError when the disk is full or fails."""
        view = memoryview(part)
        try:
            while view:
                count = os.pwrite(self.fd, view, at)
                view, at = view[count:], at + count
        except OSError as error:
            raise write_error(error) from error

    def copy(self, out: Callable[[bytes], object], stop: CancelToken) -> None:
        """All of it, from its start. Raises Cancelled."""
        at = 0
        while block := os.pread(self.fd, BLOCK, at):
            stop.check()
            out(block)
            at += len(block)

    def cut(self, size: int) -> None:
        os.ftruncate(self.fd, size)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)

    def become(self, path: Path) -> None:
        """Take its final name, durably, in the place of what may be there."""
        try:
            os.fsync(self.fd)
            os.replace(self.path, path)
            sync_folder(path.parent)
        except OSError as error:
            raise write_error(error) from error

    def close(self) -> None:
        os.close(self.fd)

    def __enter__(self) -> "Partial":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        hopeless = isinstance(error, RemoteError) and not isinstance(error, Passing)
        if error is not None and (hopeless or not self.size):
            self.discard()
        self.close()


def _opened(path: Path) -> int:
    """A locked descriptor of the file that has this name now."""
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        fd = os.open(path, flags, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            named = os.stat(path)
            if os.path.samestat(named, os.fstat(fd)):
                return fd
        except FileNotFoundError:
            pass  # whoever had it finished just now
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)


def sweep(folder: Path) -> None:
    """Delete partial files that were not touched for a month."""
    if not folder.is_dir():
        return
    for path in folder.glob(f"*{SUFFIX}"):
        if time.time() - path.stat().st_mtime > FORGOTTEN:
            path.unlink(missing_ok=True)
