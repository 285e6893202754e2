"""Which groups are listed."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from vidcache_gui.core.review.records import ReviewFilter
from vidcache_gui.gui.parts import clearable
from vidcache_gui.gui.similar.phrases import RELATIONS, TIERS

TYPED_MS = 300  # after the last letter


class FilterBar(QWidget):
    """Two rows of fields above the queue."""

    changed = Signal(object)  # ReviewFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.relation = self._combo("Relation", "All relations", RELATIONS)
        self.tier = self._combo("How sure", "Any certainty", TIERS)
        self.bucket = self._combo("Bucket", "All buckets", {})
        self.same_length = QCheckBox("Same length")
        self.same_length.setToolTip("Only where lengths differ by no more than 1 %")
        self.same_length.toggled.connect(lambda _: self._tell())
        self.text = QLineEdit()
        self.text.setPlaceholderText("Name, or from: where it came from")
        self.text.setAccessibleName("Words")
        self.text.setToolTip(
            "Words of a name, kind:gif, tag:beach …; from:holiday shows what came from there"
        )
        clearable(self.text)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._tell)
        self.text.textEdited.connect(lambda _: self._typed.start())
        self.text.returnPressed.connect(self._tell)
        self.text.textChanged.connect(lambda text: None if text else self._tell())
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 12, 8)
        grid.setSpacing(6)
        grid.addWidget(self.relation, 0, 0)
        grid.addWidget(self.tier, 0, 1)
        grid.addWidget(self.bucket, 1, 0)
        grid.addWidget(self.same_length, 1, 1)
        grid.addWidget(self.text, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def _combo(self, name: str, every: str, choices: Mapping[Any, str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setMinimumWidth(60)
        box.addItem(every, None)
        for value, text in choices.items():
            box.addItem(text, value)
        box.activated.connect(lambda _: self._tell())
        return box

    def set_buckets(self, names: list[str]) -> None:
        """The choice stays while that bucket is there."""
        known = [self.bucket.itemText(row) for row in range(1, self.bucket.count())]
        if names == known:
            return
        chosen = self.bucket.currentData()
        self.bucket.clear()
        self.bucket.addItem("All buckets", None)
        for name in names:
            self.bucket.addItem(name, name)
        self.bucket.setCurrentIndex(max(0, self.bucket.findData(chosen)))

    @property
    def filter(self) -> ReviewFilter:
        words = self.text.text().split()
        sources = [word[5:] for word in words if word.startswith("from:")]
        return ReviewFilter(
            relation=self.relation.currentData(),
            tier=self.tier.currentData(),
            bucket=self.bucket.currentData(),
            same_length=self.same_length.isChecked(),
            source=" ".join(sources),
            text=" ".join(word for word in words if not word.startswith("from:")),
        )

    def _tell(self) -> None:
        self._typed.stop()
        self.changed.emit(self.filter)
