"""Reading rows of a listing from the catalog: the part of the model that runs off-thread."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vidcache_gui.core.records import Item, Query
from vidcache_gui.gui.library.pages import Key

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

Cut = tuple[Key | None, int, int, int]  # after which key, how many rows, and which of them


def read_page(
    library: "Library", query: Query, after: Key | None, end: Key | None, limit: int
) -> list[Item]:
    """Up to ``limit`` items after one key and up to another, inclusive."""
    items = library.page(query, after, limit)
    if end is None:
        return items
    for place, item in enumerate(items):
        if item.id == end[1]:
            return items[: place + 1]
    if len(items) < limit:
        return items
    keys = library.showing(query, [item.id for item in items])  # the last item is gone
    inside = {item.id for key, item in keys if (key >= end if query.descending else key <= end)}
    return [item for item in items if item.id in inside]


def read_ids(library: "Library", query: Query, cuts: Sequence[Cut]) -> list[int]:
    """Ids of pieces of pages that are not loaded."""
    ids: list[int] = []
    for after, count, start, stop in cuts:
        ids.extend(item.id for item in library.page(query, after, count)[start:stop])
    return ids
