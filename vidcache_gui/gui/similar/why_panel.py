"""Why two items match: how sure and what was done, in words, beside the pictures."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from vidcache_gui.core.similar.words import done_to
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.parts import button, icon_button, label, line
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.evidence_strip import EvidenceStrip
from vidcache_gui.gui.similar.sides import Shown
from vidcache_gui.matching.records import Match

HEIGHT = 268
WORDS_WIDTH = 288
STRETCHES = 6  # told in words; the map shows all
# Colours, logos and subtitles are not told: only what moves pixels to another place.
PLAIN = "Not mirrored, turned, cropped or at another speed."


class WhyPanel(QWidget):
    closed = Signal()
    stretch_opened = Signal(int)  # side by side at this stretch

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("why_panel")
        self.setAccessibleName("Why they match")
        self.setMinimumHeight(160)
        self._shown: Shown | None = None
        self.strip = EvidenceStrip()
        self._title = label("", medium=True)
        self._text = label("", wrap=True, selectable=True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._stretches = QVBoxLayout()
        self._stretches.setSpacing(2)
        self._close = icon_button("close", "Hide (W)", self.closed.emit, "muted")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._build_words())
        across.addWidget(line(vertical=True))
        across.addWidget(self._build_pictures(), 1)

    def _build_words(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 10, 12, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addSpacing(4)
        column.addLayout(self._stretches)
        column.addStretch()
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFixedWidth(WORDS_WIDTH)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, or wrapped text and bar would change each other's size for ever.
        room.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = room.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
        bar.setEnabled(False)
        room.setWidget(body)
        room.setAccessibleName("Why they match, in words")
        return room

    def _build_pictures(self) -> QScrollArea:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 14, 16, 10)
        column.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column.addStretch()
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setWidget(holder)
        room.setAccessibleName("Pictures that show the match")
        return room

    def set_pictures(self, pictures: EvidencePictures | None) -> None:
        self.strip.set_pictures(pictures)

    def set_query_picture(self, image: QImage | None) -> None:
        self.strip.query_picture = image

    def show_match(self, shown: Shown | None, stretch: int | None = None) -> None:
        self.strip.show_match(shown, stretch)
        if shown is not self._shown:
            self._shown = shown
            self._title.setText(why_title(shown.match) if shown is not None else "")
            self._title.setToolTip(phrases.TIER_TIPS[shown.match.tier] if shown else "")
            self._text.setText("\n".join(why_lines(shown)) if shown is not None else "")
            self._show_stretches(shown)

    def _show_stretches(self, shown: Shown | None) -> None:
        while (entry := self._stretches.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        segments = shown.match.segments if shown is not None else ()
        for number, segment in enumerate(segments[:STRETCHES]):
            open_it = partial(self.stretch_opened.emit, number)
            row = button(phrases.segment_words(segment), open_it)
            row.setProperty("link", True)
            row.setFont(theme.font(theme.SMALL, tabular=True))
            row.setToolTip(f"{phrases.offset_words(segment)}\nSide by side from here")
            row.setEnabled(shown is not None and shown.items is not None)
            self._stretches.addWidget(row)
        more = len(segments) - STRETCHES
        if more > 0:
            text = f"and {words.plural(more, 'more stretch', 'more stretches')}"
            self._stretches.addWidget(label(text, theme.SMALL, muted=True))


def why_title(match: Match) -> str:
    return f"{phrases.TIERS[match.tier]}: {phrases.RELATION_TITLES[match.relation].lower()}"


def why_lines(shown: Shown) -> list[str]:
    """What speaks for it, what was done to B, how far the pictures are apart."""
    match = shown.match
    lines = list(match.reasons)
    first = phrases.main_segment(match)
    if first is None:
        return lines or [phrases.TIER_TIPS[match.tier] + "."]
    done = done_to(first)
    lines.append(f"B is {', '.join(done)}." if done else PLAIN)
    lines.append(
        f"B shows {match.coverage_a:.0%} of A, A shows {match.coverage_b:.0%} of B. "
        f"{phrases.distance_words(first.distance)}: {phrases.distance_facts(first.distance)} "
        "on average."
    )
    return lines
