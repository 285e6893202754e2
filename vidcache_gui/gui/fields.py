"""Single choices in dialogs, as small widgets."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from vidcache_gui.gui import words
from vidcache_gui.gui.parts import label


class ChoiceRow(QWidget):
    """A few words side by side, one of them chosen. Arrow keys go through them."""

    chosen = Signal(object)  # its value

    def __init__(self, choices: Sequence[tuple[object, str, str]], name: str) -> None:
        """``choices``: (value, text, tip); ``name``: what is chosen, for screen readers."""
        super().__init__()
        self._values = [value for value, _, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for at, (_, text, tip) in enumerate(choices):
            made = QToolButton()
            made.setText(text)
            made.setToolTip(tip)
            made.setAccessibleName(f"{name}: {text}")
            made.setAccessibleDescription(tip)
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setProperty("choice", True)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(made, at)
            row.addWidget(made)
        row.addStretch()
        self._group.idToggled.connect(self._toggled)
        self.setFocusProxy(self._group.button(0))

    @property
    def value(self) -> object:
        return self._values[max(0, self._group.checkedId())]

    def choose(self, value: object) -> None:
        at = self._values.index(value) if value in self._values else 0
        self._group.button(at).setChecked(True)

    def _toggled(self, at: int, on: bool) -> None:
        if on:
            self.setFocusProxy(self._group.button(at))
            self.chosen.emit(self._values[at])


class FrameField(QSpinBox):
    """A frame number; ``time`` beside it says when that is."""

    def __init__(self, name: str, tip: str, count: int, starts: Sequence[float]) -> None:
        super().__init__()
        self._starts = starts
        self.setRange(0, max(0, count - 1))
        self.setAccessibleName(name)
        self.setToolTip(tip)
        dress(self)
        self.setFixedWidth(88)
        self.time = label("", muted=True)
        self.valueChanged.connect(self._say)
        self._say(0)

    def _say(self, frame: int) -> None:
        text = words.exact_duration(self._starts[frame]) if frame < len(self._starts) else ""
        self.time.setText(text)


def dress(field: QAbstractSpinBox) -> None:
    """A plain field; NoButtons would leave a styled box no room for its text."""
    field.setProperty("field", True)
    field.lineEdit().setTextMargins(6, 0, 0, 0)


class Decimal(QDoubleSpinBox):
    """A number with a unit; a fraction only where there is one."""

    def textFromValue(self, value: float) -> str:
        return f"{value:.3f}".rstrip("0").rstrip(".")


def number(name: str, tip: str, least: int, most: int, value: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setFixedWidth(72)
    dress(made)
    return made


def decimal(
    name: str, tip: str, least: float, most: float, value: float, unit: str
) -> QDoubleSpinBox:
    made = Decimal()
    made.setDecimals(3)
    made.setRange(least, most)
    made.setValue(value)
    made.setSuffix(f" {unit}")
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setFixedWidth(112)
    dress(made)
    return made


def combo(name: str, tip: str, choices: Sequence[tuple[object, str]]) -> QComboBox:
    made = QComboBox()
    for value, text in choices:
        made.addItem(text, value)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setMinimumSize(QSize(168, 0))
    return made


def heading(text: str) -> QLabel:
    """What stands before a field; all are of one width, so that fields line up."""
    made = label(text)
    made.setFixedWidth(136)
    return made


def link(text: str, tip: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("link", True)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: act())
    return made


def row(*widgets: QWidget | QLabel) -> QWidget:
    """Widgets side by side, left-aligned."""
    made = QWidget()
    across = QHBoxLayout(made)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(8)
    for widget in widgets:
        across.addWidget(widget)
    across.addStretch()
    return made
