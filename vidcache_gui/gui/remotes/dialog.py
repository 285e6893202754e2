"""Adding a remote, or changing one: address, name, token, and whether it answers."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import button, icon_button, label
from vidcache_gui.gui.remotes.standing import Reach, Standing, abilities
from vidcache_gui.gui.remotes.trial import Trial
from vidcache_gui.interfaces.remotes.known import Known

HINT = (
    "A vidcache server, or a MictlanX peer or router. VidCache on another computer has its "
    "address under Local server."
)
INSECURE = "http is not secret: whoever sees the traffic can read the token."


class RemoteDialog(QDialog):
    """``chosen`` with what is to be kept; whoever keeps it closes the dialog, or says why not."""

    chosen = Signal(object)  # Known

    def __init__(
        self,
        trial: Trial,
        known: Known | None = None,
        taken: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """``known``: the one to change; None: a new one. ``taken``: names that are used."""
        super().__init__(parent)
        self.setWindowTitle("Remote")
        self._trial = trial
        self._known = known
        self._taken = frozenset(taken) - {known.name if known is not None else ""}
        self._standing = Standing()
        self._named = known is not None  # by a person
        self.address = QLineEdit(known.address if known is not None else "")
        self.address.setPlaceholderText("http://192.168.1.20:8020")
        self.name = QLineEdit(known.name if known is not None else "")
        self.name.setPlaceholderText("Made from the address")
        self.token = QLineEdit((known.token or "") if known is not None else "")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("None")
        self.token.setFont(theme.mono())
        self.show_token = icon_button("eye", "Show the token")
        self.show_token.setCheckable(True)
        self.show_token.toggled.connect(self._show_token)
        self.said = label(HINT, wrap=True, selectable=True)
        self.said.setMinimumHeight(72)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.test = button("Try it", self.try_it)
        self.test.setToolTip("Ask the address what it can do (Ctrl+T)")
        self.test.setShortcut("Ctrl+T")
        self.keep = button("Save" if known is not None else "Add", self._keep, primary=True)
        self.keep.setToolTip("Remember it with this name (Enter)")
        self.keep.setDefault(True)
        self._lay_out("Change a remote" if known is not None else "Add a remote")
        self.address.textEdited.connect(self._forget)
        self.token.textEdited.connect(self._forget)
        self.name.textEdited.connect(self._type_name)
        trial.told.connect(self.show_standing)
        self._check()
        self.address.setFocus()

    def _lay_out(self, title: str) -> None:
        token = QHBoxLayout()
        token.setSpacing(4)
        token.addWidget(self.token, 1)
        token.addWidget(self.show_token)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        tips = (
            (self.address, "Address", "Where it answers, with its port"),
            (self.name, "Name", "What it is called here: letters, digits, dot, - and _"),
            (self.token, "Token", "Only where the server asks for one"),
        )
        for row, (field, text, tip) in enumerate(tips):
            name = label(text)
            name.setBuddy(field)
            field.setAccessibleName(text)
            field.setToolTip(tip)
            grid.addWidget(name, row, 0)
            if field is self.token:
                grid.addLayout(token, row, 1)
            else:
                grid.addWidget(field, row, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.test)
        buttons.addStretch()
        cancel = button("Cancel", self.reject)
        cancel.setToolTip("Change nothing (Esc)")
        buttons.addWidget(cancel)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(label(title, theme.TITLE, medium=True))
        column.addLayout(grid)
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.setFixedWidth(500)

    @property
    def value(self) -> Known:
        address = self.address.text().strip()
        if address and "://" not in address:
            address = f"http://{address}"
        name = self.name.text().strip() or name_of(address, self._taken)
        return Known(name, address, self.token.text().strip() or None)

    def try_it(self) -> None:
        """Ask the address now; :meth:`show_standing` follows."""
        value = self.value
        if value.address:
            self._trial.ask(value.address, value.token)

    def show_standing(self, standing: Standing) -> None:
        self._standing = standing
        if standing.reach is Reach.ASKING:
            self._say("Asking…", "muted")
        elif standing.reach is Reach.THERE:
            more = INSECURE if self.value.token and self.value.address[:5] == "http:" else ""
            self._say(f"It answers. {abilities(standing.spoken)} {more}".strip(), "good")
        elif standing.reach is Reach.OFFLINE:
            self._say(f"{standing.reason} It can be added all the same.", "warn")
        else:
            self._say(standing.reason, "danger")

    def refuse(self, error: Exception) -> None:
        """It could not be kept."""
        self._say(str(error), "danger")
        self.keep.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._trial.stop()
        super().hideEvent(event)

    def _keep(self) -> None:
        if not self.keep.isEnabled():
            return
        self.keep.setEnabled(False)  # until it is kept, or not
        self.chosen.emit(self.value)

    def _forget(self) -> None:
        """What was found out is about something else now."""
        self._trial.stop()
        self._standing = Standing()
        if not self._named:
            address = self.value.address
            self.name.setText(name_of(address, self._taken) if self.address.text() else "")
        self._say(HINT, "muted")
        self._check()

    def _type_name(self, text: str) -> None:
        self._named = bool(text)
        self._check()

    def _check(self) -> None:
        value = self.value
        clash = value.name in self._taken
        if clash:
            self._say(f"Another remote is called “{value.name}” already.", "danger")
        self.keep.setEnabled(bool(value.address) and not clash)
        self.test.setEnabled(bool(value.address))

    def _say(self, text: str, tone: str) -> None:
        for name in ("muted", "good", "warn", "danger"):
            self.said.setProperty(name, name == tone)
        self.said.style().polish(self.said)
        self.said.setText(text)

    def _show_token(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.token.setEchoMode(mode.Normal if shown else mode.Password)
        self.show_token.setToolTip("Hide the token" if shown else "Show the token")


def name_of(address: str, taken: Collection[str] = ()) -> str:
    """A short name for an address that is not taken yet."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", host).strip("-.")
    name = plain if re.fullmatch(r"[\d.]+", plain) else plain.partition(".")[0]
    name = name[:48] or "remote"
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
