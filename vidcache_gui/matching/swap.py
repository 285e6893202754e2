"""The same match seen from the other item."""

from dataclasses import replace

from vidcache_gui.matching.records import Box, Evidence, Match, Segment, Transform


def swapped(match: Match) -> Match:
    """``a`` and ``b`` exchanged."""
    return replace(
        match, segments=tuple(_segment(one) for one in match.segments),
        coverage_a=match.coverage_b, coverage_b=match.coverage_a,
    )  # fmt: skip


def _segment(one: Segment) -> Segment:
    """A segment that ran backwards in b runs backwards in the new b: its times stay in pairs."""
    a0, a1, b0, b1 = one.b0, one.b1, one.a0, one.a1
    if a1 < a0:
        a0, a1, b0, b1 = a1, a0, b1, b0
    return replace(
        one, a0=a0, a1=a1, b0=b0, b1=b1, transform=inverse(one.transform),
        evidence=tuple(Evidence(e.time_b, e.time_a, e.distance) for e in one.evidence),
    )  # fmt: skip


def inverse(transform: Transform) -> Transform:
    """What takes a's picture to b's where ``transform`` takes b's to a's.

    Mirroring and then turning is undone by mirroring and turning the same way, turning alone
    by turning the other way.
    """
    rotation = transform.rotation if transform.mirrored else -transform.rotation % 360
    back = Transform(transform.mirrored, rotation)
    return replace(back, box_a=place(transform.box_b, back), box_b=place(transform.box_a, back))


def place(box: Box, transform: Transform) -> Box:
    """Where a box of a picture lies once the picture is mirrored and turned."""
    left, top, right, bottom = box
    if transform.mirrored:
        left, right = 1 - right, 1 - left
    for _ in range(transform.rotation // 90):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom
