"""Paints a pair: beside each other, over each other with an edge, in turn, or what differs."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.compare.difference import Look
from vidcache_gui.gui.compare.engine import NAMES, Shown
from vidcache_gui.gui.compare.layers import Layers
from vidcache_gui.gui.compare.laying import turned_words
from vidcache_gui.gui.compare.maker import Made
from vidcache_gui.gui.compare.stage import Mode, Stage
from vidcache_gui.gui.player.canvas import RESIZE_MS
from vidcache_gui.gui.player.overlay import GROUND, TEXT, paint_message
from vidcache_gui.matching.records import Transform

NEAR = 8  # px from the wipe's edge in which it can be taken hold of
KNOB = 14
BLINK_MS = 500
MARGIN, PADDING = 8, 6
SINGLE = (Mode.BLINK, Mode.A, Mode.B)


class PairCanvas(QWidget):
    """One zoom and one pan for both pictures."""

    size_wanted = Signal()  # frames are needed at other sizes: see :meth:`wanted_sizes`
    pair_painted = Signal()  # another pair is on screen
    double_clicked = Signal()
    measured = Signal(object)  # Figures, or None where they cannot be compared
    wheel_turned = Signal(int)  # notches, away from the person is positive

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        self.setMouseTracking(True)
        self.setAccessibleName("Pictures")
        self.stage = Stage()
        self._layers = Layers(self.stage)
        self._layers.maker.made.connect(self._hear_made)
        self._shown: Shown | None = None
        self._edge = 0.5  # of the wipe, a share of the pane
        self._second = False  # blinking shows B now
        self._peeking = False  # the other picture, as long as a key is held
        self._labels = True
        self._pressed_at: QPointF | None = None
        self._moves_edge = False
        self.painted = 0  # pairs painted, for measurements
        self._told: Shown | None = None  # the pair that pair_painted told of last
        self._rest = QTimer(self, singleShot=True, interval=RESIZE_MS)
        self._rest.timeout.connect(self.size_wanted)
        self._blink = QTimer(self, interval=BLINK_MS)
        self._blink.timeout.connect(self._turn)

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    # What is shown

    def set_footage(self, a: QSize, b: QSize, transform: Transform | None = None) -> None:
        """The sizes of the pictures to come, empty for none; back to fitting them."""
        self.stage.viewport.set_zoom(None)
        self.stage.set_sizes(a, b, transform)
        self._follow_stage()

    def set_laid(self, laid: bool) -> None:
        """Over each other as the match says, or as they are."""
        self.stage.set_laid(laid)
        self._follow_stage()

    def show_pair(self, shown: Shown | None) -> None:
        self._shown = shown
        if shown is not None and self.stage.set_transform(shown.transform):
            self.size_wanted.emit()
        self._layers.show_frames(shown.frames if shown is not None else (None, None))
        self.update()

    def stop(self) -> None:
        """Nothing is compared any more."""
        self._layers.maker.stop()

    def wanted_sizes(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        return self.stage.wanted_size(0), self.stage.wanted_size(1)

    def measure(self) -> None:
        """Find out how far the two pictures are apart: :attr:`measured` tells."""
        if self.mode is not Mode.DIFFERENCE and not self._layers.measure():
            self._layers.maker.drop()
            self.measured.emit(None)

    def composed(self) -> QImage:
        """A copy of what is on screen, without the names."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._paint(painter, labels=False, now=True)
        painter.end()
        return image

    # How

    @property
    def mode(self) -> Mode:
        return self.stage.mode

    def set_mode(self, mode: Mode) -> None:
        self._second = False
        self.stage.set_mode(mode)
        self._follow_blink()
        self._follow_stage()

    def set_upright(self, upright: bool | None) -> None:
        """Panes above each other, or a level edge; None: whatever fits better."""
        self.stage.set_upright(upright)
        self._follow_stage()

    def set_gain(self, gain: int) -> None:
        self._layers.gain = gain
        self.update()

    def set_look(self, look: Look) -> None:
        self._layers.look = look
        self.update()

    def set_even(self, even: bool) -> None:
        """The difference without what differs in brightness and contrast."""
        self._layers.even = even
        self.update()

    def set_blink(self, ms: int) -> None:
        """How long each picture stays; 0: they change places only by hand."""
        self._blink.setInterval(ms)
        self._follow_blink()

    def set_labels(self, shown: bool) -> None:
        self._labels = shown
        self.update()

    @property
    def edge(self) -> float:
        """Where the wipe changes from A to B: a share of the width (or height)."""
        return self._edge

    def set_edge(self, share: float) -> None:
        self._edge = min(max(share, 0.0), 1.0)
        self.update()

    def peek(self, on: bool) -> None:
        """Show the other picture, as long as somebody wants to see it."""
        if on != self._peeking:
            self._peeking = on
            self._follow_blink()
            self.update()

    @property
    def front(self) -> int:
        """Which picture is seen where there is only one: 0 or 1."""
        second = self._second if self.mode is Mode.BLINK else self.mode is Mode.B
        return int(second != self._peeking)

    def _turn(self) -> None:
        self._second = not self._second
        self.update()

    def _follow_blink(self) -> None:
        on = self.mode is Mode.BLINK and self._blink.interval() > 0
        if on and self.isVisible() and not self._peeking:
            self._blink.start()
        else:
            self._blink.stop()

    # Zoom

    @property
    def zoom(self) -> float | None:
        """Screen pixels per pixel of the larger picture; None: fit."""
        return self.stage.viewport.zoom

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """``at``: the point of the widget under which the pictures stay where they are."""
        if self.stage.viewport.full.isEmpty():
            return
        if at is not None:
            at = at - self.stage.pane_at(at).topLeft()
        self.stage.viewport.set_zoom(zoom, at)
        self._follow_stage()

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        self.set_zoom(self.stage.viewport.next_zoom(steps), at)

    def _follow_stage(self) -> None:
        self._layers.fit_again()
        self._show_hand(None)
        self.update()
        self.size_wanted.emit()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, labels=self._labels)
        self.painted += 1
        if self._told is not self._shown:
            self._told = self._shown
            if self._shown is not None:
                self.pair_painted.emit()

    def _hear_made(self, made: Made) -> None:
        self.measured.emit(made.figures if self.stage.alike else None)
        if self.mode is Mode.DIFFERENCE:
            self.update()

    def _paint(self, painter: QPainter, *, labels: bool, now: bool = False) -> None:
        """``now``: nothing of it is made later."""
        painter.setClipRegion(QRegion(self.rect()) - self._covered())
        painter.fillRect(self.rect(), QColor(theme.tokens().picture))
        painter.setClipping(False)
        if self._shown is None:
            return
        if self.mode is Mode.BESIDE:
            for which, pane in enumerate(self.stage.panes()):
                self._paint_side(painter, which, pane, pane)
        elif self.mode is Mode.WIPE:
            self._paint_wipe(painter)
        elif self.mode is Mode.DIFFERENCE:
            self._paint_difference(painter, now)
        else:
            self._paint_side(painter, self.front, QRectF(self.rect()), QRectF(self.rect()))
        if labels:
            self._paint_labels(painter)

    def _covered(self) -> QRegion:
        """What pictures will be painted over: most of the area, as a rule."""
        covered = QRegion()
        if self.mode in (Mode.WIPE, Mode.DIFFERENCE):
            return covered
        for which, pane in enumerate(self.stage.panes()):
            if self._layers.is_opaque(which) and (self.mode is Mode.BESIDE or which == self.front):
                place = self.stage.picture(which).translated(pane.topLeft()).intersected(pane)
                covered += place.adjusted(0.5, 0.5, -0.5, -0.5).toRect()
        return covered

    def _paint_side(self, painter: QPainter, which: int, pane: QRectF, part: QRectF) -> None:
        """``part`` of a pane; in words where there is no picture."""
        painter.save()
        painter.setClipRect(part)
        if self._layers.has(which):
            painter.translate(pane.topLeft())
            self._layers.paint(painter, which)
        else:
            paint_message(painter, part, self._problem(which))
        painter.restore()

    def _problem(self, which: int) -> str:
        return self._shown.problems[which] if self._shown is not None else ""

    def _paint_wipe(self, painter: QPainter) -> None:
        whole, edge = QRectF(self.rect()), self._edge_at()
        first, second = QRectF(whole), QRectF(whole)
        if self.stage.is_upright:
            first.setBottom(edge)
            second.setTop(edge)
        else:
            first.setRight(edge)
            second.setLeft(edge)
        parts = (second, first) if self._peeking else (first, second)
        for which, part in enumerate(parts):
            self._paint_side(painter, which, whole, part)
        self._paint_edge(painter, edge)

    def _edge_at(self) -> float:
        return round(self._edge * (self.height() if self.stage.is_upright else self.width()))

    def _paint_edge(self, painter: QPainter, edge: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        upright = self.stage.is_upright
        long = self.width() if upright else self.height()
        for wide, colour in ((3.0, QColor(0, 0, 0, 120)), (1.0, QColor("#FFFFFF"))):
            box = QRectF(edge - wide / 2, 0, wide, long)
            painter.fillRect(QRectF(box.y(), box.x(), long, wide) if upright else box, colour)
        centre = QPointF(long / 2, edge) if upright else QPointF(edge, long / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor("#FFFFFF"))
        painter.setBrush(GROUND)
        painter.drawEllipse(centre, KNOB / 2, KNOB / 2)
        for sign in (-1, 1):
            tip, foot = sign * 4.5, sign * 1.5
            points = [QPointF(tip, 0), QPointF(foot, -3), QPointF(foot, 3)]
            if upright:
                points = [QPointF(point.y(), point.x()) for point in points]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawPolygon([centre + point for point in points])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_difference(self, painter: QPainter, now: bool) -> None:
        pane = QRectF(self.rect())
        missing = [which for which in (0, 1) if not self._layers.has(which)]
        if missing:
            paint_message(painter, pane, self._problem(missing[0]))
        else:
            self._layers.paint_difference(painter, pane, now=now)

    def _paint_labels(self, painter: QPainter) -> None:
        a, b = self.stage.panes()
        if self.mode is Mode.BESIDE:
            self._paint_label(painter, self._label(0), a)
            self._paint_label(painter, self._label(1), b)
        elif self.mode is Mode.WIPE:
            first = int(self._peeking)
            self._paint_label(painter, self._label(first), a)
            self._paint_label(painter, self._label(1 - first), a, last=True)
        elif self.mode is Mode.DIFFERENCE:
            look = self._layers.look
            kind = "" if look is Look.COLOUR else f"{look} "
            even = ", brightness evened out" if self._layers.even else ""
            self._paint_label(painter, f"{kind}difference × {self._layers.gain}{even}", a)
        else:
            self._paint_label(painter, self._label(self.front), a)

    def _label(self, which: int) -> str:
        size = self.stage.sizes[which]
        if size.isEmpty():
            return NAMES[which]
        scale = self.stage.scale(which)
        shown = "" if abs(scale - 1) < 0.005 else f" at {scale * 100:.0f} %"
        done = turned_words(self.stage.transform) if which else ""
        return f"{NAMES[which]}   {size.width()} × {size.height()}{shown}{done}"

    def _paint_label(self, painter: QPainter, text: str, pane: QRectF, last: bool = False) -> None:
        """In the upper left corner; ``last``: the right, or where the wipe is level the lower."""
        font = theme.font(theme.SMALL, tabular=True)
        size = QFontMetrics(font).size(0, text)
        width, height = size.width() + 2 * PADDING, size.height() + PADDING
        left, top = round(pane.left()) + MARGIN, round(pane.top()) + MARGIN
        if last and self.stage.is_upright:
            top = round(pane.bottom()) - MARGIN - height
        elif last:
            left = round(pane.right()) - MARGIN - width
        box = QRect(left, top, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(GROUND)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # moved to another screen
            self._follow_size()
        return super().event(event)

    def _follow_size(self) -> None:
        self.stage.set_area(self.size(), self.devicePixelRatioF())
        self._layers.fit_again()
        self.update()
        self._rest.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_blink()
        self._rest.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()
        self._rest.stop()
        self.peek(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if not turned:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if turned > 0 else -1, event.position())
        else:
            self.wheel_turned.emit(1 if turned > 0 else -1)

    def _at_edge(self, point: QPointF) -> bool:
        along = point.y() if self.stage.is_upright else point.x()
        return self.mode is Mode.WIPE and abs(along - self._edge_at()) <= NEAR

    def _show_hand(self, point: QPointF | None) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self.zoom else Qt.CursorShape.ArrowCursor
        if point is not None and self._at_edge(point):
            shape = Qt.CursorShape.SplitHCursor
            if self.stage.is_upright:
                shape = Qt.CursorShape.SplitVCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self._moves_edge = self._at_edge(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if self._pressed_at is None:
            self._show_hand(point)
        elif self._moves_edge:
            upright = self.stage.is_upright
            along = point.y() / self.height() if upright else point.x() / self.width()
            self.set_edge(along)
        elif self.zoom is not None:
            self.stage.viewport.drag(point - self._pressed_at)
            self._pressed_at = point
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        self.double_clicked.emit()
