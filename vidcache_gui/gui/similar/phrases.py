"""What was found, in words: how two items belong together, how sure it is, what was done."""

from vidcache_gui.core.similar.words import done_to
from vidcache_gui.gui import words
from vidcache_gui.gui.similar.sides import Shown
from vidcache_gui.matching.records import Match, Relation, Segment, Tier

TIERS = {Tier.CERTAIN: "Certain", Tier.LIKELY: "Likely", Tier.LOOK: "Have a look"}
TIER_TIPS = {
    Tier.CERTAIN: "Without doubt the same footage",
    Tier.LIKELY: "Almost surely the same footage",
    Tier.LOOK: "Perhaps only the same scene: somebody has to look",
}
RELATIONS = {
    Relation.SAME_STREAM: "Same stream",
    Relation.RE_ENCODE: "Re-encodes",
    Relation.CONTAINS: "One contains the other",
    Relation.OVERLAP: "Overlaps",
    Relation.SHARED: "Shared segments",
}
RELATION_TITLES = {
    Relation.SAME_STREAM: "Same stream",
    Relation.RE_ENCODE: "Re-encode",
    Relation.CONTAINS: "One contains the other",
    Relation.OVERLAP: "Parts are the same",
    Relation.SHARED: "Shared segment",
}
VERDICTS = {"not a match": "Not a match", "keep both": "Keep both", "linked": "Linked"}
FINE = 10.0  # seconds: shorter stretches are told with tenths


def clock(seconds: float, *, fine: bool = False) -> str:
    """0:31, 1:02:03; ``fine``: 0:31.4"""
    tenths = round(max(0.0, seconds) * 10)
    if not fine:
        tenths = round(max(0.0, seconds)) * 10
    whole, tenth = divmod(tenths, 10)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"{text}.{tenth}" if fine else text


def span(first: float, last: float) -> str:
    """0:12 to 0:31; short ones with tenths."""
    first, last = min(first, last), max(first, last)
    fine = last - first < FINE
    return f"{clock(first, fine=fine)} to {clock(last, fine=fine)}"


def where(first: float, last: float) -> str:
    """from 0:12 to 0:31; at 0:12.4 for what has no length."""
    if abs(last - first) < 0.1:
        return f"at {clock(first, fine=True)}"
    return f"from {span(first, last)}"


def shared_seconds(match: Match) -> float:
    return sum(segment.a1 - segment.a0 for segment in match.segments)


def main_segment(match: Match) -> Segment | None:
    return match.segments[0] if match.segments else None


def relation_to_this(match: Match) -> str:
    """What b is to a, where a is "this": ``Contains this from 0:12 to 0:31, mirrored``."""
    first = main_segment(match)
    if first is None:
        return _RELATION_ALONE[match.relation]
    if match.relation is Relation.CONTAINS:
        if match.coverage_b >= match.coverage_a:
            text = f"A part of this: {where(first.a0, first.a1)}"
        else:
            text = f"Contains this {where(first.b0, first.b1)}"
    elif match.relation is Relation.OVERLAP:
        place = _stretches(match) or f", {where(first.b0, first.b1)}"
        return _joined(f"Shares {length(match)} with this{place}", match, count=False)
    else:
        text = _alone(match)
    return _joined(text, match)


def relation_of_pair(match: Match) -> str:
    """``B is a part of A: from 0:12 to 0:31, mirrored``."""
    first = main_segment(match)
    if first is None:
        return _RELATION_ALONE[match.relation]
    if match.relation is Relation.CONTAINS:
        whole, part = ("A", "B") if match.coverage_b >= match.coverage_a else ("B", "A")
        ends = (first.a0, first.a1) if whole == "A" else (first.b0, first.b1)
        text = f"{part} is a part of {whole}: {where(*ends)}"
    elif match.relation is Relation.OVERLAP:
        text = f"Both show the same {length(match)}{_stretches(match)}"
        return _joined(text, match, "B ", count=False)
    else:
        text = _alone(match)
    return _joined(text, match, "B ")


_RELATION_ALONE = {
    Relation.SAME_STREAM: "Same stream in another file",
    Relation.RE_ENCODE: "Re-encode",
    Relation.CONTAINS: "One contains the other",
    Relation.OVERLAP: "Parts are the same",
    Relation.SHARED: "A segment that many items share",
}


def _alone(match: Match) -> str:
    if match.relation is Relation.SHARED:
        return f"Shared segment of {length(match)}"
    return _RELATION_ALONE[match.relation]


def _stretches(match: Match) -> str:
    count = len(match.segments)
    return f" in {count} stretches" if count > 1 else ""


def _joined(text: str, match: Match, who: str = "", *, count: bool = True) -> str:
    first = match.segments[0]
    done = done_to(first)
    if done:
        done[0] = who + done[0]
    more = len(match.segments) - 1
    if more and count:
        done.append(words.plural(more, "more stretch", "more stretches"))
    return ", ".join([text, *done])


def length(match: Match) -> str:
    """How much is shared: 19 s, 1:02."""
    return words.duration(shared_seconds(match))


def short_relation(match: Match, name: str) -> str:
    """For a narrow place: ``Re-encode of “a.mp4”``, where b is called ``name``."""
    if match.relation is Relation.CONTAINS:
        verb = "Contains" if match.coverage_b >= match.coverage_a else "Part of"
        return f"{verb} “{name}”"
    if match.relation is Relation.OVERLAP:
        return f"Shares {length(match)} with “{name}”"
    if match.relation is Relation.SHARED:
        return f"Shares a segment with “{name}”"
    if match.relation is Relation.SAME_STREAM:
        return f"Same stream as “{name}”"
    return f"Re-encode of “{name}”"


def distance_words(distance: float) -> str:
    """How far two pictures are apart, of 256 bits."""
    for limit, text in ((8, "The same to the eye"), (28, "Nearly the same"), (56, "Alike")):
        if distance <= limit:
            return text
    return "Faintly alike"


def distance_facts(distance: float) -> str:
    return f"{distance:.0f} of 256 bits differ"


def segment_words(segment: Segment) -> str:
    """``0:12 to 0:31 of A is 0:00 to 0:19 of B, backwards``"""
    backwards = ", backwards" if segment.speed < 0 else ""
    a, b = span(segment.a0, segment.a1), span(segment.b0, segment.b1)
    return f"{a} of A is {b} of B{backwards}"


def offset_words(segment: Segment) -> str:
    """``B starts 3.2 s later · 1.00 ×``: how the two lie beside each other."""
    shift = segment.b0 - segment.a0
    speed = f"{abs(segment.speed):.2f} ×"
    if abs(shift) < 0.05:
        return f"At the same time · {speed}"
    way = "later in B" if shift > 0 else "earlier in B"
    return f"{abs(shift):.1f} s {way} · {speed}"


def spoken(shown: Shown) -> str:
    """A whole row, for those who hear it."""
    parts = [shown.a.name, shown.b.name, relation_of_pair(shown.match), TIERS[shown.match.tier]]
    if shown.verdict:
        parts.append(f"decided: {VERDICTS.get(shown.verdict, shown.verdict)}")
    return ", ".join(parts)
