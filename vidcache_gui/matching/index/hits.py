"""What a search found, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.damage import IndexDamaged
from vidcache_gui.matching.index.probe import Found, Plan
from vidcache_gui.matching.index.segment import Segment, lengths

_PRUNE = 1 << 22  # hits held before those over the limit of their query are dropped


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """Queries that came close to a hash which many owners share exactly.

    ``query``: int64, number of the query; ``hash``: uint64, the common one; ``distance``: uint8
    bits; ``entries``: int64, how many entries it stands for. :meth:`HashIndex.holders` names them.
    """

    query: NDArray[np.int64]
    hash: NDArray[np.uint64]
    distance: NDArray[np.uint8]
    entries: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Hit i: queries[query[i]] is within ``distance[i]`` bits of ``place[i]`` of ``owner[i]``.

    ``query`` int64, ``owner`` uint32, ``place`` uint32, ``distance`` uint8, all (h,), ordered by
    owner, then query, then place. ``common``: see :class:`Common`; these are not in the arrays
    before. ``crowded``: bool (q,), queries whose hits may not be all there, because too much of
    the index lies in their buckets or within their radius.
    """

    query: NDArray[np.int64]
    owner: NDArray[np.uint32]
    place: NDArray[np.uint32]
    distance: NDArray[np.uint8]
    common: Common
    crowded: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.query)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Owners that enough frames point to, most votes first, and their hits.

    ``owner``: uint32 (o,); ``votes``: int64 (o,), distinct frames in the best variant; the hits of
    owner[i] are ``starts[i]:starts[i + 1]`` of the arrays in ``hits``, ordered by query and place.
    """

    owner: NDArray[np.uint32]
    votes: NDArray[np.int64]
    starts: NDArray[np.int64]
    hits: Hits

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(slots=True)
class Raw:
    """Hits before anybody asked whose they are, each once."""

    query: NDArray[np.uint32]
    segment: NDArray[np.uint8]
    entry: NDArray[np.uint32]
    distance: NDArray[np.uint8]

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Raw":
        return Raw(self.query[which], self.segment[which], self.entry[which], self.distance[which])


def collect(plan: Plan, limit: int, crowded: NDArray[np.bool_]) -> Raw:
    """Run a plan; of a query with more than ``limit`` hits the nearest stay, and it is marked."""
    parts: list[Raw] = []
    held, prune_at = 0, _PRUNE
    for segment, found in plan.run():
        if len(found.query):
            parts.append(_raw(segment, found))
            held += len(found.query)
        if held > prune_at:
            parts = [_nearest(joined(parts), limit, crowded)]
            held = len(parts[0].query)
            prune_at = held + _PRUNE
    return _nearest(joined(parts), limit, crowded)


def _raw(segment: int, found: Found) -> Raw:
    numbers = np.full(len(found.query), segment, np.uint8)
    return Raw(found.query, numbers, found.entry, found.distance)


def joined(parts: Sequence[Raw]) -> Raw:
    """All hits one after the other."""
    none = np.empty(0, np.uint32)
    parts = parts or [Raw(none, none.astype(np.uint8), none, none.astype(np.uint8))]
    return Raw(
        np.concatenate([part.query for part in parts]),
        np.concatenate([part.segment for part in parts]),
        np.concatenate([part.entry for part in parts]),
        np.concatenate([part.distance for part in parts]),
    )


def _nearest(raw: Raw, limit: int, crowded: NDArray[np.bool_]) -> Raw:
    """Each hit once, the nearest ``limit`` of each query."""
    raw = raw[np.lexsort((raw.entry, raw.segment, raw.distance, raw.query))]
    new = np.ones(len(raw.query), np.bool_)
    new[1:] = (
        (raw.query[1:] != raw.query[:-1])
        | (raw.segment[1:] != raw.segment[:-1])
        | (raw.entry[1:] != raw.entry[:-1])
    )
    raw = raw[new]
    rank = np.arange(len(raw.query)) - np.searchsorted(raw.query, raw.query)
    crowded[raw.query[rank >= limit]] = True
    return raw[rank < limit]


def owners_of(raw: Raw, segments: Sequence[Segment]) -> tuple[Raw, NDArray[np.uint32]]:
    """Hits of owners that are still there, and the owners. Not for common hashes."""
    owners = np.zeros(len(raw.query), np.uint32)
    alive = np.zeros(len(raw.query), np.bool_)
    for number, segment in enumerate(segments):
        mine = np.flatnonzero(raw.segment == number)
        found = segment.owners_of(raw.entry[mine])
        owners[mine] = found
        alive[mine] = ~segment.is_dead(found)
    return raw[alive], owners[alive]


def places_of(raw: Raw, segments: Sequence[Segment]) -> NDArray[np.uint32]:
    places = np.zeros(len(raw.query), np.uint32)
    for number, segment in enumerate(segments):
        mine = np.flatnonzero(raw.segment == number)
        places[mine] = segment.places[raw.entry[mine]]
    return places


def split_common(raw: Raw, segments: Sequence[Segment]) -> tuple[Raw, Common]:
    """Hits that are entries, and those that are common hashes.

    Raises IndexDamaged for hits that are neither.
    """
    entries = np.array([len(segment) for segment in segments], np.int64)[raw.segment]
    commons = np.array([len(segment.common.hashes) for segment in segments], np.int64)[raw.segment]
    over = raw.entry.astype(np.int64) - entries
    if np.any(over >= commons):
        raise IndexDamaged("an entry of the index leads nowhere")
    stand_in = over >= 0
    hashes = np.zeros(int(stand_in.sum()), np.uint64)
    counts = np.zeros(len(hashes), np.int64)
    for number, segment in enumerate(segments):
        mine = np.flatnonzero(raw.segment[stand_in] == number)
        which = over[stand_in][mine]
        hashes[mine] = segment.common.hashes[which]
        counts[mine] = lengths(segment.common.starts)[which]
    found = raw[stand_in]
    return raw[~stand_in], Common(found.query.astype(np.int64), hashes, found.distance, counts)
