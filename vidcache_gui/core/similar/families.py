"""Segments that many contents share although the rest of them differs: intros, idents, titles.

What makes a family is said in :mod:`.clusters`.
Every function runs inside a block, those that change something in a write block.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import FamilyMemberRow, FamilyRow, FingerprintRow, MatchRow
from vidcache_gui.core.similar import codec
from vidcache_gui.core.similar.clusters import (
    KINDS,
    MOST_COVERAGE,
    SAME_PLACE,
    Cluster,
    overlap,
    shared,
)
from vidcache_gui.core.similar.found import live_items
from vidcache_gui.core.similar.records import Family, FamilyMember, Verdict
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation


def settle(hash: str, partners: Iterable[str]) -> None:
    """Find families around a content that was just compared."""
    near = [*dict.fromkeys([hash, *partners])]
    candidates = _partial(near)
    if not any(hash in (row.hash_a, row.hash_b) for row in candidates):
        return
    clusters, only = _shared(candidates)
    for cluster in clusters:
        _keep(cluster)
    _set_relation(only, Relation.SHARED)


def rebuild() -> None:
    """Find all families anew; those found again keep their names."""
    candidates = _partial(None)
    clusters, only = _shared(candidates)
    kept = {_keep(cluster, anew=True) for cluster in clusters}
    known = {row[0] for row in FamilyRow.select(FamilyRow.id).tuples()}
    for some in rows.chunks(sorted(known - kept)):
        FamilyRow.delete().where(FamilyRow.id.in_(some)).execute()
    alone = {row.id for row in candidates} - only
    for some in rows.chunks(sorted(alone)):
        MatchRow.update(relation=MatchRow.found_relation).where(MatchRow.id.in_(some)).execute()
    _set_relation(only, Relation.SHARED)


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


def _shared(candidates: Sequence[Any]) -> tuple[list[Cluster], set[int]]:
    matches = ((row.id, row.hash_a, row.hash_b, codec.from_row(row).segments) for row in candidates)
    return shared(matches, _same, _checked)


def _checked(contents: set[str]) -> set[str]:
    """Those that were compared with all others."""
    checked: set[str] = set()
    for some in rows.chunks(sorted(contents)):
        of = FingerprintRow.select(FingerprintRow.hash).where(
            FingerprintRow.hash.in_(some) & FingerprintRow.checked_version.is_null(False)
        )
        checked |= {row[0] for row in of.tuples()}
    return checked


def _same(contents: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of these that have most of one of them in common."""
    for some in rows.chunks(sorted(contents)):
        pairs = MatchRow.select(MatchRow.hash_a, MatchRow.hash_b).where(
            MatchRow.hash_a.in_(some)
            & ((MatchRow.coverage_a >= MOST_COVERAGE) | (MatchRow.coverage_b >= MOST_COVERAGE))
        )
        yield from (pair for pair in pairs.tuples() if pair[1] in contents)


def _keep(cluster: Cluster, *, anew: bool = False) -> int:
    """Write a family down, as the one that has most of its members already."""
    members = cluster.contents
    known: Counter[int] = Counter()
    for some in rows.chunks(sorted(members)):
        for row in FamilyMemberRow.select().where(FamilyMemberRow.hash.in_(some)):
            if overlap((row.hash, row.start, row.end), members[row.hash]) >= SAME_PLACE:
                known[row.family_id] += 1
    family = max(known, key=lambda id: (known[id], -id)) if known else _new_family()
    for other in set(known) - {family}:  # two that turn out to be one
        FamilyMemberRow.update(family=family).where(FamilyMemberRow.family == other).execute()
        FamilyRow.delete().where(FamilyRow.id == other).execute()
    gone = FamilyMemberRow.delete().where(FamilyMemberRow.family == family)
    if anew:
        gone.execute()
    for some in [] if anew else rows.chunks(sorted(members)):
        gone.where(FamilyMemberRow.hash.in_(some)).execute()
    columns = [getattr(FamilyMemberRow, name) for name in ("family", "hash", "start", "end")]
    for stretches in rows.chunks([(family, *stretch) for stretch in members.values()]):
        FamilyMemberRow.insert_many(stretches, columns).execute()
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
