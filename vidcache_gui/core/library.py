"""The one object that windows, command line and the server talk to.

A library is a folder: ``catalog.db``, ``blobs/``, ``thumbs/``, ``similar/``, ``trash/``,
``tmp/``, ``run/`` (locks) and ``backups/``. Nothing in it holds an absolute path to itself,
so it can be moved. Every method may be called from any thread.
"""

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.closing import Closing
from vidcache_gui.core import find, footage, migrations, rows, search, trash
from vidcache_gui.core import verify as verifying
from vidcache_gui.core.ballstore import Balls
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.bulk.facade import Bulk
from vidcache_gui.core.catalog import Info
from vidcache_gui.core.database import Database
from vidcache_gui.core.edits import Edits
from vidcache_gui.core.engine import Engine, Event
from vidcache_gui.core.exports import Exports
from vidcache_gui.core.groups import Group, OnBall, put_group
from vidcache_gui.core.growing import Settling
from vidcache_gui.core.intake import Fetch, Intake, Target
from vidcache_gui.core.locks import FileLock, RunToken, lock_for_window
from vidcache_gui.core.pictures import Pictures
from vidcache_gui.core.queue import ENDED, Queue
from vidcache_gui.core.receiving import Receiving
from vidcache_gui.core.records import (
    Ball,
    Bookmark,
    BucketCount,
    Changes,
    Finding,
    ItemDetails,
    Job,
    JobState,
    Listing,
    Progress,
    Query,
    SourceResult,
    Stats,
)
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.review.facade import Review
from vidcache_gui.core.review.quality_facade import Quality
from vidcache_gui.core.similar.facade import Similar
from vidcache_gui.core.sync.facade import Syncing
from vidcache_gui.core.undoing import Undoing
from vidcache_gui.errors import UserError
from vidcache_gui.media.pool import DecodePool

if TYPE_CHECKING:
    from vidcache_gui.media.types import FrameSource

CATALOG = "catalog.db"


