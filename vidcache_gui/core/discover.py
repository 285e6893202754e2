"""From what was dropped to single sources: files, frame folders, addresses.

A folder is walked by ``lstat``, links are not followed, and a folder seen twice (by device
and inode) is not entered again, so loops end. Walking yields batches, so a million files
neither wait in memory nor hold up the first one.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from vidcache_gui.media.sequence import looks_like_sequence, plan_sequence

MAX_DEPTH = 64
BATCH = 500
JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".directory"})


@dataclass(frozen=True, slots=True)
class Found:
    """One source to bring in. ``kind`` is file, frames or url; ``problem`` says why it can't.

    ``unreadable``: the problem is not what it is but that it could not be looked at.
    """

    source: str
    kind: str
    size: int = 0
    problem: str | None = None
    unreadable: bool = False


def normalise(source: str) -> str:
    """An address as it is, ``file://`` and relative paths as absolute paths."""
    parts = urlsplit(source)
    if parts.scheme in ("http", "https"):
        return source
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return os.path.abspath(unquote(parts.path))
    return os.path.abspath(os.path.expanduser(source))


def is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def alias_kind(source: str) -> str:
    """What a remembered source is: ``url``, ``path``, or ``export`` of another item.

    Paths are absolute; programs call content by addresses of any scheme.
    """
    if source.startswith("export:"):
        return "export"
    return "path" if source.startswith("/") else "url"


def discover(source: str, *, as_frames: bool = False) -> Iterator[list[Found]]:
    """Everything a normalised source stands for, in batches, in natural walking order."""
    if is_address(source):
        yield [Found(source, "url")]
        return
    try:
        info = os.lstat(source)
        if stat.S_ISLNK(info.st_mode):  # what a person names or drops may be a link
            source = os.path.realpath(source)
            info = os.lstat(source)
    except OSError as error:
        yield [Found(source, "file", problem=_explain(error), unreadable=True)]
        return
    if not stat.S_ISDIR(info.st_mode):
        yield [_file(source, info)]
        return
    yield from _walk(Path(source), as_frames)


def _file(path: str, info: os.stat_result) -> Found:
    if stat.S_ISREG(info.st_mode):
        return Found(path, "file", info.st_size)
    return Found(path, "file", problem=_not_a_file(info.st_mode))


def _walk(top: Path, as_frames: bool) -> Iterator[list[Found]]:
    seen: set[tuple[int, int]] = set()
    batch: list[Found] = []
    stack: list[tuple[str, int]] = [(str(top), 0)]
    while stack:
        folder, depth = stack.pop()
        try:
            info = os.stat(folder)
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            with os.scandir(folder) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            batch.append(Found(folder, "file", problem=_explain(error), unreadable=True))
            continue
        files, folders = _sort_out(names)
        batch.extend(_as_sequence(folder, files, as_frames))
        if depth < MAX_DEPTH:
            stack.extend((path, depth + 1) for path in reversed(folders))
        while len(batch) >= BATCH:
            yield batch[:BATCH]
            batch = batch[BATCH:]
    yield batch


def _as_sequence(folder: str, files: list[Found], as_frames: bool) -> list[Found]:
    """The files of a folder: as one frame sequence and what is left over, or as they are."""
    names = {os.path.basename(found.source): found for found in files if not found.problem}
    if not looks_like_sequence(list(names)) and not (as_frames and plan_sequence(names).frames):
        return files
    frames = {frame.name for frame in plan_sequence(names).frames}
    size = sum(names[name].size for name in frames)
    rest = [found for found in files if os.path.basename(found.source) not in frames]
    return [Found(folder, "frames", size), *rest]


def _sort_out(entries: list["os.DirEntry[str]"]) -> tuple[list[Found], list[str]]:
    files: list[Found] = []
    folders: list[str] = []
    for entry in entries:
        if entry.name in JUNK:
            continue
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError as error:
            files.append(Found(entry.path, "file", problem=_explain(error), unreadable=True))
            continue
        if stat.S_ISDIR(info.st_mode):
            folders.append(entry.path)
        elif stat.S_ISLNK(info.st_mode):
            files.append(
                Found(entry.path, "file", problem="It is a link inside a folder; links there "
                      "are not followed. Add what it points to by itself.")
            )  # fmt: skip
        else:
            files.append(_file(entry.path, info))
    return files, folders


def _not_a_file(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "It is a pipe, not a file."
    if stat.S_ISSOCK(mode):
        return "It is a socket, not a file."
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "It is a device, not a file."
    return "It is not a regular file."


def _explain(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "It is not there (any more)."
    if isinstance(error, PermissionError):
        return "It may not be read: permission is missing."
    if error.errno == 40:  # ELOOP
        return "It is a link that leads back to itself."
    return f"It could not be read ({error.strerror})."
