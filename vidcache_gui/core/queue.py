"""The job queue, kept in the catalog, so that it outlives every process.

A job is a list of sources with what became of each. A process claims a job under its run
token; when it dies, the lock behind the token goes with it and any other process may go on
with the sources still waiting.
"""

import json
from collections.abc import Collection
from typing import Any

from peewee import fn

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Job, JobSource
from vidcache_gui.core.database import Database
from vidcache_gui.core.discover import Found, normalise
from vidcache_gui.core.locks import RunToken
from vidcache_gui.core.records import Job as JobRecord
from vidcache_gui.core.records import JobState, SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

RUNNABLE = (JobState.QUEUED, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.CANCELLED)


class Queue:
    """Jobs of one library, as this process (``run``) sees them."""

    def __init__(self, database: Database, run: RunToken) -> None:
        self._database = database
        self._run = run

    def add(self, sources: list[str], options: dict[str, Any]) -> int:
        """A new job; its sources are durable before this returns."""
        if not sources:
            raise UserError("There is nothing to add.")
        title = sources[0] if len(sources) == 1 else f"{len(sources)} sources"
        with self._database.write():
            job = Job.insert(
                state=JobState.QUEUED, title=title, options=json.dumps(options),
                created_at=rows.now_ms(),
            ).execute()  # fmt: skip
            self._insert(job, [Found(normalise(source), "auto") for source in sources])
        return int(job)

    def claim(self, busy_with: Collection[int] = ()) -> JobRecord | None:
        """The oldest job nobody living works on, now ours; None when there is none.

        ``busy_with``: jobs this process works on already (paused ones among them).
        """
        with self._database.write():
            for row in Job.select().where(Job.state.in_(RUNNABLE)).order_by(Job.id):
                elsewhere = row.owner != self._run.name and self._run.alive(row.owner)
                if elsewhere or row.id in busy_with:
                    continue
                Job.update(owner=self._run.name, state=JobState.RUNNING).where(
                    Job.id == row.id
                ).execute()
                return self._record(Job.get_by_id(row.id))
        return None

    def get(self, job_id: int) -> JobRecord:
        with self._database.read():
            row = Job.get_or_none(Job.id == job_id)
            if row is None:
                raise UserError(f"There is no job {job_id}.")
            return self._record(row)

    def state(self, job_id: int) -> JobState:
        with self._database.read():
            return JobState(Job.select(Job.state).where(Job.id == job_id).scalar())

    def newest(self, limit: int = 50) -> list[JobRecord]:
        with self._database.read():
            return [self._record(row) for row in Job.select().order_by(Job.id.desc()).limit(limit)]

    def set_state(self, job_id: int, state: JobState, *, only_from: tuple[JobState, ...]) -> bool:
        """Move a job to a state; False if it was not in one of ``only_from``."""
        ended = rows.now_ms() if state in ENDED else None
        with self._database.write():
            changed = Job.update(state=state, finished_at=ended).where(
                (Job.id == job_id) & Job.state.in_(only_from)
            )
            return bool(changed.execute())

    def waiting(self, job_id: int, after: int, limit: int) -> list[JobSource]:
        with self._database.read():
            return list(
                JobSource.select()
                .where(
                    (JobSource.job == job_id)
                    & (JobSource.state == "waiting")
                    & (JobSource.id > after)
                )
                .order_by(JobSource.id)
                .limit(limit)
            )

    def expand(self, job_id: int, found: list[Found]) -> list[SourceResult]:
        """Add what a dropped folder holds; adding the same again changes nothing."""
        with self._database.write():
            self._insert(job_id, found)
            sources = [item.source for item in found if item.problem]
            done = JobSource.select().where(
                (JobSource.job == job_id)
                & JobSource.source.in_(sources)
                & (JobSource.state == "done")  # not the dropped source itself, still waiting
            )
            return [source_result(row) for row in done]

    def expanded(self, source_id: int) -> None:
        """The walk over a dropped source has ended; what it found stands in its place."""
        with self._database.write():
            JobSource.delete().where(JobSource.id == source_id).execute()

    def finish(self, source_id: int, result: SourceResult) -> None:
        """Record what became of a source. Call inside the transaction that made it so."""
        JobSource.update(
            state="done", status=result.status, reason=result.reason or result.damaged,
            hash=result.hash, name=result.name, item_id=result.item_id,
        ).where(JobSource.id == source_id).execute()  # fmt: skip

    def results(self, job_id: int, after: int, limit: int) -> list[SourceResult]:
        """Sources that are finished, by their position; page with the last position seen."""
        with self._database.read():
            done = (
                JobSource.select()
                .where(
                    (JobSource.job == job_id) & (JobSource.state == "done") & (JobSource.id > after)
                )
                .order_by(JobSource.id)
                .limit(limit)
            )
            return [source_result(row) for row in done]

    def totals(self, job_id: int) -> tuple[int, int, int, int, dict[str, int]]:
        """(sources done, sources, bytes done, bytes, count by status) of a job."""
        with self._database.read():
            return _totals(job_id)

    def retry(self, job_id: int) -> None:
        """Put the failed sources of a job back in line."""
        with self._database.write():
            again = JobSource.update(state="waiting", status=None, reason=None).where(
                (JobSource.job == job_id) & (JobSource.status == Status.FAILED)
            )
            if not again.execute():
                raise UserError("Nothing in this job failed, so there is nothing to try again.")
            Job.update(state=JobState.QUEUED, finished_at=None, owner=None).where(
                Job.id == job_id
            ).execute()

    def forget(self, job_id: int) -> None:
        """Remove an ended job from the list (what it brought in stays)."""
        with self._database.write():
            Job.delete().where((Job.id == job_id) & Job.state.in_(ENDED)).execute()

    def _insert(self, job_id: int, found: list[Found]) -> None:
        for item in found:
            status = Status.FAILED if item.unreadable else Status.SKIPPED
            over = item.problem is not None
            JobSource.insert(
                job=job_id, source=item.source, kind=item.kind,
                state="done" if over else "waiting", size=item.size,
                status=status if over else None, reason=item.problem,
            ).on_conflict_ignore().execute()  # fmt: skip

    def _record(self, row: Any) -> JobRecord:
        done, total, _, _, counts = _totals(row.id)
        mine = row.owner == self._run.name
        return JobRecord(
            id=row.id, state=JobState(row.state), title=row.title, created_at=row.created_at,
            finished_at=row.finished_at, sources_total=total, sources_done=done,
            counts=counts, options=json.loads(row.options),
            foreign=row.state == JobState.RUNNING and not mine and self._run.alive(row.owner),
        )  # fmt: skip


