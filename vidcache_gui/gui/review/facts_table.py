"""What differs between the two, in words, with the better value marked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.review.quality_records import Fact, FactTable
from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import ElidedLabel, button, label

MARK = "●"
MOST_FACTS = 100  # rows of the table
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FactRow:
    """One line of the table: its cells, which are filled again for every pair. Making them anew
    takes the window longer than everything else of a decision."""

    def __init__(self, grid: QGridLayout, place: int) -> None:
        self.name = label(muted=True)
        self.sides = {"a": ElidedLabel(), "b": ElidedLabel()}
        for column, cell in enumerate((self.name, *self.sides.values())):
            cell.setAlignment(_LEFT)
            grid.addWidget(cell, place, column)

    def show_fact(self, fact: Fact) -> None:
        self.name.setText(fact.label)
        self.name.setToolTip(fact.why)
        for side, cell in self.sides.items():
            better = fact.better == side
            value = fact.a if side == "a" else fact.b
            cell.setText(f"{value}  {MARK}" if better else value)
            cell.setFont(theme.font(medium=better, tabular=True))
            cell.setProperty("good", better)
            cell.setProperty("own_tip", not better)
            why = f"Better: {fact.why}" if fact.why else "Better"
            cell.setToolTip(why if better else "")
            said = f"{fact.label}, {side.upper()}: {value}{', better' if better else ''}"
            cell.setAccessibleName(said)
            cell.update()
        self.set_shown(True)

    def set_shown(self, shown: bool) -> None:
        for cell in (self.name, *self.sides.values()):
            cell.setVisible(shown)


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
        self._sheet = QWidget()
        self._sheet.setObjectName("sheet")
        self._grid = QGridLayout(self._sheet)
        self._grid.setContentsMargins(16, 4, 16, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        for place, part in enumerate((0, 3, 3)):
            self._grid.setColumnStretch(place, part)
        self._grid.setColumnMinimumWidth(0, 120)
        for place, letter in ((1, "A"), (2, "B")):
            self._grid.addWidget(label(letter, theme.SMALL, medium=True, muted=True), 0, place)
        self._grid.setRowStretch(MOST_FACTS, 1)
        self._rows: list[FactRow] = []
        self._area.setWidget(self._sheet)
        self.clear()

    def clear(self, said: str = "") -> None:
        """Nothing is known yet; ``said`` tells why where that is a problem."""
        self._table = None
        self.proposal.setText(said or "Looking at what differs…")
        self._mute(True)
        self.proposal.setToolTip(said)
        self.all.hide()
        self._sheet.hide()

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
        shown = [row for row in self._table.rows if differs(row) or self.all.isChecked()]
        while len(self._rows) < len(shown):
            self._rows.append(FactRow(self._grid, len(self._rows) + 1))
        for place, row in enumerate(self._rows):
            if place < len(shown):
                row.show_fact(shown[place])
            else:
                row.set_shown(False)
        self._sheet.show()


def differs(row: Fact) -> bool:
    return bool(row.better) or row.a != row.b


def proposal_words(table: FactTable) -> str:
    """``Keep A: sharper, higher bit rate``; a near tie says so."""
    found = table.proposal
    reasons = " · ".join(found.reasons)
    if found.near_tie:
        return f"Nearly a tie. {reasons}" if reasons else "A tie: either will do."
    return f"Keep {found.keep.upper()}: {reasons}" if reasons else f"Keep {found.keep.upper()}"
