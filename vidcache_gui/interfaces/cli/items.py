"""Items as the command line takes and shows them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidcache_gui.core.discover import normalise
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.output import human_size, human_time
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

ITEM_COLUMNS = "><>>>"
ITEM_HEADING = ("number", "kind", "length", "size", "hash", "name")


def find_item(library: "Library", text: str) -> Item:
    """The item a person means: its number, else all that :meth:`Library.find` knows, else an
    address or path it came from. Raises UserError when that is nothing or more than one.
    """
    if text.isascii() and text.isdecimal() and len(text) < 19:
        found = library.items([int(text)])
        if found:
            return found[0]
    try:
        return library.find(text)
    except UserError:
        item = library.resolve(normalise(text))
        if item is None:
            raise
        return item


def find_items(library: "Library", texts: Sequence[str]) -> list[Item]:
    """All of them or an error, so that a mistyped one leaves everything as it was."""
    return list({item.id: item for item in (find_item(library, text) for text in texts)}.values())


def item_record(item: Item) -> dict[str, Any]:
    values = asdict(item)
    values["file_path"] = file_path(item)
    return values


def file_path(item: Item) -> str | None:
    """Where the bytes are, relative to the library; groups have their balls' blobs instead."""
    return None if item.is_group else f"blobs/{item.hash[:2]}/{item.hash}"


def item_cells(item: Item) -> tuple[str, ...]:
    """Cells under ITEM_HEADING."""
    return (
        f"#{item.id}", item.kind.value, length(item), human_size(item.size), item.hash[:12],
        place(item) + (f"  [{', '.join(item.tags)}]" if item.tags else "")
        + ("  damaged" if item.damaged else "")
        + ("  in the trash" if item.removed_at is not None else ""),
    )  # fmt: skip


def place(item: Item) -> str:
    return "/".join(part for part in (item.bucket, item.prefix, item.name) if part)


def length(item: Item) -> str:
    if item.is_group and item.kind in (Kind.FRAMES, Kind.DATA):
        one = "part" if item.kind is Kind.DATA else "frame"
        return f"{item.frame_count:,} {one}{'s' if item.frame_count != 1 else ''}"
    if item.kind is Kind.IMAGE:
        return f"{item.width}×{item.height}"
    return "" if item.duration is None else human_time(item.duration)


def parse_meta(text: str | None) -> dict[str, Any] | None:
    """``--meta``: a JSON object. Raises ValueError with a sentence for people."""
    if text is None:
        return None
    try:
        meta = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(meta, dict):
        raise ValueError('it must be a JSON object, such as {"licence": "CC0"}')
    return meta


def absolute(path: Path) -> Path:
    return path.expanduser().absolute()
