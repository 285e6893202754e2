"""What stretches in common say of two items: relation, tier, and the reasons in words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.overlay import pictures_along, spread
from vidcache_gui.matching.records import Evidence, Match, Relation, Segment, Tier, Transform
from vidcache_gui.matching.segments import Stretch
from vidcache_gui.matching.settings import Settings
from vidcache_gui.media.fingerprint.fingerprint import SIDE
from vidcache_gui.media.fingerprint.hashes import phash256

PICTURES = 6  # of evidence for each segment
FEWEST = 3  # pictures that say that something moves alike, where it is not all there is
LEAST_TELLING = 0.8  # of footage that coverage is a part of


def trust(a: Footage, b: Footage, stretch: Stretch, settings: Settings) -> Tier | None:
    """How sure it is that both show the same take; None where it is not.

    The same room, or the same person, looks alike; only the same take moves alike. What hardly
    moves is believed where it is the whole of both, and never for certain.
    """
    like, seconds = stretch.likeness, stretch.seconds
    if seconds < min(settings.shortest, 0.8 * min(a.duration, b.duration)):
        return None
    if not settings.dynamic:
        return Tier.LIKELY if like.mean >= settings.sure_picture else None
    whole = seconds >= 0.85 * max(a.duration, b.duration)
    if len(stretch.rows) < FEWEST and not whole:
        return None
    needed = settings.motion_needed(seconds, stretch.line.slope)
    if like.moving >= settings.least_motion:
        if like.motion < needed:
            return None
        sure = max(needed + settings.sure_margin, settings.sure_motion)
        if like.motion >= sure and like.mean >= settings.sure_picture and seconds >= 1.5:
            return Tier.CERTAIN
        return Tier.LIKELY
    if like.moving >= 0.3 and like.motion >= needed and like.mean >= 0.9:
        return Tier.LIKELY
    if like.moving >= 0.8 and like.motion < 0.5 * needed:
        return None
    long = seconds >= settings.long_still and like.mean >= settings.still_picture
    if (whole and like.mean >= 0.87) or long:
        return Tier.LOOK
    return None


def relate(
    a: Footage,
    b: Footage,
    stretches: Sequence[Stretch],
    settings: Settings,
    *,
    turned: bool = False,
) -> tuple[Match | None, tuple[str, ...]]:
    """The match these stretches make, if any, and what was found out on the way.

    ``turned``: what is said of it names b first.
    """
    steps = []
    believed: list[_Believed] = []
    for stretch in stretches:
        tier = trust(a, b, stretch, settings)
        steps.append(_said(stretch, tier, turned))
        if tier is not None:
            believed.append(_Believed(stretch, tier, segment_of(a, b, stretch)))
    if not believed:
        steps.append("Nothing in them is sure to be the same footage.")
        return None, tuple(steps)
    # What stands still has nothing but its details to be told by.
    believed = [
        one for one in believed
        if one.tier is not Tier.LOOK or one.segment.distance <= settings.still_bits
    ]  # fmt: skip
    if not believed:
        steps.append("They are laid out alike, but show something else.")
        return None, tuple(steps)
    believed.sort(key=lambda one: -one.stretch.seconds)
    segments = tuple(one.segment for one in believed)
    cover_a = _covered(a, [(s.a0, s.a1) for s in segments])
    cover_b = _covered(b, [(min(s.b0, s.b1), max(s.b0, s.b1)) for s in segments])
    match = Match(
        _relation(cover_a, cover_b, settings), min((one.tier for one in believed), key=_rank),
        max(_score(one.stretch, one.tier) for one in believed), segments,
        cover_a, cover_b, tuple(steps),
    )  # fmt: skip
    return match, tuple(steps)


class _Believed(NamedTuple):
    """A stretch that counts."""

    stretch: Stretch
    tier: Tier
    segment: Segment


def _relation(cover_a: float, cover_b: float, settings: Settings) -> Relation:
    if min(cover_a, cover_b) >= settings.whole:
        return Relation.RE_ENCODE
    return Relation.CONTAINS if max(cover_a, cover_b) >= settings.part else Relation.OVERLAP


def segment_of(a: Footage, b: Footage, stretch: Stretch) -> Segment:
    """The stretch as a record, with the pictures that prove it."""
    like, line = stretch.likeness, stretch.line
    best = np.sort(np.argsort(-like.each)[: max(PICTURES, len(like.each) // 2)])
    rows = stretch.rows[spread(best, PICTURES)]
    times = a.times[rows]
    one, other = pictures_along(a, b, line, rows, fine=True)
    bits = np.bitwise_count(
        phash256(one.reshape(-1, SIDE, SIDE)) ^ phash256(other.reshape(-1, SIDE, SIDE))
    ).sum(axis=1)
    evidence = tuple(
        Evidence(float(time), float(line.offset + line.slope * time), int(distance))
        for time, distance in zip(times, bits, strict=True)
    )
    return Segment(
        stretch.a0, stretch.a1, stretch.b0, stretch.b1,
        Transform(line.mirrored, line.rotation, line.box_a, line.box_b),
        float(bits.mean()), max(0.0, like.mean), evidence,
    )  # fmt: skip


def _covered(footage: Footage, spans: Sequence[tuple[float, float]]) -> float:
    """Part of what there is to see in the footage that lies in these spans of seconds.

    Black before and after does not count against it, unless that is most of the footage.
    """
    seconds = (footage.ends - footage.times) * footage.telling
    inside = np.zeros(len(footage), bool)
    for low, high in spans:
        inside |= (footage.middles >= low - 0.02) & (footage.middles <= high + 0.02)
    total = max(float(seconds.sum()), LEAST_TELLING * footage.duration)
    return min(1.0, float(seconds[inside].sum()) / total) if total > 0 else 0.0


def _rank(tier: Tier) -> int:
    return (Tier.CERTAIN, Tier.LIKELY, Tier.LOOK).index(tier)


def _score(stretch: Stretch, tier: Tier) -> float:
    like = stretch.likeness
    part = min(1.0, max(0.0, 0.5 * like.motion + 0.5 * like.mean))
    return (0.66, 0.33, 0.0)[_rank(tier)] + part / 3


def _said(stretch: Stretch, tier: Tier | None, turned: bool) -> str:
    like = stretch.likeness
    low, high = sorted((stretch.b0, stretch.b1))
    spans = [f"{stretch.a0:.1f}–{stretch.a1:.1f} s", f"{low:.1f}–{high:.1f} s"]
    where = " and ".join(reversed(spans) if turned else spans)
    alike = f"{where}: {like.mean:.0%} alike"
    if like.moving < 0.3:
        moves = "nothing moves in it"
    else:
        moves = f"what moves agrees to {max(0.0, like.motion):.0%}"
    end = {
        Tier.CERTAIN: "the same footage.",
        Tier.LIKELY: "most likely the same footage.",
        Tier.LOOK: "perhaps the same footage.",
        None: "not the same take.",
    }[tier]
    return f"{alike}, {moves}: {end}"
