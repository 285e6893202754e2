"""Footage that is pleasant to look at, made from nothing: skies, hills, water, a sun."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFilter

PALETTES = (
    ("#0b1d3a", "#f2a65a", "#1c2541"),
    ("#274060", "#f7c59f", "#1b2845"),
    ("#5f0f40", "#fb8b24", "#2b0a1f"),
    ("#264653", "#e9c46a", "#1d3540"),
    ("#80a1c1", "#eee3ab", "#274c43"),
    ("#10002b", "#e0aaff", "#1b0b3b"),
    ("#3d5a80", "#98c1d9", "#293241"),
    ("#606c38", "#fefae0", "#283618"),
    ("#03071e", "#ffba08", "#370617"),
    ("#a8dadc", "#f1faee", "#457b9d"),
)
VIDEOS = (
    ("Harbour at dawn", (640, 360), 72, 24),
    ("Train to the coast, window seat", (640, 360), 120, 24),
    ("IMG_2093", (360, 640), 48, 30),
    ("Fog over the valley - long take", (640, 272), 150, 25),
    ("Tide coming in", (640, 480), 60, 25),
    ("Night drive", (854, 480), 96, 24),
    ("Rooftops", (640, 360), 48, 24),
    ("drone_flight_0007", (960, 540), 60, 30),
    ("Snow line", (640, 360), 90, 25),
    ("Lake house 1994 (VHS)", (480, 360), 75, 25),
    ("First light", (640, 640), 48, 24),
    ("Desert road", (854, 360), 60, 24),
)
GIFS = (("sunset loop", (320, 180), 18), ("moonrise", (240, 240), 14), ("waves", (320, 240), 16))


def frames(seed: int, size: tuple[int, int], count: int) -> Iterator[Image.Image]:
    """A landscape in which the sun crosses the sky."""
    chance = random.Random(seed)
    top, glow, ground = PALETTES[seed % len(PALETTES)]
    width, height = size
    sky = _gradient(size, top, glow)
    ridges = [_ridge(chance, width, height, 0.52 + 0.14 * n, 0.16 - 0.03 * n) for n in range(3)]
    radius = min(size) // 11
    for place in range(count):
        along = place / max(1, count - 1)
        image = sky.copy()
        x = int(width * (0.12 + 0.76 * along))
        y = int(height * (0.52 - 0.34 * math.sin(math.pi * (0.1 + 0.8 * along))))
        halo = Image.new("L", size, 0)
        ImageDraw.Draw(halo).ellipse(
            [x - 3 * radius, y - 3 * radius, x + 3 * radius, y + 3 * radius], fill=90
        )
        image.paste(
            Image.new("RGB", size, glow), mask=halo.filter(ImageFilter.GaussianBlur(radius))
        )
        draw = ImageDraw.Draw(image)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill="#fff6df")
        for depth, ridge in enumerate(ridges):
            shift = int(along * 14 * (depth + 1))
            points = [(a - shift, b) for a, b in ridge]
            draw.polygon(
                [*points, (width + 60, height), (-60, height)],
                fill=_mix(glow, ground, 0.45 + 0.27 * depth),
            )
        yield image


def make_footage(folder: Path, *, share: float = 1.0) -> list[Path]:
    """A folder of clips, loops, pictures, frames, and things that are wrong; what to add."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, size, count, fps) in enumerate(VIDEOS):
        _video(folder / f"{name}.mp4", seed, size, max(4, int(count * share)), fps)
    for seed, (name, size, count) in enumerate(GIFS, start=20):
        made = list(frames(seed, size, max(3, int(count * share))))
        made[0].save(
            folder / f"{name}.gif", save_all=True, append_images=made[1:], duration=60, loop=0
        )
    next(frames(31, (800, 600), 1)).save(folder / "Poster, final.png")
    sequence = folder / "timelapse frames"
    sequence.mkdir()
    for place, image in enumerate(frames(33, (480, 270), 30)):
        image.save(sequence / f"frame_{place:03}.png")
    whole = (folder / f"{VIDEOS[0][0]}.mp4").read_bytes()
    (folder / "camera card rescue.mp4").write_bytes(whole[: len(whole) // 3])
    (folder / "notes.txt").write_text("Not footage.")
    return [folder]


def _video(path: Path, seed: int, size: tuple[int, int], count: int, fps: int) -> None:
    with av.open(str(path), "w") as output:
        stream = output.add_stream(
            "libx264", rate=fps, options={"preset": "ultrafast", "crf": "20"}
        )
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for image in frames(seed, size, count):
            output.mux(stream.encode(av.VideoFrame.from_image(image)))
        output.mux(stream.encode(None))


def _gradient(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    line = Image.new("RGB", (1, 64))
    for y in range(64):
        line.putpixel((0, y), _rgb(_mix(top, bottom, (y / 63) ** 1.4)))
    return line.resize(size, Image.Resampling.BICUBIC)


def _ridge(
    chance: random.Random, width: int, height: int, level: float, rough: float
) -> list[tuple[int, float]]:
    waves = [
        (chance.uniform(1, 7), chance.uniform(0, 6.3), chance.uniform(0.2, 1)) for _ in range(4)
    ]
    return [
        (
            x,
            height
            * (level + rough * sum(a * math.sin(f * x / width * 3 + s) for f, s, a in waves) / 3),
        )
        for x in range(-60, width + 61, 6)
    ]


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _mix(one: str, other: str, share: float) -> str:
    share = min(1.0, max(0.0, share))
    mixed = [round(a + (b - a) * share) for a, b in zip(_rgb(one), _rgb(other), strict=True)]
    return "#" + "".join(f"{value:02x}" for value in mixed)
