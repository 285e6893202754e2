"""Same footage: the half of :class:`core.library.Library` that finds it and keeps decisions."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.intake import Intake
from vidcache_gui.core.records import Changes
from vidcache_gui.core.similar import (
    decisions,
    families,
    found,
    limits,
    memory,
    prints,
    state,
)
from vidcache_gui.core.similar.records import (
    CheckState,
    Decision,
    Family,
    FoundMatch,
    Place,
    SimilarItem,
    TierLimits,
    Verdict,
)
from vidcache_gui.errors import Cancelled
from vidcache_gui.matching.records import Explanation, Relation, Tier
from vidcache_gui.media.pool import DecodePool
from vidcache_gui.media.types import Inspection

if TYPE_CHECKING:
    from vidcache_gui.core.similar.parts import Parts

OnCheck = Callable[[CheckState], None]


class Similar:
    """Everything about same footage. Every method may be called from any thread."""

    path: Path
    _database: Database
    _pool: DecodePool
    _blobs: BlobStore
    _intake: Intake
    _run: Path
    _stop: CancelToken
    _closed: bool

    def _start_similar(self) -> None:
        self._parts_lock = threading.Lock()
        self._made: Parts | None = None
        self._intake.answer = lambda new, source: self._parts.comparer.newcomer(new, source)

    @property
    def _parts(self) -> "Parts":
        """Made at first use: most commands never compare anything."""
        with self._parts_lock:
            if self._closed:
                raise Cancelled("the library was closed")
            if self._made is None:
                from vidcache_gui.core.similar.parts import Parts

                self._made = Parts(
                    self.path, self._database, self._pool, self._blobs.path, self._blobs.temporary
                )
            return self._made

    def _close_similar(self) -> None:
        with self._parts_lock:
            if self._made is not None:
                self._made.close()

    # Checking

    def check(
        self, on_event: OnCheck, *, stop: CancelToken | None = None, forever: bool = False
    ) -> None:
        """Work through what is not fingerprinted or not compared yet, telling how far it is.

        Can be stopped, killed and paused at any moment and goes on where it was, in any
        process. One process works at a time; where another one does, this one follows it and
        tells the same. Returns when nothing is left or it is paused; with ``forever`` when
        stopped.
        """
        self._parts.checker.run(on_event, stop or self._stop, forever=forever)

    def check_state(self) -> CheckState:
        running, made = state.is_running(self._run), self._made
        return state.read(
            self._database, running=running, note=made.sidecar.said if made else "",
            current=made.checker.current if made and running else "",
        )  # fmt: skip

    def pause_check(self) -> None:
        """Let whatever process is checking stop after the item it is at."""
        state.set_paused(self._database, True)

    def resume_check(self) -> None:
        state.set_paused(self._database, False)
        self._wake_checker()

    def rescan(self, recompute: bool = False) -> None:
        """Compare everything again at the next :meth:`check`; decisions stay.

        Fingerprints stay too, so nothing is decoded, unless they are to be made again
        (``recompute``). What was found stays listed until it is found again or not.
        """
        with self._database.write():
            prints.forget_comparisons(recompute)
            found.start_round()
        self._wake_checker()

    def _wake_checker(self) -> None:
        if self._made is not None:
            self._made.checker.wake()

    # What was found

    def matches(
        self,
        *,
        tier: Tier | None = None,
        relation: Relation | None = None,
        item: int | None = None,
        decided: bool = False,
        shared: bool = False,
        after: Place | None = None,
        limit: int = 200,
    ) -> list[FoundMatch]:
        """Pairs of items outside the trash that show the same, surest first.

        ``item``: only of this item. ``decided``: also those a person has decided about.
        ``shared``: also shared segments. ``after``: :meth:`place_of` the last one seen.
        """
        with self._database.read():
            chosen = None
            if item is not None:
                chosen = next(iter(rows.get_items([item])), None)
                if chosen is None:
                    return []
            return found.page(tier, relation, chosen, decided, shared, after, limit)

    @staticmethod
    def place_of(found: FoundMatch) -> Place:
        return Place(found.match.tier.value, found.match.score, found.id)

    def match_counts(self) -> dict[tuple[Relation, Tier], int]:
        """How many open matches there are of each kind."""
        with self._database.read():
            return found.counts()

    def families(self) -> list[Family]:
        """Shared segments, those with most members first."""
        with self._database.read():
            return families.listed()

    def rename_family(self, family_id: int, name: str) -> None:
        """Raises UserError for an empty name or a segment that is gone."""
        with self._database.write():
            families.rename(family_id, name)

    # Asking

    def similar_to(self, item_id: int, *, stop: CancelToken | None = None) -> list[SimilarItem]:
        """Items that show the same as this one, best first, compared now; also what was found
        before. Matches people called "not a match" are left out.

        Raises Cancelled soon after ``stop`` was cancelled, as the next two do.
        """
        return self._parts.asker.item(item_id, stop or self._stop)

    def similar_to_file(
        self, path: str | Path, *, stop: CancelToken | None = None
    ) -> list[SimilarItem]:
        """The same for a file, or a folder of frames, that need not be in the library.

        Raises UserError when it holds no pictures or cannot be read.
        """
        return self._parts.asker.file(Path(path).expanduser().absolute(), stop or self._stop)

    def similar_to_picture(
        self, data: bytes, *, stop: CancelToken | None = None
    ) -> list[SimilarItem]:
        """The same for the bytes of a picture (PNG, JPEG …), as a clipboard holds them."""
        return self._parts.asker.picture(data, stop or self._stop)

    def similar_to_seen(self, seen: Inspection) -> list[SimilarItem]:
        """The same for what a worker saw of something that is not stored; it has a fingerprint."""
        return self._parts.asker.looks(seen, self._stop)

    def phash(self, hash: str) -> str | None:
        """The perceptual hash of a content's first telling picture, 64 bits as hexadecimal
        digits; None without a fingerprint."""
        with self._database.read():
            return prints.phash(hash)

    def explain(self, item_a: int, item_b: int) -> Explanation:
        """Why two items match, or why not."""
        return self._parts.asker.explain(item_a, item_b)

    def explain_files(self, path_a: str | Path, path_b: str | Path) -> Explanation:
        """The same for files or folders of frames, wherever they are."""
        a, b = (Path(path).expanduser().absolute() for path in (path_a, path_b))
        return self._parts.asker.explain(a, b)

    def explain_any(self, a: int | Path, b: int | Path) -> Explanation:
        """The same for an item, by its number, and a file, by its absolute path."""
        return self._parts.asker.explain(a, b)

    # Decisions

    def mark(self, item_a: int, item_b: int, verdict: Verdict) -> Changes:
        """Say what two items are to each other; can be undone. Kept by content for ever."""
        return decisions.decide(self._database, item_a, item_b, Verdict(verdict))

    def unmark(self, item_a: int, item_b: int) -> Changes:
        """Take back what was said of two items; can be undone."""
        return decisions.decide(self._database, item_a, item_b, None)

    def withdraw(self, decision: Decision) -> Changes:
        """The same for contents that need not be here any more."""
        return decisions.withdraw(self._database, decision)

    def deleted_name(self, hash: str) -> str | None:
        """What a content was called that was deleted for good; None for any other."""
        with self._database.read():
            return memory.name(hash)

    def decisions(self, *, item: int | None = None, limit: int = 1000) -> list[Decision]:
        """Newest first."""
        with self._database.read():
            if item is None:
                return decisions.listed(None, limit)
            hash = Item.select(Item.hash).where(Item.id == item).scalar()
            return [] if hash is None else decisions.listed(hash, limit)

    # Settings

    def tier_limits(self) -> TierLimits:
        with self._database.read():
            return limits.read()

    def set_tier_limits(self, tiers: TierLimits) -> None:
        """Sort all matches into tiers anew; nothing is compared again."""
        with self._database.write():
            limits.write(tiers)
