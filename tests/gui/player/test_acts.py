"""What people do in the player beside playing: marks, notes, delays, looking, taking."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.conftest import jpeg
from tests.gui.player.conftest import Open, on_screen, ready
from tests.gui.player.footage import Steps
from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Bookmark, Item
from vidcache_gui.gui.dialogs import Preferences, key_rows
from vidcache_gui.gui.export.dialog import ExportDialog
from vidcache_gui.gui.player.cache import default_budget
from vidcache_gui.gui.player.keys import SPECS, native
from vidcache_gui.gui.player.operations import Operations
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.player.window import PlayerWindow
from vidcache_gui.gui.settings import Settings
from vidcache_gui.media.types import Kind

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_every_action_can_be_done_has_a_key_of_its_own_and_is_on_the_sheet() -> None:
    keys = [QKeySequence(key).toString() for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))
    for spec in SPECS:
        assert spec.keys
        assert callable(getattr(Operations, spec.id))
    sheet = {text for group, rows in key_rows().items() if "Player" in group for text, _ in rows}
    assert sheet == {spec.text.removesuffix("…") for spec in SPECS}
    assert native("Shift+Left") == "Shift+←"


# Going places


def test_places_are_typed_as_frames_times_and_parts(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(1000, delay=0.04))
    for typed, index in (
        ("120", 120), ("0:02", 50), ("+5", 55), ("00:00:04:10", 110), ("50%", 500), ("9999", 999),
    ):  # fmt: skip
        qtbot.keyClick(view.canvas, Qt.Key.Key_G)
        qtbot.keyClicks(view.controls.number.editor, typed)
        qtbot.keyClick(view.controls.number.editor, Qt.Key.Key_Return)
        assert view.engine.index == index, typed
    qtbot.keyClick(view.canvas, Qt.Key.Key_G)
    qtbot.keyClicks(view.controls.number.editor, "nowhere")
    qtbot.keyClick(view.controls.number.editor, Qt.Key.Key_Return)
    assert "'nowhere' is no place" in view.controls.note.text()
    assert view.engine.index == 999


def test_keyframes_are_stepped_to(qtbot: QtBot, show: Open) -> None:
    source: Any = Steps(100, gop=25)
    source.keyframes = [0, 25, 50, 75]
    view = show(source, Kind.VIDEO)
    for key, index in ((Qt.Key.Key_Right, 25), (Qt.Key.Key_Right, 50), (Qt.Key.Key_Left, 25)):
        qtbot.keyClick(view.canvas, key, CTRL)
        assert view.engine.index == index
    view.engine.seek(60)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left, CTRL)
    assert view.engine.index == 50
    view = show(Steps(10), Kind.FRAMES)
    assert not view.operations.actions["key_forward"].isEnabled()


def test_timecodes_where_frames_are_even(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100, delay=0.04))
    view.engine.seek(30)
    assert view.controls.time.text == "0:00:01.200"
    qtbot.mouseClick(view.controls.time, Qt.MouseButton.LeftButton)
    assert view.controls.time.text == "00:00:01:05"
    qtbot.keyClick(view.canvas, Qt.Key.Key_T, ALT)
    assert QGuiApplication.clipboard().text() == "00:00:01:05"
    qtbot.keyClick(view.canvas, Qt.Key.Key_C, SHIFT)
    assert QGuiApplication.clipboard().text() == "30"
    assert view.controls.note.text() == "30 copied."
    source = Steps(4)
    source.durations = [0.1, 0.2, 0.1, 0.1]
    view = show(source)
    view.engine.seek(1)
    assert view.controls.time.text == "0:00:00.100"
    qtbot.keyClick(view.canvas, Qt.Key.Key_T, ALT | SHIFT)
    assert QGuiApplication.clipboard().text() == "0:00:00.200"


# Marks


def test_marks_are_set_shown_and_cleared_by_keys(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100))
    view.engine.seek(20)
    qtbot.keyClicks(view.canvas, "i")
    view.engine.seek(40)
    qtbot.keyClicks(view.canvas, "o")
    assert view.engine.playhead.marks == view.bar._marks == (20, 40)
    qtbot.keyClick(view.canvas, Qt.Key.Key_I, SHIFT)
    assert view.engine.index == 20
    qtbot.keyClick(view.canvas, Qt.Key.Key_O, SHIFT)
    assert view.engine.index == 40
    view.engine.seek(60)
    qtbot.keyClicks(view.canvas, "i")  # beyond the other one, which goes
    assert view.engine.playhead.marks == (60, None)
    qtbot.keyClicks(view.canvas, "x")
    assert view.engine.playhead.marks == (None, None)


def test_marks_by_the_menu_of_the_time_bar(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100))
    qtbot.waitUntil(lambda: view.bar.width() > 900)
    place = QPoint(12 + (view.bar.width() - 24) // 4, 14)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, view.bar.mapToGlobal(place), Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(view.bar, event)
    menu = next(m for m in view.findChildren(QMenu) if m.isVisible())
    texts = [action.text() for action in menu.actions()]
    assert texts[0].startswith("Mark in at frame 2")
    menu.actions()[0].trigger()
    menu.close()
    assert view.engine.playhead.marks[0] in (24, 25)


def test_a_mark_before_anything_is_open_does_nothing(view: PlayerView, qtbot: QtBot) -> None:
    for keys in ("i", "o", "b", "n", "c", "e"):
        qtbot.keyClicks(view.canvas, keys)
    assert view.engine.playhead.marks == (None, None)


def test_there_and_back_and_backwards(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(30, delay=10))
    qtbot.keyClicks(view.canvas, "t")
    assert view.engine.playhead.there_and_back
    assert view.operations.actions["there_and_back"].isChecked()
    qtbot.mouseClick(view.controls.play_back, Qt.MouseButton.LeftButton)
    assert view.engine.playing
    assert view.engine.playhead.backwards
    assert view.controls.play_back.accessibleName() == "Pause"
    assert view.controls.play.accessibleName() == "Play"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Space)  # the other way
    assert view.engine.playing
    assert not view.engine.playhead.backwards
    qtbot.keyClick(view.canvas, Qt.Key.Key_Space)
    assert not view.engine.playing


# Kept with the item


@pytest.fixture
def window(qtbot: QtBot, app: QApplication) -> Iterator[PlayerWindow]:
    made = PlayerWindow()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def gif(library: Library, tmp_path: Path) -> Item:
    path = make.make_gif(tmp_path / "a.gif", frames=6, delays_ms=[0, 10, 20, 30, 40, 50])
    list(library.ingest([path]))
    return library.find("a.gif")


def play(qtbot: QtBot, window: PlayerWindow, library: Library, item: Item) -> PlayerView:
    with qtbot.waitSignal(window.view.engine.opened, timeout=20_000):
        window.play(library, item)
    window.view.engine.pause()
    window.view.engine.seek(0)
    ready(qtbot, window.view)
    return window.view


def test_bookmarks_are_kept_with_notes_and_come_back(
    qtbot: QtBot, window: PlayerWindow, library: Library, gif: Item
) -> None:
    view = play(qtbot, window, library, gif)
    view.engine.seek(2)
    qtbot.keyClicks(view.canvas, "b")
    qtbot.waitUntil(lambda: view.bar._bookmarks == [2], timeout=20_000)
    view.engine.seek(4)
    qtbot.keyClicks(view.canvas, "n")
    qtbot.waitUntil(lambda: view.bookmarks.tree.findChild(QLineEdit) is not None, timeout=20_000)
    editor = view.bookmarks.tree.findChild(QLineEdit)
    qtbot.keyClicks(editor, "both wings")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    kept = [Bookmark(2), Bookmark(4, "both wings")]
    qtbot.waitUntil(lambda: library.bookmarks(gif.id) == kept, timeout=20_000)
    qtbot.waitUntil(lambda: view.bookmarks.marks == kept, timeout=20_000)
    assert view.bar.label_of(4).endswith("both wings")
    view.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up, CTRL)
    assert view.engine.index == 2
    qtbot.keyClick(view.canvas, Qt.Key.Key_Down, CTRL)
    assert view.engine.index == 4
    view = play(qtbot, window, library, gif)
    qtbot.waitUntil(lambda: view.bookmarks.marks == kept, timeout=20_000)
    view.engine.seek(2)
    qtbot.keyClicks(view.canvas, "b")  # off again
    qtbot.waitUntil(lambda: library.bookmarks(gif.id) == kept[1:], timeout=20_000)
    view.bookmarks.show_current(4)
    view.bookmarks.tree.setFocus()
    qtbot.waitUntil(lambda: view.bookmarks.marks == kept[1:], timeout=20_000)
    view.bookmarks.show_current(4)
    qtbot.keyClick(view.bookmarks.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: library.bookmarks(gif.id) == [], timeout=20_000)
    qtbot.waitUntil(lambda: not view.bookmarks.tree.isVisible(), timeout=20_000)


def test_delays_of_single_frames_are_shown_changed_and_kept(
    qtbot: QtBot, window: PlayerWindow, library: Library, gif: Item
) -> None:
    view = play(qtbot, window, library, gif)
    field = view.controls.frame_delay
    assert field.text == "0 → 100 ms"
    view.engine.seek(3)
    assert field.text == "30 ms"
    qtbot.keyClicks(view.canvas, "d")
    assert field.editor.text() == "30"
    qtbot.keyClicks(field.editor, "250")
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    assert field.text == "250 ms *"
    assert "the file says 30 ms" in field.toolTip()
    assert view.engine.playhead.timing.duration(3) == pytest.approx(0.25)
    qtbot.waitUntil(lambda: library.delays(gif.id) == {3: 250}, timeout=20_000)
    view.controls.to_all.trigger()
    qtbot.waitUntil(lambda: list(library.delays(gif.id).values()) == [250] * 6, timeout=20_000)
    view.controls.as_stored.trigger()
    qtbot.waitUntil(lambda: library.delays(gif.id) == {}, timeout=20_000)
    view.engine.set_marks(1, 2)
    view.controls.to_marked.trigger()
    qtbot.waitUntil(lambda: library.delays(gif.id) == {1: 30, 2: 30}, timeout=20_000)
    qtbot.keyClicks(view.canvas, "d")
    qtbot.keyClicks(field.editor, "0")
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    assert "is no delay" in view.controls.note.text()
    view = play(qtbot, window, library, gif)
    qtbot.waitUntil(lambda: view.controls.frame_delay.text == "0 → 100 ms", timeout=20_000)
    view.engine.seek(1)
    qtbot.waitUntil(lambda: field.text == "30 ms *", timeout=20_000)


def test_a_frame_is_saved_whole(
    qtbot: QtBot, window: PlayerWindow, library: Library, gif: Item, tmp_path: Path
) -> None:
    view = play(qtbot, window, library, gif)
    view.engine.seek(5)
    taken: list[tuple[QImage, str]] = []
    view.with_still(lambda image: taken.append((image, view._file_name())))
    view.canvas.size_wanted.emit()  # the window came to rest at its size just now
    qtbot.waitUntil(lambda: bool(taken), timeout=20_000)
    image, name = taken[0]
    assert (image.width(), image.height()) == (gif.width, gif.height)
    assert name == "a_000005.png"
    window.keeper.save(image, tmp_path / name)
    qtbot.waitUntil(lambda: view.controls.note.text() == f"Saved as {name}.", timeout=20_000)
    written = QImage(str(tmp_path / name)).convertToFormat(QImage.Format.Format_RGB32)
    assert written == image.convertToFormat(QImage.Format.Format_RGB32)
    window.keeper.save(image, tmp_path / "nowhere" / "x.png")
    qtbot.waitUntil(lambda: "could not be written" in view.controls.note.text(), timeout=20_000)


# What is missing, memory, export


def test_missing_frames_by_key(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(6, missing=frozenset({2, 3})))
    view.engine.seek(3)
    qtbot.waitUntil(lambda: on_screen(view) == 1, timeout=20_000)
    assert view.canvas.message == "Frame 3 is missing."
    qtbot.keyClick(view.canvas, Qt.Key.Key_2, ALT)
    assert on_screen(view) is None
    qtbot.keyClick(view.canvas, Qt.Key.Key_3, ALT)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: on_screen(view) == 1, timeout=20_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: on_screen(view) == 4, timeout=20_000)
    assert view.operations.actions["skip_gaps"].isChecked()


def test_scrubbing_shows_a_tile_at_once_and_the_frame_when_it_rests(
    qtbot: QtBot, show: Open
) -> None:
    go_on = threading.Event()
    source = Steps(1200, gop=600, side=40)
    view = show(source, Kind.VIDEO)
    view.show_strip(jpeg(12 * 64, 36))
    view.resize(1000, 641)
    qtbot.waitUntil(lambda: view.bar.width() > 900)
    source.gate = lambda index: None if index < 600 else _wait_for(go_on)
    at = QPoint(12 + (view.bar.width() - 24) * 3 // 4, 14)
    qtbot.mousePress(view.bar, Qt.MouseButton.LeftButton, pos=at)
    assert view.canvas._frame is None
    assert view.canvas._image.width() == 64  # a tile of the filmstrip
    assert view.engine.index == view.bar.value() == pytest.approx(900, abs=2)
    go_on.set()
    qtbot.waitUntil(lambda: on_screen(view) == 600, timeout=20_000)  # its keyframe
    qtbot.mouseRelease(view.bar, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: on_screen(view) == view.engine.index, timeout=20_000)


def _wait_for(event: threading.Event) -> None:
    assert event.wait(20)


def test_memory_for_frames_is_a_preference(qtbot: QtBot, show: Open, tmp_path: Path) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    view = show(Steps(400, side=200))
    qtbot.waitUntil(lambda: view.engine.cache.nbytes > 4_000_000, timeout=20_000)
    dialog = Preferences(settings)
    qtbot.addWidget(dialog)
    dialog.player_changed.connect(view.set_memory)
    dialog._player.setCurrentIndex(dialog._player.findData(128))
    assert settings.player_mb == 128
    assert view.engine.cache.budget == 128_000_000
    view.set_memory(3)
    assert view.engine.cache.nbytes <= 3_000_000
    dialog._player.setCurrentIndex(dialog._player.findData(0))
    assert view.engine.cache.budget == default_budget()


def test_e_offers_the_marked_range_for_export(
    qtbot: QtBot, window: PlayerWindow, library: Library, gif: Item
) -> None:
    view = play(qtbot, window, library, gif)
    view.engine.set_marks(1, 3)
    qtbot.keyClicks(view.canvas, "e")
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.form is not None, timeout=20_000)
    assert dialog._marks == (1, 3)
    dialog.reject()
