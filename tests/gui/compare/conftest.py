"""A comparison on screen, over footage in memory."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.player.conftest import exposed
from tests.gui.player.footage import Steps
from vidcache_gui.core.records import Item
from vidcache_gui.gui.compare.engine import PairEngine
from vidcache_gui.gui.compare.pair import Alignment, Pair
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.media.types import Kind

Open = Callable[..., CompareView]


def item(id: int, source: Steps, **facts: Any) -> Item:
    return Item(id, Kind.VIDEO, f"hash {id}", f"clip {id}", "videos", "", 1, 0,
                width=source.width, height=source.height, frame_count=source.count,
                **facts)  # fmt: skip


@pytest.fixture
def view(qtbot: QtBot, app: QApplication) -> Iterator[CompareView]:
    yield from exposed(qtbot, CompareView(engine=PairEngine(budget=64 << 20)))


@pytest.fixture
def show(qtbot: QtBot, view: CompareView) -> Open:
    def open_both(a: Steps, b: Steps, alignment: Alignment = Alignment()) -> CompareView:  # noqa: B008
        with qtbot.waitSignal(view.engine.opened, timeout=20_000):
            view.show_items((item(1, a), item(2, b)), (lambda: a, lambda: b), alignment)
        ready(qtbot, view)
        return view

    return open_both


def ready(qtbot: QtBot, view: CompareView) -> None:
    """The pair is on screen, at the size it is shown."""

    def done() -> bool:
        return on_screen(view) == view.engine.pair and not view.canvas._rest.isActive()

    qtbot.waitUntil(done, timeout=10_000)


def shows(qtbot: QtBot, view: CompareView, pair: Pair) -> None:
    """This pair comes on screen, and is what the engine says."""
    qtbot.waitUntil(lambda: on_screen(view) == pair, timeout=10_000)
    assert view.engine.pair == pair


def on_screen(view: CompareView) -> Pair:
    """What the canvas paints."""
    a, b = view.canvas._layers._frames
    return Pair(a.index if a else None, b.index if b else None)
