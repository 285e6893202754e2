"""The list of bookmarks beside the picture: go there, say what is there, take them off."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Bookmark
from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import icon_button, label

WIDTH = 300
ROW = 28  # px high
FRAME, TIME, NOTE = range(3)  # columns
EMPTY = "No bookmarks yet.\n\nB marks the frame on screen, N marks it with a note."


class Bookmarks(QWidget):
    """Shows what it is given; what a person does goes out as signals."""

    chosen = Signal(int)  # go to this frame
    noted = Signal(int, str)  # frame, note
    removed = Signal(int)  # frame
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAutoFillBackground(True)
        self.marks: list[Bookmark] = []
        self.tree = _Tree()
        self.tree.itemActivated.connect(self._choose)
        self.tree.itemClicked.connect(self._choose)
        self.tree.itemChanged.connect(self._take_note)
        self.tree.delete_pressed.connect(self._remove_current)
        self._empty = label(EMPTY, muted=True, wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(20, 24, 20, 0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 8, 4)
        head.addWidget(label("Bookmarks", theme.BODY, medium=True), 1)
        self.remove = icon_button("trash", "Remove the bookmark (Del)", self._remove_current)
        head.addWidget(self.remove)
        head.addWidget(icon_button("close", "Close the bookmarks (Shift+B)", self.closed.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._empty, 1)
        column.addWidget(self.tree, 1)
        self.show_marks([], lambda frame: "")

    def show_marks(self, marks: Sequence[Bookmark], time_of: Callable[[int], str]) -> None:
        """``time_of``: when a frame appears, as text."""
        marks = sorted(marks, key=lambda mark: mark.frame)
        rows = [[str(mark.frame), time_of(mark.frame), mark.note] for mark in marks]
        self.marks = marks
        self.tree.blockSignals(True)
        if not self._change_in_place(rows):
            current = self.current_frame()
            self.tree.clear()
            for row in rows:
                self.tree.addTopLevelItem(_row(row))
            if current is not None:
                self.show_current(current)
        self.tree.blockSignals(False)
        self._empty.setVisible(not marks)
        self.tree.setVisible(bool(marks))
        self.remove.setEnabled(bool(marks))

    def _change_in_place(self, rows: list[list[str]]) -> bool:
        """Same frames: only texts change, and a note that is being typed is not disturbed."""
        tree = self.tree
        items = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
        there = [item for item in items if item is not None]
        if [item.text(FRAME) for item in there] != [row[FRAME] for row in rows]:
            return False
        for item, row in zip(there, rows, strict=True):
            for column, text in enumerate(row):
                if item.text(column) != text:
                    item.setText(column, text)
        return True

    def show_current(self, frame: int) -> None:
        """Highlight the bookmark at this frame, if there is one."""
        at = bisect_left(self.frames, frame)
        if at < len(self.marks) and self.marks[at].frame == frame:
            self.tree.setCurrentIndex(self.tree.model().index(at, NOTE))

    @property
    def frames(self) -> list[int]:
        return [mark.frame for mark in self.marks]

    def before(self, frame: int) -> int | None:
        at = bisect_left(self.frames, frame)
        return self.marks[at - 1].frame if at else None

    def after(self, frame: int) -> int | None:
        at = bisect_right(self.frames, frame)
        return self.marks[at].frame if at < len(self.marks) else None

    def edit_note(self, frame: int) -> None:
        """Let a person type the note of the bookmark at this frame."""
        self.show_current(frame)
        row = self.tree.currentItem()
        if row is not None and row.text(FRAME) == str(frame):
            self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.tree.editItem(row, NOTE)

    def current_frame(self) -> int | None:
        row = self.tree.currentItem()
        return int(row.text(FRAME)) if row is not None else None

    def _choose(self, row: QTreeWidgetItem) -> None:
        self.chosen.emit(int(row.text(FRAME)))

    def _take_note(self, row: QTreeWidgetItem, column: int) -> None:
        if column == NOTE:
            self.noted.emit(int(row.text(FRAME)), row.text(NOTE).strip())

    def _remove_current(self) -> None:
        frame = self.current_frame()
        if frame is not None:
            self.removed.emit(frame)


def _row(texts: list[str]) -> QTreeWidgetItem:
    row = QTreeWidgetItem(texts)
    row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable)
    row.setSizeHint(FRAME, QSize(0, ROW))
    row.setTextAlignment(FRAME, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row


class _OnlyNotes(QStyledItemDelegate):
    def createEditor(  # type: ignore[override]  # no editor is allowed
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget | None:
        return super().createEditor(parent, option, index) if index.column() == NOTE else None


class _Tree(QTreeWidget):
    delete_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderLabels(["Frame", "Time", "Note"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setAccessibleName("Bookmarks")
        self.setFont(theme.font(theme.BODY, tabular=True))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setItemDelegate(_OnlyNotes(self))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)

    def event(self, event: QEvent) -> bool:
        # The keys of a list are its own while it has the keyboard, not the player's.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Home,
                    Qt.Key.Key_End, Qt.Key.Key_Delete, Qt.Key.Key_F2)  # fmt: skip
            if event.key() in keys and not event.modifiers():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
