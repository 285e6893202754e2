"""Logos, banners, idents and countdowns that the copies share; drawn here, the same every time."""

import math
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.bench.matching.mixes import IDENT, LEADER, OUTRO
from tests.bench.matching.recipe import EXACT, FRAME

RATE = 25
Pixels = NDArray[np.uint8]


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def canvas(
    size: tuple[int, int], draw: Callable[[ImageDraw.ImageDraw], object], back: tuple[int, ...]
) -> Image.Image:
    image = Image.new("RGBA" if len(back) == 4 else "RGB", size, back)
    draw(ImageDraw.Draw(image))
    return image


def film(path: Path, frames: Iterable[Pixels | Image.Image], ffmpeg: str = "ffmpeg") -> None:
    """Pictures of one size, 25 a second, as H.264."""
    pipe = None
    for picture in frames:
        pixels = np.ascontiguousarray(np.asarray(picture))
        if pipe is None:
            height, width = pixels.shape[:2]
            given = f"-f rawvideo -pix_fmt rgb24 -s {width}x{height} -r {RATE} -i -".split()
            coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"]
            command = [ffmpeg, *["-loglevel", "error", "-y"], *given, *coded, *EXACT, str(path)]
            pipe = subprocess.Popen(command, stdin=subprocess.PIPE)
        assert pipe.stdin is not None
        pipe.stdin.write(pixels.tobytes())
    assert pipe is not None
    pipe.communicate()
    if pipe.returncode:
        raise RuntimeError(f"{path.name} could not be made")


def plasma(
    time: float, seed: int, size: tuple[int, int] = FRAME, waves: int = 6
) -> NDArray[np.float32]:
    """Moving smooth texture, 0 to 1, (height, width)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / size[1]
    total = np.zeros_like(x)
    for _ in range(waves):
        kx, ky, pace, phase = random.uniform((-9, -9, -3, 0), (9, 9, 3, 6.28))
        total += np.sin(kx * x + ky * y + pace * time + phase)
    return ((total / waves + 1) / 2).astype(np.float32)


def tinted(shades: NDArray[np.float32], dark: Iterable[int], light: Iterable[int]) -> Pixels:
    low, high = np.array(list(dark), np.float32), np.array(list(light), np.float32)
    return (low + (high - low) * shades[:, :, None]).clip(0, 255).astype(np.uint8)


def ident(name: str, seed: int, seconds: float, dark: Iterable[int], light: Iterable[int]):
    """A station's mark that comes in and turns over a moving ground."""
    dark, light = list(dark), list(light)
    for i in range(round(seconds * RATE)):
        time = i / RATE
        image = Image.fromarray(tinted(plasma(time * 1.5, seed), dark, light))
        draw = ImageDraw.Draw(image)
        size = 40 + 60 * min(1.0, time / 1.5)
        turn = time * 90
        cx, cy = 240 + 60 * math.cos(time + seed), 120
        box = (cx - size, cy - size, cx + size, cy + size)
        for k in range(3):
            draw.pieslice(box, turn + k * 120, turn + k * 120 + 70, fill=(250, 240, 220))
        draw.text(
            (240, 240),
            name,
            font=font(28),
            fill="white",
            anchor="mm",
            stroke_width=2,
            stroke_fill="black",
        )
        yield image


def leader(first: int, seconds: float, style: int):
    """A film leader: a number each second, a hand that sweeps round it."""
    ground, ink = ((190, 190, 180), (30, 30, 30)) if style == 0 else ((20, 20, 24), (235, 235, 210))
    for i in range(round(seconds * RATE)):
        time = i / RATE
        image = Image.new("RGB", FRAME, ground)
        draw = ImageDraw.Draw(image)
        if style == 0:
            shade = tuple(c - 45 for c in ground)
            draw.pieslice((-60, -165, 540, 435), -90, -90 + 360 * (time % 1), fill=shade)
            for radius in (95, 110):
                draw.ellipse(
                    (240 - radius, 135 - radius, 240 + radius, 135 + radius), outline=ink, width=3
                )
            draw.line((0, 135, 480, 135), fill=ink, width=2)
            draw.line((240, 0, 240, 270), fill=ink, width=2)
        else:
            draw.rectangle((60, 35, 420, 235), outline=ink, width=6)
            draw.rectangle((60, 225, 60 + 360 * (time % 1), 235), fill=ink)
        draw.text((240, 135), str(first - int(time)), font=font(130), fill=ink, anchor="mm")
        yield image


