"""What stands where there is nothing to list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.welcome import Picture

DROP, SIGN = (160, 112), (32, 32)  # px


class Blank(QWidget):
    """A picture, a sentence, what it means, and perhaps a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", theme.SECTION, medium=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = label("", muted=True, wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setFixedWidth(400)
        self._words.setMinimumHeight(60)
        self._column = column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        self._picture = Picture("empty", *DROP)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def add_button(self, button: QAbstractButton) -> None:
        last = self._column.count() - 1  # the space below
        self._column.insertWidget(last, button, 0, Qt.AlignmentFlag.AlignHCenter)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._words.text()

    def say(self, title: str, text: str, picture: str = "empty") -> None:
        """``picture``: an icon; the usual one asks to drop something here."""
        self._picture.show_icon(picture, *(DROP if picture == "empty" else SIGN))
        self._title.setText(title)
        self._words.setText(text)
