"""Traces of coding: edges of blocks, torn interlaced pictures, steps in what should be smooth."""

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.media.quality.pictures import Luma

BLOCK = 8  # pixels: the grid of nearly all codecs, at the size they coded
COMBED = 0.012  # of the pixels: more is a torn picture
TEAR = 12  # grey levels by which a line differs from both its neighbours, squared below


def blockiness(luma: Luma, period: float = BLOCK) -> float:
    """How much stronger steps are at a grid than beside it, relative to those beside it.

    ``period``: pixels between grid lines; not whole for pictures that were enlarged. 0: none.
    """
    picture = luma.astype(np.float32)
    each = [_grid(_steps(one), period) for one in (picture, picture.T)]
    return max(0.0, sum(each) / 2)


def _steps(picture: NDArray[np.float32]) -> NDArray[np.float64]:
    """How sharply the picture steps between each two columns: what a straight line through
    the neighbours does not explain. Real edges are cut off, they lie anywhere."""
    here = np.abs(np.diff(picture, axis=1))
    sharp = here[:, 1:-1] - (here[:, 2:] + here[:, :-2]) / 2
    result: NDArray[np.float64] = np.clip(sharp, -8, 8).mean(axis=0, dtype=np.float64)
    return result


def _grid(steps: NDArray[np.float64], period: float) -> float:
    if len(steps) < 4 * period:
        return 0.0
    scale = float(np.abs(steps).mean()) + 0.15
    best = 0.0
    for phase in np.arange(0, period, 1.0 if period == BLOCK else 0.5):
        at = np.round(np.arange(phase, len(steps) - 1, period)).astype(int)
        beside = np.ones(len(steps), bool)
        beside[at] = False
        best = max(best, float((np.median(steps[at]) - np.median(steps[beside])) / scale))
    return best


def combed(luma: Luma) -> bool:
    """Whether every other line of a picture is from another moment."""
    picture = luma.astype(np.int16)
    down = _torn(picture)
    return down > COMBED and down > 3 * _torn(picture.T)


def _torn(picture: NDArray[np.int16]) -> float:
    middle = picture[2:-2]
    torn = (
        (np.abs(middle - picture[1:-3]) > TEAR)
        & (np.abs(middle - picture[3:-1]) > TEAR)
        & (np.abs(middle - picture[:-4]) < TEAR // 2)
        & (np.abs(middle - picture[4:]) < TEAR // 2)
        & ((middle > picture[1:-3]) == (middle > picture[3:-1]))
    )
    return float(torn.mean())


def banding(luma: Luma) -> float:
    """Of the places that change gently, the share that are steps between flat stretches."""
    steps = np.abs(np.diff(luma[::2].astype(np.int16), axis=1))
    flat = steps == 0
    beside = np.ones_like(flat[:, 3:-3])
    for away in (-3, -2, -1, 1, 2, 3):
        beside &= flat[:, 3 + away : flat.shape[1] - 3 + away]
    middle = steps[:, 3:-3]
    stepped = int((beside & (middle >= 2) & (middle <= 16)).sum())
    gentle = int((middle == 1).sum())
    return stepped / (stepped + gentle + 50)
