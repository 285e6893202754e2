"""Laying out the queue: which item each one is listed under.

In each *lane* (a tier, of what is the same as a whole or in part; or shared segments) the longest,
then largest item is a keeper, what matches it is its member, then the next that is neither, and
so on: nothing is listed by a chain of matches. Whether an item is a keeper depends only on those
before it that it matches, so after a change only what is near it is laid out anew. Triggers note
what changed, whoever changed it.

Every function runs inside a write block.
"""

import heapq
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from vidcache_gui.core.catalog import (
    ReviewDirtyRow,
    ReviewGroupRow,
    ReviewMemberRow,
    SkipRow,
)
from vidcache_gui.matching.records import Relation, Tier

SHARED = "shared"
_PART = "-part"  # sorts behind the lane of the same tier
WHOLE = (Relation.SAME_STREAM, Relation.RE_ENCODE)
LANES = (*(tier.value + part for tier in Tier for part in ("", _PART)), SHARED)
RELATIONS = tuple(Relation)
FEW = 2000  # changed contents; with more of them everything is laid out anew
OPEN = (
    'SELECT id, hash_a, hash_b, relation, tier, doubt FROM "match" WHERE shown AND verdict IS NULL'
)


class Rank(NamedTuple):
    """Where an item stands among those it matches: the first is the keeper."""

    length: float
    pixels: int
    size: int
    hash: str

    @property
    def order(self) -> tuple[float, int, int, str]:
        return -self.length, -self.pixels, -self.size, self.hash


class Edge(NamedTuple):
    """An open match, as one of its two sees it."""

    other: str
    id: int
    relation: int
    doubt: float


class Member(NamedTuple):
    """A row of ``review_member`` without its lane."""

    hash: str
    keeper: str
    match: int | None = None
    relation: int | None = None
    doubt: float | None = None
    likeness: float | None = None
    size: int = 0


Edges = dict[str, dict[str, list[Edge]]]  # lane -> content -> open matches


def lane_of(tier: str, relation: Relation) -> str:
    """Copies of the whole are decided apart from excerpts: a compilation would hold them all."""
    if relation is Relation.SHARED:
        return SHARED
    return tier if relation in WHOLE else tier + _PART


def lanes_of(tier: Tier) -> tuple[str, str]:
    return tier.value, tier.value + _PART


def settle() -> None:
    """Bring the queue up to date with the matches."""
    count = ReviewDirtyRow.select().count()
    if not count:
        return
    if count > FEW:
        _lay_out_all()
    else:
        _lay_out_near([row.hash for row in ReviewDirtyRow.select()])
    ReviewDirtyRow.delete().execute()


def is_settled() -> bool:
    """Call inside a read block."""
    return not ReviewDirtyRow.select().exists()


def count() -> int:
    """How many groups are laid out, shared segments not counted."""
    return int(ReviewGroupRow.select().where(ReviewGroupRow.lane != SHARED).count())


def _execute(sql: str, values: Iterable[Any] = ()) -> Any:
    return ReviewGroupRow._meta.database.execute_sql(sql, tuple(values))


def _edges(rows: Iterable[Any]) -> Edges:
    edges: Edges = {lane: defaultdict(list) for lane in LANES}
    for id, a, b, relation, tier, doubt in rows:
        lane = edges[lane_of(tier, Relation(relation))]
        kind = RELATIONS.index(relation)
        lane[a].append(Edge(b, id, kind, doubt))
        lane[b].append(Edge(a, id, kind, doubt))
    return edges


def _ranks(hashes: Iterable[str] | None) -> dict[str, Rank]:
    """Of the oldest item outside the trash with each content; None: of every content."""
    some = "" if hashes is None else "AND hash IN (SELECT value FROM json_each(?))"
    found = _execute(
        "SELECT length, width * height, size, hash FROM item "
        f"WHERE removed_at IS NULL {some} ORDER BY id DESC",
        () if hashes is None else (json.dumps(list(hashes)),),
    )
    return {row[3]: Rank(*row) for row in found.fetchall()}


