"""Real media made at test time. Every frame shows its own number as a grey level, so that
order can be read off the pixels (:func:`number_of`)."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

STEP = 9  # grey levels between two frames: more than any codec here smears


def picture(number: int, size: tuple[int, int] = (64, 48)) -> np.ndarray[Any, Any]:
    """RGB uint8 (height, width, 3): a flat level that names the frame, and some texture."""
    width, height = size
    level = (number * STEP) % 234 + 10
    image = np.full((height, width, 3), level, np.uint8)
    image[height - height // 4 :, : width // 2] = (number * 37 % 256, 90, 160)
    return image


def level_of(pixels: np.ndarray[Any, Any]) -> float:
    """The level in the part of a picture that names it (upper half)."""
    height = pixels.shape[0]
    return float(pixels[: height // 2, ..., :3].mean())


def number_of(pixels: np.ndarray[Any, Any], near: int = 0) -> int:
    """The frame number shown (modulo 26), as the one nearest to ``near``."""
    period = 234 / STEP
    number = (level_of(pixels) - 10) / STEP
    return round(number + round((near - number) / period) * period)


def make_video(
    path: Path,
    *,
    frames: int = 10,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    fps: int = 25,
    gop: int = 12,
    bframes: int | None = None,
    pix_fmt: str = "yuv420p",
    times: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """A video file; ``times`` are presentation times in ms (variable frame rate)."""
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], pix_fmt
        stream.gop_size = gop
        if bframes is not None:
            stream.max_b_frames = bframes
        stream.options = options or ({"preset": "ultrafast"} if codec == "libx264" else {})
        if times is not None:
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number, size), format="rgb24")
            if times is not None:
                frame.pts, frame.time_base = times[number], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_gif(
    path: Path,
    *,
    frames: int = 5,
    size: tuple[int, int] = (32, 24),
    delays: Sequence[int] | None = None,
) -> Path:
    """An animated GIF; ``delays`` in ms (multiples of 10)."""
    return _animation(path, frames, size, delays or [50] * frames)


def make_webp(path: Path, *, frames: int = 5, size: tuple[int, int] = (32, 24)) -> Path:
    return _animation(path, frames, size, [50] * frames, lossless=True)


def make_apng(path: Path, *, frames: int = 5, size: tuple[int, int] = (32, 24)) -> Path:
    return _animation(path, frames, size, [50] * frames)


def _animation(
    path: Path, frames: int, size: tuple[int, int], delays: Sequence[int], **options: Any
) -> Path:
    first, *rest = [Image.fromarray(picture(number, size)) for number in range(frames)]
    first.save(
        path, save_all=True, append_images=rest, duration=list(delays), loop=0, **options
    )
    return path


def make_frames(
    folder: Path, count: int, *, size: tuple[int, int] = (32, 24), suffix: str = ".png"
) -> Path:
    """A folder of ``frame_000.png`` …"""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.fromarray(picture(number, size)).save(folder / f"frame_{number:03d}{suffix}")
    return folder
