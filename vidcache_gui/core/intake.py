"""Bringing one source in: known already? copy and hash, known now? look inside, commit.

The order is the promise. Bytes are durable under their hash before the row that names them,
the row is committed before anyone hears "stored", and one source is one transaction.
"""

import copy
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from peewee import IntegrityError

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.blobs import BlobStore, Draft
from vidcache_gui.core.catalog import Alias, Blob, FrameIndexRow, Item, Tag, Video
from vidcache_gui.core.database import Database
from vidcache_gui.core.discover import alias_kind
from vidcache_gui.core.locks import blob_lock
from vidcache_gui.core.pictures import Pictures
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.search import name_key
from vidcache_gui.core.similar import prints
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import Digests, copy_and_hash, hash_file
from vidcache_gui.media.joined import Where, open_whole
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pool import DecodePool, WorkerFailed, WorkerUnavailable
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

INSPECT = "vidcache_gui.media.inspect:inspect_file"
EMPTY = "It is empty (0 bytes)."
NO_PICTURES = "It holds no pictures; a program stored it."
NOT_MEDIA = "It is not a video or picture that VidCache knows."

OnBytes = Callable[[int], None]


class Fetch(Protocol):
    """Downloads an address into a file; see ``interfaces.fetch`` (core knows no network)."""

    def __call__(
        self,
        url: str,
        out: BinaryIO,
        *,
        token: CancelToken,
        on_bytes: Callable[[int, int | None], None],
        allow_private: bool,
    ) -> Any: ...


class Finishes(Protocol):
    """Records what became of a source, in the transaction that made it so: the job queue."""

    def finish(self, source_id: int, result: SourceResult) -> None: ...


class Skipped(UserError):
    """This source is fine where it is, but nothing for a library of footage."""


