"""Made-up libraries of frame hashes that are as uneven as real ones.

Bits of a perceptual hash are neither even nor independent. Here eight hidden qualities of a
shot push them about, the first bit nearly always stands, frames of a shot differ from the one
before by a few bits, and one frame in a hundred is a title card or black, of fifty kinds of
which the first few are by far the most common; most are exactly alike, the others off by a bit.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

FRAMES = 100  # of a video
SHOT = 10  # frames between cuts
QUERY = 50  # frames of an item that comes in
VARIANTS = 8  # mirrored and turned
_BLOCK = 10_000  # videos made at once
_CARDS = 50

Hashes = NDArray[np.uint64]


def _bits_to_hashes(bits: NDArray[np.bool_]) -> Hashes:
    return np.packbits(bits, axis=-1).view(">u8")[..., 0].astype(np.uint64)


def _some_bit(rng: np.random.Generator, shape: tuple[int, ...], part: float) -> Hashes:
    """One random bit, in this part of the cases."""
    bit = np.uint64(1) << rng.integers(0, 64, shape, np.uint64)
    return np.where(rng.random(shape, np.float32) < part, bit, np.uint64(0))


class Library:
    """``videos`` x FRAMES hashes; the same seed gives the same library."""

    def __init__(self, videos: int, seed: int = 1) -> None:
        self.videos = videos
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._push = rng.normal(0, 0.35, (8, 64)).astype(np.float32)
        self._lean = rng.normal(0, 0.2, 64).astype(np.float32)
        self._lean[0] = 2.5
        self._cards = self._shots(rng, _CARDS)

    def _shots(self, rng: np.random.Generator, count: int) -> Hashes:
        hidden = rng.standard_normal((count, 8), np.float32) @ self._push
        return _bits_to_hashes(
            rng.standard_normal((count, 64), np.float32) + hidden + self._lean > 0
        )

    def blocks(self) -> Iterator[tuple[int, Hashes]]:
        """Number of the first video, and hashes (videos, FRAMES)."""
        for first in range(0, self.videos, _BLOCK):
            yield first, self._block(first, min(_BLOCK, self.videos - first))

    def _block(self, first: int, count: int) -> Hashes:
        rng = np.random.default_rng((self._seed, first))
        steps = np.zeros((count, FRAMES // SHOT, SHOT), np.uint64)
        for _ in range(4):
            steps ^= _some_bit(rng, steps.shape, 0.5)
        steps[:, :, 0] = self._shots(rng, count * FRAMES // SHOT).reshape(count, -1)
        frames = np.bitwise_xor.accumulate(steps, axis=2).reshape(count, FRAMES)
        is_card = rng.random(frames.shape, np.float32) < 0.01
        kinds = np.minimum(rng.zipf(1.5, int(is_card.sum())) - 1, _CARDS - 1)
        frames[is_card] = self._cards[kinds] ^ _some_bit(rng, kinds.shape, 0.3)
        return frames

    def planted(self, count: int) -> Iterator[tuple[int, Hashes, NDArray[np.int64]]]:
        """Copies of parts of videos: owner, hashes of QUERY frames, place of each in the owner.

        Six frames in ten are 0 to 7 bits off, the others 8 to 16.
        """
        rng = np.random.default_rng((self._seed, 7))
        for owner in np.sort(rng.choice(self.videos, count, replace=False)).tolist():
            first = owner - owner % _BLOCK
            block = self._block(first, min(_BLOCK, self.videos - first))
            start = int(rng.integers(0, FRAMES - QUERY))
            places = np.arange(start, start + QUERY)
            near = rng.random(QUERY) < 0.6
            off = np.where(near, rng.integers(0, 8, QUERY), rng.integers(8, 17, QUERY))
            noise = np.array([_bits_to_hashes(_off_by(rng, int(each))) for each in off])
            yield owner, block[owner - first][places] ^ noise, places


def _off_by(rng: np.random.Generator, count: int) -> NDArray[np.bool_]:
    bits = np.zeros(64, np.bool_)
    bits[rng.choice(64, count, replace=False)] = True
    return bits


def turned(hashes: Hashes) -> Hashes:
    """(q,) -> (VARIANTS * q,): what the hashes become when the picture is mirrored and turned."""
    odd = np.arange(8) % 2 == 1
    columns = _bits_to_hashes(np.tile(odd, 8))
    rows = _bits_to_hashes(np.repeat(odd, 8))
    bits = np.unpackbits(hashes.astype(">u8").view(np.uint8)).reshape(-1, 8, 8)
    across = _bits_to_hashes(bits.transpose(0, 2, 1).reshape(-1, 64))
    return np.concatenate(
        [
            each ^ flip
            for each in (hashes, across)
            for flip in (0 * rows, columns, rows, rows ^ columns)
        ]
    )
