"""A library as one side of a synchronisation."""

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import find, rows
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Blob, FingerprintRow, FrameIndexRow, Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.growing import Settling, settle
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.intake import Intake, Skipped
from vidcache_gui.core.locks import blob_lock
from vidcache_gui.core.receiving import not_footage
from vidcache_gui.core.similar import prints
from vidcache_gui.core.sync import ledger
from vidcache_gui.core.sync.ledger import Node
from vidcache_gui.core.sync.records import BALL, FILE, Record
from vidcache_gui.core.sync.side import OnBytes, Sink, Source, Write
from vidcache_gui.core.sync.target import Told, apply
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import hash_file
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

PART = 128 * 1024
OTHER_BYTES = "What came is something else: its hash is another one. It was not kept."
FACTS = {one.name for one in fields_of(MediaFacts)}


class LibrarySide:
    """Any thread may use it, several at once."""

    def __init__(
        self,
        title: str,
        database: Database,
        blobs: BlobStore,
        intake: Intake,
        settling: Settling,
        run: Path,
    ) -> None:
        self.title = title
        self._series = f"synchronise {uuid.uuid4().hex}"  # all of it is undone at once
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._settling = settling
        self._run = run
        self._partial = run.parent / "partial"
        self._lock = threading.Lock()
        self._grown: set[int] = set()

    @property
    def asked(self) -> tuple[int, int]:
        return 0, 0

    def refresh(self) -> None:
        ledger.fold(self._database)

    def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        with self._database.read():
            return ledger.nodes(prefixes)

    def entries(self, prefixes: Sequence[str]) -> Mapping[str, str]:
        with self._database.read():
            return ledger.entries(prefixes)

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        self.refresh()
        with self._database.read():
            return ledger.records(ids)

    def missing(self, records: Sequence[Record]) -> set[str]:
        return {one.id for one in records if one.hash and not self._has(one)}

    def _has(self, record: Record) -> bool:
        try:
            return self._blobs.path(record.hash or "").stat().st_size == record.size
        except FileNotFoundError:
            return False

    def open(self, record: Record, stop: CancelToken) -> BinaryIO:
        return self._blobs.open(record.hash or "")

    def copy(
        self,
        record: Record,
        out: Sink,
        stop: CancelToken,
        on_bytes: OnBytes = lambda _: None,
        partial: Path | None = None,
    ) -> None:
        with self._blobs.open(record.hash or "") as file:
            while part := file.read(PART):
                stop.check()
                out(part)
                on_bytes(len(part))

    def seen(self, hash: str) -> Inspection | None:
        with self._database.read():
            item = Item.get_or_none((Item.hash == hash) & Item.ball_id.is_null())
            if item is None:
                return None
            known: dict[str, Any] = find.facts(item.id)
            columns = {name: getattr(item, name) for name in FACTS if hasattr(item, name)}
            given = {name: value for name, value in known.items() if name in FACTS}
            extra = {name: value for name, value in known.items() if name not in FACTS}
            facts = MediaFacts(**{**columns, **given, "kind": Kind(item.kind), "extra": extra})
            index = FrameIndexRow.get_or_none(FrameIndexRow.hash == hash)
            look = FingerprintRow.get_or_none(FingerprintRow.hash == hash)
        poster = self._intake.pictures.poster(hash)
        if poster is None and not facts.damaged:
            return None
        usable = look is not None and look.state == prints.READY and look.version == prints.today()
        return Inspection(
            facts, None if index is None else bytes(index.data), poster,
            self._intake.pictures.strip(hash), bytes(look.data) if usable and look.data else None,
            look.stream if usable else None,
        )  # fmt: skip

    def write(
        self, writes: Sequence[Write], source: Source, stop: CancelToken, on_bytes: OnBytes
    ) -> list[str | None]:
        arrivals: dict[str, Incoming] = {}
        errors: dict[str, str] = {}
        try:
            for write in writes:
                stop.check()
                try:
                    self._fetch(write.target, arrivals, source, stop, on_bytes)
                except UserError as error:
                    errors[write.target.id] = str(error)
            self._check_sha256(writes, arrivals, errors)
            looks = self._looks(writes, arrivals, source, stop, errors)
            with blob_lock(self._run, exclusive=False):
                drafts = [(one.draft, hash) for hash, one in arrivals.items()]
                if drafts:
                    self._blobs.commit(drafts)
                left = [write for write in writes if write.target.id not in errors]
                label = f"Synchronise with '{source.title}'"
                self._commit(left, Told(label, self._series), looks, errors)
        finally:
            for one in arrivals.values():
                one.discard()
        return [errors.get(write.target.id) for write in writes]

    def _fetch(
        self,
        target: Record,
        arrivals: dict[str, Incoming],
        source: Source,
        stop: CancelToken,
        on_bytes: OnBytes,
    ) -> None:
        hash = target.hash if target.is_live else None
        if hash is None or hash in arrivals or self._has(target):
            return
        incoming = Incoming(self._blobs, target.size)
        done = False
        try:
            source.copy(target, incoming.write, stop, on_bytes, self._partial / f"{hash}.part")
            if incoming.digests().blake3 != hash:
                raise UserError(OTHER_BYTES)
            done = True
        finally:
            if not done:
                on_bytes(-incoming.size)
                incoming.discard()
        arrivals[hash] = incoming

    def _looks(
        self,
        writes: Sequence[Write],
        arrivals: Mapping[str, Incoming],
        source: Source,
        stop: CancelToken,
        errors: dict[str, str],
    ) -> dict[str, Inspection]:
        """What is inside files that are new here: as the other side saw it, or looked at."""
        looks: dict[str, Inspection] = {}
        for write in writes:
            target = write.target
            if target.kind != FILE or not target.is_live or target.id in errors:
                continue
            hash = target.hash or ""
            with self._database.read():
                if Item.select().where((Item.hash == hash) & Item.ball_id.is_null()).exists():
                    continue
            path = arrivals[hash].draft.path if hash in arrivals else self._blobs.path(hash)
            look = source.seen(hash) or self._look(path, str(target.value("name") or ""), stop)
            self._intake.pictures.save(hash, look.poster, look.strip)
            looks[target.id] = look
        return looks

    def _look(self, path: Path, name: str, stop: CancelToken) -> Inspection:
        try:
            return self._intake.inspect(path, stop)
        except Skipped:
            return not_footage(name)

    def _commit(
        self,
        writes: Sequence[Write],
        told: Told,
        looks: Mapping[str, Inspection],
        errors: dict[str, str],
    ) -> None:
        grown: set[int] = set()
        with self._database.write() as db:
            for write in writes:
                target = write.target
                if target.hash and target.is_live and not self._has(target):
                    errors[target.id] = "The trash was emptied while this came in. Try again."
                    continue
                try:
                    with db.atomic():
                        item = apply(write, told, looks.get(target.id), self._blobs)
                except UserError as error:
                    errors[target.id] = str(error)
                    continue
                if item is not None:
                    grown.add(item)
            rows.note_change("updated", sorted(grown))
        for item in grown:
            self._settling.changed(item)
        with self._lock:
            self._grown |= grown

    def _check_sha256(
        self, writes: Sequence[Write], arrivals: Mapping[str, Incoming], errors: dict[str, str]
    ) -> None:
        """Nobody is believed about the SHA-256 of bytes, also of those that were here."""
        for write in writes:
            content = write.target.value("content") if write.target.is_live else None
            if write.target.kind != BALL or not content or write.target.id in errors:
                continue
            hash, sha256, _ = content
            arrived = arrivals.get(hash)
            found = arrived.digests().sha256 if arrived else self._sha256(hash)
            if found != sha256:
                errors[write.target.id] = OTHER_BYTES

    def _sha256(self, hash: str) -> str | None:
        with self._database.read():
            blob = Blob.get_or_none(Blob.hash == hash)
        if blob is not None and blob.sha256 is not None:
            return str(blob.sha256)
        with self._blobs.open(hash) as file:
            token = CancelToken()
            return hash_file(file, token=token, on_bytes=lambda _: None, sha256=True).sha256

    def finish(self, stop: CancelToken) -> None:
        """Look at the groups that got frames, so that they have posters."""
        with self._lock:
            grown, self._grown = sorted(self._grown), set()
        for item in grown:
            stop.check()
            while not settle(self._intake, item):
                stop.check()
