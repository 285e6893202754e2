"""Looking into files nobody vouches for, in processes that may die of it.

``concurrent.futures.ProcessPoolExecutor`` fails every job in flight when one worker crashes;
here a crash, a hang or a memory bomb costs the one job that caused it. Each worker process
has one thread here, which starts it, asks it one job at a time and buries it.
"""

import heapq
import itertools
import logging
import os
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from vidcache_gui.closing import Closing
from vidcache_gui.errors import BugError, Cancelled, UserError
from vidcache_gui.media.wire import Allowed, HostileAnswer, Job, Reply
from vidcache_gui.media.workerprocess import Death, WorkerProcess

log = logging.getLogger(__name__)

GIB = 1024**3
RECYCLE_JOBS = 500  # a fresh process now and then: libraries leak
RECYCLE_BYTES = 500 * 1024**2
ATTEMPTS = 2


class WorkerFailed(UserError):
    """A file could not be looked into: no decoder survived it. The text says how.

    ``cause`` is ``crash``, ``deadline``, ``memory`` or ``error``.
    """

    def __init__(self, text: str, cause: str) -> None:
        super().__init__(text)
        self.cause = cause


class WorkerUnavailable(UserError):
    """No worker could be started; this says nothing about the file."""


@dataclass(order=True, slots=True)
class _Task:
    rank: int  # 0: what somebody is looking at; 1: the queue
    number: int
    job: Job = field(compare=False)
    future: "Future[Any]" = field(compare=False)


