"""How one match looks in a list: pictures, names, relation, how sure, and where it lies."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.library.cell import SHADE, elided, fitted
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.segment_map import SegmentMap
from vidcache_gui.gui.similar.sides import Shown, Side
from vidcache_gui.matching.records import Tier

ROW_HEIGHT = 104
MAP_HEIGHT = 34
PAD = 16
TILE, SMALL_TILE = (116, 66), (80, 46)
NARROW = 620  # px: below it the pictures give way to the words
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RowState:
    selected: bool = False
    focused: bool = False
    hovered: bool = False
    lit: int | None = None  # the stretch under the pointer or chosen by keys
    at: float | None = None  # the second of a under the pointer


class RowPlan:
    """Where everything of a row lies. ``alone``: only b is told of, a is what was asked."""

    def __init__(self, rect: QRect, *, alone: bool) -> None:
        self.rect = rect
        width, height = SMALL_TILE if rect.width() < NARROW else TILE
        top = rect.top() + (rect.height() - height) // 2
        left = rect.left() + PAD
        self.tiles = [QRect(left, top, width, height)]
        if not alone:
            self.tiles.append(QRect(left + width + 6, top, width, height))
        left = self.tiles[-1].right() + 1 + PAD
        self.words = QRect(left, rect.top() + 10, max(40, rect.right() - PAD - left), 40)
        self.map = QRectF(
            left + 18, rect.bottom() - 14 - MAP_HEIGHT, max(40, self.words.width() - 18), MAP_HEIGHT
        )

    def map_of(self, shown: Shown) -> SegmentMap:
        return SegmentMap(self.map, shown.seconds, shown.match.segments)


def paint_row(
    p: QPainter,
    plan: RowPlan,
    shown: Shown | None,
    state: RowState,
    thumbnails: Thumbnails | None,
    dpr: float,
) -> None:
    paint_ground(
        p, plan.rect, selected=state.selected, hovered=state.hovered, focused=state.focused
    )
    if shown is None:
        _paint_missing(p, plan)
        return
    if shown.verdict:
        p.setOpacity(0.45)
    sides = (shown.b,) if len(plan.tiles) == 1 else (shown.a, shown.b)
    for tile, side in zip(plan.tiles, sides, strict=True):
        paint_tile(p, tile, side.item, thumbnails, dpr)
    _paint_words(p, plan, shown, sides, dpr)
    plan.map_of(shown).paint(p, lit=state.lit, at=state.at)
    _paint_letters(p, plan)
    p.setOpacity(1.0)
    if shown.verdict:
        _paint_verdict(p, plan.words, shown.verdict, dpr)


def paint_ground(p: QPainter, rect: QRect, *, selected: bool, hovered: bool, focused: bool) -> None:
    """What lies under a row of a list, and the line below it."""
    if selected:
        p.fillRect(rect, theme.color("selection", 0.55 if theme.tokens().dark else 0.6))
    elif hovered:
        p.fillRect(rect, theme.color("hover", 0.5))
    p.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line"))
    if focused:
        pen = QPen(theme.color("text"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1, 2])
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(QRectF(rect).adjusted(4.5, 4.5, -4.5, -5.5), 6, 6)


def _paint_missing(p: QPainter, plan: RowPlan) -> None:
    for tile in plan.tiles:
        fill_tile(p, tile)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(theme.color("line"))
    room = plan.words
    p.drawRoundedRect(QRect(room.left(), room.top() + 5, room.width() * 2 // 5, 8), 3, 3)
    p.drawRoundedRect(QRect(room.left(), room.top() + 24, room.width() * 3 // 5, 6), 3, 3)
    p.drawRoundedRect(plan.map.adjusted(0, 0, 0, 9 - plan.map.height()), 3, 3)


def fill_tile(p: QPainter, tile: QRect) -> QPainterPath:
    """The picture ground of a tile; its outline."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(tile), theme.TILE_RADIUS, theme.TILE_RADIUS)
    p.fillPath(path, theme.color("picture"))
    return path


def paint_tile(
    p: QPainter, tile: QRect, item: Item | None, thumbnails: Thumbnails | None, dpr: float
) -> None:
    """An item's poster on the picture ground; its kind where it has none."""
    path = fill_tile(p, tile)
    if item is None or thumbnails is None:
        return
    image = thumbnails.poster(item, round(tile.width() * dpr))
    if image is not None:
        paint_picture(p, tile, path, image)
        _paint_badge(p, tile, item)
    elif item.damaged or thumbnails.is_absent(item):
        name = "damaged" if item.damaged else words.KIND_ICONS[item.kind]
        glyph = icons.pixmap(name, 20, "picture_muted", dpr)
        p.drawPixmap(tile.center().x() - 9, tile.center().y() - 9, glyph)


