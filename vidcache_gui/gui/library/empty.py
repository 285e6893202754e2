"""What stands where there is nothing to list: a picture, a sentence, a button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vidcache_gui.core.records import Query
from vidcache_gui.gui import theme
from vidcache_gui.gui.library.sidebar import Place
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.welcome import Picture

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


class EmptyPage(QWidget):
    add_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", theme.SECTION, medium=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = label("", muted=True, wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setFixedWidth(400)
        self._words.setMinimumHeight(60)
        self._button = button("", self._press, primary=True)
        self._searching = False
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(Picture("empty", 160, 112), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    @property
    def title(self) -> str:
        return self._title.text()

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
        self._title.setText(title)
        self._words.setText(text)
        self._button.setText(press)
        self._button.setVisible(bool(press))

    def _press(self) -> None:
        (self.clear_requested if self._searching else self.add_requested).emit()
