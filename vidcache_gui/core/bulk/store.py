"""Bulk jobs in the catalog, so that they outlive every process."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from blake3 import blake3
from peewee import fn

from vidcache_gui.core import rows
from vidcache_gui.core.bulk.records import (
    UNREADABLE,
    BulkItem,
    BulkJob,
    BulkResult,
    BulkStatus,
    Outcome,
)
from vidcache_gui.core.catalog import BulkItemRow, BulkJobRow, Info, stored_text
from vidcache_gui.core.database import Database
from vidcache_gui.core.locks import RunToken
from vidcache_gui.core.records import JobState
from vidcache_gui.errors import UserError

RUNNABLE = (JobState.QUEUED, JobState.RUNNING)
CONCURRENCY = "bulk_concurrency"
USUAL_CONCURRENCY = 6
MOST_CONCURRENCY = 64
LONGEST_NAME = 200
INSERT = (
    "INSERT OR IGNORE INTO bulk_item (job_id, identity, action, label, options, line, state, "
    "status, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

FINISH = (
    "UPDATE bulk_item SET state = 'done', status = ?, reason = ?, size = ?, item_id = ?, path = ? "
    "WHERE id = ? AND state = 'waiting'"
)


class Store:
    """Bulk jobs of one library, as this process (``run``) sees them."""

    def __init__(self, database: Database, run: RunToken) -> None:
        self.database = database
        self._run = run

    # Jobs

    def add(
        self,
        name: str,
        items: Iterable[BulkItem],
        concurrency: int | None,
        stop_on_failure: bool | None,
    ) -> tuple[BulkJob, int]:
        """Make a job, or add to one; (the job, how many items it did not have before).

        All items or none are in the catalog at return.
        """
        name = check_name(name)
        with self.database.write() as db:
            row = BulkJobRow.get_or_none(BulkJobRow.name == name)
            if row is None:
                chosen = self.usual_concurrency() if concurrency is None else concurrency
                row = BulkJobRow.create(
                    name=name, state=JobState.DONE, concurrency=check_concurrency(chosen),
                    stop_on_failure=bool(stop_on_failure), created_at=rows.now_ms(),
                )  # fmt: skip
            elif row.closed:
                raise UserError(
                    f"The job '{name}' is closed: nothing more is added to it. Take another "
                    "name, or remove it first."
                )
            else:
                self._adjust(row.id, concurrency, stop_on_failure)
            before = self._count(row.id)
            strict = bool(row.stop_on_failure if stop_on_failure is None else stop_on_failure)
            values = (_values(row.id, item) for item in (_readable(items) if strict else items))
            db.connection().executemany(INSERT, values)
            added = self._count(row.id) - before
            if added and row.state == JobState.DONE:
                BulkJobRow.update(state=JobState.QUEUED, finished_at=None).where(
                    BulkJobRow.id == row.id
                ).execute()
            return self._record(BulkJobRow.get_by_id(row.id)), added

    def _adjust(self, job_id: int, concurrency: int | None, stop: bool | None) -> None:
        values: dict[str, Any] = {}
        if concurrency is not None:
            values["concurrency"] = check_concurrency(concurrency)
        if stop is not None:
            values["stop_on_failure"] = stop
        if values:
            BulkJobRow.update(values).where(BulkJobRow.id == job_id).execute()

    def _count(self, job_id: int) -> int:
        return int(BulkItemRow.select().where(BulkItemRow.job == job_id).count())

    def get(self, name: str) -> BulkJob:
        with self.database.read():
            return self._record(self._row(name))

    def by_id(self, job_id: int) -> BulkJob:
        with self.database.read():
            row = BulkJobRow.get_or_none(BulkJobRow.id == job_id)
            if row is None:
                raise UserError("This bulk job was removed.")
            return self._record(row)

    def newest(self, limit: int) -> list[BulkJob]:
        with self.database.read():
            found = BulkJobRow.select().order_by(BulkJobRow.id.desc()).limit(limit)
            return [self._record(row) for row in found]

    def free_name(self, wanted: str) -> str:
        """This name, or with the first number behind it that is free."""
        with self.database.read():
            name, number = wanted, 1
            while BulkJobRow.select().where(BulkJobRow.name == name).exists():
                number += 1
                name = f"{wanted}-{number}"
            return name

    def claim(self, busy_with: Collection[int], only: int | None = None) -> BulkJob | None:
        """The oldest job nobody living works on (or ``only``), now ours; None: there is none."""
        with self.database.write():
            found = BulkJobRow.select().where(BulkJobRow.state.in_(RUNNABLE))
            if only is not None:
                found = found.where(BulkJobRow.id == only)
            for row in found.order_by(BulkJobRow.id):
                if row.id in busy_with or self._is_foreign(row):
                    continue
                BulkJobRow.update(owner=self._run.name, state=JobState.RUNNING, note=None).where(
                    BulkJobRow.id == row.id
                ).execute()
                return self._record(BulkJobRow.get_by_id(row.id))
        return None

    def state(self, job_id: int) -> tuple[JobState, int, bool]:
        """(state, concurrency, stop on failure); CANCELLED for a job that was removed."""
        with self.database.read():
            row = BulkJobRow.get_or_none(BulkJobRow.id == job_id)
        if row is None:
            return JobState.CANCELLED, 1, False
        return JobState(row.state), row.concurrency, bool(row.stop_on_failure)

    def set_state(
        self, job_id: int, state: JobState, only_from: tuple[JobState, ...], note: str | None = None
    ) -> bool:
        """Move a job to a state; False if it was not in one of ``only_from``."""
        ended = rows.now_ms() if state in (JobState.DONE, JobState.CANCELLED) else None
        with self.database.write():
            changed = BulkJobRow.update(state=state, finished_at=ended, note=note).where(
                (BulkJobRow.id == job_id) & BulkJobRow.state.in_(only_from)
            )
            return bool(changed.execute())

    def end(self, job_id: int) -> bool:
        """Nothing is in flight: the job is done, unless something was added meanwhile."""
        with self.database.write():
            if self._waits(job_id):
                return False
            self.set_state(job_id, JobState.DONE, (JobState.RUNNING,))
            return True

    def worked(self, job_id: int, seconds: float) -> None:
        with self.database.write():
            BulkJobRow.update(seconds=BulkJobRow.seconds + seconds).where(
                BulkJobRow.id == job_id
            ).execute()

    def close(self, name: str) -> BulkJob:
        with self.database.write():
            row = self._row(name)
            BulkJobRow.update(closed=True).where(BulkJobRow.id == row.id).execute()
            return self._record(BulkJobRow.get_by_id(row.id))

    def resume(self, name: str) -> BulkJob:
        """Let a paused or stopped job go on; one that waits or runs is left as it is."""
        with self.database.write():
            row = self._row(name)
            if row.state in (JobState.PAUSED, JobState.CANCELLED):
                state = JobState.QUEUED if self._waits(row.id) else JobState.DONE
                self.set_state(row.id, state, (JobState.PAUSED, JobState.CANCELLED))
            return self._record(BulkJobRow.get_by_id(row.id))

    def retry(self, name: str) -> int:
        """Let what failed wait again; how many items that are."""
        with self.database.write():
            row = self._row(name)
            failed = (BulkItemRow.job == row.id) & (BulkItemRow.status == BulkStatus.FAILED)
            again = BulkItemRow.update(state="waiting", status=None, reason=None).where(
                failed & (BulkItemRow.action != UNREADABLE)
            )
            count = int(again.execute())
            if not count and BulkItemRow.select().where(failed).exists():
                raise UserError(
                    f"What failed in '{name}' are lines that could not be read. Correct them in "
                    "the manifest and run that again."
                )
            if not count:
                raise UserError(f"Nothing in '{name}' failed, so there is nothing to try again.")
            ended = (JobState.DONE, JobState.CANCELLED, JobState.PAUSED)
            self.set_state(row.id, JobState.QUEUED, ended)
            return count

    def remove(self, name: str, beginning: str) -> list[str]:
        """Forget a job that nobody works on; what it did stays done. Returns those sources of
        what was not done that begin like this."""
        with self.database.write():
            job = self._record(self._row(name))
            row = BulkJobRow.get_by_id(job.id)
            if job.state is JobState.RUNNING and self._run.alive(row.owner):
                raise UserError(f"The job '{name}' is running. Stop it first.")
            left = BulkItemRow.select(BulkItemRow.options).where(
                (BulkItemRow.job == job.id)
                & (BulkItemRow.status.is_null() | (BulkItemRow.status == BulkStatus.FAILED))
                & BulkItemRow.options.contains(f'"source": "{beginning}')
            )
            sources = [json.loads(one[0])["source"] for one in left.tuples()]
            BulkJobRow.delete().where(BulkJobRow.id == job.id).execute()
            return sources

    # Items

    def waiting(self, job_id: int, after: int, limit: int) -> list[BulkItem]:
        with self.database.read():
            found = (
                BulkItemRow.select()
                .where(
                    (BulkItemRow.job == job_id)
                    & (BulkItemRow.state == "waiting")
                    & (BulkItemRow.id > after)
                )
                .order_by(BulkItemRow.id)
                .limit(limit)
            )
            return [_item(row) for row in found]

    def note_made(self, item: BulkItem, made: str) -> None:
        """Remember which file will get its name next, so that it is known again."""
        with self.database.write():
            BulkItemRow.update(made=made).where(BulkItemRow.id == item.id).execute()

    def finish(self, item: BulkItem, outcome: Outcome) -> BulkResult:
        """Record what became of an item; inside the transaction that made it so, if there is."""
        return self.finish_all([(item, outcome)])[0]

    def finish_all(self, done: Sequence[tuple[BulkItem, Outcome]]) -> list[BulkResult]:
        """The same for many."""
        with self.database.write() as db:
            db.connection().executemany(FINISH, [_finished(*one) for one in done])
        return [result_of(*one) for one in done]

    def results(
        self, job_id: int, after: int, limit: int, status: BulkStatus | None
    ) -> list[BulkResult]:
        with self.database.read():
            found = BulkItemRow.select().where(
                (BulkItemRow.job == job_id)
                & (BulkItemRow.state == "done")
                & (BulkItemRow.id > after)
            )
            if status is not None:
                found = found.where(BulkItemRow.status == status)
            return [_result(row) for row in found.order_by(BulkItemRow.id).limit(limit)]

    def expected(self, job_id: int) -> int:
        """Bytes that what is done and what waits comes to, where its items say (``bytes``)."""
        with self.database.read() as db:
            (found,) = db.execute_sql(
                "SELECT SUM(json_extract(options, '$.bytes')) FROM bulk_item "
                "WHERE job_id = ? AND (status IS NULL OR status = 'succeeded')",
                (job_id,),
            ).fetchone()
        return int(found or 0)

    # How many at a time, where nobody says

    def usual_concurrency(self) -> int:
        with self.database.read():
            said = Info.get_or_none(Info.key == CONCURRENCY)
            return USUAL_CONCURRENCY if said is None else int(said.value)

    def set_usual_concurrency(self, number: int) -> None:
        with self.database.write():
            Info.replace(key=CONCURRENCY, value=str(check_concurrency(number))).execute()

    # Rows

    def _row(self, name: str) -> Any:
        row = BulkJobRow.get_or_none(BulkJobRow.name == name)
        if row is None:
            raise UserError(f"There is no bulk job called '{name}'.")
        return row

    def _waits(self, job_id: int) -> bool:
        waiting = (BulkItemRow.job == job_id) & (BulkItemRow.state == "waiting")
        return bool(BulkItemRow.select().where(waiting).exists())

    def _is_foreign(self, row: Any) -> bool:
        return row.owner != self._run.name and self._run.alive(row.owner)

    def _record(self, row: Any) -> BulkJob:
        groups = (
            BulkItemRow.select(
                BulkItemRow.status, fn.COUNT(BulkItemRow.id), fn.SUM(BulkItemRow.size)
            )
            .where(BulkItemRow.job == row.id)
            .group_by(BulkItemRow.state, BulkItemRow.status)
            .tuples()
        )
        counts: dict[str | None, int] = {}
        size = 0
        for status, number, some in groups:
            counts[status] = number
            size += some
        return BulkJob(
            id=row.id, name=row.name, state=JobState(row.state), total=sum(counts.values()),
            succeeded=counts.get(BulkStatus.SUCCEEDED, 0), failed=counts.get(BulkStatus.FAILED, 0),
            skipped=counts.get(BulkStatus.SKIPPED, 0), size=size, seconds=row.seconds,
            concurrency=row.concurrency, stop_on_failure=bool(row.stop_on_failure),
            closed=bool(row.closed), created_at=row.created_at, finished_at=row.finished_at,
            note=row.note, foreign=row.state == JobState.RUNNING and self._is_foreign(row),
        )  # fmt: skip


def check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(f"A bulk job needs a name of 1 to {LONGEST_NAME} printable characters.")
    return name


def check_concurrency(number: int) -> int:
    if not 1 <= number <= MOST_CONCURRENCY:
        raise UserError(f"1 to {MOST_CONCURRENCY} items can be worked on at a time.")
    return number


def _readable(items: Iterable[BulkItem]) -> Iterator[BulkItem]:
    """A job that stops at the first failure does not begin with one."""
    for item in items:
        if item.problem is not None:
            where = f"Line {item.line}: " if item.line else ""
            raise UserError(
                f"{where}{item.problem} Nothing was added, because the job is to stop at the "
                "first failure."
            )
        yield item


def _values(job_id: int, item: BulkItem) -> tuple[Any, ...]:
    options = json.dumps(item.options, sort_keys=True)
    if item.problem is not None:
        said = f"{item.line}:{item.problem}"
        identity = blake3(said.encode("utf-8", "surrogatepass")).hexdigest(16)
        status, reason = BulkStatus.FAILED.value, stored_text(item.problem)
        return job_id, identity, UNREADABLE, item.label, "{}", item.line, "done", status, reason
    identity = blake3(f"{item.action}:{options}".encode()).hexdigest(16)
    label = stored_text(item.label)
    return job_id, identity, item.action, label, options, item.line, "waiting", None, None


def _finished(item: BulkItem, outcome: Outcome) -> tuple[Any, ...]:
    path = None if outcome.path is None else stored_text(outcome.path)
    reason = None if outcome.reason is None else stored_text(outcome.reason)
    return outcome.status.value, reason, outcome.size, outcome.item_id, path, item.id


def _item(row: Any) -> BulkItem:
    return BulkItem(
        row.action, json.loads(row.options), row.line, id=row.id, job_id=row.job_id, made=row.made
    )


def result_of(item: BulkItem, outcome: Outcome) -> BulkResult:
    return BulkResult(
        item.job_id, item.id, item.action, item.label, outcome.status, outcome.reason,
        outcome.size, outcome.item_id, outcome.path, item.line, item.options,
    )  # fmt: skip


def _result(row: Any) -> BulkResult:
    return BulkResult(
        row.job_id, row.id, row.action, row.label, BulkStatus(row.status), row.reason, row.size,
        row.item_id, row.path, row.line, json.loads(row.options),
    )  # fmt: skip


def pages(store: Store, job_id: int, status: BulkStatus | None) -> Iterator[BulkResult]:
    """All results of a job, a page of the catalog at a time."""
    after = 0
    while page := store.results(job_id, after, 1000, status):
        yield from page
        after = page[-1].position
