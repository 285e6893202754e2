"""What one remote has, as a grid; or why that cannot be shown, and what helps."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.gui import theme, words
from vidcache_gui.gui.blank import Blank
from vidcache_gui.gui.library.grid_view import GridView
from vidcache_gui.gui.library.search_bar import DEBOUNCE_MS
from vidcache_gui.gui.parts import ElidedLabel, button, clearable, icon_button, label
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.model import FarModel
from vidcache_gui.gui.remotes.standing import Reach, Standing, what_to_do

SETTLE_MS = 20
EVERY = "All buckets"


class FarPage(QWidget):
    opened = Signal(object)  # Far
    copy_requested = Signal()  # what is selected, to the library
    menu_requested = Signal(QPoint)
    text_searched = Signal(str)
    bucket_chosen = Signal()
    again_requested = Signal()
    edit_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Remote")
        self.name = ""
        self.model: FarModel | None = None
        self._standing = Standing()
        self.grid = GridView()
        self.blank = Blank()
        self._help = button("Try again", self._help_out, primary=True)
        self.blank.add_button(self._help)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.blank)
        self._title = label("", theme.SECTION, medium=True)
        self._count = ElidedLabel()
        self._count.setProperty("muted", True)
        self._count.setFont(theme.font(tabular=True))
        self.search = _Find()
        self.buckets = QComboBox()
        self.buckets.setAccessibleName("Bucket")
        self.buckets.setToolTip("Show only what is in this bucket")
        self.buckets.setFixedWidth(144)
        self.buckets.addItem(EVERY, "")
        self.buckets.hide()
        self.buckets.currentIndexChanged.connect(lambda _: self.bucket_chosen.emit())
        self.copy = button("Copy to the library", self.copy_requested.emit)
        self.copy.setToolTip("Bring what is selected into the library (Ctrl+B)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.grid)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._show_selection)
        self.grid.opened.connect(self._open)
        self.grid.menu_requested.connect(self.menu_requested)
        self.search.searched.connect(self.text_searched)
        self.search.left.connect(self.grid.setFocus)

    def _head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(44)
        across = QHBoxLayout(head)
        across.setContentsMargins(16, 6, 16, 4)
        across.setSpacing(8)
        across.addWidget(self._title)
        across.addWidget(self._count, 1)
        across.addWidget(self.buckets)
        across.addWidget(self.search)
        across.addWidget(self.copy)
        for icon, tip, signal in (
            ("retry", "List it again (F5)", self.again_requested),
            ("settings", "Address, name and token of this remote", self.edit_requested),
        ):
            across.addWidget(icon_button(icon, tip, signal.emit, "muted"))
        return head

    # What is shown

    def show_remote(self, name: str, model: FarModel) -> None:
        """From now on the page is about this remote."""
        self.name, self.model = name, model
        self._title.setText(name)
        self.grid.setModel(model)
        self.grid.selectionModel().selectionChanged.connect(self._settle.start)
        model.news.connect(self._say)
        model.failed.connect(self._say)
        self._say()

    def clear(self) -> None:
        """Let go of what was listed."""
        self._settle.stop()
        self.grid.setModel(None)
        self.model = None
        self.search.set_quietly("")
        self.show_buckets([])

    @property
    def bucket(self) -> str:
        """The one that is wanted; empty: all."""
        return str(self.buckets.currentData())

    def show_buckets(self, names: Sequence[str]) -> None:
        """What can be chosen from; the one that is chosen stays so while it is there."""
        chosen = self.bucket
        with QSignalBlocker(self.buckets):
            self.buckets.clear()
            self.buckets.addItem(EVERY, "")
            for name in names:
                self.buckets.addItem(name, name)
            self.buckets.setCurrentIndex(max(0, self.buckets.findData(chosen)))
        self.buckets.setVisible(len(names) > 1)

    def show_standing(self, standing: Standing) -> None:
        self._standing = standing
        self._say()

    def _say(self) -> None:
        model = self.model
        if model is None:
            return
        standing, count = self._standing, model.rowCount()
        there = standing.reach is Reach.THERE
        asking = standing.reach in (Reach.ASKING, Reach.UNKNOWN)
        self.search.setEnabled(there and standing.can_list)
        self.buckets.setEnabled(there)
        if count or asking or (there and standing.can_list and not model.is_whole):
            self._stack.setCurrentWidget(self.grid)
        else:
            self._explain()
            self._stack.setCurrentWidget(self.blank)
        self._show_selection()

    def _explain(self) -> None:
        standing = self._standing
        text, press = what_to_do(standing)[1], "Try again"
        title = what_to_do(standing)[0]
        if standing.reach is Reach.SHUT:
            press = "Settings…"
        elif standing.reach is Reach.THERE and not standing.can_list:
            title = "It cannot say what it has"
            text = "It speaks an older vidcache. Drag items onto it to copy them there."
            press = ""
        elif standing.reach is Reach.THERE and self.search.text():
            title, press = f"Nothing is called “{self.search.text()}”", "Show everything"
            text = f"Looked through all that “{self.name}” has."
        elif standing.reach is Reach.THERE and self.bucket:
            title, press = f"Nothing is in “{self.bucket}”", "Show everything"
            text = f"Other buckets of “{self.name}” may hold something."
        elif standing.reach is Reach.THERE:
            title, press = "Nothing is on it yet", ""
            text = "Drag items onto it in the sidebar, or select them there and press Ctrl+Shift+B."
        drops = standing.reach is Reach.THERE and not press  # there is something to drop on
        self.blank.say(title, text, "empty" if drops else "server")
        self._help.setText(press)
        self._help.setVisible(bool(press))

    def _help_out(self) -> None:
        if self._standing.reach is Reach.SHUT:
            self.edit_requested.emit()
        elif self._standing.reach is Reach.THERE:
            self.buckets.setCurrentIndex(0)
            self.search.clear()
        else:
            self.again_requested.emit()

    # Selection

    def selected(self) -> list[Far]:
        if self.model is None:
            return []
        found = (
            self.model.far(row)
            for first, last in self.grid.selected_ranges()
            for row in range(first, last + 1)
        )
        return [far for far in found if far is not None]

    def _show_selection(self) -> None:
        model, standing = self.model, self._standing
        if model is None:
            return
        chosen = self.selected()
        self.copy.setEnabled(bool(chosen))
        shown = ""
        if standing.reach in (Reach.ASKING, Reach.UNKNOWN):
            shown = "Asking…"
        elif chosen:
            size = words.size(sum(far.item.size for far in chosen))
            shown = f"{words.number(len(chosen))} selected · {size}"
        elif standing.reach is not Reach.THERE:
            shown = "It does not answer any more" if model.rowCount() else ""
        elif standing.can_list:
            shown = words.items(model.rowCount()) + ("" if model.is_whole else " so far")
        self._count.setText(shown)

    def _open(self, index: QModelIndex) -> None:
        far = self.model.far(index.row()) if self.model is not None else None
        if far is not None:
            self.opened.emit(far)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_F5:
            self.again_requested.emit()
        else:
            super().keyPressEvent(event)

    @property
    def count_text(self) -> str:
        return self._count.text()

    @property
    def is_blank(self) -> bool:
        return self._stack.currentWidget() is self.blank


class _Find(QLineEdit):
    """Finds by name, a moment after the last key."""

    searched = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Find by name")
        self.setAccessibleName("Find by name")
        self.setToolTip("Only what has this in its name (Ctrl+F)")
        clearable(self)
        self.setFixedWidth(200)
        self._sent = ""
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._send)
        self.textChanged.connect(lambda _: self._pause.start())
        self.returnPressed.connect(self._send)

    def set_quietly(self, text: str) -> None:
        self._sent = text
        self.setText(text)
        self._pause.stop()

    def _send(self) -> None:
        self._pause.stop()
        if self.text().strip() != self._sent:
            self._sent = self.text().strip()
            self.searched.emit(self._sent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self._send()
            self.left.emit()
        else:
            super().keyPressEvent(event)
