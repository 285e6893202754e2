"""The hashes are imagehash's, bit for bit, and turning their bits turns the picture."""

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from tests.media import make
from vidcache_gui.media.fingerprint import hashes
from vidcache_gui.media.fingerprint.fingerprint import SIDE

Small = NDArray[np.uint8]


def by_imagehash(pictures: Small, *parameters: int) -> NDArray[np.uint64]:
    arrays = [imagehash.phash(Image.fromarray(one), *parameters).hash for one in pictures]
    packed = np.packbits(np.stack(arrays).reshape(len(pictures), -1), axis=1)
    return packed.view(">u8").astype(np.uint64)


def assert_the_same(pictures: Small) -> None:
    find, prove = by_imagehash(pictures)[:, 0], by_imagehash(pictures, 16, 2)
    assert np.array_equal(hashes.phash64(pictures), find)
    assert np.array_equal(hashes.phash256(pictures), prove)
    assert all(map(np.array_equal, hashes.phashes(pictures), (find, prove)))


def seen(count: int) -> Small:
    """Numbered frames as footage shows them, small."""
    images = [make.picture(i).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
              for i in range(count)]  # fmt: skip
    return np.stack([np.asarray(image) for image in images])


def clouds(count: int, seed: int = 1) -> Small:
    """Smooth random pictures, of about the frequencies that photographs have."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (count, 5, 5), dtype=np.uint8)
    size = (SIDE, SIDE)
    return np.stack([np.asarray(Image.fromarray(one).resize(size, 3)) for one in coarse])


def special() -> dict[str, Small]:
    random = np.random.default_rng(2)
    steps = np.arange(SIDE)
    shades = random.integers(0, 256, (300, 2, 1, 1), dtype=np.uint8)
    half = random.integers(0, 256, (300, SIDE, SIDE // 2), dtype=np.uint8)
    slopes = random.integers(-8, 9, (300, 2, 1, 1))
    ramps = 128 + slopes[:, 0] * (steps - 16) + slopes[:, 1] * (steps[:, None] - 16)
    return {
        "noise": random.integers(0, 256, (300, SIDE, SIDE), dtype=np.uint8),
        "flat": np.arange(256, dtype=np.uint8).repeat(SIDE * SIDE).reshape(256, SIDE, SIDE),
        "gradients": np.clip(ramps, 0, 255).astype(np.uint8),
        "two shades": np.where(random.random((300, SIDE, SIDE)) < 0.1, shades[:, 0], shades[:, 1]),
        "title cards": np.where(
            (steps > 8) & (steps < 20) & (steps[:, None] > 12), shades[:, 0], shades[:, 1]
        ),
        "symmetric": np.concatenate((half, half[..., ::-1]), axis=2),
        "blocks": random.integers(0, 256, (300, 4, 4), dtype=np.uint8).repeat(8, 1).repeat(8, 2),
        "clouds": clouds(300),
        "frames": seen(300),
    }


@pytest.mark.parametrize("kind", special())
def test_bits_are_those_of_imagehash(kind: str) -> None:
    assert_the_same(special()[kind])


@settings(max_examples=60)
@given(st.data())
def test_bits_are_those_of_imagehash_for_any_picture(data: st.DataObject) -> None:
    shades = data.draw(st.lists(st.integers(0, 255), min_size=1, max_size=4))
    tiles = data.draw(st.sampled_from((1, 2, 4, 8, 16, 32)))
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    pattern = random.choice(np.array(shades, np.uint8), (3, tiles, tiles))
    assert_the_same(pattern.repeat(SIDE // tiles, 1).repeat(SIDE // tiles, 2))


def test_a_batch_of_any_size_gives_the_bits_of_each_picture() -> None:
    pictures = clouds(600)
    together = hashes.phash256(pictures)
    for i in (0, 255, 256, 599):
        assert np.array_equal(hashes.phash256(pictures[i : i + 1])[0], together[i])
    assert hashes.phash64(pictures[:0]).shape == (0,)
    assert hashes.phash256(pictures[:0]).shape == (0, 4)


def test_floating_point_pictures_give_the_bits_of_their_rounded_values() -> None:
    pictures = clouds(50)
    assert np.array_equal(hashes.phash256(pictures.astype(np.float64)), hashes.phash256(pictures))
    shifted = hashes.phash64(pictures.astype(np.float32) + 0.25)
    assert np.bitwise_count(shifted ^ hashes.phash64(pictures)).max() <= 2


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="32 by 32"):
        hashes.phash64(np.zeros((1, 16, 16), np.uint8))


@pytest.mark.parametrize(("mirrored", "rotation"), hashes.ORIENTATIONS)
def test_turned_bits_are_nearly_those_of_the_turned_picture(mirrored: bool, rotation: int) -> None:
    pictures = clouds(400)
    turned = pictures[:, :, ::-1] if mirrored else pictures
    turned = np.ascontiguousarray(np.rot90(turned, -rotation // 90, axes=(1, 2)))
    place = hashes.ORIENTATIONS.index((mirrored, rotation))
    for function, usual, seldom in ((hashes.phash64, 4, 12), (hashes.phash256, 8, 30)):
        guess = hashes.orient_all(function(pictures))[place]
        differ = np.bitwise_count(guess ^ function(turned)).reshape(400, -1).sum(axis=1)
        assert np.median(differ) <= usual
        assert np.percentile(differ, 95) <= seldom


def test_turning_four_times_or_mirroring_twice_gives_the_same_bits() -> None:
    for start in (hashes.phash64(clouds(20)), hashes.phash256(clouds(20))):
        turned = start
        for _ in range(4):
            turned = hashes.orient(turned, False, 90)
        assert np.array_equal(turned, start)
        assert not np.array_equal(hashes.orient(start, False, 90), start)
        assert np.array_equal(hashes.orient(hashes.orient(start, True, 0), True, 0), start)
        assert np.array_equal(hashes.orient(start, False, 0), start)


def test_darkness_is_information_and_flatness_is_none() -> None:
    scene = clouds(20)
    dark = (scene // 12 + 2).astype(np.uint8)
    assert dark.max() < 25
    assert hashes.informative(scene).all()
    assert hashes.informative(dark).all()
    assert not hashes.informative(special()["flat"]).any()
    assert not hashes.informative(special()["title cards"]).any()
    fog = (128 + np.random.default_rng(3).integers(-1, 2, (9, SIDE, SIDE))).astype(np.uint8)
    assert not hashes.informative(fog).any()
