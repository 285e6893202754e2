"""What would happen, a row for each item or group; and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from vidcache_gui.core.sync.records import Act, Outcome, Plan, Step
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.sync import phrases
from vidcache_gui.gui.sync.phrases import Key, key_of

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("What happens", "Where", "What", "Why", "Size")
ACT, WHERE, WHAT, WHY, SIZE = range(5)


@dataclass
class Row:
    """One step, or all steps of the same kind about the frames of one group."""

    first: Step
    count: int = 0
    frames: int = 0
    size: int = 0
    ended: int = 0
    error: str | None = None


class PlanModel(QAbstractTableModel):
    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._places: dict[Key, int] = {}

    def show_plan(self, plan: Plan | None) -> None:
        self.beginResetModel()
        self._rows, self._places = [], {}
        for step in [*plan.to_do, *plan.kept] if plan is not None else []:
            at = self._places.setdefault(key_of(step), len(self._rows))
            if at == len(self._rows):
                self._rows.append(Row(step))
            row = self._rows[at]
            row.count += 1
            row.frames += bool(step.group)
            row.size += step.size
        self.endResetModel()

    def show_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        changed = []
        for outcome in outcomes:
            at = self._places.get(key_of(outcome.step))
            if at is not None:
                row = self._rows[at]
                row.ended += 1
                row.error = row.error or outcome.error
                changed.append(at)
        if changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), SIZE))

    @property
    def first_failure(self) -> int | None:
        """Its row."""
        return next((at for at, row in enumerate(self._rows) if row.error is not None), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in (WHAT, WHY):
            return _text(row, column) or None
        if role == Qt.ItemDataRole.DecorationRole and column == ACT:
            return _icon(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.error is not None and column == WHY:
                return theme.color("danger")
            if row.first.act is Act.TRASH and column == ACT:
                return theme.color("warn")
            return theme.color("muted") if column in (WHERE, SIZE, WHY) else None
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def _text(row: Row, column: int) -> str:
    step = row.first
    if column == ACT:
        return phrases.ACTS[step.act]
    if column == WHERE:
        return phrases.where(step)
    if column == WHAT:
        return phrases.title(step, row.frames)
    if column == SIZE:
        return words.size(row.size) if row.size else ""
    return row.error or step.why or phrases.NOTES.get(step.act, "")


def _icon(row: Row) -> Any:
    if row.error is not None:
        return icons.icon("failed", "danger")
    if row.ended == row.count:
        return icons.icon("done", "good")
    act = row.first.act
    return icons.icon(phrases.ICONS[act], "warn" if act is Act.TRASH else "muted")
