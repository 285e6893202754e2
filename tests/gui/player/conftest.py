"""A player on screen, over footage in memory."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.player.footage import Clock
from vidcache_gui.core.records import Item
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.media.types import Frame, FrameSource, Kind

Open = Callable[..., PlayerView]
Shown = list[tuple[int | None, str]]
V = TypeVar("V", PlayerView, CompareView)


def item(kind: Kind, count: int, side: int = 2) -> Item:
    return Item(1, kind, "hash", "name", "videos", "", 1, 0, width=side, height=side,
                frame_count=count)  # fmt: skip


def exposed(qtbot: QtBot, made: V, width: int = 1200, height: int = 720) -> Iterator[V]:
    """A view on screen with the keys going to it; shut down when the test is over."""
    qtbot.addWidget(made)
    made.resize(width, height)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    yield made
    made.shut_down()
    made.close()


@pytest.fixture
def view(qtbot: QtBot, app: QApplication) -> Iterator[PlayerView]:
    made = PlayerView(engine=PlayerEngine(cache=FrameCache(64 << 20)))
    yield from exposed(qtbot, made, 1000, 640)


@pytest.fixture
def show(qtbot: QtBot, view: PlayerView) -> Open:
    def open_it(
        source: Any, kind: Kind = Kind.FRAMES, count: int = 0, autoplay: bool = False
    ) -> PlayerView:
        opener: Callable[[], FrameSource] = source if callable(source) else lambda: source
        with qtbot.waitSignal(view.engine.picture_changed, timeout=20_000):
            view.show_item(item(kind, count), opener, autoplay=autoplay)
        return view

    return open_it


def on_screen(view: PlayerView) -> int | None:
    frame = view.canvas._frame
    return frame.index if frame is not None else None


def ready(qtbot: QtBot, view: PlayerView) -> None:
    """Everything is decoded: keys act at once."""
    runs = [(0, view.engine.count - 1)]
    qtbot.waitUntil(lambda: view.engine.cached() == runs, timeout=20_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(qtbot: QtBot, clock: Clock) -> Iterator[PlayerEngine]:
    made = PlayerEngine(clock=clock)
    yield made
    assert made.shut_down(20)


@pytest.fixture
def shown(engine: PlayerEngine) -> Shown:
    """What was put on screen: (index, problem)."""
    seen: Shown = []

    def note(frame: Frame | None, problem: str) -> None:
        seen.append((frame.index if frame is not None else None, problem))

    engine.picture_changed.connect(note)
    return seen


def open_and_wait(qtbot: QtBot, engine: PlayerEngine, source: FrameSource) -> None:
    with qtbot.waitSignal(engine.picture_changed, timeout=20_000):
        engine.open(lambda: source)