def _paint_badge(p: QPainter, tile: QRect, item: Item) -> None:
    """How long it is, as on the tiles of the grid."""
    text = words.badge(item)
    if not text or tile.width() < SMALL_TILE[0]:
        return
    font = theme.font(theme.SMALL, tabular=True)
    width = QFontMetrics(font).horizontalAdvance(text) + 8
    place = QRect(tile.right() - 3 - width, tile.bottom() - 3 - 16, width, 16)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(SHADE)
    p.drawRoundedRect(place, 4, 4)
    p.setFont(font)
    p.setPen(theme.color("picture_text"))
    p.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_picture(p: QPainter, tile: QRect, path: QPainterPath, image: QImage) -> None:
    p.setClipPath(path)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    p.drawImage(fitted(tile, image.width(), image.height()), image)
    p.setClipping(False)


def _paint_words(
    p: QPainter, plan: RowPlan, shown: Shown, sides: tuple[Side, ...], dpr: float
) -> None:
    room, tier = plan.words, shown.match.tier
    used = 0 if shown.verdict else _paint_tier(p, room, tier)
    names = QRect(room.left(), room.top(), room.width() - used - 12, 18)
    if len(sides) == 1:
        p.setFont(theme.font(medium=True))
        paint_text(p, names, sides[0].name, theme.font(medium=True), "text", middle=True)
        text = phrases.relation_to_this(shown.match)
    else:
        _paint_names(p, names, sides, dpr)
        text = phrases.relation_of_pair(shown.match)
    below = QRect(room.left(), room.top() + 20, room.width(), 18)
    paint_text(p, below, text, theme.font(tabular=True), "muted")


def _paint_names(p: QPainter, room: QRect, sides: tuple[Side, ...], dpr: float) -> None:
    """Both names in one line, each as long as it may be."""
    font = theme.font(medium=True)
    metrics = QFontMetrics(font)
    gap = 28
    wanted = [metrics.horizontalAdvance(side.name) + 2 for side in sides]
    half = (room.width() - gap) // 2
    if sum(wanted) + gap <= room.width():
        widths = wanted
    else:
        first = max(half, room.width() - gap - wanted[1]) if wanted[1] < half else half
        widths = [min(wanted[0], first), 0]
        widths[1] = min(wanted[1], room.width() - gap - widths[0])
    at = QRect(room.left(), room.top(), max(8, widths[0]), room.height())
    paint_text(p, at, sides[0].name, font, "text", middle=True)
    glyph = icons.pixmap("swap", 12, "muted", dpr)
    p.drawPixmap(at.right() + 1 + (gap - 12) // 2, room.center().y() - 5, glyph)
    right = QRect(at.right() + 1 + gap, room.top(), max(8, widths[1]), room.height())
    paint_text(p, right, sides[1].name, font, "text", middle=True)


def _paint_tier(p: QPainter, room: QRect, tier: Tier) -> int:
    """How sure: a disc that is full, half or empty, and the word; how wide both are."""
    font = theme.font(theme.SMALL)
    text = phrases.TIERS[tier]
    width = QFontMetrics(font).horizontalAdvance(text) + 2
    place = QRect(room.right() - width, room.top(), width, 18)
    tone = "muted" if tier is Tier.LOOK else "text"
    paint_text(p, place, text, font, tone)
    paint_disc(p, QPointF(place.left() - 10, place.center().y() + 0.5), tier)
    return width + 18


def paint_disc(p: QPainter, center: QPointF, tier: Tier) -> None:
    color = theme.color("muted" if tier is Tier.LOOK else "text")
    ring = QRectF(center.x() - 4, center.y() - 4, 8, 8)
    p.setPen(QPen(color, 1.4))
    p.setBrush(color if tier is Tier.CERTAIN else Qt.BrushStyle.NoBrush)
    p.drawEllipse(ring)
    if tier is Tier.LIKELY:
        p.setBrush(color)
        p.drawChord(ring, 90 * 16, 180 * 16)


def _paint_letters(p: QPainter, plan: RowPlan) -> None:
    for letter, bar_top in (("A", plan.map.top()), ("B", plan.map.bottom() - 9)):
        place = QRect(plan.words.left(), round(bar_top) - 4, 14, 16)
        paint_text(p, place, letter, theme.font(theme.SMALL, medium=True), "muted")


def _paint_verdict(p: QPainter, room: QRect, verdict: str, dpr: float) -> None:
    font = theme.font(theme.SMALL, medium=True)
    text = phrases.VERDICTS.get(verdict, verdict)
    width = QFontMetrics(font).horizontalAdvance(text) + 2
    place = QRect(room.right() - width, room.top(), width, 18)
    paint_text(p, place, text, font, "text")
    p.drawPixmap(place.left() - 20, room.top() + 2, icons.pixmap("check", 14, "text", dpr))


def paint_text(
    p: QPainter, room: QRect, text: str, font: QFont, tone: str, *, middle: bool = False
) -> None:
    """One line, cut short where there is no room: in the ``middle`` for names of files."""
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    p.setFont(font)
    p.setPen(theme.color(tone))
    p.drawText(room, _LEFT, elided(text, room.width(), font, mode))
