"""The window over the real library: checked in the background, decided, undone, asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.core.similar.library_of import fill
from tests.core.similar.world import World
from vidcache_gui.core.library import Library
from vidcache_gui.gui.library.sidebar import _COUNT, Place
from vidcache_gui.gui.main_window import MainWindow


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three items show the same film or a part of it, one something else."""
    with Library.open(tmp_path / "library") as opened:
        World().live_in(opened)
        fill(opened, "a:0-9", "a:3-6", "a:4-9", "b:0-5")
        yield opened


def test_what_is_the_same_is_found_and_decided(
    qtbot: QtBot, window: MainWindow, library: Library
) -> None:
    window.show_library(library)
    row = window.browser.sidebar._rows[Place("footage")]
    qtbot.waitUntil(lambda: row.data(0, _COUNT) == 3, timeout=20_000)
    window.actions_by_id["same_footage"].trigger()
    page = window.desk.footage
    model, view = page.model, page.pane.view
    assert model is not None
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    qtbot.waitUntil(lambda: page.state.text() == "All 4 items compared")
    qtbot.keyClick(view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: row.data(0, _COUNT) == 2, timeout=10_000)
    assert model.rowCount() == 3
    assert view.currentIndex().row() == 1
    assert not page.new.isVisible()
    undo = window.actions_by_id["undo"]
    qtbot.waitUntil(lambda: "Not a match" in undo.text())
    undo.trigger()
    qtbot.waitUntil(lambda: model.shown(0).verdict == "")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: row.data(0, _COUNT) == 3, timeout=10_000)
    window.actions_by_id["redo"].trigger()
    qtbot.waitUntil(lambda: model.shown(0).verdict == "not a match")  # type: ignore[union-attr]


def test_an_item_is_asked_about(qtbot: QtBot, window: MainWindow, library: Library) -> None:
    window.show_library(library)
    row = window.browser.sidebar._rows[Place("footage")]
    qtbot.waitUntil(lambda: row.data(0, _COUNT) == 3, timeout=20_000)
    whole = library.find("a:0-9")
    window.desk.find_item(whole)
    page = window.desk.results
    qtbot.waitUntil(page.pane.isVisible)
    names = {page.model.shown(row).b.name for row in range(page.model.rowCount())}  # type: ignore[union-attr]
    assert names == {"a:3-6", "a:4-9"}
    assert "compared with 3 items" in page._facts.text()
    other = library.find("b:0-5")
    window.desk.find_item(other)
    qtbot.waitUntil(page.blank.isVisible)
    assert page.blank.title == "Nothing like it is here"
