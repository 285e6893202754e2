"""A match as a row shows it: two sides, seen from either. Pure: no widgets, no library."""

from dataclasses import dataclass, replace

from vidcache_gui.core.records import Item
from vidcache_gui.matching.records import Box, Match, Segment, Transform
from vidcache_gui.matching.swap import inverse, swapped


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. ``item`` is None for what is not in the library."""

    name: str
    item: Item | None = None
    duration: float | None = None  # seconds, where known

    @classmethod
    def of(cls, item: Item) -> "Side":
        return cls(item.name, item, item.duration)


@dataclass(frozen=True, slots=True)
class Shown:
    """A match with both its sides. ``verdict``: what a person decided, or ''."""

    id: int
    a: Side
    b: Side
    match: Match
    verdict: str = ""

    @property
    def items(self) -> tuple[Item, Item] | None:
        """Both, where both are in the library: only then it can be decided or compared."""
        if self.a.item is None or self.b.item is None:
            return None
        return self.a.item, self.b.item

    @property
    def seconds(self) -> tuple[float, float]:
        """How long both are; reckoned from what is covered where nobody knows."""
        spans_a = [(s.a0, s.a1) for s in self.match.segments]
        spans_b = [(s.b0, s.b1) for s in self.match.segments]
        return (
            _length(self.a.duration, spans_a, self.match.coverage_a),
            _length(self.b.duration, spans_b, self.match.coverage_b),
        )


def _length(known: float | None, spans: list[tuple[float, float]], coverage: float) -> float:
    ends = max((max(span) for span in spans), default=0.0)
    if known is not None:
        return max(known, ends)
    covered = sum(abs(last - first) for first, last in spans)
    return max(ends, covered / coverage if coverage else 0.0)


def seen_from(shown: Shown, item_id: int) -> Shown:
    """The same match with that item as a."""
    if shown.b.item is None or shown.b.item.id != item_id:
        return shown
    if shown.a.item is not None and shown.a.item.id == item_id:
        return shown
    return replace(shown, a=shown.b, b=shown.a, match=swapped(shown.match))


def box_in_b(t: Transform) -> Box:
    """The part of b's picture, as b shows it, in which a is seen."""
    return inverse(t).box_a


def segment_at(match: Match, seconds: float) -> Segment | None:
    """The stretch in which a shows this second; else the nearest one."""
    return min(
        match.segments,
        key=lambda s: max(s.a0 - seconds, seconds - s.a1, 0.0),
        default=None,
    )
