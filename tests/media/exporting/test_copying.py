"""Parts of animations in their own format: every pixel and delay as it was."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media import make
from tests.media.exporting.gifs import canvases, odd_gif, same
from vidcache_gui.media import timing
from vidcache_gui.media.exporting import chunktrim, gifwrite
from vidcache_gui.media.exporting.giftrim import read_blocks, trim_gif


def delays(data: bytes) -> list[float]:
    return [delay * 1000 for delay in timing.gif(data)]


@pytest.mark.parametrize("seed", range(60))
def test_any_part_of_any_gif_shows_the_same_pixels(seed: int) -> None:
    data, count = odd_gif(seed)
    shown, times = canvases(data), delays(data)
    for first in range(count):
        last = count - 1 - first % 2 if first < count - 1 else count - 1
        out = io.BytesIO()
        assert trim_gif(data, out, first, times[first : last + 1], loop=None) is not None
        assert same(canvases(out.getvalue()), shown[first : last + 1]), (first, last)
        assert delays(out.getvalue()) == times[first : last + 1]


def test_the_compressed_pictures_are_the_original_ones(tmp_path: Path) -> None:
    """A GIF as programs write them: whole first frame, parts that stay."""
    path = make.make_gif(tmp_path / "a.gif", frames=10, delays_ms=list(range(40, 140, 10)))
    data = path.read_bytes()
    out = io.BytesIO()
    trimmed = trim_gif(data, out, 4, [10.0 * n for n in range(1, 5)], loop=2)
    assert trimmed is not None
    assert (trimmed.drawn, trimmed.inexact) == (1, 0)
    made = out.getvalue()
    stored = [data[block.picture : block.end] for block in read_blocks(data)]
    copied = [made[block.picture : block.end] for block in read_blocks(made)]
    assert copied[1:] == stored[5:8]
    assert delays(made) == [10, 20, 30, 40]
    with Image.open(io.BytesIO(made)) as image:
        assert image.info["loop"] == 1  # shown twice: repeated once


def test_more_colours_than_a_frame_can_have_are_told() -> None:
    """Two halves with 256 colours each, the second drawn beside the first."""
    out = io.BytesIO()
    gifwrite.write_header(out, 64, 16)
    gifwrite.write_loop(out, 0)
    for left, shade in ((0, 0), (32, 1)):
        picture = Image.frombytes("P", (32, 16), bytes(range(256)) * 2)
        picture.putpalette(bytes(v for n in range(256) for v in (n, shade * 200, 255 - n)))
        buffer = io.BytesIO()
        picture.save(buffer, "GIF", optimize=False)
        table, flags, data, _ = gifwrite._parts(buffer.getvalue())
        out.write(gifwrite.control(4, gifwrite.KEEP, gifwrite.NO_TRANSPARENCY))
        head = data[:1] + struct.pack("<HH", left, 0) + data[5:9] + bytes([0x80 | flags])
        out.write(head + table + data[10:])
    out.write(gifwrite.TRAILER)
    trimmed = trim_gif(out.getvalue(), io.BytesIO(), 1, [40.0], loop=None)
    assert trimmed is not None
    assert (trimmed.drawn, trimmed.inexact) == (1, 1)


@pytest.mark.parametrize("cut", [5, 14, 200, 900])
def test_a_damaged_gif_is_left_to_the_decoder(tmp_path: Path, cut: int) -> None:
    data = make.make_gif(tmp_path / "a.gif", frames=6).read_bytes()[:cut]
    assert trim_gif(data, io.BytesIO(), 2, [40.0] * 4, loop=None) is None


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("first", [0, 1, 3, 5])
def test_parts_of_apng_and_webp_show_the_same_pixels(
    tmp_path: Path, alpha: bool, first: int
) -> None:
    times = [40, 50, 60, 70, 80, 90]
    for maker, trim, read in (
        (make.make_apng, chunktrim.trim_apng, timing.apng),
        (make.make_webp, chunktrim.trim_webp, timing.webp),
    ):
        data = maker(tmp_path / "a", 6, delays_ms=times, alpha=alpha).read_bytes()
        out = io.BytesIO()
        kept = times[first:5] or times[first:]
        assert trim(data, out, first, kept, loop=3), maker
        made = out.getvalue()
        assert same(canvases(made), canvases(data)[first : first + len(kept)]), maker
        assert [round(delay * 1000) for delay in read(made)] == kept
        with Image.open(io.BytesIO(made)) as image:
            image.load()
            assert image.info["loop"] == 3


def test_a_lossy_webp_is_not_compressed_again(tmp_path: Path) -> None:
    """Photographs as lossless WebP would be many times larger."""
    noise = np.random.default_rng(1).integers(0, 255, (6, 64, 64, 3), np.uint8)
    images = [Image.fromarray(one) for one in noise]
    path = tmp_path / "a.webp"
    images[0].save(path, save_all=True, append_images=images[1:], quality=50, duration=40)
    data = path.read_bytes()
    out = io.BytesIO()
    assert chunktrim.trim_webp(data, out, 3, [40.0] * 3, loop=None)
    assert len(out.getvalue()) < len(data)
    assert same(canvases(out.getvalue()), canvases(data)[3:])


def test_what_is_no_animation_is_left_alone(tmp_path: Path) -> None:
    still = make.make_image(tmp_path / "a.png").read_bytes()
    assert not chunktrim.trim_apng(still, io.BytesIO(), 0, [40.0], loop=None)
    assert not chunktrim.trim_webp(still, io.BytesIO(), 0, [40.0], loop=None)
