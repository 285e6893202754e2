"""What tells two items apart: what is known of them, and what their pictures show when measured."""

from collections.abc import Callable
from dataclasses import dataclass

from vidcache_gui.core import find
from vidcache_gui.core.database import Database
from vidcache_gui.core.review import quality
from vidcache_gui.core.review.measuring import Measurer, Outcome
from vidcache_gui.core.review.quality_records import Point, Proposal, Side
from vidcache_gui.core.similar import found
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Match

NOTHING_COMMON = "They show nothing in common that could be compared."


@dataclass(frozen=True, slots=True)
class Judged:
    """``outcome``: of measuring their pictures. ``points``: all that makes one better."""

    a: Side
    b: Side
    match: Match | None
    outcome: Outcome
    points: tuple[Point, ...]

    @property
    def proposal(self) -> Proposal:
        return quality.propose(self.points, self.a, self.b, self.match)


class Judge:
    """``explain``: finds the match of two items (by id) of which none is written down."""

    def __init__(
        self,
        database: Database,
        measurer: Measurer,
        explain: Callable[[int, int], Match | None] = lambda a, b: None,
    ) -> None:
        self._database = database
        self._measurer = measurer
        self._explain = explain

    def judge(self, item_a: int, item_b: int, *, measure: bool = True) -> Judged:
        """Without ``measure`` nothing is decoded, and it may be called inside a read block.

        Raises UserError for an item that is gone, WorkerUnavailable, and Cancelled once the
        library is closed.
        """
        with self._database.read():
            a, b = _side(item_a), _side(item_b)
            match = found.partners(a.item.hash).get(b.item.hash)
        if match is None and measure and a.item.hash != b.item.hash:
            match = self._explain(item_a, item_b)
        if match is None or not match.segments:
            outcome = Outcome(None, NOTHING_COMMON)
        else:
            outcome = self._measurer.measure(a.item, b.item, match, now=measure)
        return Judged(a, b, match, outcome, quality.weigh(a, b, match, outcome.measured))


def _side(item_id: int) -> Side:
    details = find.details(item_id)
    if details.item.removed_at is not None:
        raise UserError("This item is in the trash.")
    return Side(details.item, details.facts, details.aliases)
