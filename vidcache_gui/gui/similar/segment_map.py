"""Two bars and what joins them: which seconds of one are which seconds of the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from vidcache_gui.gui import theme
from vidcache_gui.gui.similar.phrases import clock
from vidcache_gui.matching.records import Segment

BAR = 9.0  # px high
NARROWEST = 0.12  # of the width: a second out of three hours can still be seen
LEAST_STRETCH = 3.0  # px
# Told apart by where they lie as well: colour is never the only sign.
LIGHT = ("#2563EB", "#0B7F83", "#A86200", "#8E3FB0", "#BE3A66", "#55781A")
DARK = ("#7AA7FF", "#4FC7C3", "#E8AE58", "#C79BF2", "#F28DB0", "#A6CC66")


def stretch_color(number: int) -> QColor:
    colors = DARK if theme.tokens().dark else LIGHT
    return QColor(colors[number % len(colors)])


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the pointer is. ``segment``: the number of the stretch, None outside of all."""

    segment: int | None
    a: float | None  # seconds
    b: float | None

    @property
    def text(self) -> str:
        if self.a is not None and self.b is not None:
            return f"{clock(self.a, fine=True)} of A is {clock(self.b, fine=True)} of B"
        if self.a is not None:
            return f"{clock(self.a, fine=True)} of A: not in B"
        return f"{clock(self.b or 0.0, fine=True)} of B: not in A"


class SegmentMap:
    """Where the bars and stretches of a match lie in a room."""

    def __init__(
        self, room: QRectF, seconds: tuple[float, float], segments: Sequence[Segment]
    ) -> None:
        self.segments = segments
        self.room = room
        self._seconds = (max(seconds[0], 0.001), max(seconds[1], 0.001))
        longest = max(self._seconds)
        widths = [room.width() * max(s / longest, NARROWEST) for s in self._seconds]
        self.bars = (
            QRectF(room.left(), room.top(), widths[0], BAR),
            QRectF(room.left(), room.bottom() - BAR, widths[1], BAR),
        )
        self._bring_together()

    def _bring_together(self) -> None:
        """The shorter bar lies where the other shows it, as far as there is room."""
        if not self.segments:
            return
        first = self.segments[0]
        a = self.x_of(0, (first.a0 + first.a1) / 2)
        b = self.x_of(1, (first.b0 + first.b1) / 2)
        short, shift = (1, a - b) if self.bars[1].width() < self.bars[0].width() else (0, b - a)
        bar = self.bars[short]
        bar.moveLeft(
            min(max(bar.left() + shift, self.room.left()), self.room.right() - bar.width())
        )

    def x_of(self, which: int, seconds: float) -> float:
        bar = self.bars[which]
        return bar.left() + bar.width() * min(max(seconds / self._seconds[which], 0.0), 1.0)

    def span(self, which: int, number: int) -> tuple[float, float]:
        """Left and right of a stretch, wide enough to be seen; right before left: backwards."""
        s = self.segments[number]
        first, last = (s.a0, s.a1) if which == 0 else (s.b0, s.b1)
        left, right = self.x_of(which, first), self.x_of(which, last)
        if abs(right - left) < LEAST_STRETCH:
            middle, bar = (left + right) / 2, self.bars[which]
            half = LEAST_STRETCH / 2
            middle = min(max(middle, bar.left() + half), bar.right() - half)
            left, right = middle - half, middle + half
        return left, right

    def shape(self, number: int) -> QPolygonF:
        """What joins the two stretches; crossed where one runs backwards."""
        a, b = self.span(0, number), self.span(1, number)
        top, bottom = self.bars[0].bottom(), self.bars[1].top()
        return QPolygonF(
            [QPointF(a[0], top), QPointF(a[1], top), QPointF(b[1], bottom), QPointF(b[0], bottom)]
        )

    # Pointing

    def hit(self, point: QPointF) -> Hit | None:
        """What is at a point; the bars reach a little further than they are painted."""
        x, y = point.x(), point.y()
        for which, reach in ((0, (-5.0, 1.0)), (1, (1.0, 5.0))):
            bar = self.bars[which].adjusted(0, reach[0], 0, reach[1])
            if bar.contains(point):
                return self._hit_bar(which, x)
        if self.bars[0].bottom() < y < self.bars[1].top():
            return self._hit_shape(x, y)
        return None

    def _hit_bar(self, which: int, x: float) -> Hit:
        bar = self.bars[which]
        for number, s in enumerate(self.segments):
            left, right = self.span(which, number)
            if min(left, right) <= x <= max(left, right):
                return self._inside(number, s, (x - left) / (right - left))
        seconds = (x - bar.left()) / bar.width() * self._seconds[which]
        return Hit(None, seconds, None) if which == 0 else Hit(None, None, seconds)

    def _hit_shape(self, x: float, y: float) -> Hit | None:
        top, bottom = self.bars[0].bottom(), self.bars[1].top()
        down = (y - top) / (bottom - top)
        for number, s in enumerate(self.segments):
            a, b = self.span(0, number), self.span(1, number)
            left, right = a[0] + (b[0] - a[0]) * down, a[1] + (b[1] - a[1]) * down
            if min(left, right) <= x <= max(left, right) and left != right:
                return self._inside(number, s, (x - left) / (right - left))
        return None

    @staticmethod
    def _inside(number: int, s: Segment, part: float) -> Hit:
        seconds = s.a0 + (s.a1 - s.a0) * min(max(part, 0.0), 1.0)
        return Hit(number, seconds, s.time_in_b(seconds))

    # Painting

    def paint(self, p: QPainter, *, lit: int | None = None, at: float | None = None) -> None:
        """``lit``: the stretch that stands out; ``at``: a second of a to mark, with b's."""
        for bar in self.bars:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(theme.color("strong_line", 0.65))
            p.drawRoundedRect(bar, 3, 3)
        for number in reversed(range(len(self.segments))):
            self._paint_stretch(p, number, lit is None or lit == number)
        if lit is not None and at is not None and lit < len(self.segments):
            self._paint_mark(p, self.segments[lit], at)

    def _paint_stretch(self, p: QPainter, number: int, strong: bool) -> None:
        color = stretch_color(number)
        faint = QColor(color)
        faint.setAlphaF(0.26 if strong else 0.10)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faint)
        p.drawPolygon(self.shape(number))
        if not strong:
            color.setAlphaF(0.45)
        for which, bar in enumerate(self.bars):
            left, right = sorted(self.span(which, number))
            whole = QPainterPath()
            whole.addRoundedRect(bar, 3, 3)
            part = QPainterPath()
            part.addRect(QRectF(left, bar.top(), right - left, bar.height()))
            p.fillPath(whole.intersected(part), color)

    def _paint_mark(self, p: QPainter, segment: Segment, at: float) -> None:
        a, b = self.x_of(0, at), self.x_of(1, segment.time_in_b(at))
        p.setPen(QPen(theme.color("text"), 1.5))
        p.drawLine(QPointF(a, self.bars[0].top() - 2), QPointF(a, self.bars[0].bottom()))
        p.drawLine(QPointF(a, self.bars[0].bottom()), QPointF(b, self.bars[1].top()))
        p.drawLine(QPointF(b, self.bars[1].top()), QPointF(b, self.bars[1].bottom() + 2))
