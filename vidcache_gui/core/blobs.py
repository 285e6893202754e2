"""The blob store: immutable files named by their BLAKE3.

A blob is written under a temporary name in the same file system, synced, renamed to its
hash, and its folder synced, in that order; only then may the catalog name it. So what has
its name has all its bytes, whatever killed us. Layout: ``blobs/ab/ab12…`` and ``tmp/``.
"""

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from vidcache_gui.errors import UserError

HASH_DIGITS = 64
RESERVE = 64 * 1024 * 1024  # kept free, so that the catalog can always be written


class DiskError(UserError):
    """Stored bytes cannot be written, or are not there."""


class NoRoom(DiskError):
    """The disk is full."""


class Draft:
    """Bytes on their way in. Commit it to the store or discard it."""

    def __init__(self, path: Path, *, existing: bool = False) -> None:
        """A new file, or one in the same file system that is whole already."""
        self.path = path
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
        flags |= 0 if existing else os.O_CREAT | os.O_EXCL
        self.file: BinaryIO = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)

    def discard(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)


class BlobStore:
    """Blobs of one library, as files. Every method may be called from any thread."""

    def __init__(self, folder: Path, temporary: Path, trash: Path) -> None:
        self.folder = folder
        self.temporary = temporary
        self.trash = trash
        for path in (folder, temporary, trash):
            path.mkdir(exist_ok=True, parents=True)

    def path(self, hash: str) -> Path:
        if len(hash) != HASH_DIGITS or not set(hash) <= set("0123456789abcdef"):
            raise UserError(f"'{hash[:80]}' is not a content hash (64 hexadecimal digits).")
        return self.folder / hash[:2] / hash

    def exists(self, hash: str) -> bool:
        return self.path(hash).is_file()

    def draft(self, expected: int = 0) -> Draft:
        """A new temporary file for ``expected`` bytes. Raises UserError if they cannot fit."""
        self.check_space(expected)
        try:
            return Draft(self.temporary / f"{uuid.uuid4().hex}.part")
        except OSError as error:
            raise write_error(error) from error

    def check_space(self, expected: int) -> None:
        try:
            free = shutil.disk_usage(self.temporary).free
        except OSError as error:
            raise write_error(error) from error
        if expected + RESERVE > free:
            missing = expected + RESERVE - free
            raise NoRoom(
                f"The disk is full: {missing / 1e6:,.0f} MB more are needed to add this. "
                "Nothing was added for it; everything stored before is safe."
            )

    def commit(self, drafts: Iterable[tuple[Draft, str]]) -> None:
        """Make drafts durable under their hashes; a failed sync discards all of them.

        Syncs run side by side (the file system joins them into few journal commits), then
        the renames, then one sync per folder. A hash that is already stored
        keeps its file, unless that was cut short (by a failing disk): then it is healed.
        """
        pairs = list(drafts)
        try:
            self._sync_files([draft for draft, _ in pairs])
            folders = {self._place(draft, hash) for draft, hash in pairs}
            for folder in folders:
                sync_folder(folder)
        except OSError as error:
            for draft, _ in pairs:
                draft.discard()
            raise write_error(error) from error

    def _sync_files(self, drafts: list[Draft]) -> None:
        def sync(draft: Draft) -> None:
            os.fchmod(draft.file.fileno(), 0o444)
            os.fsync(draft.file.fileno())
            draft.file.close()

        if len(drafts) == 1:
            sync(drafts[0])
            return
        with ThreadPoolExecutor(8, thread_name_prefix="sync") as executor:
            list(executor.map(sync, drafts))

    def _place(self, draft: Draft, hash: str) -> Path:
        target = self.path(hash)
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        if target.exists() and target.stat().st_size == draft.path.stat().st_size:
            draft.path.unlink()
        else:
            os.rename(draft.path, target)
        return target.parent

    def open(self, hash: str) -> BinaryIO:
        """Raises DiskError if the bytes are missing."""
        try:
            fd = os.open(self.path(hash), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError as error:
            raise DiskError(
                f"The stored bytes {hash[:12]} are missing. Run 'verify' to see what else is."
            ) from error
        return os.fdopen(fd, "rb")

    def hashes(self) -> Iterator[tuple[str, Path]]:
        """Every file in the blob folder, by the hash it claims; strangers included."""
        for folder in sorted(self.folder.iterdir()):
            if folder.is_dir():
                for path in sorted(folder.iterdir()):
                    yield path.name, path

    def move_to_trash(self, hash: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.rename(self.path(hash), self.trash / hash)

    def trashed(self) -> list[str]:
        return [path.name for path in self.trash.iterdir() if len(path.name) == HASH_DIGITS]

    def put_back(self, hash: str) -> None:
        """Undo an emptying that a crash cut short, for a blob the catalog still names."""
        target = self.path(hash)
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.rename(self.trash / hash, target)
            sync_folder(target.parent)
        else:
            (self.trash / hash).unlink()

    def burn(self, hash: str) -> int:
        """Delete a blob from the trash folder for good; returns the bytes freed."""
        path = self.trash / hash
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return 0
        return size


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_error(error: OSError) -> UserError:
    """What to raise when bytes could not be written."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return (NoRoom if full else DiskError)(explain_write_error(error))


def explain_write_error(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "The disk is full. This was not added; everything stored before is safe. "
            "Free some space and try again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "The library's folder is write-protected. Nothing was added."
    return (
        f"The disk reported an error while writing ({error.strerror}). This was not added; "
        "everything stored before is safe."
    )
