"""The difference against arithmetic done the slow way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from vidcache_gui.gui.compare.difference import BAND, Look, difference, evened, figures, pixels_of


def noise(seed: int, width: int, height: int) -> np.ndarray:
    made = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    made[..., 3] = 255
    return made


def grey_of(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), image.bytesPerLine())[:, : image.width()].copy()


@settings(max_examples=30)
@given(
    st.integers(0, 99),
    st.integers(1, 40),
    st.integers(1, 2 * BAND + 3),
    st.sampled_from((1, 4, 16)),
)
def test_the_coloured_difference(seed: int, width: int, height: int, gain: int) -> None:
    a, b = noise(seed, width, height), noise(seed + 1, width, height)
    image = difference(a, b, gain)
    shown = pixels_of(image)[..., :3].astype(int)
    apart = np.abs(a.astype(int) - b.astype(int))[..., :3]
    expected = np.minimum(apart, 255 // gain) * gain
    assert (shown == expected).all()


def test_the_brightness_and_its_sign() -> None:
    a = np.full((40, 6, 4), 100, np.uint8)
    b = np.full((40, 6, 4), 110, np.uint8)
    assert set(grey_of(difference(a, b, 4, Look.LUMA)).ravel()) == {40}
    assert set(grey_of(difference(a, b, 4, Look.SIGNED)).ravel()) == {168}
    assert set(grey_of(difference(b, a, 4, Look.SIGNED)).ravel()) == {88}
    assert set(grey_of(difference(a, a, 16, Look.SIGNED)).ravel()) == {128}
    white, black = np.full_like(a, 255), np.zeros_like(a)
    assert set(grey_of(difference(black, white, 16, Look.SIGNED)).ravel()) == {255}
    assert set(grey_of(difference(white, black, 16, Look.SIGNED)).ravel()) == {0}
    assert set(grey_of(difference(white, black, 16, Look.LUMA)).ravel()) == {255}


def test_figures_are_mean_and_signal_to_noise() -> None:
    a, b = noise(1, 64, 48), noise(2, 64, 48)
    apart = (a.astype(float) - b.astype(float))[..., :3]
    found = figures(a, b)
    assert found.mean == pytest.approx(np.abs(apart).mean(), rel=1e-5)
    assert found.psnr == pytest.approx(10 * math.log10(255**2 / (apart**2).mean()), rel=1e-5)


def test_no_difference_is_true_of_every_pixel() -> None:
    a = noise(3, 32, 600)
    assert figures(a, a.copy()).none
    b = a.copy()
    b[1, 5, 0] ^= 1  # in a row that is not measured
    found = figures(a, b)
    assert not found.none
    assert math.isinf(found.psnr)


def test_wide_rows_of_an_image_are_left_out() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0xFF102030)
    assert pixels_of(image).tolist() == [[[0x30, 0x20, 0x10, 255]] * 3] * 2


def test_what_differs_in_brightness_and_contrast_only_is_no_difference() -> None:
    rows = np.linspace(40, 200, 64).astype(np.uint8)
    a = np.repeat(np.repeat(rows[:, None], 48, axis=1)[..., None], 4, axis=2)
    b = (a * 0.5 + 30).astype(np.uint8)
    a[..., 3] = b[..., 3] = 255
    assert figures(a, b).mean > 10
    assert figures(a, evened(a, b)).mean < 1
    c = b.copy()
    c[20:30, 20:30, :3] = 250  # what is laid over it stays to be seen
    apart = np.abs(evened(a, c).astype(int) - a)[..., :3].mean(axis=2)
    assert apart[20:30, 20:30].mean() > 5 * np.delete(apart, range(20, 30), axis=0).mean()
