"""What is exposed and to whom. ``changed`` with every choice; nothing is applied here."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from vidcache_gui.gui import theme
from vidcache_gui.gui.fields import ChoiceRow
from vidcache_gui.gui.parts import label
from vidcache_gui.gui.serving import phrases
from vidcache_gui.gui.serving.choices import Choices, new_token
from vidcache_gui.gui.serving.token_field import TokenField
from vidcache_gui.interfaces.server.settings import Access

REACH = (
    (False, "This computer", "Only programs on this computer can reach it"),
    (True, "Whole network", "Other computers in the same network can reach it, with the token"),
)
ACCESS = (
    (Access.READ, "Only read", "Find and fetch; nothing can be changed"),
    (Access.ADD, "Add", "Find, fetch, new items and describe them"),
    (Access.ALL, "Add and delete", "The same, and delete; what is deleted goes to the trash"),
)
SIMILAR = (
    (False, "Keep both", "Store it and report what it looks like"),
    (
        True,
        "Keep the earlier one",
        "Answer with the earlier one and store nothing, as the original vidcache server does",
    ),
)


class ServingForm(QWidget):
    changed = Signal(object)  # Choices

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self.choices = choices
        self._locked = False
        self.reach = ChoiceRow(REACH, "Who can reach it")
        self.ports = QLineEdit()
        self.ports.setAccessibleName("Ports")
        self.ports.setToolTip("Several are separated by commas. Usual: 8020 vidcache, 24000 and "
                              "25000 MictlanX; every port speaks both")  # fmt: skip
        self.token = TokenField()
        self.vidcache = self._check("vidcache", "The vidcache REST API, for its published client")
        self.mictlanx = self._check("MictlanX", "Storage peer and router, API v4")
        self.access = ChoiceRow(ACCESS, "What programs may do")
        self.similar = ChoiceRow(SIMILAR, "What looks like something here")
        self.at_start = self._check(
            "Switch on when a library is opened", "Otherwise it is off until you switch it on"
        )
        self.downloads = self._check("Download for them", phrases.DOWNLOADS)
        self.about_downloads = label(phrases.DOWNLOADS, theme.SMALL, muted=True, wrap=True)
        self.warning = label("", theme.SMALL, wrap=True)
        self.warning.setProperty("warn", True)
        self.about_token = label(phrases.NO_TOKEN, theme.SMALL, muted=True, wrap=True)
        self._lay_out()
        self._show(choices)
        self.reach.chosen.connect(self._reach)
        self.ports.textEdited.connect(lambda text: self._set(ports=text.strip()))
        self.token.changed.connect(lambda token: self._set(token=token))
        self.vidcache.toggled.connect(lambda on: self._set(vidcache=on))
        self.mictlanx.toggled.connect(lambda on: self._set(mictlanx=on))
        self.access.chosen.connect(lambda access: self._set(access=access))
        self.similar.chosen.connect(lambda upstream: self._set(as_upstream=upstream))
        self.at_start.toggled.connect(lambda on: self._set(at_start=on))
        self.downloads.toggled.connect(lambda on: self._set(downloads=on))

    def lock(self, locked: bool) -> None:
        """While it is on nothing can be changed but what happens the next time."""
        for widget in (
            self.reach, self.ports, self.vidcache, self.mictlanx, self.access, self.similar,
        ):  # fmt: skip
            widget.setEnabled(not locked)
        self.token.lock(locked)
        self._locked = locked
        self._say()

    def _lay_out(self) -> None:
        speaks = QHBoxLayout()
        speaks.setSpacing(16)
        speaks.addWidget(self.vidcache)
        speaks.addWidget(self.mictlanx)
        speaks.addStretch()
        token = QVBoxLayout()
        token.setSpacing(4)
        token.addWidget(self.token)
        token.addWidget(self.about_token)
        access = QVBoxLayout()
        access.setSpacing(8)
        access.addWidget(self.access)
        access.addWidget(self.downloads)
        access.addWidget(self.about_downloads)
        reach = QVBoxLayout()
        reach.setSpacing(6)
        reach.addWidget(self.reach)
        reach.addWidget(self.warning)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, Any], ...] = (
            ("Reached from", reach), ("Ports", self.ports), ("Token", token), ("Speaks", speaks),
            ("Programs may", access), ("Same footage", self.similar), ("", self.at_start),
        )  # fmt: skip
        top = Qt.AlignmentFlag.AlignTop
        for row, (text, what) in enumerate(rows):
            name = label(text)
            name.setMinimumHeight(28)
            grid.addWidget(name, row, 0, top)
            if isinstance(what, QWidget):
                name.setBuddy(what)
                grid.addWidget(what, row, 1)
            else:
                grid.addLayout(what, row, 1)

    def _check(self, text: str, tip: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setToolTip(tip)
        made.setAccessibleDescription(tip)
        return made

    def _reach(self, network: object) -> None:
        """Other computers are let in with a token only, so there is one from the first moment."""
        if network and not self.choices.token:
            self.token.set_token(new_token())
        self._set(network=bool(network), token=self.token.token)

    def _set(self, **values: Any) -> None:
        self.choices = replace(self.choices, **values)
        self._say()
        self.changed.emit(self.choices)

    def _show(self, choices: Choices) -> None:
        self.reach.choose(choices.network)
        self.ports.setText(choices.ports)
        self.token.set_token(choices.token)
        self.vidcache.setChecked(choices.vidcache)
        self.mictlanx.setChecked(choices.mictlanx)
        self.access.choose(choices.access)
        self.similar.choose(choices.as_upstream)
        self.at_start.setChecked(choices.at_start)
        self.downloads.setChecked(choices.downloads)
        self._say()

    def _say(self) -> None:
        network, token = self.choices.network, self.choices.token
        self.warning.setText(phrases.WARNING)
        self.warning.setVisible(network)
        self.about_token.setVisible(not network and not token)
        self.token.copy.setEnabled(bool(token))
        adds = self.choices.access is not Access.READ
        self.downloads.setEnabled(adds and not self._locked)
        self.about_downloads.setEnabled(adds)
