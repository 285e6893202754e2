"""The page table: whatever the edits, rows and items stay what the listing says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.core.records import Item, Listing
from vidcache_gui.gui.library.pages import Fill, Insert, Page, PageTable, Remove
from vidcache_gui.media.types import Kind

SIZE = 5


def item(id: int, name: str = "") -> Item:
    return Item(id, Kind.VIDEO, f"{id:064x}", name or f"clip {id}", "videos", "", 1, id)


def table_of(ids: list[int]) -> PageTable:
    """All of ``ids`` (ascending, the sort value is the id), nothing loaded."""
    anchors = (None, *((id, id) for id in ids[SIZE - 1 : -1 : SIZE]))
    return PageTable.of(Listing(len(ids), SIZE, anchors), descending=False)


def load(table: PageTable, page: Page, ids: list[int]) -> None:
    for edit in table.plan(page, [item(id) for id in ids]):
        table.make(edit)


sets = st.lists(st.integers(0, 60), unique=True, max_size=25).map(sorted)


@given(sets)
def test_every_row_is_on_its_page(ids: list[int]) -> None:
    table = table_of(ids)
    assert table.count == len(ids)
    for place, page in enumerate(table.pages):
        load(table, page, ids[place * SIZE : (place + 1) * SIZE])
    assert [table.peek(row).id for row in range(len(ids))] == ids  # type: ignore[union-attr]
    assert [table.row_of(id) for id in ids] == list(range(len(ids)))
    assert table.complete


@given(sets, sets)
def test_a_plan_turns_one_page_into_another(before: list[int], after: list[int]) -> None:
    table = PageTable.of(Listing(len(before), 100, (None,)), descending=False)
    page = table.pages[0]
    load(table, page, before)
    rows: list[int] = list(before)  # what a view that only hears the edits believes
    for edit in table.plan(page, [item(id, "new") for id in after]):
        if isinstance(edit, Remove):
            del rows[edit.offset : edit.offset + edit.count]
        elif isinstance(edit, Insert):
            rows[edit.offset : edit.offset] = [i.id for i in edit.items or ()]
        table.make(edit)
    assert rows == after
    assert [i.id for i in page.items or []] == after
    assert table.count == len(after)
    assert all(i.name == "new" for i in page.items or [])


@given(sets.filter(bool), st.integers(-1, 61), st.booleans())
def test_a_key_belongs_to_the_page_that_covers_it(
    ids: list[int], value: int, descending: bool
) -> None:
    order = ids[::-1] if descending else ids
    anchors = (None, *((id, id) for id in order[SIZE - 1 : -1 : SIZE]))
    table = PageTable.of(Listing(len(ids), SIZE, anchors), descending)
    page = table.page_for((value, value))
    covered = [
        candidate for candidate in table.pages
        if (candidate.after is None
            or (candidate.after[0] > value if descending else candidate.after[0] < value))
        and ((end := table.next_after(candidate)) is None
             or (end[0] <= value if descending else end[0] >= value))
    ]  # fmt: skip
    assert covered == [page]


def test_moved_rows_are_taken_out_and_put_in() -> None:
    table = PageTable.of(Listing(3, 100, (None,)), descending=False)
    load(table, table.pages[0], [1, 2, 3])
    load(table, table.pages[0], [3, 1, 2])
    assert [table.peek(row).id for row in range(3)] == [3, 1, 2]  # type: ignore[union-attr]


def test_only_what_differs_is_announced() -> None:
    table = PageTable.of(Listing(4, 100, (None,)), descending=False)
    page = table.pages[0]
    load(table, page, [1, 2, 3, 4])
    items = list(page.items or [])
    items[2] = replace(items[2], name="changed")
    edits = table.plan(page, items)
    assert edits == [Fill(page, 2, (items[2],))]


def test_a_grown_page_is_split_after_known_keys() -> None:
    table = PageTable.of(Listing(0, SIZE, (None,)), descending=False)
    ids = list(range(23))
    load(table, table.pages[0], ids)
    table.split(table.pages[0], {id: (id, id) for id in ids})
    assert [page.count for page in table.pages] == [5, 5, 5, 5, 3]
    assert [page.after for page in table.pages] == [None, (4, 4), (9, 9), (14, 14), (19, 19)]
    assert [table.peek(row).id for row in range(23)] == ids  # type: ignore[union-attr]
    assert table.row_of(17) == 17


def test_pages_long_unused_are_forgotten(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("vidcache_gui.gui.library.pages.LOADED_LIMIT", 2)
    ids = list(range(20))
    table = table_of(ids)
    for place, page in enumerate(table.pages):
        load(table, page, ids[place * SIZE : (place + 1) * SIZE])
    assert [page.items is not None for page in table.pages] == [False, False, True, True]
    assert table.row_of(0) is None
    assert table.row_of(19) == 19
    assert table.count == 20
