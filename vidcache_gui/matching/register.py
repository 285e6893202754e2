"""Where exactly one picture lies in the other: crops, borders, pictures in pictures.

Registration by the gradient of the picture (Lucas and Kanade 1981), for a stretch and a shift in
each direction, on several pictures at once.
"""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.overlay import Flat, Rows, flat, normal, spread
from vidcache_gui.matching.resample import crop, turn
from vidcache_gui.media.boxes import Box, common, moved

ROUNDS = 6
SMALLEST = 0.2  # of a side
STEEPEST = 6.0  # times as long a side is in the other, at most
PICTURES = 5
STEP = 0.12  # of the picture: the most an edge moves in one round
SOFT = 4.0  # squared grey levels, more than for telling how alike they are: edges lead


def register(
    a: Footage, b: Footage, line: Line, rows: Rows, *, fine: bool = False
) -> tuple[Line, float]:
    """The line with boxes that lie better over each other, and the correlation they reach.

    b's picture is stretched and moved over a's, from the boxes the line has; the boxes are
    then what both show.
    """
    rows = spread(rows, PICTURES)
    one = (a.pictures if fine else a.small).take(rows, axis=0)
    other = b.at(line.offset + line.slope * a.times[rows], fine)
    other = np.ascontiguousarray(turn(other, line.mirrored, line.rotation))
    box_a, box_b = line.box_a, line.box_b
    best, chosen = -1.0, (box_a, box_b)
    for _ in range(ROUNDS):
        x, y = normal(flat(crop(one, box_a)), SOFT), normal(flat(crop(other, box_b)), SOFT)
        here = float(np.vdot(x, y)) / x.size
        if here > best + 1e-4:
            best, chosen = here, (box_a, box_b)
        elif here < best - 0.1:
            break
        boxes = common(box_a, moved(box_b, tuple(_step(x, y))), SMALLEST, STEEPEST)
        if boxes is None:
            break
        before, box_a, box_b = box_b, _tidy(boxes[0]), _tidy(boxes[1])
        if max(abs(np.subtract(box_b, before))) < 0.002:
            break
    return replace(line, box_a=chosen[0], box_b=chosen[1]), best


def _step(x: Flat, y: Flat) -> NDArray[np.float64]:
    """(stretch x, shift x, stretch y, shift y) of y's sampling that bring it nearer to x."""
    side = math.isqrt(y.shape[1])
    seen = y.reshape(-1, side, side)
    place = _places(side)
    slopes = np.zeros((4, *seen.shape), np.float32)
    stretch_x, across, stretch_y, down = slopes
    np.subtract(seen[:, :, 2:], seen[:, :, :-2], out=across[:, :, 1:-1])
    np.subtract(seen[:, 2:], seen[:, :-2], out=down[:, 1:-1])
    np.multiply(across, place, out=stretch_x)
    np.multiply(down, place[:, None], out=stretch_y)
    flat_slopes = slopes.reshape(4, -1) * np.float32(side / 4)
    square = flat_slopes @ flat_slopes.T
    square += np.eye(4, dtype=np.float32) * (1e-3 * np.trace(square) / 4 + 1e-6)
    result: NDArray[np.float64] = np.linalg.solve(square, flat_slopes @ (x - y).ravel())
    return np.clip(result, -2 * STEP, 2 * STEP)


@lru_cache
def _places(side: int) -> NDArray[np.float32]:
    """Where the pixels of a row are, -1 to 1."""
    return ((np.arange(side) + 0.5) / side * 2 - 1).astype(np.float32)


def _tidy(box: Box) -> Box:
    left, top, right, bottom = (round(min(1.0, max(0.0, float(edge))), 4) for edge in box)
    return left, top, right, bottom
