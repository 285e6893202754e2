"""Flat patches of known colours as YCbCr, and how far from them a conversion ends up."""

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.media.make import pixels
from vidcache_gui.media.pixels import Converter

# Values of AVCOL_SPC and AVCOL_RANGE
BT709, UNTAGGED, BT601, BT2020 = 1, 2, 6, 9
UNSAID, LIMITED, FULL = 0, 1, 2
KR_KB = {BT709: (0.2126, 0.0722), BT601: (0.299, 0.114), BT2020: (0.2627, 0.0593)}
PATCH = 16
HD, SD = (1280, 720), (640, 480)


@dataclass(frozen=True)
class Case:
    pixels: str  # "yuv420p10le"
    space: int
    range: int
    size: tuple[int, int] = HD

    @property
    def matrix(self) -> tuple[float, float]:
        """What the tags mean; without any, HD is BT.709 and anything smaller BT.601."""
        untagged = BT709 if self.size == HD else BT601
        return KR_KB[untagged if self.space == UNTAGGED else self.space]

    @property
    def is_full(self) -> bool:
        return self.range == FULL or self.pixels.startswith("yuvj")


CASES = [
    Case(form, space, levels, size)
    for form in (
        "yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le",
        "yuvj420p", "yuvj422p", "yuvj444p",
    )
    for space in (BT709, BT601, BT2020, UNTAGGED)
    for levels in ((FULL,) if form.startswith("yuvj") else (LIMITED, FULL, UNSAID))
    for size in ((HD, SD) if space == UNTAGGED else (HD,))
]  # fmt: skip


def patches(case: Case, seed: int = 1) -> tuple[Any, NDArray[np.float64]]:
    """A picture of random colours, and what they are as (rows, columns, BGR) in 0 to 255.

    The colours are those after rounding to the code values of the format, so the reference is
    exact and whatever differs is the conversion's doing.
    """
    width, height = case.size
    kr, kb = case.matrix
    kg = 1 - kr - kb
    bits = 10 if "10" in case.pixels else 8
    scale, top, middle = 2 ** (bits - 8), 2**bits - 1, 2 ** (bits - 1)
    rgb = np.random.default_rng(seed).random((height // PATCH, width // PATCH, 3))
    y = rgb @ np.array([kr, kg, kb])
    chroma = [(rgb[..., 2] - y) / (2 * (1 - kb)), (rgb[..., 0] - y) / (2 * (1 - kr))]
    if case.is_full:
        codes = [np.rint(y * top), *(np.clip(np.rint(c * top + middle), 0, top) for c in chroma)]
        y, cb, cr = codes[0] / top, (codes[1] - middle) / top, (codes[2] - middle) / top
    else:
        codes = [np.rint((16 + 219 * y) * scale)]
        codes += [np.rint((128 + 224 * c) * scale) for c in chroma]
        y, cb, cr = (
            (codes[0] / scale - 16) / 219, (codes[1] / scale - 128) / 224,
            (codes[2] / scale - 128) / 224,
        )  # fmt: skip
    red, blue = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
    reference = np.stack([blue, (y - kr * red - kb * blue) / kg, red], -1)
    frame = av.VideoFrame(width, height, case.pixels)
    across, down = (1, 1) if "444" in case.pixels else (2, 1) if "422" in case.pixels else (2, 2)
    kind = np.uint16 if bits > 8 else np.uint8
    for plane, code, px, py in zip(
        frame.planes, codes, (1, across, across), (1, down, down), strict=True
    ):
        rows = np.zeros((plane.height, plane.line_size // kind().itemsize), kind)
        full = code.repeat(PATCH // py, 0).repeat(PATCH // px, 1)
        rows[: full.shape[0], : full.shape[1]] = full
        plane.update(rows.tobytes())
    frame.colorspace, frame.color_range = case.space, case.range
    return frame, np.clip(reference, 0, 1) * 255


def errors(case: Case, *, half: bool = False) -> NDArray[np.float64]:
    """Absolute error of every patch's middle, in steps of 255, by our conversion."""
    frame, reference = patches(case)
    size = (case.size[0] // 2, case.size[1] // 2) if half else None
    step = PATCH // 2 if half else PATCH
    got = pixels(Converter(0, 1.0).convert(frame, 0, size))[step // 2 :: step, step // 2 :: step]
    return np.abs(got[: reference.shape[0], : reference.shape[1], :3].astype(float) - reference)