def source_result(row: Any) -> SourceResult:
    return SourceResult(
        source=row.source, status=Status(row.status), hash=row.hash, reason=row.reason,
        item_id=row.item_id, name=row.name or "", size=row.size, position=row.id,
        kind=Kind.FRAMES if row.kind == "frames" else None,
        file_path=f"blobs/{row.hash[:2]}/{row.hash}" if row.hash and row.kind != "frames" else None,
        phash_distance=row.phash_distance, duplicate_of=row.duplicate_of,
        look_alike=row.look_alike, remembered=row.remembered,
    )  # fmt: skip


def _totals(job_id: int) -> tuple[int, int, int, int, dict[str, int]]:
    groups = (
        JobSource.select(
            JobSource.state, JobSource.status, fn.COUNT(JobSource.id), fn.SUM(JobSource.size)
        )
        .where((JobSource.job == job_id) & (JobSource.kind != "auto"))
        .group_by(JobSource.state, JobSource.status)
        .tuples()
    )
    done = total = bytes_done = bytes_total = 0
    counts: dict[str, int] = {}
    for state, status, number, size in groups:
        total += number
        bytes_total += size
        if state == "done":
            done += number
            bytes_done += size
            counts[status] = counts.get(status, 0) + number
    return done, total, bytes_done, bytes_total, counts
