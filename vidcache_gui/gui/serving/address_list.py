"""Where it answers, each address with a button that copies it."""

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import icon_button, label


class AddressList(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[QWidget] = []
        self.addresses: list[str] = []

    def show_addresses(self, addresses: list[str]) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.addresses = addresses
        self._rows = [self._row(address) for address in addresses]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(addresses))

    def _row(self, address: str) -> QWidget:
        row = QWidget()
        text = label(address, selectable=True)
        text.setFont(theme.mono())
        copy = icon_button("copy", f"Copy {address}")
        copy.clicked.connect(partial(QGuiApplication.clipboard().setText, address))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        across.addWidget(text)
        across.addWidget(copy)
        across.addStretch()
        return row
