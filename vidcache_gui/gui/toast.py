"""A short message at the bottom of the window, with Undo where that is possible."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import button, icon_button
from vidcache_gui.gui.session import Notice

SHORT_MS, LONG_MS = 5000, 12000


class Toast(QWidget):
    """Stays while the pointer is on it; newer messages replace older ones."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Message")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setFont(theme.font())
        self._undo: QPushButton = button("Undo", self._take_back)
        self._close = icon_button("close", "Close this message", self.hide, "muted")
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 6, 6, 6)
        across.setSpacing(12)
        across.addWidget(self._text, 1)
        across.addWidget(self._undo)
        across.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.bottom_margin = 16
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text() if self.isVisible() else ""

    def show_notice(self, notice: Notice) -> None:
        self._undo.setVisible(notice.undoable)
        self._text.setWordWrap(False)
        self._text.setText(notice.text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(LONG_MS if notice.problem or notice.undoable else SHORT_MS)

    def _place(self) -> None:
        parent = self._window
        most = min(640, parent.width() - 64)
        self._text.setWordWrap(self._text.sizeHint().width() > most - 140)
        self.setFixedWidth(min(most, max(240, self.sizeHint().width())))
        height = self.heightForWidth(self.width()) if self._text.wordWrap() else -1
        self.resize(self.width(), max(44, height, self.sizeHint().height()))
        self.move(
            (parent.width() - self.width()) // 2,
            parent.height() - self.height() - self.bottom_margin,
        )

    def _take_back(self) -> None:
        self.hide()
        self.undo_requested.emit()

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start(SHORT_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
