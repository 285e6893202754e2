"""The player as a page of the window: which item is on, and the way back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vidcache_gui.core.records import Item
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.parts import DragLabel, icon_button, label
from vidcache_gui.gui.player.keeper import Keeper
from vidcache_gui.gui.player.view import PlayerView

if TYPE_CHECKING:
    from vidcache_gui.gui.remotes.opening import Opening
    from vidcache_gui.gui.session import Session


class PlayerPage(QWidget):
    closed = Signal()
    full_screen_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.item: Item | None = None
        self._opening: Opening | None = None  # of what is played from a remote
        self.view = PlayerView()
        self.view.close_requested.connect(self.closed)
        self.view.full_screen_requested.connect(self.full_screen_requested)
        for asked in (self.view.export_requested, self.view.bookmark_set, self.view.delays_changed):
            asked.connect(self._refuse)
        self.keeper = Keeper(self.view)
        self._head = QWidget()
        self._head.setObjectName("bar")
        self._head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head.setFixedHeight(44)
        self._name = DragLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._name.setFont(theme.font(theme.BODY, medium=True))
        self._name.dragged.connect(self.keeper.drag_file)
        self._facts = label("", muted=True)
        across = QHBoxLayout(self._head)
        across.setContentsMargins(8, 0, 16, 0)
        across.setSpacing(8)
        across.addWidget(icon_button("back", "Back to the library (Esc)", self.closed.emit))
        across.addWidget(self._name, 1)
        across.addWidget(self._facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.view, 1)

    def show_item(self, session: "Session", item: Item) -> None:
        self.clear()
        self._session = session
        self.item = item
        self._name.setText(item.name)
        self._facts.setText(words.facts_line(item))
        library = session.library
        self.view.show_item(item, lambda: library.open_source(item, as_stored=True))
        self.keeper.show(library, item, session.background, session.change)
        session.changed.connect(self.keeper.reload)
        session.background.run(
            Purpose.READ, lambda: library.strip(item), lambda jpeg: self._show_strip(item, jpeg)
        )
        self.view.setFocus()

    def show_far(self, session: "Session", item: Item, where: str, opening: "Opening") -> None:
        """What is on a remote. Nothing about it is kept, so there is no :attr:`item`."""
        self.clear()
        self._session, self._opening = session, opening
        self._name.setText(item.name)
        self._facts.setText(f"played from {where} · {words.facts_line(item)}")
        self.view.show_item(item, opening)
        self.keeper.show_elsewhere(session.background)
        session.changed.connect(self.keeper.reload)
        self.view.setFocus()

    def _refuse(self) -> None:
        if self._opening is not None:
            self.view.say("Copy it to the library to keep bookmarks or delays, or to export.")

    def _show_strip(self, item: Item, jpeg: bytes | None) -> None:
        if self.item is item:
            self.view.show_strip(jpeg)

    def clear(self) -> None:
        if self._session is not None:
            self._session.changed.disconnect(self.keeper.reload)
        if self._opening is not None:
            self._opening.cancel()
        self.item = self._session = self._opening = None
        self.keeper.clear()
        self.view.clear()

    def show_bars(self, shown: bool) -> None:
        """In full screen only the picture and its controls stay."""
        self._head.setVisible(shown)
