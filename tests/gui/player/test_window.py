"""The window that ``vidcache play`` and ``get-frames`` open, over a real library."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.window import PlayerWindow, run_player

ROOT = Path(__file__).parents[3]


@pytest.fixture
def group(library: Library, tmp_path: Path) -> Item:
    folder = make.make_frames(tmp_path / "frames", [0, 1, 2, 5, 9, 10])
    result = library.put_frames("videos", "walk", folder)
    (item,) = library.items([result.item_id or 0])
    return item


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


def windows() -> list[PlayerWindow]:
    found = QApplication.topLevelWidgets()
    return [window for window in found if isinstance(window, PlayerWindow) and window.isVisible()]


def act_in_window(qtbot: QtBot, ready: str, act: str) -> QTimer:
    """Run ``act`` once ``ready`` holds, both about the window ``w``; then close it."""
    timer = QTimer(interval=10)

    def look() -> None:
        for window in windows():
            if eval(ready, {"w": window}):
                timer.stop()
                eval(act, {"w": window})
                window.close()

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_a_chosen_delay_is_kept_with_the_group(
    qtbot: QtBot, app: QApplication, library: Library, group: Item
) -> None:
    timer = act_in_window(qtbot, "w.view.engine.index > 0", "w.view.controls.delay.setValue(125)")
    assert run_player(library.path, group.id, 10.0) == 0
    assert not timer.isActive()
    assert library.items([group.id])[0].delay_ms == 125


def test_the_delay_asked_for_is_played_and_not_kept(
    qtbot: QtBot, app: QApplication, library: Library, group: Item
) -> None:
    delays: list[float] = []
    timer = QTimer(interval=10)

    def look() -> None:
        for window in windows():
            if window.view.engine.count:
                delays.append(window.view.engine.playhead.timing.duration(3))
                window.close()

    timer.timeout.connect(look)
    timer.start()
    assert run_player(library.path, group.id, 12.5) == 0
    timer.stop()
    assert delays[0] == pytest.approx(0.0125)
    assert library.items([group.id])[0].delay_ms is None


def test_frames_are_shown_in_order_with_their_own_numbers(
    qtbot: QtBot, app: QApplication, library: Library, group: Item
) -> None:
    window = PlayerWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.play(library, group)
    assert window.windowTitle() == "walk"
    view = window.view
    qtbot.waitUntil(lambda: view.engine.count == 11, timeout=20_000)
    view.engine.pause()
    assert view.engine.footage is not None
    assert view.engine.footage.missing == {3, 4, 6, 7, 8}
    for number, on_screen in enumerate([0, 1, 2, 2, 2, 5, 5, 5, 5, 9, 10]):
        view.engine.seek(number)
        said = f"Frame {number} is missing." if number != on_screen else ""
        qtbot.waitUntil(lambda said=said: view.canvas.message == said, timeout=20_000)
        qtbot.waitUntil(lambda: view.engine.picture() is not None, timeout=20_000)
        shown = view.engine.picture()
        assert shown is not None
        assert make.read_number(shown) == on_screen  # the one before a missing one stays
    window.close()


def test_an_item_that_is_gone_is_said(app: QApplication, library: Library) -> None:
    with pytest.raises(UserError, match="no longer in the library"):
        run_player(library.path, 12345)


def test_without_a_display_it_says_what_to_do(library: Library, group: Item) -> None:
    hidden = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    code = (
        "from vidcache_gui.interfaces.cli import main; import sys;"
        f"sys.exit(main(['--library', {str(library.path)!r}, 'play', '#{group.id}']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "There is no display" in done.stderr
    assert "Traceback" not in done.stderr
