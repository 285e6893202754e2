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
FAR = 1 << 60  # farther than any frame of any film


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


@dataclass(frozen=True, slots=True)
class Look:
    """Where the playhead is and which way it goes.

    ``span``: the frames it stays within, where it does; all others go first. ``loop``: it
    comes round in them. ``onward`` and ``passed`` are how many frames are to be kept on
    either side of it, and so weigh how far away a frame is.
    """

    index: int = 0
    backwards: bool = False
    span: Run | None = None
    loop: bool = False
    onward: int = 2
    passed: int = 1

    def distance(self, index: int) -> int:
        """How far a frame is from being wanted."""
        ahead = self.index - index if self.backwards else index - self.index
        if self.span is None:
            return self._weighed(ahead)
        first, last = self.span
        if not first <= index <= last:
            return FAR + max(first - index, index - last)
        if self.loop:
            lap = last - first + 1
            ahead %= lap
            return min(self._weighed(ahead), self._weighed(ahead - lap))
        return self._weighed(ahead)

    def _weighed(self, ahead: int) -> int:
        return ahead * self.passed if ahead >= 0 else -ahead * self.onward

    def farthest(self, order: list[int]) -> int:
        """The index (of those in ``order``, not empty) that is farthest."""
        at = 0
        if self.span is not None and self.loop:
            # Going round, ahead and behind meet at one place: what lies beside it is farthest.
            first, last = self.span
            lap = last - first + 1
            ahead = lap * self.onward // max(1, self.onward + self.passed)
            place = self.index - ahead if self.backwards else self.index + ahead
            at = bisect_left(order, first + (place - first) % lap)
        around = {order[at % len(order)], order[at - 1], order[(at + 1) % len(order)]}
        return max(around | {order[0], order[-1]}, key=self.distance)


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
        self._look = Look()
        self._reserved = 0
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
            self._shrink()

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

    def look_at(self, source: Hashable, size: Size, look: Look) -> None:
        """What is being watched; decides what is dropped."""
        with self._lock:
            self._at = (source, size)
            self._look = look

    def reserve(self, nbytes: int) -> None:
        """Leave so much of the budget to frames that are alive elsewhere."""
        with self._lock:
            self._reserved = nbytes
            self._shrink()

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
            if source not in self._sources or frame.nbytes > self._room:
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

    def nearest(self, source: Hashable, size: Size, index: int) -> int | None:
        """The frame here that is nearest to ``index``."""
        with self._lock:
            shelf = self._shelves.get((source, size))
            if shelf is None:
                return None
            at = bisect_left(shelf.order, index)
            return min(shelf.order[max(0, at - 1) : at + 1], key=lambda near: abs(near - index))

    def runs(self, source: Hashable, size: Size) -> list[Run]:
        """Runs of frames that are here, for the time bar."""
        with self._lock:
            shelf = self._shelves.get((source, size))
            order = list(shelf.order) if shelf is not None else []
        return runs_of(order)

    def room(self, frame_bytes: int) -> int:
        """How many frames of this size the budget holds."""
        return self._room // max(1, frame_bytes)

    @property
    def _room(self) -> int:
        return max(0, self._budget - self._reserved)

    def _shrink(self) -> None:
        while self._bytes > self._room and self._drop_one():
            pass

    def _make_room(self, key: tuple[Hashable, Size], frame: Frame) -> bool:
        while self._bytes + frame.nbytes > self._room:
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
