"""Bulk jobs: the half of :class:`core.library.Library` that does many things under one name."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import (
    Action,
    BulkItem,
    BulkJob,
    BulkProgress,
    BulkReport,
    BulkResult,
    BulkStatus,
)
from vidcache_gui.core.database import Database
from vidcache_gui.core.intake import Intake
from vidcache_gui.core.locks import RunToken
from vidcache_gui.core.records import JobState
from vidcache_gui.errors import Cancelled, UserError

if TYPE_CHECKING:
    from vidcache_gui.core.bulk.manifest import Manifest
    from vidcache_gui.core.bulk.parts import Parts
    from vidcache_gui.core.library import Library

OnBulk = Callable[[BulkResult | BulkProgress], None]
_making = threading.Lock()


class Bulk:
    """Named jobs of many items. Every method may be called from any thread.

    A job is durable when the method that makes it returns, and goes on after a kill where it
    was: no item is done twice. Adding to a name that is there appends, until it is closed. What
    a job changes of items is one undoable step (one for every 20,000 changes of larger jobs).
    """

    path: Path
    _database: Database
    _intake: Intake
    _token: RunToken
    _stop: CancelToken
    _closed: bool
    _bulk_made: "Parts | None" = None

    @property
    def _bulk(self) -> "Parts":
        with _making:
            if self._closed:
                raise Cancelled("the library was closed")
            if self._bulk_made is None:
                from vidcache_gui.core.bulk.parts import Parts

                self._bulk_made = Parts(
                    cast("Library", self), self._database, self._intake, self._token
                )
            return self._bulk_made

    def _close_bulk(self) -> None:
        with _making:
            made = self._bulk_made
        if made is not None:
            made.close()

    # What a job is to do

    @property
    def bulk_actions(self) -> Mapping[str, Action]:
        """What items can be: put, fetch, export, tag, delete, and what was registered."""
        return self._bulk.actions

    def register_bulk_action(self, action: Action) -> None:
        """Teach bulk jobs one more action, by its name."""
        self._bulk.actions[action.name] = action

    def bulk_item(self, action: str, /, *, into: str | Path = ".", **values: Any) -> BulkItem:
        """One item from the columns of a manifest. ``into``: the folder that what it writes
        stays in. Raises UserError when it can never work."""
        from vidcache_gui.core.bulk.columns import bulk_item

        folder = Path(into).expanduser().absolute()
        return bulk_item(action, values, self.bulk_actions, base=Path.cwd(), folder=folder)

    def read_manifest(
        self, file: BinaryIO, *, base: str | Path = ".", into: str | Path = "."
    ) -> "Manifest":
        """The items of a CSV or JSON lines file, opened for bytes; iterate it once.

        ``base``: what relative sources start from; ``into``: what is written stays in it.
        Raises UserError when it is no manifest, with line and column.
        """
        from vidcache_gui.core.bulk.manifest import Manifest

        return Manifest(
            file, self.bulk_actions, base=Path(base).expanduser().absolute(),
            folder=Path(into).expanduser().absolute(),
        )  # fmt: skip

    def check_bulk_item(self, item: BulkItem) -> str:
        """What an item would do, in a sentence, as things are now. Raises UserError when it
        could not be done."""
        if item.problem is not None:
            raise UserError(item.problem)
        return self._bulk.actions[item.action].check(item)

    # Jobs

    def add_to_bulk(
        self,
        name: str,
        items: Iterable[BulkItem],
        *,
        max_concurrency: int | None = None,
        stop_on_failure: bool | None = None,
    ) -> tuple[BulkJob, int]:
        """Make a job, or append to it while it is open; (the job, how many items are new).

        All items are durable at return, or none; those it has already are not added again.
        ``max_concurrency``: None takes :attr:`bulk_concurrency`. Work: :meth:`run_bulk`,
        :meth:`start_bulk`, :meth:`await_bulk`.
        """
        added = self._bulk.store.add(name, items, max_concurrency, stop_on_failure)
        self._bulk.runner.wake()
        return added

    def put_bulk(
        self,
        bulk_id: str,
        items: Iterable[Mapping[str, Any]],
        max_concurrency: int = 10,
        stop_on_failure: bool = False,
    ) -> BulkJob:
        """Put many things, beginning at once in the background; see :meth:`await_bulk`.

        An item is a mapping with ``source`` (a path, an address, or bytes) and what else the
        columns of ``put`` say; bytes need ``bucket``, ``ball_id`` and ``key``.
        """
        job, _ = self.add_to_bulk(
            bulk_id, [self._bulk.put_item(bulk_id, one) for one in items],
            max_concurrency=max_concurrency, stop_on_failure=stop_on_failure,
        )  # fmt: skip
        self.start_bulk()
        return job

    def await_bulk(
        self,
        bulk_id: str,
        remove_on_completion: bool = False,
        *,
        on_event: OnBulk | None = None,
        stop: CancelToken | None = None,
    ) -> BulkReport:
        """Close a job, work on it until it is over or paused, and say what became of it.

        Raises UserError when there is no such job.
        """
        job = self.close_bulk(bulk_id)
        self._bulk.runner.run_one(job.id, on_event or (lambda _: None), stop or self._stop)
        job = self._bulk.store.by_id(job.id)
        done: dict[bool, list[BulkResult]] = {True: [], False: []}
        for result in self.bulk_results(bulk_id):
            done[result.status is not BulkStatus.FAILED].append(result)
        if remove_on_completion and job.state is JobState.DONE:
            self.remove_bulk(bulk_id)
        return BulkReport(job, tuple(done[True]), tuple(done[False]))

    def run_bulk(
        self,
        on_event: OnBulk,
        *,
        name: str | None = None,
        stop: CancelToken | None = None,
        forever: bool = False,
    ) -> None:
        """Work on jobs in this thread's care; events come from worker threads.

        ``name``: this job until it is over or paused, following it where another process works
        on it. Else all of them; with ``forever`` until stopped or closed.
        """
        stop = stop or self._stop
        if name is not None:
            self._bulk.runner.run_one(self.bulk_job(name).id, on_event, stop)
        else:
            self._bulk.runner.run(on_event, stop, forever=forever)

    def start_bulk(self) -> None:
        """Work on what waits in a thread of its own, until nothing does."""
        self._bulk.start(self._stop)

    def wake_bulk(self) -> None:
        """Let a runner see at once that it is to stop, or that there is something to do."""
        self._bulk.runner.wake()

    def close_bulk(self, name: str) -> BulkJob:
        """Nothing more is to be added."""
        return self._bulk.store.close(name)

    def bulk_jobs(self, limit: int = 50) -> list[BulkJob]:
        """The newest first."""
        return self._bulk.store.newest(limit)

    def bulk_job(self, name: str) -> BulkJob:
        """Raises UserError when there is none of this name."""
        return self._bulk.store.get(name)

    def bulk_by_id(self, job_id: int) -> BulkJob:
        return self._bulk.store.by_id(job_id)

    def free_bulk_name(self, wanted: str) -> str:
        """This name, or with the first number behind it that no job has."""
        return self._bulk.store.free_name(wanted)

    def bulk_results(self, name: str, status: BulkStatus | None = None) -> Iterator[BulkResult]:
        """What became of the items of a job so far, in their order, read as it is iterated."""
        from vidcache_gui.core.bulk.store import pages

        return pages(self._bulk.store, self.bulk_job(name).id, status)

    def bulk_page(
        self, job_id: int, after: int = 0, limit: int = 500, status: BulkStatus | None = None
    ) -> list[BulkResult]:
        """The same a page at a time; ``after`` is the last ``position`` seen."""
        return self._bulk.store.results(job_id, after, limit, status)

    def pause_bulk(self, name: str) -> None:
        """Begin nothing more, and hold what is under way; in whatever process that is."""
        job = self.bulk_job(name)
        states = (JobState.QUEUED, JobState.RUNNING)
        if self._bulk.store.set_state(job.id, JobState.PAUSED, states):
            self._bulk.runner.hurry(job.id, CancelToken.pause)

    def resume_bulk(self, name: str) -> BulkJob:
        """Let a paused or stopped job go on; a closed one stays closed."""
        job = self._bulk.store.resume(name)
        self._bulk.runner.wake()
        return job

    def stop_bulk(self, name: str) -> None:
        """End a job: what is done stays, what waits is not done (see :meth:`resume_bulk`)."""
        job = self.bulk_job(name)
        states = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
        if self._bulk.store.set_state(job.id, JobState.CANCELLED, states):
            self._bulk.runner.hurry(job.id, CancelToken.cancel)

    def retry_bulk(self, name: str) -> int:
        """Let what failed wait again, and nothing else; how many items that are."""
        count = self._bulk.store.retry(name)
        self._bulk.runner.wake()
        return count

    def remove_bulk(self, name: str) -> None:
        """Forget a job; what it did stays done. Raises UserError while it runs."""
        self._bulk.remove(name)

    @property
    def bulk_concurrency(self) -> int:
        """How many items of a job are worked on at a time where nobody says."""
        return self._bulk.store.usual_concurrency()

    def set_bulk_concurrency(self, number: int) -> None:
        self._bulk.store.set_usual_concurrency(number)
