"""Stretches that several contents share, found in the matches between them.

Excerpts of one film that overlap share stretches, too. So each match of a shared segment must
be for the same stretch of its content, and contents that are the same apart from it (``same``)
count once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from vidcache_gui.matching.records import Match, Relation, Segment

LEAST_MEMBERS = 3
MOST_COVERAGE = 0.7  # more of it in common, and it is the same footage
SAME_PLACE = 0.6  # common part of two stretches, of both together, to be one
KINDS = (Relation.OVERLAP, Relation.CONTAINS, Relation.SHARED)

Stretch = tuple[str, float, float]  # content, start, end


@dataclass
class Cluster:
    """Stretches of several contents that show the same."""

    stretches: list[Stretch] = field(default_factory=list)

    @property
    def contents(self) -> dict[str, Stretch]:
        """The longest stretch of each content."""
        longest: dict[str, Stretch] = {}
        for one in sorted(self.stretches, key=lambda s: s[2] - s[1]):
            longest[one[0]] = one
        return longest


def is_partial(match: Match) -> bool:
    """Is most of both items something else?"""
    most = max(match.coverage_a, match.coverage_b)
    return most < MOST_COVERAGE and match.relation in KINDS


def shared(
    matches: Iterable[tuple[int, str, str, Sequence[Segment]]],
    same: Callable[[set[str]], Iterable[tuple[str, str]]],
    known: Callable[[set[str]], set[str]] = set,
) -> tuple[list[Cluster], set[int]]:
    """The shared segments among partial matches, and the matches that show nothing else.

    ``matches``: (number, content a, content b, segments). ``same``: pairs among some contents
    that have most of one of them in common. ``known``: those of some contents of which all such
    pairs have been found: the others don't count yet.
    """
    places: dict[str, list[tuple[Stretch, int]]] = {}
    joined: list[int] = []
    uses: dict[int, list[int]] = {}  # match -> one place number of each of its segments

    def root(number: int) -> int:
        while joined[number] != number:
            joined[number] = joined[joined[number]]
            number = joined[number]
        return number

    def place(stretch: Stretch) -> int:
        for other, number in places.setdefault(stretch[0], []):
            if overlap(stretch, other) >= SAME_PLACE:
                return number
        joined.append(len(joined))
        places[stretch[0]].append((stretch, joined[-1]))
        return joined[-1]

    for number, a, b, segments in matches:
        for one in segments:
            first = place((a, one.a0, one.a1))
            second = place((b, min(one.b0, one.b1), max(one.b0, one.b1)))
            joined[root(second)] = root(first)
            uses.setdefault(number, []).append(first)
    clusters: dict[int, Cluster] = {}
    for stretches in places.values():
        for stretch, number in stretches:
            clusters.setdefault(root(number), Cluster()).stretches.append(stretch)
    large = {n: one for n, one in clusters.items() if len(one.contents) >= LEAST_MEMBERS}
    contents = {content for one in large.values() for content in one.contents}
    counting, alike = known(contents), list(same(contents))
    families = {
        n: one
        for n, one in large.items()
        if _independent(counting & set(one.contents), alike) >= LEAST_MEMBERS
    }
    only = {id for id, numbers in uses.items() if all(root(n) in families for n in numbers)}
    return list(families.values()), only


def _independent(contents: set[str], alike: Sequence[tuple[str, str]]) -> int:
    """How many contents these are, with those that are the same footage counted once."""
    group = {content: content for content in contents}

    def first(content: str) -> str:
        while group[content] != content:
            content = group[content]
        return content

    for a, b in alike:
        if a in group and b in group:
            group[first(a)] = first(b)
    return len({first(content) for content in group})


def overlap(one: Stretch, two: Stretch) -> float:
    """Common part of two stretches of one content, of both together."""
    common = min(one[2], two[2]) - max(one[1], two[1])
    together = max(one[2], two[2]) - min(one[1], two[1])
    return common / together if together > 0 else 1.0
