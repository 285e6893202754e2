"""From decoded pictures to what can be painted: BGRA, at the size wanted, in the right colours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.types import Frame

MAX_PIXELS = 256_000_000  # more than any footage; a header that claims more is hostile
ITU709, UNSPECIFIED = 1, 2  # values of AVCOL_SPC


def fit(width: int, height: int, size: tuple[int, int] | None) -> tuple[int, int]:
    """The largest size within ``size`` with the same shape; never larger than the original."""
    if size is None or (width <= size[0] and height <= size[1]):
        return width, height
    scale = min(size[0] / width, size[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def premultiply(bgra: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Multiply colours by alpha, rounded; in place on a (height, width, 4) array."""
    alpha = bgra[..., 3:4].astype(np.uint16)
    bgra[..., :3] = (bgra[..., :3] * alpha + 127) // 255
    return bgra


def from_pillow(image: Any, index: int, size: tuple[int, int] | None) -> Frame:
    """A Pillow image of any mode as a Frame."""
    width, height = fit(image.width, image.height, size)
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    rgba = image.convert("RGBA")
    if (width, height) != image.size:
        rgba = rgba.convert("RGBa").resize((width, height), resample=2, reducing_gap=2.0)
        array = np.asarray(rgba)[..., [2, 1, 0, 3]]
        return Frame(index, width, height, width * 4, np.ascontiguousarray(array), has_alpha)
    # Pillow turns the bytes round for a tenth of what numpy takes.
    array = np.frombuffer(rgba.tobytes("raw", "BGRA"), np.uint8).reshape(height, width, 4)
    if has_alpha:
        array = premultiply(array.copy())
    return Frame(index, width, height, width * 4, array, has_alpha)


class Converter:
    """Decoded video frames to Frames; keeps swscale's tables between calls.

    ``rotation``: degrees clockwise to turn. ``aspect``: width of a pixel over its height.
    """

    def __init__(self, rotation: int, aspect: float) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()
        self.rotation = rotation % 360
        self._aspect = aspect

    def shown_size(self, width: int, height: int) -> tuple[int, int]:
        """Coded size to the size as shown: square pixels, turned."""
        width = max(1, round(width * self._aspect))
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def convert(self, picture: Any, index: int, size: tuple[int, int] | None) -> Frame:
        shown = self.shown_size(picture.width, picture.height)
        width, height = fit(*shown, size)
        if self.rotation in (90, 270):
            width, height = height, width
        has_alpha = has_alpha_channel(picture.format)
        bgra = self._reformatter.reformat(
            picture, width, height, "bgra",
            src_colorspace=_colour_space(picture), interpolation="AREA",
            threads=1,  # with more, waiting for each other costs more than scaling does
        )  # fmt: skip
        plane = bgra.planes[0]
        if self.rotation == 0 and not has_alpha:
            # No copy: the buffer keeps its plane, and with it the frame, alive.
            return Frame(index, width, height, plane.line_size, memoryview(plane), False)
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(height, plane.line_size)
        array = rows[:, : width * 4].reshape(height, width, 4)
        if self.rotation:
            array = np.rot90(array, -self.rotation // 90)
        array = np.array(array, order="C")
        if has_alpha:
            premultiply(array)
        height, width = array.shape[:2]
        return Frame(index, width, height, width * 4, array, has_alpha)


def _colour_space(picture: Any) -> int | None:
    """Untagged HD is BT.709; the library behind us would take it for BT.601."""
    if picture.colorspace == UNSPECIFIED and (picture.width >= 1280 or picture.height > 576):
        return ITU709
    return None


def has_alpha_channel(format: Any) -> bool:
    """Whether pictures of a pixel format (av.VideoFormat) can be seen through."""
    return any(component.is_alpha for component in format.components) or format.name == "pal8"
