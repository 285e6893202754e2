"""Where an export goes: a file on disk, or this library."""

import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.export import safe_name
from vidcache_gui.core.exports import default_name
from vidcache_gui.core.records import Item
from vidcache_gui.gui.fields import ChoiceRow, heading
from vidcache_gui.gui.parts import button, label
from vidcache_gui.media.exporting.choices import SUFFIX_OF, Choices, Format

FILE, LIBRARY = "file", "library"


class Destination(QWidget):
    """A path, or a name in the library. It follows the range and the format until somebody
    types a name of their own."""

    changed = Signal()

    def __init__(self, item: Item, folder: Path, place: str) -> None:
        """``place``: of the item in the library, where a new one will be, too."""
        super().__init__()
        self._item = item
        self._place = place
        self._folder = folder
        self._format = Format.GIF
        self._typed = False
        self._suggested = item.name
        self.where = ChoiceRow(
            [(FILE, "File", "Write to disk"), (LIBRARY, "This library", "A new item beside it")],
            "Destination",
        )
        self.name = QLineEdit()
        self.name.setAccessibleName("Name or path of the result")
        self.name.setMinimumWidth(240)
        self.browse = button("Choose…", self._choose)
        self.browse.setToolTip("Choose a folder and a name")
        self.replace = QCheckBox("Replace the file that is there")
        self.replace.setToolTip("Without this nothing is ever overwritten")
        self.note = label("", muted=True, wrap=True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name, 1)
        line.addWidget(self.browse)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.replace)
        column.addWidget(self.note)
        self.form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(heading("Write to"), self.where)
        form.addRow(heading(""), column)
        self.where.choose(FILE)
        self.where.chosen.connect(lambda _: self._fill())
        self.name.textEdited.connect(self._edited)
        self.replace.toggled.connect(lambda _: self.changed.emit())

    @property
    def to_library(self) -> bool:
        return self.where.value == LIBRARY

    @property
    def path(self) -> Path | None:
        """None: the library."""
        if self.to_library:
            return None
        return Path(self.name.text().strip()).expanduser()

    @property
    def overwrite(self) -> bool:
        return self.replace.isVisibleTo(self) and self.replace.isChecked()

    @property
    def ready(self) -> bool:
        text = self.name.text().strip()
        if not text or self.to_library:
            return bool(text)
        path = Path(text).expanduser()
        return path.is_absolute() and (not os.path.lexists(path) or self.overwrite)

    def follow(self, choices: Choices, format: Format) -> None:
        """The range or the format is another now."""
        self._format = format
        self._suggested = safe_name(default_name(self._item, choices, format))
        if self._typed and self.name.text():
            typed = Path(self.name.text())
            if typed.suffix.lower() in SUFFIX_OF.values() and typed.suffix:
                self.name.setText(str(typed.with_suffix(SUFFIX_OF[format])))
            self._look()
        else:
            self._fill()

    def follow_disk(self) -> None:
        """Something was written: the same name is taken now, and asked about again."""
        self.replace.setChecked(False)
        self._look()

    def _fill(self) -> None:
        self._typed = False
        name = self._suggested
        self.name.setText(name if self.to_library else str(self._folder / name))
        self._look()

    def _edited(self) -> None:
        self._typed = True
        self._look()

    def _look(self) -> None:
        """Say what is there already."""
        text = self.name.text().strip()
        there = bool(text) and not self.to_library and os.path.lexists(Path(text).expanduser())
        folder = there and os.path.isdir(Path(text).expanduser())
        self.replace.setVisible(there and not folder)
        if not there:
            self.replace.setChecked(False)
        if self.to_library:
            what = "a frame sequence" if self._format is Format.FRAMES else "a new item"
            self.note.setText(f"It becomes {what} in {self._place}. Nothing is stored twice.")
        elif folder:
            self.note.setText("There is a folder of that name. Choose another name.")
        elif text and not Path(text).expanduser().is_absolute():
            self.note.setText("Name a folder, too: “Choose…” helps.")
        else:
            self.note.setText("")
        self.note.setVisible(bool(self.note.text()))
        self.browse.setVisible(not self.to_library)
        self.changed.emit()

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), "Export as", self.name.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # asked here, in words
        dialog.fileSelected.connect(self.take_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_path(self, path: str) -> None:
        suffix = SUFFIX_OF[self._format]
        if suffix and Path(path).suffix.lower() not in (suffix, f".{self._format.value}"):
            path += suffix
        self._folder = Path(path).parent
        self._typed = True
        self.name.setText(path)
        self._look()
