"""Decoded frames within a budget of bytes; those least likely to be wanted go first."""

import os
import threading
from bisect import bisect_left, insort
from collections.abc import Hashable
from dataclasses import dataclass, field

from vidcache_gui.media.types import Frame

Size = tuple[int, int] | None  # what frames were asked for at; None: their own size
Run = tuple[int, int]  # first and last frame, both inclusive

MOST_BYTES = 512 * 1024 * 1024
SHARE_OF_MEMORY = 0.15
BEHIND = 2  # a frame that was passed counts as so many times farther away


def default_budget() -> int:
    """512 MB, or 15 % of a small machine's memory."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return MOST_BYTES
    return min(MOST_BYTES, int(memory * SHARE_OF_MEMORY))


@dataclass
class _Shelf:
    """The frames of one source at one size."""

    frames: dict[int, Frame] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)  # their indices, ascending


@dataclass(frozen=True)
class _Look:
    """Where the playhead is and which way it goes."""

    index: int = 0
    backwards: bool = False
    lap: int = 0  # frames after which it comes round; 0: it does not

    def distance(self, index: int) -> int:
        """How far a frame is from being wanted."""
        ahead = self.index - index if self.backwards else index - self.index
        if self.lap:
            ahead %= self.lap
            return min(ahead, BEHIND * (self.lap - ahead))
        return ahead if ahead >= 0 else -BEHIND * ahead

    def farthest(self, order: list[int]) -> int:
        """The index (of those in ``order``, not empty) that is farthest."""
        at = 0
        if self.lap:
            # Going round, ahead and behind meet at one place: what lies beside it is farthest.
            ahead = self.lap * BEHIND // (BEHIND + 1)
            place = (self.index - ahead if self.backwards else self.index + ahead) % self.lap
            at = bisect_left(order, place)
        around = (order[at % len(order)], order[at - 1], order[(at + 1) % len(order)])
        return max(around, key=self.distance)


class FrameCache:
    """Frames by (source, size, index). Thread-safe, never over its budget.

    Only sources that were opened are kept, so that a thread that still decodes what nobody
    looks at any more cannot fill it.
    """

    def __init__(self, budget: int | None = None) -> None:
        self._budget = default_budget() if budget is None else budget
        self._shelves: dict[tuple[Hashable, Size], _Shelf] = {}
        self._sources: set[Hashable] = set()
        self._bytes = 0
        self._at: tuple[Hashable, Size] | None = None
        self._look = _Look()
        self._lock = threading.Lock()
        self.version = 0  # changes whenever the contents do

    @property
    def budget(self) -> int:
        return self._budget

    @property
    def nbytes(self) -> int:
        return self._bytes

    def set_budget(self, budget: int) -> None:
        with self._lock:
            self._budget = budget
            while self._bytes > budget and self._drop_one():
                pass

    def open(self, source: Hashable) -> None:
        """Frames of this source may come in."""
        with self._lock:
            self._sources.add(source)

    def forget(self, source: Hashable) -> None:
        """Drop the frames of a source and take no more."""
        with self._lock:
            self._sources.discard(source)
            for key in [key for key in self._shelves if key[0] == source]:
                self._bytes -= sum(frame.nbytes for frame in self._shelves.pop(key).frames.values())
            self.version += 1

    def look_at(
        self, source: Hashable, size: Size, index: int, *, backwards: bool = False, lap: int = 0
    ) -> None:
        """What is being watched; decides what is dropped. ``lap``: frame count of a loop."""
        with self._lock:
            self._at = (source, size)
            self._look = _Look(index, backwards, lap)

    def get(self, source: Hashable, size: Size, index: int) -> Frame | None:
        shelf = self._shelves.get((source, size))
        return shelf.frames.get(index) if shelf is not None else None

    def has(self, source: Hashable, size: Size, index: int) -> bool:
        return self.get(source, size, index) is not None

    def __contains__(self, index: int) -> bool:
        """Whether this frame of what is being watched is here."""
        return self._at is not None and self.has(*self._at, index)

    def put(self, source: Hashable, size: Size, frame: Frame) -> bool:
        """Keep a frame; False if everything that is here is more likely to be wanted."""
        key = (source, size)
        with self._lock:
            if source not in self._sources or frame.nbytes > self._budget:
                return False
            shelf = self._shelves.get(key)
            if shelf is not None and frame.index in shelf.frames:
                return True
            if not self._make_room(key, frame):
                return False
            shelf = self._shelves.setdefault(key, _Shelf())
            shelf.frames[frame.index] = frame
            insort(shelf.order, frame.index)
            self._bytes += frame.nbytes
            self.version += 1
            return True

    def runs(self, source: Hashable, size: Size) -> list[Run]:
        """Runs of frames that are here, for the time bar."""
        with self._lock:
            shelf = self._shelves.get((source, size))
            order = list(shelf.order) if shelf is not None else []
        return runs_of(order)

    def room(self, frame_bytes: int) -> int:
        """How many frames of this size the budget holds."""
        return self._budget // max(1, frame_bytes)

    def _make_room(self, key: tuple[Hashable, Size], frame: Frame) -> bool:
        while self._bytes + frame.nbytes > self._budget:
            if not self._drop_one(for_key=key, distance=self._look.distance(frame.index)):
                return False
        return True

    def _drop_one(self, for_key: tuple[Hashable, Size] | None = None, distance: int = -1) -> bool:
        """Drop what is least likely wanted, if that is less than something at ``distance``."""
        for other in self._shelves:
            if other != self._at and other != for_key:
                self._remove(other, self._shelves[other].order[-1])
                return True
        watched = self._at
        if watched is None or watched not in self._shelves or for_key not in (None, watched):
            return False
        worst = self._look.farthest(self._shelves[watched].order)
        if self._look.distance(worst) <= distance:
            return False
        self._remove(watched, worst)
        return True

    def _remove(self, key: tuple[Hashable, Size], index: int) -> None:
        shelf = self._shelves[key]
        self._bytes -= shelf.frames.pop(index).nbytes
        del shelf.order[bisect_left(shelf.order, index)]
        if not shelf.order:
            del self._shelves[key]
        self.version += 1


def runs_of(indices: list[int]) -> list[Run]:
    """Ascending indices as runs."""
    runs: list[Run] = []
    for index in indices:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs
