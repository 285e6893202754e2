"""A match as a row shows it: two sides, seen from either. Pure: no widgets, no library."""

from dataclasses import dataclass, replace

from vidcache_gui.core.records import Item
from vidcache_gui.matching.records import WHOLE, Box, Evidence, Match, Segment, Transform


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
    return replace(shown, a=shown.b, b=shown.a, match=turned(shown.match))


def turned(match: Match) -> Match:
    """The match of b with a. Its segments still run forwards through what is now a."""
    return replace(
        match,
        segments=tuple(_turned_segment(segment) for segment in match.segments),
        coverage_a=match.coverage_b,
        coverage_b=match.coverage_a,
    )


def _turned_segment(s: Segment) -> Segment:
    spans = (s.b0, s.b1, s.a0, s.a1) if s.b0 <= s.b1 else (s.b1, s.b0, s.a1, s.a0)
    a0, a1, b0, b1 = spans
    evidence = tuple(Evidence(e.time_b, e.time_a, e.distance) for e in s.evidence)
    return replace(s, a0=a0, a1=a1, b0=b0, b1=b1, transform=inverse(s.transform), evidence=evidence)


def inverse(t: Transform) -> Transform:
    """What was done to a's picture, where ``t`` is what was done to b's."""
    rotation = t.rotation if t.mirrored else (360 - t.rotation) % 360
    return Transform(
        t.mirrored,
        rotation,
        laid(t.box_b, mirrored=t.mirrored, rotation=rotation),
        laid(t.box_a, mirrored=t.mirrored, rotation=rotation),
    )


def laid(box: Box, *, mirrored: bool, rotation: int) -> Box:
    """Where a box lies after its picture was mirrored, then turned clockwise."""
    if box == WHOLE:
        return WHOLE
    left, top, right, bottom = box
    if mirrored:
        left, right = 1 - right, 1 - left
    for _ in range(rotation // 90 % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom


def box_in_b(t: Transform) -> Box:
    """The part of b's picture, as b shows it, in which a is seen."""
    back = t.rotation if t.mirrored else (360 - t.rotation) % 360
    return laid(t.box_b, mirrored=t.mirrored, rotation=back)


def segment_at(match: Match, seconds: float) -> Segment | None:
    """The stretch in which a shows this second; else the nearest one."""
    return min(
        match.segments,
        key=lambda s: max(s.a0 - seconds, seconds - s.a1, 0.0),
        default=None,
    )
