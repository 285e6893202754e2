"""What an index must answer, by comparing everything with everything."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index import Hits

Hashes = NDArray[np.uint64]
Entries = Mapping[int, list[tuple[int, int]]]  # owner: hash and place
Hit = tuple[int, int, int, int]  # query, owner, place, distance


def hashes_of(*values: int) -> Hashes:
    return np.array(values, np.uint64)


def near(entries: Entries, queries: Hashes, radius: int) -> list[Hit]:
    """Every hit, ordered as :class:`Hits` is but for distances."""
    return sorted(
        (number, owner, place, distance)
        for owner, added in entries.items()
        for hash, place in added
        for number, query in enumerate(queries.tolist())
        if (distance := (hash ^ query).bit_count()) <= radius
    )


def listed(hits: Hits) -> list[Hit]:
    return sorted(
        zip(
            hits.query.tolist(),
            hits.owner.tolist(),
            hits.place.tolist(),
            hits.distance.tolist(),
            strict=True,
        )
    )


def off_by(rng: np.random.Generator, hashes: Hashes, bits: int) -> Hashes:
    """Each hash with exactly so many bits changed."""
    masks = [sum(1 << int(bit) for bit in rng.choice(64, bits, replace=False)) for _ in hashes]
    return hashes ^ hashes_of(*masks)


def random_hashes(rng: np.random.Generator, count: int) -> Hashes:
    return rng.integers(0, 2**64, count, np.uint64)
