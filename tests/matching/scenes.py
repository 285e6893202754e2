"""Moving scenes with the texture of real footage, and what is done to copies of them.

Frames are uint8 (n, height, width, 3), ``RATE`` a second. A scene is made of its seed alone.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RATE = 12
WIDTH, HEIGHT = 160, 96
Frames = NDArray[np.uint8]


def texture(random: np.random.Generator, side: int = 256) -> NDArray[np.float32]:
    """Noise whose strength falls with its fineness, as that of photographs does; 0 to 255."""
    y, x = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side), indexing="ij")
    strength = 1 / np.maximum(np.hypot(x, y), 1 / side) ** 1.6
    layers = [
        np.fft.ifft2(np.fft.fft2(random.normal(size=(side, side))) * strength).real
        for _ in range(3)
    ]
    shared = layers[0]
    shades = np.stack([shared + 0.4 * layer for layer in layers], axis=-1)
    shades = (shades - shades.mean()) / shades.std()
    return (128 + 55 * shades).clip(0, 255).astype(np.float32)


def scene(seed: int, seconds: float = 6.0, *, take: int = 0, still: bool = False) -> Frames:
    """A camera that pans over a place in which three things move.

    ``take``: the same place and things in other movements. ``still``: the camera does not move.
    """
    place, motion = np.random.default_rng(seed), np.random.default_rng([seed, take])
    ground = texture(place)
    shades = place.uniform(20, 235, (3, 3))
    sizes = place.uniform(9, 24, (3, 2))
    pace, phase = motion.uniform(0.6, 2.2, (3, 2)), motion.uniform(0, 6.3, (3, 2))
    pan = motion.uniform(-1, 1, (2, 2)) * (0 if still else 1)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    frames = []
    for i in range(round(seconds * RATE)):
        time = i / RATE
        left, top = 45 + 40 * np.sin(pan[0] * time + pan[1] * 3)
        left, top = int(left), int(top * 1.5)
        picture = ground[top : top + HEIGHT, left : left + WIDTH].copy()
        for thing in range(3):
            swing = np.sin(pace[thing] * time + phase[thing])
            centre = np.array((WIDTH, HEIGHT)) * (0.5 + 0.38 * swing)
            inside = ((x - centre[0]) / sizes[thing, 0]) ** 2 + (
                (y - centre[1]) / sizes[thing, 1]
            ) ** 2 < 1
            picture[inside] = 0.25 * picture[inside] + 0.75 * shades[thing]
        frames.append(picture)
    return np.asarray(frames).clip(0, 255).astype(np.uint8)


def film(seed: int, shots: int = 3, seconds: float = 2.5) -> Frames:
    """Several scenes in a row."""
    return np.concatenate([scene(seed * 100 + i, seconds) for i in range(shots)])


# --- what is done to copies -------------------------------------------------------------------


def resized(frames: Frames, width: int, height: int) -> Frames:
    return np.asarray(
        [
            np.asarray(Image.fromarray(f).resize((width, height), Image.Resampling.BILINEAR))
            for f in frames
        ]
    )


def cropped(frames: Frames, left: float, top: float, right: float, bottom: float) -> Frames:
    """The part of every picture between parts 0 to 1 of its width and height."""
    height, width = frames.shape[1:3]
    return frames[
        :, int(top * height) : int(bottom * height), int(left * width) : int(right * width)
    ]


def padded(frames: Frames, rows: int, columns: int, colour: int = 0) -> Frames:
    """Bars of ``rows`` above and below, ``columns`` left and right."""
    return np.pad(
        frames, ((0, 0), (rows, rows), (columns, columns), (0, 0)), constant_values=colour
    )


def toned(frames: Frames, change: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> Frames:
    return change(frames.astype(np.float32)).clip(0, 255).astype(np.uint8)


def noisy(frames: Frames, strength: float, seed: int = 0) -> Frames:
    grain = np.random.default_rng(seed).normal(0, strength, frames.shape)
    return toned(frames, lambda f: f + grain.astype(np.float32))


def at_speed(frames: Frames, speed: float) -> Frames:
    """Every picture at RATE from the nearest one of the faster or slower footage."""
    count = round(len(frames) / speed)
    places = np.minimum((np.arange(count) * speed).round().astype(int), len(frames) - 1)
    return frames[places]


def zoomed(frames: Frames, most: float = 1.25) -> Frames:
    """Moves in from the whole picture to its middle 1 / ``most``."""
    out = []
    for i, picture in enumerate(frames):
        margin = (1 - 1 / (1 + (most - 1) * i / max(1, len(frames) - 1))) / 2
        part = cropped(picture[None], margin, margin, 1 - margin, 1 - margin)
        out.append(resized(part, frames.shape[2], frames.shape[1])[0])
    return np.asarray(out)


def blurred_sides(frames: Frames) -> Frames:
    """Upright, with the whole picture over its own enlarged, coarse copy."""
    height, width = frames.shape[1:3]
    tall = width * 16 // 9
    slim = cropped(frames, 0.5 - 0.5 * height / tall, 0, 0.5 + 0.5 * height / tall, 1)
    ground = resized(resized(slim, 6, 10), width, tall)
    top = (tall - height) // 2
    ground[:, top : top + height] = frames
    return ground


def inset(frames: Frames, other: Frames, part: float = 0.35) -> Frames:
    """``other`` small in the lower right corner."""
    out, (height, width) = frames.copy(), frames.shape[1:3]
    small = resized(other[: len(frames)], int(width * part), int(height * part))
    out[: len(small), -small.shape[1] - 3 : -3, -small.shape[2] - 3 : -3] = small
    return out


def with_logo(frames: Frames) -> Frames:
    out = frames.copy()
    out[:, 4:20, 4:40] = (230, 30, 40)
    out[:, 9:15, 9:35] = 255
    return out


def with_banner(frames: Frames) -> Frames:
    out, height = frames.copy(), frames.shape[1]
    out[:, height * 3 // 4 :] = (240, 240, 235)
    out[:, height * 3 // 4 + 8 : height * 3 // 4 + 14, 10:120] = (20, 30, 80)
    return out


def subtitled(frames: Frames) -> Frames:
    """Other words every second, in white with black round them."""
    out, height = frames.copy(), frames.shape[1]
    for i in range(len(out)):
        random = np.random.default_rng(i // RATE)
        for k in range(12):
            left, wide = 20 + k * 10, int(random.integers(3, 9))
            out[i, height - 16 : height - 4, left - 1 : left + wide + 1] = 0
            out[i, height - 14 : height - 6, left : left + wide] = 255
    return out
