"""Whether seeking in a file gives the pictures that decoding it in order gave.

While a file is decoded from its start, pictures after some of its keyframes are noted; then
those keyframes are entered by seeking and what comes out is compared. A file that fails is
played all the same, from places that can be trusted.
"""

import time
import zlib
from typing import Any

import numpy as np

from vidcache_gui.media.index import FrameIndex
from vidcache_gui.media.seeking import Pictures

LOOKED_AT = 6  # pictures from each keyframe on
ROW = 16  # one row of pixels in so many: every block is touched in its whole width
LEAST_SECONDS = 0.02


class Trial:
    """The keyframes of ``index`` that are tried: the first one, then at doubling distances."""

    def __init__(self, index: FrameIndex) -> None:
        keys = np.flatnonzero(index.keys)[1:]
        self._entered = [
            int(index.pts[keys[2**step - 1]]) for step in range(len(keys).bit_length())
        ]
        self._wanted: set[int] = set()
        for time_of_key in self._entered:
            at = int(np.searchsorted(index.pts, time_of_key))
            self._wanted.update(index.pts[at : at + LOOKED_AT].tolist())
        self._noted: dict[int, int] = {}  # digest by time

    def note(self, picture: Any) -> None:
        """To be told of every picture while decoding in order."""
        if picture.pts in self._wanted:
            self._noted[picture.pts] = digest(picture)

    def agrees(self, pictures: Pictures, seconds: float) -> bool:
        """Enter the keyframes until ``seconds`` of CPU time are used up."""
        limit = time.process_time() + max(seconds, LEAST_SECONDS)
        for time_of_key in self._entered:
            noted = self._noted_from(pictures.index, time_of_key)
            if noted and not self._same(pictures, noted):
                return False
            if time.process_time() > limit:
                break
        return True

    def _noted_from(self, index: FrameIndex, time_of_key: int) -> dict[int, int]:
        """Digests by frame index, of a keyframe and what follows it without a gap."""
        found: dict[int, int] = {}
        first = index.place(time_of_key)
        if first is None:
            return found
        for at in range(first, min(first + LOOKED_AT, len(index))):
            digested = self._noted.get(int(index.pts[at]))
            if digested is None:
                break
            found[at] = digested
        return found

    def _same(self, pictures: Pictures, noted: dict[int, int]) -> bool:
        pictures.forget()
        run = pictures.run(min(noted), max(noted), prefix=False)
        return {at: digest(picture) for at, picture in run} == noted


def digest(picture: Any) -> int:
    """A number for the pixels of a decoded picture, from some rows of each plane."""
    number = 0
    wide = 2 if any(component.bits > 8 for component in picture.format.components) else 1
    for plane in picture.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        some = rows[ROW // 2 :: ROW, : plane.width * wide]  # beyond that is no picture
        number = zlib.crc32(some.tobytes(), number)
    return number
