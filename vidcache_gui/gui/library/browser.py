"""The library page: places, the list in two shapes, and the inspector."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from vidcache_gui.core.records import Changes, Item, Query
from vidcache_gui.gui.inspector import Inspector
from vidcache_gui.gui.library.empty import EmptyPage
from vidcache_gui.gui.library.grid_view import GridView
from vidcache_gui.gui.library.item_model import ItemModel
from vidcache_gui.gui.library.item_table import ItemTable
from vidcache_gui.gui.library.list_head import ListHead
from vidcache_gui.gui.library.sidebar import Place, Sidebar
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.session import Counts, Session
from vidcache_gui.gui.settings import Settings
from vidcache_gui.gui.similar.match_model import Counts as MatchCounts
from vidcache_gui.gui.similar.match_model import Filter

MOST_SHOWN = 2000  # selected items the inspector adds up
SETTLE_MS = 20


class Browser(QWidget):
    """``opened`` when a person wants to see an item; ``selection_changed`` with how many."""

    opened = Signal(object)  # Item
    selection_changed = Signal(int)
    place_changed = Signal(object)  # Place
    menu_requested = Signal(QPoint)
    add_requested = Signal()
    search_cleared = Signal()
    empty_trash_requested = Signal()
    restore_requested = Signal()
    copy_requested = Signal(object, str)  # list[int], to the remote of this name

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._session: Session | None = None
        self.model: ItemModel | None = None
        self.thumbnails: Thumbnails | None = None
        self._text = ""
        self._page_items: list[Item] = []
        self._page_foot = 0
        self._query = Query()
        self._mode = settings.view_mode
        self.sidebar = Sidebar()
        self.grid = GridView()
        self.table = ItemTable()
        self.empty = EmptyPage()
        self.head = ListHead()
        self.inspector = Inspector()
        self._centre = QStackedWidget()  # the list, or a page in its place
        self._stack = QStackedWidget()
        for page in (self.grid, self.table, self.empty):
            self._stack.addWidget(page)
        self._split = self._build()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._show_selection)
        self._connect()
        self.grid.set_cell_size(settings.cell_size)
        self.head.show_cell_size(self.grid.cell_size)
        self.head.show_place(Place("all"))
        self.set_mode(self._mode)

    def _build(self) -> QSplitter:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self._centre.addWidget(centre)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        for pane in (self.sidebar, self._centre, self.inspector):
            split.addWidget(pane)
        self.sidebar.setMinimumWidth(160)
        split.setSizes([216, 800, 288])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        saved = self._settings.bytes("panes")
        if not saved.isEmpty():
            split.restoreState(saved)
        self.sidebar.setVisible(self._settings.shown("sidebar"))
        self.inspector.setVisible(self._settings.shown("inspector"))
        return split

    def _connect(self) -> None:
        self.sidebar.place_chosen.connect(self._show_place)
        self.sidebar.items_dropped.connect(self._drop_items)
        self.sidebar.itemClicked.connect(lambda *_: self._return_to_place())
        for view in (self.grid, self.table):
            view.opened.connect(self._open)
            view.menu_requested.connect(self.menu_requested)
        self.grid.cell_size_changed.connect(self._keep_cell_size)
        self.table.sort_chosen.connect(self._sort_by)
        self.head.sort_chosen.connect(self._sort_by)
        self.head.kind_chosen.connect(self._filter_kind)
        self.head.cell_size_chosen.connect(self.grid.set_cell_size)
        self.head.restore_requested.connect(self.restore_requested)
        self.head.empty_trash_requested.connect(self.empty_trash_requested)
        self.empty.add_requested.connect(self.add_requested)
        self.empty.clear_requested.connect(self._clear_filters)
        self.inspector.play_requested.connect(self.opened)

    # A library

    def set_session(self, session: Session) -> None:
        """Show a library from its start."""
        self.sidebar.show_place(Place("all"))
        self.leave_page()
        self._session = session
        model = ItemModel(session.background, session.library, self)
        self.model = model
        budget = self._settings.cache_mb * 1_000_000
        self.thumbnails = Thumbnails(session.background, session.library, budget, self)
        self.grid.set_thumbnails(self.thumbnails)
        self.table.set_thumbnails(self.thumbnails)
        self.grid.setModel(model)
        self.table.setModel(model)
        self.table.setSelectionModel(self.grid.selectionModel())
        self.grid.selectionModel().selectionChanged.connect(self._settle_selection)
        self.inspector.set_session(session, self.thumbnails)
        session.changed.connect(self._follow)
        session.counts_changed.connect(self._show_counts)
        session.checking.counts_changed.connect(self._show_matches)
        model.listed.connect(self._show_count)
        model.rowsInserted.connect(self._show_count)
        model.rowsRemoved.connect(self._show_count)
        model.dataChanged.connect(self._settle_selection)
        model.modelReset.connect(self._settle_selection)
        sort, descending = self._settings.sort
        self._list(replace(self.sidebar.place.query, sort=sort, descending=descending))

    def clear_session(self) -> None:
        """Let go of the library: its model, its pictures."""
        self._settle.stop()
        self.inspector.set_session(None, None)
        self.grid.setModel(None)
        self.table.setModel(None)
        for owned in (self.model, self.thumbnails):
            if owned is not None:
                owned.deleteLater()
        self.model = self.thumbnails = self._session = None

    @property
    def query(self) -> Query:
        return self._query

    def _list(self, query: Query) -> None:
        self._query = query
        self.head.show_sort(query.sort, query.descending)
        self.head.show_kind(query.kind)
        self.table.show_sort(query.sort, query.descending)
        if self.model is not None:
            self.model.show_query(query)

    def _follow(self, changes: Changes) -> None:
        if self.model is not None:
            self.model.apply(changes)

    def _show_counts(self, counts: Counts) -> None:
        self.sidebar.show_counts(counts)
        for editor in (self.inspector.tags, self.inspector.several_tags):
            editor.set_known(tag for tag, _ in counts.tags)

    def _show_matches(self, counts: MatchCounts) -> None:
        self.sidebar.show_matches(Filter().count(counts))

    def _show_count(self) -> None:
        if self.model is None or not self.model.is_listed:
            return
        count = self.model.rowCount()
        self.head.show_count(count)
        if count:
            self._stack.setCurrentWidget(self.grid if self._mode == "grid" else self.table)
        else:
            self.empty.explain(self.sidebar.place, self._query)
            self._stack.setCurrentWidget(self.empty)
        self._settle_selection()

    # What is listed

    def search(self, text: str) -> None:
        if self.on_page and text != self._text:
            self.sidebar.show_place(Place("all"))
            self.leave_page()
        self._text = text
        self._list(replace(self._query, text=text))

    def _show_place(self, place: Place) -> None:
        if place.name in ("footage", "review", "remote"):
            self.place_changed.emit(place)  # a page of its own: the list stays what it is
            return
        self.leave_page()
        self.head.show_place(place)
        query = place.query
        keep = self._query
        self._list(
            replace(
                query,
                text=self._text,
                kind=keep.kind,
                sort=keep.sort,
                descending=keep.descending,
            )
        )
        self.place_changed.emit(place)

    def _sort_by(self, sort: str, descending: bool) -> None:
        self._settings.sort = (sort, descending)
        self._list(replace(self._query, sort=sort, descending=descending))

    def _filter_kind(self, kind: Any) -> None:
        self._list(replace(self._query, kind=kind))

    def _clear_filters(self) -> None:
        self._list(replace(self._query, kind=None, text=""))
        self._text = ""
        self.search_cleared.emit()

    # A page in place of the list

    @property
    def on_page(self) -> bool:
        return self._centre.currentIndex() > 0

    @property
    def foot(self) -> int:
        """Height of the bar at the lower edge, which messages must not cover."""
        return self._page_foot if self.on_page else 0

    def show_page(self, page: QWidget, foot: int = 0) -> None:
        """Something else than a list of items; what is selected in that does not act."""
        self._page_foot = foot
        if self._centre.indexOf(page) < 0:
            self._centre.addWidget(page)
        self._centre.setCurrentWidget(page)
        self._settle.stop()
        self.show_page_items([])
        page.setFocus()

    def show_page_items(self, items: list[Item], *, act: bool = True) -> None:
        """What the page is about: the inspector shows it, and actions mean it (``act``)."""
        self._page_items = items if act else []
        self.inspector.show_items(items, len(items))
        self.selection_changed.emit(len(self._page_items))

    def leave_page(self) -> None:
        """Back to the list, as it was."""
        if self.on_page:
            self._centre.setCurrentIndex(0)
            self._page_items = []
            self._settle_selection()

    def leave_place(self, name: str) -> None:
        """A place that is no list of items was left: on to what belongs to it."""
        if self.sidebar.place.name == name:
            self.sidebar.show_place(Place("footage"))

    def return_to_list(self) -> None:
        """Wherever one is, a list of items comes into view."""
        if self.on_page:
            if self.sidebar.place.name in ("footage", "remote"):
                self.sidebar.show_place(Place("all"))
            self.leave_page()
            self.focus_list()

    def _return_to_place(self) -> None:
        """A press on the place one is at leaves what lies over its list."""
        if self.on_page:
            self._show_place(self.sidebar.place)

    # Shapes

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def view(self) -> GridView | ItemTable:
        return self.grid if self._mode == "grid" else self.table

    def set_mode(self, mode: str) -> None:
        """``grid`` or ``list``; the same items stay selected and in view."""
        self._mode = mode
        self._settings.view_mode = mode
        self.head.show_mode(mode)
        if self._stack.currentWidget() is not self.empty:
            self._stack.setCurrentWidget(self.view)
        current = self.grid.currentIndex()
        if current.isValid():
            self.view.scrollTo(current)

    def focus_list(self) -> None:
        over = self._centre.currentWidget()
        if self.on_page and over is not None:
            over.setFocus()
            return
        page = self._stack.currentWidget()
        if page is not None:
            page.setFocus()
        if (
            self.model is not None
            and self.model.rowCount()
            and not self.view.currentIndex().isValid()
        ):
            self.view.selectionModel().setCurrentIndex(
                self.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def toggle(self, pane: str, shown: bool) -> None:
        {"sidebar": self.sidebar, "inspector": self.inspector}[pane].setVisible(shown)
        self._settings.set_shown(pane, shown)

    def _keep_cell_size(self, size: int) -> None:
        self._settings.cell_size = size
        self.head.show_cell_size(size)

    def save(self) -> None:
        self._settings.set_bytes("panes", self._split.saveState())

    # Selection

    def selected_count(self) -> int:
        if self.on_page:  # nobody sees what is selected below it
            return len(self._page_items)
        return sum(last - first + 1 for first, last in self.grid.selected_ranges())

    def selected_items(self, most: int = MOST_SHOWN) -> list[Item]:
        """Selected items that are loaded, in order."""
        if self.on_page:
            return self._page_items[:most]
        if self.model is None:
            return []
        rows: list[int] = []
        for first, last in self.grid.selected_ranges():
            rows.extend(range(first, min(last + 1, first + most - len(rows))))
            if len(rows) >= most:
                break
        return self.model.loaded_items(rows)

    def with_selected_ids(self, receive: Callable[[list[int]], None]) -> None:
        """Call back with the ids of everything selected, loaded or not."""
        if self.on_page:
            receive([item.id for item in self._page_items])
            return
        ranges = self.grid.selected_ranges()
        if self.model is not None and ranges:
            self.model.fetch_ids(ranges, receive)

    def _settle_selection(self) -> None:
        self._settle.start()

    def _show_selection(self) -> None:
        if self.on_page:
            return
        count = self.selected_count()
        self.inspector.show_items(self.selected_items(), count)
        self.head.show_selected(count)
        self.selection_changed.emit(count)

    def _open(self, index: QModelIndex) -> None:
        item = self.model.item(index.row()) if self.model is not None else None
        if item is not None:
            self.opened.emit(item)

    def _drop_items(self, ids: list[int], place: Place) -> None:
        if self._session is None or not ids:
            return
        if place.name == "bucket":
            self._session.move(ids, place.bucket, place.prefix)
        elif place.name == "tag":
            self._session.tag(ids, add=[place.tag])
        elif place.name == "trash":
            self._session.remove(ids)
        elif place.name == "remote":
            self.copy_requested.emit(ids, place.remote)
