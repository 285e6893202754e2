"""A window over a library whose matches are given."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.similar.fake import FakeLibrary, match, segment
from vidcache_gui.core.records import Item
from vidcache_gui.core.similar.records import CheckState, FoundMatch
from vidcache_gui.gui.main_window import MainWindow

Fill = Callable[..., list[int]]
Give = Callable[[int], list[FoundMatch]]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[FakeLibrary]:
    with FakeLibrary.open(tmp_path / "My archive") as opened:
        assert isinstance(opened, FakeLibrary)
        opened.ready()
        opened.state = CheckState(12, 12, 12, 0, 0, False, True)
        yield opened


@pytest.fixture
def items(library: FakeLibrary, fill: Fill) -> list[Item]:
    """clip 0 … clip 9, without media."""
    ids = fill(10)
    found = {item.id: item for item in library.items(ids)}
    return [found[id] for id in ids]


@pytest.fixture
def give(library: FakeLibrary, items: list[Item]) -> Give:
    """So many matches, surest first: their number is that of their row."""

    def add(count: int) -> list[FoundMatch]:
        pairs = [(a, b) for a in items for b in items if a.id < b.id]
        return [
            library.give(*pairs[n % len(pairs)], match(segment(0, 4, 1, 5), score=1 - n / 1e6))
            for n in range(count)
        ]

    return add


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> MainWindow:
    """The window with the library in it (fill it first)."""
    window.show_library(library)
    qtbot.waitUntil(lambda: window.browser.model is not None and window.browser.model.is_listed)
    return window
