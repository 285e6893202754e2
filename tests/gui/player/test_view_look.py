"""How the player looks: sizes, pixels, room, full screen."""

import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import jpeg
from tests.gui.player.conftest import Open, item, on_screen, ready
from tests.gui.player.footage import Steps
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.player.window import PlayerWindow
from vidcache_gui.media.types import Frame, Kind


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
