"""Looking closely: single pixels, single channels, and taking the picture out."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.player.conftest import Open
from tests.gui.player.footage import Steps
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.gui.player.channels import Channel, channel_image, pixel_of
from vidcache_gui.media.types import Frame

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def colours() -> Frame:
    """4 × 2 pixels, half of them see-through (premultiplied)."""
    pixels = np.zeros((2, 4, 4), np.uint8)
    pixels[..., :] = (30, 60, 90, 255)  # blue, green, red
    pixels[1] = (15, 30, 45, 128)
    return Frame(0, 4, 2, 16, pixels, has_alpha=True)


def test_a_channel_is_what_the_file_says() -> None:
    expected = {
        Channel.RED: (90, 90), Channel.GREEN: (60, 60), Channel.BLUE: (30, 30),
        Channel.ALPHA: (255, 128), Channel.LUMA: (64, 64),
    }  # fmt: skip
    for channel, (opaque, half) in expected.items():
        image = channel_image(colours(), channel)
        assert image.pixelColor(1, 0).red() == opaque
        assert abs(image.pixelColor(1, 1).red() - half) <= 1
    assert pixel_of(colours(), 3, 0).hex == "#5A3C1E"
    half_pixel = pixel_of(colours(), 0, 1)
    assert (half_pixel.red, half_pixel.green, half_pixel.blue, half_pixel.alpha) == (
        90,
        60,
        30,
        128,
    )


def test_channels_by_key(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(2, side=400))
    qtbot.keyClick(view.canvas, Qt.Key.Key_R, ALT)
    assert view.canvas.channel is Channel.RED
    assert view.operations.actions["red"].isChecked()
    qtbot.keyClick(view.canvas, Qt.Key.Key_G, ALT)
    assert view.canvas.channel is Channel.GREEN
    qtbot.keyClick(view.canvas, Qt.Key.Key_G, ALT)
    assert view.canvas.channel is Channel.COLOUR


def test_the_pixel_under_the_pointer_is_named_from_the_full_picture(
    qtbot: QtBot, show: Open
) -> None:
    view = show(Steps(3, side=2000))
    canvas: Canvas = view.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClicks(canvas, "p")
    assert canvas.wanted_size() is None
    shown = lambda: canvas._frame is not None and canvas._frame.width == 2000  # noqa: E731
    qtbot.waitUntil(shown, timeout=20_000)
    target = canvas.target()
    point = QPointF(target.left() + target.width() / 4 + 0.1, target.top() + 1)
    move = QMouseEvent(
        QEvent.Type.MouseMove, point, canvas.mapToGlobal(point), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(canvas, move)
    pixel = canvas.pixel()
    assert pixel is not None
    assert abs(pixel.x - 500) <= 2
    assert (pixel.red, pixel.green, pixel.blue) == (1, 1, 1)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, ALT | SHIFT)
    moved = canvas.pixel()
    assert moved is not None
    assert (moved.x, moved.y) == (pixel.x + 1, pixel.y)
    canvas.grab()
    qtbot.keyClicks(canvas, "p")
    assert canvas.pixel() is None
    assert canvas.wanted_size() is not None


def test_dragging_a_fitted_picture_takes_the_frame_out(qtbot: QtBot, show: Open) -> None:
    view = show(Steps(3, side=2000))
    view.engine.seek(2)
    taken: list[tuple[QImage, str]] = []
    view.drag_requested.connect(lambda image, name: taken.append((image, name)))
    drag(view.canvas, QPoint(100, 100), QPoint(160, 160))
    qtbot.waitUntil(lambda: bool(taken), timeout=20_000)
    assert (taken[0][0].width(), taken[0][1]) == (2000, "name_000002.png")
    view.canvas.set_zoom(2.0)
    pan = QPointF(view.canvas.viewport.pan)
    drag(view.canvas, QPoint(100, 100), QPoint(130, 120))
    assert view.canvas.viewport.pan == pan + QPointF(30, 20)
    assert len(taken) == 1
    with qtbot.waitSignal(view.file_drag_requested):
        drag(view.canvas, QPoint(100, 100), QPoint(160, 160), SHIFT)


def drag(
    canvas: Canvas, start: QPoint, end: QPoint,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:  # fmt: skip
    """QTest's moves carry no button while dragging."""
    for kind, at, buttons in (
        (QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseMove, end, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton),
    ):
        point = QPointF(at)
        event = QMouseEvent(kind, point, canvas.mapToGlobal(point), Qt.MouseButton.LeftButton,
                            buttons, keys)  # fmt: skip
        QApplication.sendEvent(canvas, event)
