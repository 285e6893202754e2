"""Looking up many hashes at once in one segment after the other."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.bands import band_radii, band_values, flips
from vidcache_gui.matching.index.segment import Segment

_CHUNK = 1 << 18  # hashes compared at once: what the second cache of a processor holds
_LONG = 384  # entries: shorter buckets are gathered, longer ones are read in place
_PAGES = 16 << 20  # bytes looked at before mapped pages are let go of


class Found(NamedTuple):
    """Hits in one segment. ``entry``: as in Band.ids."""

    query: NDArray[np.uint32]
    entry: NDArray[np.uint32]
    distance: NDArray[np.uint8]


class Buckets(NamedTuple):
    """Which part of a band each query looks at, (q, patterns)."""

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Plan:
    """The buckets that each query looks into, in all segments.

    A query whose buckets hold more than ``budget`` entries together leaves out its fullest
    ones, which say least; ``cut`` names those queries.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        queries: NDArray[np.uint64],
        radius: int,
        *,
        exact_buckets: bool,
        budget: int,
    ) -> None:
        self._segments = segments
        self._queries = queries
        self._radius = radius
        patterns = {
            band: flips(each)
            for band, each in enumerate(band_radii(radius, exact_buckets=exact_buckets))
            if each >= 0
        }
        self._buckets: dict[tuple[int, int], Buckets] = {}
        for band, flipped in patterns.items():
            values = band_values(queries, band)[:, None] ^ flipped
            for number, segment in enumerate(segments):
                offsets = segment.bands[band].offsets
                starts = offsets[values].astype(np.int64)
                self._buckets[number, band] = Buckets(
                    starts, offsets[values.astype(np.int64) + 1] - starts
                )
        self.cut = self._keep_within(budget)

    def _keep_within(self, budget: int) -> NDArray[np.bool_]:
        totals = np.zeros(len(self._queries), np.int64)
        for buckets in self._buckets.values():
            totals += buckets.sizes.sum(axis=1)
        cut = totals > budget
        for query in np.flatnonzero(cut).tolist():
            sizes = np.concatenate([each.sizes[query] for each in self._buckets.values()])
            order = np.argsort(sizes, kind="stable")
            sizes[order[np.cumsum(sizes[order]) > budget]] = 0
            at = 0
            for each in self._buckets.values():
                each.sizes[query] = sizes[at : at + each.sizes.shape[1]]
                at += each.sizes.shape[1]
        return cut

    def run(self) -> Iterator[tuple[int, Found]]:
        """Number of the segment and hits; the same hit may come from several bands."""
        for (number, band), buckets in self._buckets.items():
            segment = self._segments[number]
            _, hashes, ids = segment.bands[band]
            query, pattern = np.nonzero(buckets.sizes)
            starts, sizes = buckets.starts[query, pattern], buckets.sizes[query, pattern]
            order = np.argsort(starts, kind="stable")  # the file is read forwards
            query, starts, sizes = query[order], starts[order], sizes[order]
            long = sizes >= _LONG
            segment.expect(hashes, starts[long], sizes[long])
            read = 0
            for each in (~long, long):
                for found in _scan(
                    hashes, starts[each], sizes[each], self._queries[query[each]], self._radius
                ):
                    hit = Found(
                        query[each][found.request].astype(np.uint32),
                        ids[found.position],
                        found.distance,
                    )
                    read += found.looked_at * 8
                    if read > _PAGES:
                        segment.release()
                        read = 0
                    yield number, hit
            segment.release()


class _Hit(NamedTuple):
    request: NDArray[np.int64]
    position: NDArray[np.int64]
    distance: NDArray[np.uint8]
    looked_at: int


def _scan(
    hashes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    queries: NDArray[np.uint64],
    radius: int,
) -> Iterator[_Hit]:
    """Compare hashes[starts[i]:starts[i] + sizes[i]] with queries[i], all i, a chunk at a time."""
    request, starts, sizes = _pieces(starts, sizes)
    ends = np.cumsum(sizes)
    gathered = len(sizes) > 0 and int(sizes.max()) < _LONG
    differing = np.empty(_CHUNK, np.uint64)
    counted = np.empty(_CHUNK, np.uint8)
    first = 0
    while first < len(sizes):
        done = int(ends[first] - sizes[first])
        last = int(np.searchsorted(ends, done + _CHUNK, "right"))
        total = int(ends[last - 1]) - done
        # In the chunk, request i starts at begins[i].
        begins = ends[first:last] - sizes[first:last] - done
        asked = queries[request[first:last]]
        if gathered:
            shift = np.repeat(starts[first:last] - begins, sizes[first:last])
            differ = hashes[shift + np.arange(total)] ^ np.repeat(asked, sizes[first:last])
        else:
            differ = differing[:total]
            for begin, start, size, query in zip(
                begins.tolist(),
                starts[first:last].tolist(),
                sizes[first:last].tolist(),
                asked,
                strict=True,
            ):
                np.bitwise_xor(
                    hashes[start : start + size], query, out=differ[begin : begin + size]
                )
        distances = np.bitwise_count(differ, out=counted[:total])
        near = np.flatnonzero(distances <= radius)
        which = np.searchsorted(begins, near, "right") - 1
        yield _Hit(
            request[first:last][which],
            starts[first:last][which] + near - begins[which],
            distances[near],
            total,
        )
        first = last


def _pieces(
    starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Which request, start and size of pieces that fit into a chunk."""
    count = -(-sizes // _CHUNK)
    request = np.repeat(np.arange(len(sizes)), count)
    piece = np.arange(len(request)) - np.repeat(np.cumsum(count) - count, count)
    return (
        request,
        starts[request] + piece * _CHUNK,
        np.minimum(sizes[request] - piece * _CHUNK, _CHUNK),
    )
