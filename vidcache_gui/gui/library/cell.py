"""How one item of the grid looks: picture, badges, name, facts, selection and focus."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.media.types import STRIP_TILES

BADGE_HEIGHT = 18
BADGE_INSET = 6
SHADE = QColor(0, 0, 0, 168)


@dataclass(frozen=True, slots=True)
class CellState:
    selected: bool = False
    focused: bool = False  # holds the keyboard
    hovered: bool = False
    scrub: float | None = None  # where the pointer is over the picture, 0…1


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts and pixel ratio: the same for all cells of a paint."""

    name: QFont
    small: QFont
    dpr: float

    @classmethod
    def current(cls, dpr: float) -> "Look":
        return cls(theme.font(theme.BODY), theme.font(theme.SMALL, tabular=True), dpr)


def paint_cell(
    p: QPainter,
    cell: QRect,
    picture: QRect,
    item: Item | None,
    poster: QImage | None,
    strip: QImage | None,
    state: CellState,
    look: Look,
    *,
    absent: bool = False,
) -> None:
    """Paint a cell but for its rings; ``item`` is None while its row is being read."""
    tile = QPainterPath()
    tile.addRoundedRect(QRectF(picture), theme.TILE_RADIUS, theme.TILE_RADIUS)
    p.fillPath(tile, theme.color("picture"))
    if item is not None:
        p.setClipPath(tile)
        _paint_picture(p, picture, item, poster, strip, state, look, absent)
        p.setClipping(False)
        _paint_badges(p, picture, item, look)
        _paint_words(p, cell, picture, item, look)
    else:
        _paint_missing_words(p, cell, picture)


def _paint_picture(
    p: QPainter,
    picture: QRect,
    item: Item,
    poster: QImage | None,
    strip: QImage | None,
    state: CellState,
    look: Look,
    absent: bool,
) -> None:
    if state.scrub is not None and strip is not None:
        source = strip_tile(strip, state.scrub)
        p.drawImage(fitted(picture, source.width(), source.height()), strip, source)
        done = QRect(picture.left(), picture.bottom() - 2, round(picture.width() * state.scrub), 3)
        p.fillRect(done, theme.color("accent"))
    elif poster is not None:
        p.drawImage(fitted(picture, poster.width(), poster.height()), poster)
    elif item.damaged or absent:
        _paint_no_picture(p, picture, item, look)


def _paint_no_picture(p: QPainter, picture: QRect, item: Item, look: Look) -> None:
    """The tile of what cannot be shown: a sign and a word."""
    name = "damaged" if item.damaged else words.KIND_ICONS[item.kind]
    color = "#F2B04C" if item.damaged else "picture_muted"
    glyph = icons.pixmap(name, 20, color, look.dpr)
    center = picture.center()
    p.drawPixmap(QPoint(center.x() - 10, center.y() - 20), glyph)
    p.setFont(look.small)
    p.setPen(QColor(color if item.damaged else theme.tokens().picture_muted))
    text = "Damaged" if item.damaged else "No preview"
    below = QRect(picture.left() + 8, center.y() + 4, picture.width() - 16, 20)
    p.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)


def _paint_badges(p: QPainter, picture: QRect, item: Item, look: Look) -> None:
    bottom = picture.bottom() + 1 - BADGE_INSET - BADGE_HEIGHT
    if picture.width() < 64:
        return
    spot = QRect(picture.left() + BADGE_INSET, bottom, 22, BADGE_HEIGHT)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(SHADE)
    p.drawRoundedRect(spot, 4, 4)
    glyph = icons.pixmap(words.KIND_ICONS[item.kind], 14, "picture_text", look.dpr)
    p.drawPixmap(QPoint(spot.left() + 4, spot.top() + 2), glyph)
    text = words.badge(item)
    if text:
        width = QFontMetrics(look.small).horizontalAdvance(text) + 10
        place = QRect(picture.right() + 1 - BADGE_INSET - width, bottom, width, BADGE_HEIGHT)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(SHADE)
        p.drawRoundedRect(place, 4, 4)
        p.setFont(look.small)
        p.setPen(theme.color("picture_text"))
        p.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _paint_words(p: QPainter, cell: QRect, picture: QRect, item: Item, look: Look) -> None:
    left, width = cell.left() + 2, cell.width() - 4
    name = QRect(left, picture.bottom() + 7, width, 18)
    facts = QRect(left, picture.bottom() + 25, width, 16)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    p.setFont(look.name)
    p.setPen(theme.color("text"))
    p.drawText(name, align, elided(item.name, width, look.name, Qt.TextElideMode.ElideMiddle))
    p.setFont(look.small)
    if item.damaged:
        p.setPen(theme.color("warn"))
        text = item.damaged
    else:
        p.setPen(theme.color("muted"))
        text = words.facts_line(item)
    p.drawText(facts, align, elided(text, width, look.small, Qt.TextElideMode.ElideRight))


