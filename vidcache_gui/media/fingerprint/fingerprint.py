"""The stored fingerprint: small grey pictures of the moments that differ, and their times."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VERSION = 1  # of the scaling and sampling: fingerprints of different versions are not compared
SIDE = 32  # pixels of a small picture, both ways, whatever the shape of the footage

_HEAD = struct.Struct("<4sHHIf")
_MAGIC = b"VCfp"


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """``times`` and ``ends``: milliseconds, uint32, (n,): picture i stays from times[i] to
    ends[i]. ``pictures``: uint8 grey (n, SIDE, SIDE). ``duration``: seconds of the footage.
    """

    duration: float
    times: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    pictures: NDArray[np.uint8]
    version: int = VERSION

    def __len__(self) -> int:
        return len(self.times)

    def to_bytes(self) -> bytes:
        head = _HEAD.pack(_MAGIC, self.version, SIDE, len(self.times), self.duration)
        # Differences from the picture before pack into about half of what pictures take.
        flat = self.pictures.reshape(len(self.times), -1)
        change = np.diff(flat, axis=0, prepend=np.zeros((1, flat.shape[1]), np.uint8))
        body = self.times.tobytes() + self.ends.tobytes() + change.tobytes()
        # What is left repeats in runs if at all: looking for more takes three times as long
        # and finds less.
        packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 8, zlib.Z_RLE)
        return head + packer.compress(body) + packer.flush()

    @staticmethod
    def first_pictures(data: bytes, most: int) -> NDArray[np.uint8]:
        """The first pictures of what :meth:`to_bytes` wrote, uint8 grey (at most ``most``, SIDE,
        SIDE), without unpacking the rest. Raises ValueError for anything else."""
        if len(data) < _HEAD.size:
            raise ValueError("a fingerprint is cut off")
        magic, _, side, count, _ = _HEAD.unpack_from(data)
        if magic != _MAGIC or side != SIDE:
            raise ValueError("not a fingerprint")
        wanted, size = min(most, count), SIDE * SIDE
        try:
            body = zlib.decompressobj().decompress(
                data[_HEAD.size :], max(1, count * 8 + wanted * size)
            )
            change = np.frombuffer(body, np.uint8, wanted * size, count * 8).reshape(wanted, size)
        except (zlib.error, ValueError) as error:
            raise ValueError("a fingerprint is damaged") from error
        return np.cumsum(change, axis=0, dtype=np.uint8).reshape(wanted, SIDE, SIDE)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Fingerprint":
        """Raises ValueError for what :meth:`to_bytes` did not write."""
        if len(data) < _HEAD.size:
            raise ValueError("a fingerprint is cut off")
        magic, version, side, count, duration = _HEAD.unpack_from(data)
        if magic != _MAGIC or side != SIDE:
            raise ValueError("not a fingerprint")
        try:
            body = zlib.decompress(data[_HEAD.size :])
        except zlib.error as error:
            raise ValueError("a fingerprint is damaged") from error
        if len(body) != count * (8 + SIDE * SIDE):
            raise ValueError("a fingerprint has another size than it says")
        times = np.frombuffer(body, "<u4", count)
        ends = np.frombuffer(body, "<u4", count, count * 4)
        change = np.frombuffer(body, np.uint8, offset=count * 8).reshape(count, SIDE * SIDE)
        pictures = np.cumsum(change, axis=0, dtype=np.uint8).reshape(count, SIDE, SIDE)
        return cls(duration, times, ends, pictures, version)
