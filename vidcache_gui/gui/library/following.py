"""Bringing what writes changed into one listing, a batch at a time. No Qt.

Loaded rows are updated, taken out or put in where they belong. What happened on pages that
are not loaded is only counted; where even that is uncertain a recount is asked for.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from vidcache_gui.core.records import Changes, Item, Query
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.library import columns
from vidcache_gui.gui.library.pages import Edit, Fill, Insert, Key, Page, PageTable
from vidcache_gui.gui.library.reading import read_page

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)
T = TypeVar("T")

RELIST_ABOVE = 3000  # a change of more items than this is read anew


class Follower:
    """Belongs to one listing; a new listing stops it and makes its own."""

    def __init__(
        self,
        background: Background,
        library: "Library",
        query: Query,
        table: PageTable,
        *,
        make: Callable[[Iterable[Edit]], None],
        relist: Callable[[], None],
        recount: Callable[[], None],
    ) -> None:
        self._background = background
        self._library = library
        self._query = query
        self._table = table
        self._make = make
        self._relist = relist
        self._recount = recount
        self._pending: list[Changes] = []
        self._working = 0  # reads under way; the next batch waits for all of them
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def hear(self, changes: Changes) -> None:
        self._pending.append(changes)
        self._next()

    def _next(self) -> None:
        if self._working or self._stopped or not self._pending:
            return
        batch, self._pending = self._pending, []
        added = {id for changes in batch for id in changes.added}
        ids = added.union(*((*changes.removed, *changes.updated) for changes in batch))
        if len(ids) > RELIST_ABOVE:
            self._relist()
            return
        query, library = self._query, self._library
        self._read(
            lambda: library.showing(query, sorted(ids)),
            lambda found: self._integrate(added, ids, found),
        )

    def _read(self, work: Callable[[], T], use: Callable[[T], None]) -> None:
        """Read in the background, then go on with what was heard meanwhile."""
        self._working += 1

        def done(result: T) -> None:
            self._working -= 1
            if not self._stopped:
                use(result)
                self._next()

        self._background.run(Purpose.READ, work, done, self._fail)

    def _fail(self, error: Exception) -> None:
        log.error("following a change failed", exc_info=error)
        if not self._stopped:
            self._relist()

    def _integrate(self, added: set[int], ids: set[int], found: list[tuple[Key, Item]]) -> None:
        shown = {item.id: (key, item) for key, item in found}
        arriving = self._update_loaded(ids, shown)
        uncertain = False
        for id in ids:
            if id in arriving or self._table.page_of(id) is not None:
                continue
            if id not in shown:
                uncertain = uncertain or id not in added
            elif id in added or self._table.page_for(shown[id][0]).items is not None:
                arriving.add(id)
            else:  # it may already be counted on a page that is not loaded
                uncertain = True
        self._insert({id: shown[id] for id in arriving})
        if uncertain and not self._table.complete:
            self._recount()

    def _update_loaded(self, ids: set[int], shown: dict[int, tuple[Key, Item]]) -> set[int]:
        """Update or take out loaded rows; returns those that have to go in elsewhere."""
        moved: set[int] = set()
        removing: dict[Page, list[int]] = {}
        for id in ids:
            page = self._table.page_of(id)
            row = self._table.row_of(id)
            if page is None or row is None:
                continue
            offset = row - self._table.first_row(page)
            old = self._table.peek(row)
            if id in shown and old is not None and self._stays(old, shown[id][1]):
                self._make([Fill(page, offset, (shown[id][1],))])
            else:
                removing.setdefault(page, []).append(id)
                if id in shown:
                    moved.add(id)
        for page, gone in removing.items():
            left = [item for item in page.items or () if item.id not in gone]
            self._make(self._table.plan(page, left))
        return moved

    def _stays(self, old: Item, new: Item) -> bool:
        return columns.sort_facts(self._query, old) == columns.sort_facts(self._query, new)

    def _insert(self, arriving: dict[int, tuple[Key, Item]]) -> None:
        """Make room for new items; pages that are shown are read to find the exact rows."""
        by_page: dict[Page, list[int]] = {}
        for id, (key, _) in arriving.items():
            by_page.setdefault(self._table.page_for(key), []).append(id)
        for page, ids in by_page.items():
            if page.items is None and page.count:
                self._make([Insert(page, page.count, len(ids), None)])
            else:
                self._grow(page, {id: arriving[id][0] for id in ids})

    def _grow(self, page: Page, keys: dict[int, Key]) -> None:
        query, library = self._query, self._library
        after, end = page.after, self._table.next_after(page)
        # More may have come since than we were told of: nothing may fall off the end.
        limit = page.count + len(keys) + 2 * self._table.page_size

        def show(items: list[Item]) -> None:
            self._make(self._table.plan(page, items))
            self._table.split(page, keys)

        self._read(lambda: read_page(library, query, after, end, limit), show)