class DecodePool(Closing):
    """Runs functions of ``vidcache_gui.media`` in worker processes. Thread-safe.

    Nothing is started before the first job. Use as a context manager, or :meth:`close`.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        memory_limit: int = 4 * GIB,
        deadline: float = 60.0,
        allow: tuple[str, ...] = (),
    ) -> None:
        """``workers``: processes, default all cores but one. ``memory_limit``: bytes of
        address space for each. ``deadline``: seconds a job may take. ``allow``: further
        modules whose functions may run (for tests)."""
        self.workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self.memory_limit = memory_limit
        self._deadline = deadline
        self.allowed = Allowed(allow)
        self._changed = threading.Condition()
        self._tasks: list[_Task] = []
        self._numbers = itertools.count()
        self._idle = 0
        self._lanes: list[_Lane] = []
        self._closed = False

    def submit(
        self,
        function: str,
        *arguments: Any,
        deadline: float | None = None,
        priority: bool = False,
    ) -> "Future[Any]":
        """Queue ``function`` ("vidcache_gui.media.inspect:inspect_file"); never waits.

        The future's result is the function's: plain values, dataclasses and enums of
        ``vidcache_gui.media``. It raises UserError with the text of the function's own
        UserError, WorkerFailed, WorkerUnavailable, or Cancelled once the pool is closed.
        A queued future can be cancelled. ``priority`` goes before what is queued.
        """
        self.allowed.check(function)
        job = Job(function, arguments, self._deadline if deadline is None else deadline)
        future: Future[Any] = Future()
        with self._changed:
            if self._closed:
                raise Cancelled("the decode pool is closed")
            heapq.heappush(
                self._tasks, _Task(0 if priority else 1, next(self._numbers), job, future)
            )
            if self._idle < len(self._tasks) and len(self._lanes) < self.workers:
                lane = _Lane(self, len(self._lanes))
                self._lanes.append(lane)
                lane.start()
            self._changed.notify()
        return future

    def close(self) -> None:
        """Stop at once: what runs is killed, what waits raises Cancelled. Waits for the end."""
        with self._changed:
            self._closed = True
            waiting, self._tasks = self._tasks, []
            lanes = list(self._lanes)
            self._changed.notify_all()
        for task in waiting:
            if task.future.set_running_or_notify_cancel():
                task.future.set_exception(Cancelled("the decode pool was closed"))
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            if lane.thread is not threading.current_thread():  # a future's callback may close us
                lane.thread.join()

    def processes(self) -> list[int]:
        """Process ids of the workers that are alive."""
        with self._changed:
            lanes = list(self._lanes)
        return [pid for lane in lanes if (pid := lane.pid()) is not None]

    @property
    def closed(self) -> bool:
        return self._closed

    def _next(self) -> _Task | None:
        """The next task to run, waiting for one; None once closed."""
        with self._changed:
            while True:
                while self._tasks and not self._closed:
                    task = heapq.heappop(self._tasks)
                    if task.future.set_running_or_notify_cancel():
                        return task
                if self._closed:
                    return None
                self._idle += 1
                self._changed.wait()
                self._idle -= 1


class _Lane:
    """One thread and the worker it looks after, replaced whenever needed."""

    def __init__(self, pool: DecodePool, number: int) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        # A daemon: a program that forgot to close the pool still ends (and the kernel
        # ends the worker with it).
        self.thread = threading.Thread(target=self._run, name=f"decode-{number}", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.kill()

    def pid(self) -> int | None:
        with self._lock:
            worker = self._worker
            return worker.pid if worker is not None and worker.alive else None

    def _run(self) -> None:
        try:
            while (task := self._pool._next()) is not None:
                self._settle(task)
                del task  # a waiting lane keeps no result alive
        finally:
            self._drop()

    def _settle(self, task: _Task) -> None:
        try:
            result = self._attempt(task.job)
        except (UserError, Cancelled) as error:
            told = Cancelled("the decode pool was closed") if self._pool.closed else error
            # Without its traceback, whose frames hold the future that holds the error.
            task.future.set_exception(told.with_traceback(None))
        except BaseException as error:
            self._drop()  # whatever it was, an answer may still be on its way
            task.future.set_exception(error)
        else:
            task.future.set_result(result)

    def _attempt(self, job: Job) -> Any:
        """Ask a worker; once more, in a fresh one, if it crashed or was short of memory."""
        for attempt in range(1, ATTEMPTS + 1):
            worker = self._ready_worker()
            fresh = worker.jobs == 0
            try:
                reply = worker.ask(job)
            except Death as death:
                self._drop()
                if self._pool.closed:
                    raise Cancelled("the decode pool was closed") from None
                log.warning("worker died of %s: code %s\n%s", job, death.code, death.log)
                if attempt == ATTEMPTS:
                    raise _explain_death(death) from None
            except TimeoutError:
                self._drop()
                raise WorkerFailed(
                    f"It took longer than {job.deadline:g} s to read and was stopped.", "deadline"
                ) from None
            except (HostileAnswer, TypeError) as error:
                self._drop()
                log.error("worker answered nonsense for %s: %s", job, error)
                raise WorkerFailed(
                    "The decoder gave an answer that makes no sense.", "error"
                ) from None
            else:
                self._recycle_if_worn(worker, reply)
                if reply.kind == "memory" and not fresh and attempt < ATTEMPTS:
                    continue
                return self._unpack(job, reply)
        raise BugError("unreachable")

    def _unpack(self, job: Job, reply: Reply) -> Any:
        if reply.kind == "result":
            return reply.value
        if reply.kind == "user":
            raise UserError(str(reply.value))
        if reply.kind == "memory":
            limit = self._pool.memory_limit / GIB
            raise WorkerFailed(
                f"It needed more memory than allowed ({limit:.3g} GB) and was stopped.", "memory"
            )
        log.warning("worker failed on %s: %s", job, reply.trace)
        raise WorkerFailed(f"The decoder stopped with an error ({reply.value}).", "error")

    def _ready_worker(self) -> WorkerProcess:
        """The worker, started if there is none. Raises WorkerUnavailable or Cancelled."""
        worker = self._worker
        if worker is not None and worker.alive:
            return worker
        self._drop()
        why: object = ""
        for _ in range(ATTEMPTS):
            try:
                worker = WorkerProcess(self._pool.memory_limit, self._pool.allowed)
                with self._lock:
                    self._worker = worker
                if self._pool.closed:  # close() may have looked before there was a worker
                    worker.kill()
                worker.wait_ready()
                return worker
            except (Death, OSError, HostileAnswer) as error:
                self._drop()
                why = error
                if self._pool.closed:
                    raise Cancelled("the decode pool was closed") from None
                log.error("a worker did not start: %s", error)
        raise WorkerUnavailable(
            "The part of VidCache that looks into files could not be started "
            f"({_short(why)}). Nothing was lost; try again."
        )

    def _recycle_if_worn(self, worker: WorkerProcess, reply: Reply) -> None:
        worn = worker.jobs >= RECYCLE_JOBS or worker.resident > RECYCLE_BYTES
        if worn or reply.kind == "memory":
            self._drop()

    def _drop(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()


def _explain_death(death: Death) -> WorkerFailed:
    number = death.signal
    if number == signal.SIGXCPU:
        return WorkerFailed("It took too much processor time to read and was stopped.", "deadline")
    if number == signal.SIGKILL:
        return WorkerFailed(
            "The decoder was killed while reading it (signal 9): most likely the computer "
            "ran out of memory.",
            "memory",
        )
    if number is not None:
        return WorkerFailed(f"The decoder crashed on it (signal {number}).", "crash")
    if death.code is None:
        return WorkerFailed("The decoder stopped answering while reading it.", "crash")
    return WorkerFailed(f"The decoder quit while reading it (code {death.code}).", "crash")


def _short(why: object) -> str:
    if isinstance(why, Death):
        return f"signal {why.signal}" if why.signal else f"it ended with code {why.code}"
    return str(why) or type(why).__name__
