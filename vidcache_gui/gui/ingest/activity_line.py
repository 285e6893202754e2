"""One calm line about what is going on; it opens the activity panel."""

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from vidcache_gui.core.records import Job, JobState, Progress
from vidcache_gui.core.similar.records import CheckState
from vidcache_gui.gui import theme, words
from vidcache_gui.gui.ingest.work import Work
from vidcache_gui.gui.parts import ElidedLabel, button, icon_button
from vidcache_gui.gui.similar.checking import line_words
from vidcache_gui.gui.similar.checking import permille as check_permille


def progress_words(progress: Progress) -> str:
    """``Adding 34 of 500 · 1.2 GB of 8.4 GB · 310 MB/s · 2 min left``; a bulk job says
    ``Done 34 of 500 · 2 failed · 2 min left``"""
    work = Work.of(progress.job_id)
    bulk, usual = work is Work.BULK, work.value
    verb = {JobState.PAUSED: "Paused at", JobState.QUEUED: "Waiting,"}.get(progress.state, usual)
    total = words.number(progress.sources_total) + ("+" if progress.counting else "")
    parts = [f"{verb} {words.number(progress.sources_done)} of {total}"]
    if bulk and progress.counts.get("failed"):
        parts.append(f"{words.number(progress.counts['failed'])} failed")
    if bulk and progress.bytes_done and not progress.bytes_total:
        parts.append(words.size(progress.bytes_done))
    if progress.bytes_total:
        done, whole = words.size(progress.bytes_done), words.size(progress.bytes_total)
        parts.append(f"{done} of {whole}")
    if progress.state is JobState.RUNNING:
        if progress.rate >= 1:
            parts.append(f"{words.size(int(progress.rate))}/s")
        if progress.seconds_left is not None and not progress.counting:
            parts.append(words.time_left(progress.seconds_left))
    return " · ".join(parts)


def done_words(job: Job) -> str:
    """``480 new · 12 already here · 2 failed``"""
    if job.state is JobState.CANCELLED:
        why = str(job.options.get("note") or "Stopped").rstrip(".")
        return f"{why}: {words.summary(job.counts)}"
    return words.summary(job.counts)


def job_title(job: Job) -> str:
    """What was dropped, short: a folder by its name."""
    if job.title.startswith("/"):
        return PurePath(job.title).name or job.title
    return job.title


class ActivityLine(QWidget):
    """Hidden while nothing happened yet."""

    panel_requested = Signal()
    pause_requested = Signal(int)
    resume_requested = Signal(int)
    check_toggled = Signal()  # pause comparing, or go on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity_line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(38)
        self.setAccessibleName("Activity")
        self._job: Job | None = None
        self._progress: Progress | None = None
        self._check: CheckState | None = None
        self._text = ElidedLabel()
        self._text.setFont(theme.font(tabular=True))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress")
        self._pause = button("Pause", self._toggle, flat=True)
        self._failed = button("", self.panel_requested.emit, flat=True)
        self._failed.setProperty("danger", True)
        self._open = icon_button("chevron-up", "Show activity", self.panel_requested.emit, "muted")
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 0, 8, 0)
        across.setSpacing(12)
        across.addWidget(self._bar)
        across.addWidget(self._text, 1)
        across.addWidget(self._failed)
        across.addWidget(self._pause)
        across.addWidget(self._open)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_jobs(self, jobs: list[Job]) -> None:
        """The newest job that is not over, else the newest that is."""
        living = [job for job in jobs if job.state not in (JobState.DONE, JobState.CANCELLED)]
        self._job = next((job for job in living if job.state is JobState.RUNNING), None)
        self._job = self._job or next(iter(living), None) or next(iter(jobs), None)
        job = self._job
        if job is None or self._check_is_news:
            self._show_check()
            return
        self.setVisible(True)
        over = job.state in (JobState.DONE, JobState.CANCELLED)
        failed = job.counts.get("failed", 0)
        self._failed.setVisible(over and failed > 0)
        self._failed.setText(f"{words.number(failed)} failed: look")
        self._bar.setVisible(not over)
        self._pause.setVisible(not over and not job.foreign)
        self._pause.setText("Resume" if job.state is JobState.PAUSED else "Pause")
        if over:
            self._text.setText(f"{job_title(job)}: {done_words(job)}")
        else:
            known = self._progress
            if known is None or not is_current(known, job):
                known = Progress(
                    job.id, job.state, False, job.sources_done, job.sources_total, 0, 0
                )
            self.show_progress(known)

    @property
    def _check_is_news(self) -> bool:
        """Comparing is told of while it runs and nothing is being brought in."""
        over = self._job is None or self._job.state in (JobState.DONE, JobState.CANCELLED)
        return over and self._check is not None

    def show_check(self, state: CheckState | None) -> None:
        """How far comparing is, or (None) that there is nothing to tell of it.

        Calm: it never comes before what a person is waiting for.
        """
        before = self._check_is_news
        self._check = state
        if self._check_is_news:
            self._show_check()
        elif before:
            self.show_jobs([self._job] if self._job is not None else [])

    def clear(self) -> None:
        """The library is closed."""
        self._job = self._progress = self._check = None
        self.hide()

    def _show_check(self) -> None:
        check = self._check if self._check_is_news else None
        self.setVisible(check is not None)
        if check is None:
            return
        self._failed.hide()
        self._bar.show()
        self._bar.setValue(check_permille(check))
        self._pause.setVisible(True)
        self._pause.setText("Pause")
        self._text.setText(line_words(check))

    def show_progress(self, progress: Progress) -> None:
        if self._job is None or progress.job_id != self._job.id:
            return
        if progress.state is not self._job.state:
            return  # from before it was paused or ended; its list of jobs knows better
        self._progress = progress
        said = progress_words(progress)
        bulk = Work.of(progress.job_id) is Work.BULK  # anything at all: its name says what
        self._text.setText(f"{job_title(self._job)}: {said}" if bulk else said)
        self._bar.setValue(permille(progress))

    def _toggle(self) -> None:
        if self._check_is_news:
            self.check_toggled.emit()
            return
        if self._job is None:
            return
        if self._job.state is JobState.PAUSED:
            self.resume_requested.emit(self._job.id)
        else:
            self.pause_requested.emit(self._job.id)


def is_current(progress: Progress, job: Job) -> bool:
    """Whether it is about this job as it is now, and no older than what the list says."""
    same = progress.job_id == job.id and progress.state is job.state
    return same and progress.sources_done >= job.sources_done


def permille(progress: Progress) -> int:
    """How much is done, in thousandths: by bytes, or by sources where sizes are unknown."""
    if progress.bytes_total:
        return min(1000, 1000 * progress.bytes_done // progress.bytes_total)
    if progress.sources_total:
        return 1000 * progress.sources_done // progress.sources_total
    return 0
