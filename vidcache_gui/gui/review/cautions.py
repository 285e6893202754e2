"""The question before something is given up that is nowhere else."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.core.review.records import Plan
from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.review import phrases


class CautionDialog(QDialog):
    """Accepted: do it all the same. Enter does not: Cancel is what Enter presses."""

    def __init__(self, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keep this one?")
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(f"Keep “{plan.keep.name}”?", theme.SECTION, medium=True, wrap=True))
        for caution in plan.blocking:
            column.addWidget(label(caution.text, wrap=True))
        note = f"{phrases.names(plan.drop)} would go to the trash. It can be undone."
        column.addWidget(label(note, muted=True, wrap=True))
        self.cancel = button("Cancel", self.reject)
        self.cancel.setDefault(True)
        self.go_on = button("Keep it all the same", self.accept, danger=True)
        across = QHBoxLayout()
        across.addStretch()
        across.addWidget(self.go_on)
        across.addWidget(self.cancel)
        column.addLayout(across)
        self.cancel.setFocus()
