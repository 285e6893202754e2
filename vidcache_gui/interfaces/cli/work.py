"""Working through the queue while the terminal stays in charge.

The queue runs in a thread of its own: a Ctrl-C reaches the main thread, which then asks the
work to let go at the next chunk. What is in stays; the rest waits in the catalog.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.records import Job, JobState, Progress, SourceResult

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.similar.records import CheckState

Event = SourceResult | Progress | Job
T = TypeVar("T")
POLL = 0.2  # seconds between two looks at a job another process works on
PAGE = 500
OVER = (JobState.DONE, JobState.CANCELLED)


def streamed(
    run: Callable[[Callable[[T], None], CancelToken], None], name: str
) -> Generator[T, None, None]:
    """What ``run`` tells from its threads, as it comes.

    Closing the iterator (or an interrupt in it) stops the work and waits until it stopped.
    """
    events: queue.SimpleQueue[T | None] = queue.SimpleQueue()
    stop = CancelToken()
    problems: list[BaseException] = []

    def work() -> None:
        try:
            run(events.put, stop)
        except BaseException as error:
            problems.append(error)
        finally:
            events.put(None)

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        while (event := events.get()) is not None:
            yield event
        if problems:
            raise problems[0]
    finally:
        stop.cancel()
        thread.join()


def work(library: "Library") -> Generator[Event, None, None]:
    """Run what waits in the queue, whoever put it there; events of all of it as they come."""

    def run(tell: Callable[[Event], None], stop: CancelToken) -> None:
        library.run_jobs(tell, stop=stop)

    return streamed(run, "queue")


def checking(library: "Library") -> Generator["CheckState", None, None]:
    """Check the library for same footage; how far it is, as it goes."""

    def run(tell: Callable[["CheckState"], None], stop: CancelToken) -> None:
        library.check(tell, stop=stop)

    return streamed(run, "check")


def work_on(library: "Library", job_id: int) -> Generator[SourceResult | Progress, None, None]:
    """Work until this job has ended: its results, each once, and progress of the queue.

    Jobs that waited longer come first. When another process is quicker to take the job, it
    is followed; should that process die, the job is taken over.
    """
    told: set[int] = set()
    while True:
        with closing(work(library)) as events:
            for event in events:
                if isinstance(event, Progress):
                    yield event
                elif isinstance(event, Job):
                    if event.id == job_id and event.state in OVER:
                        break  # whatever waits behind it is somebody else's
                elif event.position not in told and _is_of(library, job_id, event):
                    told.add(event.position)
                    yield event
        job = library.job(job_id)
        if job.state not in (JobState.QUEUED, JobState.RUNNING):
            break
        yield _progress(job)
        time.sleep(POLL)
    for result in all_results(library, job_id):
        if result.position not in told:
            yield result


def all_results(library: "Library", job_id: int) -> Iterator[SourceResult]:
    """What became of the finished sources of a job, in the order they were found."""
    after = 0
    while page := library.job_results(job_id, after, PAGE):
        yield from page
        after = page[-1].position


def _is_of(library: "Library", job_id: int, result: SourceResult) -> bool:
    """Does this result belong to the job? Positions are unique among all jobs; a result
    without one tells of a bug that ended whichever job was running.
    """
    if not result.position:
        return True
    found = library.job_results(job_id, result.position - 1, 1)
    return bool(found) and found[0].position == result.position


def _progress(job: Job) -> Progress:
    return Progress(
        job_id=job.id, state=job.state, counting=False, sources_done=job.sources_done,
        sources_total=job.sources_total, bytes_done=0, bytes_total=0, counts=job.counts,
    )  # fmt: skip
