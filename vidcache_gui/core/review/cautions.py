"""What somebody has to know before items go. Every function runs inside a read block."""

from collections.abc import Collection, Iterator

from vidcache_gui.core.records import Item
from vidcache_gui.core.review.records import Caution, Warned
from vidcache_gui.core.review.subjects import Pair, Subjects, pair_of, pairs_with
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.core.similar.words import clock
from vidcache_gui.matching.records import Relation, Tier

WHOLE = 0.98  # part of an item that has to be elsewhere; and of a long one, all but MOST seconds
LEAST, MOST = 0.5, 3.0

Span = tuple[float, float]


def cautions(
    keep: Item, drop: list[Item], subjects: Subjects, gone: Collection[str] = ()
) -> Iterator[Caution]:
    """``gone``: contents that count as gone, as those of ``drop`` do."""
    gone = {*gone, *(item.hash for item in drop)}
    for item in drop:
        if item.bucket in subjects.protected:
            yield Caution(
                Warned.PROTECTED, item.id,
                f"'{item.name}' is in the protected bucket '{item.bucket}'.",
            )  # fmt: skip
        if keep.damaged and not item.damaged:
            yield Caution(
                Warned.DAMAGED, item.id,
                f"'{keep.name}' is damaged, and '{item.name}' is not.",
            )  # fmt: skip
        text = _last_copy(item, subjects.length[item.id], keep, gone)
        if text:
            yield Caution(Warned.LAST_COPY, item.id, text)


def _last_copy(item: Item, length: float, keep: Item, gone: Collection[str]) -> str:
    """The sentence about what would be nowhere else, or nothing."""
    known = pair_of(item.hash, keep.hash)
    if known is None or known.row.verdict == Verdict.NOT_A_MATCH:
        return f"Nothing says that '{keep.name}' shows what '{item.name}' shows."
    if known.row.relation == Relation.SAME_STREAM or not _lacks(1 - known.coverage, length):
        return ""
    others = [
        pair
        for other, pair in pairs_with(item.hash)
        if other not in gone and other != keep.hash and _says_so(pair)
    ]
    if any(not _lacks(1 - pair.coverage, length) for pair in others):
        return ""
    missing = _missing([known, *others], length)
    lost = sum(end - start for start, end in missing)
    if length and not _lacks(lost / length, length):
        return ""
    spans = [f"{clock(start)} to {clock(end)}" for start, end in missing if end - start >= LEAST]
    more = f" and {len(spans) - 3} other parts" if len(spans) > 3 else ""
    where = ", ".join(spans[:3]) + more or "parts of it"
    return f"The last copy of something: of '{item.name}', {where} would be nowhere else."


def _says_so(pair: Pair) -> bool:
    return pair.row.tier != Tier.LOOK and pair.row.verdict != Verdict.NOT_A_MATCH


def _lacks(part: float, length: float) -> bool:
    """Is so much of it missing that somebody would miss it? What ends a picture early is no
    other footage."""
    allowed = min(max(LEAST, (1 - WHOLE) * length), MOST)
    return part * length > allowed if length else part > 1 - WHOLE


def _missing(pairs: list[Pair], length: float) -> list[Span]:
    """What of an item none of these matches shows."""
    shown = sorted((one.a0, one.a1) for pair in pairs for one in pair.match.segments)
    missing: list[Span] = []
    at = 0.0
    for start, end in [*shown, (length, length)]:
        if start > at:
            missing.append((at, start))
        at = max(at, end)
    return missing
