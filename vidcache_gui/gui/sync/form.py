"""With what, which way, and whether to mirror."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from vidcache_gui.core.sync.records import Way
from vidcache_gui.errors import UserError
from vidcache_gui.gui.fields import ChoiceRow
from vidcache_gui.gui.parts import button
from vidcache_gui.gui.sync import phrases
from vidcache_gui.gui.sync.run import Wish


class SyncForm(QWidget):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.other = QComboBox()
        self.other.setEditable(True)
        self.other.addItems(_remotes())
        self.other.setCurrentText("")
        self.other.setAccessibleName("The other side")
        self.other.setToolTip(
            "A library, any other folder, the address of a server, or a remote by its name"
        )
        field = self.other.lineEdit()
        assert field is not None
        field.setPlaceholderText("A library or folder, or an address such as http://…")
        self.browse = button("Choose folder…", self._choose)
        self.browse.setToolTip("Choose a library or any other folder")
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("Only if the server asks for one")
        self.token.setAccessibleName("Token")
        self.token.setToolTip("What the server's owner gave you, if anything")
        self.way = ChoiceRow(phrases.WAYS, "Direction")
        self.way.choose(Way.BOTH)
        self.mirror = QCheckBox(phrases.mirror(Way.BOTH))
        self.mirror.setToolTip(
            "Makes one side exactly like the other; what goes can be brought back from the trash"
        )
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.other, 1)
        across.addWidget(self.browse)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(10)
        self._form.setHorizontalSpacing(16)
        self._form.addRow("With", across)
        self._form.addRow("Token", self.token)
        self._form.addRow("Direction", self.way)
        self._form.addRow("", self.mirror)
        self.other.currentTextChanged.connect(self._follow)
        self.token.textChanged.connect(self.changed)
        self.way.chosen.connect(self._follow)
        self.mirror.toggled.connect(self.changed)
        self._follow()

    @property
    def wish(self) -> Wish | None:
        """What was chosen; None while nothing is named."""
        other = self.other.currentText().strip()
        if not other:
            return None
        way = Way(str(self.way.value))
        token = self.token.text().strip() or None
        return Wish(other, way, self.mirror.isChecked() and way is not Way.BOTH, token)

    def _follow(self, _changed: object = None) -> None:
        way = Way(str(self.way.value))
        both = way is Way.BOTH
        self.mirror.setText(phrases.mirror(way))
        self.mirror.setEnabled(not both)
        if both:
            self.mirror.setChecked(False)
        other = self.other.currentText().strip()
        remote = other.startswith(("http://", "https://"))
        self._form.setRowVisible(self.token, remote)
        self.changed.emit()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose a library or folder", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.other.setCurrentText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _remotes() -> list[str]:
    from vidcache_gui.interfaces.remotes import known

    try:
        return [one.name for one in known.known()]
    except UserError:
        return []
