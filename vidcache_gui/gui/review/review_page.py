"""The page on which people decide: the queue, the pair, what differs, what to do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.review.records import ReviewFilter, ReviewProgress
from vidcache_gui.gui import theme
from vidcache_gui.gui.blank import Blank
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.parts import ElidedLabel, icon_button, label, line
from vidcache_gui.gui.review import phrases
from vidcache_gui.gui.review.decision_bar import DecisionBar
from vidcache_gui.gui.review.facts_table import FactsPanel
from vidcache_gui.gui.review.filter_bar import FilterBar
from vidcache_gui.gui.review.member_strip import MemberStrip
from vidcache_gui.gui.review.queue_view import QueueView

if TYPE_CHECKING:
    from vidcache_gui.gui.review.desk import ReviewDesk

QUEUE_WIDTH = 316
FACTS_HEIGHT = 150


class ReviewPage(QWidget):
    """Widgets only: what they do is :class:`.desk.ReviewDesk`'s."""

    left = Signal()
    why_requested = Signal()
    rules_requested = Signal()
    merging_requested = Signal()
    history_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk: ReviewDesk | None = None
        self.setAccessibleName("Review")
        self.queue = QueueView()
        self.filters = FilterBar()
        self.compare = CompareView(embedded=True)
        self.members = MemberStrip()
        self.members.hide()
        self.facts = FactsPanel()
        self.bar = DecisionBar()
        self.blank = Blank()
        self.count = label("", theme.SECTION, medium=True)
        self.left_over = ElidedLabel()
        self.left_over.setFont(theme.font(theme.SMALL, tabular=True))
        self.left_over.setProperty("muted", True)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self._build_queue())
        split.addWidget(self._build_right())
        split.setStretchFactor(1, 1)
        split.setSizes([QUEUE_WIDTH, 10_000])
        across.addWidget(split)
        self.queue.opened.connect(self.compare.setFocus)
        self.compare.close_requested.connect(self.left)
        self.setFocusProxy(self.compare)

    def _build_queue(self) -> QWidget:
        made = QWidget()
        made.setMinimumWidth(QUEUE_WIDTH)
        head = QHBoxLayout()
        head.setContentsMargins(4, 6, 12, 0)
        head.setSpacing(4)
        self.back = icon_button("back", "Back to the library (Esc)", self.left.emit)
        head.addWidget(self.back)
        head.addWidget(self.count, 1)
        head.addWidget(self._build_menu())
        below = QHBoxLayout()
        below.setContentsMargins(16, 0, 12, 8)
        below.addWidget(self.left_over)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(below)
        column.addWidget(self.filters)
        column.addWidget(line())
        column.addWidget(self.queue, 1)
        return made

    def _build_right(self) -> QWidget:
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.compare)
        parts.addWidget(self.facts)
        parts.setStretchFactor(0, 1)
        parts.setSizes([10_000, FACTS_HEIGHT])
        self.pair = QWidget()
        column = QVBoxLayout(self.pair)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.members)
        column.addWidget(parts, 1)
        column.addWidget(self.bar)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.pair)
        self.stack.addWidget(self.blank)
        return self.stack

    def _build_menu(self) -> QToolButton:
        """What is needed now and then."""
        made = icon_button("more", "Rules, what is taken over, and past decisions")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        why, rules = self.why_requested, self.rules_requested
        merging, history = self.merging_requested, self.history_requested
        for request, text, keys, tip in (
            (why, "Why do these match?", "Ctrl+Alt+W", "The pictures that show it, step by step"),
            (rules, "Rules…", "Ctrl+Alt+R", "Let rules decide what is certain"),
            (merging, "What is taken over…", "Ctrl+Alt+M", "And which buckets are protected"),
            (history, "Decisions…", "Ctrl+Alt+D", "Any of them can be taken back"),
        ):
            action = menu.addAction(text)
            action.triggered.connect(request)
            action.setToolTip(tip)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
        made.setMenu(menu)
        return made

    def set_thumbnails(self, thumbnails: Thumbnails | None) -> None:
        self.queue.set_thumbnails(thumbnails)
        self.members.set_thumbnails(thumbnails)

    def show_progress(self, now: ReviewProgress) -> None:
        self.count.setText(phrases.progress(now))
        self.left_over.setText(phrases.left(now) if now.total else "")

    def show_nothing(self, wanted: ReviewFilter, problem: str = "") -> None:
        """There is no pair to show, and why."""
        self.compare.clear()
        if problem:
            self.blank.say("The queue cannot be read", problem)
        elif wanted != ReviewFilter():
            self.blank.say("Nothing of this kind is left to decide", "Choose something else above.")
        else:
            self.blank.say(
                "Nothing is left to decide",
                "What shows the same footage turns up here when it is found. Everything that was "
                "decided can be taken back: Decisions… lists it.",
            )
        self.stack.setCurrentWidget(self.blank)
        self.queue.setFocus()

    def let_go(self) -> None:
        """The library is being closed."""
        self.desk = None
        self.compare.shut_down()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.desk is not None and self.desk.press(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
