"""Segments that many contents share although the rest of them differs: intros, idents, titles.

Three contents make a family, when each of their matches is for the same stretch of the
content: excerpts that overlap in ever other places are no family.
Every function runs inside a block, those that change something in a write block.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import FamilyMemberRow, FamilyRow, MatchRow
from vidcache_gui.core.similar import codec
from vidcache_gui.core.similar.found import live_items
from vidcache_gui.core.similar.records import Family, FamilyMember, Verdict
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation

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


def settle(hash: str, partners: Iterable[str]) -> None:
    """Find families around a content that was just compared."""
    near = [*dict.fromkeys([hash, *partners])]
    candidates = _partial(near)
    if not any(hash in (row.hash_a, row.hash_b) for row in candidates):
        return
    clusters, shared = _clusters(candidates)
    for cluster in clusters:
        _keep(cluster)
    _set_relation(shared, Relation.SHARED)


def rebuild() -> None:
    """Find all families anew; those found again keep their names."""
    candidates = _partial(None)
    clusters, shared = _clusters(candidates)
    kept = {_keep(cluster, anew=True) for cluster in clusters}
    FamilyRow.delete().where(FamilyRow.id.not_in(sorted(kept))).execute()
    alone = {row.id for row in candidates} - shared
    for some in rows.chunks(sorted(alone)):
        MatchRow.update(relation=MatchRow.found_relation).where(MatchRow.id.in_(some)).execute()
    _set_relation(shared, Relation.SHARED)


def _set_relation(ids: Iterable[int], relation: Relation) -> None:
    for some in rows.chunks(sorted(ids)):
        MatchRow.update(relation=relation.value).where(MatchRow.id.in_(some)).execute()


def _partial(hashes: Sequence[str] | None) -> list[Any]:
    """Matches of these contents (None: all) in which most of both is something else."""
    partial = MatchRow.select().where(
        (MatchRow.coverage_a < MOST_COVERAGE)
        & (MatchRow.coverage_b < MOST_COVERAGE)
        & MatchRow.found_relation.in_([kind.value for kind in KINDS])
        & (MatchRow.verdict.is_null() | (MatchRow.verdict != Verdict.NOT_A_MATCH.value))
    )
    if hashes is None:
        return list(partial)
    found = {}
    for some in rows.chunks(hashes, 200):
        for row in partial.where(MatchRow.hash_a.in_(some) | MatchRow.hash_b.in_(some)):
            found[row.id] = row
    return list(found.values())


def _clusters(candidates: Sequence[Any]) -> tuple[list[Cluster], set[int]]:
    """The families among these matches, and the matches that show nothing else."""
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
            if _overlap(stretch, other) >= SAME_PLACE:
                return number
        joined.append(len(joined))
        places[stretch[0]].append((stretch, joined[-1]))
        return joined[-1]

    for row in candidates:
        for one in codec.from_row(row).segments:
            first = place((row.hash_a, one.a0, one.a1))
            second = place((row.hash_b, min(one.b0, one.b1), max(one.b0, one.b1)))
            joined[root(second)] = root(first)
            uses.setdefault(row.id, []).append(first)
    clusters: dict[int, Cluster] = {}
    for stretches in places.values():
        for stretch, number in stretches:
            clusters.setdefault(root(number), Cluster()).stretches.append(stretch)
    families = {
        number: one for number, one in clusters.items() if len(one.contents) >= LEAST_MEMBERS
    }
    shared = {id for id, numbers in uses.items() if all(root(n) in families for n in numbers)}
    return list(families.values()), shared


def _overlap(one: Stretch, two: Stretch) -> float:
    """Common part of two stretches of one content, of both together."""
    common = min(one[2], two[2]) - max(one[1], two[1])
    together = max(one[2], two[2]) - min(one[1], two[1])
    return common / together if together > 0 else 1.0


def _keep(cluster: Cluster, *, anew: bool = False) -> int:
    """Write a family down, as the one that has most of its members already."""
    members = cluster.contents
    known: Counter[int] = Counter()
    for some in rows.chunks(sorted(members)):
        for row in FamilyMemberRow.select().where(FamilyMemberRow.hash.in_(some)):
            if _overlap((row.hash, row.start, row.end), members[row.hash]) >= SAME_PLACE:
                known[row.family_id] += 1
    family = max(known, key=lambda id: (known[id], -id)) if known else _new_family()
    for other in set(known) - {family}:  # two that turn out to be one
        FamilyMemberRow.update(family=family).where(FamilyMemberRow.family == other).execute()
        FamilyRow.delete().where(FamilyRow.id == other).execute()
    gone = FamilyMemberRow.delete().where(FamilyMemberRow.family == family)
    if not anew:
        gone = gone.where(FamilyMemberRow.hash.in_(sorted(members)))
    gone.execute()
    FamilyMemberRow.insert_many(
        [(family, *stretch) for stretch in members.values()],
        [FamilyMemberRow.family, FamilyMemberRow.hash, FamilyMemberRow.start, FamilyMemberRow.end],
    ).execute()
    times = FamilyMemberRow.select(FamilyMemberRow.end - FamilyMemberRow.start).where(
        FamilyMemberRow.family == family
    )
    seconds = median(row[0] for row in times.tuples())
    FamilyRow.update(seconds=seconds).where(FamilyRow.id == family).execute()
    return family


def listed() -> list[Family]:
    """Those with most members first."""
    members: dict[int, list[Any]] = {}
    for row in FamilyMemberRow.select().order_by(FamilyMemberRow.hash):
        members.setdefault(row.family_id, []).append(row)
    live = live_items({row.hash for found in members.values() for row in found})
    families = [
        Family(
            row.id, row.name, row.seconds,
            tuple(FamilyMember(m.hash, m.start, m.end, live.get(m.hash)) for m in found),
        )
        for row in FamilyRow.select().order_by(FamilyRow.id)
        if (found := members.get(row.id))
    ]  # fmt: skip
    return sorted(families, key=lambda family: -len(family.members))


def rename(family_id: int, name: str) -> None:
    name = name.strip()
    if not name:
        raise UserError("A name cannot be empty.")
    if not FamilyRow.update(name=name).where(FamilyRow.id == family_id).execute():
        raise UserError("This shared segment is no longer in the library.")


def _new_family() -> int:
    family = int(FamilyRow.insert(name="", seconds=0.0).execute())
    FamilyRow.update(name=f"Shared segment {family}").where(FamilyRow.id == family).execute()
    return family
