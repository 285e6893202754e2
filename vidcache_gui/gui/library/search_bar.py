"""The search field: what is typed becomes a query a moment after the last key."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from vidcache_gui.gui import icons

DEBOUNCE_MS = 180
HINT = "Search: words, bucket:, tag:, kind:gif, longer:10s …"
HELP = (
    "<p>Words find names, tags, details and where things came from.</p>"
    "<p><b>bucket:</b>videos &nbsp; <b>prefix:</b>archive &nbsp; <b>tag:</b>cats<br>"
    "<b>kind:</b>video, gif, picture, frames, data<br>"
    "<b>longer:</b>10s &nbsp; <b>shorter:</b>2min<br>"
    "<b>larger:</b>5MB &nbsp; <b>smaller:</b>100kB<br>"
    "<b>wider:</b>1000 &nbsp; <b>taller:</b>700 &nbsp; <b>is:</b>damaged</p>"
)


class SearchBar(QLineEdit):
    """``text_searched`` after a pause in typing, at once on Enter and on clearing."""

    text_searched = Signal(str)
    left = Signal()  # Down or Escape: the keyboard goes to the list

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(HINT)
        self.setAccessibleName("Search")
        self.setToolTip(HELP)
        self.setMaximumWidth(560)
        self.setMinimumWidth(160)
        self._sent = ""
        self._glass = QAction(self)
        icons.dress(self._glass, "search", "muted")
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction("Clear the search", self)
        icons.dress(self._clear, "close", "muted")
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self._send)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._send)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._pause.start()
        else:
            self._send()

    def _send(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._sent:
            self._sent = text
            self.text_searched.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self._send()
            self.left.emit()
        else:
            super().keyPressEvent(event)
