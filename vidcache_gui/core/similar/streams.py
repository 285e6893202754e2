"""Contents whose compressed pictures are the same: certain, whatever their pictures look like."""

from dataclasses import replace

from vidcache_gui.matching.records import Match, Relation, Segment, Tier, Transform
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint

SAME_TIME = 0.05  # seconds between pictures that are one picture in two containers
REASON = "Both files hold the very same compressed pictures."


def same_stream(match: Match | None, a: Fingerprint, b: Fingerprint) -> Match:
    """The match of two such contents; ``match`` is what their looks gave, if anything.

    All of one is all of the other, wherever looks alone would put it; only proof is theirs.
    """
    proof = match.segments[0].evidence if match is not None and match.segments else ()
    whole = Segment(
        0.0, float(a.duration), 0.0, float(b.duration), Transform(), 0.0, 1.0,
        tuple(one for one in proof if abs(one.time_a - one.time_b) < SAME_TIME),
    )  # fmt: skip
    segments = (whole,)
    reasons = (REASON, *(match.reasons if match is not None else ()))
    same = Match(Relation.SAME_STREAM, Tier.CERTAIN, 1.0, segments, 1.0, 1.0)
    return replace(same, reasons=reasons)
