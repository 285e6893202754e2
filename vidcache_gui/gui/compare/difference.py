"""What differs between two pictures: as a picture, and as figures. Bands of rows, so that
what is in work stays in the processor's cache (half the time of whole pictures)."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]  # (height, width, 4): B, G, R and opacity
BAND = 32  # rows
ROWS_MEASURED = 270  # at most so many, evenly spread: figures for people, not a checksum
LUMA = (18, 183, 55)  # of 256: BT.709 weights of blue, green, red
MOST_EVENED = 6.0  # contrast is not raised by more: noise would be all there is to see
MIDDLE = 128  # grey where a signed difference is none


class Look(StrEnum):
    """What of the difference is shown."""

    COLOUR = "colour"
    LUMA = "brightness"
    SIGNED = "signed"  # grey where equal, lighter where B is lighter


@dataclass(frozen=True, slots=True)
class Figures:
    """``mean``: of the absolute difference, 0 to 255; ``psnr``: dB, infinite without any."""

    mean: float
    psnr: float

    @property
    def none(self) -> bool:
        return self.mean == 0.0


def pixels_of(image: QImage) -> Pixels:
    """The image's own memory: it must be kept as long as the array. 32 bit formats only."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def difference(a: Pixels, b: Pixels, gain: int = 1, look: Look = Look.COLOUR) -> QImage:
    """Pictures of the same size; the difference times ``gain`` (1 to 255), cut off at 255."""
    height, width = a.shape[:2]
    form = QImage.Format.Format_RGB32 if look is Look.COLOUR else QImage.Format.Format_Grayscale8
    image = QImage(width, height, form)
    out = np.frombuffer(image.bits(), np.uint8).reshape(height, image.bytesPerLine())
    if look is Look.COLOUR:
        _coloured(a, b, gain, out)
    else:
        _grey(a, b, gain, out[:, :width], signed=look is Look.SIGNED)
    return image


def _coloured(a: Pixels, b: Pixels, gain: int, out: NDArray[np.uint8]) -> None:
    height, width = a.shape[:2]
    larger, smaller = (np.empty((BAND, width, 4), np.uint8) for _ in range(2))
    for top in range(0, height, BAND):
        x, y = a[top : top + BAND], b[top : top + BAND]
        high, low = larger[: len(x)], smaller[: len(x)]
        np.maximum(x, y, out=high)
        np.minimum(x, y, out=low)
        np.subtract(high, low, out=high)
        np.minimum(high, 255 // gain, out=high)
        np.multiply(high, np.uint8(gain), out=out[top : top + BAND].reshape(high.shape))


def _grey(a: Pixels, b: Pixels, gain: int, out: NDArray[np.uint8], *, signed: bool) -> None:
    for top in range(0, len(a), BAND):
        apart = _luma(b[top : top + BAND]) - _luma(a[top : top + BAND])
        if signed:
            apart = apart * gain + MIDDLE
        else:
            apart = np.abs(apart) * gain
        out[top : top + BAND] = np.clip(apart, 0, 255)


def _luma(pixels: Pixels) -> NDArray[np.int16]:
    sums = np.zeros(pixels.shape[:2], np.uint16)
    for at, weight in enumerate(LUMA):
        sums += pixels[..., at] * np.uint16(weight)
    return (sums >> 8).astype(np.int16)


def evened(a: Pixels, b: Pixels) -> Pixels:
    """B with the brightness and contrast of A in every channel; of pictures of the same size."""
    step = max(1, math.ceil(len(a) / ROWS_MEASURED))
    made = b.copy()
    steps = np.arange(256, dtype=np.float32)
    for channel in range(3):
        of_a, of_b = (x[::step, :, channel].astype(np.float32) for x in (a, b))
        spread = max(float(of_b.std()), 1.0)
        gain = min(max(max(float(of_a.std()), 1.0) / spread, 1 / MOST_EVENED), MOST_EVENED)
        table = (steps - float(of_b.mean())) * gain + float(of_a.mean())
        made[..., channel] = np.clip(np.rint(table), 0, 255).astype(np.uint8)[b[..., channel]]
    return made


def figures(a: Pixels, b: Pixels) -> Figures:
    """Of pictures of the same size. A difference in opacity counts as one in colour."""
    step = max(1, math.ceil(len(a) / ROWS_MEASURED))
    total = squares = 0.0
    for top in range(0, len(a), BAND * step):
        x, y = a[top : top + BAND * step : step], b[top : top + BAND * step : step]
        apart = (np.maximum(x, y) - np.minimum(x, y)).astype(np.float32).ravel()
        total += float(apart.sum())
        squares += float(np.dot(apart, apart))
    count = 3 * a.shape[1] * len(a[::step])
    if squares:
        return Figures(total / count, 10 * math.log10(255 * 255 * count / squares))
    # "No difference" must be true of every pixel, not only of the rows that were measured.
    return Figures(0.0 if np.array_equal(a, b) else 1 / a.size, math.inf)
