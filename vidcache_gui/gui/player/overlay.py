"""What is painted over the picture, under it and in its place."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QImage, QPainter, QPixmap

from vidcache_gui.gui import theme
from vidcache_gui.gui.player.channels import Pixel

GROUND = QColor(16, 17, 19, 216)
TEXT, MUTED = QColor("#F2F3F5"), QColor("#A6A9B0")
MARGIN, PADDING = 12, 8
CHECK = 8  # side of a square of the checkerboard, px
CHECK_DARK, CHECK_LIGHT = "#2B2D30", "#3A3C40"
LENS, LENS_CELL = 11, 9  # pixels across (odd), and the side of each on screen


def checkerboard() -> QBrush:
    """What is see-through is shown over quiet checks."""
    tile = QPixmap(2 * CHECK, 2 * CHECK)
    tile.fill(QColor(CHECK_DARK))
    painter = QPainter(tile)
    painter.fillRect(0, 0, CHECK, CHECK, QColor(CHECK_LIGHT))
    painter.fillRect(CHECK, CHECK, CHECK, CHECK, QColor(CHECK_LIGHT))
    painter.end()
    return QBrush(tile)


def paint_message(painter: QPainter, area: QRectF, text: str) -> None:
    """In place of a picture, in the middle of ``area``."""
    painter.setFont(theme.font(theme.SECTION))
    painter.setPen(QColor(theme.tokens().picture_muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 16, -24, -16), int(flags.value), text)


def paint_caption(painter: QPainter, area: QRect, text: str) -> None:
    """One line in the lower left corner of ``area``."""
    font = theme.font(theme.BODY)
    metrics = QFontMetrics(font)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 48)
    size = metrics.size(0, text)
    box = QRect(
        area.left() + MARGIN, area.bottom() - MARGIN - size.height() - PADDING,
        size.width() + 2 * PADDING, size.height() + PADDING,
    )  # fmt: skip
    _ground(painter, box)
    painter.setFont(font)
    painter.setPen(TEXT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_pixel(painter: QPainter, area: QRect, image: QImage, at: QPoint, pixel: Pixel) -> None:
    """The pixel under the pointer and those around it, with its place and value.

    ``image``: the picture; ``at``: the pixel in it. The card lies in the upper right corner,
    in the left one while the pointer is there (``pixel`` is right of the middle).
    """
    lens = LENS * LENS_CELL
    width, height = lens + 3 * PADDING + 148, lens + 2 * PADDING
    right = at.x() * 2 < image.width()
    left = area.right() - MARGIN - width if right else area.left() + MARGIN
    card = QRect(left, area.top() + MARGIN, width, height)
    _ground(painter, card)
    _paint_lens(painter, QRect(card.left() + PADDING, card.top() + PADDING, lens, lens), image, at)
    x = card.left() + lens + 2 * PADDING
    lines = [
        (f"x {pixel.x}   y {pixel.y}", TEXT),
        (f"R {pixel.red}   G {pixel.green}   B {pixel.blue}", TEXT),
        (pixel.hex, MUTED),
        (f"opacity {round(pixel.alpha / 2.55)} %" if pixel.alpha < 255 else "", MUTED),
    ]
    painter.setFont(theme.font(theme.BODY, tabular=True))
    high = QFontMetrics(painter.font()).height() + 4
    for place, (text, colour) in enumerate(lines):
        painter.setPen(colour)
        painter.drawText(x, card.top() + PADDING + (place + 1) * high - 6, text)
    swatch = QRect(x, card.bottom() - PADDING - 13, 148 - PADDING, 12)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pixel.red, pixel.green, pixel.blue))
    painter.drawRoundedRect(swatch, 3, 3)


def _paint_lens(painter: QPainter, box: QRect, image: QImage, at: QPoint) -> None:
    around = QRect(at.x() - LENS // 2, at.y() - LENS // 2, LENS, LENS)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    there = around.intersected(QRect(0, 0, image.width(), image.height()))
    onto = QRectF(
        box.left() + (there.left() - around.left()) * LENS_CELL,
        box.top() + (there.top() - around.top()) * LENS_CELL,
        there.width() * LENS_CELL, there.height() * LENS_CELL,
    )  # fmt: skip
    painter.fillRect(box, QColor("#000000"))
    painter.drawImage(onto, image, QRectF(there))
    middle = LENS // 2 * LENS_CELL
    cell = QRect(box.left() + middle, box.top() + middle, LENS_CELL, LENS_CELL)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for grown, colour in ((0, QColor("#FFFFFF")), (1, QColor("#000000"))):
        painter.setPen(colour)
        painter.drawRect(cell.adjusted(-grown, -grown, grown - 1, grown - 1))


def _ground(painter: QPainter, box: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(GROUND)
    painter.drawRoundedRect(box, 6, 6)
