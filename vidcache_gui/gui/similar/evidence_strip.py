"""Pairs of pictures that show the match: a above b, with their times and how far apart."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.library.cell import elided, fitted
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.segment_map import stretch_color
from vidcache_gui.gui.similar.sides import Shown, Side, box_in_b
from vidcache_gui.matching.records import WHOLE, Box, Evidence, Segment

TILE = QSize(136, 77)
GAP = 12
TIME = 18  # px of words under a picture
MOST = 12
_CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class EvidenceStrip(QWidget):
    """Painted pairs, side by side; as wide as they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pictures that show the match")
        self.pictures: EvidencePictures | None = None
        self.query_picture: QImage | None = None  # of what is not in the library
        self._shown: Shown | None = None
        self._pairs: list[tuple[int, Segment, Evidence]] = []

    @property
    def pairs(self) -> list[tuple[int, Segment, Evidence]]:
        """(number of the stretch, the stretch, its times), in the order of time in a."""
        return self._pairs

    def set_pictures(self, pictures: EvidencePictures | None) -> None:
        self.pictures = pictures
        if pictures is not None:
            pictures.arrived.connect(self.update)

    def show_match(self, shown: Shown | None, stretch: int | None = None) -> None:
        """The evidence of one stretch, or of all."""
        self._shown = shown
        self._pairs = []
        if shown is not None:
            found = [
                (number, segment, proof)
                for number, segment in enumerate(shown.match.segments)
                if stretch in (None, number)
                for proof in segment.evidence
            ]
            step = max(1, -(-len(found) // MOST))
            self._pairs = sorted(found[::step], key=lambda pair: pair[2].time_a)
            self._want(shown)
        self.setToolTip("\n".join(self._line(pair) for pair in self._pairs))
        self.setAccessibleDescription("; ".join(self._line(pair) for pair in self._pairs))
        self.setMinimumWidth(self.sizeHint().width())
        self.updateGeometry()
        self.update()

    @staticmethod
    def _line(pair: tuple[int, Segment, Evidence]) -> str:
        proof = pair[2]
        a, b = phrases.clock(proof.time_a, fine=True), phrases.clock(proof.time_b, fine=True)
        words = phrases.distance_words(proof.distance)
        return f"{a} of A, {b} of B: {words} ({phrases.distance_facts(proof.distance)})"

    def _want(self, shown: Shown) -> None:
        if self.pictures is None:
            return
        wanted: list[tuple[Item, list[float]]] = []
        if shown.b.item is not None:
            wanted.append((shown.b.item, [proof.time_b for *_, proof in self._pairs]))
        if shown.a.item is not None:
            wanted.append((shown.a.item, [proof.time_a for *_, proof in self._pairs]))
        self.pictures.want(wanted)

    def sizeHint(self) -> QSize:
        count = max(1, len(self._pairs))
        return QSize(
            count * (TILE.width() + GAP) - GAP + 4, 2 * (TILE.height() + TIME) + 2 * TIME + 2
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._shown is None:
            return
        if not self._pairs:
            p.setPen(theme.color("muted"))
            p.setFont(theme.font())
            p.drawText(self.rect(), _CENTER, "No pictures were kept")
            return
        for place, pair in enumerate(self._pairs):
            self._paint_pair(p, 2 + place * (TILE.width() + GAP), self._shown, pair)

    def _paint_pair(
        self, p: QPainter, left: int, shown: Shown, pair: tuple[int, Segment, Evidence]
    ) -> None:
        number, segment, proof = pair
        small = theme.font(theme.SMALL, tabular=True)
        tile = QRect(left, 2, TILE.width(), TILE.height())
        self._paint_tile(p, tile, shown.a, proof.time_a, segment.transform.box_a)
        self._words(p, tile, f"A  {phrases.clock(proof.time_a, fine=True)}")
        tile = tile.translated(0, TILE.height() + TIME)
        self._paint_tile(p, tile, shown.b, proof.time_b, box_in_b(segment.transform))
        self._words(p, tile, f"B  {phrases.clock(proof.time_b, fine=True)}")
        under = QRect(left, tile.bottom() + 1 + TIME, TILE.width(), TIME)
        p.setPen(theme.color("text"))
        p.setFont(small)
        words = phrases.distance_words(proof.distance)
        text = elided(words, TILE.width() - 12, small, Qt.TextElideMode.ElideRight)
        p.drawText(under, _CENTER, text)
        p.setPen(theme.color("muted"))
        p.drawText(under.translated(0, TIME - 3), _CENTER, f"{proof.distance} of 256 bits")
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(stretch_color(number))
        p.drawRoundedRect(QRectF(left, 0, TILE.width(), 2), 1, 1)

    @staticmethod
    def _words(p: QPainter, tile: QRect, text: str) -> None:
        p.setFont(theme.font(theme.SMALL, tabular=True))
        p.setPen(theme.color("muted"))
        p.drawText(QRect(tile.left(), tile.bottom() + 1, tile.width(), TIME - 2), _CENTER, text)

    def _paint_tile(self, p: QPainter, tile: QRect, side: Side, seconds: float, box: Box) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(tile), theme.TILE_RADIUS, theme.TILE_RADIUS)
        p.fillPath(path, theme.color("picture"))
        image = self.query_picture if side.item is None else None
        if side.item is not None and self.pictures is not None:
            image = self.pictures.picture(side.item, seconds)
        if image is None:
            absent = side.item is None
            if side.item is not None and self.pictures is not None:
                absent = self.pictures.is_absent(side.item, seconds)
            if absent:
                glyph = icons.pixmap("image", 20, "picture_muted", self.devicePixelRatioF())
                p.drawPixmap(QPointF(tile.center().x() - 9, tile.center().y() - 9), glyph)
            return
        room = fitted(tile, image.width(), image.height())
        p.save()
        p.setClipPath(path)
        p.drawImage(room, image)
        if box != WHOLE:
            self._paint_box(p, room, box)
        p.restore()

    @staticmethod
    def _paint_box(p: QPainter, room: QRectF, box: Box) -> None:
        """Which part of the picture is meant."""
        left, top, right, bottom = box
        part = QRectF(
            room.left() + left * room.width(), room.top() + top * room.height(),
            (right - left) * room.width(), (bottom - top) * room.height(),
        ).adjusted(1, 1, -1, -1)  # fmt: skip
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(theme.color("picture"), 3))
        p.drawRect(part)
        p.setPen(QPen(theme.color("picture_text"), 1.2, Qt.PenStyle.DashLine))
        p.drawRect(part)
