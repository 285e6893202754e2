"""Groups of same footage: a keeper and what matches the keeper itself.

Chains are never followed: that a looks like b and b like c says nothing about a and c.
Every function runs inside a read block.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Item, MatchRow
from vidcache_gui.core.records import Item as ItemRecord
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
    return [group for one in formed[:limit] if (group := _record(*one)) is not None]


def _open_pairs(tiers: Iterable[Tier]) -> list[Any]:
    wanted = [tier.value for tier in tiers]
    found = MatchRow._meta.database.execute_sql(
        'SELECT id, hash_a, hash_b FROM "match" WHERE shown AND verdict IS NULL '
        f"AND relation <> 'shared segment' AND tier IN ({', '.join('?' * len(wanted))})",
        wanted,
    )
    return list(found.fetchall())


def _longest_first(hashes: Iterable[str]) -> list[str]:
    facts: dict[str, tuple[float, int, int]] = {}
    for some in rows.chunks(sorted(hashes)):
        live = Item.select(Item.hash, Item.length, Item.width * Item.height, Item.size).where(
            Item.hash.in_(some) & Item.removed_at.is_null()
        )
        facts |= {row[0]: row[1:] for row in live.tuples()}
    return sorted(facts, key=lambda hash: (*(-fact for fact in facts[hash]), hash))


def _record(keeper: str, ids: list[int]) -> FootageGroup | None:
    columns = COLUMNS.replace("m.", "")
    members: list[FoundMatch] = []
    item: ItemRecord | None = None
    for some in rows.chunks(ids):
        found = MatchRow._meta.database.execute_sql(
            f'SELECT {columns} FROM "match" WHERE id IN ({", ".join("?" * len(some))})', some
        )
        members += records(found.fetchall(), keeper)
    if members:
        item = members[0].item_a
    members.sort(key=lambda one: (one.match.tier.value, -one.match.score, one.id))
    return None if item is None else FootageGroup(item, tuple(members))
