"""Hashes with their bits dealt out to four bands of 16, and the buckets to look into."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

BANDS = 4
BAND_BITS = 16
BUCKETS = 1 << BAND_BITS


def _order() -> NDArray[np.int64]:
    """Which coefficient of the 8x8 perceptual hash comes to each place of a dealt one.

    Coefficients are dealt like cards, one diagonal (one frequency) after the other, so every
    band gets as much of the low frequencies, which are alike in many pictures, as of the high
    ones. How many entries fall into the 68 buckets of a query, against evenly
    spread bits, measured on frames of 33 unrelated kinds of footage: 1.6 times; every
    fourth bit in turn 2.6, two rows to a band 3.0, two columns 2.9, at random 1.4 to 2.7.
    """
    by_frequency = sorted(range(64), key=lambda at: (at // 8 + at % 8, at // 8))
    return np.array([by_frequency[turn] for band in range(BANDS) for turn in range(band, 64, 4)])


def _tables(source: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(8, 256): what each value of each byte of a hash becomes, to be joined by "or".

    ``source[i]``: the bit that moves to bit i.
    """
    tables = np.zeros((8, 256), np.uint64)
    values = np.arange(256, dtype=np.uint64)
    for place, bit in enumerate(source.tolist()):
        byte, inside = divmod(bit, 8)
        tables[byte] |= ((values >> np.uint64(inside)) & np.uint64(1)) << np.uint64(place)
    return tables


_SOURCE = 63 - _order()  # the first coefficient is the highest bit of a hash
_DEAL = _tables(_SOURCE)
_UNDEAL = _tables(np.argsort(_SOURCE))


def deal(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same bits in another order: bits 16b to 16b+15 are band b. Distances stay."""
    return _moved(hashes, _DEAL)


def undeal(dealt: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes that :func:`deal` was given."""
    return _moved(dealt, _UNDEAL)


def _moved(hashes: NDArray[np.uint64], tables: NDArray[np.uint64]) -> NDArray[np.uint64]:
    each = np.ascontiguousarray(hashes, "<u8").view(np.uint8).reshape(-1, 8)
    moved: NDArray[np.uint64] = tables[0][each[:, 0]]
    for byte in range(1, 8):
        moved |= tables[byte][each[:, byte]]
    return moved


def band_values(dealt: NDArray[np.uint64], band: int) -> NDArray[np.uint16]:
    """(n,): the bucket of each dealt hash in a band."""
    return (dealt >> np.uint64(BAND_BITS * band)).astype(np.uint16)


def flips(radius: int) -> NDArray[np.uint16]:
    """Every pattern of up to ``radius`` bits of a band, the fewest bits first."""
    patterns = [
        sum(1 << bit for bit in bits)
        for count in range(radius + 1)
        for bits in combinations(range(BAND_BITS), count)
    ]
    return np.array(patterns, np.uint16)


def band_radii(radius: int, *, exact_buckets: bool = False) -> list[int]:
    """How many bits each band may differ in, so that no hash within ``radius`` is missed.

    Pigeonhole: were every band i to differ in more than r[i] bits, the hashes would differ in
    more than sum(r) + 3. So sum(r) = radius - 3 is enough, where -1 leaves a band out. One bit
    per band (68 buckets) is what is looked up at most: it reaches radius 7; beyond that, or
    beyond 3 with ``exact_buckets``, hashes whose differing bits are spread evenly are missed.
    """
    most = 0 if exact_buckets else 1
    wanted = min(radius - BANDS + 1, most * BANDS)
    each, over = divmod(wanted, BANDS)
    return [max(each + (band < over), -1) for band in range(BANDS)]
