"""Content hashes, and the copy that computes them on the way: one pass, one thread.

Files are read into one small reused buffer, which is still in the processor's cache when it
is hashed and written (1 MiB costs a third more than 128 KiB: tests/bench/hash_copy.py), and
never memory-mapped: a mapped file that is cut short by its owner kills the process with
SIGBUS. More threads, or ``copy_file_range`` and a second pass, gain nothing.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn

from blake3 import blake3

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError

CHUNK = 128 * 1024
REPORT = 1024 * 1024  # bytes between two calls of on_bytes

OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Digests:
    """What a byte string is called."""

    blake3: str  # 64 lower-case hexadecimal digits
    sha256: str | None  # likewise; None if it was not asked for
    size: int  # bytes


def hash_file(
    source: BinaryIO,
    *,
    token: CancelToken,
    on_bytes: OnBytes,
    sha256: bool = False,
    limit: int | None = None,
) -> Digests:
    """Hash ``source`` from where it stands to its end.

    ``on_bytes`` hears the number of bytes done since it heard last. ``limit`` is the
    largest number of bytes accepted (for streams that may never end; a regular file may
    not grow while it is read anyway). Raises UserError for a file that cannot be read, is
    larger than ``limit`` or changes meanwhile, and Cancelled.
    """
    return _Pass(source, None, sha256, limit).run(token, on_bytes)


def copy_and_hash(
    source: BinaryIO,
    destination: BinaryIO | int,
    *,
    token: CancelToken,
    on_bytes: OnBytes,
    sha256: bool = False,
    limit: int | None = None,
) -> Digests:
    """Append ``source`` to ``destination`` (a file or a descriptor) and hash it on the way.

    Like :func:`hash_file`; also raises UserError when the destination cannot take the
    bytes. What was written by then is the caller's to discard. Does not sync.
    """
    return _Pass(source, destination, sha256, limit).run(token, on_bytes)


class _Pass:
    """One pass over one source."""

    def __init__(
        self,
        source: BinaryIO,
        destination: BinaryIO | int | None,
        sha256: bool,
        limit: int | None,
    ) -> None:
        self.source: Any = source  # any BinaryIO with readinto, which typing leaves out
        self.name = _display_name(source)
        self.before = _regular_stat(source)
        self.limit = limit
        self.blake3 = blake3()
        self.sha256 = hashlib.sha256() if sha256 else None
        self.writer = None if destination is None else _Writer(destination)

    def run(self, token: CancelToken, on_bytes: OnBytes) -> Digests:
        start = self.source.tell() if self.before else 0
        expected = max(0, self.before.st_size - start) if self.before else None
        room = CHUNK if expected is None else min(CHUNK, expected + 1)
        view = memoryview(bytearray(room))
        size = reported = 0
        while True:
            token.check()
            count = self._read(view)
            if not count:
                break
            size += count
            if expected is not None and size > expected:
                self._refuse_changed()
            if self.limit is not None and size > self.limit:
                raise UserError(
                    f"{self.name} is larger than the {self.limit:,} bytes allowed. "
                    "It was not added."
                )
            part = view[:count]
            self.blake3.update(part)
            if self.sha256 is not None:
                self.sha256.update(part)
            if self.writer is not None:
                self._write(part)
            if size - reported >= REPORT:
                on_bytes(size - reported)
                reported = size
        if self.writer is not None:
            self._flush()
        on_bytes(size - reported)
        self._check_unchanged(size, expected)
        return Digests(
            self.blake3.hexdigest(), self.sha256.hexdigest() if self.sha256 else None, size
        )

    def _read(self, view: memoryview) -> int:
        try:
            count: int | None = self.source.readinto(view)
        except OSError as error:
            raise UserError(
                f"{self.name} could not be read ({error.strerror or error}). If this happens "
                "again, its disk may be failing: copy what you can."
            ) from error
        if count is None:  # a descriptor that does not block and has nothing to say
            raise UserError(f"{self.name} could not be read: it delivers no data.")
        return count

    def _write(self, part: memoryview) -> None:
        assert self.writer is not None
        try:
            self.writer.write(part)
        except OSError as error:
            raise UserError(_explain_write(self.name, error)) from error

    def _flush(self) -> None:
        assert self.writer is not None
        try:
            self.writer.flush()
        except OSError as error:
            raise UserError(_explain_write(self.name, error)) from error

    def _check_unchanged(self, size: int, expected: int | None) -> None:
        if self.before is None:
            return
        after = os.fstat(self.source.fileno())
        if size != expected or _identity(after) != _identity(self.before):
            self._refuse_changed()

    def _refuse_changed(self) -> NoReturn:
        raise UserError(f"{self.name} changed while it was being read; add it again.")


class _Writer:
    """Writes whole chunks. Asking the kernel to begin writing to the disk early
    (``sync_file_range``) was measured: it shortens the wait for the caller's fsync, and costs
    more processor time than it is worth while other files are on their way."""

    def __init__(self, destination: BinaryIO | int) -> None:
        self._file = None if isinstance(destination, int) else destination
        self._fd = destination if isinstance(destination, int) else -1

    def write(self, part: memoryview) -> None:
        while part:  # a raw file may take less than it is given
            count = os.write(self._fd, part) if self._file is None else self._file.write(part)
            part = part[count:]

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()


def _regular_stat(source: BinaryIO) -> os.stat_result | None:
    """None for what is not a regular file: a pipe, or a file in memory."""
    try:
        found = os.fstat(source.fileno())
    except (OSError, AttributeError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _display_name(source: BinaryIO) -> str:
    name = getattr(source, "name", None)
    if isinstance(name, (str, bytes, os.PathLike)) and name:
        return f"'{PurePath(os.fsdecode(name)).name}'"
    return "The file"  # opened by number, or in memory


def _explain_write(name: str, error: OSError) -> str:
    kept = f"{name} was not added; nothing else was lost."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full. {kept} Free some space and try again."
    if error.errno == errno.EFBIG:
        return f"The disk's format cannot hold a file this large. {kept}"
    if error.errno == errno.EROFS:
        return f"The library's disk is write-protected. {kept}"
    return f"The disk reported an error while writing ({error.strerror or error}). {kept}"
