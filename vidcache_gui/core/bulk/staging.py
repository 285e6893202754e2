"""What a job writes outside: whole or not at all, inside one folder, and known again.

It is made in a folder of its own beside its destination. Before it gets its name the catalog
notes which file (by device, inode and time) that will be; so after a kill in between the next
attempt knows the file as its own, and neither makes it again nor fails because it is there.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from vidcache_gui.core.blobs import explain_write_error, sync_folder
from vidcache_gui.core.bulk.records import BulkItem
from vidcache_gui.core.export import safe_name
from vidcache_gui.errors import UserError
from vidcache_gui.newname import rename_new


def target_of(item: BulkItem, automatic: str) -> tuple[Path, bool]:
    """(where it is written, whether the name is ours to choose).

    A destination is a name, or with ``/`` at its end a folder; never one or the other by what is
    there, because after a kill that may be what this very item wrote.
    Raises UserError for a destination that leads out of the job's folder, also by links.
    """
    text = str(item.options.get("destination") or "")
    folder = item.options.get("folder")
    if not folder:
        raise UserError("The job has no folder to write to.")
    root = Path(str(folder))
    if "\0" in text:
        raise UserError("The destination holds a NUL character.")
    wanted = root / text
    if ".." in Path(text).parts:
        raise UserError(
            f"The destination '{text}' leads out of the job's folder. Nothing was written."
        )
    ours = not text or text.endswith("/")
    target = wanted / safe_name(automatic) if ours else wanted
    check_within(target, root)
    return target, ours


def check_within(target: Path, root: Path) -> None:
    if not target.parent.resolve().is_relative_to(root.resolve()):
        raise UserError(
            f"'{target}' lies outside of the job's folder '{root}'. Nothing was written."
        )


def clear(item: BulkItem, target: Path, library: str) -> Path:
    """Where it is made, with the leftovers of a killed attempt gone."""
    folder = target.parent / f".vidcache-bulk-{library}-{item.id}"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@contextlib.contextmanager
def staged(item: BulkItem, target: Path, library: str) -> Iterator[Path]:
    """A folder beside the target to make it in, which is gone at the end of the block."""
    root = Path(str(item.options["folder"]))
    made = clear(item, target, library)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        check_within(target, root)
        made.mkdir()
        yield made
    except OSError as error:
        raise UserError(f"'{target}' could not be written. {explain_write_error(error)}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def publish(made: Path, target: Path, overwrite: bool, note: Callable[[str], None]) -> None:
    """Give what was made its name. ``note`` keeps what :func:`is_made` asks for."""
    note(signature(made))
    if made.is_dir() or not overwrite:
        rename_new(made, target)
    else:
        os.replace(made, target)
    sync_folder(target.parent)


def is_made(item: BulkItem, target: Path) -> bool:
    """Whether an earlier attempt was cut short after it wrote this."""
    return item.made is not None and os.path.lexists(target) and signature(target) == item.made


def signature(path: Path) -> str:
    info = os.lstat(path)
    return f"{info.st_dev}:{info.st_ino}:{info.st_mtime_ns}"


def size_of(path: Path) -> int:
    """Bytes of a file, or of the files in a folder."""
    if path.is_dir():
        return sum(entry.stat().st_size for entry in os.scandir(path))
    return path.stat().st_size


def beside(target: Path, hash: str) -> Path:
    """Another name for something that is called like something else."""
    stem, suffix = os.path.splitext(target.name)
    return target.with_name(f"{stem}-{hash[:8]}{suffix}")


def sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