def make_art(folder: Path, ffmpeg: str = "ffmpeg") -> None:
    folder.mkdir(parents=True, exist_ok=True)

    def save(name: str, image: Image.Image) -> None:
        image.save(folder / f"{name}.png")

    clear = (0, 0, 0, 0)

    def text(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int, ink="white"):
        draw.text(at, words, font=font(size), fill=ink, stroke_width=2, stroke_fill="black")

    backdrop = tinted(plasma(0, 5, (640, 360), 9), (40, 20, 80), (240, 160, 90))
    backdrop[::24, :] = backdrop[:, ::24] = (250, 230, 180)
    save("backdrop", Image.fromarray(backdrop))

    def chat(draw: ImageDraw.ImageDraw) -> None:
        says = ["lol", "first!", "what a shot", "is this live?", "hi from Oslo", "again!", "gg"]
        for i in range(16):
            ink = [(240, 120, 120), (120, 200, 240), (150, 230, 140), (230, 200, 90)][i % 4]
            draw.text((6, 6 + i * 22), f"user{i * 37 % 91}", font=font(12), fill=ink)
            draw.text((74, 6 + i * 22), says[i * 5 % 7], font=font(12), fill="white")

    save("chat", canvas((192, 360), chat, (24, 24, 27)))

    def face(draw: ImageDraw.ImageDraw) -> None:
        draw.ellipse(
            (4, 4, 196, 196), fill=(255, 210, 40, 255), outline=(150, 100, 0, 255), width=4
        )
        draw.ellipse((55, 55, 80, 90), fill=(60, 40, 0, 255))
        draw.ellipse((120, 55, 145, 90), fill=(60, 40, 0, 255))
        draw.chord((45, 80, 155, 165), 0, 180, fill=(130, 30, 20, 255))

    save("sticker", canvas((200, 200), face, clear))

    def banner(draw: ImageDraw.ImageDraw) -> None:
        draw.rectangle((0, 0, 959, 30), fill=(200, 20, 30, 255))
        draw.text((20, 2), "SPECIAL REPORT", font=font(24), fill="white")
        draw.text((24, 46), "Council votes on new bridge", font=font(52), fill=(10, 20, 60, 255))

    save("banner", canvas((960, 120), banner, (245, 245, 240, 255)))
    news = "  •  ".join(
        [
            "Rain in the north",
            "Markets close higher",
            "Museum opens its new wing",
            "Ferry late again",
            "Team wins after extra time",
        ]
    )
    save(
        "ticker",
        canvas(
            (1800, 40),
            lambda d: d.text((10, 6), news, font=font(24), fill="white"),
            (16, 30, 90, 255),
        ),
    )

    blocks = np.random.default_rng(2).integers(0, 2, (25, 25), np.uint8)
    for y, x in ((0, 0), (0, 18), (18, 0)):
        blocks[y : y + 7, x : x + 7] = 1
        blocks[y + 1 : y + 6, x + 1 : x + 6] = 0
        blocks[y + 2 : y + 5, x + 2 : x + 5] = 1
    code = np.pad(1 - blocks, 2, constant_values=1) * 255
    save(
        "code", Image.fromarray(code.astype(np.uint8)).resize((232, 232), Image.Resampling.NEAREST)
    )

    def tiles(draw: ImageDraw.ImageDraw) -> None:
        for y in range(0, 270, 54):
            for x in range(-60 + y % 108, 480, 130):
                draw.text((x, y), "preview", font=font(24), fill=(255, 255, 255, 105))

    save("tiles", canvas((480, 270), tiles, clear))

    def station(draw: ImageDraw.ImageDraw) -> None:
        draw.rounded_rectangle((2, 2, 157, 77), 18, fill=(20, 90, 190, 240))
        draw.text((80, 40), "NORD+", font=font(40), fill="white", anchor="mm")

    save("station", canvas((160, 80), station, clear))

    def subtitle(draw: ImageDraw.ImageDraw) -> None:
        text(draw, (60, 6), "We should have left before dawn,", 44, "yellow")
        text(draw, (150, 62), "but nobody woke me up.", 44, "yellow")

    save("subtitle", canvas((840, 124), subtitle, clear))

    film(folder / "ident_a.mp4", ident("NORDLICHT", 1, IDENT, (8, 20, 60), (90, 190, 230)), ffmpeg)
    film(folder / "ident_b.mp4", ident("RED HOUSE", 2, IDENT, (60, 6, 10), (240, 150, 60)), ffmpeg)
    film(
        folder / "outro_a.mp4", ident("subscribe", 3, OUTRO, (10, 50, 20), (200, 240, 150)), ffmpeg
    )
    film(folder / "outro_b.mp4", ident("thanks", 4, OUTRO, (40, 10, 60), (230, 180, 250)), ffmpeg)
    film(folder / "leader_a.mp4", leader(5, LEADER, 0), ffmpeg)
