"""Which copy is better: the half of :class:`core.library.Library` that measures and proposes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Item
from vidcache_gui.core.review import facts
from vidcache_gui.core.review.judge import Judge
from vidcache_gui.core.review.measuring import Measurer
from vidcache_gui.core.review.quality_records import FactTable, GroupProposal, Proposal
from vidcache_gui.media.pool import DecodePool

if TYPE_CHECKING:
    from vidcache_gui.core.similar.parts import Parts


class Quality:
    """Every method may be called from any thread; measuring takes seconds."""

    _database: Database
    _pool: DecodePool
    _blobs: BlobStore

    if TYPE_CHECKING:

        @property
        def _parts(self) -> Parts: ...

    @property
    def _judge(self) -> Judge:
        measurer = Measurer(self._database, self._pool, self._blobs.path)
        return Judge(self._database, measurer, lambda a, b: self._parts.asker.explain(a, b).match)

    def compare_facts(self, item_a: int, item_b: int, *, measure: bool = True) -> FactTable:
        """What differs between two items, and which of them to keep.

        Their pictures are measured at the first call, which decodes some of both; that is
        kept. Without ``measure`` nothing is decoded, and only what is known is told.
        Raises UserError for an item that is gone.
        """
        seen = self._judge.judge(item_a, item_b, measure=measure)
        measured = seen.outcome.measured
        return FactTable(
            seen.a.item, seen.b.item,
            facts.table(seen.a, seen.b, seen.match, measured, seen.points), seen.proposal,
            measured is not None, seen.outcome.note,
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


def _lead(proposal: Proposal) -> float:
    """How much better the second is than the first; negative: the first is better."""
    return proposal.margin if proposal.keep == "b" else -proposal.margin
