"""One rule as fields."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.review.better import CRITERIA
from vidcache_gui.core.review.records import Rule
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.review.merge_dialog import MergeForm
from vidcache_gui.gui.similar.phrases import RELATIONS
from vidcache_gui.matching.records import Relation

ABLE = (Relation.SAME_STREAM, Relation.RE_ENCODE, Relation.CONTAINS)


class RuleForm(QWidget):
    """``changed`` with the whole rule whenever a field was."""

    changed = Signal(object)  # Rule

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self._merge = MergeForm(Rule("").merge)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.name.editingFinished.connect(self._tell)
        self.relations = {relation: QCheckBox(RELATIONS[relation]) for relation in ABLE}
        self.length = QCheckBox("Only where lengths differ by at most")
        self.percent = QDoubleSpinBox()
        self.percent.setRange(0, 50)
        self.percent.setDecimals(1)
        self.percent.setSuffix(" %")
        self.percent.setAccessibleName("Lengths differ by at most")
        self.length.toggled.connect(self.percent.setEnabled)
        self.keep = QListWidget()
        self.keep.setAccessibleName("Which one stays, most important first")
        self.keep.setToolTip("Drag to order; what is not ticked does not count")
        self.keep.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.keep.setFixedHeight(132)
        self.arrival = QCheckBox("Also decide what comes in, as soon as it is compared")
        for box in (*self.relations.values(), self.length, self.arrival):
            box.toggled.connect(lambda _: self._tell())
        self.percent.valueChanged.connect(lambda _: self._tell())
        self.keep.itemChanged.connect(lambda _: self._tell())
        self.keep.model().rowsMoved.connect(lambda *_: self._tell())
        self._merge.changed.connect(lambda _: self._tell())
        self._build()

    def _build(self) -> None:
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.length)
        across.addWidget(self.percent)
        across.addStretch()
        kinds = QVBoxLayout()
        kinds.setSpacing(4)
        for box in self.relations.values():
            kinds.addWidget(box)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        form.addRow("Name", self.name)
        form.addRow("Decides", kinds)
        form.addRow("", across)
        form.addRow("Which one stays", self.keep)
        form.addRow(label("It takes over"), self._merge)
        form.addRow("", self.arrival)

    def show_rule(self, rule: Rule) -> None:
        self._showing = True
        self._rule = rule
        self.name.setText(rule.name)
        for relation, box in self.relations.items():
            box.setChecked(relation in rule.relations)
        self.length.setChecked(rule.same_length_percent is not None)
        self.percent.setEnabled(rule.same_length_percent is not None)
        self.percent.setValue(rule.same_length_percent or 0.0)
        self.keep.clear()
        for name in (*rule.keep, *(one for one in CRITERIA if one not in rule.keep)):
            made = QListWidgetItem(name)
            made.setFlags(made.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = Qt.CheckState.Checked if name in rule.keep else Qt.CheckState.Unchecked
            made.setCheckState(on)
            self.keep.addItem(made)
        self._merge.show_rules(rule.merge)
        self.arrival.setChecked(rule.on_arrival)
        self._showing = False

    @property
    def rule(self) -> Rule:
        items = [self.keep.item(row) for row in range(self.keep.count())]
        return Rule(
            name=self.name.text().strip() or self._rule.name,
            relations=frozenset(r for r, box in self.relations.items() if box.isChecked()),
            same_length_percent=self.percent.value() if self.length.isChecked() else None,
            keep=tuple(i.text() for i in items if i.checkState() == Qt.CheckState.Checked),
            merge=self._merge.rules,
            on_arrival=self.arrival.isChecked(),
        )

    def _tell(self) -> None:
        if not self._showing:
            self.changed.emit(self.rule)
