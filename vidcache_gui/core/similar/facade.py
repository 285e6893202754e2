"""Same footage: the half of :class:`core.library.Library` that finds it and keeps decisions."""

from collections.abc import Callable
from pathlib import Path

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Changes
from vidcache_gui.core.similar.records import (
    CheckState,
    Decision,
    Family,
    FootageGroup,
    FoundMatch,
    Place,
    SimilarItem,
    TierLimits,
    Verdict,
)
from vidcache_gui.matching.records import Explanation, Relation, Tier

OnCheck = Callable[[CheckState], None]


class Similar:
    """Everything about same footage. Every method may be called from any thread."""

    _database: Database

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
        raise NotImplementedError

    def check_state(self) -> CheckState:
        raise NotImplementedError

    def pause_check(self) -> None:
        """Let whatever process is checking stop after the item it is at."""
        raise NotImplementedError

    def resume_check(self) -> None:
        raise NotImplementedError

    def rescan(self, recompute: bool = False) -> None:
        """Compare everything again at the next :meth:`check`; decisions stay.

        Fingerprints stay too, so nothing is decoded, unless they are to be made again
        (``recompute``). What was found stays listed until it is found again or not.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    @staticmethod
    def place_of(found: FoundMatch) -> Place:
        return Place(found.match.tier.value, found.match.score, found.id)

    def match_counts(self) -> dict[tuple[Relation, Tier], int]:
        """How many open matches there are of each kind."""
        raise NotImplementedError

    def groups(self, *, tier: Tier | None = None, limit: int = 200) -> list[FootageGroup]:
        """Items by what they belong to, never by chains; the largest groups first.

        The longest, then largest item that matches is the keeper; only what matches the
        keeper itself is in its group, and each item is in one group.
        """
        raise NotImplementedError

    def families(self) -> list[Family]:
        """Shared segments, those with most members first."""
        raise NotImplementedError

    def rename_family(self, family_id: int, name: str) -> None:
        """Raises UserError for an empty name or a segment that is gone."""
        raise NotImplementedError

    # Asking

    def similar_to(self, item_id: int) -> list[SimilarItem]:
        """Items that show the same as this one, best first, compared now; also what was found
        before. Matches people called "not a match" are left out."""
        raise NotImplementedError

    def similar_to_file(self, path: str | Path) -> list[SimilarItem]:
        """The same for a file, or a folder of frames, that need not be in the library.

        Raises UserError when it holds no pictures or cannot be read.
        """
        raise NotImplementedError

    def similar_to_picture(self, data: bytes) -> list[SimilarItem]:
        """The same for the bytes of a picture (PNG, JPEG …), as a clipboard holds them."""
        raise NotImplementedError

    def explain(self, item_a: int, item_b: int) -> Explanation:
        """Why two items match, or why not."""
        raise NotImplementedError

    def explain_files(self, path_a: str | Path, path_b: str | Path) -> Explanation:
        """The same for files or folders of frames, wherever they are."""
        raise NotImplementedError

    # Decisions

    def mark(self, item_a: int, item_b: int, verdict: Verdict) -> Changes:
        """Say what two items are to each other; can be undone. Kept by content for ever."""
        raise NotImplementedError

    def unmark(self, item_a: int, item_b: int) -> Changes:
        """Take back what was said of two items; can be undone."""
        raise NotImplementedError

    def decisions(self, *, item: int | None = None, limit: int = 1000) -> list[Decision]:
        """Newest first."""
        raise NotImplementedError

    # Settings

    def tier_limits(self) -> TierLimits:
        raise NotImplementedError

    def set_tier_limits(self, limits: TierLimits) -> None:
        """Sort all matches into tiers anew; nothing is compared again."""
        raise NotImplementedError
