"""Parts of small pictures, drawn at full size again, and pictures turned."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.records import WHOLE, Box

Pictures = NDArray[np.float32]  # (n, side, side)


@lru_cache(4096)
def _weights(low: float, high: float, side: int) -> NDArray[np.float32]:
    """(side, side): row i mixes the input pixels under output pixel i of the stretch low..high."""
    step = high - low  # in pixels: both sides have as many
    centre = low * side + (np.arange(side) + 0.5) * step
    half = max(step / 2, 0.5)
    pixel = np.arange(side)
    first, last = (centre - half)[:, None], (centre + half)[:, None]
    shares = np.minimum(last, pixel + 1) - np.maximum(first, pixel)
    np.maximum(shares, 0, out=shares)
    shares /= shares.sum(axis=1, keepdims=True)
    return np.asarray(shares, np.float32)


def crop(pictures: Pictures, box: Box) -> Pictures:
    """The part of every picture inside ``box``, at full size."""
    if box == WHOLE:
        return pictures
    left, top, right, bottom = (round(edge, 3) for edge in box)
    count, side, _ = pictures.shape
    across = pictures.reshape(-1, side) @ _weights(left, right, side).T
    seen: Pictures = _weights(top, bottom, side) @ across.reshape(count, side, side)
    return seen


def turn(pictures: Pictures, mirrored: bool, rotation: int) -> Pictures:
    """Left and right exchanged where ``mirrored``, then turned clockwise by ``rotation``."""
    if mirrored:
        pictures = pictures[:, :, ::-1]
    return np.rot90(pictures, -rotation // 90, axes=(1, 2)) if rotation else pictures
