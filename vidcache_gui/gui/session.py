"""An open library as the window sees it: things to do, and news about what changed.

Everything runs in the background; every signal comes on the main thread. What changed is
taken from the library's change feed only, whoever made the change, so each change arrives
exactly once and in order.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import BulkItem, BulkProgress, BulkResult
from vidcache_gui.core.records import (
    BucketCount,
    Changes,
    Item,
    ItemDetails,
    JobState,
    Progress,
    Query,
    SourceResult,
    Stats,
    UndoEntry,
)
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.errors import UserError
from vidcache_gui.gui import words
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.bulk import shown
from vidcache_gui.gui.ingest.job_acts import JobActs
from vidcache_gui.gui.similar.checking import Checking
from vidcache_gui.gui.similar.match_model import shown_of
from vidcache_gui.gui.similar.sides import Shown, seen_from

if TYPE_CHECKING:
    from vidcache_gui.core.intake import Target
    from vidcache_gui.core.library import Library
    from vidcache_gui.interfaces.remotes.bulk import Connections

log = logging.getLogger(__name__)

POLL_MS = 1000  # how often other processes' changes are looked for
HURRY_MS = 150  # after our own changes
STREAM_MS = 2000  # between two lots of news while more and more comes: each is painted
MATCHES_SHOWN = 100  # of one item


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sidebar shows."""

    stats: Stats
    buckets: tuple[BucketCount, ...]
    tags: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message; ``undoable`` offers Undo beside it."""

    text: str
    undoable: bool = False
    problem: bool = False


class Session(JobActs):
    """One open library, its background threads and its ingest engine."""

    changed = Signal(object)  # Changes
    counts_changed = Signal(object)  # Counts
    job_progressed = Signal(object)  # Progress
    undo_changed = Signal(str, str)  # what undo and redo would do; empty: nothing
    noticed = Signal(object)  # Notice
    closing = Signal()  # long work has to stop now

    def __init__(
        self, library: "Library", background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.library = library
        self.background = background
        self._seq: int | None = None
        self._polling = False
        self._shown = 0.0  # when there was news
        self._closed = False
        self._stop = CancelToken()  # for long work of this session
        self.checking = Checking(library, background, self)
        self.checking.failed.connect(self.report)
        self.jobs_changed.connect(self.checking.make_room)
        self.changed.connect(self._hear_matches)
        self._connections: Connections | None = None
        self._registering = threading.Lock()
        self.progress: dict[int, Progress] = {}
        self._poll = self._timer(POLL_MS, self.look_for_changes)
        self._counts = self._timer(HURRY_MS, self._read_counts)
        self._jobs = self._timer(HURRY_MS, self.refresh_jobs)
        self._history = self._timer(HURRY_MS, self._read_history)

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval)
        timer.timeout.connect(slot)
        return timer

    # Life

    def start(self) -> None:
        """Read what the panes show, and go on with the jobs that wait."""
        self.look_for_changes()
        self._read_counts()
        self.refresh_jobs()
        self._read_history()
        self.background.run(Purpose.JOBS, self._run_jobs, failed=self._show_failure)
        self.background.run(Purpose.BULK, self._run_bulk, failed=self._show_failure)
        self.checking.start()
        self.library.settle_groups()

    def close(self) -> None:
        """Stop work (it goes on at the next start) and close the library."""
        if self._closed:
            return
        self._closed = True
        for timer in (self._poll, self._counts, self._jobs, self._history):
            timer.stop()
        self._stop.cancel()
        self.checking.stop()
        self.closing.emit()
        self.library.stop_jobs()
        self.library.wake_bulk()
        self.background.close(self.library.close)

    def _run_jobs(self) -> None:
        self.library.run_jobs(self._hear_job, forever=True)

    def _know_remotes(self) -> None:
        """Bulk jobs may copy from and to remotes; in the background, as it has to be imported."""
        from vidcache_gui.interfaces.remotes import bulk

        with self._registering:
            if self._connections is None:
                self._connections = bulk.register(self.library)

    def _run_bulk(self) -> None:
        self._know_remotes()
        self.library.run_bulk(self._hear_bulk, forever=True)

    def _hear_bulk(self, event: "BulkResult | BulkProgress") -> None:
        """From the threads of bulk jobs."""
        if isinstance(event, BulkProgress):
            progress = shown.as_progress(event)
            self.background.tell(("progress", progress.job_id), self._show_progress, progress)
        self.background.tell("feed", self.hurry, None)

    def _hear_job(self, event: object) -> None:
        """From the engine's threads."""
        tell = self.background.tell
        if isinstance(event, Progress):
            tell(("progress", event.job_id), self._show_progress, event)
        elif isinstance(event, SourceResult):
            tell("feed", self.hurry, None)
        else:
            tell("jobs", self._hurry_jobs, None)
            tell("feed", self.hurry, None)

    # News

    def look_for_changes(self) -> None:
        if self._polling or self._closed:
            return
        self._polling = True
        seq, library = self._seq, self.library
        self.background.run(
            Purpose.READ,
            lambda: library.changes_since(seq),
            lambda news: self._show_changes(*news),
            self._poll_failed,
        )

    def _show_changes(self, seq: int, changes: Changes) -> None:
        self._polling = False
        self._seq = seq
        if changes:
            self.changed.emit(changes)
            for timer in (self._counts, self._history):  # others may have changed something too
                if not timer.isActive():
                    timer.start()
            self._shown = time.monotonic()
            self._poll.start(STREAM_MS)
        else:
            self._poll.start(POLL_MS)

    def _hear_matches(self, changes: Changes) -> None:
        if changes.matches or changes.added or changes.removed:
            self.checking.recount()

    def _poll_failed(self, error: Exception) -> None:
        log.error("the library's news cannot be read", exc_info=error)
        self._polling = False
        self._poll.start(10 * POLL_MS)

    def hurry(self, _: object = None) -> None:
        """Somebody in this process has just changed something: show it soon. What comes quicker
        than that must not put it off."""
        wait = max(HURRY_MS, STREAM_MS - int((time.monotonic() - self._shown) * 1000))
        if not self._polling and not 0 <= self._poll.remainingTime() <= wait:
            self._poll.start(wait)

    def _hurry_jobs(self, _: object) -> None:
        if not self._jobs.isActive():
            self._jobs.start()

    def _show_progress(self, progress: Progress) -> None:
        known = self.progress.get(progress.job_id)
        self.progress[progress.job_id] = progress
        # One that is tried again may be over before it was seen to run: then it is told by counts.
        over = progress.state in (JobState.DONE, JobState.CANCELLED)
        if known is None or known.state != progress.state or (over and known != progress):
            self._hurry_jobs(None)
            self._read_history()  # a bulk job may have made a change to undo
        self.job_progressed.emit(progress)

    def _read_counts(self) -> None:
        library = self.library
        self.background.run(
            Purpose.READ,
            lambda: Counts(library.stats(), tuple(library.buckets()), tuple(library.tags())),
            self.counts_changed.emit,
        )

    def _read_history(self) -> None:
        library = self.library
        self.background.run(Purpose.READ, library.history, self._show_history)

    def _show_history(self, entries: list[UndoEntry]) -> None:
        undo = next((entry.label for entry in entries if not entry.undone), "")
        redo = next((entry.label for entry in entries if entry.next_redo), "")
        self.undo_changed.emit(undo, redo)

    # Things to do

    def remove(self, items: Sequence[int]) -> None:
        self._change(
            lambda: self.library.remove(items),
            f"Moved {words.items(len(items))} to the trash",
        )

    def restore(self, items: Sequence[int]) -> None:
        self._change(lambda: self.library.restore(items), f"Restored {words.items(len(items))}")

    def rename(self, item_id: int, name: str) -> None:
        self._change(lambda: self.library.rename(item_id, name), f"Renamed to “{name.strip()}”")

    def move(self, items: Sequence[int], bucket: str, prefix: str) -> None:
        place = words.item_place(bucket, prefix)
        self._change(
            lambda: self.library.move(items, bucket=bucket, prefix=prefix),
            f"Moved {words.items(len(items))} to {place}",
        )

    def tag(
        self, items: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        self._change(lambda: self.library.tag(items, add=add, remove=remove), None)

    def set_meta(self, item_id: int, meta: dict[str, Any] | None) -> None:
        self._change(lambda: self.library.set_meta(item_id, meta), None)

    def change(self, work: Callable[[], Changes]) -> None:
        """Any other undoable change, without a word: what it does is seen."""
        self._change(work, None)

    def act(
        self,
        work: Callable[[], Changes],
        said: str,
        done: Callable[[Changes], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Any undoable change with a notice. ``done``, ``failed``: what comes after it."""
        self._change(work, said, done=done, failed=failed)

    def decide(self, a: Item, b: Item, verdict: Verdict) -> None:
        """Say what two items are to each other; kept for ever, and undone like anything."""
        said = {
            Verdict.NOT_A_MATCH: "Not a match", Verdict.KEEP_BOTH: "Both are kept",
            Verdict.LINKED: "Both are kept and linked",
        }[verdict]  # fmt: skip
        self._change(
            lambda: self.library.mark(a.id, b.id, verdict), f"{said}: “{a.name}” and “{b.name}”"
        )

    def undecide(self, a: Item, b: Item) -> None:
        self._change(lambda: self.library.unmark(a.id, b.id), f"“{a.name}” is to be decided again")

    def undo(self) -> None:
        self._change(self.library.undo, "", undoable=False)

    def redo(self) -> None:
        self._change(self.library.redo, "", undoable=False)

    def empty_trash(self) -> None:
        self.background.run(
            Purpose.CATALOG, self.library.empty_trash, self._show_emptied, self._show_failure
        )

    def _show_emptied(self, result: tuple[Changes, int]) -> None:
        changes, freed = result
        count = words.items(len(changes.removed))
        self.noticed.emit(Notice(f"Deleted {count} for good, {words.size(freed)} freed"))
        self._after_change()

    def _change(
        self,
        work: Callable[[], Changes],
        said: str | None,
        *,
        undoable: bool = True,
        done: Callable[[Changes], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Make an undoable change. ``said``: the notice; "" takes the change's own label."""

        def tell(changes: Changes) -> None:
            text = (said or _past(changes.label)) if said is not None else ""
            if text:
                self.noticed.emit(Notice(text, undoable=undoable and bool(changes)))
            if done is not None:
                done(changes)
            self._after_change()

        self.background.run(Purpose.CATALOG, work, tell, failed or self._show_failure)

    def _after_change(self) -> None:
        self.look_for_changes()
        self._read_history()

    def _show_failure(self, error: Exception) -> None:
        self.report(error)

    def report(self, error: Exception) -> None:
        """Tell a person what went wrong; what is our fault goes to the log as well."""
        if isinstance(error, UserError):
            text = str(error)
        else:
            log.error("something failed", exc_info=error)
            text = f"Something went wrong inside VidCache ({type(error).__name__}: {error})."
        self.noticed.emit(Notice(text, problem=True))

    # Jobs

    def retry(self, job_id: int) -> None:
        if self._connections is not None:
            self._connections.forget_problems()
        super().retry(job_id)

    def copy_items(self, title: str, errands: Callable[[], Sequence["BulkItem"]]) -> None:
        """Copy from or to a remote, as a bulk job. ``errands`` is asked in the background."""
        library = self.library

        def work() -> None:
            self._know_remotes()
            found = errands()
            if found:
                library.add_to_bulk(library.free_bulk_name(title), found)

        self._job(work)

    def add(self, sources: Sequence[str], target: "Target") -> None:
        """Bring sources in. The job is durable before anything is read."""
        self.background.run(
            Purpose.CATALOG,
            lambda: self.library.enqueue(sources, target),
            lambda _: self.refresh_jobs(),
            self._show_failure,
        )

    def read_details(self, item_id: int, receive: Callable[[ItemDetails], None]) -> None:
        library = self.library
        self.background.run(
            Purpose.READ,
            lambda: library.details(item_id),
            receive,
            lambda error: log.info("no details of %d: %s", item_id, error),
        )

    def read_matches(self, item_id: int, receive: Callable[[list[Shown]], None]) -> None:
        """What shows the same as an item, seen from it, surest first."""
        library = self.library

        def read() -> list[Shown]:
            found = library.matches(item=item_id, decided=True, limit=MATCHES_SHOWN)
            rows = [seen_from(shown_of(match), item_id) for match in found]
            return [row for row in rows if row.verdict != Verdict.NOT_A_MATCH.value]

        self.background.run(Purpose.READ, read, receive)

    def read_trash_size(self, receive: Callable[[tuple[int, int]], None]) -> None:
        """(items in the trash, their bytes), for the question before it is emptied."""
        library = self.library

        def read() -> tuple[int, int]:
            query, count, total, after = Query(trash=True), 0, 0, None
            while items := library.page(query, after, 1000):
                count += len(items)
                total += sum(item.size for item in items)
                after = library.showing(query, [items[-1].id])[-1][0]
            return count, total

        self.background.run(Purpose.READ, read, receive, self._show_failure)

    def export(self, items: Sequence[Item], folder: str) -> None:
        """Write the originals of items into a folder; what cannot be written is named."""
        library, token = self.library, self._stop

        def work() -> tuple[int, list[str]]:
            done, problems = 0, []
            for item in items:
                try:
                    library.export(item, folder, token=token)
                    done += 1
                except UserError as error:
                    problems.append(f"“{item.name}”: {error}")
            return done, problems

        self.noticed.emit(Notice(f"Exporting {words.items(len(items))}…"))
        self.background.run(Purpose.WORK, work, self._show_exported, self._show_failure)

    def _show_exported(self, result: tuple[int, list[str]]) -> None:
        done, problems = result
        text = f"Exported {words.items(done)}"
        if problems:
            more = f" and {len(problems) - 1:,} more" if len(problems) > 1 else ""
            text = f"{text}. Not exported: {problems[0]}{more}"
        self.noticed.emit(Notice(text, problem=bool(problems)))


def _past(label: str) -> str:
    """ "Undo Remove 3 items" as something that has happened."""
    if label.startswith("Undo "):
        return f"Undone: {label[5:]}"
    if label.startswith("Redo "):
        return f"Done again: {label[5:]}"
    return label
