"""Synchronising: choose, compare, look at what would happen, do it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.sync.records import Plan, Report
from vidcache_gui.gui import theme
from vidcache_gui.gui.export.run import Host
from vidcache_gui.gui.parts import ElidedLabel, button, label, line
from vidcache_gui.gui.sync import phrases
from vidcache_gui.gui.sync.form import SyncForm
from vidcache_gui.gui.sync.plan_model import ACT, SIZE, WHAT, WHERE, WHY, PlanModel
from vidcache_gui.gui.sync.run import SyncRun, Wish

SIZE_SHOWN = (980, 640)
ROW_HEIGHT = 28
WHAT_WIDTH = 240
SAMPLES = {ACT: "Leave as it is     ", WHERE: "The other side", SIZE: "999 bytes"}


class SyncDialog(QDialog):
    """Open it with ``open()``; it deletes itself when closed."""

    def __init__(self, session: Host, title: str, parent: QWidget | None = None) -> None:
        """``title``: the name of the library."""
        super().__init__(parent)
        self.setWindowTitle("Synchronise")
        self.resize(*SIZE_SHOWN)
        self.plan: Plan | None = None
        self._wish: Wish | None = None  # what the plan was made for
        self.form = SyncForm()
        self.model = PlanModel(self)
        self.run = SyncRun(session, self)
        self.table = self._make_table()
        self.said = label(phrases.BEGIN, wrap=True, selectable=True)
        self.now = ElidedLabel("")
        self.now.setProperty("muted", True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        self.compare_button = button("Compare", self.compare)
        self.compare_button.setToolTip("Find out what would happen; nothing is changed (Alt+C)")
        self.compare_button.setShortcut("Alt+C")
        self.start_button = button("Synchronise", self.start, primary=True)
        self.start_button.setToolTip("Do what is listed (Alt+S)")
        self.start_button.setShortcut("Alt+S")
        self.close_button = button("Close", self.reject)
        self.close_button.setToolTip("Close, or stop what is going on (Esc)")
        self._build(title)
        self.form.changed.connect(self._say_changed)
        self.run.found.connect(lambda n: self.now.setText(phrases.found(n)))
        self.run.progressed.connect(self._show_progress)
        self.run.told.connect(self.model.show_outcomes)
        self.run.compared.connect(self._show_plan)
        self.run.finished.connect(self._show_report)
        self.run.failed.connect(self._show_failure)
        self.run.stopped.connect(lambda: self._end(phrases.STOPPED))
        self.finished.connect(self.deleteLater)
        self._enable()
        self.form.other.setFocus()

    def _build(self, title: str) -> None:
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.now, 1)
        below.addWidget(self.close_button)
        below.addWidget(self.compare_button)
        below.addWidget(self.start_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(f"Synchronise “{title}”", theme.TITLE, medium=True))
        column.addWidget(self.form)
        column.addWidget(line())
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(self.bar)
        column.addWidget(line())
        column.addLayout(below)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setProperty("padded", True)
        table.setAccessibleName("What would happen")
        table.setToolTip("What would happen, and then what came of it")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setFont(theme.font(theme.BODY, tabular=True))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        metrics = QFontMetrics(table.font())
        for column, sample in SAMPLES.items():
            table.setColumnWidth(column, metrics.horizontalAdvance(sample) + 36)
        table.setColumnWidth(WHAT, WHAT_WIDTH)
        header.setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        header.hide()  # until there is something to head
        return table

    def compare(self) -> None:
        wish = self.form.wish
        if wish is None or self.run.running:
            return
        self._wish, self.plan = wish, None
        self.model.show_plan(None)
        self._begin(phrases.COMPARING, 0)
        self.run.compare(wish)

    def start(self) -> None:
        if self.plan is None or self._wish is None or self.run.running or not self.plan.to_do:
            return
        plan, self.plan = self.plan, None
        self._begin(phrases.summary(plan), len(plan.to_do))
        self.run.carry_out(self._wish, plan)

    def _begin(self, text: str, steps: int) -> None:
        self._say(text)
        self.now.setText("")
        self.bar.setRange(0, steps)
        self.bar.setValue(0)
        self.bar.show()
        self._enable()
        self.form.setEnabled(False)
        self.close_button.setText("Stop")
        self.compare_button.setEnabled(False)
        self.close_button.setFocus()

    def _end(self, text: str, tone: str = "") -> None:
        self.bar.hide()
        self.now.setText("")
        self.form.setEnabled(True)
        self.close_button.setText("Close")
        self._say(text, tone)
        self._enable()

    def _enable(self) -> None:
        running = self.run.running
        self.compare_button.setEnabled(self.form.wish is not None and not running)
        self.start_button.setText(phrases.start(self.plan))
        self.table.horizontalHeader().setVisible(self.model.rowCount() > 0)
        ready = self.plan is not None and bool(self.plan.to_do) and not running
        self.start_button.setEnabled(ready)
        # Enter in a field: what moves to the trash is never begun by that.
        safe = ready and self.plan is not None and not phrases.trashed(self.plan)
        self.start_button.setDefault(safe)
        self.compare_button.setDefault(not safe)

    def _say(self, text: str, tone: str = "") -> None:
        self.said.setText(text)
        for name in ("good", "warn", "danger"):
            self.said.setProperty(name, name == tone)
        self.said.style().polish(self.said)

    def _say_changed(self) -> None:
        if self.plan is not None and self.form.wish != self._wish:
            self.plan = None
            self.model.show_plan(None)
            self._say(phrases.AGAIN)
        self._enable()

    def _show_plan(self, plan: Plan) -> None:
        self.plan = plan
        self.model.show_plan(plan)
        goes = phrases.trashed(plan)
        self._end(phrases.summary(plan), "warn" if goes else "" if plan.to_do else "good")
        # What goes is looked at first: Enter does not do it straight away.
        safe = self.start_button if plan.to_do else self.close_button
        (self.table if goes else safe).setFocus()

    def _show_progress(self, done: int, moved: int, title: str) -> None:
        self.bar.setValue(done)
        self.now.setText(phrases.progress(done, self.bar.maximum(), moved, title))

    def _show_report(self, report: Report) -> None:
        good = not report.failures and not report.cancelled
        self._end(phrases.report(report), "good" if good else "danger" if report.failures else "")
        self.compare_button.setFocus()
        failed = self.model.first_failure
        if failed is not None:
            self.table.scrollTo(self.model.index(failed, 0))

    def _show_failure(self, text: str) -> None:
        self._end(text, "danger")
        self.form.other.setFocus()

    def reject(self) -> None:
        """Escape stops what runs; when nothing does, it closes."""
        if self.run.running:
            self.run.cancel()
        else:
            super().reject()
