"""What is known of the items a decision is about, read for many at once.

Every function runs inside a read block.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Alias, Item, MatchRow
from vidcache_gui.core.records import Alias as AliasRecord
from vidcache_gui.core.records import Item as ItemRecord
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

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Subjects":
        wanted = list(dict.fromkeys(ids))
        read = cls({item.id: item for item in rows.get_items(wanted)})
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


@dataclass(frozen=True)
class Pair:
    """The match of two contents, as the first of them sees it; its segments read when needed."""

    row: Any
    turned: bool  # the row has the second one as its a

    @property
    def coverage(self) -> float:
        """Part of the first one that the second shows."""
        return float(self.row.coverage_b if self.turned else self.row.coverage_a)

    @property
    def match(self) -> Match:
        match = codec.from_row(self.row)
        return swapped(match) if self.turned else match


def pair_of(hash: str, other: str) -> Pair | None:
    """What was found of two contents, whatever was said of them."""
    a, b = pair(hash, other)
    row = MatchRow.get_or_none((MatchRow.hash_a == a) & (MatchRow.hash_b == b))
    return None if row is None else Pair(row, a != hash)


def pairs_with(hash: str) -> list[tuple[str, Pair]]:
    """(other content, match) for all open and decided matches with items outside the trash."""
    found = MatchRow.select().where(
        MatchRow.shown & ((MatchRow.hash_a == hash) | (MatchRow.hash_b == hash))
    )
    return [
        (row.hash_b, Pair(row, False)) if row.hash_a == hash else (row.hash_a, Pair(row, True))
        for row in found
    ]
