"""The player as people use it: keys, numbers, words."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.player.conftest import Open, item, on_screen, ready
from tests.gui.player.footage import Steps, group
from tests.media import make
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.media.animation import AnimationSource
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.types import FrameSource, Kind


def test_the_keyboard_goes_everywhere(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50))
    ready(qtbot, view)
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
    for key, modifier, index in (
        (Qt.Key.Key_Right, none, 1),
        (Qt.Key.Key_Right, shift, 11),
        (Qt.Key.Key_Left, none, 10),
        (Qt.Key.Key_Left, shift, 0),
        (Qt.Key.Key_End, none, 49),
        (Qt.Key.Key_Right, none, 0),  # the loop
        (Qt.Key.Key_Left, none, 49),
        (Qt.Key.Key_Home, none, 0),
    ):
        qtbot.keyClick(view.canvas, key, modifier)
        assert (view.engine.index, on_screen(view)) == (index, index)
        assert view.controls.number.text == str(index)
        assert view.bar.value() == index


def test_space_plays_and_pauses(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50, delay=0.005))
    with qtbot.waitSignal(view.engine.playing_changed):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Space)
    assert view.controls.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: view.engine.index > 2, timeout=20_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Space)
    assert not view.engine.playing
    assert view.controls.play.accessibleName() == "Play"


def test_play_button_with_the_keyboard_is_not_pressed_twice(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50, delay=10))
    view.controls.play.setFocus()
    qtbot.keyClick(view.controls.play, Qt.Key.Key_Space)
    assert view.engine.playing


def test_a_frame_number_can_be_typed(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(170))
    ready(qtbot, view)
    qtbot.keyClick(view.canvas, Qt.Key.Key_G)
    editor = view.controls.number.editor
    assert editor.isVisible()
    qtbot.keyClicks(editor, "127")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert on_screen(view) == 127
    assert view.controls.number.text == "127"
    assert view.controls.of.text() == "/ 170"
    assert view.controls.time.text == "0:00:05.080"
    assert view.window().focusWidget() is view.canvas


def test_escape_leaves_the_number_then_the_player(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10))
    qtbot.mouseClick(view.controls.number, Qt.MouseButton.LeftButton)
    editor = view.controls.number.editor
    qtbot.keyClicks(editor, "5")
    with qtbot.assertNotEmitted(view.close_requested):
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert view.engine.index == 0
    with qtbot.waitSignal(view.close_requested):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)


def test_digits_typed_for_a_delay_are_no_shortcuts(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10, delay=0.04))
    field = view.controls.delay.lineEdit()
    assert field.text() == "40 ms"
    assert field.width() > field.fontMetrics().horizontalAdvance("99999 ms")
    qtbot.keyClick(view.canvas, Qt.Key.Key_D)
    delay = view.controls.delay
    assert delay.hasFocus()
    with qtbot.waitSignal(view.delay_changed) as heard:
        qtbot.keyClicks(delay, "10")
        qtbot.keyClick(delay, Qt.Key.Key_Return)
    assert heard.args == [10.0]
    assert view.canvas.zoom is None
    assert view.engine.playhead.timing.duration(3) == pytest.approx(0.01)


def test_delay_presets_and_back_to_what_is_stored(qtbot: QtBot, show: Open) -> None:
    source = Steps(4)
    source.durations = [0.1, 0.2, 0.1, 0.1]
    view = show(source)
    assert view.controls.delay.text() == "as stored"
    menu = view.controls.presets.menu()
    preset = next(action for action in menu.actions() if action.text().startswith("20 ms"))
    with qtbot.waitSignal(view.delay_changed) as heard:
        preset.trigger()
    assert heard.args == [20.0]
    assert view.engine.playhead.timing.duration(1) == pytest.approx(0.02)
    view.controls.as_stored.trigger()
    assert view.engine.playhead.timing.duration(1) == pytest.approx(0.2)


def test_speed_is_for_every_kind_and_delay_for_groups(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10), Kind.VIDEO)
    assert not view.controls.delay.isVisible()
    assert view.controls.speed.isVisible()
    qtbot.keyClicks(view.canvas, "]]")
    assert view.engine.playhead.speed == 2.0
    assert view.controls.speed.currentText() == "2×"
    qtbot.keyClicks(view.canvas, "[")
    assert view.engine.playhead.speed == 1.5
    view = show(Steps(10), Kind.FRAMES)
    assert view.controls.delay.isVisible()
    assert view.engine.playhead.speed == 1.0


def test_animations_are_slowed_down_as_browsers_do_unless_told_not_to(
    qtbot: QtBot, show: Open
) -> None:
    view = show(Steps(5, delay=0.01), Kind.ANIMATION)
    assert view.engine.playhead.timing.duration(0) == pytest.approx(0.1)
    assert view.operations.actions["as_written"].isVisible()
    view.operations.actions["as_written"].trigger()
    assert view.engine.playhead.timing.duration(0) == pytest.approx(0.01)
    view = show(Steps(5, delay=0.01), Kind.FRAMES)
    assert view.engine.playhead.timing.duration(0) == pytest.approx(0.01)
    assert not view.operations.actions["as_written"].isVisible()


def test_a_video_does_not_loop_unless_asked(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(5), Kind.VIDEO)
    assert not view.engine.playhead.loop
    qtbot.keyClick(view.canvas, Qt.Key.Key_R)
    assert view.engine.playhead.loop
    assert view.controls.loop.isChecked()


def test_a_still_picture_has_nothing_to_play(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(1), Kind.IMAGE)
    assert not view.controls.play.isVisible()
    assert not view.bar.isVisible()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Space)
    assert not view.engine.playing


def test_damage_is_said_over_the_picture_that_stays(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, broken=frozenset({1})))
    qtbot.waitUntil(lambda: 1 in view.engine.damaged, timeout=20_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.canvas.message == "Frame 1 is broken."
    assert on_screen(view) == 0
    assert view.bar.label_of(1) == "frame 1 · 0:00:00.040 · damaged"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert (view.canvas.message, on_screen(view)) == ("", 2)


def test_what_cannot_be_opened_is_said(qtbot: QtBot, view: PlayerView) -> None:
    def refuse() -> FrameSource:
        raise UserError("Its bytes are gone from the library.")

    with qtbot.waitSignal(view.engine.failed):
        view.show_item(item(Kind.VIDEO, 3), refuse)
    assert view.canvas.message == "Its bytes are gone from the library."


def test_a_group_says_its_own_numbers(qtbot: QtBot, show: Open) -> None:
    source: Any = Steps(3)
    source.numbers = [0, 5, 1000]
    view = show(source)
    ready(qtbot, view)
    assert view.controls.note.text() == ""
    qtbot.keyClick(view.canvas, Qt.Key.Key_End)
    assert view.controls.note.text() == "numbered 1000"


def test_the_bar_scrubs_and_the_wheel_steps(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100))
    ready(qtbot, view)
    middle = QPoint(view.bar.width() // 2, view.bar.height() // 2)
    qtbot.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=middle)
    assert on_screen(view) == view.bar.value() == 50
    for target, value in ((view.bar, 49), (view.canvas, 48)):
        turn = QWheelEvent(
            QPointF(middle), QPointF(middle), QPoint(), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(target, turn)
        assert on_screen(view) == value
    view.bar.setFocus()
    qtbot.keyClick(view.bar, Qt.Key.Key_PageDown)
    assert on_screen(view) == 58


def test_the_bar_shows_what_is_decoded_missing_and_damaged(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100, missing=frozenset({10, 11}), broken=frozenset({50})))
    qtbot.waitUntil(lambda: len(view.engine.damaged) == 3, timeout=20_000)
    runs = [(0, 9), (12, 49), (51, 99)]
    qtbot.waitUntil(lambda: view.bar._cached == runs, timeout=20_000)
    assert view.bar._missing == [(10, 11)]
    assert view.bar._damaged == [(50, 50)]


def test_a_real_gif_is_shown_frame_by_frame(qtbot: QtBot, show: Open, tmp_path: Path) -> None:
    path = make.make_gif(tmp_path / "a.gif", frames=12)
    view = show(lambda: AnimationSource(path.open("rb")), Kind.ANIMATION)
    ready(qtbot, view)
    for index in (1, 2, 3):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
        shown = view.canvas._frame
        assert shown is not None
        assert make.read_number(shown) == index


def test_the_real_group_can_be_stepped_through(qtbot: QtBot, show: Open, corpora: Path) -> None:
    paths = group(corpora / "frames170")
    view = show(lambda: SequenceSource(paths, list(range(170)), 20.0))
    assert view.controls.delay.text() == "20 ms"
    for index in range(1, 170):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda at=index: on_screen(view) == at, timeout=20_000)
    assert view.controls.number.text == "169"
    assert view.controls.time.text == "0:00:03.380"
    for index in range(168, -1, -1):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
        if index > 160:  # the way forward left them in the cache
            assert on_screen(view) == index
        qtbot.waitUntil(lambda at=index: on_screen(view) == at, timeout=20_000)
