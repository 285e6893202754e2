"""What can be decided about the pair that is shown, each by one key."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vidcache_gui.core.review.records import Plan
from vidcache_gui.gui import theme
from vidcache_gui.gui.parts import ElidedLabel, button
from vidcache_gui.gui.review import phrases


class Act(StrEnum):
    """What a person can say of a pair or a group."""

    KEEP_A = "keep a"
    KEEP_B = "keep b"
    KEEP_BOTH = "keep both"
    NOT_A_MATCH = "not a match"
    LINK = "link"
    SKIP = "skip"
    KEEP_A_ALONE = "keep a alone"
    KEEP_B_ALONE = "keep b alone"


@dataclass(frozen=True, slots=True)
class Choice:
    act: Act
    key: str
    text: str
    tip: str


CHOICES = (
    Choice(Act.KEEP_A, "1", "Keep A", "B goes to the trash"),
    Choice(Act.KEEP_B, "2", "Keep B", "A goes to the trash"),
    Choice(
        Act.KEEP_BOTH,
        "3",
        "Keep both",
        "They show the same, and both stay; with Shift, all of the group",
    ),
    Choice(
        Act.NOT_A_MATCH,
        "4",
        "Not a match",
        "They do not show the same: never list it again; with Shift, none of the group",
    ),
    Choice(Act.LINK, "5", "Link", "Both stay; the shorter is known as an excerpt"),
    Choice(Act.SKIP, "S", "Skip", "Later: it goes to the end of the queue"),
)
ALONE = (
    Choice(Act.KEEP_A_ALONE, "⇧1", "Only A", "All others of the group go to the trash"),
    Choice(Act.KEEP_B_ALONE, "⇧2", "Only B", "All others of the group go to the trash"),
)
KEEPS = {
    Act.KEEP_A: "a", Act.KEEP_B: "b", Act.KEEP_A_ALONE: "a", Act.KEEP_B_ALONE: "b",
}  # fmt: skip


class DecisionBar(QWidget):
    """Buttons, and a line that says what the one in question would do."""

    decided = Signal(object, bool)  # Act; with Shift

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("match_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._plans: dict[Act, Plan | str] = {}
        self._proposed: str = ""
        self.buttons: dict[Act, QPushButton] = {}
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        for choice in CHOICES + ALONE:
            made = button(f"{choice.key}  {choice.text}", partial(self._tell, choice.act))
            made.setAccessibleName(choice.text)
            made.setToolTip(f"{choice.tip} ({choice.key})")
            made.installEventFilter(self)
            self.buttons[choice.act] = made
            if choice.act is Act.KEEP_A_ALONE:
                across.addStretch()
            across.addWidget(made)
        self.outcome = ElidedLabel()
        self.outcome.setFont(theme.font(theme.SMALL, tabular=True))
        self.outcome.setProperty("muted", True)
        self.relation = QLabel()
        self.relation.setTextFormat(Qt.TextFormat.PlainText)
        self.relation.setFont(theme.font(theme.SMALL, tabular=True))
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(16)
        below.addWidget(self.outcome, 1)
        below.addWidget(self.relation)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        column.addLayout(across)
        column.addLayout(below)
        self.clear()

    def _tell(self, act: Act) -> None:
        held = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.decided.emit(act, bool(held))

    def clear(self) -> None:
        self._plans, self._proposed = {}, ""
        for made in self.buttons.values():
            made.setEnabled(False)
        self.outcome.setText("")
        self.relation.setText("")
        self._mark()

    def offer(self, *, several: bool, linkable: bool) -> None:
        """A pair is shown; ``several``: more than two items are in the group."""
        self._plans, self._proposed = {}, ""
        for act, made in self.buttons.items():
            made.setEnabled(act is not Act.LINK or linkable)
        for choice in ALONE:
            self.buttons[choice.act].setVisible(several)
        self.outcome.setText("")
        self._mark()

    def show_plans(self, plans: dict[Act, Plan | str]) -> None:
        """What each way of keeping would do; a sentence where it cannot be."""
        self._plans = plans
        for choice in CHOICES + ALONE:
            plan = plans.get(choice.act)
            if plan is None:
                continue
            known = plan if isinstance(plan, str) else phrases.details(plan)
            self.buttons[choice.act].setToolTip(f"{choice.tip} ({choice.key})\n\n{known}")
        self._show_outcome(self._asked())

    def propose(self, side: str) -> None:
        """The better side is the primary button; empty: neither."""
        self._proposed = side
        self._mark()
        self._show_outcome(self._asked())

    def plan(self, act: Act) -> Plan | None:
        found = self._plans.get(act)
        return found if isinstance(found, Plan) else None

    def _mark(self) -> None:
        for act in (Act.KEEP_A, Act.KEEP_B):
            made = self.buttons[act]
            primary = KEEPS[act] == self._proposed
            if bool(made.property("primary")) != primary:
                made.setProperty("primary", primary)
                made.style().unpolish(made)
                made.style().polish(made)

    def _asked(self) -> Act:
        """Which button the line below speaks of: the one pointed at, or the proposed one."""
        for act, made in self.buttons.items():
            if act in KEEPS and (made.hasFocus() or made.underMouse()):
                return act
        return Act.KEEP_B if self._proposed == "b" else Act.KEEP_A

    def _show_outcome(self, act: Act) -> None:
        plan = self._plans.get(act)
        if plan is None:
            self.outcome.setText("")
            return
        name = next(choice.text for choice in CHOICES + ALONE if choice.act is act)
        said = plan if isinstance(plan, str) else phrases.outcome(plan)
        self.outcome.setText(f"{name}: {said}")
        warned = isinstance(plan, Plan) and bool(plan.blocking)
        self.outcome.setProperty("warn", warned)
        if warned and isinstance(plan, Plan):
            self.outcome.setText(f"{name}: {plan.blocking[0].text}")
        self.outcome.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut,
        ):  # fmt: skip
            self._show_outcome(self._asked())
        return super().eventFilter(watched, event)
