"""Pictures of two items laid over each other: how alike they are, and how alike they move."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.resample import crop, turn

CELLS = 8  # each way; cells that never agree (logos, subtitles) are left out
LEFT_OUT = 0.35  # of the cells at most
COVERED = 0.2  # of the motion of the other: less is something laid over it


@lru_cache
def _cells(pixels: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The cell of each of so many pixels, and a matrix that takes the mean of every cell."""
    side = math.isqrt(pixels)
    place = np.arange(pixels)
    cell = place // side * CELLS // side * CELLS + place % side * CELLS // side
    every = (cell[:, None] == np.arange(CELLS**2)).astype(np.float32)
    return cell, every / every.sum(axis=0)


Pictures = NDArray[np.float32]
Flat = NDArray[np.float32]  # (k, pixels)


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """``each``: correlation of every pair of pictures (k,). ``motion``: correlation of what
    changes; ``moving``: how much changes, in grey levels, in the calmer of the two.
    """

    each: NDArray[np.float64]
    motion: float
    moving: float
    kept: float  # part of the cells that agree

    @property
    def mean(self) -> float:
        return float(self.each.mean()) if len(self.each) else 0.0


def pictures_along(
    a: Footage, b: Footage, line: Line, times: NDArray[np.float64], *, fine: bool = False
) -> tuple[Flat, Flat]:
    """What both show at these times of a, laid over each other. ``fine``: in full size."""
    one = crop(a.at(times, fine), line.box_a)
    there = b.at(line.offset + line.slope * times, fine)
    other = turn(there, line.mirrored, line.rotation)
    return _flat(one), _flat(crop(other, line.box_b))


def resemblance(one: Flat, other: Flat) -> NDArray[np.float64]:
    """Correlation of every pair (k,), over the whole picture."""
    x, y = _normal(one), _normal(other)
    each: NDArray[np.float64] = np.einsum("ki,ki->k", x, y).astype(np.float64) / x.shape[1]
    return each


def motion(one: Flat, other: Flat) -> float:
    """Correlation of what changes, over the whole picture."""
    x, y = _normal(one), _normal(other)
    u, v = (x - x.mean(axis=0)).ravel(), (y - y.mean(axis=0)).ravel()
    return float(u @ v / np.sqrt((u @ u) * (v @ v) + 1e-9))


def likeness(one: Flat, other: Flat) -> Likeness:
    """Correlation over the cells that agree, and of the motion in all but covered cells.

    Something laid over one of them (a logo, a subtitle, a border) does not move where the
    other does. Where both move differently it is another take, so those cells stay.
    """
    cell_of, by_cell = _cells(one.shape[1])
    x, y = _normal(one), _normal(other)
    error = np.median((x - y) ** 2 @ by_cell, axis=0)
    limit = max(float(np.quantile(error, 1 - LEFT_OUT)), 2.0 * float(np.median(error)) + 0.02)
    bad = error > limit
    if bad.any():
        weight = (~bad).astype(np.float32)[cell_of]
        x, y = _normal(one, weight), _normal(other, weight)
        each = (x * y) @ weight / weight.sum()
    else:
        each = np.einsum("ki,ki->k", x, y) / x.shape[1]
    u, v = x - x.mean(axis=0), y - y.mean(axis=0)
    both = np.einsum("ki,ki->i", u, v) @ by_cell
    power_u = np.einsum("ki,ki->i", u, u) @ by_cell
    power_v = np.einsum("ki,ki->i", v, v) @ by_cell
    least, most = np.minimum(power_u, power_v), np.maximum(power_u, power_v)
    seen = ~(bad & (least < COVERED * most))
    alike = float(both[seen].sum() / np.sqrt(power_u[seen].sum() * power_v[seen].sum() + 1e-9))
    moving = min(_moving(one), _moving(other))
    return Likeness(each.astype(np.float64), alike, moving, float((~bad).mean()))


def _flat(pictures: Pictures) -> Flat:
    return np.ascontiguousarray(pictures, np.float32).reshape(len(pictures), -1)


def _normal(pictures: Flat, weight: Flat | None = None) -> Flat:
    """Without brightness and contrast. Noise of a flat picture is not blown up to a pattern."""
    if weight is None:
        centred = pictures - pictures.mean(axis=1)[:, None]
        power = np.einsum("ki,ki->k", centred, centred) / centred.shape[1]
    else:
        total = weight.sum()
        centred = pictures - (pictures @ weight / total)[:, None]
        power = (centred * centred) @ weight / total
    result: Flat = centred / np.sqrt(power + 2.0)[:, None]
    return result


def _moving(pictures: Flat) -> float:
    """How much changes from picture to picture, apart from brightness, in grey levels."""
    level = pictures - pictures.mean(axis=1)[:, None]
    return float(np.sqrt(level.var(axis=0).mean()))