@dataclass(frozen=True)
class Target:
    """Where a drop goes and what it carries."""

    bucket: str = "videos"
    prefix: str = ""
    meta: dict[str, Any] | None = None
    as_frames: bool = False
    allow_private: bool = False  # addresses on this machine or network may be downloaded
    tags: tuple[str, ...] = ()

    def to_options(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> "Target":
        known = {name: options[name] for name in cls.__dataclass_fields__ if name in options}
        return cls(**known | {"tags": tuple(options.get("tags", ()))})


class Intake:
    """The stages of one library's ingest. Every method may run in any thread."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        pictures: Pictures,
        pool: DecodePool,
        queue: Finishes,
        run: Path,
        fetch: Fetch | None = None,
    ) -> None:
        self.database = database
        self.blobs = blobs
        self.pictures = pictures
        self.pool = pool
        self.queue = queue
        self.run = run
        self.fetch = fetch
        # What the library says about something new: called once it is stored, outside of any
        # transaction; its result is what is told.
        self.answer: Callable[[SourceResult, int | None], SourceResult] = lambda new, _: new

    def reporting_to(self, queue: Finishes) -> "Intake":
        """The same, telling another queue what became of its sources."""
        other = copy.copy(self)
        other.queue = queue
        other.answer = lambda new, _: self.answer(new, None)  # its ids are not the job queue's
        return other

    def file(
        self,
        path: str,
        target: Target,
        *,
        token: CancelToken,
        on_bytes: OnBytes,
        source_id: int | None = None,
    ) -> SourceResult:
        """Bring in one file. Raises UserError (Skipped when it is no media) or Cancelled."""
        with open_regular(path) as source:
            size = os.fstat(source.fileno()).st_size
            self._check_media(source, size, Path(path).name)
            if self._size_is_known(size):
                # Most likely here already: reading once is cheaper than copying for nothing.
                digests = hash_file(source, token=token, on_bytes=on_bytes)
                result = self.known_bytes(digests, path, source_id)
                if result is not None:
                    return result
                on_bytes(-digests.size)
                source.seek(0)
            draft = self.blobs.draft(size)
            try:
                digests = copy_and_hash(source, draft.file, token=token, on_bytes=on_bytes)
                return self.settle(draft, digests, path, Path(path).name, target, token, source_id)
            finally:
                draft.discard()

    def url(
        self,
        url: str,
        target: Target,
        *,
        token: CancelToken,
        on_bytes: OnBytes,
        source_id: int | None = None,
    ) -> SourceResult:
        """Bring in what an address holds; a known address is not downloaded again."""
        known = self._known_address(url, source_id)
        if known is not None:
            return known
        if self.fetch is None:
            raise UserError("Downloading is not available here. Save the file and add that.")
        draft = self.blobs.draft()
        before = 0

        def report(done: int, total: int | None) -> None:
            nonlocal before
            on_bytes(done - before)
            before = done

        try:
            fetched = self.fetch(
                url, draft.file, token=token, on_bytes=report, allow_private=target.allow_private
            )
            draft.file.seek(0)
            size = os.fstat(draft.file.fileno()).st_size
            self._check_media(draft.file, size, fetched.name)
            digests = hash_file(draft.file, token=token, on_bytes=lambda _: None)
            return self.settle(draft, digests, url, fetched.name, target, token, source_id)
        finally:
            draft.discard()

    def settle(
        self,
        draft: Draft,
        digests: Digests,
        source: str,
        name: str,
        target: Target,
        token: CancelToken,
        source_id: int | None,
        inspection: Inspection | None = None,
    ) -> SourceResult:
        """From bytes in a draft to a durable item, or the one that has these bytes already.

        ``inspection``: what is inside, where the caller looked already.
        """
        result = self.known_bytes(digests, source, source_id)
        if result is not None:
            return result
        inspection = inspection or self.inspect(draft.path, token)
        self.pictures.save(digests.blake3, inspection.poster, inspection.strip)
        with blob_lock(self.run, exclusive=False):
            self.blobs.commit([(draft, digests.blake3)])
            try:
                new = self._commit_row(digests, inspection, source, name, target, source_id)
            except IntegrityError:  # the same bytes came in by another thread meanwhile
                result = self._duplicate(digests, source, source_id)
                if result is None:
                    raise
                return result
        return self.answer(new, source_id)

    def inspect(self, where: Where, token: CancelToken, name: str = "") -> Inspection:
        """What is inside a file, whole or in parts, found out in an isolated worker.

        A file no decoder survives is still somebody's footage: it is kept, flagged with
        the reason. Raises Skipped when there is no picture in it.
        """
        try:
            at = str(where) if isinstance(where, Path) else where
            result: Inspection = self.pool.submit(INSPECT, at, name).result()
            return result
        except WorkerFailed as error:
            token.check()
            with open_whole(where) as file:
                media = sniff(file.read(HEAD_BYTES))
            facts = MediaFacts(
                kind=media.kind if media else Kind.VIDEO,
                mime=media.mime if media else "application/octet-stream",
                extension=media.extension if media else "bin",
                damaged=str(error),
            )
            return Inspection(facts, None, None, None)
        except WorkerUnavailable:
            raise  # this says nothing about the file: it can be tried again
        except UserError as error:
            raise Skipped(str(error)) from error

    def _check_media(self, source: BinaryIO, size: int, name: str) -> None:
        if size == 0:
            raise Skipped(EMPTY)
        head = source.read(HEAD_BYTES)
        source.seek(0)
        if sniff(head) is None and not guess_by_name(name):
            raise Skipped(NOT_MEDIA)

    def _size_is_known(self, size: int) -> bool:
        with self.database.read():
            return bool(Blob.select().where(Blob.size == size).exists())

    def _is_stored(self, hash: str) -> bool:
        with self.database.read():
            known = Item.select().where((Item.hash == hash) & Item.ball_id.is_null()).exists()
        return known and self.blobs.exists(hash)

    def known_bytes(
        self, digests: Digests, source: str, source_id: int | None = None
    ) -> SourceResult | None:
        """The item that has these bytes, seen at one more place; None where there is none."""
        if not self._is_stored(digests.blake3):
            return None
        return self._duplicate(digests, source, source_id)

    def _duplicate(
        self, digests: Digests, source: str, source_id: int | None
    ) -> SourceResult | None:
        """These bytes are here: remember the new place. None if they vanished meanwhile."""
        with self.database.write():
            item = Item.get_or_none((Item.hash == digests.blake3) & Item.ball_id.is_null())
            if item is None:
                return None
            result = self.known_again(item, source, Status.DUPLICATE)
            result = replace(result, size=digests.size)
            if source_id is not None:
                self.queue.finish(source_id, result)
            return result

    def known_again(self, item: Any, source: str, status: Status) -> SourceResult:
        """One more sighting of an item; brings it back if it was in the trash."""
        new_place = rows.remember_source(item.id, source, alias_kind(source))
        reason = f"Already here as '{item.name}'."
        if item.removed_at is not None:
            Item.update(removed_at=None).where(Item.id == item.id).execute()
            rows.note_change("added", [item.id])
            reason = f"It was in the trash as '{item.name}' and is back in the library."
        elif new_place:
            reason = f"Already here as '{item.name}'; this place is remembered."
            rows.note_change("updated", [item.id])
        if new_place:
            rows.reindex_text([item.id])
        return SourceResult(
            source=source, status=status, hash=item.hash, name=item.name, item_id=item.id,
            kind=Kind(item.kind), reason=reason, size=item.size, damaged=item.damaged,
            file_path=f"blobs/{item.hash[:2]}/{item.hash}",
        )  # fmt: skip

    def _known_address(self, url: str, source_id: int | None) -> SourceResult | None:
        with self.database.write():
            alias = (
                Alias.select()
                .where(Alias.source == url)
                .order_by(Alias.last_seen.desc(), Alias.id.desc())
                .first()
            )
            if alias is None:
                return None
            result = self.known_again(alias.item, url, Status.URL_ALIAS)
            if source_id is not None:
                self.queue.finish(source_id, result)
            return result

    def _commit_row(
        self,
        digests: Digests,
        inspection: Inspection,
        source: str,
        name: str,
        target: Target,
        source_id: int | None,
    ) -> SourceResult:
        facts = inspection.facts
        with self.database.write():
            Blob.insert(
                hash=digests.blake3, size=digests.size, sha256=digests.sha256,
                added_at=rows.now_ms(),
            ).on_conflict_ignore().execute()  # fmt: skip
            item_id = insert_item(
                facts, digests.blake3, digests.size, name, target, delay_ms=None, ball_id=None
            )
            insert_footage(item_id, digests.blake3, inspection)
            rows.remember_source(item_id, source, alias_kind(source))
            rows.reindex_text([item_id])
            rows.note_change("added", [item_id])
            result = SourceResult(
                source=source, status=Status.NEW, hash=digests.blake3, name=name,
                item_id=item_id, kind=facts.kind, size=digests.size, damaged=facts.damaged,
                reason=facts.damaged,
                file_path=f"blobs/{digests.blake3[:2]}/{digests.blake3}",
            )  # fmt: skip
            if source_id is not None:
                self.queue.finish(source_id, result)
        return result


def insert_footage(item_id: int, hash: str, inspection: Inspection) -> None:
    """What a look at a file found, beside the item's own row. Call inside a transaction."""
    insert_video(item_id, inspection.facts)
    if inspection.index is not None:
        FrameIndexRow.insert(hash=hash, data=inspection.index).on_conflict_replace().execute()
    keep_look(hash, inspection)


def keep_look(hash: str, inspection: Inspection) -> None:
    """The fingerprint of something new, where its one decode made it. Call inside a
    transaction, once the item is there."""
    if prints.has(hash):
        return  # it was here before
    if inspection.fingerprint is not None:
        prints.put(hash, inspection.fingerprint, inspection.stream)
    elif inspection.facts.kind is Kind.DATA:
        prints.fail(hash, NO_PICTURES)
    elif inspection.facts.damaged and not inspection.facts.frame_count:
        prints.fail(hash, inspection.facts.damaged)


def insert_item(
    facts: MediaFacts,
    hash: str,
    size: int,
    name: str,
    target: Target,
    *,
    delay_ms: float | None,
    ball_id: str | None,
) -> int:
    """The row every browsable thing has. Call inside a transaction."""
    if ball_id is None:
        length = facts.duration or 0.0
    else:
        length = facts.frame_count * (delay_ms or 40.0) / 1000
    item_id = int(
        Item.insert(
            hash=hash, name=name, name_key=name_key(name),
            bucket=rows.bucket_id(target.bucket), prefix=rows.clean_prefix(target.prefix),
            size=size, added_at=rows.now_ms(), ball_id=ball_id, length=length,
            delay_ms=delay_ms, **shown_facts(facts),
            meta=json.dumps(target.meta) if target.meta else None,
        ).execute()
    )  # fmt: skip
    if target.tags:
        Tag.insert_many([(item_id, tag) for tag in dict.fromkeys(target.tags)]).execute()
    return item_id


def shown_facts(facts: MediaFacts) -> dict[str, Any]:
    """The columns of an item that say what a look found."""
    names = (
        "kind", "width", "height", "frame_count", "duration", "fps", "codec", "mime", "damaged",
    )  # fmt: skip
    return {name: getattr(facts, name) for name in names}


def insert_video(item_id: int, facts: MediaFacts) -> None:
    Video.insert(
        item=item_id, container=facts.container, pixel_format=facts.pixel_format,
        bit_rate=facts.bit_rate, rotation=facts.rotation, has_audio=facts.has_audio,
        has_alpha=facts.has_alpha, checked_frames=facts.checked_frames,
        extension=facts.extension, extra=json.dumps(facts.extra, default=str),
    ).execute()  # fmt: skip
