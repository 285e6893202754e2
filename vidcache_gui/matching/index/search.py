"""Queries in, hits and votes out, over all segments of an index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vidcache_gui.matching.index.bands import deal, undeal
from vidcache_gui.matching.index.hits import (
    Common,
    Hits,
    Raw,
    Votes,
    collect,
    joined,
    owners_of,
    places_of,
    split_common,
)
from vidcache_gui.matching.index.probe import Plan
from vidcache_gui.matching.index.segment import Segment

_BATCH = 1024  # queries looked up at once
_BUDGET = 1 << 21  # entries that one query is compared with, or ...
_BUDGET_PART = 0.05  # ... this part of the index, whichever is more


def search(
    segments: Sequence[Segment],
    queries: NDArray[np.uint64],
    radius: int,
    *,
    exact_buckets: bool,
    limit: int,
) -> Hits:
    raw, common, crowded = _look_up(segments, queries, radius, exact_buckets, limit)
    raw, owners = owners_of(raw, segments)
    places = places_of(raw, segments)
    order = np.lexsort((places, raw.query, owners))
    return Hits(
        raw.query[order].astype(np.int64),
        owners[order],
        places[order],
        raw.distance[order],
        common,
        crowded,
    )


def vote(
    segments: Sequence[Segment],
    queries: NDArray[np.uint64],
    radius: int,
    *,
    exact_buckets: bool,
    limit: int,
    least: int,
    frames: ArrayLike | None,
    variants: ArrayLike | None,
    most: int | None,
) -> Votes:
    raw, common, crowded = _look_up(segments, queries, radius, exact_buckets, limit)
    raw, owners = owners_of(raw, segments)
    frame = np.arange(len(queries)) if frames is None else np.asarray(frames, np.int64)
    variant = np.zeros(len(queries), np.int64) if variants is None else np.asarray(variants)
    winners, counts = _count(owners, variant[raw.query], frame[raw.query], least)
    best = np.lexsort((winners, -counts))[:most]
    winners, counts = winners[best], counts[best]

    by_owner = np.argsort(winners)
    at = np.searchsorted(winners[by_owner], owners)
    rank = by_owner[np.minimum(at, len(winners) - 1)] if len(winners) else at
    won = winners[rank] == owners if len(winners) else np.zeros(len(owners), np.bool_)
    raw, owners, rank = raw[won], owners[won], rank[won]
    places = places_of(raw, segments)
    order = np.lexsort((places, raw.query, rank))
    hits = Hits(
        raw.query[order].astype(np.int64),
        owners[order],
        places[order],
        raw.distance[order],
        common,
        crowded,
    )
    starts = np.searchsorted(rank[order], np.arange(len(winners) + 1))
    return Votes(winners, counts, starts, hits)


def _count(
    owners: NDArray[np.uint32],
    variants: NDArray[np.int64],
    frames: NDArray[np.int64],
    least: int,
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Owners with at least ``least`` distinct frames in one variant, and how many in the best."""
    order = np.lexsort((frames, variants, owners))
    owners, variants, frames = owners[order], variants[order], frames[order]
    new_pair = np.ones(len(owners), np.bool_)  # another owner or variant than before
    new_pair[1:] = (owners[1:] != owners[:-1]) | (variants[1:] != variants[:-1])
    distinct = new_pair.copy()
    distinct[1:] |= frames[1:] != frames[:-1]
    pair = np.cumsum(new_pair) - 1
    votes = np.bincount(pair, weights=distinct).astype(np.int64)
    holder = owners[new_pair]
    holder, votes = holder[votes >= least], votes[votes >= least]
    winners, back = np.unique(holder, return_inverse=True)
    counts = np.zeros(len(winners), np.int64)
    np.maximum.at(counts, back, votes)
    return winners, counts


def _look_up(
    segments: Sequence[Segment],
    queries: NDArray[np.uint64],
    radius: int,
    exact_buckets: bool,
    limit: int,
) -> tuple[Raw, Common, NDArray[np.bool_]]:
    """Equal queries are looked up once, then counted for each."""
    unique, back = np.unique(deal(queries), return_inverse=True)
    budget = max(_BUDGET, int(_BUDGET_PART * sum(len(each) for each in segments)))
    crowded = np.zeros(len(unique), np.bool_)
    parts = []
    for low in range(0, len(unique), _BATCH):
        part = slice(low, low + _BATCH)
        plan = Plan(segments, unique[part], radius, exact_buckets=exact_buckets, budget=budget)
        crowded[part] |= plan.cut
        found = collect(plan, limit, crowded[part])
        found.query += np.uint32(low)
        parts.append(found)
    raw, common = split_common(joined(parts), segments)

    order = np.argsort(back, kind="stable")
    firsts = np.searchsorted(back[order], np.arange(len(unique) + 1))

    def spread(query: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which hit, and for which of the queries asked."""
        copies = np.diff(firsts)[query]
        which = np.repeat(np.arange(len(query)), copies)
        nth = np.arange(len(which)) - np.repeat(np.cumsum(copies) - copies, copies)
        return which, order[firsts[query[which]] + nth]

    which, asked = spread(raw.query)
    raw = raw[which]
    raw.query = asked.astype(np.uint32)
    which, asked = spread(common.query)
    common = Common(
        asked.astype(np.int64),
        undeal(common.hash[which]),
        common.distance[which],
        common.entries[which],
    )
    return raw, common, crowded[back]


def holders(
    segments: Sequence[Segment], hash: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Owner and place of every entry with exactly this hash, common or not."""
    dealt = deal(np.array([hash], np.uint64))
    bucket = int(dealt[0] & np.uint64(0xFFFF))
    owners, places = [], []
    for segment in segments:
        offsets, hashes, ids = segment.bands[0]
        part = slice(int(offsets[bucket]), int(offsets[bucket + 1]))
        entries = ids[part][hashes[part] == dealt[0]]
        entries = entries[entries < len(segment)]
        at = np.flatnonzero(segment.common.hashes == dealt[0])
        for k in at.tolist():
            listed = segment.common.ids[segment.common.starts[k] : segment.common.starts[k + 1]]
            entries = np.concatenate([entries, listed])
        found = segment.owners_of(entries)
        alive = ~segment.is_dead(found)
        owners.append(found[alive])
        places.append(segment.places[entries[alive]])
    none = np.empty(0, np.uint32)
    return np.concatenate([none, *owners]), np.concatenate([none, *places])
