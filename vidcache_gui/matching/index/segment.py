"""A sorted, never changing part of the index: in memory, or mapped from a file."""

import mmap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.bands import BANDS, BUCKETS, band_values, deal

T = TypeVar("T", bound=np.generic)
NOBODY = np.empty(0, np.uint32)


class Band(NamedTuple):
    """Every entry once, ordered by its bucket: bucket v is offsets[v]:offsets[v + 1]."""

    offsets: NDArray[np.uint32]  # (BUCKETS + 1,)
    hashes: NDArray[np.uint64]  # (m,) dealt
    ids: NDArray[np.uint32]  # (m,) entry, or number of entries + k for the k-th common hash


class Runs(NamedTuple):
    """Entries start[i] to start[i + 1] are of owner[i]; an owner may have several runs."""

    owners: NDArray[np.uint32]  # (r,)
    starts: NDArray[np.uint32]  # (r + 1,)


class Common(NamedTuple):
    """Hashes that so many owners share that they stand in the bands once, for all of them.

    The k-th stands for entries ids[starts[k]:starts[k + 1]].
    """

    hashes: NDArray[np.uint64]  # (c,) dealt, ascending
    starts: NDArray[np.uint32]  # (c + 1,)
    ids: NDArray[np.uint32]


NOTHING_COMMON = Common(np.empty(0, np.uint64), np.zeros(1, np.uint32), NOBODY)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """``places``: (n,), of each entry. ``dead``: owners, ascending, that were removed since."""

    runs: Runs
    places: NDArray[np.uint32]
    bands: tuple[Band, ...]
    common: Common = NOTHING_COMMON
    dead: NDArray[np.uint32] = field(default_factory=lambda: NOBODY)
    number: int = 0  # of its file
    dead_number: int = 0  # of the file that names the dead; 0: not on disk
    map: mmap.mmap | None = None

    def __len__(self) -> int:
        return len(self.places)

    def owners_of(self, entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """(n,): whose entries these are."""
        return self.runs.owners[np.searchsorted(self.runs.starts, entries, "right") - 1]

    def living(self) -> NDArray[np.uint32]:
        """Owners, ascending, that have entries and were not removed."""
        return np.setdiff1d(self.runs.owners, self.dead)

    def is_dead(self, owners: NDArray[np.uint32]) -> NDArray[np.bool_]:
        return contained(owners, self.dead)

    def expect(
        self, array: NDArray[Any], starts: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> None:
        """Have parts of a mapped array read from the disk, all at once instead of one by one.

        Measured with nothing of a 5 GB file in memory: a third of the bytes read, in half
        the time; with all of it in memory it costs a few hundredths of a second.
        """
        if self.map is None:
            return
        first = array.ctypes.data - np.frombuffer(self.map, np.uint8).ctypes.data
        begins = (first + starts * array.itemsize) // mmap.PAGESIZE * mmap.PAGESIZE
        ends = first + (starts + sizes) * array.itemsize
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            self.map.madvise(mmap.MADV_WILLNEED, begin, end - begin)

    def release(self) -> None:
        """Let go of the pages that were read. They stay in the system's cache of the file, but
        count no longer as this process's memory."""
        if self.map is not None:
            self.map.madvise(mmap.MADV_DONTNEED)


def contained(values: NDArray[T], ascending: NDArray[T]) -> NDArray[np.bool_]:
    """Which values are in a (short, ascending) array."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(ascending, values)
    found: NDArray[np.bool_] = ascending[np.minimum(at, len(ascending) - 1)] == values
    return found


def lengths(starts: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How long the pieces are that start there; the last number is where the last one ends."""
    long: NDArray[np.int64] = starts.astype(np.int64)
    return long[1:] - long[:-1]


def sorted_band(hashes: NDArray[np.uint64], ids: NDArray[np.uint32], band: int) -> Band:
    """Dealt hashes and their ids in the order of a band."""
    values = band_values(hashes, band)
    order = np.argsort(values, kind="stable")  # a radix sort for 16 bits
    offsets = np.zeros(BUCKETS + 1, np.uint32)
    np.cumsum(np.bincount(values, minlength=BUCKETS), out=offsets[1:])
    return Band(offsets, hashes[order], ids[order])


def in_memory(
    owners: Sequence[int],
    hashes: Sequence[NDArray[np.uint64]],
    places: Sequence[NDArray[np.uint32]],
) -> Segment:
    """The entries of each owner as a segment."""
    joined = deal(np.concatenate(hashes)) if hashes else np.empty(0, np.uint64)
    starts = np.zeros(len(owners) + 1, np.uint32)
    np.cumsum([len(each) for each in hashes], out=starts[1:])
    ids = np.arange(len(joined), dtype=np.uint32)
    return Segment(
        Runs(np.array(owners, np.uint32), starts),
        np.concatenate(places) if places else NOBODY,
        tuple(sorted_band(joined, ids, band) for band in range(BANDS)),
    )
