"""How far an export is, and what came of it."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.gui import words
from vidcache_gui.gui.export.run import Made
from vidcache_gui.gui.parts import button, label


class Outcome(QWidget):
    """A bar while it runs; then a sentence, and what can be done with the result."""

    play_requested = Signal(int)  # item id

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._item_id: int | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the export")
        self.text = label("", wrap=True, selectable=True)
        self.notes = label("", muted=True, wrap=True, selectable=True)
        self.reveal = button("Show in folder", self._reveal)
        self.reveal.setToolTip("Open the folder it is in")
        self.open = button("Open", self._open)
        self.open.setToolTip("Open it with the program the system uses")
        self.play = button("Play", self._play)
        self.play.setToolTip("Play the new item")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for made in (self.reveal, self.open, self.play):
            buttons.addWidget(made)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.text)
        column.addWidget(self.notes)
        column.addLayout(buttons)
        self.say("")

    def say(self, text: str, notes: str = "", tone: str = "") -> None:
        """One sentence. ``tone``: good, danger or none."""
        self.bar.hide()
        self.text.setText(text)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        for name in ("good", "danger"):
            self.text.setProperty(name, name == tone)
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        for made in (self.reveal, self.open, self.play):
            made.hide()
        self.setVisible(bool(text))

    def show_progress(self, done: int, total: int, size: int) -> None:
        text = f"{done:,} of {words.frames(total)}" if total else "Starting…"
        if done and size:
            text += f" · about {words.size(round(size * total / done))} in the end"
        self.say(text)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.show()

    def show_made(self, made: Made, path: Path | None) -> None:
        self._path = path
        if isinstance(made, SourceResult):
            self._item_id = made.item_id
            new = made.status is Status.NEW
            done = "Added" if new else "Already here:"
            self.say(f"{done} “{made.name}”", made.reason or "" if new else "", "good")
            self.play.setVisible(made.item_id is not None)
            self.play.setFocus()
            return
        name = path.name if path is not None else ""
        self.say(
            f"Wrote “{name}”: {words.frames(made.frames)}, {words.size(made.size)}",
            " ".join(made.notes), "good",
        )  # fmt: skip
        self.reveal.show()
        self.open.show()

    def _reveal(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _open(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    def _play(self) -> None:
        if self._item_id is not None:
            self.play_requested.emit(self._item_id)
