"""Jobs, and what became of each source of a job, as Qt models."""

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from vidcache_gui.core.records import Job, JobState, Progress, SourceResult
from vidcache_gui.gui import words
from vidcache_gui.gui.ingest.activity_line import done_words, is_current, job_title, progress_words

JOB_ROLE = Qt.ItemDataRole.UserRole + 1
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 2
RESULT_ROLE = Qt.ItemDataRole.UserRole + 3
Index = QModelIndex | QPersistentModelIndex
STATUS_ICONS = {
    "new": ("done", "good"),
    "duplicate": ("check", "muted"),
    "url_alias": ("link", "muted"),
    "skipped": ("skipped", "muted"),
    "failed": ("failed", "danger"),
}
STATUS_TITLES = {
    "new": "New",
    "duplicate": "Already here",
    "url_alias": "Known address",
    "skipped": "Skipped",
    "failed": "Failed",
}
OVERLAP = 64  # rows read again: sources do not finish in the order they started


class JobsModel(QAbstractListModel):
    """Jobs, newest first, with their latest progress."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._progress: dict[int, Progress] = {}

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Change rows in place where the list is the same; else insert and remove."""
        wanted = {job.id for job in jobs}
        for row in reversed(range(len(self._jobs))):
            if self._jobs[row].id not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._progress.pop(self._jobs.pop(row).id, None)
                self.endRemoveRows()
        for row, job in enumerate(jobs):
            if row < len(self._jobs) and self._jobs[row].id == job.id:
                self._jobs[row] = job
                self.dataChanged.emit(self.index(row), self.index(row))
            else:
                self.beginInsertRows(QModelIndex(), row, row)
                self._jobs.insert(row, job)
                self.endInsertRows()

    def show_progress(self, progress: Progress) -> None:
        self._progress[progress.job_id] = progress
        for row, job in enumerate(self._jobs):
            if job.id == progress.job_id:
                self.dataChanged.emit(self.index(row), self.index(row))

    def job(self, index: Index) -> Job | None:
        return self._jobs[index.row()] if 0 <= index.row() < len(self._jobs) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._jobs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.job(index)
        if job is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return job_title(job)
        if role == JOB_ROLE:
            return job
        if role == PROGRESS_ROLE:
            return self.progress(job)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{job.title}\nstarted {words.moment(job.created_at)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{job_title(job)}: {self.line(job)}"
        return None

    def progress(self, job: Job) -> Progress:
        known = self._progress.get(job.id)
        if known is not None and is_current(known, job):
            return known
        return Progress(
            job.id, job.state, False, job.sources_done, job.sources_total, 0, 0, counts=job.counts
        )

    def line(self, job: Job) -> str:
        """What stands under the title."""
        if job.state in (JobState.DONE, JobState.CANCELLED):
            return done_words(job)
        text = progress_words(self.progress(job))
        return f"{text} (another program)" if job.foreign else text


class ResultsModel(QAbstractTableModel):
    """What became of each source, in the order they were found."""

    COLUMNS = ("What", "Source", "Why")

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._results: list[SourceResult] = []

    def clear(self) -> None:
        self.beginResetModel()
        self._results = []
        self.endResetModel()

    @property
    def next_after(self) -> int:
        """From which position on to read again."""
        known = self._results[-OVERLAP - 1 :]
        return known[0].position if len(known) > OVERLAP else 0

    def merge(self, results: Sequence[SourceResult]) -> int:
        """Add and update rows by position; returns how many were new."""
        new = 0
        for result in results:
            row = bisect_left(self._results, result.position, key=lambda r: r.position)
            if row < len(self._results) and self._results[row].position == result.position:
                if self._results[row] != result:
                    self._results[row] = result
                    self.dataChanged.emit(self.index(row, 0), self.index(row, 2))
                continue
            self.beginInsertRows(QModelIndex(), row, row)
            self._results.insert(row, result)
            self.endInsertRows()
            new += 1
        return new

    def result(self, row: int) -> SourceResult | None:
        return self._results[row] if 0 <= row < len(self._results) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._results)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        result = self.result(index.row())
        if result is None:
            return None
        if role == RESULT_ROLE:
            return result
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            texts = (
                getattr(result, "word", "") or STATUS_TITLES[result.status.value],
                short_source(result) if role == Qt.ItemDataRole.DisplayRole else result.source,
                words.result_reason(result),
            )
            return texts[index.column()]
        return None


def short_source(result: SourceResult) -> str:
    """The name of a file; an address as it is."""
    if result.source.startswith(("http://", "https://")):
        return result.source
    return PurePath(result.source).name or result.source
