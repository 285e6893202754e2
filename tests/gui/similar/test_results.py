"""Finding footage like an item, a file or a picture, and going back."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from tests.gui.similar.conftest import Give
from tests.gui.similar.fake import FakeLibrary, match, segment
from tests.media import make
from vidcache_gui.core.records import Item
from vidcache_gui.core.similar.records import SimilarItem, Verdict
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.similar.similar_page import SimilarPage
from vidcache_gui.matching.records import Relation


def select(window: MainWindow, *names: str) -> None:
    grid, model = window.browser.grid, window.browser.model
    assert model is not None
    grid.clearSelection()
    flags = grid.selectionModel().SelectionFlag
    for row in range(model.rowCount()):
        item = model.item(row)
        if item is not None and item.name in names:
            index = model.index(row, 0)
            grid.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


def trigger(qtbot: QtBot, window: MainWindow, name: str) -> None:
    action = window.actions_by_id[name]
    qtbot.waitUntil(action.isEnabled)
    action.trigger()


def found(qtbot: QtBot, page: SimilarPage, count: int) -> None:
    qtbot.waitUntil(lambda: page.pane.isVisible() and page.model.rowCount() == count)


@pytest.fixture
def hits(library: FakeLibrary, items: list[Item]) -> list[SimilarItem]:
    library.similar = [
        SimilarItem(items[2], match(segment(0, 1, 12, 13), relation=Relation.CONTAINS,
                                    coverage=(1, 0.1))),
        SimilarItem(items[3], match(segment(0, 1, 0, 1))),
    ]  # fmt: skip
    return library.similar


def test_the_same_as_an_item_is_found_and_left(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary,
    items: list[Item],
) -> None:  # fmt: skip
    action = opened.actions_by_id["find_similar"]
    assert not action.isEnabled()
    select(opened, "clip 1")
    trigger(qtbot, opened, "find_similar")
    page = opened.desk.results
    found(qtbot, page, 2)
    assert library.asked == [items[1].id]
    assert page._title.text() == "Footage like “clip 1”"
    assert page._facts.text() == "2 matches · compared with 11 items"
    assert page.pane.view.hasFocus()
    qtbot.waitUntil(lambda: opened.browser.inspector.name.text() == "clip 2")
    qtbot.keyClick(page.pane.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: opened.browser.inspector.name.text() == "clip 3")
    assert [item.name for item in opened.browser.selected_items()] == ["clip 3"]
    qtbot.keyClick(page.pane.view, Qt.Key.Key_Escape)
    assert not opened.browser.on_page
    assert opened.browser.grid.hasFocus()
    assert opened.browser.selected_count() == 1


def test_nothing_found_says_how_many_were_looked_at(
    qtbot: QtBot, items: list[Item], opened: MainWindow
) -> None:
    opened.desk.find_item(items[0])
    page = opened.desk.results
    qtbot.waitUntil(page.blank.isVisible)
    assert page.blank.title == "Nothing like it is here"
    assert "compared with 11 items" in page.blank.text
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not opened.browser.on_page


def test_a_search_that_takes_its_time_can_be_left(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary,
    items: list[Item],
) -> None:  # fmt: skip
    library.gate = threading.Event()
    opened.desk.find_item(items[0])
    page = opened.desk.results
    qtbot.waitUntil(page.cancel.isVisible)
    assert page.cancel.hasFocus()
    page.cancel.click()
    assert library.stop.cancelled
    assert not opened.browser.on_page
    opened.desk.find_item(items[1])
    library.gate.set()
    found(qtbot, page, 2)  # the second answer, not the first
    assert page.model.shown(0).a.name == "clip 1"  # type: ignore[union-attr]


def test_a_file_need_not_be_here(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary, tmp_path: Path
) -> None:
    path = make.make_gif(tmp_path / "other.gif")
    opened.desk.find_file(str(path))
    page = opened.desk.results
    found(qtbot, page, 2)
    assert library.asked == [path]
    assert page.tile.isVisible()
    assert not page.pane.not_a_match.isEnabled()  # a decision needs both to be here
    with qtbot.waitSignal(page.pane.play_requested) as played:
        qtbot.keyClick(page.pane.view, Qt.Key.Key_Return)
    assert played.args[0].name == "clip 2"


def test_a_file_that_cannot_be_read_is_said(
    qtbot: QtBot, items: list[Item], opened: MainWindow, tmp_path: Path
) -> None:
    opened.desk.find_file(str(tmp_path / "gone.mp4"))
    page = opened.desk.results
    qtbot.waitUntil(page.blank.isVisible)
    assert "there is no such file" in page.blank.text


def test_the_picture_on_the_clipboard(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary
) -> None:
    action = opened.actions_by_id["find_like_picture"]
    QGuiApplication.clipboard().setText("no picture")
    qtbot.waitUntil(lambda: not action.isEnabled())
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    QGuiApplication.clipboard().setImage(image)
    trigger(qtbot, opened, "find_like_picture")
    found(qtbot, opened.desk.results, 2)
    sent = QImage.fromData(library.asked[0])  # type: ignore[call-overload]
    assert (sent.width(), sent.height()) == (40, 30)
    assert opened.desk.results._title.text() == "Footage like the picture"
    QGuiApplication.clipboard().clear()


def test_what_is_dropped_on_the_results_is_the_next_question(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary,
    items: list[Item], tmp_path: Path,
) -> None:  # fmt: skip
    opened.desk.find_item(items[0])
    page = opened.desk.results
    found(qtbot, page, 2)
    data = QMimeData()
    data.setImageData(QImage(20, 10, QImage.Format.Format_RGB32))
    drop(page, data)
    qtbot.waitUntil(lambda: len(library.asked) == 2)
    found(qtbot, page, 2)
    path = make.make_gif(tmp_path / "other.gif")
    file = QMimeData()
    file.setUrls([QUrl.fromLocalFile(str(path))])
    drop(page, file)
    qtbot.waitUntil(lambda: library.asked[2:] == [path])
    assert not page.overlay.isVisible()
    found(qtbot, page, 2)
    file.setUrls([QUrl.fromLocalFile("/a.gif"), QUrl.fromLocalFile("/b.gif")])
    drop(page, file)  # several files are for the window, which adds them
    assert len(library.asked) == 3


def drop(page: SimilarPage, data: QMimeData) -> None:
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier)  # fmt: skip
    page.dragEnterEvent(QDragEnterEvent(QPoint(50, 50), *held))
    page.dropEvent(QDropEvent(QPointF(50, 50), *held))


def test_hits_that_are_removed_go_and_come_back(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, items: list[Item]
) -> None:
    opened.desk.find_item(items[0])
    page = opened.desk.results
    found(qtbot, page, 2)
    trigger(qtbot, opened, "remove")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    trigger(qtbot, opened, "undo")
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)


def test_decisions_are_made_on_results_too(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, library: FakeLibrary,
    items: list[Item],
) -> None:  # fmt: skip
    library.mark(items[0].id, items[3].id, Verdict.KEEP_BOTH)
    opened.desk.find_item(items[0])
    page = opened.desk.results
    found(qtbot, page, 2)
    assert page.model.shown(1).verdict == "keep both"  # type: ignore[union-attr]
    qtbot.keyClick(page.pane.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(library.decided) == 2)


def test_other_places_and_searches_leave_the_page(
    qtbot: QtBot, hits: list[SimilarItem], opened: MainWindow, items: list[Item]
) -> None:
    opened.desk.find_item(items[0])
    found(qtbot, opened.desk.results, 2)
    opened.browser.sidebar.show_place(Place("recent"))
    assert not opened.browser.on_page
    opened.desk.find_item(items[0])
    assert opened.browser.on_page
    opened.browser.search("clip 1")
    assert not opened.browser.on_page
    opened.desk.find_item(items[0])
    opened.actions_by_id["view_list"].trigger()
    assert not opened.browser.on_page


def test_the_inspector_names_what_shows_the_same(
    qtbot: QtBot, give: Give, opened: MainWindow, items: list[Item]
) -> None:
    give(9)  # clip 0 with each of the others
    select(opened, "clip 1")
    section = opened.browser.inspector.same
    qtbot.waitUntil(section.isVisible)
    row = section.findChildren(type(section.layout().itemAt(0).widget()))[0]
    assert section.layout().count() == 1
    link = next(b for b in row.findChildren(object) if b.property("link"))
    with qtbot.waitSignal(section.play_requested) as played:
        link.click()
    assert played.args[0].name == "clip 0"
    opened.show_browser()
    select(opened, "clip 0")
    qtbot.waitUntil(lambda: section.layout().count() == 6)  # five, and how many more
    assert opened.browser.inspector._same_title.text() == "Same footage in 9 items"
