"""Groups whose balls come one at a time: looked at when no more comes.

A group that grows is in the ``growing`` table from the transaction that changed it until it has
its content hash, poster and fingerprint, so a kill in between only delays that.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import find, rows
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import FrameIndexRow, Growing, Item, Video
from vidcache_gui.core.chunks import FULL, chunks_of, file_name, is_chunk
from vidcache_gui.core.footage import ball_delay, sequence_hash
from vidcache_gui.core.intake import (
    NO_PICTURES,
    Intake,
    Skipped,
    insert_footage,
    keep_look,
    shown_facts,
)
from vidcache_gui.core.records import DEFAULT_DELAY_MS, Ball, SourceResult, Status
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.search import name_key
from vidcache_gui.core.similar import prints
from vidcache_gui.core.sync import ledger
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.joined import open_whole
from vidcache_gui.media.pool import WorkerFailed
from vidcache_gui.media.sniff import HEAD_BYTES, sniff
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

log = logging.getLogger(__name__)

INSPECT = "vidcache_gui.media.inspect:inspect_frames"
OTHER_BYTES = "Its chunks do not make the file whose hash came with them. The bytes are kept."
AT_ONCE = 1 << 20  # bytes
QUIET = 1.0  # seconds without a new ball
LONGEST = 30.0  # seconds a group may grow without being looked at
TELL = 0.5  # seconds between two pieces of news about one growing group


@dataclass
class _Change:
    first: float
    last: float
    told: float


class Settling:
    """Knows which groups changed lately, and looks at those that have become quiet."""

    def __init__(self, intake: Intake, clock: Callable[[], float] = time.monotonic) -> None:
        self._intake = intake
        self._clock = clock
        self._lock = threading.Lock()
        self._changed: dict[int, _Change] = {}
        self._wake = threading.Event()
        self._stop = CancelToken()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look at groups in a thread of its own, until :meth:`close`. Once is enough."""
        with self._lock:
            if self._thread is None and not self._stop.cancelled:
                work = partial(self.run, self._stop)
                self._thread = threading.Thread(target=work, name="settling", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop; what was not looked at is looked at after the next start."""
        with self._lock:
            self._stop.cancel()
            thread = self._thread
        self._wake.set()
        if thread is not None:
            thread.join()

    def recall(self) -> None:
        """Groups may have changed by being undone."""
        for item_id in self._left():
            self.changed(item_id)

    def changed(self, item_id: int) -> bool:
        """A group got a ball or lost one; True when it is time to tell everybody."""
        now = self._clock()
        with self._lock:
            change = self._changed.get(item_id)
            if change is None:
                self._changed[item_id] = _Change(now, now, now)
                tell = True
            else:
                change.last = now
                tell = now - change.told >= TELL
                if tell:
                    change.told = now
        self._wake.set()
        return tell

    def run(self, stop: CancelToken) -> None:
        """Look at groups as they become quiet, until stopped (see :meth:`wake`).

        Keeps a connection of its own all the while: when the last one to a catalog closes,
        SQLite empties its log into it, and puts that come one by one would each pay for that.
        """
        with self._intake.database.read():
            self._run(stop)

    def _run(self, stop: CancelToken) -> None:
        left = [row[0] for row in Growing.select(Growing.item).tuples()]
        for item_id in left:
            if not stop.cancelled:
                self._settle(item_id)
        while not stop.cancelled:
            self._wake.wait(QUIET / 4 if self._changed else None)
            self._wake.clear()
            for item_id in self._due():
                if not stop.cancelled:
                    self._settle(item_id)

    def wake(self) -> None:
        self._wake.set()

    def _left(self) -> list[int]:
        with self._intake.database.read():
            return [row[0] for row in Growing.select(Growing.item).tuples()]

    def _due(self) -> list[int]:
        now = self._clock()
        with self._lock:
            due = [
                item_id
                for item_id, change in self._changed.items()
                if now - change.last >= QUIET or now - change.first >= LONGEST
            ]
            for item_id in due:
                del self._changed[item_id]
        return due

    def _settle(self, item_id: int) -> None:
        try:
            if not settle(self._intake, item_id, self._stop):
                self.changed(item_id)
        except Cancelled:
            log.info("group %d is looked at after the next start", item_id)
        except UserError as error:
            log.info("group %d is looked at later: %s", item_id, error)
        except Exception:
            log.exception("looking at group %d failed", item_id)


def settle(intake: Intake, item_id: int, stop: CancelToken | None = None) -> bool:
    """Give a group what its balls say: hash, poster, size, damage, fingerprint.

    False when its balls changed meanwhile; then it is still to be done. Raises UserError, and
    Cancelled by ``stop``.
    """
    with intake.database.read():
        items = rows.get_items([item_id])
        balls = find.item_balls(item_id)
    if not items or not balls:
        return True
    item, sequence, chunks = items[0], sequence_hash(balls), _chunks(balls)
    file = _look_at_file(intake, item, chunks, sequence, stop) if chunks else None
    if file is not None:
        inspection: Inspection | None = file
        values = _file_columns(item, file.facts, chunks)
    else:
        values, inspection = _look(intake, balls, sequence)
        delay = item.delay_ms or DEFAULT_DELAY_MS
        values |= {
            "frame_count": len(balls), "size": sum(ball.size for ball in balls),
            "length": len(balls) * delay / 1000, "duration": None, "fps": None,
        }  # fmt: skip
    with intake.database.write():
        now = find.item_balls(item_id)
        if sequence_hash(now) != sequence or _hashes(_chunks(now)) != _hashes(chunks):
            return False
        Growing.delete().where(Growing.item == item_id).execute()
        Item.update(hash=sequence, **values).where(Item.id == item_id).execute()
        if "name" in values:
            ledger.backdate(item_id, "name", item.added_at)
        _forget_file(item_id, item.hash)
        if file is not None:
            prints.try_again(sequence)  # as long as a chunk was missing it showed nothing
            insert_footage(item_id, sequence, file)
        elif inspection is not None:
            keep_look(sequence, inspection)
        elif values["kind"] is Kind.DATA:
            prints.fail(sequence, NO_PICTURES)
        rows.reindex_text([item_id])
        rows.note_change("updated", [item_id])
        name = Item.select(Item.name).where(Item.id == item_id).scalar()
    if inspection is not None and item.removed_at is None:
        intake.answer(
            SourceResult(
                item.ball_id or "", Status.NEW, sequence, item_id=item_id, name=name,
                kind=values["kind"],
            ),
            None,
        )  # fmt: skip
    return True


def _chunks(balls: list[Ball]) -> list[Ball]:
    """Those of the file that a group is, if they are all there."""
    return chunks_of(balls) if all(is_chunk(ball.tags) for ball in balls) else []


def _hashes(balls: list[Ball]) -> list[str]:
    return [ball.hash for ball in balls]


def _look_at_file(
    intake: Intake, item: ItemRecord, chunks: list[Ball], sequence: str, stop: CancelToken | None
) -> Inspection | None:
    """What is in the file that chunks are; None where that is no footage."""
    stop = stop or CancelToken()
    paths = tuple(str(intake.blobs.path(ball.hash)) for ball in chunks)
    try:
        found = intake.inspect(paths, stop, file_name(item, chunks))
    except Skipped:
        return None
    if found.facts.damaged is None and not _is_as_announced(paths, chunks, stop):
        found = replace(found, facts=replace(found.facts, damaged=OTHER_BYTES))
    intake.pictures.save(sequence, found.poster, found.strip)
    return found


def _is_as_announced(paths: tuple[str, ...], chunks: list[Ball], stop: CancelToken) -> bool:
    """Do chunks make the file whose SHA-256 came with them, where one did?"""
    full = chunks[0].tags.get(FULL, "").lower()
    if not full:
        return True
    hasher = hashlib.sha256()
    with open_whole(paths) as file:
        while data := file.read(AT_ONCE):
            stop.check()
            hasher.update(data)
    return hasher.hexdigest() == full


def _file_columns(item: ItemRecord, facts: MediaFacts, chunks: list[Ball]) -> dict[str, Any]:
    name = file_name(item, chunks)
    size = sum(ball.size for ball in chunks)
    length = facts.duration or 0.0
    columns = {"size": size, "length": length, **shown_facts(facts)}
    if name != item.name:
        columns |= {"name": name, "name_key": name_key(name)}
    return columns


def _forget_file(item_id: int, former: str) -> None:
    """What was known of the file that a group was."""
    Video.delete().where(Video.item == item_id).execute()
    if not Item.select().where(Item.hash == former).exists():
        FrameIndexRow.delete().where(FrameIndexRow.hash == former).execute()


def _look(
    intake: Intake, balls: list[Ball], sequence: str
) -> tuple[dict[str, Any], Inspection | None]:
    """(columns of the item, inspection); no inspection where there is nothing to see."""
    in_chunks = all(is_chunk(ball.tags) for ball in balls)  # the first of a GIF looks like one
    mimes = [] if in_chunks else [_picture(intake, ball) for ball in balls]
    if not any(mimes):
        nothing = {"damaged": None, "width": 0, "height": 0, "codec": ""}
        return {"kind": Kind.DATA, "mime": balls[0].content_type, **nothing}, None
    paths = [str(intake.blobs.path(ball.hash)) for ball in balls]
    delays = [ball_delay(ball) / 1000 for ball in balls]
    try:
        found = intake.pool.submit(INSPECT, paths, delays, deadline=60 + len(paths) / 2).result()
    except WorkerFailed as error:
        mime = next(filter(None, mimes))
        return {"kind": Kind.FRAMES, "damaged": str(error), "mime": mime}, None
    intake.pictures.save(sequence, found.poster, found.strip)
    broken = len(found.damaged)
    facts = MediaFacts(
        kind=Kind.FRAMES, mime=next(filter(None, mimes)), extension="", width=found.width,
        height=found.height, frame_count=len(balls), codec=found.codec,
        damaged=f"{broken} of {len(balls)} frames could not be read." if broken else None,
    )  # fmt: skip
    names = ("kind", "damaged", "mime", "width", "height", "codec")
    columns = {name: getattr(facts, name) for name in names}
    return columns, Inspection(facts, None, None, None, found.fingerprint)


def _picture(intake: Intake, ball: Ball) -> str | None:
    with intake.blobs.open(ball.hash) as file:
        return picture_type(file)


def group_kind(blobs: BlobStore, hash: str, tags: Mapping[str, str]) -> Kind:
    """What a group is that has only this content so far. ``tags``: of the ball that has it."""
    if is_chunk(tags):
        return Kind.DATA
    with blobs.open(hash) as file:
        return Kind.FRAMES if picture_type(file) else Kind.DATA


def picture_type(file: BinaryIO) -> str | None:
    """What kind of picture these bytes are, by the first of them; None for anything else."""
    media = sniff(file.read(HEAD_BYTES))
    return media.mime if media and media.kind in (Kind.IMAGE, Kind.ANIMATION) else None
