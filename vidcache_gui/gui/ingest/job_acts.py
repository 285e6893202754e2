"""What is done with jobs of any kind: the half of :class:`gui.session.Session` about them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vidcache_gui.core.records import SourceResult
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.bulk import shown

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

JOBS_SHOWN = 50


class JobActs(QObject):
    """Nothing here waits."""

    jobs_changed = Signal(object)  # list[Job], the newest first

    library: "Library"
    background: Background

    def _show_failure(self, error: Exception) -> None:
        raise NotImplementedError

    def refresh_jobs(self) -> None:
        library = self.library
        self.background.run(
            Purpose.READ, lambda: shown.jobs_shown(library, JOBS_SHOWN), self.jobs_changed.emit
        )

    def pause(self, job_id: int) -> None:
        self._job(lambda: shown.steer(self.library, "pause", job_id))

    def resume(self, job_id: int) -> None:
        self._job(lambda: shown.steer(self.library, "resume", job_id))

    def cancel(self, job_id: int) -> None:
        self._job(lambda: shown.steer(self.library, "cancel", job_id))

    def retry(self, job_id: int) -> None:
        self._job(lambda: shown.steer(self.library, "retry", job_id))

    def clear_jobs(self) -> None:
        self._job(lambda: shown.forget_ended(self.library))

    def _job(self, work: Callable[[], None]) -> None:
        self.background.run(
            Purpose.CATALOG, work, lambda _: self.refresh_jobs(), self._show_failure
        )

    def read_results(
        self,
        job_id: int,
        after: int,
        receive: Callable[[list[SourceResult]], None],
        *,
        failed_only: bool = False,
    ) -> None:
        library = self.library
        self.background.run(
            Purpose.READ,
            lambda: shown.results_shown(library, job_id, after, failed_only),
            receive,
            lambda _: receive([]),
        )
