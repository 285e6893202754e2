"""Footage in memory that can be told apart: drawn pictures as a source of frames."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.gui.player.footage import Steps
from vidcache_gui.media.types import Frame

Picture = NDArray[np.uint8]  # (height, width), grey


class Drawn(Steps):
    """A source over pictures of one size, every one a keyframe."""

    def __init__(self, pictures: Sequence[Picture], delay: float = 0.04) -> None:
        super().__init__(len(pictures), delay=delay)
        self.pictures = pictures
        self.height, self.width = pictures[0].shape
        self.opened = 0

    def again(self) -> "Drawn":
        self.opened += 1
        return self

    def picture(self, index: int, size: tuple[int, int] | None) -> Frame:
        picture = self.pictures[index]
        if size is not None:  # not by Qt: this may be its first use, in any thread
            picture = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))
        pixels = np.repeat(picture[..., None], 4, axis=2)
        pixels[..., 3] = 255
        height, width = pixels.shape[:2]
        return Frame(index, width, height, 4 * width, np.ascontiguousarray(pixels).tobytes())


def scene(count: int, size: tuple[int, int] = (90, 160), first: int = 0) -> list[Picture]:
    """Soft shapes that move, no two moments alike; ``size``: (height, width)."""
    height, width = size
    down, across = np.mgrid[0:height, 0:width]
    x, y = across / width, down / height
    made = []
    for n in range(first, first + count):
        t = n / 25
        light = 110 + 50 * np.sin(7 * x + 3 * t) * np.cos(5 * y - 2 * t)
        light += 70 * np.exp(-(((x - 0.5 - 0.3 * np.sin(2.1 * t)) / 0.12) ** 2)
                             - ((y - 0.5 - 0.3 * np.cos(1.3 * t)) / 0.16) ** 2)  # fmt: skip
        light += 20 * ((x * 9).astype(int) % 2) * ((y * 6).astype(int) % 2)
        made.append(np.clip(light, 0, 255).astype(np.uint8))
    return made


def with_box(picture: Picture, left: int = 20, top: int = 20, side: int = 24) -> Picture:
    """A bright square over it."""
    made = picture.copy()
    made[top : top + side, left : left + side] = 250
    return made
