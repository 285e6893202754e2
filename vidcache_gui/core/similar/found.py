"""The rows that hold matches: written by comparisons, listed a page at a time.

Every function runs inside a read or write block.
"""

import json
from collections.abc import Collection, Container, Iterable, Sequence
from typing import Any

from peewee import SQL

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import DecisionRow, Info, Item, MatchRow
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.search import with_bucket
from vidcache_gui.core.similar import codec, limits
from vidcache_gui.core.similar.clusters import is_partial
from vidcache_gui.core.similar.records import Decision, FoundMatch, Place, Verdict
from vidcache_gui.matching.records import Match, Relation, Tier
from vidcache_gui.matching.swap import swapped

ROUND = "similar.round"
COLUMNS = (
    "m.id, m.hash_a, m.hash_b, m.relation, m.tier, m.score, m.coverage_a, m.coverage_b, m.data, "
    "m.verdict"
)


def pair(hash: str, other: str) -> tuple[str, str]:
    """Two contents in the order all tables keep them."""
    return (hash, other) if hash < other else (other, hash)


def write(hash: str, found: Iterable[tuple[str, Match]]) -> None:
    """Keep what a content matches, instead of what was known of these pairs.

    ``found``: (other content, match with ``hash`` as its a).
    """
    now, round, sorting = rows.now_ms(), current_round(), limits.read()
    for other, match in found:
        if other == hash:
            continue
        a, b = pair(hash, other)
        known = MatchRow.get_or_none((MatchRow.hash_a == a) & (MatchRow.hash_b == b))
        seen = match if a == hash else swapped(match)
        relation = seen.relation
        if known is not None and known.relation == Relation.SHARED and is_partial(seen):
            relation = Relation.SHARED  # until families are found anew
        values = {
            "relation": relation.value, "found_relation": seen.relation.value,
            "tier": limits.tier(seen.tier, seen.score, sorting).value,
            "found_tier": seen.tier.value,
            "score": float(seen.score), "doubt": 1.0 - float(seen.score),
            "coverage_a": float(seen.coverage_a), "coverage_b": float(seen.coverage_b),
            "data": codec.to_text(seen), "found_at": now, "round": round,
        }  # fmt: skip
        if known is not None:
            MatchRow.update(values).where(MatchRow.id == known.id).execute()
        else:
            MatchRow.insert(values | {"hash_a": a, "hash_b": b}).execute()


def current_round() -> int:
    return int(Info.select(Info.value).where(Info.key == ROUND).scalar() or 0)


def start_round() -> None:
    Info.replace(key=ROUND, value=str(current_round() + 1)).execute()


def is_stale() -> bool:
    """Is there a match that this round has not found again?"""
    return bool(MatchRow.select().where(MatchRow.round < current_round()).exists())


def end_round() -> list[int]:
    """Drop what was found before and not again; the ids of items that lost a match."""
    stale = list(MatchRow.select().where(MatchRow.round < current_round()))
    MatchRow.delete().where(MatchRow.round < current_round()).execute()
    return items_of({hash for row in stale for hash in (row.hash_a, row.hash_b)})


def items_of(hashes: Iterable[str]) -> list[int]:
    """The items outside the trash with these contents."""
    live = Item.select(Item.id).where(Item.hash.in_(_list(hashes)) & Item.removed_at.is_null())
    return [row[0] for row in live.order_by(Item.id).tuples()]


def page(
    tier: Tier | None,
    relation: Relation | None,
    item: ItemRecord | None,
    decided: bool,
    shared: bool,
    after: Place | None,
    limit: int,
) -> list[FoundMatch]:
    """Shown matches, surest first. The tiers sort by their names: certain, likely, look."""
    where, values = ["m.shown"], list[Any]()
    if not decided:
        where.append("m.verdict IS NULL")
    if relation is not None:
        where.append("m.relation = ?")
        values.append(relation.value)
    elif not shared:
        where.append("m.relation <> 'shared segment'")
    if tier is not None:
        where.append("m.tier = ?")
        values.append(tier.value)
    if after is not None:
        where.append("(m.tier, m.doubt, m.id) > (?, ?, ?)")
        values += [after.tier, 1.0 - after.score, after.id]
    if item is not None:
        where.append("(m.hash_a = ? OR m.hash_b = ?)")
        values += [item.hash, item.hash]
    index = "" if item is not None else f"INDEXED BY {_index(relation, decided, shared)}"
    found = MatchRow._meta.database.execute_sql(
        f'SELECT {COLUMNS} FROM "match" m {index} WHERE {" AND ".join(where)} '
        "ORDER BY m.tier, m.doubt, m.id LIMIT ?",
        (*values, limit),
    )
    return records(found.fetchall(), set() if item is None else {item.hash})


