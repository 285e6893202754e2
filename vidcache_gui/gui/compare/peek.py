"""Small grey pictures of footage, to find out where two are not the same. For worker threads."""

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import WHOLE, Box, Transform
from vidcache_gui.media.types import Frame, FrameSource

Grey = NDArray[np.float32]  # (height, width), 0 to 255
LUMA = np.asarray((0.072, 0.715, 0.213), np.float32)  # BT.709: blue, green, red
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
    return np.asarray(of_colours.astype(np.float32) @ LUMA, np.float32)


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
    down = _weights(top, bottom, picture.shape[0], size[0])
    across = _weights(left, right, picture.shape[1], size[1])
    return np.asarray(down @ picture @ across.T, np.float32)


@lru_cache(256)
def _weights(low: float, high: float, pixels: int, wanted: int) -> Grey:
    """(wanted, pixels): row i mixes the input pixels under output pixel i."""
    step = (high - low) * pixels / wanted
    centre = low * pixels + (np.arange(wanted) + 0.5) * step
    half = max(step / 2, 0.5)
    at = np.arange(pixels)
    shares = np.minimum((centre + half)[:, None], at + 1) - np.maximum((centre - half)[:, None], at)
    np.maximum(shares, 0, out=shares)
    totals = shares.sum(axis=1, keepdims=True)
    return np.asarray(shares / np.maximum(totals, 1e-6), np.float32)


def _runs(wanted: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in wanted:
        if runs and index - runs[-1][-1] <= GAP:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
