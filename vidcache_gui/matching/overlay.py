"""Pictures of two items laid over each other: how alike they are, and how alike they move."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.resample import crop, turn

SOFT = 2.0  # squared grey levels: the noise of a flat picture is not blown up to a pattern
CELLS = 8  # each way; cells that never agree (logos, subtitles) are left out
_KEPT = round(0.65 * (CELLS**2 - 1))  # so many cells at least are compared
COVERED = 0.2  # of the motion of the other: less is something laid over it


@lru_cache
def _cells(pixels: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The cell of each of so many pixels, and a matrix that takes the mean of every cell."""
    side = math.isqrt(pixels)
    place = np.arange(pixels)
    cell = place // side * CELLS // side * CELLS + place % side * CELLS // side
    every = (cell[:, None] == np.arange(CELLS**2)).astype(np.float32)
    return cell, every / every.sum(axis=0)


Flat = NDArray[np.float32]  # (k, pixels)
Rows = NDArray[np.int64]  # numbers of pictures
Each = NDArray[np.float64]  # (k,)


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """``each``: correlation of every pair of pictures (k,). ``motion``: correlation of what
    changes; ``moving``: how much changes, in grey levels, in the calmer of the two.
    """

    each: Each
    motion: float
    moving: float

    @property
    def mean(self) -> float:
        return float(self.each.mean()) if len(self.each) else 0.0


def pictures_along(
    a: Footage, b: Footage, line: Line, rows: Rows, *, fine: bool = False
) -> tuple[Flat, Flat]:
    """What both show at the times of these pictures of a, laid over each other. ``fine``: in
    full size."""
    return shown_by(a, line, rows, fine=fine), shown_at(b, line, a.times[rows], fine=fine)


def shown_by(a: Footage, line: Line, rows: Rows, *, fine: bool = False) -> Flat:
    """The part of a's pictures that b shows, too."""
    pictures = (a.pictures if fine else a.small).take(rows, axis=0)
    return flat(crop(pictures, line.box_a))


def shown_at(b: Footage, line: Line, times: Each, *, fine: bool = False) -> Flat:
    """The part of b's pictures that a shows, too, at these times of a."""
    pictures = b.at(line.offset + line.slope * times, fine)
    return flat(crop(turn(pictures, line.mirrored, line.rotation), line.box_b))


def spread(rows: Rows, most: int) -> Rows:
    """So many of them at most, evenly."""
    if len(rows) <= most:
        return rows
    chosen: Rows = rows[np.arange(most) * (len(rows) - 1) // (most - 1)]
    return chosen


def flat(pictures: NDArray[np.float32]) -> Flat:
    """(k, side, side) to (k, pixels)."""
    return np.ascontiguousarray(pictures, np.float32).reshape(len(pictures), -1)


def normal(pictures: Flat, soft: float = SOFT) -> Flat:
    """Without brightness and contrast."""
    share = _share(pictures.shape[1])
    centred = pictures - (pictures @ share)[:, None]
    power = (centred * centred) @ share
    centred /= np.sqrt(power + np.float32(soft))[:, None]
    return centred


def resemblance(one: Flat, other: Flat) -> Each:
    """Correlation of every pair (k,), over the whole picture."""
    x, y = normal(one), normal(other)
    return ((x * y) @ _share(x.shape[1])).astype(np.float64)


def changes(pictures: Flat) -> Flat:
    """What differs from the mean of these pictures."""
    x = normal(pictures)
    x -= np.full(len(x), 1 / len(x), np.float32) @ x
    return x


def motion(one: Flat, other: Flat) -> float:
    """Correlation of :func:`changes`, over the whole picture."""
    u, v = one.ravel(), other.ravel()
    return float(u @ v) / math.sqrt(float(u @ u) * float(v @ v) + 1e-9)


def agreement(one: Flat, other: Flat) -> Each:
    """Correlation of every pair (k,) over the cells that agree."""
    return _laid(one, other)[0]


def likeness(one: Flat, other: Flat) -> Likeness:
    """Correlation over the cells that agree, and of the motion in all but covered cells.

    Something laid over one of them (a logo, a subtitle, a border) does not move where the
    other does. Where both move differently it is another take, so those cells stay.
    """
    each, x, y, bad = _laid(one, other)
    _, by_cell = _cells(one.shape[1])
    mean = np.full(len(x), 1 / len(x), np.float32)
    u, v = x - mean @ x, y - mean @ y
    ones = np.ones(len(x), np.float32)
    both = (ones @ (u * v)) @ by_cell
    power_u, power_v = (ones @ (u * u)) @ by_cell, (ones @ (v * v)) @ by_cell
    least, most = np.minimum(power_u, power_v), np.maximum(power_u, power_v)
    seen = ~(bad & (least < COVERED * most))
    power = float(power_u[seen].sum()) * float(power_v[seen].sum())
    alike = float(both[seen].sum()) / math.sqrt(power + 1e-9)
    return Likeness(each, alike, min(_moving(one), _moving(other)))


def _laid(one: Flat, other: Flat) -> tuple[Each, Flat, Flat, NDArray[np.bool_]]:
    """(correlation, both without brightness and contrast, cells that never agree)."""
    cell_of, by_cell = _cells(one.shape[1])
    x, y = normal(one), normal(other)
    apart = x - y
    apart *= apart
    error = np.sort(apart @ by_cell, axis=0)[len(x) // 2]  # the median of every cell
    ordered = np.sort(error)
    limit = max(ordered[_KEPT], 2.0 * ordered[len(ordered) // 2] + 0.02)
    bad = error > limit
    if not bad.any():
        return ((x * y) @ _share(x.shape[1])).astype(np.float64), x, y, bad
    share = (~bad).astype(np.float32)[cell_of]
    share /= share.sum()
    x, y = _normal_within(one, share), _normal_within(other, share)
    return ((x * y) @ share).astype(np.float64), x, y, bad


def _normal_within(pictures: Flat, share: Flat) -> Flat:
    """:func:`normal` by the pixels that count: ``share`` (pixels,), which sum to 1."""
    centred = pictures - (pictures @ share)[:, None]
    power = (centred * centred) @ share
    centred /= np.sqrt(power + np.float32(SOFT))[:, None]
    return centred


@lru_cache
def _share(pixels: int) -> Flat:
    return np.full(pixels, 1 / pixels, np.float32)


def _moving(pictures: Flat) -> float:
    """How much changes from picture to picture, apart from brightness, in grey levels."""
    level = pictures - (pictures @ _share(pictures.shape[1]))[:, None]
    level -= np.full(len(level), 1 / len(level), np.float32) @ level
    return math.sqrt(float(np.vdot(level, level)) / level.size)
