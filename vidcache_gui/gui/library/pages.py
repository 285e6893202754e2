"""Rows of a listing as keyset pages, some of them loaded. No Qt: only the arithmetic.

A page covers the keys after ``after`` up to the next page's ``after``. Pages grow and
shrink as items come and go, so row numbers come from running totals, and a row is found by
bisection. Changes are planned first, as small edits, so that a model can announce each one
before it is made.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from vidcache_gui.core.records import Item, Listing

Key = tuple[Any, Any]  # (value sorted by, item id)
LOADED_LIMIT = 160  # pages kept in memory


@dataclass(slots=True, eq=False)
class Page:
    after: Key | None
    count: int
    items: list[Item] | None = None
    position: int = 0  # which page this is


@dataclass(frozen=True, slots=True)
class Remove:
    page: Page
    offset: int
    count: int


@dataclass(frozen=True, slots=True)
class Insert:
    """New rows; ``items`` is None where only their number is known."""

    page: Page
    offset: int
    count: int
    items: tuple[Item, ...] | None


@dataclass(frozen=True, slots=True)
class Fill:
    """The same rows with (new) contents. ``whole``: the page's rows become loaded."""

    page: Page
    offset: int
    items: tuple[Item, ...]
    whole: bool = False


Edit = Remove | Insert | Fill