def _index(relation: Relation | None, decided: bool, shared: bool) -> str:
    """The index that has a page's rows side by side; SQLite cannot tell them apart."""
    if decided:
        return "match_shown"
    if relation is not None:
        return "match_open_relation"
    return "match_shown" if shared else "match_open"


def records(found: Sequence[Any], first: Container[str] = ()) -> list[FoundMatch]:
    """Rows of COLUMNS as records; contents in ``first`` are a of their matches."""
    matches = [_Row(*row) for row in found]
    items = live_items({hash for row in matches for hash in (row.hash_a, row.hash_b)})
    decisions = _decisions([row for row in matches if row.verdict is not None])
    result = []
    for row in matches:
        if row.hash_a not in items or row.hash_b not in items:
            continue  # it went to the trash between two statements
        match, a, b = codec.from_row(row), items[row.hash_a], items[row.hash_b]
        if row.hash_b in first and row.hash_a not in first:
            match, a, b = swapped(match), b, a
        decision = decisions.get((row.hash_a, row.hash_b))
        result.append(FoundMatch(row.id, a, b, match, decision))
    return result


class _Row:
    """A row of COLUMNS by name."""

    def __init__(self, *values: Any) -> None:
        (
            self.id, self.hash_a, self.hash_b, self.relation, self.tier, self.score,
            self.coverage_a, self.coverage_b, self.data, self.verdict,
        ) = values  # fmt: skip


def live_items(hashes: Iterable[str]) -> dict[str, ItemRecord]:
    """One item outside the trash, the oldest, for each of these contents."""
    live = Item.select().where(Item.hash.in_(_list(hashes)) & Item.removed_at.is_null())
    found = with_bucket(live.order_by(Item.id.desc())).namedtuples()
    return {row.hash: rows.item_record(row) for row in found}


def _list(hashes: Iterable[str]) -> Any:
    """Any number of values as one parameter."""
    return SQL("(SELECT value FROM json_each(?))", [json.dumps(list(hashes))])


def _decisions(matches: Sequence[_Row]) -> dict[tuple[str, str], Decision]:
    found = {}
    for row in matches:
        decision = DecisionRow.get_or_none(
            (DecisionRow.hash_a == row.hash_a) & (DecisionRow.hash_b == row.hash_b)
        )
        if decision is not None:
            found[row.hash_a, row.hash_b] = decision_record(decision)
    return found


def decision_record(row: Any) -> Decision:
    return Decision(row.hash_a, row.hash_b, Verdict(row.verdict), row.at)


def partners(hash: str) -> dict[str, Match]:
    """What a content matches, live or not, with that content as a of each match."""
    found = {}
    for row in MatchRow.select().where((MatchRow.hash_a == hash) | (MatchRow.hash_b == hash)):
        match = codec.from_row(row)
        other = row.hash_b if row.hash_a == hash else row.hash_a
        found[other] = match if row.hash_a == hash else swapped(match)
    return found


def refused(hash: str) -> set[str]:
    """Contents that are not a match of this one, a person said."""
    said = DecisionRow.select().where(
        ((DecisionRow.hash_a == hash) | (DecisionRow.hash_b == hash))
        & (DecisionRow.verdict == Verdict.NOT_A_MATCH)
    )
    return {row.hash_b if row.hash_a == hash else row.hash_a for row in said}


def counts() -> dict[tuple[Relation, Tier], int]:
    found = MatchRow._meta.database.execute_sql(
        'SELECT relation, tier, COUNT(*) FROM "match" WHERE shown AND verdict IS NULL '
        "GROUP BY relation, tier"
    )
    return {(Relation(relation), Tier(tier)): n for relation, tier, n in found.fetchall()}


def pairs_among(hashes: Collection[str]) -> list[tuple[str, str]]:
    """Of these contents, the pairs that match. Call inside a block."""
    some = json.dumps(sorted(hashes))
    found = MatchRow._meta.database.execute_sql(
        'SELECT hash_a, hash_b FROM "match" WHERE hash_a IN (SELECT value FROM json_each(?)) '
        "AND hash_b IN (SELECT value FROM json_each(?)) ORDER BY hash_a, hash_b",
        (some, some),
    )
    return [(a, b) for a, b in found.fetchall()]
