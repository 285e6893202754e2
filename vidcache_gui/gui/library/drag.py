"""Dragging items out: other programs get files with their names, our own lists get ids."""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl

from vidcache_gui.core.records import Item

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

ITEMS_MIME = "application/x-vidcache-items"
FAR_MIME = "application/x-vidcache-far"  # rows of a remote's list
MOST_FILES = 100
_ENDINGS = {
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/apng": "png",
    "image/png": "png",
    "image/jpeg": "jpg",
}
_folder: Path | None = None


def mime_data(library: "Library", items: Sequence[Item]) -> QMimeData:
    """What is dragged: ids, and for stored files links that carry their names."""
    data = QMimeData()
    data.setData(ITEMS_MIME, ",".join(str(item.id) for item in items).encode())
    files = [item for item in items if not item.is_group][:MOST_FILES]
    with contextlib.suppress(OSError):
        data.setUrls([QUrl.fromLocalFile(str(_named_link(library, item))) for item in files])
    return data


def dragged_ids(data: QMimeData) -> list[int]:
    if not data.hasFormat(ITEMS_MIME):
        return []
    text = bytes(data.data(ITEMS_MIME).data()).decode("ascii", "replace")
    return [int(part) for part in text.split(",") if part.isdigit()]


def safe_name(item: Item) -> str:
    """A file name for an item: no separators or control characters, with an ending."""
    name = re.sub(r"[\x00-\x1f\x7f/\\:]+", "_", item.name).strip(" .")[:180] or item.hash[:12]
    ending = _ENDINGS.get(item.mime, "")
    if ending and not re.search(r"\.\w{1,5}$", name):
        name = f"{name}.{ending}"
    return name


def clear() -> None:
    """Remove the links of this run."""
    global _folder
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
        _folder = None


def _named_link(library: "Library", item: Item) -> Path:
    """A link to the bytes under the item's name: a blob's own name means nothing elsewhere."""
    global _folder
    if _folder is None or not _folder.is_dir():
        _folder = Path(tempfile.mkdtemp(prefix="vidcache-drag-"))
    place = _folder / str(item.id)
    place.mkdir(exist_ok=True)
    link = place / safe_name(item)
    if not link.exists():
        os.symlink(library.blob_path(item.hash), link)
    return link
