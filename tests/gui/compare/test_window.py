"""The comparison over real media: from the library's list, and in a window of its own."""

import gc
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.compare.conftest import ready, shows
from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query
from vidcache_gui.errors import UserError
from vidcache_gui.gui.compare.pair import Pair
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.compare.window import CompareWindow, run_comparison
from vidcache_gui.gui.main_window import MainWindow

FPS, TRIMMED = 24, 12  # frames cut off: half a second


def re_encode(source: Path, to: Path, size: tuple[int, int], skip: int) -> Path:
    """The same footage, smaller, with other times and another codec, without its start."""
    with av.open(str(source)) as opened:
        pictures = [frame.to_image() for frame in opened.decode(video=0)][skip:]
    with av.open(str(to), "w") as output:
        stream = output.add_stream("libvpx", rate=FPS, options={"cpu-used": "8", "b": "400k"})
        stream.width, stream.height = size
        for at, picture in enumerate(pictures):
            frame = av.VideoFrame.from_image(picture.resize(size))
            frame.pts, frame.time_base = at, Fraction(1, FPS)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return to


@pytest.fixture
def clips(library: Library, tmp_path: Path) -> tuple[Item, Item]:
    """A clip, and its re-encode at half the size without its first half second."""
    source = make.make_video(tmp_path / "clip.mp4", frames=48, fps=FPS, size=(320, 192), gop=12)
    copy = re_encode(source, tmp_path / "copy.webm", (160, 96), TRIMMED)
    for _ in library.ingest([source, copy]):
        pass
    items = {item.name: item for item in library.page(Query(), None, 10)}
    return items["clip.mp4"], items["copy.webm"]


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


def numbers(view: CompareView) -> list[int]:
    """The numbers written into the pictures on screen."""
    return [make.read_number(frame) for frame in view.canvas._layers._frames if frame is not None]


@pytest.mark.slow
def test_a_trimmed_re_encode_shows_the_same_frames(
    qtbot: QtBot, app: QApplication, library: Library, clips: tuple[Item, Item]
) -> None:
    """Milliseconds of WebM against exact times of MP4: pair by pair the same picture."""
    seen: list[list[int]] = []
    places = (12, 13, 40, 47, 30, 29, 12)
    timer = QTimer(interval=10)

    def look() -> None:
        for window in app.topLevelWidgets():
            if isinstance(window, CompareWindow) and window.view.canvas._shown is not None:
                timer.stop()
                try:
                    walk(window.view)
                finally:
                    window.close()

    def walk(view: CompareView) -> None:
        for at in places:
            view.engine.seek(view.engine.line.place_of_a(at))
            shows(qtbot, view, Pair(at, at - TRIMMED))
            ready(qtbot, view)
            seen.append(numbers(view))
        qtbot.keyClick(view.canvas, Qt.Key.Key_Home)
        shows(qtbot, view, Pair(0, None))

    timer.timeout.connect(look)
    timer.start()
    a, b = clips
    assert run_comparison(library.path, a.id, b.id, offset=-TRIMMED / FPS) == 0
    assert not timer.isActive()
    assert seen == [[at, at] for at in places]


def test_an_item_that_is_gone_is_said(app: QApplication, library: Library) -> None:
    with pytest.raises(UserError, match="no longer in the library"):
        run_comparison(library.path, 1, 2)


@pytest.mark.slow
def test_two_selected_items_are_compared(
    qtbot: QtBot, clips: tuple[Item, Item], library: Library, window: MainWindow
) -> None:
    window.show_library(library)
    action = window.actions_by_id["compare"]
    view = window.browser.view
    qtbot.waitUntil(lambda: view.model() is not None and view.model().rowCount() == 2)
    assert not action.isEnabled()
    window.actions_by_id["select_all"].trigger()
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    page = window.comparison
    assert page is not None
    assert window.on_comparison
    qtbot.waitUntil(lambda: page.canvas._shown is not None, timeout=10_000)
    assert page.items is not None
    assert {item.id for item in page.items} == {item.id for item in clips}
    window.actions_by_id["full_screen"].setChecked(True)
    assert not page.head.isVisible()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert window.on_comparison
    assert page.head.isVisible()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert window.on_browser
    assert page.items is None
