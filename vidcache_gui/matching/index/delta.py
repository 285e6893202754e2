"""What was added since the last flush, in memory."""

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.segment import Segment, in_memory

_TAIL = 1 << 16  # entries that are sorted again after each addition; those before stay sorted


class Delta:
    """Additions in the order in which they came, searchable as one or two segments."""

    def __init__(self) -> None:
        self._added: dict[int, list[tuple[NDArray[np.uint64], NDArray[np.uint32]]]] = {}
        self._entries = 0
        # Owners whose entries stand in no sorted segment yet, and the segments.
        self._tail: dict[int, list[tuple[NDArray[np.uint64], NDArray[np.uint32]]]] = {}
        self._tail_entries = 0
        self._sorted: Segment | None = None
        self._sorted_tail: Segment | None = None

    def __len__(self) -> int:
        return self._entries

    def add(self, owner: int, hashes: NDArray[np.uint64], places: NDArray[np.uint32]) -> None:
        for added in (self._added, self._tail):
            added.setdefault(owner, []).append((hashes, places))
        self._entries += len(hashes)
        self._tail_entries += len(hashes)
        self._sorted_tail = None

    def remove(self, owner: int) -> None:
        gone = self._added.pop(owner, None)
        if gone is None:
            return
        self._entries -= sum(len(hashes) for hashes, _ in gone)
        # Removing what was just added is rare: sort again what stays.
        self._tail = {each: list(added) for each, added in self._added.items()}
        self._tail_entries = self._entries
        self._sorted = self._sorted_tail = None

    def owners(self) -> NDArray[np.uint32]:
        return np.array(sorted(self._added), np.uint32)

    def __contains__(self, owner: int) -> bool:
        return owner in self._added

    def segments(self) -> list[Segment]:
        """All of it, sorted."""
        if self._tail_entries > max(_TAIL, (self._entries - self._tail_entries) // 4):
            self._sorted, self._sorted_tail = _sorted(self._added), None
            self._tail, self._tail_entries = {}, 0
        if self._sorted_tail is None and self._tail:
            self._sorted_tail = _sorted(self._tail)
        return [each for each in (self._sorted, self._sorted_tail) if each is not None]


def _sorted(added: dict[int, list[tuple[NDArray[np.uint64], NDArray[np.uint32]]]]) -> Segment:
    flat = [(owner, *entry) for owner, entries in added.items() for entry in entries]
    owners, hashes, places = zip(*flat, strict=True) if flat else ((), (), ())
    return in_memory(owners, hashes, places)
