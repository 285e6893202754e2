"""What differs between the two, in words, with the better value marked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.review.quality_records import Fact, FactTable
from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import ElidedLabel, button, label

MARK = "●"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FactsPanel(QWidget):
    """The proposal in a sentence, and a table of what differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What differs")
        self._table: FactTable | None = None
        self._final = False  # nothing more is being measured
        self.proposal = ElidedLabel()
        self.proposal.setFont(theme.font(medium=True))
        self.all = button("Show all", self._toggle_all, flat=True)
        self.all.setCheckable(True)
        self.all.setToolTip("Also what is the same in both")
        self.all.hide()
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 2)
        head.setSpacing(8)
        head.addWidget(self.proposal, 1)
        head.addWidget(self.all)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area.setAccessibleName("Facts of both")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        self.clear()

    def clear(self, said: str = "") -> None:
        """Nothing is known yet; ``said`` tells why where that is a problem."""
        self._table = None
        self.proposal.setText(said or "Looking at what differs…")
        self._mute(True)
        self.proposal.setToolTip(said)
        self.all.hide()
        self._area.setWidget(QWidget())

    @property
    def measured(self) -> bool:
        """Whether what is shown was seen in their pictures, or it is known that it cannot be."""
        return self._table is not None and self._final

    def show_facts(self, table: FactTable, *, final: bool = True) -> None:
        """``final``: nothing more is being measured."""
        self._table, self._final = table, final
        said = proposal_words(table)
        self.proposal.setText(said if final else f"{said} · measuring…")
        self._mute(table.proposal.near_tie or not final)
        against = [f"The other one: {text}" for text in table.proposal.against]
        note = [table.note] if table.note else []
        self.proposal.setToolTip("\n".join([*table.proposal.reasons, *against, *note]))
        same = sum(not differs(row) for row in table.rows)
        self.all.setVisible(same > 0)
        self.all.setText("Only what differs" if self.all.isChecked() else f"{same} the same")
        self._fill()

    def _mute(self, on: bool) -> None:
        self.proposal.setProperty("muted", on)
        self.proposal.style().unpolish(self.proposal)
        self.proposal.style().polish(self.proposal)

    def _toggle_all(self) -> None:
        if self._table is not None:
            self.show_facts(self._table, final=self._final)

    def _fill(self) -> None:
        if self._table is None:
            return
        sheet = QWidget()
        sheet.setObjectName("sheet")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(16, 4, 16, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for column, part in enumerate((0, 3, 3)):
            grid.setColumnStretch(column, part)
        grid.setColumnMinimumWidth(0, 120)
        for column, letter in ((1, "A"), (2, "B")):
            grid.addWidget(label(letter, theme.SMALL, medium=True, muted=True), 0, column)
        place = 1
        for row in self._table.rows:
            if differs(row) or self.all.isChecked():
                for column, made in enumerate(_cells(row)):
                    grid.addWidget(made, place, column)
                place += 1
        grid.setRowStretch(place, 1)
        self._area.setWidget(sheet)


def differs(row: Fact) -> bool:
    return bool(row.better) or row.a != row.b


def _cells(row: Fact) -> tuple[QLabel, QLabel, QLabel]:
    name = label(row.label, muted=True)
    name.setToolTip(row.why)
    sides = [_value(row, side) for side in ("a", "b")]
    return name, sides[0], sides[1]


def _value(row: Fact, side: str) -> QLabel:
    better = row.better == side
    value = row.a if side == "a" else row.b
    made = ElidedLabel(f"{value}  {MARK}" if better else value)
    made.setFont(theme.font(medium=better, tabular=True))
    made.setAlignment(_LEFT)
    made.setAccessibleName(f"{row.label}, {side.upper()}: {value}{', better' if better else ''}")
    if better:
        made.setProperty("good", True)
        made.setToolTip(f"Better: {row.why}" if row.why else "Better")
    return made


def proposal_words(table: FactTable) -> str:
    """``Keep A: sharper, higher bit rate``; a near tie says so."""
    found = table.proposal
    reasons = " · ".join(found.reasons)
    if found.near_tie:
        return f"Nearly a tie. {reasons}" if reasons else "A tie: either will do."
    return f"Keep {found.keep.upper()}: {reasons}" if reasons else f"Keep {found.keep.upper()}"
