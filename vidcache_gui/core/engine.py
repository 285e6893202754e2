"""Works through the job queue: one thread per job, a few sources of it at a time.

A source's thread copies and hashes (that is the hashing pool), waits for an isolated worker
to look inside, and commits. Killing the process at any moment leaves every source either
finished or waiting, and the next engine goes on with those that wait.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.catalog import JobSource
from vidcache_gui.core.discover import discover
from vidcache_gui.core.groups import Group, put_footage_as_frames, put_group
from vidcache_gui.core.intake import Intake, Skipped, Target
from vidcache_gui.core.queue import Queue, source_result
from vidcache_gui.core.rate import Rate
from vidcache_gui.core.records import Job, JobState, Progress, SourceResult, Status
from vidcache_gui.errors import Cancelled, UserError

log = logging.getLogger(__name__)

Event = SourceResult | Progress | Job
OnEvent = Callable[[Event], None]

THREADS = max(2, min(6, (os.cpu_count() or 2) + 1))
TICK = 0.1  # seconds between two looks at a running job


class Engine:
    """Runs the jobs of one library. ``run`` returns when no job is left to run."""

    def __init__(self, intake: Intake, queue: Queue) -> None:
        self._intake = intake
        self._queue = queue
        self._lock = threading.Lock()
        self._running: dict[int, CancelToken] = {}
        self._wake = threading.Event()

    def wake(self) -> None:
        """Tell a waiting engine that there may be something new to do."""
        self._wake.set()

    def token(self, job_id: int) -> CancelToken | None:
        """The token of a job this process is working on."""
        with self._lock:
            return self._running.get(job_id)

    def run(self, on_event: OnEvent, stop: CancelToken, *, forever: bool = False) -> None:
        """Work until nothing is left (or, ``forever``, until stopped)."""
        threads: list[threading.Thread] = []
        try:
            while not stop.cancelled:
                threads = [thread for thread in threads if thread.is_alive()]
                job = self._next_job()
                if job is not None:
                    with self._lock:
                        self._running[job.id] = CancelToken()
                    thread = threading.Thread(
                        target=self._run_job, args=(job, on_event), name=f"job-{job.id}"
                    )
                    thread.start()
                    threads.append(thread)
                elif not threads and not forever:
                    return
                else:
                    self._wake.wait(1.0 if not threads else TICK)
                    self._wake.clear()
        finally:
            if stop.cancelled:
                self._stop_all()
            for thread in threads:
                thread.join()

    def _next_job(self) -> Job | None:
        """One job at a time, but a paused one does not hold up the next."""
        with self._lock:
            running = dict(self._running)
        if any(not token.paused for token in running.values()):
            return None
        return self._queue.claim(busy_with=running.keys())

    def _stop_all(self) -> None:
        with self._lock:
            for token in self._running.values():
                token.cancel()

    def _run_job(self, job: Job, on_event: OnEvent) -> None:
        token = self._running[job.id]
        try:
            _JobRun(self._intake, self._queue, job, token, on_event).run()
        except Exception as error:
            log.exception("job %d ended by a bug", job.id)
            on_event(SourceResult(job.title, Status.FAILED, reason=_apology(error)))
            self._queue.set_state(job.id, JobState.PAUSED, only_from=(JobState.RUNNING,))
        finally:
            with self._lock:
                del self._running[job.id]
            self._wake.set()


class _JobRun:
    """One job on its way: what is in flight, and where it stands."""

    def __init__(
        self, intake: Intake, queue: Queue, job: Job, token: CancelToken, on_event: OnEvent
    ) -> None:
        self.intake = intake
        self.queue = queue
        self.job = job
        self.token = token
        self.on_event = on_event
        self.target = Target.from_options(job.options)
        self.counting = True
        self.current = ""
        self.rate = Rate(time.monotonic)
        self._lock = threading.Lock()
        self._flying: dict[int, int] = {}  # source id -> bytes done of it
        self._told = 0.0

    def run(self) -> None:
        after = 0
        batch: list[JobSource] = []
        flying: set[Future[None]] = set()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="ingest") as executor:
            walk = executor.submit(self._walk)
            while True:
                self._follow_state()
                if self.token.cancelled:
                    break
                counting = not walk.done()
                if not batch:
                    batch = self.queue.waiting(self.job.id, after, 4 * THREADS)
                    batch = [row for row in batch if row.kind != "auto"]
                while batch and len(flying) < THREADS and not self.token.paused:
                    row = batch.pop(0)
                    after = row.id
                    flying.add(executor.submit(self._source, row))
                if not flying and not batch and not counting:
                    break
                self.counting = counting
                _, flying = wait(flying, timeout=TICK, return_when=FIRST_COMPLETED)
                if not flying and counting and not batch:
                    wait([walk], timeout=TICK)
                self._tell()
        if not self.token.cancelled:
            walk.result()
            self.counting = False
            self.queue.set_state(self.job.id, JobState.DONE, only_from=(JobState.RUNNING,))
        self._tell(now=True)
        self.on_event(self.queue.get(self.job.id))

    def _follow_state(self) -> None:
        """Pausing and cancelling go through the catalog, so any process can do it."""
        state = self.queue.state(self.job.id)
        if state == JobState.CANCELLED:
            self.token.cancel()
        elif state == JobState.PAUSED and not self.token.paused:
            self.token.pause()
            self._tell(now=True)
        elif state in (JobState.QUEUED, JobState.RUNNING) and self.token.paused:
            self.queue.set_state(self.job.id, JobState.RUNNING, only_from=(JobState.QUEUED,))
            self.token.resume()

    def _walk(self) -> None:
        """Turn what was dropped into single sources; safe to do again after a crash."""
        while True:
            dropped = [
                row for row in self.queue.waiting(self.job.id, 0, 1000) if row.kind == "auto"
            ]
            if not dropped:
                return
            for row in dropped:
                for found in discover(row.source, as_frames=self.target.as_frames):
                    if self._stopped():
                        return
                    for result in self.queue.expand(self.job.id, found):
                        self.on_event(result)
                self.queue.expanded(row.id)

    def _stopped(self) -> bool:
        try:
            self.token.check()
        except Cancelled:
            return True
        return False

    def _source(self, row: Any) -> None:
        self.current = row.source
        with self._lock:
            self._flying[row.id] = 0

        def on_bytes(count: int) -> None:
            with self._lock:
                self._flying[row.id] += count

        try:
            result = self._bring_in(row, on_bytes)
        except Cancelled:
            return
        except Skipped as error:
            result = self._finish(row, Status.SKIPPED, str(error))
        except UserError as error:
            result = self._finish(row, Status.FAILED, str(error))
        except Exception as error:
            log.exception("bringing in %r failed", row.source)
            result = self._finish(row, Status.FAILED, _apology(error))
        finally:
            with self._lock:
                self._flying.pop(row.id, None)
        self.on_event(result)

    def _bring_in(self, row: Any, on_bytes: Callable[[int], None]) -> SourceResult:
        options: dict[str, Any] = {
            "token": self.token, "on_bytes": on_bytes, "source_id": row.id,
        }  # fmt: skip
        if row.kind == "url":
            result = self.intake.url(row.source, self.target, **options)
        elif row.kind == "frames":
            group = Group(row.source, Path(row.source), self.target)
            result = put_group(self.intake, group, **options)
        elif self.target.as_frames:
            result = put_footage_as_frames(self.intake, row.source, self.target, **options)
        else:
            result = self.intake.file(row.source, self.target, **options)
        return replace(result, position=row.id)

    def _finish(self, row: Any, status: Status, reason: str) -> SourceResult:
        row.status, row.reason = status, reason
        result = source_result(row)
        with self.intake.database.write():
            self.queue.finish(row.id, result)
        return result

    def _tell(self, *, now: bool = False) -> None:
        if not now and time.monotonic() - self._told < TICK:
            return
        self._told = time.monotonic()
        done, total, bytes_done, bytes_total, counts = self.queue.totals(self.job.id)
        with self._lock:
            bytes_done += sum(self._flying.values())
        rate = self.rate.update(bytes_done)
        left = (bytes_total - bytes_done) / rate if rate > 0 and not self.counting else None
        self.on_event(
            Progress(
                job_id=self.job.id, state=self.queue.state(self.job.id), counting=self.counting,
                sources_done=done, sources_total=total, bytes_done=bytes_done,
                bytes_total=max(bytes_total, bytes_done), rate=rate, seconds_left=left,
                current=self.current, counts=counts,
            )
        )  # fmt: skip


def _apology(error: Exception) -> str:
    return (
        f"Something went wrong inside VidCache ({type(error).__name__}: {error}). "
        "The original is untouched. The log has the details."
    )
