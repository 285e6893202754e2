"""Where in a folder things are put. No name from a catalog leads out of it or replaces a file."""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from vidcache_gui.core.blobs import sync_folder, write_error
from vidcache_gui.core.export import safe_name
from vidcache_gui.core.sync.hashed import TRASH
from vidcache_gui.errors import UserError
from vidcache_gui.newname import rename_new

OUTSIDE = "A link in the folder leads out of it; nothing is written there."


def relative(*parts: str) -> str:
    """A path of harmless names from prefixes and names, whatever is in them."""
    names = [name for part in parts for name in part.replace("\\", "/").split("/")]
    kept = [safe_name(name) for name in names if name.strip() not in ("", ".", "..")]
    return "/".join(kept) or "unnamed"


def place(top: Path, wanted: str, fill: Callable[[BinaryIO], None]) -> str:
    """Write a new file, durable at return; the path it got, below ``top``, which is another than
    ``wanted`` where that is taken. Raises UserError."""
    folder = _folder(top, os.path.dirname(wanted))
    temporary = folder / f".{uuid.uuid4().hex}.part"
    try:
        with temporary.open("xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        for name in _names(os.path.basename(wanted)):
            try:
                rename_new(temporary, folder / name)
            except FileExistsError:
                continue
            sync_folder(folder)
            return os.path.join(os.path.dirname(wanted), name)
        raise UserError(f"'{wanted}' has too many namesakes.")
    except OSError as error:
        raise write_error(error) from error
    finally:
        temporary.unlink(missing_ok=True)


def put_aside(top: Path, path: str, run: str) -> None:
    """Move a file to the folder's own trash. Raises UserError."""
    source = top / path
    _check_inside(top, source.parent)
    target = _folder(top, os.path.join(TRASH, run, os.path.dirname(path))) / source.name
    try:
        os.rename(source, target)
        sync_folder(target.parent)
    except OSError as error:
        raise UserError(f"'{path}' could not be moved ({error.strerror}).") from error


def run_name() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H%M%S %f")


def _folder(top: Path, path: str) -> Path:
    folder = top / path
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"'{path}' cannot be a folder ({error.strerror}).") from error
    _check_inside(top, folder)
    return folder


def _check_inside(top: Path, folder: Path) -> None:
    inside = os.path.realpath(top)
    real = os.path.realpath(folder)
    if real != inside and not real.startswith(inside.rstrip(os.sep) + os.sep):
        raise UserError(OUTSIDE)


def _names(name: str) -> Iterator[str]:
    yield name
    stem, suffix = os.path.splitext(name)
    for number in range(2, 1000):
        yield f"{stem} ({number}){suffix}"
