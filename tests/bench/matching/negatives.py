"""Footage that looks alike and is not the same: every pair of these is a negative."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tests.bench.matching.artwork import (
    RATE,
    Pixels,
    canvas,
    film,
    font,
    leader,
    plasma,
    tinted,
)
from tests.bench.matching.recipe import FRAME

Frames = Iterable[Pixels | Image.Image]


@dataclass(frozen=True, slots=True)
class Negative:
    """``group``: what it looks like; ``flags``: as in the catalogue of the sources."""

    name: str
    group: str
    flags: tuple[str, ...]
    seconds: float
    frames: Callable[[], Frames]


def still(image: Image.Image, seconds: float) -> Frames:
    return [image] * round(seconds * RATE)


def cards() -> Iterator[Negative]:
    """One style, another title."""
    titles = ("THE LONG WAY", "ORDINARY DAYS", "A HOUSE BY THE SEA", "WINTER LIGHT")
    for i, title in enumerate(titles):
        image = canvas(
            FRAME,
            lambda d, t=title: d.text(
                (240, 135), t, font=font(38), fill=(235, 230, 215), anchor="mm"
            ),
            (6, 6, 8),
        )
        yield Negative(f"card{i}", "cards", ("slide", "static"), 5, lambda p=image: still(p, 5))


def slides() -> Iterator[Negative]:
    """One layout, other words and bars."""
    heads = ("Sales by region", "Sales by quarter", "Headcount", "Outlook")
    for i, head in enumerate(heads):

        def draw(d: ImageDraw.ImageDraw, i: int = i, head: str = head) -> None:
            d.rectangle((0, 0, 480, 46), fill=(20, 110, 90))
            d.text((16, 8), head, font=font(26), fill="white")
            for k in range(5):
                high = 30 + (i * 71 + k * 53) % 120
                d.rectangle((60 + k * 80, 230 - high, 110 + k * 80, 230), fill=(230, 140, 40))
            d.text((16, 248), f"Page {i + 3}", font=font(14), fill=(90, 90, 90))

        image = canvas(FRAME, draw, (250, 250, 252))
        yield Negative(f"slide{i}", "slides2", ("slide", "static"), 6, lambda p=image: still(p, 6))


def leaders() -> Iterator[Negative]:
    yield Negative("leader_9", "leader", ("pattern",), 4, lambda: leader(9, 4, 0))
    yield Negative("leader_box", "leader", ("pattern",), 5, lambda: leader(5, 5, 1))


def bars() -> Iterator[Negative]:
    """Three orders of colours; stills."""
    full = [
        (235, 235, 235),
        (235, 235, 16),
        (16, 235, 235),
        (16, 235, 16),
        (235, 16, 235),
        (235, 16, 16),
        (16, 16, 235),
        (16, 16, 16),
    ]
    orders = {
        "bars_100": full,
        "bars_steps": [(v, v, v) for v in range(16, 236, 24)],
        "bars_upright": full[::-1],
    }
    for name, colours in orders.items():
        strip = np.array(colours, np.uint8)
        columns = strip[np.arange(480) * len(strip) // 480]
        image = np.broadcast_to(columns, (270, 480, 3))
        if name == "bars_upright":
            image = np.broadcast_to(strip[np.arange(270) * 8 // 270][:, None], (270, 480, 3))
        picture = Image.fromarray(image.copy())
        yield Negative(name, name, ("pattern", "static"), 5, lambda p=picture: still(p, 5))


def noises() -> Iterator[Negative]:
    def snow(seed: int, low: int, high: int, grain: int) -> Frames:
        random = np.random.default_rng(seed)
        for _ in range(4 * RATE):
            small = random.integers(low, high, (270 // grain, 480 // grain), np.uint8)
            grey = small.repeat(grain, 0).repeat(grain, 1)
            yield np.repeat(grey[:, :, None], 3, 2)

    for name, how in {
        "snow_fine_1": (1, 0, 255, 1),
        "snow_fine_2": (2, 0, 255, 1),
        "snow_coarse_1": (3, 0, 255, 6),
        "snow_coarse_2": (4, 0, 255, 6),
        "snow_dark": (5, 0, 50, 3),
    }.items():
        yield Negative(name, "snow", ("pattern",), 4, lambda h=how: snow(*h))


def plain() -> Iterator[Negative]:
    """Fades and changing colours, with nothing in them."""

    def fade(start: tuple[int, int, int], end: tuple[int, int, int]) -> Frames:
        for i in range(5 * RATE):
            colour = np.array(start) + (np.array(end) - np.array(start)) * i / (5 * RATE)
            yield np.broadcast_to(colour.astype(np.uint8), (270, 480, 3))

    for name, ends in {
        "fade_to_black": ((200, 190, 180), (0, 0, 0)),
        "fade_from_black": ((0, 0, 0), (90, 120, 220)),
        "fade_to_white": ((30, 10, 10), (255, 255, 255)),
    }.items():
        yield Negative(name, "black", ("black", "static"), 5, lambda e=ends: fade(*e))


def gradients() -> Iterator[Negative]:
    """Smooth moving grounds of menus and sleeping screens."""

    def moving(seed: int, waves: int, dark: tuple[int, ...], light: tuple[int, ...]) -> Frames:
        for i in range(6 * RATE):
            yield tinted(plasma(i / RATE, seed, waves=waves), dark, light)

    for name, how in {
        "gradient_1": (21, 2, (20, 30, 90), (120, 200, 250)),
        "gradient_2": (22, 2, (20, 30, 90), (120, 200, 250)),
        "gradient_3": (23, 3, (70, 10, 40), (250, 160, 90)),
        "plasma_1": (24, 9, (0, 0, 0), (255, 255, 255)),
        "plasma_2": (25, 9, (0, 0, 0), (255, 255, 255)),
    }.items():
        yield Negative(name, "gradients", (), 6, lambda h=how: moving(*h))


def specks() -> Iterator[Negative]:
    """Stars, falling snow: few bright points on black."""

    def fall(seed: int, pace: float, count: int) -> Frames:
        random = np.random.default_rng(seed)
        x, y = random.uniform(0, 480, count), random.uniform(0, 270, count)
        size = random.integers(1, 4, count)
        for i in range(5 * RATE):
            image = Image.new("RGB", FRAME, (4, 5, 10))
            draw = ImageDraw.Draw(image)
            for a, b, r in zip(x, (y + pace * i * size / 3) % 270, size, strict=True):
                draw.ellipse((a - r, b - r, a + r, b + r), fill=(225, 230, 240))
            yield image

    for name, how in {
        "stars_1": (31, 0.0, 90),
        "stars_2": (32, 0.0, 90),
        "flakes_1": (33, 3.0, 140),
        "flakes_2": (34, 3.0, 140),
    }.items():
        yield Negative(name, "specks", ("dark",), 5, lambda h=how: fall(*h))


def screens() -> Iterator[Negative]:
    """One layout on a screen, other contents: timers, charts, credits, a marked call."""

    def timer(start: int) -> Frames:
        for i in range(6 * RATE):
            seconds = start + i // RATE
            words = f"{seconds // 60:02d}:{seconds % 60:02d}"
            yield canvas(
                FRAME,
                lambda d, w=words: d.text(
                    (240, 135), w, font=font(90), fill=(80, 255, 120), anchor="mm"
                ),
                (12, 14, 18),
            )

    def chart(seed: int) -> Frames:
        steps = np.random.default_rng(seed).normal(0, 9, 6 * RATE).cumsum()
        line = 140 - (steps - steps.mean()) * 90 / max(1, np.abs(steps - steps.mean()).max())
        for i in range(2, 6 * RATE):
            image = Image.new("RGB", FRAME, (252, 252, 252))
            draw = ImageDraw.Draw(image)
            for k in range(40, 480, 55):
                draw.line((k, 20, k, 250), fill=(215, 215, 215))
            for k in range(20, 270, 38):
                draw.line((40, k, 470, k), fill=(215, 215, 215))
            draw.line([(40 + k * 2.8, line[k]) for k in range(i)], fill=(20, 70, 200), width=3)
            yield image

    def credits(seed: int) -> Frames:
        random = np.random.default_rng(seed)
        letters = "aeiorstnlmkdp"
        words = ["".join(random.choice(list(letters), random.integers(4, 9))) for _ in range(60)]
        for i in range(7 * RATE):
            image = Image.new("RGB", FRAME, (0, 0, 0))
            draw = ImageDraw.Draw(image)
            for k in range(30):
                y = 270 + k * 26 - i * 2.5
                draw.text((230, y), words[2 * k].title(), font=font(16), fill="white", anchor="rs")
                draw.text(
                    (250, y), words[2 * k + 1].title(), font=font(16), fill="white", anchor="ls"
                )
            yield image

    def spoken(words: str) -> Image.Image:
        def draw(d: ImageDraw.ImageDraw) -> None:
            d.rectangle((0, 210, 480, 270), fill=(10, 10, 10))
            d.text((240, 240), words, font=font(24), fill="yellow", anchor="mm")

        return canvas(FRAME, draw, (70, 74, 80))

    def marked(seed: int) -> Frames:
        badge = canvas(
            (90, 40), lambda d: d.text((8, 4), "LIVE", font=font(28), fill="white"), (200, 10, 20)
        )
        for i in range(5 * RATE):
            ground = tinted(plasma(i / RATE * 0.4, seed, waves=4), (50, 50, 60), (120, 120, 130))
            image = Image.fromarray(ground)
            image.paste(badge, (12, 12))
            yield image

    for start in (70, 1210):
        yield Negative(f"timer_{start}", "timers", ("screen",), 6, lambda s=start: timer(s))
    for seed in (41, 42):
        yield Negative(f"chart_{seed}", "charts", ("screen",), 5.92, lambda s=seed: chart(s))
        yield Negative(f"credits_{seed}", "credits", ("title",), 7, lambda s=seed: credits(s))
        yield Negative(f"marked_{seed}", "marked", (), 5, lambda s=seed: marked(s))
    for i, words in enumerate(("I never said that.", "Then who opened the door?")):
        image = spoken(words)
        yield Negative(f"spoken_{i}", "spoken", ("static",), 4, lambda p=image: still(p, 4))


def negatives() -> list[Negative]:
    kinds = (cards, slides, leaders, bars, noises, plain, gradients, specks, screens)
    return [one for kind in kinds for one in kind()]


def make_negatives(folder: Path, ffmpeg: str) -> dict[Path, Negative]:
    """Writes what is not there yet; returns where each lies."""
    made = {}
    for one in negatives():
        path = folder / f"neg_{one.name}.mp4"
        if not path.exists():
            film(path, one.frames(), ffmpeg)
        made[path] = one
    return made
