"""Matches, what can be done with the current one, and why it is one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.parts import button
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.match_model import MatchList
from vidcache_gui.gui.similar.match_view import MatchView
from vidcache_gui.gui.similar.sides import Shown
from vidcache_gui.gui.similar.why_panel import HEIGHT, WhyPanel

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

KEYS = {Verdict.NOT_A_MATCH: "N", Verdict.KEEP_BOTH: "K"}
BAR_HEIGHT = 48
MOST_READ = 500  # decisions asked for again after an undo


class MatchPane(QWidget):
    """One of these on every page that lists matches."""

    compare_requested = Signal(object, object)  # Shown, seconds of a | None
    play_requested = Signal(object)  # Item
    explain_requested = Signal(object, object)  # Item, Item
    current_changed = Signal(object)  # Shown | None
    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, alone: bool = False) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._model: MatchList | None = None
        self._asked = 0  # what was decided meanwhile is truer than what is being read
        self.view = MatchView(alone=alone)
        self.why = WhyPanel()
        self.why.hide()
        self.side_by_side = button("Side by side", self._compare, icon="compare")
        self.side_by_side.setToolTip("Look at both, frame by frame (Enter)")
        self.not_a_match = self._verdict_button(Verdict.NOT_A_MATCH)
        self.keep_both = self._verdict_button(Verdict.KEEP_BOTH)
        self.why_button = button("Why", self.toggle_why, flat=True, icon="info")
        self.why_button.setCheckable(True)
        self.why_button.setToolTip("What shows that they match (W)")
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.view)
        self._split.addWidget(self.why)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._split, 1)
        column.addWidget(self._build_bar())
        self._connect()
        self.setFocusProxy(self.view)

    def _verdict_button(self, verdict: Verdict) -> QPushButton:
        return button(phrases.VERDICTS[verdict.value], lambda: self.decide(verdict))

    def _build_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("match_bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(BAR_HEIGHT)
        across = QHBoxLayout(bar)
        across.setContentsMargins(16, 0, 12, 0)
        across.setSpacing(8)
        for each in (self.side_by_side, self.not_a_match, self.keep_both):
            across.addWidget(each)
        across.addStretch()
        across.addWidget(self.why_button)
        return bar

    def _connect(self) -> None:
        self.view.opened.connect(self._open)
        self.view.chosen.connect(self._show_current)
        self.view.stretch_chosen.connect(lambda _: self._show_why())
        self.view.key_pressed.connect(self._press)
        self.view.left.connect(self.left)
        self.view.menu_requested.connect(self._show_menu)
        self.why.closed.connect(lambda: self.show_why(False))
        self.why.stretch_opened.connect(self._open_stretch)

    # What is shown

    def set_session(
        self,
        session: "Session | None",
        thumbnails: Thumbnails | None,
        pictures: EvidencePictures | None,
    ) -> None:
        self._session = session
        self.view.set_thumbnails(thumbnails)
        self.why.set_pictures(pictures)
        if session is not None:
            session.undo_changed.connect(self._read_decisions)

    def set_model(self, model: MatchList | None) -> None:
        self._model = model
        self.view.setModel(model)
        self._show_current(self.view.shown)

    def set_query_picture(self, image: QImage | None) -> None:
        """Of what was searched for, where that is not in the library."""
        self.why.set_query_picture(image)

    @property
    def shown(self) -> Shown | None:
        return self.view.shown

    def _show_current(self, shown: Shown | None) -> None:
        both = shown is not None and shown.items is not None
        self.side_by_side.setEnabled(both)
        for verdict, which in (
            (Verdict.NOT_A_MATCH, self.not_a_match), (Verdict.KEEP_BOTH, self.keep_both),
        ):  # fmt: skip
            which.setEnabled(both)
            decided = shown is not None and shown.verdict == verdict.value
            text = phrases.VERDICTS[verdict.value]
            which.setText(f"Take back “{text}”" if decided else text)
            tip = "Decide again" if decided else _TIPS[verdict]
            which.setToolTip(f"{tip} ({KEYS[verdict]})")
        self._show_why()
        self.current_changed.emit(shown)

    def _show_why(self) -> None:
        if not self.why.isHidden():
            self.why.show_match(self.shown, self.view.stretch)

    # Why

    def toggle_why(self) -> None:
        self.show_why(self.why.isHidden())

    def show_why(self, on: bool) -> None:
        held = self.why.isAncestorOf(self.focusWidget())
        self.why.setVisible(on)
        self.why_button.setChecked(on)
        if on:
            room = max(self._split.height(), HEIGHT + 160)
            self._split.setSizes([room - HEIGHT, HEIGHT])
            self._show_why()
            index = self.view.currentIndex()
            if index.isValid():
                self.view.scrollTo(index)
        elif held:
            self.view.setFocus()

    # Acting

    def _press(self, key: str) -> None:
        if key == "W":
            self.toggle_why()
            return
        for verdict, known in KEYS.items():
            if key == known:
                self.decide(verdict)

    def decide(self, verdict: Verdict) -> None:
        """Say it of the current match, or take it back; then on to the next row."""
        shown, session, model = self.shown, self._session, self._model
        if shown is None or shown.items is None or session is None or model is None:
            return
        self._asked += 1
        a, b = shown.items
        if shown.verdict == verdict.value:
            model.set_verdict(shown.id, "")
            session.undecide(a, b)
            return
        model.set_verdict(shown.id, verdict.value)
        session.decide(a, b, verdict)
        self.view.go_to_next()

    def _read_decisions(self) -> None:
        """Something was done or undone: what became of the rows decided here?"""
        session, model = self._session, self._model
        rows = list(model.touched().values())[-MOST_READ:] if model is not None else []
        if session is None or not rows:
            return
        asked, library = self._asked, session.library

        def read() -> dict[int, str]:
            found = {}
            for shown in rows:
                if shown.items is not None:
                    a, b = shown.items
                    pair = (min(a.hash, b.hash), max(a.hash, b.hash))
                    known = {
                        (d.hash_a, d.hash_b): d.verdict.value for d in library.decisions(item=a.id)
                    }
                    found[shown.id] = known.get(pair, "")
            return found

        def show(found: dict[int, str]) -> None:
            if asked == self._asked and model is self._model and model is not None:
                for id, verdict in found.items():
                    model.set_verdict(id, verdict)

        session.background.run(Purpose.READ, read, show)

    def _compare(self) -> None:
        shown = self.shown
        if shown is not None:
            number = self.view.stretch
            self._open(shown, None if number is None else shown.match.segments[number].a0)

    def _open(self, shown: Shown, at: float | None) -> None:
        if shown.items is not None:
            self.compare_requested.emit(shown, at)
        elif shown.b.item is not None:
            self.play_requested.emit(shown.b.item)

    def _open_stretch(self, number: int) -> None:
        shown = self.shown
        if shown is not None:
            self._open(shown, shown.match.segments[number].a0)

    def _show_menu(self, point: QPoint) -> None:
        shown = self.shown
        if shown is None:
            return
        menu = QMenu(self)
        both = shown.items is not None
        for text, keys, act, enabled in (
            ("Side by side", "Enter", self._compare, both),
            (self.not_a_match.text(), "N", lambda: self.decide(Verdict.NOT_A_MATCH), both),
            (self.keep_both.text(), "K", lambda: self.decide(Verdict.KEEP_BOTH), both),
            ("Why", "W", self.toggle_why, True),
        ):
            menu.addAction(f"{text}\t{keys}", act).setEnabled(enabled)
        if shown.items is not None:
            a, b = shown.items
            steps = menu.addAction("Why, step by step…")
            steps.triggered.connect(lambda: self.explain_requested.emit(a, b))
        menu.addSeparator()
        for side in (shown.a, shown.b):
            if side.item is not None:
                play = menu.addAction(f"Play “{side.name}”")
                play.triggered.connect(lambda _=False, i=side.item: self.play_requested.emit(i))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)


_TIPS = {
    Verdict.NOT_A_MATCH: "They do not show the same: never list this again",
    Verdict.KEEP_BOTH: "They show the same, and both stay",
}
