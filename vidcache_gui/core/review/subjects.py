"""What is known of the items a decision is about, read for many at once.

Every function runs inside a read block.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Alias, Item, MatchRow
from vidcache_gui.core.records import Alias as AliasRecord
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.review import settings
from vidcache_gui.core.similar import codec
from vidcache_gui.core.similar.found import pair
from vidcache_gui.matching.records import Match
from vidcache_gui.matching.swap import swapped


@dataclass
class Subjects:
    """Some items with what a merge may take from them."""

    items: dict[int, ItemRecord] = field(default_factory=dict)
    meta: dict[int, dict[str, Any]] = field(default_factory=dict)
    bookmarks: dict[int, dict[int, str]] = field(default_factory=dict)
    length: dict[int, float] = field(default_factory=dict)
    aliases: dict[int, list[AliasRecord]] = field(default_factory=lambda: defaultdict(list))
    protected: frozenset[str] = frozenset()  # buckets

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Subjects":
        wanted = list(dict.fromkeys(ids))
        read = cls({item.id: item for item in rows.get_items(wanted)})
        read.protected = frozenset(settings.protected_buckets())
        for some in rows.chunks(wanted):
            columns = Item.select(Item.id, Item.meta, Item.bookmarks, Item.length)
            for id, meta, bookmarks, length in columns.where(Item.id.in_(some)).tuples():
                read.meta[id] = json.loads(meta or "{}")
                read.bookmarks[id] = dict(json.loads(bookmarks or "[]"))
                read.length[id] = length
            seen = Alias.select().where(Alias.item.in_(some)).order_by(Alias.first_seen, Alias.id)
            for row in seen:
                known = AliasRecord(row.source, row.kind, row.first_seen, row.last_seen)
                read.aliases[row.item_id].append(known)
        return read


class Row(NamedTuple):
    """What is read of a match; written as SQL, because rules read tens of thousands."""

    hash_a: str
    hash_b: str
    relation: str
    tier: str
    score: float
    coverage_a: float
    coverage_b: float
    data: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The match of two contents, as the first of them sees it; its segments read when needed."""

    row: Row
    turned: bool  # the row has the second one as its a

    @property
    def coverage(self) -> float:
        """Part of the first one that the second shows."""
        return self.row.coverage_b if self.turned else self.row.coverage_a

    @property
    def match(self) -> Match:
        match = codec.from_row(self.row)
        return swapped(match) if self.turned else match


def pair_of(hash: str, other: str) -> Pair | None:
    """What was found of two contents, whatever was said of them."""
    a, b = pair(hash, other)
    found = _rows("hash_a = ? AND hash_b = ?", a, b)
    return Pair(found[0], a != hash) if found else None


def pairs_with(hash: str) -> list[tuple[str, Pair]]:
    """(other content, match) for all open and decided matches with items outside the trash."""
    return [
        (row.hash_b, Pair(row, False)) if row.hash_a == hash else (row.hash_a, Pair(row, True))
        for row in _rows("shown AND (hash_a = ? OR hash_b = ?)", hash, hash)
    ]


def _rows(where: str, *values: str) -> list[Row]:
    sql = f'SELECT {", ".join(Row._fields)} FROM "match" WHERE {where}'
    return [Row(*row) for row in MatchRow._meta.database.execute_sql(sql, values).fetchall()]