def _place(rank: Rank, edges: Iterable[Edge], ranks: dict[str, Rank], keepers: Any) -> Member:
    """Under whom an item is, when those before it have their places."""
    above = [
        edge
        for edge in edges
        if edge.other in ranks and ranks[edge.other].order < rank.order and edge.other in keepers
    ]
    if not above:
        return Member(rank.hash, rank.hash)
    edge = min(above, key=lambda one: ranks[one.other].order)
    return _member(rank, ranks[edge.other], edge.id, edge.relation, edge.doubt)


def _lay_out_all() -> None:
    """Everything at once. Items are numbered by rank, so that comparing two is comparing ints."""
    matches = _execute(OPEN.replace("WHERE", "NOT INDEXED WHERE")).fetchall()  # nearly all of them
    concerned = {hash for row in matches for hash in row[1:3]}
    ranks = [rank for hash, rank in _ranks(None).items() if hash in concerned]
    ranks.sort(key=lambda rank: rank.order)
    number = {rank.hash: n for n, rank in enumerate(ranks)}
    lanes = {
        (tier.value, relation.value): lane_of(tier.value, relation)
        for tier in Tier
        for relation in Relation
    }
    # lane -> item -> (one before it, match, relation, doubt); an item none is before has none.
    before: dict[str, dict[int, list[tuple[int, int, str, float]]]] = {lane: {} for lane in LANES}
    for id, a, b, relation, tier, doubt in matches:
        one, other = number.get(a), number.get(b)
        if one is None or other is None:
            continue
        if one > other:
            one, other = other, one
        near = before[lanes[tier, relation]]
        near.setdefault(other, []).append((one, id, relation, doubt))
        near.setdefault(one, [])
    ReviewMemberRow.delete().execute()
    ReviewGroupRow.delete().execute()
    skipped = dict(SkipRow.select(SkipRow.key, SkipRow.at).tuples())
    for lane, near in before.items():
        members, groups = _lay_out_whole_lane(near, ranks)
        _insert_members(lane, members)
        _insert_groups(
            lane,
            [
                (keeper, relation, doubt, skipped.get(f"{lane}:{keeper}", 0))
                for keeper, (doubt, relation) in groups.items()
            ],
        )


def _lay_out_whole_lane(
    near: dict[int, list[tuple[int, int, str, float]]], ranks: list[Rank]
) -> tuple[list[Member], dict[str, tuple[float, int]]]:
    """The rows of a lane, and (doubt, relation) of the surest member of each keeper."""
    kinds = {relation.value: n for n, relation in enumerate(RELATIONS)}
    keepers: set[int] = set()
    members: list[Member] = []
    surest: dict[str, tuple[float, int]] = {}
    for n in sorted(near):
        above = [edge for edge in near[n] if edge[0] in keepers]
        if not above:
            keepers.add(n)
            members.append(Member(ranks[n].hash, ranks[n].hash))
            continue
        keeper, id, relation, doubt = min(above)
        kind = kinds[relation]
        member = _member(ranks[n], ranks[keeper], id, kind, doubt)
        best = (doubt, kind)
        if best < surest.get(member.keeper, (float("inf"), 0)):
            surest[member.keeper] = best
        members.append(member)
    members.sort()  # in the order of the table: appending is quicker than inserting
    return members, surest


def _member(rank: Rank, keeper: Rank, match: int, relation: int, doubt: float) -> Member:
    likeness = rank.length / keeper.length if keeper.length > 0 else 1.0
    return Member(rank.hash, keeper.hash, match, relation, doubt, likeness, rank.size)


def _insert_members(lane: str, members: Iterable[Member]) -> None:
    ReviewMemberRow._meta.database.connection().executemany(
        'INSERT OR REPLACE INTO review_member (lane, hash, keeper, "match", relation, doubt, '
        "likeness, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(lane, *member) for member in members],
    )


def _insert_groups(lane: str, groups: Iterable[tuple[str, int, float, int]]) -> None:
    ReviewGroupRow._meta.database.connection().executemany(
        "INSERT OR REPLACE INTO review_group (lane, keeper, relation, doubt, skipped_at) "
        "VALUES (?, ?, ?, ?, ?)",
        [(lane, *group) for group in groups],
    )


