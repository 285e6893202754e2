"""The queue: groups that wait for a decision, a page at a time.

Every function runs inside a read block, when the queue is settled (:mod:`.layout`).
"""

import json
from collections import defaultdict
from typing import Any

from peewee import fn

from vidcache_gui.core.catalog import Alias, Item, Journal, MatchRow, ReviewGroupRow
from vidcache_gui.core.records import Query
from vidcache_gui.core.review.frees import frees
from vidcache_gui.core.review.layout import RELATIONS, SHARED, lanes_of
from vidcache_gui.core.review.records import (
    GroupPlace,
    ReviewFilter,
    ReviewGroup,
    ReviewProgress,
)
from vidcache_gui.core.search import matching
from vidcache_gui.core.similar.found import COLUMNS, records
from vidcache_gui.core.similar.records import FoundMatch
from vidcache_gui.matching.records import Relation
from vidcache_gui.matching.swap import swapped

SAME_LENGTH = 0.99  # the shorter by the longer
ORDER = "skipped_at, lane, relation, doubt, keeper"
Where = tuple[str, list[Any]]


def page(filter: ReviewFilter, after: GroupPlace | None, limit: int) -> list[ReviewGroup]:
    where, values = _groups_shown(filter)
    if after is not None:
        where += f" AND ({ORDER}) > (?, ?, ?, ?, ?)"
        values += [after.skipped_at, after.lane, after.relation, after.doubt, after.keeper]
    found = _execute(
        f"SELECT {ORDER} FROM review_group g WHERE {where} ORDER BY {ORDER} LIMIT ?",
        [*values, limit],
    )
    return _groups([GroupPlace(*row) for row in found], _member_fits(filter))


def one(key: str) -> ReviewGroup | None:
    lane, _, keeper = key.partition(":")
    found = _execute(
        f"SELECT {ORDER} FROM review_group WHERE lane = ? AND keeper = ?", [lane, keeper]
    )
    return next(iter(_groups([GroupPlace(*row) for row in found], ("1", []))), None)


def progress(filter: ReviewFilter) -> ReviewProgress:
    where, values = _groups_shown(filter)
    left, skipped = _execute(
        f"SELECT COUNT(*), COUNT(NULLIF(skipped_at, 0)) FROM review_group g WHERE {where}", values
    )[0]
    lanes, lane_values = _lanes(filter, "m")
    fits, fit_values = _member_fits(filter)
    (size,) = _execute(
        "SELECT SUM(size) FROM (SELECT MAX(size) AS size FROM review_member m "
        f'WHERE "match" IS NOT NULL AND {lanes} AND {fits} GROUP BY hash)',
        [*lane_values, *fit_values],
    )[0]
    decided = Journal.select(fn.SUM(Journal.settled)).where(~Journal.undone).scalar() or 0
    return ReviewProgress(left, decided, skipped, size or 0)


def _execute(sql: str, values: list[Any]) -> list[Any]:
    return list(ReviewGroupRow._meta.database.execute_sql(sql, tuple(values)).fetchall())


def _lanes(filter: ReviewFilter, table: str) -> Where:
    if filter.relation is Relation.SHARED:
        return f"{table}.lane = '{SHARED}'", []
    if filter.tier is not None:
        return f"{table}.lane IN (?, ?)", [*lanes_of(filter.tier)]
    return f"{table}.lane <> '{SHARED}'", []


def _groups_shown(filter: ReviewFilter) -> Where:
    where, values = _lanes(filter, "g")
    fits, fit_values = _member_fits(filter)
    if fits != "1":
        where += (
            " AND EXISTS (SELECT 1 FROM review_member m WHERE m.lane = g.lane AND "
            f'm.keeper = g.keeper AND "match" IS NOT NULL AND {fits})'
        )
    return where, values + fit_values


def _member_fits(filter: ReviewFilter) -> Where:
    """Does a row ``m`` of the members show what is looked for?"""
    where, values = [], list[Any]()
    if filter.relation is not None and filter.relation is not Relation.SHARED:
        where.append("m.relation = ?")
        values.append(RELATIONS.index(filter.relation))
    if filter.same_length:
        where.append("m.likeness >= ?")
        values.append(SAME_LENGTH)
    if filter.bucket is not None or filter.text or filter.source:
        items = matching(Query(text=filter.text, bucket=filter.bucket))
        if filter.source:
            known = Alias.select(Alias.item).where(Alias.source.contains(filter.source))
            items = items.where(Item.id.in_(known))
        sql, found = items.select(Item.hash).sql()
        where.append(f"(m.hash IN ({sql}) OR m.keeper IN ({sql}))")
        values += [*found, *found]
    return " AND ".join(where) or "1", values


def _groups(places: list[GroupPlace], fits: Where) -> list[ReviewGroup]:
    """Groups with their members that fit."""
    wanted = [[place.lane, place.keeper] for place in places]
    where, values = fits
    found = _execute(
        'SELECT m.lane, m.keeper, m."match" FROM json_each(?) j JOIN review_member m '
        "ON m.lane = json_extract(j.value, '$[0]') AND m.keeper = json_extract(j.value, '$[1]') "
        f'WHERE m."match" IS NOT NULL AND {where}',
        [json.dumps(wanted), *values],
    )
    keepers = {match: (lane, keeper) for lane, keeper, match in found}
    members: dict[tuple[str, str], list[FoundMatch]] = defaultdict(list)
    for match in matches(list(keepers)):
        lane, keeper = keepers[match.id]
        members[lane, keeper].append(seen_from(match, keeper))
    groups = []
    for place in places:
        one = members[place.lane, place.keeper]
        if not one:
            continue  # it went to the trash between two statements
        one.sort(key=lambda found: (-found.match.score, found.id))
        groups.append(
            ReviewGroup(
                f"{place.lane}:{place.keeper}", one[0].item_a, tuple(one), one[0].match.relation,
                one[0].match.tier, frees([found.item_b for found in one]),
                bool(place.skipped_at), place,
            )
        )  # fmt: skip
    return groups


def matches(ids: list[int]) -> list[FoundMatch]:
    """Matches by their numbers."""
    found = MatchRow._meta.database.execute_sql(
        f'SELECT {COLUMNS} FROM "match" m WHERE id IN (SELECT value FROM json_each(?))',
        (json.dumps(ids),),
    )
    return records(found.fetchall())


def seen_from(found: FoundMatch, hash: str) -> FoundMatch:
    """A match with the item of this content as its a."""
    if found.item_a.hash == hash:
        return found
    return FoundMatch(found.id, found.item_b, found.item_a, swapped(found.match), found.decision)
