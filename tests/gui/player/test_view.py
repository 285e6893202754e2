"""The player as people use it: keys, numbers, words."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import jpeg
from tests.gui.player.footage import Steps, group
from tests.media import make
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.player.window import PlayerWindow
from vidcache_gui.media.animation import AnimationSource
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.types import Frame, FrameSource, Kind

Open = Callable[..., PlayerView]


def item(kind: Kind, count: int, side: int = 2) -> Item:
    return Item(1, kind, "hash", "name", "videos", "", 1, 0, width=side, height=side,
                frame_count=count)  # fmt: skip


@pytest.fixture
def view(qtbot: QtBot, app: QApplication) -> Iterator[PlayerView]:
    made = PlayerView(engine=PlayerEngine(cache=FrameCache(64 << 20)))
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    yield made
    made.shut_down()
    made.close()


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
    assert view.controls.as_written.isVisible()
    view.controls.as_written.trigger()
    assert view.engine.playhead.timing.duration(0) == pytest.approx(0.01)
    view = show(Steps(5, delay=0.01), Kind.FRAMES)
    assert view.engine.playhead.timing.duration(0) == pytest.approx(0.01)
    assert not view.controls.as_written.isVisible()


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


def test_damage_is_said_on_the_picture_ground(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, broken=frozenset({1})))
    qtbot.waitUntil(lambda: 1 in view.engine.damaged, timeout=20_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.canvas.message == "Frame 1 is broken."
    assert on_screen(view) is None
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


def test_frames_are_decoded_at_the_size_they_are_painted(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(5, side=2000))
    wanted = view.canvas.wanted_size()
    assert wanted == (view.canvas.height(), view.canvas.height())
    qtbot.waitUntil(lambda: shown_width(view) == view.canvas.height(), timeout=20_000)
    view.resize(1000, 500)
    qtbot.waitUntil(lambda: shown_width(view) == view.canvas.height(), timeout=20_000)
    qtbot.keyClicks(view.canvas, "1")  # 100 %: all there is
    qtbot.waitUntil(lambda: shown_width(view) == 2000, timeout=20_000)
    assert view.canvas.scale() == 1.0
    qtbot.keyClicks(view.canvas, "0")
    qtbot.waitUntil(lambda: shown_width(view) == view.canvas.height(), timeout=20_000)


def test_small_footage_is_enlarged_once_where_that_fits_the_cache(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(5, side=200))
    side = view.canvas.height()
    assert view.canvas.wanted_size() == (side, side)
    qtbot.waitUntil(lambda: shown_width(view) == side, timeout=20_000)
    view = show(Steps(500, side=200))
    assert shown_width(view) == 200
    grabbed = view.canvas.grab().toImage()
    assert grabbed.pixelColor((1000 - side) // 2 + 3, 3) == QColor(0, 0, 0)  # enlarged all the same


def shown_width(view: PlayerView) -> int:
    frame = view.canvas._frame
    return frame.width if frame is not None else 0


def test_the_whole_frame_is_copied(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(5, side=2000))
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.copied, timeout=20_000):
        qtbot.keyClick(view.canvas, Qt.Key.Key_C)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (2000, 2000)
    assert image.pixelColor(5, 5) == QColor(1, 1, 1)


def test_zoom_keeps_the_point_under_the_mouse(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(2, side=3000))
    canvas = view.canvas
    at = QPointF(300, 200)

    def under() -> tuple[float, float]:
        target = canvas.target()
        return (at.x() - target.left()) / target.width(), (at.y() - target.top()) / target.height()

    canvas.set_zoom(1.0)
    before = under()
    canvas.set_zoom(4.0, at)
    assert under() == pytest.approx(before, abs=1e-3)
    canvas.set_zoom(None)
    assert canvas.target().height() == canvas.height()


def test_pixels_come_through_unchanged(qtbot: QtBot, show: Open) -> None:
    """At its own size a picture is painted exactly; see-through parts show checks."""
    view = show(Steps(2, side=64))
    view.canvas.set_zoom(1.0)
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:, :32] = (30, 120, 210, 255)
    view.canvas.show_frame(Frame(0, 64, 64, 256, pixels, has_alpha=True))
    grabbed = view.canvas.grab().toImage()
    target = view.canvas.target().toRect()
    assert grabbed.pixelColor(target.left() + 5, target.top() + 5) == QColor(210, 120, 30)
    checks = {
        grabbed.pixelColor(target.left() + x, target.top() + 60).name() for x in range(40, 64)
    }
    assert checks == {"#2b2d30", "#3a3c40"}
    assert grabbed.pixelColor(target.left() - 3, target.top()).name() == "#101113"


def test_every_control_says_what_it_does(view: PlayerView) -> None:
    for button in view.controls.findChildren(QAbstractButton):
        assert button.toolTip(), button
        assert button.accessibleName(), button
    for part in (view.controls.delay, view.controls.speed, view.controls.number):
        assert part.toolTip()
        assert part.accessibleName()
    assert view.bar.accessibleName()
    assert view.canvas.accessibleName()


@pytest.mark.parametrize("width", [480, 640, 800, 1000, 1600])
def test_controls_fit_at_every_width(qtbot: QtBot, show: Open, width: int) -> None:
    view = show(Steps(170))
    view.resize(width, 400)
    qtbot.waitUntil(lambda: view.controls.width() == width)
    layout = view.controls.layout()
    assert layout is not None
    layout.activate()
    parts = view.controls.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    boxes = sorted((part.geometry() for part in parts if part.isVisible()), key=QRect.left)
    assert boxes[0].left() >= 0
    assert boxes[-1].right() < width
    for left, right in itertools.pairwise(boxes):
        assert left.right() < right.left()
    assert view.controls.play.isVisible()
    assert view.controls.number.isVisible()


def test_full_screen_keeps_the_picture_and_hides_the_controls(
    qtbot: QtBot, app: QApplication
) -> None:
    window = PlayerWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    view = window.view
    view.full_screen._idle.setInterval(1)
    with qtbot.waitSignal(view.engine.picture_changed, timeout=20_000):
        view.show_item(item(Kind.FRAMES, 5), lambda: Steps(5), autoplay=False)
    qtbot.keyClick(view.canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: view.full_screen.on and not view.panel.isVisible(), timeout=20_000)
    assert view.canvas.height() == view.height()
    view.full_screen._idle.setInterval(60_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.panel.isVisible()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not view.full_screen.on, timeout=20_000)
    assert window.isVisible()
    assert view.panel.isVisible()
    qtbot.waitUntil(lambda: view.canvas.height() < view.height())
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_filmstrip_goes_anywhere(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(120))
    ready(qtbot, view)
    assert not view.strip.isVisible()
    view.show_strip(jpeg(12 * 64, 36))
    assert view.strip.isVisible()
    view.resize(1000, 641)
    qtbot.waitUntil(lambda: view.strip.width() == 1000)
    at = QPoint(round(12 + (1000 - 24) * 0.25), 20)
    qtbot.mouseClick(view.strip, Qt.MouseButton.LeftButton, pos=at)
    assert on_screen(view) == view.bar.value() == 30
    grabbed = view.strip.grab().toImage()
    assert grabbed.pixelColor(12 + 40, 22).blue() > 200  # a tile
    assert grabbed.pixelColor(2, 2).name() == "#101113"
    view.show_item(item(Kind.VIDEO, 3), lambda: Steps(3))
    assert not view.strip.isVisible()


def test_an_item_that_is_damaged_says_so_beside_the_time(qtbot: QtBot, view: PlayerView) -> None:
    broken = dataclasses.replace(item(Kind.VIDEO, 3), damaged="The file ends early.")
    with qtbot.waitSignal(view.engine.picture_changed, timeout=20_000):
        view.show_item(broken, lambda: Steps(3), autoplay=False)
    assert view.controls.note.text() == "The file ends early."


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
