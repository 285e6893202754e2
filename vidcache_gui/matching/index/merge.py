"""Several segments become one file, a block of buckets at a time, so memory stays flat.

What was removed is dropped. A hash that more than ``limit`` owners share exactly (a title card,
black) is common: it stands once in the bands, and a list beside them says whose it is.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.bands import BANDS, BUCKETS, band_values
from vidcache_gui.matching.index.files import Counts, SegmentFile
from vidcache_gui.matching.index.segment import (
    NOTHING_COMMON,
    Band,
    Common,
    Runs,
    Segment,
    contained,
    lengths,
    sorted_band,
)

_BLOCK = 1 << 20  # entries; a single bucket may hold more


class _Living:
    """The entries of a segment that were not removed, and their numbers in the merged one."""

    def __init__(self, segment: Segment, base: int) -> None:
        self.segment = segment
        dead = segment.is_dead(segment.runs.owners)
        starts = segment.runs.starts.astype(np.int64)
        sizes = lengths(segment.runs.starts)
        self._dead_starts = starts[:-1][dead]
        self._dead_ends = starts[1:][dead]
        self._shift = base - np.concatenate([[0], np.cumsum(sizes[dead])])
        self.owners = segment.runs.owners[~dead]
        self.sizes = sizes[~dead]
        self.kept = ~dead

    def renumber(
        self, ids: NDArray[np.uint32]
    ) -> tuple[NDArray[np.uint32], NDArray[np.bool_] | None]:
        """New numbers, and which of them are alive (None: all)."""
        if not len(self._dead_starts):
            return ids + np.uint32(self._shift[0]), None
        before = np.searchsorted(self._dead_starts, ids, "right")
        alive = (before == 0) | (ids >= self._dead_ends[before - 1])
        return (ids + self._shift[before]).astype(np.uint32), alive

    def band(self, band: int, low: int, high: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """Hashes and new numbers of the living in buckets low to high; common ones not."""
        offsets, hashes, ids = self.segment.bands[band]
        part = slice(int(offsets[low]), int(offsets[high]))
        found, old = hashes[part], ids[part]
        if len(self.segment.common.hashes):
            plain = old < len(self.segment)
            found, old = found[plain], old[plain]
        new, alive = self.renumber(old)
        return (found, new) if alive is None else (found[alive], new[alive])

    def commons(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """Hash and new number of every living entry whose hash was common."""
        common = self.segment.common
        each = np.repeat(common.hashes, lengths(common.starts))
        new, alive = self.renumber(common.ids)
        return (each, new) if alive is None else (each[alive], new[alive])

    def write_places(self, file: SegmentFile, at: int) -> None:
        starts = self.segment.runs.starts.astype(np.int64)
        # Neighbouring runs that stay are copied in one piece.
        edges = np.flatnonzero(np.diff(self.kept.astype(np.int8), prepend=0, append=0))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            for low in range(int(starts[first]), int(starts[last]), _BLOCK):
                values = self.segment.places[low : min(low + _BLOCK, int(starts[last]))]
                file.write("places", values, at)
                at += len(values)


class _Loose(NamedTuple):
    """Entries that stand in no source's bands, sorted into bands of their own."""

    bands: tuple[Band, ...]

    def band(self, band: int, low: int, high: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        offsets, hashes, ids = self.bands[band]
        part = slice(int(offsets[low]), int(offsets[high]))
        return hashes[part], ids[part]

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], ids: NDArray[np.uint32]) -> "_Loose":
        return cls(tuple(sorted_band(hashes, ids, band) for band in range(BANDS)))


