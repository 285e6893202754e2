"""Rules that decide what is certain: made here, tried without doing anything, then applied."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Changes
from vidcache_gui.core.review.records import Rule, RuleReport
from vidcache_gui.errors import Cancelled
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.parts import button, label
from vidcache_gui.gui.review import phrases
from vidcache_gui.gui.review.rule_form import RuleForm

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

MOST_LISTED = 1000  # acts of a dry run
_RULE = Qt.ItemDataRole.UserRole + 1


class RulesDialog(QDialog):
    """``applied``: decisions were made, so the queue is another one."""

    applied = Signal()

    def __init__(self, session: "Session", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stop = CancelToken()
        self._report: RuleReport | None = None
        self.setWindowTitle("Rules")
        self.resize(820, 600)
        self.list = QListWidget()
        self.list.setAccessibleName("Rules")
        self.list.setFixedWidth(200)
        self.list.currentItemChanged.connect(lambda *_: self._show_rule())
        self.new = button("New rule", self._add)
        self.delete = button("Delete", self._delete, flat=True)
        self.form = RuleForm()
        self.form.changed.connect(self._save)
        self.acts = QListWidget()
        self.acts.setAccessibleName("What the rule would do")
        self.acts.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.said = label("", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.hide()
        self.try_it = button("Try it", self._try)
        self.try_it.setToolTip("See what it would do; nothing is changed")
        self.apply = button("Apply", self._apply, primary=True)
        self.halt = button("Stop", self._halt)
        self.closes = button("Close", self.accept)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.form)
        self.stack.addWidget(self._build_outcome())
        self._build()
        session.closing.connect(self._halt)
        self.finished.connect(lambda _: self._halt())
        self._show_rule()
        self._read()

    def _build_outcome(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.said)
        column.addWidget(self.acts, 1)
        column.addWidget(button("Back to the rule", lambda: self._show_rule(), flat=True))
        return made

    def _build(self) -> None:
        side = QVBoxLayout()
        side.addWidget(self.list, 1)
        under = QHBoxLayout()
        under.addWidget(self.new)
        under.addWidget(self.delete)
        side.addLayout(under)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(side)
        middle.addWidget(self.stack, 1)
        across = QHBoxLayout()
        for each in (self.try_it, self.apply, self.halt):
            across.addWidget(each)
        across.addStretch()
        across.addWidget(self.closes)
        note: QLabel = label(
            "A rule decides only what is certain. Try it first: it lists precisely what it would "
            "do. What it did is one step, and can be taken back.",
            muted=True,
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label("Rules", theme.TITLE, medium=True))
        column.addWidget(note)
        column.addLayout(middle, 1)
        column.addWidget(self.progress)
        column.addLayout(across)

    # The rules

    def _read(self, chosen: str = "") -> None:
        library = self._session.library

        def show(rules: list[Rule]) -> None:
            self.list.clear()
            for rule in rules:
                made = QListWidgetItem(rule.name)
                made.setData(_RULE, rule)
                self.list.addItem(made)
                if rule.name == chosen:
                    self.list.setCurrentItem(made)
            if self.list.currentItem() is None and self.list.count():
                self.list.setCurrentRow(0)
            self._show_rule()

        self._session.background.run(Purpose.READ, library.rules, show, self._session.report)

    @property
    def rule(self) -> Rule | None:
        chosen = self.list.selectedItems()
        return None if not chosen else chosen[0].data(_RULE)

    def _show_rule(self) -> None:
        rule = self.rule
        self._report = None
        self.stack.setCurrentIndex(0)
        self.form.setEnabled(rule is not None)
        if rule is not None:
            self.form.show_rule(rule)
        self._show_buttons(busy=False)

    def _show_buttons(self, *, busy: bool) -> None:
        ready = self._report is not None and bool(self._report.acts)
        self.try_it.setEnabled(self.rule is not None and not busy)
        self.delete.setEnabled(self.rule is not None and not busy)
        self.apply.setVisible(ready and not busy)
        self.halt.setVisible(busy)
        self.progress.setVisible(busy)

    def _add(self) -> None:
        names = {self.list.item(row).text() for row in range(self.list.count())}
        number = 1
        while (name := f"Rule {number}") in names:
            number += 1
        self._keep(Rule(name), name)

    def _save(self, rule: Rule) -> None:
        """Every change of the form is kept at once; a new name is a new rule in its place."""
        old = self.rule
        if old is None or rule == old:
            return
        library, current = self._session.library, self.list.currentItem()

        def work() -> None:
            library.save_rule(rule)
            if rule.name != old.name:
                library.delete_rule(old.name)

        def show(_: object) -> None:
            if current is self.list.currentItem() and current is not None:
                current.setText(rule.name)
                current.setData(_RULE, rule)

        self._session.background.run(Purpose.CATALOG, work, show, self._session.report)

    def _keep(self, rule: Rule, chosen: str) -> None:
        library = self._session.library
        self._session.background.run(
            Purpose.CATALOG, lambda: library.save_rule(rule), lambda _: self._read(chosen),
            self._session.report,
        )  # fmt: skip

    def _delete(self) -> None:
        rule, library = self.rule, self._session.library
        if rule is not None:
            self._session.background.run(
                Purpose.CATALOG, lambda: library.delete_rule(rule.name), lambda _: self._read(),
                self._session.report,
            )  # fmt: skip

    # Trying and applying

    def _tell(self, done: int, total: int) -> None:
        self._session.background.tell("rule", self._show_progress, (done, total))

    def _show_progress(self, how_far: tuple[int, int]) -> None:
        self.progress.setMaximum(max(1, how_far[1]))
        self.progress.setValue(how_far[0])

    def _begin(self) -> CancelToken:
        self._stop = CancelToken()
        self.progress.setMaximum(0)
        self._show_buttons(busy=True)
        return self._stop

    def _halt(self) -> None:
        self._stop.cancel()

    def _fail(self, error: Exception) -> None:
        self._show_buttons(busy=False)
        if not isinstance(error, Cancelled):
            self._session.report(error)

    def _try(self) -> None:
        rule, library = self.rule, self._session.library
        if rule is None:
            return
        stop = self._begin()
        self._session.background.run(
            Purpose.WORK, lambda: library.dry_run(rule, self._tell, stop), self._show_report,
            self._fail,
        )  # fmt: skip

    def _show_report(self, report: RuleReport) -> None:
        self._report = report
        self._show_buttons(busy=False)
        self.stack.setCurrentIndex(1)
        self.acts.clear()
        for plan in report.acts[:MOST_LISTED]:
            freed = words.size(plan.frees)
            text = f"Keep “{plan.keep.name}”, {phrases.names(plan.drop)} to the trash · {freed}"
            made = QListWidgetItem(text)
            made.setToolTip(phrases.details(plan))
            self.acts.addItem(made)
        self.said.setText(report_words(report))
        self.apply.setText(f"Apply to {words.items(report.removes)}")

    def _apply(self) -> None:
        report, library = self._report, self._session.library
        if report is None:
            return
        stop = self._begin()

        def done(_: Changes) -> None:
            self.applied.emit()
            self._show_rule()

        self._session.act(lambda: library.apply(report, self._tell, stop), "", done, self._fail)


def report_words(report: RuleReport) -> str:
    """``Would move 12 items to the trash and free 340 MB. Left alone: 3 of another length.``"""
    if report.acts:
        text = (
            f"Would move {words.items(report.removes)} to the trash"
            f" and free {words.size(report.frees)} when it is emptied."
        )
    else:
        text = "Would do nothing."
    if len(report.acts) > MOST_LISTED:
        text += f" The first {words.number(MOST_LISTED)} are listed."
    left = [f"{words.number(count)} {why}" for why, count in report.passed_over if count]
    return f"{text} Left alone: {', '.join(left)}." if left else text
