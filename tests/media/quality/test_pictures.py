"""What is measured on single pictures and on pairs of them."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.media.quality.footage import (
    SIZE,
    enlarged_from,
    in_blocks,
    landscape,
    noisy,
    pairs,
    picture,
)
from vidcache_gui.media.quality import blocks, detail, laidover, surroundings
from vidcache_gui.media.quality.align import refined
from vidcache_gui.media.quality.detail import Detail
from vidcache_gui.media.quality.pictures import Pair

WIDTH, HEIGHT = SIZE


def fine(seen: list[Pair]) -> tuple[Detail, Detail]:
    return detail.compare(seen, [np.ones(detail.grid_of(pair), bool) for pair in seen])


@pytest.mark.parametrize("height", [60, 100, 160])
def test_an_enlarged_picture_has_the_lines_it_was_enlarged_from(height: int) -> None:
    original, copy = fine(pairs(enlarged_from(height)))

    assert copy.lines == pytest.approx(height, rel=0.2)
    assert original.lines > 0.95 * HEIGHT
    assert copy.level < -1 < original.level == 0


def test_detail_is_told_from_either_side() -> None:
    seen = [Pair(pair.b, pair.a, pair.stretch) for pair in pairs(enlarged_from(100))]

    copy, original = fine(seen)

    assert copy.level < -1 < original.level == 0
    assert copy.lines < 0.6 * original.lines


def test_a_picture_stored_larger_than_it_is_sharp_is_found_out() -> None:
    double = (2 * WIDTH, 2 * HEIGHT)
    original, copy = fine(pairs(lambda image: image.resize(double, Image.Resampling.BICUBIC)))

    assert copy.lines <= original.lines * 1.05


def test_a_picture_made_smaller_has_fewer_lines() -> None:
    half = (WIDTH // 2, HEIGHT // 2)
    original, copy = fine(pairs(lambda image: image.resize(half, Image.Resampling.LANCZOS)))

    assert copy.lines <= HEIGHT / 2 * 1.05
    assert original.lines > 0.95 * HEIGHT


def test_a_small_picture_with_harsh_pixels_is_no_finer() -> None:
    """Every fourth pixel of every fourth row: what is finer than that is folded into it."""
    picked = (WIDTH // 4, HEIGHT // 4)
    original, copy = fine(pairs(lambda image: image.resize(picked, Image.Resampling.NEAREST)))

    assert copy.level == 0  # as far as it can show detail, there is more of it
    assert copy.lines <= HEIGHT / 4 * 1.1
    assert original.lines > 0.95 * HEIGHT


def test_noise_is_no_detail() -> None:
    original, copy = fine(pairs(noisy(8)))

    assert copy.noise == pytest.approx(8, rel=0.25)
    assert copy.noise > 3 * original.noise
    assert abs(copy.level - original.level) < 1


def test_neither_brightness_nor_contrast_is_detail() -> None:
    original, copy = fine(pairs(lambda image: image.point(lambda grey: 20 + grey * 0.7)))

    assert copy.level == pytest.approx(original.level, abs=0.3)
    assert copy.lines == pytest.approx(original.lines, rel=0.05)


def test_boxes_are_laid_within_a_pixel() -> None:
    cropped = (0.1, 0.05, 0.9, 0.85)
    edges = [round(side * length) for side, length in zip(cropped, SIZE * 2, strict=True)]
    off = (0.115, 0.04, 0.89, 0.865)
    seen = pairs(lambda image: image.crop(tuple(edges)), box_a=off)

    stretch = refined(seen)[0].stretch

    assert stretch.box_b == pytest.approx((0, 0, 1, 1), abs=0.004)
    assert stretch.box_a == pytest.approx(cropped, abs=1.2 / HEIGHT)


def test_what_is_the_whole_stays_the_whole() -> None:
    off = (0.01, 0.0, 1.0, 0.985)

    stretch = refined(pairs(enlarged_from(120), box_a=off))[0].stretch

    assert stretch.box_a == stretch.box_b == (0, 0, 1, 1)


def with_logo(image: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(image)
    draw.ellipse((260, 16, 300, 48), fill=240, outline=10, width=4)
    draw.line((268, 32, 292, 32), fill=10, width=4)
    return image


class Subtitles:
    """Other words each time, and none every third time."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, image: Image.Image) -> Image.Image:
        self.count += 1
        if self.count % 3:
            text = "what we say now " if self.count % 2 else "is never said again "
            draw = ImageDraw.Draw(image)
            draw.text((WIDTH // 2, 215), text, 255, anchor="mm", font_size=22, stroke_width=2,
                      stroke_fill=0)  # fmt: skip
        return image


def test_a_logo_is_found_on_the_one_that_has_it() -> None:
    (logo,) = laidover.find(pairs(with_logo, 8)).drawn

    assert (logo.over, logo.steady, logo.reads_like_text) == ("b", True, False)
    left, top, right, bottom = logo.box
    assert left < 268 / WIDTH < 292 / WIDTH < right
    assert top < 24 / HEIGHT < 40 / HEIGHT < bottom
    assert (right - left) * (bottom - top) < 0.08


def test_it_is_found_on_the_first_one_too() -> None:
    seen = [Pair(pair.b, pair.a, pair.stretch) for pair in pairs(with_logo, 8)]

    (logo,) = laidover.find(seen).drawn

    assert logo.over == "a"


def test_subtitles_are_told_from_logos() -> None:
    drawn = laidover.find(pairs(Subtitles(), 8)).drawn

    assert {one.over for one in drawn} == {"b"}
    assert all(one.box[1] > 0.65 for one in drawn)
    assert any(one.reads_like_text for one in drawn)


@pytest.mark.parametrize(
    "change",
    [
        enlarged_from(90),
        noisy(6),
        in_blocks,
        lambda image: image.point(lambda grey: 255 * (grey / 255) ** 2.2),
        lambda image: image.point(lambda grey: min(255, grey + 70)),
        lambda image: image.point(lambda grey: 255 - grey),
    ],
)
def test_what_changes_everything_draws_nothing(change) -> None:  # type: ignore[no-untyped-def]
    assert laidover.find(pairs(change, 8)).drawn == ()


def test_blocks_of_coding_are_seen() -> None:
    clean = np.array(picture(0))
    blocked = np.array(in_blocks(picture(0)))

    assert blocks.blockiness(clean) < 0.3
    assert blocks.blockiness(blocked) > 3 * blocks.blockiness(clean) + 0.5


def test_blocks_are_seen_after_cropping_and_enlarging() -> None:
    blocked = in_blocks(picture(0))
    moved = np.array(blocked)[3:, 5:]
    larger = np.array(blocked.resize((WIDTH * 3 // 2, HEIGHT * 3 // 2), Image.Resampling.BICUBIC))

    assert blocks.blockiness(moved) == pytest.approx(blocks.blockiness(np.array(blocked)), rel=0.2)
    assert blocks.blockiness(larger, 12) > 2 * blocks.blockiness(larger, 11)


def test_torn_pictures_are_seen() -> None:
    torn = np.array(picture(0))
    assert not blocks.combed(torn)

    torn[1::2] = np.array(picture(4))[1::2]

    assert blocks.combed(torn)


def test_steps_in_gradients_are_seen() -> None:
    gradient = np.tile(np.linspace(40, 120, 640), (64, 1))
    smooth = np.rint(gradient + np.random.default_rng(2).normal(0, 0.4, gradient.shape))

    stepped = blocks.banding(np.uint8(gradient // 8 * 8))

    assert stepped > 0.6
    assert blocks.banding(np.uint8(smooth)) < 0.05


def test_bars_are_told_from_more_of_the_scene() -> None:
    scene = np.array(picture(0))
    bars = scene.copy()
    bars[:40] = bars[-40:] = 16
    inner = (0.0, 40 / HEIGHT, 1.0, 1 - 40 / HEIGHT)
    third = pytest.approx(80 / HEIGHT, abs=0.01)

    assert surroundings.around([bars], [inner]) == surroundings.Surroundings(0.0, third)
    assert surroundings.around([scene], [inner]) == surroundings.Surroundings(third, 0.0)


def test_sky_on_one_side_is_no_bar() -> None:
    scene = landscape(WIDTH, HEIGHT)
    scene[:40] = 200
    inner = (0.0, 40 / HEIGHT, 1.0, 1 - 40 / HEIGHT)

    assert surroundings.around([scene], [inner]).bars == 0


def test_pictures_too_small_to_say_anything_say_nothing() -> None:
    seen = pairs(lambda image: image.resize((12, 9)), 2)

    _, copy = fine(refined(seen))

    assert copy.lines <= 12
    assert laidover.find([replace(pair) for pair in seen]).drawn == ()
