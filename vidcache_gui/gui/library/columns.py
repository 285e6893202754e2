"""The columns of the detail list: what each shows and sorts by."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt

from vidcache_gui.core.records import Item, Query
from vidcache_gui.gui import words
from vidcache_gui.media.types import Kind


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    sort: str | None  # a ``Query.sort`` value
    width: int
    number: bool  # right-aligned, tabular digits
    text: Callable[[Item], str]
    exact: Callable[[Item], str] | None = None  # on hover


KIND_SHORT = {**words.KIND_WORDS, Kind.FRAMES: "Frames"}
COLUMNS: tuple[Column, ...] = (
    Column("Name", "name", 300, False, lambda item: item.name),
    Column("Kind", None, 96, False, lambda item: KIND_SHORT[item.kind]),
    Column(
        "Length",
        "duration",
        80,
        True,
        lambda item: words.duration(item.duration),
        lambda item: words.exact_duration(item.duration),
    ),
    Column("Frames", "frames", 80, True, lambda item: frame_text(item)),
    Column(
        "Picture",
        None,
        96,
        True,
        lambda item: f"{item.width} × {item.height}" if item.width else "",
    ),
    Column(
        "Size",
        "size",
        88,
        True,
        lambda item: words.size(item.size),
        lambda item: words.exact_size(item.size),
    ),
    Column(
        "Where",
        None,
        144,
        False,
        lambda item: words.item_place(item.bucket, item.prefix),
    ),
    Column("Added", "added", 136, False, lambda item: words.moment(item.added_at)),
)
SORT_COLUMN = {column.sort: place for place, column in enumerate(COLUMNS) if column.sort}
SORT_WORDS = {
    "added": "Date added",
    "name": "Name",
    "size": "Size",
    "duration": "Length",
    "frames": "Frames",
}
_ROLE = Qt.ItemDataRole


def frame_text(item: Item) -> str:
    return words.number(item.frame_count) if item.frame_count else ""


def data(item: Item | None, place: int, role: int) -> Any:
    column = COLUMNS[place]
    if role == _ROLE.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    if item is None:
        return "" if role == _ROLE.DisplayRole else None
    if role == _ROLE.DisplayRole:
        return column.text(item)
    if role == _ROLE.ToolTipRole:
        return item.damaged or (column.exact or column.text)(item)
    if role == _ROLE.AccessibleTextRole:
        return spoken(item) if place == 0 else column.text(item)
    return None


def spoken(item: Item) -> str:
    """An item in one sentence, for screen readers."""
    parts = [item.name, words.KIND_WORDS[item.kind].lower(), words.facts_line(item)]
    if item.damaged:
        parts.append(f"damaged: {item.damaged}")
    return ", ".join(part for part in parts if part)


def header(place: int, role: int) -> Any:
    column = COLUMNS[place]
    if role == _ROLE.DisplayRole:
        return column.title
    if role == _ROLE.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    return None


def sorted_by(query: Query, sort: str, descending: bool) -> Query:
    return replace(query, sort=sort, descending=descending)


def sort_facts(query: Query, item: Item) -> tuple[Any, ...]:
    """What an item's place in the listing depends on; equal facts, equal place."""
    if query.trash:
        return (item.removed_at,)
    return {
        "added": (item.added_at,),
        "name": (item.name,),
        "size": (item.size,),
        "duration": (item.duration, item.delay_ms, item.frame_count),
        "frames": (item.frame_count,),
    }.get(query.sort, (item.added_at,))


def is_animated(item: Item) -> bool:
    return item.kind not in (Kind.IMAGE, Kind.DATA)
