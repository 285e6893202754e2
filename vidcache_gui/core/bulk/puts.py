"""Into the library, many at a time: files, addresses, folders of frames, single frames."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import journal
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.bulk.changes import journal_label
from vidcache_gui.core.bulk.lookup import names_ball
from vidcache_gui.core.bulk.records import HANDED, BulkItem, BulkStatus, Outcome
from vidcache_gui.core.bulk.store import Store
from vidcache_gui.core.catalog import BulkJobRow
from vidcache_gui.core.discover import is_address
from vidcache_gui.core.groups import BALL_ID, Group, put_group
from vidcache_gui.core.intake import EMPTY, Intake, Skipped, Target
from vidcache_gui.core.patches import Patch
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.sequence import looks_like_sequence
from vidcache_gui.media.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

PRODUCER = "vidcache"
READ = 128 * 1024
BECAME = {
    Status.NEW: BulkStatus.SUCCEEDED, Status.DUPLICATE: BulkStatus.SKIPPED,
    Status.URL_ALIAS: BulkStatus.SKIPPED, Status.SKIPPED: BulkStatus.SKIPPED,
    Status.FAILED: BulkStatus.FAILED,
}  # fmt: skip


class Put:
    """What comes in is stored and recorded as done in one transaction."""

    name = "put"
    columns: Mapping[str, bool] = {
        "source": True, "bucket": False, "prefix": False, "ball_id": False, "key": False,
        "frame_number": False, "tags": False,
    }  # fmt: skip

    def __init__(self, library: "Library", intake: Intake, store: Store, handed: Path) -> None:
        self._library = library
        self._intake = intake
        self._store = store
        self._handed = handed

    def check(self, item: BulkItem) -> str:
        source = str(item.options["source"])
        bucket = str(item.options.get("bucket") or Target.bucket)
        if is_address(source):
            return f"Download '{source}' to '{bucket}'"
        path = self._path(source)
        if not path.exists():
            raise UserError(f"'{path}' is not there (any more).")
        if names_ball(item.options):
            facts = ball_facts(item.options)
            return f"Put '{path.name}' as the frame '{facts.bucket}/{facts.key}'"
        if path.is_dir():
            self._check_folder(path, item.options)
            return f"Put the frames of '{path.name}' in '{bucket}'"
        return f"Put '{path.name}' in '{bucket}'"

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        source = str(item.options["source"])
        path = self._path(source)
        if names_ball(item.options):
            outcome = self._ball(item, path, stop, progress)
            if source.startswith(HANDED):
                path.unlink(missing_ok=True)
            return outcome
        tags = tuple(tag for tag in item.options.get("tags") or ())
        target = Target(
            str(item.options.get("bucket") or Target.bucket),
            str(item.options.get("prefix") or ""), tags=tags,
        )  # fmt: skip
        intake = self._intake.reporting_to(_Recorder(self._store, item))
        try:
            if is_address(source):
                result = intake.url(
                    source, target, token=stop, on_bytes=progress, source_id=item.id
                )
            elif path.is_dir():
                self._check_folder(path, item.options)
                group = Group(source, path, target, item.options.get("ball_id"))
                result = put_group(intake, group, token=stop, on_bytes=progress, source_id=item.id)
            else:
                result = intake.file(
                    str(path), target, token=stop, on_bytes=progress, source_id=item.id
                )
        except Skipped as error:
            return Outcome(BulkStatus.SKIPPED, str(error))
        return outcome_of(result)

    def _path(self, source: str) -> Path:
        if source.startswith(HANDED):
            return self._handed / Path(source.removeprefix(HANDED)).name
        return Path(source)

    def _check_folder(self, path: Path, options: Mapping[str, Any]) -> None:
        ball_id = options.get("ball_id")
        if ball_id is None and not looks_like_sequence(os.listdir(path)):
            raise UserError(
                "It is a folder, and not of numbered frames. Name its files, or give a ball_id to "
                "store its pictures as one group."
            )
        if ball_id is not None and not BALL_ID.fullmatch(str(ball_id)):
            raise UserError(f"'{ball_id}' cannot name frames: letters, digits, single '_' and '-'.")

    def _ball(
        self, item: BulkItem, path: Path, stop: CancelToken, progress: Callable[[int], None]
    ) -> Outcome:
        """One frame of a group, as a storage client puts it."""
        facts = ball_facts(item.options)
        with open_regular(str(path)) as source:
            head = source.read(HEAD_BYTES)
            if not head:
                raise UserError(EMPTY)
            media = sniff(head)
            source.seek(0)
            with self._library.incoming(os.fstat(source.fileno()).st_size) as incoming:
                while part := source.read(READ):
                    stop.check()
                    incoming.write(part)
                    progress(len(part))
                if media is not None:
                    facts = ball_facts(item.options, media.mime)
                done = self._library.put_ball(
                    incoming, facts, lambda put: self._store.finish(item, _put_outcome(put))
                )
        return _put_outcome(done)


def _put_outcome(put: Any) -> Outcome:
    if put.is_known:
        said = "It is here already, under this key."
        return Outcome(BulkStatus.SKIPPED, said, put.ball.size, put.item_id)
    return Outcome(size=put.ball.size, item_id=put.item_id)


class _Recorder:
    """Takes the place of the job queue: what became of one item, and its tags if it was here."""

    def __init__(self, store: Store, item: BulkItem) -> None:
        self._store = store
        self._item = item

    def finish(self, source_id: int, result: SourceResult) -> None:
        if result.item_id is not None and result.status is not Status.NEW:
            self._tag(result.item_id)
        self._store.finish(self._item, outcome_of(result))

    def _tag(self, item_id: int) -> None:
        tags = self._item.options.get("tags") or ()
        job = BulkJobRow.get_or_none(BulkJobRow.id == self._item.job_id)
        if job is None or not tags:
            return
        patch = Patch(add=[(item_id, tag) for tag in tags])
        _, step = journal.go_on(job.step, journal_label(job.name), patch)
        BulkJobRow.update(step=step).where(BulkJobRow.id == job.id).execute()


def outcome_of(result: SourceResult) -> Outcome:
    reason = result.reason or result.damaged
    return Outcome(BECAME[result.status], reason, result.size, result.item_id)


def ball_facts(options: Mapping[str, Any], mime: str = "application/octet-stream") -> BallFacts:
    """What a line says of a frame. Raises UserError where it does not say enough."""
    bucket, ball_id, key = (options.get(word) for word in ("bucket", "ball_id", "key"))
    number = options.get("frame_number")
    if not bucket or not ball_id:
        raise UserError("A frame needs a bucket and a ball_id.")
    source = str(options["source"])
    name = str(key) if source.startswith(HANDED) else Path(source).name
    suffix = Path(name).suffix.lower()
    tags = {"fullname": name, "extension": suffix.removeprefix(".") or "bin"}
    if number is not None:
        tags["frame_number"] = str(number)
    said = options.get("tags") or {}
    if not isinstance(said, Mapping):
        raise UserError("Tags of a frame have names and values, such as take=3.")
    key = key or f"{ball_id}_{number:03d}{suffix}"
    return BallFacts(str(bucket), str(key), str(ball_id), {**tags, **said}, mime, PRODUCER)
