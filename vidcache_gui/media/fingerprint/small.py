"""One frozen way from a shown picture to its SIDE × SIDE grey: averages over areas.

What is stored depends on it, so a change here is a new ``fingerprint.VERSION``. The whole
picture is squeezed into a square, turned as it is shown; what can be seen through lies on
mid grey, which no frame is coded darker or brighter than by accident.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vidcache_gui.media.fingerprint.fingerprint import SIDE
from vidcache_gui.media.pixels import has_alpha_channel
from vidcache_gui.media.types import Frame

Small = NDArray[np.uint8]

MID_GREY = 128
_DRAFT = 8 * SIDE  # a JPEG may be decoded at an eighth of its size while that leaves so much


class Shrinker:
    """Decoded video frames to small pictures; keeps swscale's tables between calls.

    ``rotation``: degrees clockwise to turn, a multiple of 90.
    """

    def __init__(self, rotation: int) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()
        self._rotation = rotation % 360
        self._seen_through: dict[str, bool] = {}  # by the name of a pixel format

    def shrink(self, picture: Any) -> Small:
        small = self._scaled(picture)
        format = picture.format
        if format.name not in self._seen_through:
            self._seen_through[format.name] = has_alpha_channel(format)
        if self._seen_through[format.name]:
            small = self._over_grey(picture, small)
        if self._rotation:
            small = np.ascontiguousarray(np.rot90(small, -self._rotation // 90))
        return small

    def _scaled(self, picture: Any) -> Small:
        grey = self._reformatter.reformat(
            picture, SIDE, SIDE, "gray", interpolation="AREA", threads=1
        )
        return _plane(grey, 1)[:, :, 0]

    def _over_grey(self, picture: Any, opaque: Small) -> Small:
        """``opaque``: what it is if nothing can be seen through, which is usual for GIFs."""
        full = _plane(self._reformatter.reformat(picture, format="bgra", threads=1), 4)
        if full[:, :, 3].min() == 255:
            return opaque
        image = Image.fromarray(np.ascontiguousarray(full[:, :, [2, 1, 0, 3]]), "RGBA")
        return from_pillow(image)


def _plane(picture: Any, channels: int) -> Small:
    """(height, width, channels) of a packed picture: a copy."""
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(picture.height, plane.line_size)
    return rows[:, : picture.width * channels].reshape(picture.height, -1, channels).copy()


def draft(image: Any) -> None:
    """Before a Pillow image is loaded: let JPEG leave out detail that is averaged away."""
    image.draft(None, (_DRAFT, _DRAFT))


def from_pillow(image: Any) -> Small:
    """A Pillow image of any mode, upright, as a small picture."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.new("RGBA", rgba.size, (MID_GREY, MID_GREY, MID_GREY, 255))
        image.alpha_composite(rgba)
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return _box(image.convert("L"))


def from_frame(frame: Frame) -> Small:
    """A frame that was converted to be painted, as a small picture."""
    rows = np.frombuffer(frame.data, np.uint8, frame.height * frame.stride)
    bgra = rows.reshape(frame.height, frame.stride)[:, : frame.width * 4].reshape(
        frame.height, frame.width, 4
    )
    rgb = bgra[:, :, [2, 1, 0]]
    if frame.has_alpha:
        hidden = 255 - bgra[:, :, 3:].astype(np.uint16)
        rgb = (rgb + (hidden * MID_GREY + 127) // 255).clip(max=255).astype(np.uint8)
    return _box(Image.fromarray(np.ascontiguousarray(rgb), "RGB").convert("L"))


def _box(grey: Any) -> Small:
    return np.array(grey.resize((SIDE, SIDE), Image.Resampling.BOX))
