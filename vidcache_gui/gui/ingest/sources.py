"""What was dropped or pasted: which sources, and in words what adding them will do."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from vidcache_gui.gui import words
from vidcache_gui.gui.library.drag import ITEMS_MIME

MANIFESTS = (".csv", ".tsv", ".jsonl", ".ndjson")
LOOKED_AT = 2000  # names of a dropped folder that are looked at, to say what it is


@dataclass(frozen=True, slots=True)
class Look:
    """What a drop turned out to hold. Made off the main thread: it reads folders."""

    files: int = 0
    folders: int = 0
    links: int = 0
    frames: int = 0  # of the one sequence, when the drop is one
    more: bool = False  # folders hold more than was counted


def sources_of(data: QMimeData) -> list[str]:
    """Paths and http(s) addresses in a drop or on the clipboard; our own items are none."""
    if data.hasFormat(ITEMS_MIME):
        return []
    found = []
    for url in data.urls():
        if url.isLocalFile():
            found.append(url.toLocalFile())
        elif url.scheme() in ("http", "https"):
            found.append(url.toString())
    if not found and data.hasText():
        found = [line.strip() for line in data.text().splitlines()]
        found = [text for text in found if is_source(text)]
    return list(dict.fromkeys(found))


def is_source(text: str) -> bool:
    """Whether a line of text names something that could be added."""
    if text.startswith(("http://", "https://", "file://")):
        return True
    return text.startswith("/") and os.path.lexists(text)


def is_manifest(sources: Sequence[str]) -> bool:
    """One file that says what a bulk job is to do: it is no footage by its name."""
    return len(sources) == 1 and sources[0].lower().endswith(MANIFESTS)


def may_hold_sources(data: QMimeData) -> bool:
    """A quick look, for the moment the drag enters the window."""
    return not data.hasFormat(ITEMS_MIME) and (data.hasUrls() or bool(sources_of(data)))


def look_at(sources: Sequence[str]) -> Look:
    """Count what is there, without going deeper than one folder."""
    files = folders = links = frames = 0
    more = False
    for source in sources:
        if source.startswith(("http://", "https://")):
            links += 1
            continue
        try:
            is_folder = stat.S_ISDIR(os.stat(source).st_mode)
        except OSError:
            is_folder = False
        if not is_folder:
            files += 1
            continue
        folders += 1
        names, deeper = _names(source)
        more = more or deeper
        if not deeper and _is_sequence(names):
            frames += len(names)
    one_sequence = folders == 1 and not files and not links and frames
    return Look(files, folders, links, frames if one_sequence else 0, more)


def _names(folder: str) -> tuple[list[str], bool]:
    """File names of a folder, and whether there is more than was looked at."""
    names: list[str] = []
    more = False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(names) >= LOOKED_AT:
                    return names, True
                if entry.is_dir(follow_symlinks=False):
                    more = True
                else:
                    names.append(entry.name)
    except OSError:
        return [], True
    return names, more


def _is_sequence(names: list[str]) -> bool:
    from vidcache_gui.media.sequence import looks_like_sequence

    return bool(looks_like_sequence(names))


def describe(sources: Sequence[str], look: Look | None, place: str, *, as_frames: bool) -> str:
    """ "Add 12 files to videos/archive", "Add 170 frames as one sequence to videos" """
    if is_manifest(sources):
        return f"Look at “{Path(sources[0]).name}” as a bulk manifest"
    if look is None:
        return f"Add {words.plural(len(sources), 'thing', 'things')} to {place}"
    if look.frames:
        return f"Add {words.frames(look.frames)} as one sequence to {place}"
    parts = []
    for count, one, many in (
        (look.files, "file", "files"),
        (look.folders, "folder", "folders"),
        (look.links, "link", "links"),
    ):
        if count:
            parts.append(words.plural(count, one, many))
    if look.files == 1 and not look.folders and not look.links:
        parts = [f"“{Path(sources[0]).name}”"]
    elif look.folders == 1 and not look.files and not look.links:
        parts = [f"the folder “{Path(sources[0]).name}”"]
    what = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    ending = ", stored as frames" if as_frames else ""
    return f"Add {what} to {place}{ending}"
