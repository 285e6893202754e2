"""Everything that was decided or changed, newest first; any of it can be taken back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import UndoEntry
from vidcache_gui.gui import theme
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.parts import button, label

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

MOST = 500
_ENTRY = Qt.ItemDataRole.UserRole + 1


class HistoryDialog(QDialog):
    """Undo in any order: what later changes set again stays, and that is said."""

    def __init__(self, session: "Session", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Decisions and changes")
        self.resize(640, 480)
        self.list = QListWidget()
        self.list.setAccessibleName("Decisions and changes, newest first")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.currentItemChanged.connect(lambda *_: self._show_current())
        self.list.itemActivated.connect(lambda _: self._change())
        self.change = button("Take back", self._change)
        closes = button("Close", self.accept)
        across = QHBoxLayout()
        across.addWidget(self.change)
        across.addStretch()
        across.addWidget(closes)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label("Decisions and changes", theme.TITLE, medium=True))
        note = "Take back any of them, in any order. What was changed again since stays as it is."
        column.addWidget(label(note, muted=True, wrap=True))
        column.addWidget(self.list, 1)
        column.addLayout(across)
        session.undo_changed.connect(self._read)
        self._show_current()
        self._read()

    def _read(self, *_: str) -> None:
        library = self._session.library
        self._session.background.run(Purpose.READ, lambda: library.history(MOST), self._show)

    def _show(self, entries: list[UndoEntry]) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for entry in entries:
            at = QLocale().toString(
                QDateTime.fromMSecsSinceEpoch(entry.at), QLocale.FormatType.ShortFormat
            )
            taken = "  (taken back)" if entry.undone else ""
            made = QListWidgetItem(f"{at}    {entry.label}{taken}")
            made.setData(_ENTRY, entry)
            if entry.undone:
                made.setForeground(theme.color("muted"))
            self.list.addItem(made)
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))

    @property
    def entry(self) -> UndoEntry | None:
        chosen = self.list.selectedItems()
        return None if not chosen else chosen[0].data(_ENTRY)

    def _show_current(self) -> None:
        entry = self.entry
        self.change.setEnabled(entry is not None)
        self.change.setText("Do it again" if entry is not None and entry.undone else "Take back")

    def _change(self) -> None:
        entry, library = self.entry, self._session.library
        if entry is None:
            return
        if entry.undone:
            self._session.act(lambda: library.redo_entry(entry.id), "")
        else:
            self._session.act(lambda: library.undo_entry(entry.id), "")
