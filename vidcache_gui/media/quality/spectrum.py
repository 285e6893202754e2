"""How fine the detail in a picture is: its power by frequency, tile by tile.

Frequencies are "lines": twice the cycles per height of the picture both show, so that a
picture stored with 480 lines holds detail up to 480 lines, whatever it was enlarged to.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Power = NDArray[np.float64]  # (tiles, bins)
Grey = NDArray[np.float32]

ROWS = 4  # tiles down a picture
BINS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Power per tile and bin, in squared grey levels: what noise of that variance has.

    A bin beyond what the pixels can hold is 0. ``lines`` (bins,): the middle of each bin.
    """

    power: Power
    lines: NDArray[np.float64]


def tiles(area: tuple[int, int]) -> tuple[int, int]:
    """(rows, columns) of tiles for a picture of (height, width)."""
    return ROWS, max(1, min(16, round(ROWS * area[1] / area[0])))


def spectrum(luma: Grey, grid: tuple[int, int], unit: tuple[float, float], top: float) -> Spectrum:
    """Power by frequency of the tiles of a picture (h, w).

    ``unit``: lines that one cycle per pixel down and across stands for. ``top``: lines of the
    highest bin's end.
    """
    rows, columns = grid
    height, width = luma.shape[0] // rows, luma.shape[1] // columns
    edges = np.linspace(0, top, BINS + 1)
    lines = (edges[1:] + edges[:-1]) / 2
    power = np.zeros((rows * columns, BINS))
    if height < 8 or width < 8:
        return Spectrum(power, lines)
    whole = luma[: rows * height, : columns * width].reshape(rows, height, columns, width)
    cells = whole.transpose(0, 2, 1, 3).reshape(-1, height, width)
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    cells = (cells - cells.mean(axis=(1, 2), keepdims=True)) * window
    seen = np.abs(np.fft.rfft2(cells)) ** 2 / float((window**2).sum())
    down = np.fft.fftfreq(height)[:, None] * unit[0]
    across = np.fft.rfftfreq(width)[None, :] * unit[1]
    bin_of = np.digitize(np.hypot(down, across), edges) - 1
    # Corners of the square reach beyond what either direction holds alone.
    inside = (bin_of < BINS) & (np.hypot(down, across) <= min(unit) / 2 * 1.001)
    count = np.bincount(bin_of[inside], minlength=BINS)
    for tile, one in enumerate(seen):
        total = np.bincount(bin_of[inside], one[inside], minlength=BINS)
        power[tile] = total / np.maximum(count, 1)
    return Spectrum(power, lines)
