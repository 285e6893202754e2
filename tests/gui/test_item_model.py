"""The list of items: rows at once, contents on demand, changes to exactly their rows."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Changes, Query
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.library.item_model import ItemModel
from vidcache_gui.gui.library.pages import PageTable

Fill = Callable[..., list[int]]


@pytest.fixture
def model(library: Library, at_once: Background) -> ItemModel:
    return ItemModel(at_once, library, page_size=20)


def names(model: ItemModel) -> list[str | None]:
    return [
        None if (item := model.item(row)) is None else item.name for row in range(model.rowCount())
    ]


def listed(qtbot: Any, model: ItemModel, query: Query) -> None:
    with qtbot.waitSignal(model.listed):
        model.show_query(query)


def everything(qtbot: Any, model: ItemModel) -> list[str | None]:
    """Names of all rows, once they are loaded."""
    qtbot.waitUntil(lambda: None not in names(model))
    return names(model)


def test_model_follows_qt_rules(
    qtbot: Any, model: ItemModel, fill: Fill, qtmodeltester: Any
) -> None:
    fill(12)
    listed(qtbot, model, Query())
    qtmodeltester.check(model)


def test_rows_are_there_before_their_contents(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    fill(45)
    listed(qtbot, model, Query(sort="name", descending=False))
    assert model.rowCount() == 45
    assert model.item(0) is not None  # the first page comes with the listing
    assert model.item(44) is None
    with qtbot.waitSignal(model.dataChanged):
        pass
    last = model.item(44)
    assert last is not None
    assert last.name == "clip 44"


@pytest.mark.parametrize("sort", ["added", "name", "size", "duration", "frames"])
@pytest.mark.parametrize("descending", [False, True])
def test_removing_and_restoring_touch_exact_rows(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library, sort: str, descending: bool
) -> None:
    ids = fill(43)
    query = Query(sort=sort, descending=descending)
    listed(qtbot, model, query)
    before = everything(qtbot, model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    gone = [ids[3], ids[4], ids[20], ids[21], ids[42]]
    model.apply(library.remove(gone))
    qtbot.waitUntil(lambda: model.rowCount() == 38)
    lost = {"clip 3", "clip 4", "clip 20", "clip 21", "clip 42"}
    assert names(model) == [name for name in before if name not in lost]
    model.apply(library.restore(gone))
    qtbot.waitUntil(lambda: model.rowCount() == 43)
    assert everything(qtbot, model) == before
    assert not resets


def test_rename_moves_the_row_when_sorted_by_name(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(10)
    listed(qtbot, model, Query(sort="name", descending=False))
    model.apply(library.rename(ids[2], "zebra"))
    qtbot.waitUntil(lambda: names(model)[-1] == "zebra")
    assert model.rowCount() == 10
    assert "clip 2" not in names(model)


def test_rename_stays_when_sorted_by_date(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(10)
    listed(qtbot, model, Query(descending=False))
    moved: list[Any] = []
    model.rowsRemoved.connect(lambda *args: moved.append(args))
    with qtbot.waitSignal(model.dataChanged) as seen:
        model.apply(library.rename(ids[2], "zebra"))
    assert seen.args[0].row() == 2
    assert names(model)[2] == "zebra"
    assert not moved


def test_a_tag_makes_an_item_join_a_tag_listing(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(6)
    library.tag(ids[:2], add=["cats"])
    listed(qtbot, model, Query(tag="cats", sort="name", descending=False))
    assert names(model) == ["clip 0", "clip 1"]
    model.apply(library.tag([ids[5]], add=["cats"]))
    qtbot.waitUntil(lambda: names(model) == ["clip 0", "clip 1", "clip 5"])
    model.apply(library.tag([ids[0]], remove=["cats"]))
    qtbot.waitUntil(lambda: names(model) == ["clip 1", "clip 5"])


def test_what_vanishes_from_unread_pages_is_noticed(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(90)
    listed(qtbot, model, Query(sort="name", descending=False))
    model.apply(library.remove([ids[70]]))
    qtbot.waitUntil(lambda: model.rowCount() == 89)
    assert "clip 70" not in everything(qtbot, model)


def test_many_new_items_split_the_page_they_land_on(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(120)
    library.remove(ids[10:])
    listed(qtbot, model, Query(sort="name", descending=False))
    assert model.rowCount() == 10
    model.apply(library.restore(ids[10:]))
    qtbot.waitUntil(lambda: model.rowCount() == 120)
    assert everything(qtbot, model) == [f"clip {place}" for place in range(120)]
    table: PageTable = model._table
    assert max(page.count for page in table.pages) <= 2 * table.page_size


def test_the_same_news_twice_changes_nothing(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(20)
    listed(qtbot, model, Query(sort="name", descending=False))
    library.tag([ids[1]], add=["cats"])
    news = Changes(added=tuple(ids), updated=tuple(ids))
    model.apply(news)
    model.apply(news)
    qtbot.waitUntil(lambda: model.item(1) is not None and model.item(1).tags == ("cats",))
    assert names(model) == [f"clip {place}" for place in range(20)]


def test_ids_of_rows_that_are_not_loaded(
    qtbot: Any, model: ItemModel, fill: Fill, library: Library
) -> None:
    ids = fill(65)
    listed(qtbot, model, Query(sort="name", descending=False))
    received: list[list[int]] = []
    model.fetch_ids([(1, 2), (19, 63)], received.append)
    qtbot.waitUntil(lambda: bool(received))
    assert sorted(received[0]) == sorted([*ids[1:3], *ids[19:64]])


def test_a_header_click_sorts(qtbot: Any, model: ItemModel, fill: Fill) -> None:
    fill(5)
    listed(qtbot, model, Query())
    with qtbot.waitSignal(model.listed):
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert names(model) == [f"clip {n}" for n in (4, 3, 2, 1, 0)]
    assert not model.index(0, 0).parent().isValid()
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
