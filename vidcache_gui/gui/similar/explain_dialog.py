"""Why two chosen items match, or why not: what was asked, in order, as sentences."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.gui import theme
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.parts import ElidedLabel, button, label, line
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.segment_map import SegmentMap
from vidcache_gui.gui.similar.sides import Shown, Side
from vidcache_gui.matching.records import Explanation, Match, Relation, Tier

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session


class ExplainDialog(QDialog):
    compare_requested = Signal(object, object)  # Shown, seconds of a | None

    def __init__(self, session: "Session", a: Item, b: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why do these match?")
        self.resize(600, 520)
        self._a, self._b = a, b
        self._shown: Shown | None = None
        self._steps_text: list[str] = []
        self.head = label("Comparing…", theme.TITLE, medium=True)
        self.relation = label("", muted=True, wrap=True)
        self.map = _Map()
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Comparing")
        self._steps = QWidget()
        self._grid = QGridLayout(self._steps)
        self.side_by_side = button("Side by side", self._compare, icon="compare")
        self.side_by_side.setToolTip("Look at both, frame by frame")
        self.copy = button("Copy", self._copy, flat=True)
        self.copy.setToolTip("Copy these sentences")
        self.copy.setEnabled(False)
        self._build()
        library = session.library
        session.background.run(
            Purpose.SIMILAR, lambda: library.explain(a.id, b.id), self._show, self._fail
        )

    def _build(self) -> None:
        names = QGridLayout()
        names.setHorizontalSpacing(8)
        names.setVerticalSpacing(2)
        names.setColumnStretch(1, 1)
        for row, (letter, item) in enumerate((("A", self._a), ("B", self._b))):
            names.addWidget(label(letter, medium=True, muted=True), row, 0)
            names.addWidget(ElidedLabel(item.name, Qt.TextElideMode.ElideMiddle), row, 1)
        self._grid.setContentsMargins(0, 4, 8, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, or wrapped text and bar would change each other's size for ever.
        room.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = room.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
        bar.setEnabled(False)
        self._steps.setObjectName("sheet")
        room.setWidget(self._steps)
        room.setAccessibleName("What was asked, in order")
        close = button("Close", self.reject, primary=True)
        close.setToolTip("Esc")
        below = QHBoxLayout()
        below.addWidget(self.side_by_side)
        below.addWidget(self.copy)
        below.addStretch()
        below.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self._progress)
        column.addWidget(self.relation)
        column.addLayout(names)
        column.addWidget(self.map)
        column.addWidget(line())
        column.addWidget(room, 1)
        column.addLayout(below)
        self.relation.hide()
        self.map.hide()

    def _show(self, found: Explanation) -> None:
        self._progress.hide()
        self.head.setText(head_words(found.match))
        self._steps_text = list(found.steps)
        self.copy.setEnabled(True)
        if found.match is not None:
            self._shown = Shown(0, Side.of(self._a), Side.of(self._b), found.match)
            self.relation.setText(phrases.relation_of_pair(found.match))
            self.relation.show()
            self.map.show_match(self._shown)
        for row, step in enumerate(found.steps):
            number = label(f"{row + 1}", theme.SMALL, muted=True)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            number.setContentsMargins(0, 2, 0, 0)
            self._grid.addWidget(number, row, 0)
            self._grid.addWidget(label(step, wrap=True, selectable=True), row, 1)
        self._grid.setRowStretch(len(found.steps), 1)

    def _fail(self, error: Exception) -> None:
        self._progress.hide()
        self.head.setText("They could not be compared")
        known = isinstance(error, UserError)
        self.relation.setText(str(error) if known else f"Something went wrong: {error}")
        self.relation.show()

    def _compare(self) -> None:
        shown = self._shown or Shown(0, Side.of(self._a), Side.of(self._b), NO_MATCH)
        self.accept()
        self.compare_requested.emit(shown, None)

    def _copy(self) -> None:
        lines = [self.head.text(), *self._steps_text]
        QGuiApplication.clipboard().setText("\n".join(lines))


NO_MATCH = Match(
    relation=Relation.OVERLAP, tier=Tier.LOOK, score=0.0, segments=(),
    coverage_a=0.0, coverage_b=0.0,
)  # fmt: skip


def head_words(match: Match | None) -> str:
    if match is None:
        return "They do not match"
    how = {"certain": "They match", "likely": "They match, most likely", "look": "They may match"}
    return how[match.tier.value]


class _Map(QWidget):
    """The segment map of one match."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(46)
        self._shown: Shown | None = None

    def show_match(self, shown: Shown) -> None:
        self._shown = shown
        lines = [phrases.segment_words(segment) for segment in shown.match.segments]
        self.setToolTip("\n".join(lines))
        self.setAccessibleName("; ".join(lines))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is None:
            return
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(18, 4, -1, -4)
        SegmentMap(room, self._shown.seconds, self._shown.match.segments).paint(p)
        p.setFont(theme.font(theme.SMALL, medium=True))
        p.setPen(theme.color("muted"))
        p.drawText(QRectF(0, 0, 16, 17), Qt.AlignmentFlag.AlignVCenter, "A")
        bottom = QRectF(0, self.height() - 17, 16, 17)
        p.drawText(bottom, Qt.AlignmentFlag.AlignVCenter, "B")