class Library(
    Closing, Edits, Exports, Similar, Review, Quality, Receiving, Balls, Bulk, Undoing, Syncing
):  # fmt: skip
    """An open library. Use :meth:`open`; close it when done (it is a context manager)."""

    def __init__(self, path: Path, *, lock: FileLock | None, fetch: Fetch | None) -> None:
        self.path = path
        self._lock = lock
        self._run = path / "run"
        self._token = RunToken(self._run)
        temporary = path / "tmp"
        temporary.mkdir(exist_ok=True)
        self._token.sweep(temporary)
        self._database = Database(path / CATALOG)
        self._blobs = BlobStore(path / "blobs", temporary / self._token.name, path / "trash")
        self._pictures = Pictures(path / "thumbs")
        self._pool = DecodePool()
        self._queue = Queue(self._database, self._token)
        self._intake = Intake(
            self._database, self._blobs, self._pictures, self._pool, self._queue, self._run, fetch
        )
        self._engine = Engine(self._intake, self._queue)
        self._settling = Settling(self._intake)
        self._stop = CancelToken()
        self._start_similar()
        self._closing = threading.Lock()
        self._closed = False

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = True,
        gui: bool = False,
        fetch: Fetch | None = None,
    ) -> "Library":
        """Open a library, or make one in a new or empty folder.

        ``gui``: claim it for the one window it may have. ``fetch``: how to download.
        Raises UserError when it is no library, is newer than this program, is open in
        another window, or cannot be read or written.
        """
        folder = Path(path).expanduser().absolute()
        _prepare_folder(folder, create)
        lock = lock_for_window(folder / "run") if gui else None
        with contextlib.ExitStack() as undo:
            if lock is not None:
                undo.callback(lock.release)
            library = cls(folder, lock=lock, fetch=fetch)
            undo.callback(library._database.close)
            library._prepare()
            undo.pop_all()
        return library

    def _prepare(self) -> None:
        migrations.migrate(self._database, self.path / "backups")
        with self._database.read():
            known = Info.get_or_none(Info.key == "id")
        if known is None:
            with self._database.write():
                Info.insert(key="id", value=uuid.uuid4().hex).on_conflict_ignore().execute()
        trash.recover(self._database, self._blobs, self._run)

    @property
    def name(self) -> str:
        return self.path.name

    def close(self) -> None:
        """Stop work (it goes on at the next start), stop the workers, let go of the locks."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._stop.cancel()
        self._engine.wake()
        self._close_bulk()
        self._pool.close()
        self._settling.close()
        self._close_similar()
        self._database.close()
        self._token.release()
        with contextlib.suppress(OSError):
            self._blobs.temporary.rmdir()
        if self._lock is not None:
            self._lock.release()

    # In

    def enqueue(self, sources: Sequence[str | Path], target: Target | None = None) -> int:
        """Put sources in the queue (durable at return); the job's id. Work: :meth:`run_jobs`."""
        job = self._queue.add(
            [str(source) for source in sources], (target or Target()).to_options()
        )
        self._engine.wake()
        return job

    def run_jobs(
        self,
        on_event: Callable[[Event], None],
        *,
        stop: CancelToken | None = None,
        forever: bool = False,
    ) -> None:
        """Work through the queue in this thread's care; events come from worker threads.

        Returns when nothing is left to do; with ``forever`` when stopped or closed.
        """
        self._engine.run(on_event, stop or self._stop, forever=forever)

    def stop_jobs(self) -> None:
        """Let go of all running jobs at the next chunk; they go on at the next start.

        A check that is to stop as well sees it at once.
        """
        self._stop.cancel()
        self._engine.wake()
        self._wake_checker()

    def ingest(
        self, sources: Sequence[str | Path], target: Target | None = None
    ) -> Iterator[SourceResult | Progress]:
        """Bring sources in now, yielding what becomes of each. Abandoning it stops the work."""
        from vidcache_gui.core.foreground import ingest

        yield from ingest(self._queue, self._engine, self.enqueue(sources, target))

    def put_frames(
        self,
        bucket: str,
        ball_id: str,
        folder: str | Path,
        *,
        renumber: bool = False,
        target: Target | None = None,
        token: CancelToken | None = None,
        on_ball: OnBall | None = None,
    ) -> SourceResult:
        """Store a folder of frames as the group ``ball_id``; see ``core.groups``."""
        base = target or Target()
        folder = Path(folder).expanduser().absolute()
        group = Group(
            str(folder), folder, Target(bucket, base.prefix, base.meta), ball_id, renumber=renumber
        )
        return put_group(
            self._intake, group, token=token or CancelToken(), on_bytes=lambda _: None,
            on_ball=on_ball,
        )  # fmt: skip

    # Jobs

    def jobs(self, limit: int = 50) -> list[Job]:
        """The newest jobs first."""
        return self._queue.newest(limit)

    def job(self, job_id: int) -> Job:
        return self._queue.get(job_id)

    def job_results(self, job_id: int, after: int = 0, limit: int = 500) -> list[SourceResult]:
        """Finished sources of a job; ``after`` is the last ``position`` seen."""
        return self._queue.results(job_id, after, limit)

    def pause_job(self, job_id: int) -> None:
        self._queue.set_state(
            job_id, JobState.PAUSED, only_from=(JobState.QUEUED, JobState.RUNNING)
        )
        self._hurry(job_id, CancelToken.pause)

    def resume_job(self, job_id: int) -> None:
        """Go on with a paused or cancelled job."""
        self._queue.set_state(
            job_id, JobState.QUEUED, only_from=(JobState.PAUSED, JobState.CANCELLED)
        )
        self._engine.wake()

    def cancel_job(self, job_id: int) -> None:
        """Stop a job; what it brought in stays, what is waiting is not brought in."""
        states = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
        self._queue.set_state(job_id, JobState.CANCELLED, only_from=states)
        self._hurry(job_id, CancelToken.cancel)

    def retry_job(self, job_id: int) -> None:
        """Try the failed sources of a job again."""
        self._queue.retry(job_id)
        self._engine.wake()

    def forget_jobs(self) -> None:
        """Clear ended jobs from the list."""
        for job in self._queue.newest(10_000):
            if job.state in ENDED:
                self._queue.forget(job.id)

    def _hurry(self, job_id: int, act: Callable[[CancelToken], None]) -> None:
        token = self._engine.token(job_id)
        if token is not None:
            act(token)
        self._engine.wake()

    # Find

    def listing(self, query: Query, page_size: int = search.PAGE) -> Listing:
        with self._database.read():
            return search.listing(query, page_size)

    def page(self, query: Query, after: Any = None, limit: int = search.PAGE) -> list[ItemRecord]:
        """Up to ``limit`` items after a key (None: from the start), in the query's order."""
        with self._database.read():
            return [rows.item_record(row) for row in search.page_rows(query, after, limit)]

    def showing(self, query: Query, ids: Sequence[int]) -> list[tuple[Any, ItemRecord]]:
        """Which of these items the query shows, each with its key, in the query's order."""
        with self._database.read():
            return search.keyed(query, list(ids))

    def items(self, ids: Sequence[int]) -> list[ItemRecord]:
        with self._database.read():
            return rows.get_items(list(ids))

    def find(self, text: str) -> ItemRecord:
        """One item by hash, start of a hash, ``bucket/ball_id``, id (``#12``) or exact name.

        Raises UserError when nothing or more than one thing fits.
        """
        with self._database.read():
            return find.find(text)

    def details(self, item_id: int) -> ItemDetails:
        with self._database.read():
            return find.details(item_id)

    def resolve(self, source: str) -> ItemRecord | None:
        """The item whose content came from this address or path, latest first."""
        with self._database.read():
            return find.resolve(source)

    def buckets(self) -> list[BucketCount]:
        with self._database.read():
            return find.buckets()

    def tags(self) -> list[tuple[str, int]]:
        with self._database.read():
            return find.tags()

    def stats(self) -> Stats:
        with self._database.read():
            return find.stats()

    def changes_since(self, seq: int | None) -> tuple[int, Changes]:
        """News by any process since ``seq`` (None: only where the feed stands now)."""
        with self._database.read():
            return find.changes_since(seq)

    # Bytes and frames

    def blob_path(self, hash: str) -> Path:
        return self._blobs.path(hash)

    def get_bytes(self, hash: str, byte_range: tuple[int, int] | None = None) -> bytes:
        """Stored bytes; ``byte_range`` is (first, last), both inclusive."""
        with self._blobs.open(hash) as file:
            if byte_range is None:
                return file.read()
            first, last = byte_range
            file.seek(first)
            return file.read(last - first + 1)

    def stream(self, hash: str, chunk: int = 1 << 20) -> Iterator[bytes]:
        with self._blobs.open(hash) as file:
            while data := file.read(chunk):
                yield data

    def poster(self, item: ItemRecord) -> bytes | None:
        """A JPEG, longest side at most 512 px; None where nothing could be decoded."""
        return self._pictures.poster(item.hash)

    def strip(self, item: ItemRecord) -> bytes | None:
        """A JPEG of STRIP_TILES equal tiles side by side."""
        return self._pictures.strip(item.hash)

    def get_by_ball_id(self, bucket: str, ball_id: str) -> list[Ball]:
        """The balls of a group in frame order. Raises UserError when there is no such group."""
        with self._database.read():
            return find.balls(bucket, ball_id)

    def open_source(
        self, item: ItemRecord, delay_ms: float | None = None, *, as_stored: bool = False
    ) -> "FrameSource":
        """Numbered frames of an item. The caller closes it, in the thread that opened it.

        ``delay_ms``: of every frame of a group. ``as_stored``: without the delays people
        gave to single frames.
        """
        with self._database.read():
            edited = {} if as_stored or delay_ms else find.delays(item.id)
            opener = footage.opener(item, self._blobs.path, delay_ms)
        source = opener()
        if edited:
            footage.set_delays(source, edited)
        return source

    def bookmarks(self, item_id: int) -> list[Bookmark]:
        with self._database.read():
            return find.bookmarks(item_id)

    def delays(self, item_id: int) -> dict[int, float]:
        """Milliseconds that people gave to single frames, by frame."""
        with self._database.read():
            return find.delays(item_id)

    def export(
        self,
        item: ItemRecord,
        destination: str | Path,
        *,
        delay_ms: float | None = None,
        overwrite: bool = False,
        token: CancelToken | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Path:
        """Write an item outside the library: the original bytes, or an animation made of it.

        A destination that is a folder gets the original (a group: a folder of its frames; a
        file that came in chunks: that file, if they are all there, checked by its SHA-256);
        ``.gif``, ``.webp``, ``.png`` (APNG) and ``.mp4`` rebuild an animation when the item
        is not that already. Returns what was written. Never overwrites unasked.
        """
        from vidcache_gui.core.export import export

        return export(
            self, item, Path(destination).expanduser(), delay_ms=delay_ms, overwrite=overwrite,
            token=token or CancelToken(), on_progress=on_progress or (lambda done, total: None),
        )  # fmt: skip

    # Care

    def empty_trash(self, ids: Sequence[int] | None = None) -> tuple[Changes, int]:
        """Delete what is in the trash for good; (changes, bytes freed). Cannot be undone."""
        chosen = None if ids is None else list(ids)
        return trash.empty(self._database, self._blobs, self._pictures, self._run, chosen)

    def verify(
        self,
        *,
        token: CancelToken | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Iterator[Finding]:
        """Re-hash every blob and reconcile catalog and files; nothing is changed."""
        return verifying.verify(
            self._database, self._blobs, token=token or CancelToken(),
            on_progress=on_progress or (lambda done, total: None),
        )  # fmt: skip


def _prepare_folder(folder: Path, create: bool) -> None:
    """Make the bones of a library, or refuse what is something else."""
    is_library = (folder / CATALOG).exists()
    if not is_library and not create:
        raise UserError(f"There is no VidCache library in '{folder}'.")
    if folder.exists() and not folder.is_dir():
        raise UserError(f"'{folder}' is a file. A library is a folder.")
    strangers = not is_library and folder.is_dir() and not (folder / "run").is_dir()
    if strangers and any(folder.iterdir()):
        raise UserError(
            f"'{folder}' holds other files. Choose an empty folder for a new library; to bring "
            "those files in, add them to a library."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "run").mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"'{folder}' cannot hold a library ({error.strerror}).") from error
