"""Footage made from nothing, for the demonstration and the screenshots: no files to ship.

Each scene is a function of time (0 to 1) and size that gives an RGB picture as a uint8 array
of shape (height, width, 3).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Scene = Callable[[float, int, int], Picture]


def _grid(width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.mgrid[0:height, 0:width]
    return x / height, y / height


def _rgb(*channels: NDArray[np.float64]) -> Picture:
    return np.clip(np.stack(channels, axis=-1) * 255, 0, 255).astype(np.uint8)


def dusk(t: float, width: int, height: int) -> Picture:
    """Hills sliding past under a setting sun."""
    x, y = _grid(width, height)
    red, green, blue = 0.98 - 0.45 * y, 0.55 - 0.30 * y, 0.45 + 0.15 * y
    sun = np.exp(-((x - 0.9) ** 2 + (y - 0.35 - 0.25 * t) ** 2) * 90)
    red, green, blue = red + 0.5 * sun, green + 0.55 * sun, blue + 0.2 * sun
    for depth, base, shade in ((0.6, 0.55, 0.55), (1.1, 0.68, 0.35), (2.0, 0.82, 0.16)):
        ridge = (
            base
            + 0.06 * np.sin(5 * x / depth + depth * (3 + 8 * t))
            + 0.03 * np.sin(13 * x / depth + 20 * t * depth)
        )
        hill = y > ridge
        red, green, blue = (
            np.where(hill, tone * shade, channel)
            for tone, channel in ((0.42, red), (0.36, green), (0.62, blue))
        )
    return _rgb(red, green, blue)


def ripples(t: float, width: int, height: int) -> Picture:
    """Two sources of waves on dark water."""
    x, y = _grid(width, height)
    waves = np.zeros_like(x)
    for cx, cy, speed in ((0.45, 0.4, 5), (1.25, 0.65, 7)):
        r = np.hypot(x - cx, y - cy)
        waves += np.sin(60 * r - 2 * np.pi * speed * t) * np.exp(-1.6 * r)
    light = 0.5 + 0.5 * waves
    return _rgb(0.05 + 0.25 * light**3, 0.15 + 0.5 * light, 0.3 + 0.55 * light)


def balls(t: float, width: int, height: int) -> Picture:
    """Coloured balls that bounce."""
    x, y = _grid(width, height)
    picture = np.full((height, width, 3), (0.93, 0.92, 0.89))
    colours = ((0.87, 0.32, 0.25), (0.20, 0.45, 0.75), (0.95, 0.72, 0.20), (0.25, 0.60, 0.42))
    for number, colour in enumerate(colours):
        cx = 0.25 + 0.4 * number + 0.06 * np.sin(2 * np.pi * (t + number / 4))
        cy = 0.82 - 0.62 * abs(np.sin(np.pi * (2 * t + 0.21 * number)))
        edge = np.clip((0.115 - np.hypot(x - cx, y - cy)) * height / 1.5, 0, 1)[..., None]
        picture = picture * (1 - edge) + np.array(colour) * edge
    return (picture * 255).astype(np.uint8)


def stars(t: float, width: int, height: int) -> Picture:
    """Flying through stars."""
    chance = np.random.default_rng(7)
    picture = np.zeros((height, width, 3))
    picture[..., 2] = 0.06
    for sx, sy, depth in chance.uniform((-1, -1, 0), (1, 1, 1), (260, 3)):
        z = (depth - t) % 1.0 + 0.05
        px, py = int(width / 2 + sx / z * height / 3), int(height / 2 + sy / z * height / 3)
        size = 1 + int(1.6 / (z + 0.35))
        if 0 <= px < width - size and 0 <= py < height - size:
            picture[py : py + size, px : px + size] = (1.0 - 0.75 * z) * np.array((1, 1, 0.95))
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def wheel(t: float, width: int, height: int) -> Picture:
    """A turning wheel of colours."""
    x, y = _grid(width, height)
    cx, cy = width / height / 2, 0.5
    angle = np.arctan2(y - cy, x - cx) + 2 * np.pi * t
    fade = np.clip((0.46 - np.hypot(x - cx, y - cy)) * height / 2, 0, 1)
    spokes = 0.5 + 0.5 * np.sign(np.sin(angle * 6))
    channels = (0.5 + 0.4 * np.cos(angle + shift) for shift in (0, 2.1, 4.2))
    return _rgb(*(0.09 + fade * (channel * (0.75 + 0.25 * spokes) - 0.09) for channel in channels))


def drift(t: float, width: int, height: int) -> Picture:
    """Slow clouds of ink."""
    x, y = _grid(width, height)
    u = x + 0.22 * np.sin(4 * y + 2 * np.pi * t) + 0.11 * np.sin(9 * x - 4 * np.pi * t)
    v = y + 0.22 * np.cos(3 * x - 2 * np.pi * t)
    ink = 0.5 + 0.25 * np.sin(6 * u + 3 * v) + 0.25 * np.sin(11 * v - 5 * u)
    return _rgb(0.92 - 0.72 * ink, 0.90 - 0.55 * ink, 0.86 - 0.28 * ink)


SCENES: dict[str, Scene] = {
    "Dusk over the hills": dusk, "Ripples": ripples, "Bouncing balls": balls,
    "Star flight": stars, "Colour wheel": wheel, "Ink in water": drift,
}  # fmt: skip


def frames(scene: Scene, count: int, width: int, height: int) -> list[Picture]:
    return [scene(number / count, width, height) for number in range(count)]


def write_video(path: Path, pictures: list[Picture], *, codec: str, fps: int) -> None:
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps)
        if codec == "libvpx-vp9":
            stream.options = {"deadline": "realtime", "cpu-used": "8"}
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def write_animation(path: Path, pictures: list[Picture], *, delay_ms: int) -> None:
    first, *rest = [Image.fromarray(picture) for picture in pictures]
    first.save(path, save_all=True, append_images=rest, duration=delay_ms, loop=0)


def write_frames(folder: Path, pictures: list[Picture], *, without: range = range(0)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        if number in without:
            continue
        Image.fromarray(picture).save(folder / f"frame_{number:03d}.png")


def make_footage(folder: Path) -> None:
    """A small archive: videos of several codecs, animations, a frame folder, a damaged file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_video(folder / "Dusk over the hills.mp4", frames(dusk, 60, 640, 360),
                codec="libx264", fps=20)  # fmt: skip
    write_video(folder / "Ripples.webm", frames(ripples, 48, 480, 270), codec="libvpx-vp9", fps=24)
    write_video(folder / "Bouncing balls.mkv", frames(balls, 50, 640, 360),
                codec="libx264", fps=25)  # fmt: skip
    write_video(folder / "Star flight.mov", frames(stars, 48, 480, 360), codec="mpeg4", fps=30)
    write_video(folder / "Tall dusk.mp4", frames(dusk, 30, 270, 480), codec="libx264", fps=20)
    write_animation(folder / "Colour wheel.gif", frames(wheel, 24, 320, 240), delay_ms=50)
    write_animation(folder / "Ink in water.webp", frames(drift, 30, 400, 300), delay_ms=60)
    write_animation(folder / "Small balls.gif", frames(balls, 20, 240, 160), delay_ms=80)
    write_frames(folder / "Ink sequence", frames(drift, 36, 400, 225))
    write_frames(folder / "Gapped sequence", frames(stars, 24, 320, 180), without=range(8, 12))
    Image.fromarray(dusk(0.4, 1280, 720)).save(folder / "Poster.jpg", quality=90)
    whole = (folder / "Bouncing balls.mkv").read_bytes()
    (folder / "Interrupted download.mkv").write_bytes(whole[: len(whole) // 2])
    (folder / "notes.txt").write_text("Not footage: VidCache leaves this where it is.\n")
