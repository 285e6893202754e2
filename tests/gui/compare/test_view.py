"""The comparison as people use it: keys, pictures, words."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.gui.compare.conftest import Open, item, on_screen, ready, shows
from tests.gui.player.footage import Steps
from vidcache_gui.errors import UserError
from vidcache_gui.gui import theme
from vidcache_gui.gui.compare.facts import compare_facts
from vidcache_gui.gui.compare.pair import Alignment, Pair
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.media.types import FrameSource

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def grey(view: CompareView, across: float, down: float = 0.5) -> int:
    """What the canvas paints at a place of it (shares of its size)."""
    image = view.canvas.composed()
    colour = image.pixelColor(int(image.width() * across), int(image.height() * down))
    assert colour.red() == colour.green() == colour.blue(), colour.name()
    return colour.red()


GROUND = "#101113"


def test_the_keyboard_goes_everywhere(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50), Steps(50), Alignment(-0.08))
    for key, modifier, pair in (
        (Qt.Key.Key_Right, NONE, Pair(3, 1)),
        (Qt.Key.Key_Right, SHIFT, Pair(13, 11)),
        (Qt.Key.Key_Left, NONE, Pair(12, 10)),
        (Qt.Key.Key_Home, NONE, Pair(0, None)),
        (Qt.Key.Key_End, NONE, Pair(None, 49)),
        (Qt.Key.Key_Left, SHIFT, Pair(41, 39)),
    ):
        qtbot.keyClick(view.canvas, key, modifier)
        shows(qtbot, view, pair)
        shown = "–" if pair.a is None else str(pair.a)
        assert view.controls.number.text == shown
        assert view.tools.number.text == f"B {'–' if pair.b is None else pair.b} / 50"


def test_it_begins_at_the_second_it_was_opened_for(qtbot: QtBot, view: CompareView) -> None:
    a, b = Steps(50), Steps(50)
    for at, pair in ((1.0, Pair(25, 23)), (99.0, Pair(49, 47)), (None, Pair(2, 0))):
        with qtbot.waitSignal(view.engine.opened, timeout=20_000):
            view.show_items((item(1, a), item(2, b)), (lambda: a, lambda: b), Alignment(-0.08), at)
        shows(qtbot, view, pair)


def test_a_number_typed_is_a_frame_of_a(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50), Steps(50), Alignment(0.4))
    qtbot.keyClick(view.canvas, Qt.Key.Key_G)
    editor = view.controls.number.editor
    qtbot.keyClicks(editor, "20")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    shows(qtbot, view, Pair(20, 30))
    assert view.controls.time.text == "0:00:00.800"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Home)
    assert view.controls.time.text == "−0:00:00.400"


def test_what_is_painted_in_every_mode(qtbot: QtBot, show: Open) -> None:
    """Every frame is one grey: its number."""
    view = show(Steps(100, side=64), Steps(100, side=32), Alignment(0.8))
    view.engine.seek(view.engine.line.place_of_a(50))
    ready(qtbot, view)
    shows(qtbot, view, Pair(50, 70))
    assert (grey(view, 0.25), grey(view, 0.75)) == (50, 70)
    qtbot.keyClick(view.canvas, Qt.Key.Key_2)
    ready(qtbot, view)
    assert (grey(view, 0.45), grey(view, 0.55)) == (50, 70)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left, CTRL)
    assert (grey(view, 0.45), grey(view, 0.55)) == (70, 70)
    qtbot.keyClick(view.canvas, Qt.Key.Key_3)
    ready(qtbot, view)
    assert grey(view, 0.5) == 20 * 4
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert grey(view, 0.5) == 20 * 8
    assert view.tools.gain.currentText() == "× 8"
    qtbot.keyClick(view.canvas, Qt.Key.Key_5)
    assert grey(view, 0.5) == 50
    qtbot.keyClick(view.canvas, Qt.Key.Key_6)
    assert grey(view, 0.5) == 70
    assert view.tools.modes[Mode.B].isChecked()


def test_above_each_other(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100, side=64), Steps(100, side=64), Alignment(0.8))
    qtbot.keyClick(view.canvas, Qt.Key.Key_V)
    assert (grey(view, 0.5, 0.25), grey(view, 0.5, 0.75)) == (0, 20)
    qtbot.keyClick(view.canvas, Qt.Key.Key_2)
    assert (grey(view, 0.5, 0.4), grey(view, 0.5, 0.6)) == (0, 20)


def test_blinking_changes_them_over(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100, side=64), Steps(100, side=64), Alignment(0.8))
    qtbot.keyClick(view.canvas, Qt.Key.Key_4)
    for front in (1, 0):
        qtbot.waitUntil(lambda front=front: view.canvas.front == front, timeout=10_000)
    for _ in range(9):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
    assert view.tools.blink.currentText() == "by hand (H)"
    before = view.canvas.front
    qtbot.keyPress(view.canvas, Qt.Key.Key_H)
    assert view.canvas.front == 1 - before
    assert grey(view, 0.5) == (0, 20)[1 - before]
    qtbot.keyRelease(view.canvas, Qt.Key.Key_H)
    assert view.canvas.front == before


def test_the_edge_is_dragged(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10, side=64), Steps(10, side=64))
    canvas = view.canvas
    view.set_mode(Mode.WIPE)
    middle, to = canvas.rect().center(), QPoint(canvas.width() // 4, 200)
    qtbot.mouseMove(canvas, middle)
    assert canvas.cursor().shape() == Qt.CursorShape.SplitHCursor
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(canvas, to)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=to)
    assert canvas.edge == pytest.approx(0.25, abs=0.01)
    qtbot.mouseMove(canvas, middle)
    assert canvas.edge == pytest.approx(0.25, abs=0.01)


def test_the_same_detail_stays_under_the_pointer_on_both_sides(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, side=400), Steps(3, side=100))
    stage = view.canvas.stage
    one, _ = stage.panes()

    def places(point: QPointF) -> list[float]:
        return [
            (point.x() - stage.picture(which).left()) / stage.picture(which).width()
            for which in (0, 1)
        ]

    at = QPointF(one.center().x() + 90, one.center().y() - 40)
    before = places(at)
    turn = QWheelEvent(
        at, view.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, CTRL, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.canvas, turn)
    QApplication.sendEvent(view.canvas, turn)
    assert view.canvas.zoom is not None
    assert places(at) == pytest.approx(before, abs=0.01)
    qtbot.waitUntil(
        lambda: [of.width for of in view.canvas._layers._frames if of] == [400, 100], timeout=10_000
    )
    qtbot.keyClick(view.canvas, Qt.Key.Key_0)
    assert view.canvas.zoom is None


def test_b_is_shifted_by_keys_and_by_typing(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50), Steps(50))
    view.engine.step(10)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Period)
    shows(qtbot, view, Pair(10, 11))
    assert view.tools.offset.text() == "0.04 s"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Less)
    shows(qtbot, view, Pair(10, 1))
    view.tools.offset.selectAll()
    qtbot.keyClicks(view.tools.offset, "0.2")
    qtbot.keyClick(view.tools.offset, Qt.Key.Key_Return)
    ready(qtbot, view)
    shows(qtbot, view, Pair(10, 15))
    assert view.window().focusWidget() is view.canvas
    view.tools.rate.setValue(2.0)
    view.engine.step(1)
    assert view.engine.pair == Pair(11, 17)
    assert view.tools.reset.isEnabled()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Backspace)
    assert view.engine.alignment == Alignment()
    assert not view.tools.reset.isEnabled()


def test_two_frames_are_said_to_match(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50), Steps(50))
    view.engine.step(10)
    qtbot.keyClick(view.canvas, Qt.Key.Key_U)
    assert "moving B alone" in view.controls.note.text()
    assert not view.tools.link.isChecked()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    shows(qtbot, view, Pair(10, 19))
    with qtbot.assertNotEmitted(view.close_requested):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.engine.linked
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    shows(qtbot, view, Pair(11, 20))


def test_changed_over_every_frame_of_b_has_a_place(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10, delay=0.08), Steps(20, delay=0.04))
    view.engine.step(4)
    shows(qtbot, view, Pair(4, 8))
    qtbot.keyClick(view.canvas, Qt.Key.Key_X)
    ready(qtbot, view)
    shows(qtbot, view, Pair(8, 4))
    assert view.engine.line.count_a == 20
    assert view.items is not None
    assert [item.id for item in view.items] == [2, 1]
    assert view.head.names[0].text() == "clip 2"


def test_figures_say_how_far_they_are_apart(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(50, side=64), Steps(50, side=64))
    figure = view.tools.figure
    qtbot.waitUntil(lambda: figure.text == "no difference", timeout=10_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Period)
    ready(qtbot, view)
    # Of three channels; the opacity of this footage in memory differs as well.
    qtbot.waitUntil(lambda: figure.text == "mean 1.33 · 46.9 dB", timeout=10_000)
    qtbot.keyClick(view.canvas, Qt.Key.Key_End)
    shows(qtbot, view, Pair(49, None))
    assert figure.text == ""


def test_different_shapes_have_no_figures(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, side=64), Steps(3, side=64))
    qtbot.waitUntil(lambda: bool(view.tools.figure.text), timeout=10_000)
    view.canvas.set_footage(QSize(64, 64), QSize(64, 40))
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    shows(qtbot, view, Pair(1, 1))
    assert view.tools.figure.text == ""


def test_where_one_has_nothing_it_is_said(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(10, side=64), Steps(10, side=64), Alignment(-0.12))
    assert view.engine.pair == Pair(3, 0)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Home)
    shows(qtbot, view, Pair(0, None))
    assert view.canvas._problem(1) == "B has not begun here."
    qtbot.keyClick(view.canvas, Qt.Key.Key_End)
    shows(qtbot, view, Pair(None, 9))
    assert view.canvas._problem(0) == "A has ended here."
    assert view.bar.maximum() == 12
    assert view.bar.label_of(0) == "A 0 · no B · 0:00:00.000"
    assert view.bar.label_of(5) == "A 5 · B 2 · 0:00:00.200"


def test_a_file_that_cannot_be_opened_is_said_beside_the_other(
    qtbot: QtBot, view: CompareView
) -> None:
    def refuse() -> FrameSource:
        raise UserError("It is not there.")

    a = Steps(5, side=64)
    with qtbot.waitSignal(view.engine.opened, timeout=20_000):
        view.show_items((item(1, a), item(2, a)), (lambda: a, refuse))
    qtbot.waitUntil(lambda: on_screen(view) == Pair(0, None), timeout=20_000)
    assert view.canvas._problem(1) == "It is not there."


def test_copy_and_save_what_is_on_screen(qtbot: QtBot, show: Open, tmp_path: Path) -> None:
    view = show(Steps(100, side=64), Steps(100, side=64), Alignment(0.8))
    qtbot.keyClick(view.canvas, Qt.Key.Key_C)
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == view.canvas.size() * view.canvas.devicePixelRatioF()
    assert copied.pixelColor(copied.width() * 3 // 4, copied.height() // 2) == QColor(20, 20, 20)
    assert view.controls.note.text() == "copied"
    qtbot.keyClick(view.canvas, Qt.Key.Key_S, CTRL)
    (dialog,) = view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "pair.png"))
    dialog.reject()
    assert (tmp_path / "pair.png").stat().st_size > 0
    assert view.controls.note.text() == "saved"
    dialog.fileSelected.emit(str(tmp_path / "no such folder" / "pair.png"))
    assert view.controls.note.text() == "could not be saved there"


def test_names_over_the_pictures_can_go(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, side=64), Steps(3, side=64))
    corner = QColor(theme.tokens().picture)

    def bright() -> bool:
        image = view.canvas.grab().toImage()
        pixels = [image.pixelColor(x, y) for x in range(8, 100) for y in range(8, 30)]
        return any(pixel.lightness() > corner.lightness() + 60 for pixel in pixels)

    assert bright()
    qtbot.keyClick(view.canvas, Qt.Key.Key_T)
    assert not bright()


def test_every_control_says_what_it_does(view: CompareView) -> None:
    parts: list[Any] = [
        *view.tools.modes.values(), view.tools.link, view.tools.offset, view.tools.rate,
        view.tools.reset, view.tools.turn, view.tools.look, view.tools.gain, view.tools.blink,
        view.head.swap, view.head.back, view.canvas, view.bar,
    ]  # fmt: skip
    for part in parts:
        assert part.accessibleName(), part
        assert part.toolTip() or part in (view.canvas, view.bar), part


def test_facts_that_differ_stand_out() -> None:
    a = item(1, Steps(10, side=64), fps=24.0, codec="h264")
    b = item(2, Steps(10, side=32), fps=24.0, codec="hevc")
    of_a, of_b = compare_facts(a, b)
    assert [fact.text for fact in of_a if fact.differs] == ["64 × 64", "h264"]
    assert [fact.text for fact in of_b if fact.differs] == ["32 × 32", "hevc"]
    assert "24 fps" in [fact.text for fact in of_a]


def test_the_difference_of_zoomed_pictures(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(100, side=400), Steps(100, side=200), Alignment(0.8))
    view.set_mode(Mode.DIFFERENCE)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)
    ready(qtbot, view)
    assert grey(view, 0.5) == 80
    assert np.isclose(view.canvas.stage.scale(1), 2 * view.canvas.stage.scale(0))
