"""Copies from and to remotes, as jobs: shown, paused, stopped and tried again like the others.

Each item is durable, checked and journalled by itself (see :mod:`interfaces.remotes.pulling`
and ``pushing``), and goes on where it broke off. The list of jobs lives as long as the window:
copying the same again after a restart skips what is there.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Item, Job, JobState, Progress, SourceResult, Status
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.ingest.work import COPIES

# A session has these before anybody wants them: the clients are imported when somebody does.
if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.gui.remotes.far import Far
    from vidcache_gui.interfaces.remotes.known import Known
    from vidcache_gui.interfaces.remotes.patience import Patience
    from vidcache_gui.interfaces.remotes.records import OnBytes
    from vidcache_gui.interfaces.remotes.remote import Remote

ENDED = (JobState.DONE, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Errand:
    """One item to be copied, one way or the other."""

    name: str
    size: int
    far: "Far | None" = None  # to the library
    item: Item | None = None  # to the remote

    def act(
        self,
        library: "Library",
        remote: "Remote",
        bucket: str | None,
        stop: CancelToken,
        on_bytes: "OnBytes",
    ) -> SourceResult:
        """Raises UserError, Cancelled."""
        from vidcache_gui.interfaces.remotes.pulling import Pull
        from vidcache_gui.interfaces.remotes.pushing import Push

        if self.item is not None:
            push = Push(library, remote, bucket=bucket, stop=stop, on_bytes=on_bytes)
            return push.item(self.item)
        assert self.far is not None
        pull = Pull(library, remote, bucket=bucket, stop=stop, on_bytes=on_bytes)
        if self.far.file is not None:
            return pull.file(self.far.file.hash)
        return pull.group(self.far.item.bucket, self.far.ball_id)


@dataclass
class Copying:
    """A job. Changed under the lock of :class:`Transfers` only."""

    id: int  # see gui.ingest.work
    title: str
    remote: "Known"
    errands: list[Errand]
    bucket: str | None = None
    state: JobState = JobState.QUEUED
    created_at: int = 0
    finished_at: int | None = None
    moved: int = 0  # bytes
    began: tuple[float, int] = (0.0, 0)  # (clock, bytes moved) the speed is measured from
    current: str = ""
    stop: CancelToken = field(default_factory=CancelToken)
    results: dict[int, SourceResult] = field(default_factory=dict)  # by place in ``errands``

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(result.status.value for result in self.results.values()))

    def job(self) -> Job:
        return Job(
            self.id, self.state, self.title, self.created_at, self.finished_at,
            len(self.errands), len(self.results), self.counts, {},
        )  # fmt: skip

    def progress(self) -> Progress:
        total = sum(errand.size for errand in self.errands)
        done = max(0, min(self.moved, total))
        seconds = time.monotonic() - self.began[0]
        running = self.state is JobState.RUNNING and seconds > 0.5
        rate = max(0.0, (self.moved - self.began[1]) / seconds) if running else 0.0
        left = (total - done) / rate if rate >= 1 else None
        return Progress(
            self.id, self.state, False, len(self.results), len(self.errands), done, total, rate,
            left, self.current, self.counts,
        )  # fmt: skip


class Transfers:
    """Has the names that :class:`core.library.Library` has for its jobs. Thread-safe."""

    def __init__(
        self,
        library: "Library",
        background: Background,
        tell: Callable[[Progress | SourceResult | Job], None],
    ) -> None:
        """``tell`` hears of what happens, in the thread that copies."""
        self._library = library
        self._background = background
        self._tell = tell
        self._lock = threading.RLock()
        self._copies: dict[int, Copying] = {}
        self._last = COPIES
        self.patience: Patience | None = None  # None: the usual

    def add(
        self, title: str, remote: "Known", errands: Sequence[Errand], bucket: str | None = None
    ) -> int:
        """Copy these, after what is being copied; the job's id."""
        with self._lock:
            self._last -= 1
            copy = Copying(
                self._last, title, remote, list(errands), bucket,
                created_at=round(time.time() * 1000),
            )  # fmt: skip
            self._copies[copy.id] = copy
        self._start(copy)
        return copy.id

    def jobs(self) -> list[Job]:
        """The newest first."""
        with self._lock:
            return [copy.job() for copy in reversed(self._copies.values())]

    def job_results(
        self, job_id: int, after: int = 0, limit: int = 500, *, failed_only: bool = False
    ) -> list[SourceResult]:
        with self._lock:
            copy = self._copies.get(job_id)
            found = sorted(copy.results.items()) if copy is not None else []
        return [
            result
            for place, result in found
            if place >= after and (not failed_only or result.status is Status.FAILED)
        ][:limit]

    def pause_job(self, job_id: int) -> None:
        with self._lock:
            copy = self._copies[job_id]
            copy.stop.pause()
            copy.state = JobState.PAUSED

    def resume_job(self, job_id: int) -> None:
        with self._lock:
            copy = self._copies[job_id]
            copy.state = JobState.RUNNING if copy.began[0] else JobState.QUEUED
            copy.began = (time.monotonic(), copy.moved) if copy.began[0] else copy.began
            copy.stop.resume()

    def cancel_job(self, job_id: int) -> None:
        with self._lock:
            copy = self._copies[job_id]
            if copy.state not in ENDED:
                copy.stop.cancel()
                self._end(copy, JobState.CANCELLED)

    def retry_job(self, job_id: int) -> None:
        """Only what failed, or was not begun."""
        with self._lock:
            copy = self._copies[job_id]
            good = {at: one for at, one in copy.results.items() if one.status is not Status.FAILED}
            copy.results, copy.stop = good, CancelToken()
            copy.state, copy.finished_at = JobState.QUEUED, None
            copy.moved = sum(copy.errands[at].size for at in good)
            copy.began = (0.0, 0)
        self._start(copy)

    def forget_jobs(self) -> None:
        with self._lock:
            living = {id: copy for id, copy in self._copies.items() if copy.state not in ENDED}
            self._copies = living

    def close(self) -> None:
        """The library is being closed: stop at once."""
        with self._lock:
            for copy in self._copies.values():
                copy.stop.cancel()

    # In the thread that copies

    def _start(self, copy: Copying) -> None:
        stop = copy.stop
        self._background.run(Purpose.COPY, lambda: self._work(copy, stop))

    def _work(self, copy: Copying, stop: CancelToken) -> None:
        from vidcache_gui.interfaces.remotes.remote import Remote

        with self._lock:
            if stop.cancelled:
                return
            if copy.state is JobState.QUEUED:
                copy.state = JobState.RUNNING
            copy.began = (time.monotonic(), copy.moved)
        self._news(copy)
        try:
            stop.check()
            try:
                one, patience = copy.remote, self.patience
                with Remote.open(
                    one.address, secret=one.token, patience=patience, stop=stop
                ) as remote:
                    self._each(copy, stop, lambda errand, told: errand.act(
                        self._library, remote, copy.bucket, stop, told
                    ))  # fmt: skip
            except UserError as error:  # it is not there: the same is wrong with each of them
                problem = error

                def refuse(errand: Errand, told: "OnBytes") -> SourceResult:
                    raise problem

                self._each(copy, stop, refuse)
        except Cancelled:
            pass
        with self._lock:
            if not stop.cancelled:
                self._end(copy, JobState.DONE)
        self._news(copy)

    def _each(
        self,
        copy: Copying,
        stop: CancelToken,
        act: "Callable[[Errand, OnBytes], SourceResult]",
    ) -> None:
        for place, errand in enumerate(copy.errands):
            if place in copy.results:
                continue
            stop.check()
            before = copy.moved
            copy.current = errand.name

            def moved(count: int) -> None:
                with self._lock:
                    copy.moved += count
                self._tell(copy.progress())

            try:
                result = act(errand, moved)
            except UserError as error:
                result = SourceResult(errand.name, Status.FAILED, reason=str(error))
            with self._lock:
                if stop.cancelled:
                    raise Cancelled
                # Named as it was where somebody chose it, whichever side that was.
                result = replace(result, position=place, source=errand.name)
                copy.results[place] = result
                copy.moved = before + errand.size
            self._tell(result)
            self._tell(copy.progress())

    def _end(self, copy: Copying, state: JobState) -> None:
        copy.state, copy.finished_at = state, round(time.time() * 1000)

    def _news(self, copy: Copying) -> None:
        with self._lock:
            job, progress = copy.job(), copy.progress()
        self._tell(progress)
        self._tell(job)
