"""Footage in memory for the player's tests, and clocks that stand where a test puts them."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Frame


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.creep = 0.0  # by which every look at it moves it on

    def __call__(self) -> float:
        self.now += self.creep
        return self.now


def frame(index: int, nbytes: int = 16) -> Frame:
    """A frame of so many bytes (a multiple of 4) whose pixels all carry its index."""
    pixels = np.full(nbytes, index % 256, np.uint8)
    return Frame(index, nbytes // 4, 1, nbytes, pixels)


class Steps:
    """A FrameSource with a keyframe every ``gop`` frames that remembers what it decoded.

    ``broken`` frames raise; ``gate(index)`` is called before a frame is decoded.
    """

    has_alpha = False

    def __init__(
        self,
        count: int,
        gop: int = 1,
        *,
        broken: frozenset[int] = frozenset(),
        missing: frozenset[int] = frozenset(),
        delay: float = 0.04,
        side: int = 2,
    ) -> None:
        self.count, self.gop, self.broken, self.missing = count, gop, broken, missing
        self.width = self.height = side
        self.durations = [delay] * count
        self.starts = [n * delay for n in range(count)]
        self.decoded: list[int] = []
        self._next = self._needed = 0
        self.threads: set[int] = set()
        self.closed = threading.Event()
        self.gate: Callable[[int], None] = lambda index: None

    def keyframe_before(self, index: int) -> int:
        return index // self.gop * self.gop

    def frames(
        self,
        first: int,
        last: int,
        size: tuple[int, int] | None = None,
        *,
        prefix: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> Iterator[Frame]:
        key = self.keyframe_before(first)
        # As decoders go on: from where they stand, unless what is wanted was left out there.
        on_the_way = key <= self._next <= first and first >= self._needed
        start = self._next if on_the_way else key
        self._needed = max(self._needed if on_the_way else 0, 0 if prefix else first)
        for index in range(start, last + 1):
            self.gate(index)
            self._next = index + 1
            self.threads.add(threading.get_ident())
            self.decoded.append(index)
            if index in self.missing and index >= first:
                raise UserError(f"Frame {index} is missing.")
            if index in self.broken and index >= first:
                raise UserError(f"Frame {index} is broken.")
            if index not in self.broken | self.missing and (prefix or index >= first):
                yield self.picture(index, size)
            if stop is not None and stop():
                return

    def picture(self, index: int, size: tuple[int, int] | None) -> Frame:
        side = min(size) if size is not None else self.width
        pixels = np.full((side, side, 4), index % 256, np.uint8)
        return Frame(index, side, side, side * 4, pixels)

    def close(self) -> None:
        self.threads.add(threading.get_ident())
        self.closed.set()


def group(folder: Path) -> list[str]:
    """The files of a frame folder in the order of their numbers."""
    numbered = [(int(path.name.rsplit("_", 1)[1]), str(path)) for path in folder.glob("frame_*")]
    return [path for _, path in sorted(numbered)]
