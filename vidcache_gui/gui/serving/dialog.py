"""The local server: the switch, the addresses, what is exposed, and the requests as they come.

It stays open beside the window, which goes on showing the library.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.dialogs import closing
from vidcache_gui.gui.parts import button, label, line
from vidcache_gui.gui.serving import phrases
from vidcache_gui.gui.serving.address_list import AddressList
from vidcache_gui.gui.serving.choices import Choices
from vidcache_gui.gui.serving.form import ServingForm
from vidcache_gui.gui.serving.log_model import LogModel
from vidcache_gui.gui.serving.log_view import LogView
from vidcache_gui.gui.serving.state import State

FORM_WIDTH = 416
GAP, BAR = 8, 12  # beside it, and room for its scroll bar
SIZE = (1200, 700)


class ServingDialog(QDialog):
    switched = Signal(bool)

    def __init__(self, choices: Choices, model: LogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Local server")
        self.resize(*SIZE)
        self.form = ServingForm(choices)
        self.log = LogView(model)
        self.addresses = AddressList()
        self.said = label("", wrap=True, selectable=True)
        self.allowed = label("", theme.SMALL, muted=True, wrap=True)
        self.switch = button("Switch on", self._flip, primary=True)
        self.switch.setAccessibleDescription("Starts or stops serving this library")
        self._state = State()
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.said)
        left.addWidget(self.addresses)
        left.addWidget(self.allowed)
        across = QHBoxLayout()
        across.addWidget(self.switch)
        across.addStretch()
        left.addLayout(across)
        left.addWidget(line())
        left.addWidget(self.form)
        left.addStretch()
        inner = QWidget()
        inner.setObjectName("sheet")
        inner.setLayout(left)
        left.setContentsMargins(0, 0, GAP, 0)
        side = QScrollArea()  # a network has more addresses than a small screen has room for
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setFixedWidth(FORM_WIDTH + GAP + BAR)
        side.setWidget(inner)
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(side)
        body.addWidget(line(vertical=True))
        body.addWidget(self.log, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(label("Local server", theme.TITLE, medium=True))
        column.addLayout(body, 1)
        column.addLayout(closing(self))
        self.switch.setDefault(True)  # what Enter does from a field; Esc closes
        self.form.changed.connect(lambda _: self._say())
        self.show_state(self._state)
        self.switch.setFocus()

    def show_state(self, state: State) -> None:
        self._state = state
        self.form.lock(state.is_on or state.is_changing)
        self.addresses.show_addresses(list(state.addresses))
        self._say()

    def _say(self) -> None:
        state, problem = self._state, self.form.choices.problem
        text, tone = phrases.OFF, "muted"
        if state.is_changing:
            text = phrases.STOPPING if state.is_on else phrases.STARTING
        elif state.is_on:
            text, tone = "On. Other programs reach it at:", "good"
        elif state.problem or problem:
            text, tone = state.problem or problem, "danger"
        elif not state.has_library:
            text = phrases.NO_LIBRARY
        self.said.setText(text)
        for name in ("muted", "good", "danger"):
            self.said.setProperty(name, name == tone)
        self.said.style().polish(self.said)
        said = phrases.allowed(self.form.choices)
        self.allowed.setText(f"{said} {phrases.LOCKED}" if state.is_on else said)
        self.switch.setText("Switch off" if state.is_on else "Switch on")
        self.switch.setToolTip(phrases.LOCKED if state.is_on else "Start serving this library")
        # Not disabled while it changes, which would send the keyboard elsewhere.
        self.switch.setEnabled(
            state.is_on or state.is_changing or (state.has_library and not problem)
        )

    def _flip(self) -> None:
        """Heard only when it stands still."""
        self.switched.emit(not self._state.is_on)
