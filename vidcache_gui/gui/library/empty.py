"""What stands where there is nothing to list: a picture, a sentence, a button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from vidcache_gui.core.records import Query
from vidcache_gui.gui.blank import Blank
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.parts import button

_WORDS = {
    "all": (
        "Nothing here yet",
        "Drop videos, GIFs or folders anywhere on this window. A folder of numbered frames "
        "becomes one sequence. Your originals stay where they are.",
        "Add files…",
    ),
    "recent": (
        "Nothing was added in the last days",
        "What you add next shows up here first.",
        "Add files…",
    ),
    "damaged": ("Nothing is damaged", "Everything in this library could be read.", ""),
    "trash": ("The trash is empty", "What you remove waits here until you empty it.", ""),
    "bucket": ("Nothing is in this bucket", "Drop files here to add them to it.", "Add files…"),
    "tag": ("Nothing has this tag", "Drag items onto the tag to put it on them.", ""),
}


class EmptyPage(Blank):
    add_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = button("", self._press, primary=True)
        self.add_button(self._button)
        self._searching = False

    def explain(self, place: Place, query: Query) -> None:
        """Say why nothing is listed."""
        self._searching = bool(query.text or query.kind)
        if self._searching:
            what = f"“{query.text}”" if query.text else "this filter"
            title, text, press = (
                f"Nothing matches {what}",
                f"Looked in: {place.title}. Words match the beginnings of words in names, tags, "
                "details and sources.",
                "Clear the search" if query.text else "Show all kinds",
            )
        else:
            title, text, press = _WORDS.get(place.name, _WORDS["all"])
        self.say(title, text)
        self._button.setText(press)
        self._button.setVisible(bool(press))

    def _press(self) -> None:
        (self.clear_requested if self._searching else self.add_requested).emit()
