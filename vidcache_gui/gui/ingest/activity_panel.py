"""Jobs on the left, what became of each source on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from vidcache_gui.core.records import Job, JobState, Progress, SourceResult
from vidcache_gui.gui import icons, theme
from vidcache_gui.gui.ingest.activity_line import job_title, permille
from vidcache_gui.gui.ingest.job_models import (
    PROGRESS_ROLE,
    RESULT_ROLE,
    STATUS_ICONS,
    JobsModel,
    ResultsModel,
)
from vidcache_gui.gui.parts import ElidedLabel, button, icon_button, label

if TYPE_CHECKING:
    from vidcache_gui.gui.session import Session

REFRESH_MS = 500
READ_AT_ONCE = 500
ENDED = (JobState.DONE, JobState.CANCELLED)
Index = QModelIndex | QPersistentModelIndex


class ActivityPanel(QWidget):
    """Everything that was and is being brought in."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Activity panel")
        self._session: Session | None = None
        self._shown: int | None = None
        self._reading = False  # what is asked for is still to come
        self.jobs = JobsModel(self)
        self.results = ResultsModel(self)
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._read)
        self._list = self._build_list()
        self._table = self._build_table()
        self._title = ElidedLabel()
        self._title.setFont(theme.font(medium=True))
        self._pause = button("Pause", self._toggle)
        self._cancel = button("Stop", lambda: self._act("cancel"))
        self._retry = button("Retry failed", lambda: self._act("retry"), icon="retry")
        self._failed = QCheckBox("Failed only")
        self._failed.clicked.connect(self._read_anew)
        for made, tip in (
            (self._pause, "Pause this job, or let it go on"),
            (self._cancel, "Stop this job; what is done stays done"),
            (self._retry, "Do again what failed, and nothing else"),
            (self._failed, "Show only what failed"),
        ):
            made.setToolTip(tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        split = QSplitter()
        split.setHandleWidth(1)
        split.addWidget(self._list)
        split.addWidget(self._build_right())
        split.setSizes([340, 760])
        split.setStretchFactor(1, 1)
        column.addWidget(split, 1)
        self._show_job(None)

    def set_session(self, session: "Session | None") -> None:
        self._session = session
        self._shown = None
        self._reading = False
        self.jobs.show_jobs([])
        self.results.clear()
        if session is not None:
            session.jobs_changed.connect(self.show_jobs)
            session.job_progressed.connect(self.show_progress)

    def show_jobs(self, jobs: list[Job]) -> None:
        chosen = self._shown
        self.jobs.show_jobs(jobs)
        if jobs and chosen not in {job.id for job in jobs}:
            self._list.setCurrentIndex(self.jobs.index(0))
        self._show_job(self._current())
        self._schedule()

    def show_progress(self, progress: Progress) -> None:
        self.jobs.show_progress(progress)
        if progress.job_id == self._shown:
            self._show_job(self._current())
            self._schedule()

    def showEvent(self, event: object) -> None:
        self._schedule()

    # Building

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        head.addWidget(label("Activity", theme.BODY, medium=True))
        head.addStretch()
        head.addWidget(button("Clear ended", self._clear_ended, flat=True))
        head.addWidget(icon_button("chevron-down", "Hide activity", self.closed.emit, "muted"))
        return head

    def _build_list(self) -> QListView:
        view = QListView()
        view.setAccessibleName("Jobs")
        view.setModel(self.jobs)
        view.setItemDelegate(_JobDelegate(view))
        view.setMinimumWidth(220)
        view.setMouseTracking(True)
        view.selectionModel().currentChanged.connect(lambda *_: self._choose())
        return view

    def _build_table(self) -> QTableView:
        view = QTableView()
        view.setAccessibleName("Sources")
        view.setModel(self.results)
        view.setItemDelegate(_ResultDelegate(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.resizeSection(0, 136)
        header.resizeSection(1, 320)
        header.setStretchLastSection(True)
        return view

    def _build_right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 6, 8, 6)
        bar.setSpacing(8)
        bar.addWidget(self._title, 1)
        for widget in (self._failed, self._retry, self._pause, self._cancel):
            bar.addWidget(widget)
        column.addLayout(bar)
        column.addWidget(self._table, 1)
        return right

    # The job that is chosen

    def _current(self) -> Job | None:
        return self.jobs.job(self._list.currentIndex())

    def _choose(self) -> None:
        job = self._current()
        if job is not None and job.id != self._shown:
            self._shown = job.id
            self._failed.setChecked(False)
            self.results.clear()
        self._show_job(job)
        self._schedule()

    def _show_job(self, job: Job | None) -> None:
        self._title.setText("" if job is None else f"{job_title(job)}: {self.jobs.line(job)}")
        living = job is not None and job.state not in ENDED and not job.foreign
        self._pause.setVisible(living or _can_go_on(job))
        self._cancel.setVisible(living)
        if job is not None:
            held = job.state is JobState.PAUSED or _can_go_on(job)
            self._pause.setText("Resume" if held else "Pause")
        failed = job.counts.get("failed", 0) if job is not None else 0
        ended = job is not None and job.state in ENDED
        self._retry.setVisible(ended and failed > 0)
        self._failed.setVisible(failed > 0 or self._failed.isChecked())

    def _toggle(self) -> None:
        job = self._current()
        if job is not None:
            held = job.state is JobState.PAUSED or _can_go_on(job)
            self._act("resume" if held else "pause")

    def _act(self, what: str) -> None:
        job = self._current()
        if job is None or self._session is None:
            return
        if what == "retry":
            self._failed.setChecked(False)  # they are none any more
            self.results.clear()
        getattr(self._session, what)(job.id)

    def _clear_ended(self) -> None:
        if self._session is not None:
            self._session.clear_jobs()

    # Results

    def _read_anew(self, _checked: bool = False) -> None:
        self.results.clear()
        self._schedule()

    def _schedule(self) -> None:
        if self.isVisible() and not self._reading and not self._refresh.isActive():
            self._refresh.start(0 if not self.results.rowCount() else REFRESH_MS)

    def _read(self) -> None:
        job = self._current()
        if job is None or self._session is None:
            return
        # A job that has ended is read from its start once more: late finishers are among it.
        after = 0 if job.state in ENDED and not self.results.rowCount() else self.results.next_after
        self._read_on(job.id, after)

    def _read_on(self, job_id: int, after: int) -> None:
        failed_only = self._failed.isChecked()

        def receive(results: list[SourceResult]) -> None:
            self._reading = False
            if job_id != self._shown or failed_only != self._failed.isChecked():
                self._schedule()
                return
            self.results.merge(results)
            if len(results) >= READ_AT_ONCE and self.isVisible():
                self._read_on(job_id, results[-1].position)

        if self._session is not None:
            self._reading = True
            self._session.read_results(job_id, after, receive, failed_only=failed_only)


def _can_go_on(job: Job | None) -> bool:
    """A bulk job (its number is below zero) that was stopped before all was done."""
    if job is None or job.id > 0 or job.foreign:
        return False
    return job.state is JobState.CANCELLED and job.sources_done < job.sources_total


class _JobDelegate(QStyledItemDelegate):
    """Title, what stands under it, and a thin bar while it runs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 52)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        room = option.rect.adjusted(8, 2, -8, -2)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if selected else "hover"))
            painter.drawRoundedRect(room, 6, 6)
        model = index.model()
        progress: Progress = index.data(PROGRESS_ROLE)
        text = room.adjusted(10, 5, -10, -5)
        _line(painter, text, index.data(), theme.font(), "text", top=True)
        if isinstance(model, JobsModel) and (job := model.job(index)) is not None:
            small = theme.font(theme.SMALL, tabular=True)
            _line(painter, text, model.line(job), small, "muted", top=False)
        if progress.state not in ENDED:
            bar = QRect(text.left(), room.bottom() - 2, text.width(), 2)
            painter.fillRect(bar, theme.color("line"))
            bar.setWidth(bar.width() * permille(progress) // 1000)
            painter.fillRect(bar, theme.color("accent"))
        painter.restore()


class _ResultDelegate(QStyledItemDelegate):
    """A sign before the word; the reason in the colour of its weight."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result = index.data(RESULT_ROLE)
        if not isinstance(result, SourceResult):
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("selection"))
        icon, color = STATUS_ICONS[result.status.value]
        if result.damaged and result.status == "new":
            icon, color = "damaged", "warn"
        room = option.rect.adjusted(12 if index.column() == 0 else 8, 0, -8, 0)
        tone = "text"
        if index.column() == 0:
            dpr = option.widget.devicePixelRatioF() if option.widget else 1.0
            glyph = icons.pixmap(icon, 16, color, dpr)
            painter.drawPixmap(room.left(), room.center().y() - 7, glyph)
            room.setLeft(room.left() + 24)
        elif index.column() == 2:
            tone = "danger" if result.status == "failed" else "muted"
        text = str(index.data())
        mode = Qt.TextElideMode.ElideMiddle if index.column() == 1 else Qt.TextElideMode.ElideRight
        font = theme.font()
        painter.setFont(font)
        painter.setPen(theme.color(tone))
        shown = QFontMetrics(font).elidedText(text, mode, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


def _line(p: QPainter, room: QRect, text: str, font, tone: str, *, top: bool) -> None:  # type: ignore[no-untyped-def]
    p.setFont(font)
    p.setPen(theme.color(tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    side = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignBottom
    p.drawText(room, Qt.AlignmentFlag.AlignLeft | side, shown)
