"""What is shared, and what only one of the two has, as runs of places. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from vidcache_gui.gui.compare.line import A, Leg, Line

SLIVER = 0.35  # seconds


class Kind(StrEnum):
    SHARED = "in both"
    BESIDE = "different in each"  # the match leaves it out of both, and it lies beside each other
    ONLY_A = "only in A"
    ONLY_B = "only in B"
    UNKNOWN = "not compared"  # nobody looked whether it is the same


@dataclass(frozen=True, slots=True)
class Part:
    """Places ``first`` to ``last``, both inclusive. ``stretch``: of the match, where shared."""

    first: int
    last: int
    kind: Kind
    stretch: int | None = None
    backwards: bool = False


def parts_of(line: Line) -> list[Part]:
    """Every place in exactly one part, in order; neighbours of one kind are one."""
    made: list[Part] = []
    for leg in line.legs:
        for part in _without_slivers(line, _parts_of_leg(line, leg)):
            before = made[-1] if made else None
            if before and (before.kind, before.stretch) == (part.kind, part.stretch):
                made[-1] = Part(before.first, part.last, part.kind, part.stretch, part.backwards)
            else:
                made.append(part)
    return made


def _parts_of_leg(line: Line, leg: Leg) -> list[Part]:
    start, end = leg.start, leg.start + leg.count
    alone = Kind.ONLY_A if leg.leader == A else Kind.ONLY_B
    first, last = line.span_in(leg)
    if leg.piece is None or last < first:
        return [Part(start, end - 1, alone)]
    marks: list[tuple[int, int, Kind, int | None]] = [(start, first, alone, None)]
    if leg.piece.stretch is None:
        marks.append((first, last + 1, Kind.UNKNOWN, None))
    else:
        low, after = line.core_in(leg)
        high = after + 1
        marks += [
            (first, low, Kind.BESIDE, None), (low, high, Kind.SHARED, leg.piece.stretch),
            (high, last + 1, Kind.BESIDE, None),
        ]  # fmt: skip
    marks.append((last + 1, end, alone, None))
    return [
        Part(low, high - 1, kind, stretch, stretch is not None and leg.piece.backwards)
        for low, high, kind, stretch in marks
        if high > low
    ]


def _without_slivers(line: Line, parts: list[Part]) -> list[Part]:
    """Fingerprints look some times a second: so little beside what is shared is shared, too."""
    shared = next((part for part in parts if part.kind is Kind.SHARED), None)
    if shared is None:
        return parts
    made: list[Part] = []
    for part in parts:
        sliver = part.kind is Kind.BESIDE and _length(line, part) < SLIVER
        made.append(replace(shared, first=part.first, last=part.last) if sliver else part)
    return made


def _length(line: Line, part: Part) -> float:
    timing = line.timing()
    return timing.edges[part.last + 1] - timing.edges[part.first]


def seconds_of(line: Line, parts: list[Part]) -> dict[Kind, float]:
    """How long every kind is, as it is played."""
    found: dict[Kind, float] = {}
    for part in parts:
        found[part.kind] = found.get(part.kind, 0.0) + _length(line, part)
    return found
