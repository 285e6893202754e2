"""Which copy is better: the half of :class:`core.library.Library` that measures and proposes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vidcache_gui.core import find
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Item
from vidcache_gui.core.review import facts, quality
from vidcache_gui.core.review.measuring import Measurer, Outcome
from vidcache_gui.core.review.quality_records import FactTable, GroupProposal, Proposal, Side
from vidcache_gui.core.similar import found
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Match
from vidcache_gui.media.pool import DecodePool

if TYPE_CHECKING:
    from vidcache_gui.core.similar.parts import Parts

NOTHING_COMMON = "They show nothing in common that could be compared."


class Quality:
    """Every method may be called from any thread; measuring takes seconds."""

    _database: Database
    _pool: DecodePool
    _blobs: BlobStore

    if TYPE_CHECKING:

        @property
        def _parts(self) -> Parts: ...

    def compare_facts(self, item_a: int, item_b: int, *, measure: bool = True) -> FactTable:
        """What differs between two items, and which of them to keep.

        Their pictures are measured at the first call, which decodes some of both; that is
        kept. Without ``measure`` nothing is decoded, and only what is known is told.
        Raises UserError for an item that is gone.
        """
        with self._database.read():
            a, b = _side(item_a), _side(item_b)
            match = found.partners(a.item.hash).get(b.item.hash)
        if match is None and measure and a.item.hash != b.item.hash:
            match = self._parts.asker.explain(item_a, item_b).match
        outcome = self._measured(a.item, b.item, match, measure)
        points = quality.weigh(a, b, match, outcome.measured)
        return FactTable(
            a.item, b.item, facts.table(a, b, match, outcome.measured, points),
            quality.propose(points, a, b, match), outcome.measured is not None, outcome.note,
        )  # fmt: skip

    def propose(self, items: Sequence[Item], *, measure: bool = True) -> GroupProposal:
        """Which of several items to keep; all others match the first of them.

        Each is compared with the first one, then the best two with each other.
        """
        first, *others = items
        if not others:
            return GroupProposal(first, (), False)
        leads = [(0.0, first)]
        for one in others:
            table = self.compare_facts(first.id, one.id, measure=measure)
            leads.append((_lead(table.proposal), one))
        leads.sort(key=lambda lead: -lead[0])
        (_, best), (_, second) = leads[:2]
        last = self.compare_facts(best.id, second.id, measure=measure).proposal
        keep = best if last.keep == "a" else second
        return GroupProposal(keep, last.reasons, last.near_tie, last.against)

    def _measured(self, a: Item, b: Item, match: Match | None, now: bool) -> Outcome:
        if match is None or not match.segments:
            return Outcome(None, NOTHING_COMMON)
        measurer = Measurer(self._database, self._pool, self._blobs.path)
        return measurer.measure(a, b, match, now=now)


def _side(item_id: int) -> Side:
    details = find.details(item_id)
    if details.item.removed_at is not None:
        raise UserError("This item is in the trash.")
    return Side(details.item, details.facts, details.aliases)


def _lead(proposal: Proposal) -> float:
    """How much better the second is than the first; negative: the first is better."""
    return proposal.margin if proposal.keep == "b" else -proposal.margin
