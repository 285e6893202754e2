"""One content against all others: finding, writing down, and what to say about a newcomer."""

import logging
import threading
from collections.abc import Callable, Container
from dataclasses import replace
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.catalog import ArrivalRow, FingerprintRow, JobSource
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Item, SourceResult
from vidcache_gui.core.similar import families, found, memory, prints, words
from vidcache_gui.core.similar.looker import Looker, outcome
from vidcache_gui.core.similar.records import Answer
from vidcache_gui.core.similar.sidecar import Finder, Sidecar
from vidcache_gui.core.similar.streams import same_stream
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.matching.records import Match, Relation, Tier
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.pool import WorkerUnavailable

log = logging.getLogger(__name__)

MOST_BEHIND = 500  # fingerprints an index may lack for a newcomer not to wait for the check


class Comparer:
    """Compares contents of one library. Thread-safe."""

    def __init__(self, database: Database, sidecar: Sidecar, looker: Looker) -> None:
        self.database = database
        self.sidecar = sidecar
        self.looker = looker
        self.arrived: Callable[[str], object] = lambda hash: None  # what just came in is compared
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    def claim(self, hash: str) -> bool:
        """Before looking at a content, so that two threads don't decode the same; False when
        another one is at it. Who got it lets go of it."""
        with self._lock:
            ours = hash not in self._busy
            self._busy.add(hash)
            return ours

    def let_go(self, hash: str) -> None:
        with self._lock:
            self._busy.discard(hash)

    def keep(self, hash: str, future: Any) -> None:
        """Store what a worker saw. Raises WorkerUnavailable and Cancelled; everything else that
        can go wrong is a fact about the content."""
        try:
            looked = outcome(future)
        except WorkerUnavailable:
            raise
        except UserError as error:
            with self.database.write():
                prints.fail(hash, str(error))
            return
        with self.database.write():
            prints.put(hash, looked.fingerprint, looked.stream)

    def compare(
        self, hash: str, most_behind: int | None = None, stop: CancelToken | None = None
    ) -> bool:
        """Compare a fingerprinted content with all others, unless that was done; False when
        it could not be done now."""
        stop = stop or CancelToken()
        with self.database.read():
            row = FingerprintRow.get_or_none(FingerprintRow.hash == hash)
            fingerprint = prints.read(row)
        if row is None or fingerprint is None:
            return False
        if row.checked_version is not None:
            return True
        with self.sidecar.finder(most_behind, stop) as finder:  # knows all before it
            if finder is None:
                return False
            with self.database.read():
                hits = self._hits(finder, row, fingerprint, stop)
            with self.database.write():
                found.write(hash, hits)
                prints.set_checked(hash, row.stamp)
                touched = {hash, *(other for other, _ in hits)} if hits else set()
                families.settle(hash, {other for other, _ in hits})
                rows.note_change("matched", found.items_of(touched))
                arrived = ArrivalRow.delete().where(ArrivalRow.hash == hash).execute()
        if arrived:
            self._tell_arrival(hash)
        return True

    def _tell_arrival(self, hash: str) -> None:
        """What is made of it must not keep anything from being compared."""
        try:
            self.arrived(hash)
        except UserError as error:
            log.warning("rules left %s alone: %s", hash, error)
        except Exception:
            log.exception("rules failed for %s", hash)

    def _hits(
        self, finder: Finder, row: Any, fingerprint: Fingerprint, stop: CancelToken
    ) -> list[tuple[str, Match]]:
        """(other content, match) for all that were fingerprinted before this one.

        Those after it ask about it themselves: so each pair is asked about once and from the same
        side, whether both just came in or everything is compared again.
        """
        hits = {}
        later = _From(row.stamp)
        for owner, match in finder.find(fingerprint, owner=row.id, exclude=later, stop=stop):
            other = prints.hash_of(owner)
            if other is not None:
                hits[other] = match
        for other in prints.same_stream(row.stream, row.stamp) if row.stream else ():
            theirs = prints.of(other)
            if theirs is not None:
                hits[other] = same_stream(hits.get(other), fingerprint, theirs)
        return list(hits.items())

    def newcomer(self, result: SourceResult, source_id: int | None) -> SourceResult:
        """A stored source with what the comparison says. Never fails: what could not be
        compared now is compared by the next check."""
        if result.hash is None or result.item_id is None:
            return result
        try:
            self._look_now(result.hash, result.item_id)
            self.compare(result.hash, MOST_BEHIND)
        except (UserError, Cancelled) as error:
            log.info("'%s' is compared later: %s", result.name, error)
        except Exception:
            log.exception("comparing '%s' failed", result.name)
        with self.database.write():
            answer = answer_for(result.hash)
            values = {
                "phash_distance": answer.phash_distance, "duplicate_of": answer.duplicate_of,
                "look_alike": answer.look_alike, "remembered": answer.remembered,
            }  # fmt: skip
            if source_id is not None and answer != Answer():
                JobSource.update(values).where(JobSource.id == source_id).execute()
        return replace(
            result, phash_distance=answer.phash_distance, duplicate_of=answer.duplicate_of,
            look_alike=answer.look_alike, remembered=answer.remembered,
        )  # fmt: skip

    def _look_now(self, hash: str, item_id: int) -> None:
        """Fingerprint a newcomer that the intake could not fingerprint on the way."""
        if not self.claim(hash):
            return
        try:
            with self.database.read():
                row = FingerprintRow.get_or_none(FingerprintRow.hash == hash)
                items = rows.get_items([item_id])
                if row is None or row.state != prints.WAITING or not items:
                    return
                future = self.looker.submit_item(items[0])
            self.keep(hash, future)
        finally:
            self.let_go(hash)

    def fingerprint_of(self, item: Item, stop: CancelToken | None = None) -> Fingerprint:
        """The fingerprint of an item, looked at now where it has none. Raises UserError."""
        with self.database.read():
            fingerprint = prints.of(item.hash)
            if fingerprint is not None:
                return fingerprint
            future = self.looker.submit_item(item)
        looked = outcome(future, stop)
        with self.database.write():
            if not prints.has(item.hash):
                prints.put(item.hash, looked.fingerprint, looked.stream)
        return Fingerprint.from_bytes(looked.fingerprint)


class _From(Container[int]):
    """Owners whose fingerprints were made with or after a stamp. Asked inside a block: a search
    asks about few of them, and a list of all would be as long as the library."""

    def __init__(self, stamp: int) -> None:
        self._stamp = stamp

    def __contains__(self, owner: object) -> bool:
        stamp = prints.stamp_of(owner)
        return stamp is not None and stamp >= self._stamp


def answer_for(hash: str) -> Answer:
    """What to say about a content that just came in. Call inside a block."""
    refused = found.refused(hash)
    sure = [
        (other, match)
        for other, match in found.partners(hash).items()
        if match.tier is not Tier.LOOK
        and match.relation is not Relation.SHARED
        and other not in refused
    ]
    sure.sort(key=lambda one: (one[1].tier.value, -one[1].score))
    live = found.live_items(other for other, _ in sure)
    remembered = memory.exactly(hash) or memory.by_look(other for other, _ in sure)
    for other, match in sure:
        if other in live:
            return Answer(
                phash_distance(match), other, words.look_alike(live[other].name, match), remembered
            )
    return Answer(remembered=remembered)


def phash_distance(match: Match) -> int | None:
    """Bits of 64 in which the pictures of the best segment differ, on the average."""
    if not match.segments:
        return 0 if match.relation is Relation.SAME_STREAM else None
    return round(match.segments[0].distance / 4)
