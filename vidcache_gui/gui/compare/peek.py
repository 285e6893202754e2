"""Small grey pictures of footage, to find out where two are not the same. For worker threads."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import WHOLE, Box, Transform
from vidcache_gui.media.types import Frame, FrameSource

Grey = NDArray[np.float32]  # (height, width), 0 to 255
LUMA = (0.072, 0.715, 0.213)  # BT.709: blue, green, red
LONGER = 128  # pixels of the longer side that are decoded
GAP = 12  # frames that are decoded in passing rather than sought anew


class Peek:
    """Frames of a source that it opens, small and grey. Use as a context manager."""

    def __init__(self, open_source: Callable[[], FrameSource], longer: int = LONGER) -> None:
        self._open, self.longer = open_source, longer

    def __enter__(self) -> "Peek":
        self.source = self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()

    def greys(self, indices: Iterable[int], stop: Callable[[], bool]) -> dict[int, Grey]:
        """Those that can be read; fewer once ``stop`` says so."""
        width, height = max(1, self.source.width), max(1, self.source.height)
        scale = min(1.0, self.longer / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        wanted = sorted({n for n in indices if 0 <= n < self.source.count})
        found: dict[int, Grey] = {}
        for run in _runs(wanted):
            if stop():
                break
            try:
                keep = set(run)
                for frame in self.source.frames(run[0], run[-1], size, prefix=False, stop=stop):
                    if frame.index in keep:
                        found[frame.index] = grey(frame)
            except UserError:
                continue  # a damaged frame: the others tell enough
        return found


def grey(frame: Frame) -> Grey:
    rows = np.frombuffer(frame.data, np.uint8, count=frame.stride * frame.height)
    pixels = rows.reshape(frame.height, frame.stride)[:, : frame.width * 4]
    of_colours = pixels.reshape(frame.height, frame.width, 4)[..., :3]
    made = np.zeros(of_colours.shape[:2], np.float32)
    for channel, weight in enumerate(LUMA):
        made += of_colours[..., channel] * np.float32(weight)
    return made


def laid(picture: Grey, transform: Transform, size: tuple[int, int]) -> Grey:
    """The part of B's picture that A shows too, upright, as (height, width) pixels."""
    return part(upright(picture, transform), transform.box_b, size)


def upright(picture: Grey, transform: Transform) -> Grey:
    """B's picture mirrored and turned as A shows it."""
    if transform.mirrored:
        picture = picture[:, ::-1]
    if transform.rotation:
        picture = np.asarray(np.rot90(picture, -transform.rotation // 90), np.float32)
    return picture


def part(picture: Grey, box: Box, size: tuple[int, int]) -> Grey:
    """The part of a picture inside a box, as (height, width) pixels."""
    if box == WHOLE and picture.shape == size:
        return picture
    left, top, right, bottom = box
    return _resampled(_resampled(picture, top, bottom, size[0]).T, left, right, size[1]).T


def _resampled(rows: Grey, low: float, high: float, wanted: int) -> Grey:
    """The stretch low..high of the rows as so many rows, each the mean of what it covers.

    By running sums, not by a product of matrices: its threads would wait for each other wherever
    the machine has other work, as it has while two films are decoded.
    """
    count = len(rows)
    sums = np.zeros((count + 1, rows.shape[1]), np.float32)
    np.cumsum(rows, axis=0, out=sums[1:])
    step = (high - low) * count / wanted
    centre = low * count + (np.arange(wanted) + 0.5) * step
    half = max(step / 2, 0.5)
    first = np.clip(centre - half, 0, count - 1e-3)
    last = np.clip(centre + half, 1e-3, count)
    last = np.maximum(last, first + 1e-3)
    wide = (last - first).astype(np.float32)[:, None]
    made: Grey = (_at(sums, last) - _at(sums, first)) / wide
    return made


def _at(sums: Grey, places: NDArray[np.float64]) -> Grey:
    """Rows of running sums, blended where a place lies between two."""
    before = np.minimum(places.astype(np.int64), len(sums) - 2)
    share = (places - before).astype(np.float32)[:, None]
    made: Grey = sums[before] * (1 - share) + sums[before + 1] * share
    return made


def _runs(wanted: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in wanted:
        if runs and index - runs[-1][-1] <= GAP:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
