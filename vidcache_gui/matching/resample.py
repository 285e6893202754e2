"""Parts of small pictures, drawn at full size again, and pictures turned."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.records import WHOLE, Box

Pictures = NDArray[np.float32]  # (n, side, side)


@lru_cache(4096)
def _weights(low: float, high: float, side: int) -> NDArray[np.float32]:
    """(side, side): row i mixes the input pixels under output pixel i of the stretch low..high."""
    edges: NDArray[np.float64] = np.linspace(low * side, high * side, side + 1)
    centre, half = (edges[:-1] + edges[1:]) / 2, np.maximum((edges[1:] - edges[:-1]) / 2, 0.5)
    pixel = np.arange(side)
    first, last = (centre - half)[:, None], (centre + half)[:, None]
    shares = np.clip(np.minimum(last, pixel + 1) - np.maximum(first, pixel), 0, None)
    outside = shares.sum(axis=1) < 1e-6
    shares[outside, np.clip(centre, 0, side - 1).astype(int)[outside]] = 1
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def crop(pictures: Pictures, box: Box) -> Pictures:
    """The part of every picture inside ``box``, at full size."""
    if box == WHOLE:
        return pictures
    left, top, right, bottom = (round(float(edge), 4) for edge in box)
    side = pictures.shape[-1]
    seen = _weights(top, bottom, side) @ pictures @ _weights(left, right, side).T
    return seen.astype(np.float32, copy=False)


def turn(pictures: Pictures, mirrored: bool, rotation: int) -> Pictures:
    """Left and right exchanged where ``mirrored``, then turned clockwise by ``rotation``."""
    if mirrored:
        pictures = pictures[:, :, ::-1]
    return np.rot90(pictures, -rotation // 90, axes=(1, 2)) if rotation else pictures