class _Near:
    """What is read of the matches while a few contents are laid out anew."""

    def __init__(self) -> None:
        self._edges: Edges = {lane: {} for lane in LANES}
        self.ranks: dict[str, Rank] = {}
        self._known: set[str] = set()

    def edges(self, lane: str, hash: str) -> list[Edge]:
        if hash not in self._known:
            self._known.add(hash)
            found = _execute(
                f"{OPEN} AND hash_a = ? UNION ALL {OPEN} AND hash_b = ?", (hash, hash)
            ).fetchall()
            others: set[str] = {hash}
            for name, near in _edges(found).items():
                self._edges[name][hash] = near.get(hash, [])
                others.update(edge.other for edge in near.get(hash, ()))
            missing = others - self.ranks.keys()
            if missing:
                self.ranks.update(_ranks(missing))
        return self._edges[lane][hash]


def _lay_out_near(dirty: list[str]) -> None:
    near = _Near()
    for lane in LANES:
        touched = _lay_out_lane(lane, dirty, near)
        _refresh_groups(lane, touched)


def _lay_out_lane(lane: str, dirty: list[str], near: _Near) -> set[str]:
    """Place contents anew, those before others first; the keepers whose members changed."""
    for hash in dirty:
        near.edges(lane, hash)
    state = _Stored(lane)
    touched: set[str] = set()
    first = (float("-inf"), 0, 0, "")  # what is gone matches nothing: that is quickly said
    order = {
        hash: near.ranks[hash].order if hash in near.ranks else (*first[:3], hash) for hash in dirty
    }
    heap = [(place, hash) for hash, place in order.items()]
    heapq.heapify(heap)
    done: set[str] = set()
    while heap:
        _, hash = heapq.heappop(heap)
        if hash in done:
            continue
        done.add(hash)
        before, edges = state.get(hash), near.edges(lane, hash)
        after = None
        if edges and hash in near.ranks:
            rank = near.ranks[hash]
            state.know(edge.other for edge in edges)
            after = _place(rank, edges, near.ranks, state)
        if after != before:
            state.set(hash, after)
        touched |= {one.keeper for one in (before, after) if one is not None}
        was, now = (one is not None and one.keeper == hash for one in (before, after))
        if was != now and hash in near.ranks:
            for edge in edges:
                other = near.ranks.get(edge.other)
                if other is not None and other.order > near.ranks[hash].order:
                    heapq.heappush(heap, (other.order, edge.other))
    return touched


class _Stored:
    """The rows of one lane, read as they are asked for; ``in`` says who is a keeper."""

    def __init__(self, lane: str) -> None:
        self._lane = lane
        self._members: dict[str, Member | None] = {}

    def know(self, hashes: Iterable[str]) -> None:
        new = [hash for hash in hashes if hash not in self._members]
        if not new:
            return
        self._members.update(dict.fromkeys(new))
        found = _execute(
            'SELECT hash, keeper, "match", relation, doubt, likeness, size FROM review_member '
            "WHERE lane = ? AND hash IN (SELECT value FROM json_each(?))",
            (self._lane, json.dumps(new)),
        )
        self._members.update({row[0]: Member(*row) for row in found.fetchall()})

    def get(self, hash: str) -> Member | None:
        self.know([hash])
        return self._members[hash]

    def set(self, hash: str, member: Member | None) -> None:
        self._members[hash] = member
        if member is not None:
            _insert_members(self._lane, [member])
        else:
            _execute("DELETE FROM review_member WHERE lane = ? AND hash = ?", (self._lane, hash))

    def __contains__(self, hash: object) -> bool:
        member = self._members.get(str(hash))
        return member is not None and member.keeper == hash


def _refresh_groups(lane: str, keepers: set[str]) -> None:
    for keeper in sorted(keepers):
        surest = _execute(
            'SELECT relation, doubt FROM review_member WHERE lane = ? AND keeper = ? AND "match" '
            "IS NOT NULL ORDER BY doubt, relation LIMIT 1",
            (lane, keeper),
        ).fetchone()
        if surest is None:
            _execute("DELETE FROM review_group WHERE lane = ? AND keeper = ?", (lane, keeper))
            continue
        skipped = SkipRow.get_or_none(SkipRow.key == f"{lane}:{keeper}")
        _insert_groups(lane, [(keeper, *surest, skipped.at if skipped else 0)])
