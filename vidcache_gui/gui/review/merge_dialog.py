"""What the item that stays takes over: seen and changed before deciding."""

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.review.records import MergeRules, Meta
from vidcache_gui.gui import theme
from vidcache_gui.gui.dialogs import closing
from vidcache_gui.gui.parts import label

METAS: tuple[tuple[Meta, str], ...] = (
    ("fill", "Take over what it lacks"),
    ("newest", "Prefer what came in last"),
    ("keep", "Leave as they are"),
)


class MergeForm(QWidget):
    """The fields; ``changed`` at once."""

    changed = Signal(object)  # MergeRules

    def __init__(self, rules: MergeRules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tags = self._check("Tags")
        self.aliases = self._check("Where they came from")
        self.aliases.setToolTip("So that these places are known afterwards")
        self.bookmarks = self._check("Bookmarks, at the frames that show the same")
        self.name = self._check("The name")
        self.bucket = self._check("Bucket and prefix")
        self.meta = QComboBox()
        self.meta.setAccessibleName("Details")
        for value, text in METAS:
            self.meta.addItem(text, value)
        self.meta.activated.connect(lambda _: self.changed.emit(self.rules))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(8)
        for box in (self.tags, self.aliases, self.bookmarks):
            form.addRow(box)
        form.addRow("Details", self.meta)
        for box in (self.name, self.bucket):
            form.addRow(box)
        self.show_rules(rules)

    def show_rules(self, rules: MergeRules) -> None:
        """Nothing is told of it."""
        self.blockSignals(True)
        for box, on in (
            (self.tags, rules.tags), (self.aliases, rules.aliases),
            (self.bookmarks, rules.bookmarks), (self.name, rules.name),
            (self.bucket, rules.bucket),
        ):  # fmt: skip
            box.setChecked(on)
        self.meta.setCurrentIndex([value for value, _ in METAS].index(rules.meta))
        self.blockSignals(False)

    def _check(self, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.toggled.connect(lambda _: self.changed.emit(self.rules))
        return box

    @property
    def rules(self) -> MergeRules:
        return MergeRules(
            tags=self.tags.isChecked(), aliases=self.aliases.isChecked(),
            meta=cast(Meta, self.meta.currentData()), bookmarks=self.bookmarks.isChecked(),
            name=self.name.isChecked(), bucket=self.bucket.isChecked(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every decision. ``buckets``: each name, and whether it is protected."""

    merging: MergeRules
    buckets: tuple[tuple[str, bool], ...] = ()


class MergeDialog(QDialog):
    """Every change counts from the next decision on."""

    changed = Signal(object)  # MergeRules
    protected = Signal(str, bool)  # bucket

    def __init__(self, terms: Terms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is taken over")
        self.setMinimumWidth(420)
        self.form = MergeForm(terms.merging)
        self.form.changed.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(label("What is taken over", theme.TITLE, medium=True))
        note = (
            "When one item stays and others go to the trash, it takes these over from them. "
            "Undo gives everything back."
        )
        column.addWidget(label(note, muted=True, wrap=True))
        column.addWidget(self.form)
        column.addWidget(label("Protected buckets", theme.SECTION, medium=True))
        asks = "Nothing goes out of these to the trash without your being asked."
        column.addWidget(label(asks, muted=True, wrap=True))
        self.buckets = QListWidget()
        self.buckets.setAccessibleName("Protected buckets")
        self.buckets.setFixedHeight(96)
        for name, on in terms.buckets:
            made = QListWidgetItem(name)
            made.setFlags(made.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            made.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.buckets.addItem(made)
        self.buckets.itemChanged.connect(
            lambda item: self.protected.emit(
                item.text(), item.checkState() == Qt.CheckState.Checked
            )
        )
        column.addWidget(self.buckets)
        column.addStretch()
        column.addLayout(closing(self))
