"""One channel of a picture as grey, and the value of one pixel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtGui import QImage

from vidcache_gui.media.types import Frame

LUMA = (0.0722, 0.7152, 0.2126)  # BT.709 weights of blue, green, red


class Channel(StrEnum):
    COLOUR = "colour"
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    ALPHA = "opacity"
    LUMA = "brightness"


_PLANE = {Channel.BLUE: 0, Channel.GREEN: 1, Channel.RED: 2, Channel.ALPHA: 3}


@dataclass(frozen=True, slots=True)
class Pixel:
    """A place in the picture as shown, counted from its upper left corner, and what is there."""

    x: int
    y: int
    red: int
    green: int
    blue: int
    alpha: int

    @property
    def hex(self) -> str:
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"


def channel_image(frame: Frame, channel: Channel) -> QImage:
    """An 8 bit grey image of its own memory. Colours are those of the file: where a pixel is
    see-through, what is stored under it is shown."""
    import numpy as np

    pixels = _pixels(frame)
    if channel is Channel.ALPHA:
        grey = pixels[..., 3] if frame.has_alpha else np.full(pixels.shape[:2], 255, np.uint8)
    elif channel is Channel.LUMA:
        weights = np.array(LUMA, np.float32)
        grey = (_straight(pixels, frame.has_alpha)[..., :3] @ weights + 0.5).astype(np.uint8)
    else:
        grey = _straight(pixels, frame.has_alpha)[..., _PLANE[channel]]
    grey = np.ascontiguousarray(grey)
    format = QImage.Format.Format_Grayscale8
    return QImage(grey.data, frame.width, frame.height, frame.width, format).copy()


def pixel_of(frame: Frame, x: int, y: int) -> Pixel:
    """The pixel at a place of this frame (which may be smaller than the footage)."""
    at = y * frame.stride + 4 * x
    blue, green, red, alpha = memoryview(frame.data).cast("B")[at : at + 4]
    if not frame.has_alpha:
        return Pixel(x, y, red, green, blue, 255)
    if 0 < alpha < 255:
        red, green, blue = (min(255, round(c * 255 / alpha)) for c in (red, green, blue))
    return Pixel(x, y, red, green, blue, alpha)


def _pixels(frame: Frame) -> Any:
    """(height, width, 4) in the order B, G, R, A."""
    import numpy as np

    rows = np.frombuffer(frame.data, np.uint8)[: frame.nbytes].reshape(frame.height, frame.stride)
    return rows[:, : frame.width * 4].reshape(frame.height, frame.width, 4)


def _straight(pixels: Any, has_alpha: bool) -> Any:
    """Colours as they were before they were multiplied with their opacity."""
    import numpy as np

    if not has_alpha:
        return pixels
    alpha = np.maximum(pixels[..., 3:4].astype(np.uint16), 1)
    return np.minimum(pixels.astype(np.uint16) * 255 // alpha, 255).astype(np.uint8)
