"""Before a remote is taken off the list: it says that nothing else happens."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import button, label


class Removal(QDialog):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Remove a remote")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"Remove “{name}” from the list?", theme.SECTION, medium=True))
        column.addWidget(
            label(
                "Its address and token are forgotten. Nothing changes on the server, and what "
                "was copied from it stays in the library.",
                wrap=True,
            )
        )
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.addStretch()
        keep = button("Keep", self.reject)
        keep.setToolTip("Change nothing (Esc)")
        keep.setDefault(True)
        remove = button("Remove", self.accept, danger=True)
        remove.setToolTip("Forget its address and token")
        buttons.addWidget(keep)
        buttons.addWidget(remove)
        column.addLayout(buttons)
        self.setFixedWidth(440)
