"""Bits are dealt out without loss, and no hash within the radius escapes the buckets."""

import numpy as np
import pytest

from tests.matching.index.model import off_by, random_hashes
from vidcache_gui.matching.index.bands import (
    BANDS,
    band_radii,
    band_values,
    deal,
    flips,
    undeal,
)


def test_dealing_keeps_every_bit() -> None:
    single = np.uint64(1) << np.arange(64, dtype=np.uint64)
    assert sorted(deal(single).tolist()) == sorted(single.tolist())
    hashes = random_hashes(np.random.default_rng(1), 500)
    assert np.array_equal(undeal(deal(hashes)), hashes)
    assert np.array_equal(
        np.bitwise_count(deal(hashes) ^ deal(hashes[::-1])),
        np.bitwise_count(hashes ^ hashes[::-1]),
    )


def test_every_band_gets_its_share_of_each_frequency() -> None:
    """Of n coefficients with one frequency, each band has n / 4, give or take one."""
    for diagonal in range(15):
        at = [(row, diagonal - row) for row in range(8) if 0 <= diagonal - row < 8]
        bits = [np.uint64(1 << (63 - 8 * row - column)) for row, column in at]
        dealt = deal(np.array(bits, np.uint64))
        shares = [np.count_nonzero(band_values(dealt, band)) for band in range(BANDS)]
        assert sum(shares) == len(at)
        assert max(shares) - min(shares) <= 1


def test_flips_are_all_patterns_of_few_bits() -> None:
    assert flips(0).tolist() == [0]
    assert len(set(flips(1).tolist())) == len(flips(1)) == 17
    assert np.bitwise_count(flips(2)).tolist() == [0] + [1] * 16 + [2] * 120


@pytest.mark.parametrize("exact_buckets", [False, True])
@pytest.mark.parametrize("radius", range(8))
def test_some_band_is_near_enough(radius: int, exact_buckets: bool) -> None:
    """However ``radius`` bits are spread over the bands, one is within what is looked up."""
    radii = band_radii(radius, exact_buckets=exact_buckets)
    spreads = [
        (a, b, c, radius - a - b - c)
        for a in range(radius + 1)
        for b in range(radius + 1 - a)
        for c in range(radius + 1 - a - b)
    ]
    found = [
        any(bits <= most for bits, most in zip(spread, radii, strict=True)) for spread in spreads
    ]
    assert all(found) == (radius <= 3 or not exact_buckets)
    assert sum(len(flips(most)) for most in radii if most >= 0) <= (4 if exact_buckets else 68)


def test_a_larger_radius_looks_into_no_more_buckets() -> None:
    assert band_radii(12) == band_radii(7) == [1, 1, 1, 1]
    assert band_radii(0) == [0, -1, -1, -1]


def test_the_model_is_off_by_what_it_says() -> None:
    rng = np.random.default_rng(2)
    hashes = random_hashes(rng, 20)
    assert np.bitwise_count(off_by(rng, hashes, 5) ^ hashes).tolist() == [5] * 20
