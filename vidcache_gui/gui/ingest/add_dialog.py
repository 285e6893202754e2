"""Options for bringing sources in: where to, as what, with which details."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.gui import theme
from vidcache_gui.gui.ingest.sources import Look, describe, is_source
from vidcache_gui.gui.meta_editor import MetaEditor
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.words import item_place

if TYPE_CHECKING:
    from vidcache_gui.core.intake import Target


class AddDialog(QDialog):
    """Ask where the sources go. With no sources it asks for links first."""

    def __init__(
        self,
        sources: Sequence[str],
        buckets: Sequence[str],
        bucket: str,
        prefix: str,
        look: Look | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._given = list(sources)
        self._look = look
        self.setWindowTitle("Add to the library")
        self.setMinimumWidth(460)
        self._title = label("", theme.SECTION, medium=True, wrap=True)
        self._links = QPlainTextEdit()
        self._links.setPlaceholderText("https://…  one address a line")
        self._links.setAccessibleName("Links")
        self._links.setTabChangesFocus(True)
        self._links.setFixedHeight(88)
        self._links.setVisible(not sources)
        self._links.textChanged.connect(self._say)
        self._bucket = QComboBox()
        self._bucket.setEditable(True)
        self._bucket.addItems(list(dict.fromkeys([bucket, *buckets])))
        self._bucket.setCurrentText(bucket)
        self._bucket.editTextChanged.connect(self._say)
        self._prefix = QLineEdit(prefix)
        self._prefix.setPlaceholderText("none, or like trips/2026")
        self._prefix.textChanged.connect(self._say)
        self._frames = QCheckBox("Store as frames: every frame becomes a picture of its own")
        self._frames.toggled.connect(self._say)
        self._meta = MetaEditor()
        self._build()
        self._say()

    def sources(self) -> list[str]:
        if self._given:
            return list(self._given)
        lines = [line.strip() for line in self._links.toPlainText().splitlines()]
        return list(dict.fromkeys(line for line in lines if is_source(line)))

    def target(self) -> "Target":
        from vidcache_gui.core.intake import Target

        return Target(
            self._bucket.currentText().strip(),
            self._prefix.text().strip().strip("/"),
            self._meta.meta() or None,
            as_frames=self._frames.isChecked(),
        )

    def _build(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("Bucket", self._bucket)
        form.addRow("Prefix", self._prefix)
        form.addRow("", self._frames)
        form.addRow("Details", self._meta)
        self._add = button("Add", self.accept, primary=True)
        self._add.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._links)
        column.addLayout(form)
        column.addStretch()
        column.addLayout(buttons)

    def _say(self) -> None:
        sources = self.sources()
        place = item_place(self._bucket.currentText().strip(), self._prefix.text().strip())
        look = self._look if self._given else Look(links=len(sources))
        if sources:
            text = describe(sources, look, place, as_frames=self._frames.isChecked())
        else:
            text = "Add from links"
        self._title.setText(text)
        self._add.setEnabled(bool(sources) and bool(self._bucket.currentText().strip()))
