"""The grid as people use it: keys, selections, the pointer, news while scrolled."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import jpeg
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.library.cell import fitted, strip_tile
from vidcache_gui.gui.library.grid_view import GridView
from vidcache_gui.gui.library.item_model import ItemModel
from vidcache_gui.gui.library.thumbnails import Thumbnails

Fill = Callable[..., list[int]]
Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def grid(
    qtbot: Any, app: QApplication, library: Library, at_once: Background, fill: Fill
) -> Iterator[GridView]:
    """Sixty clips by name, five columns, about three and a half lines in view."""
    fill(60)
    model = ItemModel(at_once, library, page_size=20)
    view = GridView()
    view.set_thumbnails(Thumbnails(at_once, library, 10_000_000, view))
    view.setModel(model)
    view.resize(970, 520)
    view.show()
    with qtbot.waitSignal(model.listed):
        model.show_query(Query(sort="name", descending=False))
    assert view.grid.columns == 5
    view.setFocus()
    view.setCurrentIndex(model.index(0, 0))
    yield view
    view.close()
    view.deleteLater()


def press(view: GridView, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> int:
    QTest.keyClick(view, key, modifiers)
    return view.currentIndex().row()


def rows(view: GridView) -> list[int]:
    return [row for first, last in view.selected_ranges() for row in range(first, last + 1)]


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (0, Key.Key_Right, 1),
        (4, Key.Key_Right, 5),  # on to the next line
        (5, Key.Key_Left, 4),
        (0, Key.Key_Left, 0),
        (7, Key.Key_Down, 12),
        (7, Key.Key_Up, 2),
        (2, Key.Key_Up, 2),
        (57, Key.Key_Down, 57),
        (30, Key.Key_Home, 0),
        (30, Key.Key_End, 59),
        (1, Key.Key_PageDown, 16),
        (46, Key.Key_PageUp, 31),
        (3, Key.Key_PageUp, 3),
    ],
)
def test_keys_go_where_the_eye_expects(grid: GridView, start: int, key: Qt.Key, end: int) -> None:
    grid.setCurrentIndex(grid.model().index(start, 0))
    assert press(grid, key) == end
    assert rows(grid) == [end]
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))


def test_down_from_a_full_line_reaches_the_short_last_line(grid: GridView) -> None:
    grid.resize(1160, 520)  # six columns: 60 items fill ten lines; now make the last one short
    assert grid.grid.columns == 6
    grid.setCurrentIndex(grid.model().index(53, 0))
    assert press(grid, Key.Key_Down) == 59


def test_shift_selects_in_reading_order(grid: GridView) -> None:
    grid.setCurrentIndex(grid.model().index(3, 0))
    press(grid, Key.Key_Down, SHIFT)
    assert rows(grid) == [3, 4, 5, 6, 7, 8]
    press(grid, Key.Key_Left, SHIFT)
    assert rows(grid) == [3, 4, 5, 6, 7]


def test_clicks_select_toggle_and_extend(grid: GridView) -> None:
    def click(row: int, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        point = grid.visualRect(grid.model().index(row, 0)).center()
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, point)

    click(2)
    assert rows(grid) == [2]
    click(5, CTRL)
    assert rows(grid) == [2, 5]
    click(5, CTRL)
    assert rows(grid) == [2]
    click(7, SHIFT)
    assert rows(grid) == [2, 5, 6, 7]
    click(11)
    assert rows(grid) == [11]


def test_a_rubber_band_selects_what_it_touches(grid: GridView) -> None:
    first = grid.visualRect(grid.model().index(0, 0))
    start = QPoint(first.left() - 8, first.top() - 8)
    end = grid.visualRect(grid.model().index(6, 0)).center()
    port = grid.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 11):
        QTest.mouseMove(port, start + (end - start) * step / 10)
    assert rows(grid) == [0, 1, 5, 6]
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert rows(grid) == [0, 1, 5, 6]


def test_select_all_is_one_range_however_many(grid: GridView) -> None:
    grid.selectAll()
    assert grid.selected_ranges() == [(0, 59)]
    press(grid, Key.Key_Escape)
    assert rows(grid) == []


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
def test_enter_and_space_open(qtbot: Any, grid: GridView, key: Qt.Key) -> None:
    grid.setCurrentIndex(grid.model().index(8, 0))
    with qtbot.waitSignal(grid.opened) as seen:
        press(grid, key)
    assert seen.args[0].row() == 8


def test_typing_goes_to_a_name(grid: GridView) -> None:
    QTest.keyClicks(grid, "clip 13")
    assert grid.currentIndex().row() == 13


def test_index_at_every_cell_and_nowhere_between(grid: GridView) -> None:
    for row in grid.visible_rows():
        rect = grid.visualRect(grid.model().index(row, 0))
        assert grid.indexAt(rect.center()).row() == row
        assert not grid.indexAt(QPoint(rect.right() + 4, rect.center().y())).isValid()


def test_what_is_looked_at_stays_when_rows_above_go(
    qtbot: Any, grid: GridView, library: Library
) -> None:
    model = grid.model()
    assert isinstance(model, ItemModel)
    grid.scrollTo(model.index(40, 0), GridView.ScrollHint.PositionAtTop)
    qtbot.waitUntil(lambda: model.item(40) is not None)
    place = grid.visualRect(model.index(40, 0)).top()
    ids = [item.id for item in model.loaded_items(range(10))]
    model.apply(library.remove(ids))
    qtbot.waitUntil(lambda: model.rowCount() == 50)
    assert model.item(30).name == "clip 40"
    assert grid.visualRect(model.index(30, 0)).top() == place


def test_at_the_top_new_rows_come_into_view(qtbot: Any, grid: GridView, library: Library) -> None:
    model = grid.model()
    assert isinstance(model, ItemModel)
    ids = [item.id for item in model.loaded_items(range(3))]
    model.apply(library.remove(ids))
    qtbot.waitUntil(lambda: model.rowCount() == 57)
    model.apply(library.restore(ids))
    qtbot.waitUntil(lambda: model.rowCount() == 60)
    assert grid.verticalScrollBar().value() == 0


def test_ctrl_wheel_changes_the_size_around_the_current_item(grid: GridView) -> None:
    grid.setCurrentIndex(grid.model().index(33, 0))
    grid.set_cell_size(grid.cell_size + 64)
    assert grid.grid.columns < 5
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center())


def test_pictures_arrive_and_hover_scrubs(qtbot: Any, grid: GridView, library: Library) -> None:
    model = grid.model()
    assert isinstance(model, ItemModel)
    item = model.item(1)
    assert item is not None
    strip = QImage(12 * 20, 10, QImage.Format.Format_RGB32)
    strip.fill(0)
    library._pictures.save(item.hash, jpeg(160, 90), jpeg(240, 10))
    thumbnails = grid._thumbnails
    assert thumbnails is not None
    thumbnails.forget(item)
    qtbot.waitUntil(lambda: thumbnails.poster(item, 180) is not None)
    rect = grid.visualRect(model.index(1, 0))
    picture = grid.grid.picture_rect(1)
    QTest.mouseMove(grid.viewport(), QPoint(rect.left() + picture.width() // 4, rect.top() + 20))
    assert grid._hovered == 1
    assert grid._scrub == pytest.approx(0.25, abs=0.01)
    qtbot.waitUntil(lambda: thumbnails.strip(item) is not None)


def test_a_strip_is_twelve_tiles() -> None:
    strip = QImage(1200, 60, QImage.Format.Format_RGB32)
    assert [strip_tile(strip, place).x() for place in (0.0, 0.09, 0.5, 0.999, 1.0)] == [
        0, 100, 600, 1100, 1100,
    ]  # fmt: skip


def test_pictures_are_never_distorted(grid: GridView) -> None:
    room = grid.grid.picture_rect(0)
    for width, height in ((1920, 1080), (100, 400), (400, 100), (7, 7)):
        place = fitted(room, width, height)
        assert place.width() / place.height() == pytest.approx(width / height)
        assert place.width() <= room.width() + 0.01
        assert place.height() <= room.height() + 0.01
