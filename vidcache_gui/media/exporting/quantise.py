"""Pictures in 256 colours at most, for GIF.

Exact where there are no more. Otherwise an octree palette for each frame with
error-diffusion: seen from where dots blend it is 2 to 9 dB nearer to the original than
median cut and than one palette for all frames, in smaller files and a tenth of the time
(tests/bench/gif_colours.py).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

CLEAR_BELOW = 128  # alpha; GIF knows only all or nothing


@dataclass(frozen=True, slots=True)
class Indexed:
    """A palette picture. ``clear``: the index of see-through pixels, if there are any."""

    image: Any  # mode P
    colours: int  # entries of the palette in use, ``clear`` not counted
    clear: int | None
    exact: bool


def quantise(image: Any, colours: int = 256, *, dither: bool = True) -> Indexed:
    """An RGB or RGBA picture in no more than ``colours``, the see-through one included."""
    mask = _see_through(image)
    rgb = image.convert("RGB")
    if mask is not None:
        rgb.paste((0, 0, 0), mask=mask)
        colours -= 1
    found = rgb.getcolors(colours)
    if found is not None:
        indexed, used = _exact(rgb, [colour for _, colour in found]), len(found)
    else:
        indexed = rgb.quantize(colours, method=Image.Quantize.FASTOCTREE)
        used = colours
        if dither:
            indexed = rgb.quantize(palette=indexed, dither=Image.Dither.FLOYDSTEINBERG)
    if mask is not None:
        indexed.paste(used, mask=mask)
    return Indexed(indexed, used, None if mask is None else used, found is not None)


def is_clear_anywhere(image: Any) -> bool:
    return image.mode == "RGBA" and bool(image.getextrema()[3][0] < CLEAR_BELOW)


def _see_through(image: Any) -> Any:
    """A mask of the pixels to see through, or None."""
    if not is_clear_anywhere(image):
        return None
    return image.getchannel("A").point([255 if a < CLEAR_BELOW else 0 for a in range(256)])


def _exact(image: Any, colours: list[Any]) -> Any:
    """An indexed copy with just the colours there are (a quantiser may move them)."""
    palette = np.array(colours, np.uint32)
    packed = np.asarray(image, np.uint32) @ np.array([65536, 256, 1], np.uint32)
    keys = palette @ np.array([65536, 256, 1], np.uint32)
    order = np.argsort(keys)
    indexed = np.searchsorted(keys[order], packed).astype(np.uint8)
    result = Image.frombytes("P", image.size, indexed.tobytes())
    result.putpalette(palette[order].astype(np.uint8).tobytes())
    return result
