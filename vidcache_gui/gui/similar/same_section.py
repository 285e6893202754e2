"""In the inspector: what shows the same as the chosen item."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from vidcache_gui.core.similar.words import done_to
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.library.cell import elided
from vidcache_gui.gui.parts import button, icon_button, label
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.sides import Shown

ROWS = 5


class SameSection(QWidget):
    """Short rows; a click shows the other item."""

    play_requested = Signal(object)  # Item
    compare_requested = Signal(object, object)  # Shown, None
    more_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Same footage")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_matches(self, matches: list[Shown]) -> None:
        """Matches with the chosen item as a, surest first."""
        while (entry := self._column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        for shown in matches[:ROWS]:
            self._column.addWidget(self._row(shown))
        more = len(matches) - ROWS
        if more > 0:
            rest = button(f"and {words.number(more)} more", self.more_requested.emit)
            rest.setProperty("link", True)
            self._column.addWidget(rest)

    def _row(self, shown: Shown) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        text = phrases.short_relation(shown.match, shown.b.name)
        name = _Link(text)
        name.setToolTip(f"{text}\nPlay it")
        name.clicked.connect(lambda: self.play_requested.emit(shown.b.item))
        texts.addWidget(name)
        sure = phrases.TIERS[shown.match.tier].lower()
        done = [phrases.main_segment(shown.match)]
        extra = ", ".join(done_to(done[0])) if done[0] is not None else ""
        verdict = phrases.VERDICTS.get(shown.verdict, "").lower()
        facts = " · ".join(part for part in (sure, extra, verdict) if part)
        texts.addWidget(label(facts, theme.SMALL, muted=True))
        across.addLayout(texts, 1)
        beside = icon_button(
            "compare",
            f"Side by side with {shown.b.name}",
            lambda: self.compare_requested.emit(shown, None),
            "muted",
        )
        beside.setIconSize(QSize(14, 14))
        beside.setFixedSize(24, 24)
        across.addWidget(beside)
        return row


class _Link(QPushButton):
    """A line of text that can be pressed, and gives way where there is no room."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._whole = text
        self.setProperty("link", True)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        mode = Qt.TextElideMode.ElideRight
        self.setText(elided(self._whole, max(20, self.width() - 2), self.font(), mode))
