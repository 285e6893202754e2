"""Works through bulk jobs: a few items at a time, in their order as far as order matters.

Items are begun in the order they were added. Neighbours with the same action are worked on side
by side; where the action changes, what came before is finished first, so that a manifest that
puts something and then tags it means what it says.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import cast

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import (
    Action,
    BulkItem,
    BulkJob,
    BulkProgress,
    BulkResult,
    BulkStatus,
    JoinedAction,
    Outcome,
)
from vidcache_gui.core.bulk.store import RUNNABLE, Store
from vidcache_gui.core.rate import Rate
from vidcache_gui.core.records import JobState
from vidcache_gui.errors import Cancelled, LibraryError, UserError

log = logging.getLogger(__name__)

Event = BulkResult | BulkProgress
OnEvent = Callable[[Event], None]

TICK = 0.1  # seconds between two looks at a running job
FOLLOW = 0.25  # seconds between two looks at a job that another process works on
JOINED = 500  # items in one transaction
STOPPED = "Stopped at the first failure, as asked."


class Runner:
    """Runs the bulk jobs of one library."""

    def __init__(self, store: Store, actions: Mapping[str, Action]) -> None:
        self.store = store
        self.actions = actions
        self._lock = threading.Lock()
        self._running: dict[int, CancelToken] = {}
        self._wake = threading.Event()

    def wake(self) -> None:
        """Tell a waiting runner that there may be something new to do."""
        self._wake.set()

    def idle(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def hurry(self, job_id: int, act: Callable[[CancelToken], None]) -> None:
        """Let a pause or stop reach what this process is at now."""
        with self._lock:
            token = self._running.get(job_id)
        if token is not None:
            act(token)
        self.wake()

    def run(self, on_event: OnEvent, stop: CancelToken, *, forever: bool = False) -> None:
        """Work on all jobs, the oldest first, until nothing is left (``forever``: stopped)."""
        threads: list[threading.Thread] = []
        try:
            while not stop.cancelled:
                threads = [thread for thread in threads if thread.is_alive()]
                job = None if self._is_busy() else self._claim()
                if job is not None:
                    thread = threading.Thread(
                        target=self._work, args=(job, on_event, stop), name=f"bulk-{job.id}"
                    )
                    thread.start()
                    threads.append(thread)
                elif not threads and not forever:
                    return
                else:
                    self.idle(1.0 if not threads else TICK)
        finally:
            for thread in threads:
                thread.join()

    def _is_busy(self) -> bool:
        """One job at a time, but a paused one does not hold up the next."""
        with self._lock:
            return any(not token.paused for token in self._running.values())

    def run_one(self, job_id: int, on_event: OnEvent, stop: CancelToken) -> None:
        """Work on this job until it is over or paused; follow it where another one works on it,
        and take it over should that one die."""
        while not stop.cancelled:
            job = self._claim(job_id)
            if job is not None:
                self._work(job, on_event, stop)
                continue
            job = self.store.by_id(job_id)
            on_event(BulkProgress(job, job.size))
            if job.state not in RUNNABLE:
                return
            self.idle(FOLLOW)

    def _claim(self, only: int | None = None) -> BulkJob | None:
        with self._lock:
            job = self.store.claim(self._running.keys(), only)
            if job is not None:
                self._running[job.id] = CancelToken()
            return job

    def _work(self, job: BulkJob, on_event: OnEvent, stop: CancelToken) -> None:
        token = self._running[job.id]
        try:
            _Run(self, job, token, stop, on_event).run()
        except LibraryError as error:
            log.error("bulk job %r cannot go on: %s", job.name, error)
            with contextlib.suppress(LibraryError):
                self.store.set_state(job.id, JobState.PAUSED, (JobState.RUNNING,), str(error))
        except Exception as error:
            log.exception("bulk job %r ended by a bug", job.name)
            note = f"Something went wrong inside VidCache ({type(error).__name__}: {error})."
            self.store.set_state(job.id, JobState.PAUSED, (JobState.RUNNING,), note)
        finally:
            with self._lock:
                del self._running[job.id]
            self._wake.set()


class _Run:
    """One job on its way."""

    def __init__(
        self, runner: Runner, job: BulkJob, token: CancelToken, stop: CancelToken, on_event: OnEvent
    ) -> None:
        self.runner = runner
        self.store = runner.store
        self.actions = runner.actions
        self.job = job
        self.token = token
        self.stop = stop
        self.on_event = on_event
        self.concurrency = job.concurrency
        self.stop_on_failure = job.stop_on_failure
        self.failed = False
        self.current = ""
        self.after = 0
        self.ahead: list[BulkItem] = []
        self.flying: dict[Future[None], str] = {}  # with its action
        self.rate = Rate(time.monotonic)
        self.speed = Rate(time.monotonic)  # bytes
        self.sized = runner.store.expected(job.id) > 0  # its items say how large they are
        self._lock = threading.Lock()
        self._moved: dict[int, int] = {}  # bytes of items in flight
        self._next_telling = 0.0
        self._counted = time.monotonic()

    def run(self) -> None:
        with ThreadPoolExecutor(64, thread_name_prefix="bulk") as executor:
            try:
                while not self._is_over():
                    self._begin(executor)
                    self._collect()
                    self._tell()
            except BaseException:
                self.token.cancel()
                raise
        self._count_time()
        self._tell(now=True)

    def _collect(self) -> None:
        if not self.flying:
            self.runner.idle(TICK)
            return
        done, _ = wait(self.flying, timeout=TICK, return_when=FIRST_COMPLETED)
        for future in done:
            del self.flying[future]
            future.result()

    def _is_over(self) -> bool:
        """Follow what people say through the catalog; True when there is nothing to do now."""
        if self.stop.cancelled:
            self.token.cancel()
        state, self.concurrency, self.stop_on_failure = self.store.state(self.job.id)
        if state is JobState.CANCELLED:
            self.token.cancel()
        elif state is JobState.PAUSED:
            self.token.pause()
            self._count_time(working=False)
        elif self.token.paused:
            self._count_time(working=False)
            self.token.resume()
            self.store.set_state(self.job.id, JobState.RUNNING, (JobState.QUEUED,))
        if self.token.cancelled:
            return not self.flying
        if self.failed and self.stop_on_failure:
            if self.flying:
                return False
            if not self.store.end(self.job.id):  # not all is done
                self.store.set_state(self.job.id, JobState.CANCELLED, (JobState.RUNNING,), STOPPED)
            return True
        if state is JobState.PAUSED or self.flying:
            return False
        return not self._read_ahead() and self.store.end(self.job.id)

    def _read_ahead(self) -> list[BulkItem]:
        if not self.ahead:
            self.ahead = self.store.waiting(self.job.id, self.after, JOINED)
            if not self.ahead and self.after and not self.flying:  # what failed may wait again
                self.after = 0
                self.ahead = self.store.waiting(self.job.id, 0, JOINED)
        return self.ahead

    def _begin(self, executor: ThreadPoolExecutor) -> None:
        while len(self.flying) < self.concurrency and not self._holds() and self._read_ahead():
            first = self.ahead[0].action
            if any(action != first for action in self.flying.values()):
                return
            action = self.actions.get(first)
            if hasattr(action, "run_joined"):
                if self.flying:
                    return
                ends = next((i for i, item in enumerate(self.ahead) if item.action != first), None)
                some = self.ahead[:ends]
                del self.ahead[: len(some)]
                joined = cast(JoinedAction, action)
                future = executor.submit(self._joined, joined, some)
            else:
                some = [self.ahead.pop(0)]
                future = executor.submit(self._single, action, some[0])
            self.after = some[-1].id
            self.flying[future] = first

    def _holds(self) -> bool:
        """Nothing new is begun now."""
        return self.token.paused or self.token.cancelled or (self.failed and self.stop_on_failure)

    def _joined(self, action: JoinedAction, items: Sequence[BulkItem]) -> None:
        self.current = items[0].label
        for result in action.run_joined(items, self.stop_on_failure):
            self._hear(result)

    def _single(self, action: Action | None, item: BulkItem) -> None:
        self.current = item.label

        def progress(count: int) -> None:
            with self._lock:
                self._moved[item.id] = self._moved.get(item.id, 0) + count

        try:
            self._hear(self.store.finish(item, self._run(action, item, progress)))
        except Cancelled:
            return
        finally:
            with self._lock:
                self._moved.pop(item.id, None)

    def _run(
        self, action: Action | None, item: BulkItem, progress: Callable[[int], None]
    ) -> Outcome:
        try:
            if action is None:
                raise UserError(f"This VidCache cannot do '{item.action}'.")
            return action.run(item, self.token, progress)
        except (LibraryError, Cancelled):
            raise
        except UserError as error:
            return Outcome(BulkStatus.FAILED, str(error))
        except Exception as error:
            log.exception("%s of %r failed", item.action, item.label)
            return Outcome(
                BulkStatus.FAILED,
                f"Something went wrong inside VidCache ({type(error).__name__}: {error}). "
                "The log has the details.",
            )

    def _hear(self, result: BulkResult) -> None:
        if result.status is BulkStatus.FAILED:
            self.failed = True
        self.on_event(result)

    def _count_time(self, *, working: bool = True) -> None:
        """Keep how long this job was worked on; what a kill loses is the last second."""
        now = time.monotonic()
        if working:
            self.store.worked(self.job.id, now - self._counted)
        self._counted = now

    def _tell(self, *, now: bool = False) -> None:
        at = time.monotonic()
        if not now and at < self._next_telling:
            return
        if not now and not self.token.paused and at - self._counted >= 1:
            self._count_time()
        job = self.store.by_id(self.job.id)
        with self._lock:
            size = job.size + sum(self._moved.values())
        rate, speed = self.rate.update(job.done), self.speed.update(size)
        left = (job.total - job.done) / rate if rate > 0 else None
        expected = self.store.expected(job.id) if self.sized else 0
        if expected:
            left = max(0, expected - size) / speed if speed >= 1 else None
        told = BulkProgress(
            job, size, expected, rate, speed if expected else 0.0, left, self.current
        )
        self.on_event(told)
        cost = time.monotonic() - at
        self._next_telling = at + max(TICK, 20 * cost)  # counting a large job takes its time
