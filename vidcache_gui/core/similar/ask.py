"""Questions about single items and files: what is similar, and why or why not."""

import tempfile
from dataclasses import replace
from pathlib import Path

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.catalog import FingerprintRow
from vidcache_gui.core.records import Item
from vidcache_gui.core.similar import found, limits, prints
from vidcache_gui.core.similar.compare import Comparer
from vidcache_gui.core.similar.looker import Looker
from vidcache_gui.core.similar.records import SimilarItem
from vidcache_gui.core.similar.streams import same_stream
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Explanation, Match
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.hashing import hash_file
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pool import DecodePool
from vidcache_gui.media.sniff import HEAD_BYTES, sniff
from vidcache_gui.media.types import Inspection, Kind

SAME_BYTES = "The very same bytes are in the library."
SAME_STREAM = "Both hold the very same compressed pictures."
OTHER_STREAM = "Their compressed pictures differ."


class Asker:
    """Answers from what is known, and looks at what is not."""

    def __init__(self, comparer: Comparer, temporary: Path) -> None:
        self._comparer = comparer
        self._database = comparer.database
        self._temporary = temporary

    def item(self, item_id: int, stop: CancelToken) -> list[SimilarItem]:
        item = self._item(item_id)
        fingerprint = self._comparer.fingerprint_of(item, stop)
        self._comparer.compare(item.hash, stop=stop)
        with self._database.read():
            hits = found.partners(item.hash)
            refused = found.refused(item.hash)
            all_asked = not prints.unchecked(1)
        if not all_asked:  # some that came after it have not asked about it yet
            hits = self._hits(fingerprint, self._stream(item.hash), stop) | hits
        with self._database.read():
            return _similar([hit for hit in hits.items() if hit[0] not in refused | {item.hash}])

    def file(self, path: Path, stop: CancelToken) -> list[SimilarItem]:
        hash = None if path.is_dir() else _hash(path, stop)
        with self._database.read():
            stored = FingerprintRow.get_or_none(FingerprintRow.hash == (hash or ""))
            known = prints.read(stored)
        if stored is not None and known is not None:
            return self._near(known, stored.stream, hash, stop)
        looked = self._comparer.looker.look(path, stop)
        return self._near(Fingerprint.from_bytes(looked.fingerprint), looked.stream, hash, stop)

    def picture(self, data: bytes, stop: CancelToken) -> list[SimilarItem]:
        media = sniff(data[:HEAD_BYTES])
        if media is None or media.kind is Kind.VIDEO:
            raise UserError("This is not a picture that VidCache knows.")
        self._temporary.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._temporary, suffix=f".{media.extension}") as file:
            file.write(data)
            file.flush()
            return self.file(Path(file.name), stop)

    def looks(self, seen: Inspection, stop: CancelToken) -> list[SimilarItem]:
        """The same for what a worker saw of something that is not in the library (yet)."""
        assert seen.fingerprint is not None
        return self._near(Fingerprint.from_bytes(seen.fingerprint), seen.stream, None, stop)

    def explain(self, a: int | Path, b: int | Path) -> Explanation:
        """Items by number, files and folders of frames by path, in any mixture."""
        return _explain(*self._seen(a), *self._seen(b))

    def _seen(self, what: int | Path) -> tuple[Fingerprint, str | None]:
        if isinstance(what, Path):
            looked = self._comparer.looker.look(what)
            return Fingerprint.from_bytes(looked.fingerprint), looked.stream
        item = self._item(what)
        return self._comparer.fingerprint_of(item), self._stream(item.hash)

    def _stream(self, hash: str) -> str | None:
        with self._database.read():
            of = FingerprintRow.select(FingerprintRow.stream)
            return of.where(FingerprintRow.hash == hash).scalar()  # type: ignore[no-any-return]

    def _near(
        self, fingerprint: Fingerprint, stream: str | None, hash: str | None, stop: CancelToken
    ) -> list[SimilarItem]:
        """Items that look like a fingerprint of something that need not be in the library."""
        hits = self._hits(fingerprint, stream, stop)
        if hash is not None:
            own = same_stream(hits.get(hash), fingerprint, fingerprint)
            hits[hash] = replace(own, reasons=(SAME_BYTES,))
        with self._database.read():
            return _similar(list(hits.items()))

    def _hits(
        self, fingerprint: Fingerprint, stream: str | None, stop: CancelToken
    ) -> dict[str, Match]:
        """What looks like a fingerprint, by content; in the tiers of this library."""
        with self._comparer.sidecar.finder(stop=stop) as finder, self._database.read():
            assert finder is not None
            hits: dict[str, Match] = {}
            for owner, match in finder.find(fingerprint, stop=stop):
                other = prints.hash_of(owner)
                if other is not None:
                    hits[other] = match
            for other in prints.same_stream(stream) if stream else ():
                theirs = prints.of(other)
                if theirs is not None:
                    hits[other] = same_stream(hits.get(other), fingerprint, theirs)
            sorting = limits.read()
            return {
                other: replace(match, tier=limits.tier(match.tier, match.score, sorting))
                for other, match in hits.items()
            }

    def _item(self, item_id: int) -> Item:
        with self._database.read():
            items = rows.get_items([item_id])
        if not items:
            raise UserError("This item is no longer in the library.")
        return items[0]


def explain_paths(path_a: Path, path_b: Path) -> Explanation:
    """Why two files or folders of frames match, or why not; without any library."""
    with DecodePool() as pool:
        looker = Looker(pool, Path)
        a, b = looker.look(path_a), looker.look(path_b)
    return _explain(
        Fingerprint.from_bytes(a.fingerprint), a.stream,
        Fingerprint.from_bytes(b.fingerprint), b.stream,
    )  # fmt: skip


def _explain(
    a: Fingerprint, stream_a: str | None, b: Fingerprint, stream_b: str | None
) -> Explanation:
    explanation = comparison(a, b)
    if stream_a is None or stream_b is None:
        return explanation
    if stream_a != stream_b:
        return Explanation(explanation.match, (OTHER_STREAM, *explanation.steps))
    match = same_stream(explanation.match, a, b)
    return Explanation(match, (SAME_STREAM, *explanation.steps))


def comparison(a: Fingerprint, b: Fingerprint) -> Explanation:
    from vidcache_gui.matching.matcher import compare

    return compare(a, b)


def _similar(hits: list[tuple[str, Match]]) -> list[SimilarItem]:
    """Those that are in the library and not in the trash, best first."""
    live = found.live_items(other for other, _ in hits)
    similar = [SimilarItem(live[other], match) for other, match in hits if other in live]
    return sorted(similar, key=lambda one: (one.match.tier.value, -one.match.score, one.item.id))


def _hash(path: Path, stop: CancelToken) -> str:
    with open_regular(str(path)) as file:
        return hash_file(file, token=stop, on_bytes=lambda _: None).blake3