def _paint_missing_words(p: QPainter, cell: QRect, picture: QRect) -> None:
    """Bars where the words will be: nothing moves when they come."""
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(theme.color("line"))
    top = picture.bottom() + 12
    p.drawRoundedRect(QRect(cell.left() + 2, top, cell.width() * 3 // 5, 8), 3, 3)
    p.drawRoundedRect(QRect(cell.left() + 2, top + 17, cell.width() * 2 // 5, 6), 3, 3)


def paint_rings(p: QPainter, cell: QRect, picture: QRect, state: CellState) -> None:
    """Selection around the picture, focus around the cell; both can be seen together."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    if state.selected:
        p.setPen(QPen(theme.color("accent"), 2))
        ring = QRectF(picture).adjusted(-3, -3, 3, 3)
        p.drawRoundedRect(ring, theme.TILE_RADIUS + 3, theme.TILE_RADIUS + 3)
    elif state.hovered:
        p.setPen(QPen(theme.color("strong_line"), 1))
        ring = QRectF(picture).adjusted(-1.5, -1.5, 1.5, 1.5)
        p.drawRoundedRect(ring, theme.TILE_RADIUS + 1, theme.TILE_RADIUS + 1)
    if state.focused:
        pen = QPen(theme.color("text"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1, 2])
        p.setPen(pen)
        p.drawRoundedRect(QRectF(cell).adjusted(-5.5, -5.5, 5.5, 1.5), 7, 7)


def fitted(room: QRect, width: float, height: float) -> QRectF:
    """Where a picture goes: as large as fits, never distorted, in the middle."""
    if width <= 0 or height <= 0:
        return QRectF(room)
    scale = min(room.width() / width, room.height() / height)
    w, h = width * scale, height * scale
    center = QPointF(room.x() + room.width() / 2, room.y() + room.height() / 2)
    return QRectF(center.x() - w / 2, center.y() - h / 2, w, h)


def strip_tile(strip: QImage, place: float) -> QRectF:
    """The tile of a filmstrip at ``place`` (0…1)."""
    tile = min(STRIP_TILES - 1, max(0, int(place * STRIP_TILES)))
    width = strip.width() / STRIP_TILES
    return QRectF(tile * width, 0, width, strip.height())


@lru_cache(maxsize=4096)
def _elided(text: str, width: int, font_key: str, mode: Qt.TextElideMode) -> str:
    font = QFont()
    font.fromString(font_key)
    return QFontMetrics(font).elidedText(text, mode, width)


def elided(text: str, width: int, font: QFont, mode: Qt.TextElideMode) -> str:
    return _elided(text.replace("\n", " "), width, font.toString(), mode)


def drag_picture(images: list[QImage], count: int, look: Look) -> QPixmap:
    """What hangs on the pointer while items are dragged: up to three pictures, and how many."""
    side = 96
    result = QPixmap(round((side + 24) * look.dpr), round((side + 24) * look.dpr))
    result.setDevicePixelRatio(look.dpr)
    result.fill(Qt.GlobalColor.transparent)
    p = QPainter(result)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for place, image in reversed(list(enumerate(images[:3]))):
        room = QRect(4 + 8 * place, 4 + 8 * place, side, side * 2 // 3)
        p.fillRect(room, theme.color("picture"))
        p.drawImage(fitted(room, image.width(), image.height()), image)
        p.setPen(theme.color("strong_line"))
        p.drawRect(room)
    if count > 1:
        label = words.number(count)
        width = max(20, QFontMetrics(look.small).horizontalAdvance(label) + 12)
        badge = QRect(0, 0, width, 20)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(theme.color("accent"))
        p.drawRoundedRect(badge, 10, 10)
        p.setPen(theme.color("accent_text"))
        p.setFont(look.small)
        p.drawText(badge, Qt.AlignmentFlag.AlignCenter, label)
    p.end()
    return result
