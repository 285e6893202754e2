"""Footage as rich in detail as a camera's, that moves, and ways to spoil it."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from vidcache_gui.media.boxes import WHOLE, Box
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.quality.pictures import Luma, Pair, Shot
from vidcache_gui.media.quality.records import Material, Stretch

SIZE = (320, 240)  # width, height
SEED = 4
Change = Callable[[Image.Image], Image.Image]


def landscape(width: int, height: int, seed: int = SEED) -> Luma:
    """Detail at every size, weaker the finer it is, here more and there less; and hard edges."""
    random = np.random.default_rng(seed)
    calm = np.asarray(
        Image.fromarray(random.integers(0, 256, (5, 12), np.uint8)).resize((width, height), 3),
        np.float32,
    )
    grey = 120 + 30 * _waves(random, width, height, 2.2)
    grey += 14 * _waves(random, width, height, 1.3) * np.clip(calm / 100 - 0.6, 0.04, 1)
    for _ in range(30):  # houses
        x, y = random.integers(0, width), random.integers(0, height)
        grey[y : y + 24, x : x + 16] = random.integers(40, 220)
    result: Luma = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return result


def _waves(random: np.random.Generator, width: int, height: int, slope: float) -> Any:
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    size = np.hypot(down, across)
    size[0, 0] = np.inf
    waves = (random.normal(size=size.shape) + 1j * random.normal(size=size.shape)) / size**slope
    grey = np.fft.irfft2(waves, (height, width))
    return grey / grey.std()


WIDE = landscape(1000, 300)


def picture(at: int) -> Image.Image:
    """Moves three pixels each time."""
    left, top = 3 * at % 600, 20
    return Image.fromarray(np.ascontiguousarray(WIDE[top : top + SIZE[1], left : left + SIZE[0]]))


def pairs(change: Change, count: int = 4, box_a: Box = WHOLE, box_b: Box = WHOLE) -> list[Pair]:
    """Pictures and what ``change`` makes of them."""
    stretch = Stretch(0, 10, 0, 10, box_a=box_a, box_b=box_b)
    found = []
    for at in range(0, 40 * count, 40):
        one = picture(at)
        found.append(
            Pair(Shot(np.array(one), 0.0), Shot(np.array(change(one.copy())), 0.0), stretch)
        )
    return found


def enlarged_from(height: int) -> Change:
    """Made small and large again: no detail is left above ``height`` lines."""

    def change(image: Image.Image) -> Image.Image:
        small = image.resize(
            (image.width * height // image.height, height), Image.Resampling.LANCZOS
        )
        return small.resize(image.size, Image.Resampling.BICUBIC)

    return change


def noisy(strength: float) -> Change:
    random = np.random.default_rng(1)

    def change(image: Image.Image) -> Image.Image:
        grey = np.asarray(image, np.float32) + random.normal(0, strength, image.size[::-1])
        return Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))

    return change


def in_blocks(image: Image.Image) -> Image.Image:
    """Every block of 8×8 keeps its mean and slopes, as the coarsest of coding does."""
    grey = np.array(image, np.float32)
    blocks = grey.reshape(grey.shape[0] // 8, 8, grey.shape[1] // 8, 8).transpose(0, 2, 1, 3)
    slope = np.linspace(-1, 1, 8)
    mean = blocks.mean(axis=(2, 3), keepdims=True)
    right = (blocks * slope).mean(axis=(2, 3), keepdims=True) * 2.3
    down = (blocks * slope[:, None]).mean(axis=(2, 3), keepdims=True) * 2.3
    coarse = mean + right * slope + down * slope[:, None]
    flat = coarse.transpose(0, 2, 1, 3).reshape(grey.shape)
    return Image.fromarray(np.clip(np.rint(flat), 0, 255).astype(np.uint8))


def encode(
    path: Path,
    change: Change = lambda image: image,
    *,
    frames: int = 48,
    fps: int = 24,
    crf: int = 16,
    repeat: int = 1,
) -> Path:
    """Frame ``i`` is ``picture(i // repeat)`` after ``change``, as H.264."""
    options = {"preset": "veryfast", "crf": str(crf), "x264-params": "log-level=none"}
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=fps, options=options)
        stream.pix_fmt = "yuv420p"
        stream.width, stream.height = change(picture(0)).size
        for at in range(frames):
            image = change(picture(at // repeat * repeat))
            frame = av.VideoFrame.from_image(image.convert("RGB"))
            frame.pts, frame.time_base = at, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def material(path: Path) -> Material:
    seen = inspect_file(str(path))
    return Material(seen.facts.kind, (str(path),), seen.facts.extension, seen.index)