@dataclass
class PageTable:
    """Which items are in which rows, as far as they are loaded."""

    descending: bool = False
    page_size: int = 200
    pages: list[Page] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _page_of: dict[int, Page] = field(default_factory=dict)
    _used: "OrderedDict[int, Page]" = field(default_factory=OrderedDict)  # by id(page)

    @classmethod
    def of(cls, listing: Listing, descending: bool) -> "PageTable":
        table = cls(descending, listing.page_size)
        left = listing.count
        for after in listing.anchors or (None,):
            count = min(left, listing.page_size)
            table.pages.append(Page(after, count))
            left -= count
        table._renumber()
        return table

    @property
    def count(self) -> int:
        return self._starts[-1]

    @property
    def complete(self) -> bool:
        """Whether every row is loaded."""
        return all(page.items is not None or not page.count for page in self.pages)

    def locate(self, row: int) -> tuple[Page, int]:
        place = bisect_right(self._starts, row) - 1
        return self.pages[place], row - self._starts[place]

    def first_row(self, page: Page) -> int:
        return self._starts[page.position]

    def item(self, row: int) -> Item | None:
        page, offset = self.locate(row)
        if page.items is None:
            return None
        self._used.move_to_end(id(page))
        return page.items[offset]

    def peek(self, row: int) -> Item | None:
        """Like :meth:`item`, without keeping its page alive."""
        page, offset = self.locate(row)
        return None if page.items is None else page.items[offset]

    def holds(self, page: Page) -> bool:
        """Whether this page is still one of the listing's (splitting replaces pages)."""
        return page.position < len(self.pages) and self.pages[page.position] is page

    def page_of(self, item_id: int) -> Page | None:
        """The loaded page an item is on."""
        return self._page_of.get(item_id)

    def row_of(self, item_id: int) -> int | None:
        page = self._page_of.get(item_id)
        if page is None or page.items is None:
            return None
        offset = next(n for n, item in enumerate(page.items) if item.id == item_id)
        return self.first_row(page) + offset

    def page_for(self, key: Key) -> Page:
        """The page whose keys include ``key``."""
        keys = [page.after for page in self.pages[1:]]
        if self.descending:  # bisect wants ascending order: look at it from the other end
            backward = [after for after in reversed(keys) if after is not None]
            return self.pages[len(backward) - bisect_right(backward, key)]
        return self.pages[bisect_left([after for after in keys if after is not None], key)]

    def next_after(self, page: Page) -> Key | None:
        """The last key of a page; None for the last page, which has no end."""
        following = page.position + 1
        return self.pages[following].after if following < len(self.pages) else None

    def plan(self, page: Page, items: Sequence[Item]) -> list[Edit]:
        """What turns a page into exactly these items, as edits to be made in order."""
        if page.items is None:
            return self._plan_load(page, items)
        before = [item.id for item in page.items]
        wanted = {item.id: n for n, item in enumerate(items)}
        kept = [wanted[id] for id in before if id in wanted]
        if kept != sorted(kept):  # some moved: take them all out and put them in again
            return [
                Remove(page, 0, page.count),
                Insert(page, 0, len(items), tuple(items)),
            ]
        edits: list[Edit] = []
        gone = [n for n, id in enumerate(before) if id not in wanted]
        for first, last in reversed(_runs(gone)):
            edits.append(Remove(page, first, last - first + 1))
        present = set(before)
        for first, last in _runs([n for n, item in enumerate(items) if item.id not in present]):
            edits.append(Insert(page, first, last - first + 1, tuple(items[first : last + 1])))
        old = {item.id: item for item in page.items}
        changed = [n for n, item in enumerate(items) if item.id in old and old[item.id] != item]
        for first, last in _runs(changed):
            edits.append(Fill(page, first, tuple(items[first : last + 1])))
        return edits

    def _plan_load(self, page: Page, items: Sequence[Item]) -> list[Edit]:
        edits: list[Edit] = []
        if len(items) < page.count:
            edits.append(Remove(page, len(items), page.count - len(items)))
        if len(items) > page.count:
            edits.append(Insert(page, page.count, len(items) - page.count, None))
        edits.append(Fill(page, 0, tuple(items), whole=True))
        return edits

    def make(self, edit: Edit) -> None:
        """Make one planned edit."""
        page = edit.page
        if isinstance(edit, Remove):
            if page.items is not None:
                for item in page.items[edit.offset : edit.offset + edit.count]:
                    self._page_of.pop(item.id, None)
                del page.items[edit.offset : edit.offset + edit.count]
            page.count -= edit.count
            self._renumber()
        elif isinstance(edit, Insert):
            if page.items is not None and edit.items is not None:
                page.items[edit.offset : edit.offset] = edit.items
                self._remember(page, edit.items)
            page.count += edit.count
            self._renumber()
        elif edit.whole:
            self._forget_items(page)
            page.items = list(edit.items)
            self._remember(page, edit.items)
            self._used[id(page)] = page
            self._used.move_to_end(id(page))
            self._evict()
        elif page.items is not None:
            page.items[edit.offset : edit.offset + len(edit.items)] = edit.items

    def split(self, page: Page, keys: Mapping[int, Key]) -> None:
        """Cut a page that has grown, after items whose keys are known. No row moves."""
        if page.items is None or page.count <= 2 * self.page_size:
            return
        pieces: list[Page] = []
        start, after = 0, page.after
        for place, item in enumerate(page.items[:-1], start=1):
            if place - start >= self.page_size and item.id in keys:
                pieces.append(Page(after, place - start, page.items[start:place]))
                start, after = place, keys[item.id]
        if not pieces:
            return
        pieces.append(Page(after, page.count - start, page.items[start:]))
        self._used.pop(id(page), None)
        self.pages[page.position : page.position + 1] = pieces
        for piece in pieces:
            self._remember(piece, piece.items or ())
            self._used[id(piece)] = piece
        self._renumber()
        self._evict()

    def _remember(self, page: Page, items: Sequence[Item]) -> None:
        for item in items:
            self._page_of[item.id] = page

    def _forget_items(self, page: Page) -> None:
        for item in page.items or ():
            if self._page_of.get(item.id) is page:
                del self._page_of[item.id]
        page.items = None

    def _evict(self) -> None:
        while len(self._used) > LOADED_LIMIT:
            _, page = self._used.popitem(last=False)
            self._forget_items(page)

    def _renumber(self) -> None:
        self._starts = [0, *accumulate(page.count for page in self.pages)]
        for position, page in enumerate(self.pages):
            page.position = position


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as inclusive runs."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
