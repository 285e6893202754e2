"""Perceptual hashes of many small pictures at once, the very bits that ``imagehash`` gives.

``imagehash.phash`` draws a picture down to 32 × 32, takes its cosine transform and asks of
each of the lowest frequencies whether it is above their median. The pictures here are 32 × 32
already, so one transform of the whole batch serves both hashes. The transform is the one
imagehash uses: a matrix product rounds differently, and in flat or two-coloured pictures, where
coefficients tie, the last bit of a rounding decides bits of the hash.

Row by row of imagehash's array, the first bit is the most significant of the first word.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.fingerprint.fingerprint import SIDE

FIND = 8  # a side of the 64 bits that find
PROVE = 16  # a side of the 256 bits that prove
# Mirrored (left and right exchanged) or not, and then turned clockwise by so many degrees.
ORIENTATIONS = tuple((mirrored, turn) for mirrored in (False, True) for turn in (0, 90, 180, 270))

LOW_CONTRAST = 1.5  # standard deviation below which the noise of coding decides the bits
LOW_ENTROPY = 1.0  # bits, with contrast evened out: a line of text has less, a camera's picture 4
_LEVELS = 32  # of brightness that entropy is counted over
_BATCH = 256  # pictures transformed at a time: they stay in the processor's cache

Hashes = NDArray[np.uint64]


def phash64(pictures: NDArray[Any]) -> Hashes:
    """(n, SIDE, SIDE) to (n,): bit for bit ``imagehash.phash(image)`` of uint8 pictures.

    Pictures of float32 or float64 (parts of others, drawn to size) are taken as they are.
    """
    return _hash(pictures, FIND)[0][:, 0]


def phash256(pictures: NDArray[Any]) -> Hashes:
    """(n, SIDE, SIDE) to (n, 4): bit for bit ``imagehash.phash(image, 16, 2)``."""
    return _hash(pictures, PROVE)[0]


def phashes(pictures: NDArray[Any]) -> tuple[Hashes, Hashes]:
    """:func:`phash64` and :func:`phash256` for the price of the latter."""
    find, prove = _hash(pictures, FIND, PROVE)
    return find[:, 0], prove


def _hash(pictures: NDArray[Any], *sides: int) -> list[Hashes]:
    from scipy import fftpack  # a tenth of a second to import, and only hashing needs it

    if pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"pictures of {SIDE} by {SIDE} are needed, not {pictures.shape}")
    found: list[Hashes] = [
        np.empty((len(pictures), side * side // 64), np.uint64) for side in sides
    ]
    most = max(sides)
    for start in range(0, len(pictures), _BATCH):
        batch = pictures[start : start + _BATCH]
        rows = fftpack.dct(batch, axis=1)[:, :most]
        low = fftpack.dct(rows, axis=2)
        for side, into in zip(sides, found, strict=True):
            values = np.ascontiguousarray(low[:, :side, :side]).reshape(len(batch), side * side)
            middle = side * side // 2
            ordered = np.partition(values, (middle - 1, middle), axis=1)
            median = ordered[:, middle - 1 : middle + 1].mean(axis=1, keepdims=True)
            into[start : start + _BATCH] = _words(values > median)
    return found


def _words(bits: NDArray[np.bool_]) -> Hashes:
    packed = np.packbits(bits, axis=-1)
    return packed.view(">u8").astype(np.uint64)


def orient(hashes: Hashes, mirrored: bool, rotation: int) -> Hashes:
    """What the hashes of mirrored and then (clockwise) turned pictures would be, nearly.

    ``hashes``: (n,) of 64 bits or (n, 4) of 256. A cosine transform knows a mirrored picture
    by the signs of its odd columns, and one that is turned by rows that became columns. Bits
    near the median may come out otherwise: 4 of 64 and 6 of 256 are usual.
    """
    return _turned(_bits(hashes), mirrored, rotation).reshape(hashes.shape)


def orient_all(hashes: Hashes) -> Hashes:
    """All of :data:`ORIENTATIONS`, in their order: (8, n) or (8, n, 4)."""
    bits = _bits(hashes)
    every = [_turned(bits, *orientation) for orientation in ORIENTATIONS]
    return np.stack(every).reshape(len(ORIENTATIONS), *hashes.shape)


def _bits(hashes: Hashes) -> NDArray[np.bool_]:
    """(n, side, side), row by row of imagehash's array."""
    side = FIND if hashes.ndim == 1 else PROVE
    raw = np.ascontiguousarray(hashes).astype(">u8").view(np.uint8)
    flat = np.unpackbits(raw.reshape(len(hashes), side * side // 8), axis=1)
    return flat.view(np.bool_).reshape(-1, side, side)


def _turned(bits: NDArray[np.bool_], mirrored: bool, rotation: int) -> Hashes:
    side = bits.shape[1]
    odd_columns = np.arange(side) % 2 == 1
    odd_rows = odd_columns[:, None]
    if mirrored:
        bits = bits ^ odd_columns
    if rotation in (90, 270):
        bits = bits.transpose(0, 2, 1)
    if rotation in (90, 180):
        bits = bits ^ odd_columns
    if rotation in (180, 270):
        bits = bits ^ odd_rows
    return _words(bits.reshape(len(bits), side * side))


def informative(pictures: NDArray[Any]) -> NDArray[np.bool_]:
    """(n, SIDE, SIDE) to (n,): whether there is enough in a picture to tell it from others.

    By contrast and by entropy, never by darkness: what a camera saw at night hashes well, and a
    title card in bright letters is like every other.
    """
    flat = pictures.reshape(len(pictures), -1)
    contrast = flat.std(axis=1, dtype=np.float32)
    return np.asarray((contrast >= LOW_CONTRAST) & (_entropy(flat) >= LOW_ENTROPY))


def _entropy(flat: NDArray[Any]) -> NDArray[np.float64]:
    """Bits per pixel of brightness, in steps of a quarter of the standard deviation: what is
    dark or pale counts as much as what is not."""
    count, pixels = flat.shape
    values = flat.astype(np.float32)
    spread = np.maximum(values.std(axis=1), 1e-3)[:, None]
    values = (values - values.mean(axis=1)[:, None]) / spread * 4 + _LEVELS / 2
    levels = np.clip(values, 0, _LEVELS - 1).astype(np.int64)
    levels += np.arange(count)[:, None] * _LEVELS
    share = np.bincount(levels.ravel(), minlength=count * _LEVELS).reshape(count, _LEVELS) / pixels
    parts = share * np.log2(share, out=np.zeros_like(share), where=share > 0)
    return np.asarray(-parts.sum(axis=1))
