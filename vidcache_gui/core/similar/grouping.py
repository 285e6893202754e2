"""Groups of same footage: a keeper and what matches the keeper itself.

Chains are never followed: that a looks like b and b like c says nothing about a and c.
Every function runs inside a read block.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from vidcache_gui.core.catalog import Item, MatchRow
from vidcache_gui.core.similar.found import COLUMNS, records
from vidcache_gui.core.similar.records import FootageGroup, FoundMatch
from vidcache_gui.matching.records import Tier

SURE = (Tier.CERTAIN, Tier.LIKELY)


def groups(tiers: Iterable[Tier], limit: int) -> list[FootageGroup]:
    """The largest groups of open matches of these tiers; each content is in one of them."""
    matches: dict[str, dict[str, int]] = defaultdict(dict)  # content -> content -> match
    for id, a, b in _open_pairs(tiers):
        matches[a][b] = matches[b][a] = id
    taken: set[str] = set()
    formed: list[tuple[str, list[int]]] = []
    for keeper in _longest_first(matches):
        if keeper in taken:
            continue
        members = [other for other in matches[keeper] if other not in taken]
        if members:
            taken |= {keeper, *members}
            formed.append((keeper, [matches[keeper][other] for other in members]))
    formed.sort(key=lambda group: -len(group[1]))
    return _records(formed[:limit])


def _open_pairs(tiers: Iterable[Tier]) -> list[Any]:
    wanted = [tier.value for tier in tiers]
    found = MatchRow._meta.database.execute_sql(
        'SELECT id, hash_a, hash_b FROM "match" WHERE shown AND verdict IS NULL '
        f"AND relation <> 'shared segment' AND tier IN ({', '.join('?' * len(wanted))})",
        wanted,
    )
    return list(found.fetchall())


def _longest_first(hashes: Iterable[str]) -> list[str]:
    found = Item._meta.database.execute_sql(
        "SELECT hash FROM item WHERE hash IN (SELECT value FROM json_each(?)) "
        "AND removed_at IS NULL ORDER BY length DESC, width * height DESC, size DESC, hash",
        (json.dumps(list(hashes)),),
    )
    return list(dict.fromkeys(row[0] for row in found.fetchall()))


def _records(formed: list[tuple[str, list[int]]]) -> list[FootageGroup]:
    keepers = {id: keeper for keeper, ids in formed for id in ids}
    columns = COLUMNS.replace("m.", "")
    found = MatchRow._meta.database.execute_sql(
        f'SELECT {columns} FROM "match" WHERE id IN (SELECT value FROM json_each(?))',
        (json.dumps(list(keepers)),),
    )
    members: dict[str, list[FoundMatch]] = defaultdict(list)
    for one in records(found.fetchall(), set(keepers.values())):
        members[keepers[one.id]].append(one)
    for matches in members.values():
        matches.sort(key=lambda one: (one.match.tier.value, -one.match.score, one.id))
    return [
        FootageGroup(members[keeper][0].item_a, tuple(members[keeper]))
        for keeper, _ in formed
        if members[keeper]
    ]
