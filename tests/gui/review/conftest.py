"""The review page over a real library in which looking at footage costs nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.core.similar.library_of import fill
from tests.core.similar.world import World
from vidcache_gui.core.library import Library
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.gui.review.desk import ReviewDesk
from vidcache_gui.gui.review.review_page import ReviewPage

Press = Callable[..., None]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two groups: three items of one film, two of another; one item like nothing else."""
    with Library.open(tmp_path / "library") as opened:
        World().live_in(opened)
        fill(opened, "a:0-9", "a:1-3", "a:5-9", "b:0-5", "b:1-5", "c:0-4")
        opened.check(lambda _: None)
        yield opened


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, library: Library) -> ReviewPage:
    """Open, with the first pair shown and its plans read."""
    window.show_library(library)
    window.actions_by_id["review"].trigger()
    made = window.reviewing.page
    assert made is not None
    qtbot.waitUntil(lambda: made.queue.row is not None, timeout=10_000)
    qtbot.waitUntil(lambda: bool(made.bar.outcome.text()), timeout=10_000)
    return made


@pytest.fixture
def desk(page: ReviewPage) -> ReviewDesk:
    assert page.desk is not None
    return page.desk


@pytest.fixture
def press(qtbot: QtBot, page: ReviewPage) -> Press:
    """A key, where the keyboard is after opening: on the pictures."""

    def send(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(page.compare.focusProxy() or page.compare, key, modifiers)

    return send
