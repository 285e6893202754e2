"""Above the time bar: which part of it both have, and what only one of them has."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.parts import Kind, Part, seconds_of
from vidcache_gui.gui.player.time_bar import MARGIN
from vidcache_gui.gui.similar.phrases import clock
from vidcache_gui.gui.similar.segment_map import stretch_color

ROW, BETWEEN, TOP = 8, 4, 5  # px
NARROWEST = 2.0  # px: a single frame out of an hour can still be seen
ROWS = {  # what a part has of A and of B
    Kind.SHARED: (True, True), Kind.BESIDE: (True, True), Kind.UNKNOWN: (True, True),
    Kind.ONLY_A: (True, False), Kind.ONLY_B: (False, True),
}  # fmt: skip


class PartMap(QWidget):
    """Two rows over the whole line, A above B. Shared parts are whole and coloured, what only
    one has is hatched, and where one has nothing its row is empty."""

    chosen = Signal(int)  # the place somebody clicked or went to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("What is shared")
        self._line: Line | None = None
        self.parts: list[Part] = []
        self._place = 0
        self._hover: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(200, TOP + 2 * ROW + BETWEEN + 3)

    def show_parts(self, line: Line, parts: Sequence[Part]) -> None:
        self._line, self.parts = line, list(parts)
        self.setAccessibleDescription(f"{self.summary}. Left and right go from part to part.")
        self.update()

    def show_place(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self.update()

    @property
    def summary(self) -> str:
        """How much is shared, in words; empty where nobody knows."""
        if self._line is None or not any(part.stretch is not None for part in self.parts):
            return ""
        seconds = seconds_of(self._line, self.parts)
        stretches = len({part.stretch for part in self.parts} - {None})
        said = [f"{_long(seconds[Kind.SHARED])} in both"]
        if stretches > 1:
            said[0] += f", in {stretches} stretches"
        for kind in (Kind.ONLY_A, Kind.ONLY_B, Kind.BESIDE):
            if seconds.get(kind, 0.0) >= 0.05:
                said.append(f"{_long(seconds[kind])} {kind}")
        return "  ·  ".join(said)

    # Where

    @property
    def _count(self) -> int:
        return max(1, self._line.count if self._line is not None else 1)

    def _x(self, place: float) -> float:
        return MARGIN + (self.width() - 2 * MARGIN) * place / self._count

    def place_at(self, x: float) -> int:
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        return min(max(int(share * self._count), 0), self._count - 1)

    def part_at(self, place: int) -> Part | None:
        return next((part for part in self.parts if part.first <= place <= part.last), None)

    def box(self, part: Part, which: int) -> QRectF:
        left, right = self._x(part.first), self._x(part.last + 1)
        top = TOP + which * (ROW + BETWEEN)
        return QRectF(left, top, max(NARROWEST, right - left), ROW)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL, medium=True))
        painter.setPen(theme.color("muted"))
        for which, name in enumerate("AB"):
            top = TOP + which * (ROW + BETWEEN)
            room = QRectF(0, top - 3, MARGIN - 2, ROW + 6)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name
            )
        for part in self.parts:
            for which, has in enumerate(ROWS[part.kind]):
                if has:
                    self._paint_part(painter, part, self.box(part, which))
        self._paint_marks(painter)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -0.5), 4, 4)

    def _paint_part(self, painter: QPainter, part: Part, box: QRectF) -> None:
        # A gap of one pixel tells neighbours apart without a line.
        inner = box.adjusted(0, 0, -1 if box.width() > 4 else 0, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if part.kind is Kind.SHARED and part.stretch is not None:
            painter.setBrush(stretch_color(part.stretch))
            painter.drawRoundedRect(inner, 2, 2)
            if part.backwards:
                self._paint_arrows(painter, inner)
            return
        if part.kind is Kind.UNKNOWN:
            painter.setBrush(theme.color("muted", 0.5))
            painter.drawRoundedRect(inner, 2, 2)
            return
        painter.setBrush(theme.color("strong_line", 0.35))
        painter.drawRoundedRect(inner, 2, 2)
        pattern = QBrush(theme.color("muted"), Qt.BrushStyle.BDiagPattern)
        painter.setBrush(pattern)
        painter.drawRoundedRect(inner, 2, 2)

    def _paint_arrows(self, painter: QPainter, box: QRectF) -> None:
        """It runs backwards in B."""
        painter.setPen(QPen(QColor(theme.tokens().window), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle, half = box.center().y(), 2.2
        x = box.left() + 10
        while x < box.right() - 6:
            painter.drawPolyline(
                QPolygonF(
                    [QPointF(x + half, middle - half), QPointF(x, middle),
                     QPointF(x + half, middle + half)]
                )
            )  # fmt: skip
            x += 24

    def _paint_marks(self, painter: QPainter) -> None:
        height = 2 * ROW + BETWEEN
        painter.setPen(Qt.PenStyle.NoPen)
        if self._hover is not None:
            painter.setBrush(theme.color("muted"))
            painter.drawRect(QRectF(self._x(self._hover + 0.5) - 0.5, TOP - 2, 1, height + 4))
        if self.parts:
            painter.setBrush(theme.color("text"))
            painter.drawRect(QRectF(self._x(self._place + 0.5) - 1, TOP - 3, 2, height + 6))

    # Acting

    def text_at(self, place: int) -> str:
        """What is there, for the tooltip."""
        part, line = self.part_at(place), self._line
        if part is None or line is None:
            return ""
        pair = line.pair(place)
        a = None if pair.a is None else line.seconds(0, pair.a)
        b = None if pair.b is None else line.seconds(1, pair.b)
        if part.kind is Kind.SHARED and a is not None and b is not None:
            turned = ", backwards" if part.backwards else ""
            where = f"{clock(a, fine=True)} of A is {clock(b, fine=True)} of B{turned}"
        else:
            of = [(a, "A"), (b, "B")]
            where = ", ".join(f"{clock(s, fine=True)} of {n}" for s, n in of if s is not None)
        return f"{_sentence(part.kind)}: {where}"

    def go(self, steps: int) -> None:
        """To the beginning of the next part, or of this one and then of the one before."""
        firsts = [part.first for part in self.parts]
        if steps > 0:
            target = next((first for first in firsts if first > self._place), None)
        else:
            target = next((first for first in reversed(firsts) if first < self._place), None)
        if target is not None:
            self.chosen.emit(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.parts:
            self.chosen.emit(self.place_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self.place_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton and self.parts:
            self.chosen.emit(self._hover)
        where = event.globalPosition().toPoint()
        QToolTip.showText(where, self.text_at(self._hover), self, self.rect())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
        else:
            self.go(step)


def _long(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else clock(seconds)


def _sentence(kind: Kind) -> str:
    return kind.value[0].upper() + kind.value[1:]
