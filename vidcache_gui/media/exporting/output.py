"""A file or folder that appears whole or not at all.

Written beside its destination, synced, renamed. What was there is replaced only if a person
said so, also when it came to be there meanwhile.
"""

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from vidcache_gui.errors import UserError
from vidcache_gui.newname import rename_new

LONGEST_NAME = 255  # bytes, on every common file system


def check_free(destination: Path, *, overwrite: bool, folder: bool = False) -> None:
    """Raises UserError when nothing can be written there, before any work is done."""
    name = destination.name
    if "\0" in str(destination) or name in ("", ".", ".."):
        raise UserError(f"'{destination}' cannot be the name of a file.")
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise UserError(f"The name '{name[:40]}…' is too long for a file.")
    if not os.path.isdir(destination.parent):
        raise UserError(f"There is no folder '{destination.parent}'.")
    if os.path.lexists(destination):
        if folder:
            raise UserError(f"'{destination}' exists; frames are not mixed into other folders.")
        if not overwrite:
            raise UserError(f"'{destination}' exists already and was not overwritten.")
        if os.path.isdir(destination):
            raise UserError(f"'{destination}' is a folder; it is not replaced.")


@contextlib.contextmanager
def new_file(destination: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """A file to write and seek in, which gets its name at the end of the block."""
    check_free(destination, overwrite=overwrite)
    temporary = destination.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with explained(destination), temporary.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        with explained(destination):
            if overwrite:
                os.replace(temporary, destination)
            else:
                _name(temporary, destination)
            _sync(destination.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(destination: Path) -> Iterator[Path]:
    """A folder to write files into (see :func:`synced_file`), likewise."""
    check_free(destination, overwrite=False, folder=True)
    temporary = destination.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with explained(destination):
            temporary.mkdir()
            yield temporary
            _sync(temporary)
            if os.path.lexists(destination):
                raise UserError(f"'{destination}' exists; frames are not mixed into other folders.")
            os.rename(temporary, destination)
            _sync(destination.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def synced_file(path: Path) -> Iterator[BinaryIO]:
    with path.open("xb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


@contextlib.contextmanager
def explained(destination: Path) -> Iterator[None]:
    """What a disk's refusal means to a person."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"'{destination}' was not written: {_reason(error)} Nothing half-done is left behind."
        ) from error


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full. Free some space and try again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder is write-protected."
    if error.errno == errno.EFBIG:
        return "the disk cannot hold a file this large."
    return f"the disk reported an error ({error.strerror or error})."


def _name(temporary: Path, destination: Path) -> None:
    try:
        rename_new(temporary, destination)
    except FileExistsError as error:
        raise UserError(f"'{destination}' exists already and was not overwritten.") from error


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
