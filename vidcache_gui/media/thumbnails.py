"""Posters and filmstrips as JPEG."""

import io
from typing import Any

from PIL import Image

from vidcache_gui.media.pixels import fit
from vidcache_gui.media.types import POSTER_SIDE, STRIP_TILES, Frame

TILE_SIDE = 256
QUALITY = 82
GROUND = (16, 17, 19)  # what shows through where a picture is transparent


def to_pillow(frame: Frame) -> Any:
    """An opaque RGB image of a frame, over the picture ground."""
    image = Image.frombuffer(
        "RGBA", (frame.width, frame.height), frame.data, "raw", "BGRA", frame.stride, 1
    )
    if not frame.has_alpha:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, (*GROUND, 255))
    # premultiplied: what is there, plus as much ground as is missing
    red, green, blue, alpha = image.split()
    straight = Image.merge("RGBa", (red, green, blue, alpha)).convert("RGBA")
    return Image.alpha_composite(ground, straight).convert("RGB")


def poster(frame: Frame) -> bytes:
    image = to_pillow(frame)
    image.thumbnail((POSTER_SIDE, POSTER_SIDE))
    return _jpeg(image)


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


class Strip:
    """STRIP_TILES equal tiles spread evenly over ``count`` frames, taken as they go by."""

    def __init__(self, count: int) -> None:
        count = max(1, count)
        self.places = [place * count // STRIP_TILES for place in range(STRIP_TILES)]
        self._wanted = set(self.places)
        self._tiles: dict[int, Any] = {}

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        return fit(width, height, (TILE_SIDE, TILE_SIDE))

    def wants(self, index: int) -> bool:
        return index in self._wanted

    def take(self, frame: Frame) -> None:
        if frame.index in self._wanted:
            self.put(frame.index, frame)

    def put(self, place: int, frame: Frame) -> None:
        self._tiles[place] = to_pillow(frame)

    def jpeg(self) -> bytes | None:
        """None when nothing was taken; a place that was missed shows the one before it."""
        if not self._tiles:
            return None
        first = self._tiles[min(self._tiles)]
        width, height = first.size
        strip = Image.new("RGB", (width * STRIP_TILES, height), GROUND)
        tile = first
        for number, place in enumerate(self.places):
            tile = self._tiles.get(place, tile)
            fitted = tile if tile.size == (width, height) else tile.resize((width, height))
            strip.paste(fitted, (number * width, 0))
        return _jpeg(strip)
