"""The token: hidden unless somebody wants to see it, copied or made anew with one click."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import icon_button
from vidcache_gui.gui.serving.choices import new_token


class TokenField(QWidget):
    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setAccessibleName("Token")
        self.field.setToolTip("Programs send it as “Authorization: Bearer …”")
        self.field.setPlaceholderText("None")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setFont(theme.mono())
        self.field.textEdited.connect(lambda text: self.changed.emit(text.strip()))
        self.show_it = icon_button("eye", "Show the token")
        self.show_it.setCheckable(True)
        self.show_it.toggled.connect(self._show)
        self.copy = icon_button("copy", "Copy the token", self._copy)
        self.make = icon_button("retry", "Make a new token", self._make)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        across.addWidget(self.field, 1)
        for tool in (self.show_it, self.copy, self.make):
            across.addWidget(tool)
        self.setFocusProxy(self.field)

    @property
    def token(self) -> str:
        return self.field.text().strip()

    def set_token(self, token: str) -> None:
        """Without telling anybody."""
        self.field.setText(token)
        self.field.setCursorPosition(0)  # where there is no room its end is left out
        self.copy.setEnabled(bool(token))

    def lock(self, locked: bool) -> None:
        """It can still be seen and copied."""
        self.field.setReadOnly(locked)
        self.make.setEnabled(not locked)

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.field.setEchoMode(mode.Normal if shown else mode.Password)
        self.show_it.setToolTip("Hide the token" if shown else "Show the token")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.token)

    def _make(self) -> None:
        self.set_token(new_token())
        self.changed.emit(self.token)
