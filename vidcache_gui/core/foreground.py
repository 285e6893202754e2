"""One job, worked on now, as an iterator of what happens (what the command line shows)."""

import queue
import threading
from collections.abc import Iterator

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.engine import Engine, Event
from vidcache_gui.core.queue import ENDED, Queue
from vidcache_gui.core.records import Job, JobState, Progress, SourceResult


def ingest(jobs: Queue, engine: Engine, job_id: int) -> Iterator[SourceResult | Progress]:
    """Run the queue until this job has ended, yielding the events of the whole queue.

    When another process works on the job already, its results are yielded once it is done.
    """
    events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
    stop = CancelToken()

    def work() -> None:
        try:
            engine.run(events.put, stop)
        finally:
            events.put(None)

    thread = threading.Thread(target=work, name="ingest")
    thread.start()
    try:
        while (event := events.get()) is not None:
            if isinstance(event, SourceResult | Progress):
                yield event
            elif _is_over(event, job_id):
                return
    finally:
        stop.cancel()
        engine.wake()
        thread.join()


def _is_over(event: Job, job_id: int) -> bool:
    return event.id == job_id and event.state in (*ENDED, JobState.PAUSED)
