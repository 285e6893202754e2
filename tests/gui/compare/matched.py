"""Matches as tests give them: what both show, stretch by stretch."""

from vidcache_gui.matching.records import Match, Relation, Segment, Tier, Transform


def stretch(
    a0: float,
    a1: float,
    b0: float,
    b1: float,
    transform: Transform = Transform(),  # noqa: B008
) -> Segment:
    return Segment(a0, a1, b0, b1, transform, 4.0, 0.98)


def match(*stretches: Segment) -> Match:
    return Match(Relation.OVERLAP, Tier.CERTAIN, 0.9, stretches, 0.8, 0.8)
