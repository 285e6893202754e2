"""Everything in the library that shows the same as something else in it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.similar.records import CheckState
from vidcache_gui.gui import icons, theme, words
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.blank import Blank
from vidcache_gui.gui.library.thumbnails import Thumbnails
from vidcache_gui.gui.parts import ElidedLabel, button, icon_button, label, line
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.checking import state_details, state_words
from vidcache_gui.gui.similar.evidence import EvidencePictures
from vidcache_gui.gui.similar.families import FamiliesPane
from vidcache_gui.gui.similar.match_model import Counts, Filter, MatchModel
from vidcache_gui.gui.similar.match_pane import MatchPane
from vidcache_gui.matching.records import Relation, Tier

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

FAMILIES_MS = 800  # after the check found something


class FootagePage(QWidget):
    """Matches, or shared segments; above them how far the check is."""

    left = Signal()
    subject_changed = Signal(object)  # list[Item]: what the page is about now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Same footage")
        self._session: Session | None = None
        self.model: MatchModel | None = None
        self._listed: int | None = None  # how many were open when they were listed
        self._failure = ""  # why they cannot be listed
        self.pane = MatchPane()
        self.pane.left.connect(self.left)
        self.families = FamiliesPane()
        self.families.renamed.connect(self._rename)
        self.families.item_chosen.connect(self._tell_subject)
        self.pane.current_changed.connect(lambda _: self._tell_subject())
        self.blank = Blank()
        self._title = label("Same footage", theme.SECTION, medium=True)
        self._count = label("", muted=True)
        self.new = button("", self.show_anew)
        self.new.setProperty("link", True)
        self.new.setToolTip("List them too")
        self.new.hide()
        self.relation = self._combo("Relation")
        self.relation.addItem("All relations", None)
        for relation, text in phrases.RELATIONS.items():
            if relation is not Relation.SHARED:
                self.relation.addItem(text, relation)
        self.tier = self._combo("How sure")
        self.tier.addItem("Any certainty", None)
        for tier, text in phrases.TIERS.items():
            self.tier.addItem(text, tier)
        self.matches_button = self._choice("Matches", "What shows the same footage")
        self.families_button = self._choice("Shared segments", "Intros and titles of many items")
        self.matches_button.setChecked(True)
        self._stack = QStackedWidget()
        for page in (self.pane, self.families, self.blank):
            self._stack.addWidget(page)
        self._families_soon = QTimer(self, singleShot=True, interval=FAMILIES_MS)
        self._families_soon.timeout.connect(self._read_families)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(self._build_state())
        column.addWidget(line())
        column.addWidget(self._stack, 1)

    # Building

    def _combo(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(lambda _: self.show_anew())
        return box

    def _choice(self, text: str, tip: str) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setToolTip(tip)
        made.setProperty("choice", True)
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.clicked.connect(self._show_page)
        return made

    def _build_head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(44)
        across = QHBoxLayout(head)
        across.setContentsMargins(16, 6, 16, 4)
        across.setSpacing(8)
        across.addWidget(self._title)
        across.addWidget(self._count)
        across.addWidget(self.new)
        across.addStretch()
        for widget in (self.relation, self.tier):
            across.addWidget(widget)
        return head

    def _build_state(self) -> QWidget:
        row = QWidget()
        row.setFixedHeight(40)
        self.state = ElidedLabel()
        self.state.setFont(theme.font(tabular=True))
        self.state.setProperty("muted", True)
        self.pause = button("Pause", self._toggle_pause, flat=True)
        self.more = icon_button("more", "More about the check", color="muted")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        again = menu.addAction("Check everything again", self._rescan)
        icons.dress(again, "retry")
        again.setToolTip("Compare all items with each other anew; decisions stay")
        menu.setToolTipsVisible(True)
        self.more.setMenu(menu)
        across = QHBoxLayout(row)
        across.setContentsMargins(16, 0, 16, 6)
        across.setSpacing(0)
        across.addWidget(self.matches_button)
        across.addSpacing(4)
        across.addWidget(self.families_button)
        across.addSpacing(16)
        across.addWidget(self.state, 1)
        across.addWidget(self.pause)
        across.addWidget(self.more)
        return row

    # A library

    def set_session(
        self,
        session: "Session | None",
        thumbnails: Thumbnails | None,
        pictures: EvidencePictures | None,
    ) -> None:
        self.pane.set_model(None)
        if self.model is not None:
            self.model.deleteLater()
        self._session, self.model = session, None
        self._families_soon.stop()
        self.families.set_pictures(thumbnails, pictures)
        self.families.show_families([])
        self.pane.set_session(session, thumbnails, pictures)
        self.state.setText("")
        if session is None:
            return
        self.model = MatchModel(session.background, session.library, self)
        self.model.listed.connect(self._show_listed)
        self.model.failed.connect(self._show_failure)
        self.model.rowsRemoved.connect(self._show_count)
        self.pane.set_model(self.model)
        session.checking.state_changed.connect(self.show_state)
        session.checking.stopped.connect(self._show_stopped)
        session.checking.counts_changed.connect(self._show_counts)

    def open(self) -> None:
        """It is about to be looked at: list what there is now."""
        if self._session is not None:
            self._session.checking.refresh()
        self.show_anew()

    def show_anew(self) -> None:
        self._listed, self._failure = None, ""
        if self.model is not None:
            self.model.show(Filter(self.relation.currentData(), self.tier.currentData()))
        self._read_families()

    # Showing

    def _show_page(self) -> None:
        held = self.hasFocus() or self._stack.isAncestorOf(self.focusWidget())
        matches = self.matches_button.isChecked()
        for widget in (self.relation, self.tier):
            widget.setEnabled(matches)
        if matches:
            empty = self.model is None or not self.model.rowCount()
            self._stack.setCurrentWidget(self.blank if empty else self.pane)
        elif self.families.model.rowCount():
            self._stack.setCurrentWidget(self.families)
        else:
            self._stack.setCurrentWidget(self.blank)
        shown = self._stack.currentWidget()
        if shown is not None:
            self.setFocusProxy(shown)
        if held:
            self.setFocus()
        self._explain()
        self._show_count()
        self._tell_subject()

    def _show_failure(self, text: str) -> None:
        self._failure = text
        self._stack.setCurrentWidget(self.blank)
        self._explain()

    def _tell_subject(self) -> None:
        if not self.isVisible():
            return
        if not self.matches_button.isChecked():
            item = self.families.item
            self.subject_changed.emit([item] if item is not None else [])
            return
        shown = self.pane.shown
        both = shown.items if shown is not None else None
        self.subject_changed.emit(list(both) if both is not None else [])

    def _show_listed(self) -> None:
        if self.model is not None:
            self._listed = self.model.rowCount()
        self.new.hide()
        self._show_page()

    def _show_count(self) -> None:
        count = self.model.rowCount() if self.model is not None else 0
        self._count.setText(words.number(count) if self.matches_button.isChecked() else "")

    def _show_counts(self, counts: Counts) -> None:
        """What came since is announced: rows never move under anybody."""
        if self.model is None or self._listed is None:
            return
        decided = sum(bool(shown.verdict) for shown in self.model.touched().values())
        more = self.model.filter.count(counts) + decided - self._listed
        self.new.setText(f"{words.number(more)} more: show")
        self.new.setVisible(more > 0 and self.matches_button.isChecked())
        if more > 0 and not self._listed and self.isVisible():
            self.show_anew()
        if self.isVisible() and not self._families_soon.isActive():
            self._families_soon.start()

    def _show_stopped(self, why: str) -> None:
        self.state.setText(f"Comparing stopped: {why}")
        self.state.setToolTip(why)
        self.pause.setText("Try again")
        self.pause.setToolTip("Go on comparing")
        self.pause.show()

    def show_state(self, state: CheckState) -> None:
        problem = self._session.checking.problem if self._session is not None else ""
        if problem:
            self._show_stopped(problem)
            return
        self.state.setText(state_words(state))
        self.state.setToolTip(state_details(state))
        self.pause.setText("Resume" if state.paused else "Pause")
        self.pause.setToolTip(
            "Go on comparing" if state.paused else "Stop comparing for now; what is done stays"
        )
        self.pause.setVisible(state.paused or not state.done)
        self._explain()

    def _explain(self) -> None:
        if self._failure:
            self.blank.say("Matches cannot be listed", self._failure)
            return
        if not self.matches_button.isChecked():
            self.blank.say(
                "No segments are shared by several items",
                "An intro or a title card that three or more items have shows up here, so that "
                "it is not taken for the same footage.",
            )
            return
        filtered = self.model is not None and self.model.filter != Filter()
        state = self._session.checking.state if self._session is not None else None
        if filtered:
            self.blank.say("No matches of this kind", "Choose another one above.")
        elif state is not None and state.total and not state.done:
            self.blank.say("Nothing found so far", f"{state_words(state)}. Matches show up here.")
        else:
            self.blank.say(
                "No two items show the same footage",
                "What is added is compared with everything that is here, whatever was done "
                "to it: other sizes, speeds, crops, mirrored, or only a part.",
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    # Shared segments

    def _read_families(self) -> None:
        session = self._session
        if session is not None:
            library = session.library
            session.background.run(Purpose.READ, library.families, self._show_families)

    def _show_families(self, families) -> None:  # type: ignore[no-untyped-def]
        self.families.show_families(families)
        number = f"  {words.number(len(families))}" if families else ""
        self.families_button.setText(f"Shared segments{number}")
        if not self.matches_button.isChecked():
            self._show_page()

    def _rename(self, family_id: int, name: str) -> None:
        session = self._session
        if session is not None:
            library = session.library
            session.background.run(
                Purpose.CATALOG,
                lambda: library.rename_family(family_id, name),
                lambda _: self._read_families(),
                session.report,
            )

    # The check

    def _toggle_pause(self) -> None:
        if self._session is not None:
            self._session.checking.toggle()

    def _rescan(self) -> None:
        if self._session is not None:
            self._session.checking.rescan()

    def choose(self, relation: Relation | None = None, tier: Tier | None = None) -> None:
        """Set both filters at once."""
        self.relation.setCurrentIndex(max(0, self.relation.findData(relation)))
        self.tier.setCurrentIndex(max(0, self.tier.findData(tier)))
        self.show_anew()
