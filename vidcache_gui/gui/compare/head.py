"""Above the pictures: what A and B are called and what is known of them."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme
from vidcache_gui.gui.compare.facts import Fact, compare_facts
from vidcache_gui.gui.parts import ElidedLabel, icon_button, label

BETWEEN = "  ·  "


class FactLine(QWidget):
    """Facts in a row; those that differ stand out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(theme.SMALL, tabular=True))
        self._facts: list[Fact] = []

    @property
    def text(self) -> str:
        return BETWEEN.join(fact.text for fact in self._facts)

    def show_facts(self, facts: list[Fact]) -> None:
        self._facts = facts
        differing = ", ".join(fact.text for fact in facts if fact.differs)
        self.setToolTip(f"{self.text}\nDifferent from the other: {differing or 'nothing'}")
        self.setAccessibleName(self.text)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text), metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        for at, fact in enumerate(self._facts):
            for text, stands_out in ((BETWEEN if at else "", False), (fact.text, fact.differs)):
                left = self._paint_part(painter, left, text, stands_out)

    def _paint_part(self, painter: QPainter, left: int, text: str, stands_out: bool) -> int:
        """Where the next part begins; nowhere once there was no room for one."""
        font = theme.font(theme.SMALL, medium=stands_out, tabular=True)
        metrics, room = QFontMetrics(font), self.width() - left
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.color("text" if stands_out else "muted"))
        where = QRect(left, 0, max(0, room), self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)
        return left + metrics.horizontalAdvance(shown) if shown == text else self.width()


class PairHead(QWidget):
    left = Signal()  # back to where it was opened from
    swap_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(52)
        self.back = icon_button("back", "Back (Esc)", self.left.emit)
        self.swap = icon_button("swap", "Change A and B over (X)", self.swap_requested.emit)
        self.names = (self._name(), self._name())
        self.facts = (FactLine(), FactLine())
        across = QHBoxLayout(self)
        across.setContentsMargins(8, 0, 12, 0)
        across.setSpacing(8)
        across.addWidget(self.back)
        across.addLayout(self._column(0), 1)
        across.addWidget(self.swap)
        across.addLayout(self._column(1), 1)

    @staticmethod
    def _name() -> ElidedLabel:
        made = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        made.setFont(theme.font(theme.BODY, medium=True))
        return made

    def _column(self, which: int) -> QGridLayout:
        letter: QLabel = label("AB"[which], theme.TITLE, medium=True, muted=True)
        column = QGridLayout()
        column.setContentsMargins(4, 6, 4, 6)
        column.setHorizontalSpacing(12)
        column.setVerticalSpacing(0)
        column.addWidget(letter, 0, 0, 2, 1)
        column.addWidget(self.names[which], 0, 1)
        column.addWidget(self.facts[which], 1, 1)
        column.setColumnStretch(1, 1)
        return column

    def show_items(self, a: Item, b: Item) -> None:
        found = zip((a, b), compare_facts(a, b), self.names, self.facts, strict=True)
        for item, facts, name, line in found:
            name.setText(item.name)
            line.show_facts(facts)
