"""What programs hand over: bytes as they come, kept under an address they name.

The promise is that of :mod:`.intake`: durable before anybody hears "stored", nothing left of
what broke off. Unlike what a person drops, bytes that are no footage are kept too: a program
that stored something must get it back.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import browse, find, rows
from vidcache_gui.core.blobs import BlobStore, Draft
from vidcache_gui.core.browse import FileQuery, Sourced
from vidcache_gui.core.catalog import Blob, Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.discover import alias_kind
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.intake import Intake, Skipped, Target
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.similar.records import SimilarItem
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation, Tier
from vidcache_gui.media.hashing import Digests
from vidcache_gui.media.types import Inspection, Kind, MediaFacts


class Receiving:
    """The half of :class:`core.library.Library` that takes bytes from programs."""

    path: Path
    _intake: Intake
    _blobs: BlobStore
    _database: Database
    _stop: CancelToken

    def similar_to_seen(self, seen: Inspection) -> list[SimilarItem]:
        raise NotImplementedError

    def incoming(self, expected: int = 0) -> Incoming:
        """A place for bytes to come; ``expected`` of them, if that is known.

        Raises UserError when they cannot fit on the disk.
        """
        return Incoming(self._blobs, expected)

    def receive(
        self,
        incoming: Incoming,
        source: str,
        name: str,
        target: Target,
        *,
        keep_similar: bool = True,
    ) -> SourceResult:
        """Store what has come in as one item that is known by ``source``.

        ``keep_similar`` False: where it certainly or likely shows what an item here shows,
        nothing is stored and the result is that item (``duplicate``). Bytes of an item in
        the trash bring it back and count as new: to programs it was gone.
        """
        with incoming:
            digests = incoming.digests()
            if not digests.size:
                raise UserError("Nothing was sent (0 bytes), so nothing was stored.")
            return self._keep(incoming.draft, digests, source, name, target, keep_similar)

    @property
    def partial(self) -> Path:
        """Where files that come from elsewhere a part at a time may lie until they are whole.
        What is in it belongs to whoever put it there, and outlives this process."""
        return self.path / "partial"

    def adopt(
        self, path: Path, digests: Digests, source: str, name: str, target: Target
    ) -> SourceResult:
        """Store a whole file that lies in :attr:`partial`, which is moved, as one item that is
        known by ``source``; like :meth:`receive`."""
        draft = Draft(path, existing=True)
        with draft.file:
            result = self._keep(draft, digests, source, name, target, keep_similar=True)
        path.unlink(missing_ok=True)
        return result

    def remember(self, hash: str, sources: Sequence[str]) -> None:
        """More addresses by which a content that is here is known."""
        with self._database.write():
            item = find.content(hash)
            if item is None:
                return
            new = [one for one in sources if rows.remember_source(item.id, one, alias_kind(one))]
            if new:
                rows.reindex_text([item.id])
                rows.note_change("updated", [item.id])

    def _keep(
        self,
        draft: Draft,
        digests: Digests,
        source: str,
        name: str,
        target: Target,
        keep_similar: bool,
    ) -> SourceResult:
        gone = self._in_trash(digests.blake3)
        known = self._intake.known_bytes(digests, source)
        if known is not None:
            return replace(known, status=Status.NEW) if gone else known
        inspection = self._look(draft.path, name)
        if not keep_similar:
            other = self._refused(inspection, source)
            if other is not None:
                return other
        return self._intake.settle(
            draft, digests, source, name, target, self._stop, None, inspection
        )

    def fetch_now(self, url: str, target: Target) -> SourceResult:
        """Download an address and store it; one that is known already is not downloaded."""
        token = CancelToken()
        return self._intake.url(url, target, token=token, on_bytes=lambda _: None)

    def sight(self, source: str) -> ItemRecord | None:
        """The item that is known by this address, which is now seen once more."""
        with self._database.write():
            item = find.resolve(source)
            if item is not None:
                rows.remember_source(item.id, source, alias_kind(source))
            return item

    def content(self, hash: str) -> ItemRecord | None:
        """The video, animation or picture with this content, unless it is in the trash."""
        with self._database.read():
            return find.content(hash)

    def held(self, sha256s: Collection[str]) -> dict[str, str]:
        """BLAKE3 by SHA-256 of those contents that are here."""
        wanted, found = sorted(set(sha256s)), {}
        with self._database.read():
            for start in range(0, len(wanted), 500):
                some = Blob.sha256.in_(wanted[start : start + 500])
                pairs = Blob.select(Blob.sha256, Blob.hash).where(some).tuples()
                found.update(dict(pairs))
        return found

    def open_blob(self, hash: str) -> BinaryIO:
        """Stored bytes as a file. Raises UserError when they are missing."""
        return self._blobs.open(hash)

    def files(
        self, query: FileQuery, after: Any = None, limit: int = 50, *, descending: bool = True
    ) -> list[Sourced]:
        """Stored files with where they came from, by the time they came, a page at a time.

        ``after``: ``(added_at, id)`` of the last one seen.
        """
        with self._database.read():
            return browse.files(query, after, limit, descending=descending)

    def _in_trash(self, hash: str) -> bool:
        with self._database.read():
            item = Item.get_or_none((Item.hash == hash) & Item.ball_id.is_null())
            return item is not None and item.removed_at is not None

    def _look(self, path: Path, name: str) -> Inspection:
        try:
            return self._intake.inspect(path, self._stop)
        except Skipped:
            return not_footage(name)

    def _refused(self, inspection: Inspection, source: str) -> SourceResult | None:
        """The item that already shows this, seen at one more place."""
        if inspection.fingerprint is None:
            return None
        from vidcache_gui.core.similar.compare import phash_distance

        for similar in self.similar_to_seen(inspection):
            match = similar.match
            if match.tier is Tier.LOOK or match.relation is Relation.SHARED:
                continue
            if similar.item.is_group:
                continue  # a group has no bytes of its own to answer with
            with self._database.write():
                item = Item.get_or_none(Item.id == similar.item.id)
                if item is None:
                    continue
                known = self._intake.known_again(item, source, Status.DUPLICATE)
            return replace(known, phash_distance=phash_distance(match), duplicate_of=item.hash)
        return None


def not_footage(name: str) -> Inspection:
    """What is said of bytes that a program stored and nobody can look at."""
    extension = name.rpartition(".")[2].lower() if "." in name else "bin"
    facts = MediaFacts(kind=Kind.DATA, mime="application/octet-stream", extension=extension[:16])
    return Inspection(facts, None, None, None)
