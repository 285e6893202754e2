"""The items of a query as a Qt model: rows at once, their contents when they come into view.

Rows that are not loaded yet answer with None and ask for their page; what a write changed
is applied to exactly the rows concerned, so that the view never jumps under a person who is
scrolling. All reading happens on background threads.
"""

import logging
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from vidcache_gui.core.records import Changes, Item, Listing, Query
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.library import columns
from vidcache_gui.gui.library.drag import mime_data
from vidcache_gui.gui.library.following import Follower
from vidcache_gui.gui.library.item_rows import ItemRows
from vidcache_gui.gui.library.pages import Edit, Insert, Page, PageTable, Remove
from vidcache_gui.gui.library.reading import Cut, read_ids, read_page

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

log = logging.getLogger(__name__)

ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
RECOUNT_MS = 250
SEARCHED_ROWS = 20_000  # type-ahead looks no further, so that a key never waits

Index = QModelIndex | QPersistentModelIndex


class ItemModel(ItemRows):
    """One row an item, one column a fact. ``listed`` follows every new listing."""

    listed = Signal()
    query_changed = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        background: Background,
        library: "Library",
        parent: Any = None,
        *,
        page_size: int = 200,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._library = library
        self._page_size = page_size
        self._table = PageTable()
        self._query = Query()
        self._generation = 0
        self._loading: set[Page] = set()
        self._wanted: dict[Page, None] = {}
        self._early: list[Changes] = []  # heard while a listing was being read
        self._follower: Follower | None = None
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._request_pages)
        self._recount = QTimer(self, singleShot=True, interval=RECOUNT_MS)
        self._recount.timeout.connect(self._check_count)
        self.is_listed = False

    # What is shown

    @property
    def query(self) -> Query:
        return self._query

    def show_query(self, query: Query) -> None:
        """List something else. The old rows stay until the new ones are there."""
        self._query = query
        self.query_changed.emit(query)
        self._list()

    def _list(self) -> None:
        self._generation += 1
        if self._follower is not None:
            self._follower.stop()
            self._follower = None
        generation, query, library = self._generation, self._query, self._library
        page_size = self._page_size

        def read() -> tuple[Listing, list[Item]]:
            listing = library.listing(query, page_size)
            return listing, library.page(query, None, listing.page_size)

        self._background.run(
            Purpose.READ,
            read,
            lambda result: self._show_listing(generation, *result),
            self._listing_failed,
        )

    def _listing_failed(self, error: Exception) -> None:
        log.error("listing failed", exc_info=error)
        self.failed.emit(str(error))

    def _show_listing(self, generation: int, listing: Listing, first: list[Item]) -> None:
        if generation != self._generation:
            return
        self.beginResetModel()
        self._loading.clear()
        self._wanted.clear()
        self._table = PageTable.of(listing, self._query.descending)
        page = self._table.pages[0]
        for edit in self._table.plan(page, first[: page.count]):
            self._table.make(edit)
        self.endResetModel()
        self.is_listed = True
        self._follower = Follower(
            self._background, self._library, self._query, self._table,
            make=self._make, relist=self._list, recount=self._recount.start,
        )  # fmt: skip
        early, self._early = self._early, []
        self.listed.emit()
        for changes in early:
            self._follower.hear(changes)

    # Rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._table.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(columns.COLUMNS)

    def item(self, row: int) -> Item | None:
        """The item of a row; None while it is being read (``dataChanged`` follows)."""
        if not 0 <= row < self._table.count:
            return None
        found = self._table.item(row)
        if found is None:
            self._want(self._table.locate(row)[0])
        return found

    def row_of(self, item_id: int) -> int | None:
        """Where an item is, if its row is loaded."""
        return self._table.row_of(item_id)

    def loaded_items(self, rows: Iterable[int]) -> list[Item]:
        """The items of those rows that are loaded, in row order."""
        found = (self._table.peek(row) for row in rows if 0 <= row < self._table.count)
        return [item for item in found if item is not None]

    def find_name(self, text: str, start: int) -> int | None:
        """The next loaded row from ``start`` on (and around) whose name begins with text."""
        around = chain(range(start, self._table.count), range(min(start, self._table.count)))
        for row in islice(around, SEARCHED_ROWS):
            item = self._table.peek(row)
            if item is not None and item.name.casefold().startswith(text):
                return row
        return None

    def fetch_ids(
        self, ranges: list[tuple[int, int]], receive: Callable[[list[int]], None]
    ) -> None:
        """Ids of inclusive row ranges, loaded or not; called back on the main thread."""
        ids: list[int] = []
        missing: list[Cut] = []
        for first, last in ranges:
            row = first
            while row <= min(last, self._table.count - 1):
                page, offset = self._table.locate(row)
                stop = min(page.count, offset + last - row + 1)
                if page.items is None:
                    missing.append((page.after, page.count, offset, stop))
                else:
                    ids.extend(item.id for item in page.items[offset:stop])
                row += stop - offset
        if not missing:
            receive(ids)
            return
        query, library = self._query, self._library
        self._background.run(Purpose.READ, lambda: ids + read_ids(library, query, missing), receive)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.item(index.row())
        if role == ITEM_ROLE:
            return item
        return columns.data(item, index.column(), role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(columns.COLUMNS):
            return columns.header(section, role)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        can = super().flags(index)
        return can | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else can

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        by = columns.COLUMNS[column].sort if 0 <= column < len(columns.COLUMNS) else None
        descending = order == Qt.SortOrder.DescendingOrder
        if by and (by, descending) != (self._query.sort, self._query.descending):
            self.show_query(columns.sorted_by(self._query, by, descending))

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", "application/x-vidcache-items"]

    def mimeData(self, indexes: Any) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        return mime_data(self._library, self.loaded_items(rows))

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    # Loading pages

    def _want(self, page: Page) -> None:
        if page not in self._loading:
            self._wanted[page] = None
            if not self._ask.isActive():
                self._ask.start()

    def _request_pages(self) -> None:
        wanted, self._wanted = list(self._wanted), {}
        for page in wanted:
            if page.items is None and self._table.holds(page):
                self._load(page)

    def _load(self, page: Page) -> None:
        self._loading.add(page)
        generation, query = self._generation, self._query
        after, end, count = page.after, self._table.next_after(page), page.count
        future = self._background.run(
            Purpose.PAGES,
            lambda: read_page(self._library, query, after, end, count),
            lambda items: self._show_page(generation, page, count, items),
            lambda error: self._page_failed(page, error),
        )
        future.add_done_callback(lambda f: self._loading.discard(page) if f.cancelled() else None)

    def _show_page(self, generation: int, page: Page, count: int, items: list[Item]) -> None:
        if generation != self._generation:
            return
        self._loading.discard(page)
        if page.items is not None or not self._table.holds(page):
            return
        if page.count != count:  # it grew or shrank while it was read
            self._want(page)
            return
        self._make(self._table.plan(page, items))

    def _page_failed(self, page: Page, error: Exception) -> None:
        self._loading.discard(page)
        log.error("reading a page of the list failed", exc_info=error)
        self.failed.emit(str(error))

    def _make(self, edits: Iterable[Edit]) -> None:
        """Make edits, announcing each to the views."""
        nowhere = QModelIndex()
        for edit in edits:
            first = self._table.first_row(edit.page) + edit.offset
            if isinstance(edit, Remove):
                self.is_removing = True
                self.beginRemoveRows(nowhere, first, first + edit.count - 1)
                self._table.make(edit)
                self.endRemoveRows()
                self.is_removing = False
            elif isinstance(edit, Insert):
                self.beginInsertRows(nowhere, first, first + edit.count - 1)
                self._table.make(edit)
                self.endInsertRows()
            else:
                self._table.make(edit)
                if edit.items:
                    last = first + len(edit.items) - 1
                    self.dataChanged.emit(
                        self.index(first, 0), self.index(last, self.columnCount() - 1)
                    )

    # Following changes

    def apply(self, changes: Changes) -> None:
        """Bring exactly the rows that a write changed up to date."""
        if not (changes.added or changes.removed or changes.updated):
            return
        if self._follower is None:
            # They may or may not be in the listing that is being read: count, do not assume.
            ids = (*changes.added, *changes.removed, *changes.updated)
            self._early.append(Changes(updated=ids))
        else:
            self._follower.hear(changes)

    def _check_count(self) -> None:
        """Items left or came on pages that are not loaded: read anew if the count says so."""
        generation, query, library = self._generation, self._query, self._library

        def check(listing: Listing) -> None:
            if generation == self._generation and listing.count != self._table.count:
                self._list()

        self._background.run(Purpose.READ, lambda: library.listing(query), check)
