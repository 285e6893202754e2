"""Arbitrary details of an item as names and values."""

import json
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from vidcache_gui.gui.parts import button, icon_button


class MetaEditor(QWidget):
    """``meta_changed`` with the whole new dictionary when a field is left."""

    meta_changed = Signal(object)  # dict[str, Any]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meta: dict[str, Any] = {}
        self._rows: list[tuple[QLineEdit, QLineEdit]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._column.addLayout(self._list)
        add = button("Add a detail", self._add_empty, flat=True, icon="add")
        across = QHBoxLayout()
        across.addWidget(add)
        across.addStretch()
        self._column.addLayout(across)

    def show_meta(self, meta: dict[str, Any] | None) -> None:
        """Show what is stored; does nothing while it is being edited."""
        if any(field.hasFocus() for row in self._rows for field in row):
            return
        self._meta = dict(meta or {})
        self._build()

    def meta(self) -> dict[str, Any]:
        """What the fields say now. Values that are JSON stay JSON: 3, true, [1, 2]."""
        return {
            name.text().strip(): parse_value(value.text())
            for name, value in self._rows
            if name.text().strip()
        }

    def _build(self) -> None:
        while (entry := self._list.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        self._rows = []
        for name, value in self._meta.items():
            self._add_row(name, format_value(value))

    def _add_empty(self) -> None:
        self._add_row("", "")[0].setFocus()

    def _add_row(self, name: str, value: str) -> tuple[QLineEdit, QLineEdit]:
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        fields = (QLineEdit(name), QLineEdit(value))
        for field, words, stretch in zip(fields, ("Name", "Value"), (2, 3), strict=True):
            field.setPlaceholderText(words)
            field.setAccessibleName(f"{words} of a detail")
            field.setCursorPosition(0)
            field.editingFinished.connect(self._send)
            across.addWidget(field, stretch)
        across.addWidget(
            icon_button("close", "Remove this detail", lambda: self._drop(fields), "muted")
        )
        self._rows.append(fields)
        self._list.addWidget(holder)
        return fields

    def _drop(self, fields: tuple[QLineEdit, QLineEdit]) -> None:
        self._rows.remove(fields)
        holder = fields[0].parentWidget()
        if holder is not None:
            holder.deleteLater()
        self._send()

    def _send(self) -> None:
        meta = self.meta()
        if meta != self._meta:
            self._meta = meta
            self.meta_changed.emit(meta)


def format_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def parse_value(text: str) -> Any:
    """JSON where it is JSON and not a plain word; else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