class _Merge:
    def __init__(self, segments: Sequence[Segment], limit: int, check: Callable[[], None]) -> None:
        self._limit = limit
        self._check = check
        self._living: list[_Living] = []
        self.entries = 0
        for segment in segments:
            self._living.append(_Living(segment, self.entries))
            self.entries += int(self._living[-1].sizes.sum())
        owners = [each.owners for each in self._living]
        sizes = np.concatenate([each.sizes for each in self._living])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32)
        self.runs = Runs(np.concatenate(owners), starts)
        were = [each.commons() for each in self._living]
        self._loose = _Loose.of(
            np.concatenate([hashes for hashes, _ in were]), np.concatenate([ids for _, ids in were])
        )
        self.common = self._find_common()

    def write(self, path: Path) -> None:
        common = self.common
        in_list = len(common.ids)
        banded = self.entries - in_list + len(common.hashes)
        counts = Counts(self.entries, len(self.runs.owners), banded, len(common.hashes), in_list)
        file = SegmentFile(path, counts)
        try:
            file.write("run owners", self.runs.owners)
            file.write("run starts", self.runs.starts)
            file.write("common hashes", common.hashes)
            file.write("common starts", common.starts)
            file.write("common ids", common.ids)
            at = 0
            for living in self._living:
                living.write_places(file, at)
                at += int(living.sizes.sum())
                living.segment.release()
            for band in range(BANDS):
                self._write_band(file, band)
        except BaseException:
            file.abandon()
            raise
        file.finish()

    def _write_band(self, file: SegmentFile, band: int) -> None:
        common = self.common.hashes
        stand_ins = np.arange(len(common), dtype=np.uint32) + np.uint32(self.entries)
        once = sorted_band(common, stand_ins, band)
        sizes = np.zeros(BUCKETS, np.int64)
        at = 0
        for low, high, hashes, ids in self._blocks(band):
            mine = slice(int(once.offsets[low]), int(once.offsets[high]))
            if mine.start < mine.stop:
                plain = ~contained(hashes, np.sort(once.hashes[mine]))
                hashes = np.concatenate([hashes[plain], once.hashes[mine]])
                ids = np.concatenate([ids[plain], once.ids[mine]])
            values = band_values(hashes, band)
            order = np.argsort(values, kind="stable")
            file.write(f"hashes {band}", hashes[order], at)
            file.write(f"ids {band}", ids[order], at)
            sizes += np.bincount(values, minlength=BUCKETS)
            at += len(hashes)
        file.write(f"offsets {band}", np.concatenate([[0], np.cumsum(sizes)]))

    def _blocks(
        self, band: int
    ) -> Iterator[tuple[int, int, NDArray[np.uint64], NDArray[np.uint32]]]:
        """Buckets low to high and what lives in them, in no order, about _BLOCK at a time."""
        sources: list[_Living | _Loose] = [*self._living, self._loose]
        sizes = np.zeros(BUCKETS, np.int64)
        for bands in [*(each.segment.bands for each in self._living), self._loose.bands]:
            sizes += lengths(bands[band].offsets)
        ends = np.cumsum(sizes)
        low = 0
        while low < BUCKETS:
            self._check()
            done = int(ends[low - 1]) if low else 0
            high = max(int(np.searchsorted(ends, done + _BLOCK, "right")), low + 1)
            parts = [source.band(band, low, high) for source in sources]
            yield (
                low,
                high,
                np.concatenate([hashes for hashes, _ in parts]),
                np.concatenate([ids for _, ids in parts]),
            )
            for living in self._living:
                living.segment.release()
            low = high

    def _find_common(self) -> Common:
        found_hashes: list[NDArray[np.uint64]] = []
        found_ids: list[NDArray[np.uint32]] = []
        for _, _, hashes, ids in self._blocks(0):
            order = np.sort(hashes)
            # Equal hashes stand together: one that is `limit` further on the same is frequent.
            frequent = np.unique(
                order[: -self._limit][order[self._limit :] == order[: -self._limit]]
            )
            if not len(frequent):
                continue
            among = np.flatnonzero(contained(hashes, frequent))
            among = among[np.lexsort((ids[among], hashes[among]))]
            edges = np.searchsorted(hashes[among], frequent)
            for mine in np.split(among, edges[1:]):
                owners = self.runs.owners[np.searchsorted(self.runs.starts, ids[mine], "right") - 1]
                if len(np.unique(owners)) > self._limit:
                    found_hashes.append(hashes[mine[:1]])
                    found_ids.append(ids[mine])
        if not found_hashes:
            return NOTHING_COMMON
        common = np.concatenate(found_hashes)
        ascending = np.argsort(common)
        in_order = [found_ids[k] for k in ascending.tolist()]
        starts = np.concatenate([[0], np.cumsum([len(ids) for ids in in_order])])
        return Common(common[ascending], starts.astype(np.uint32), np.concatenate(in_order))


def merge(
    segments: Sequence[Segment],
    path: Path,
    *,
    limit: int,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Write the living entries of all segments to a new segment file.

    Peak memory: about 100 bytes for each of a million entries, plus 8 bytes per run and 40 for
    each entry whose hash is common. OSError where the disk refuses. ``check`` is called at every
    block; when it raises, or anything else does, no file is left.
    """
    _Merge(segments, limit, check).write(path)
