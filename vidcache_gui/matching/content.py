"""Where the picture is between letterbox and pillarbox bars, shot by shot."""

import itertools

import numpy as np
from numpy.typing import NDArray

FLAT = 5  # grey levels between the pixels of a bar, apart from what lies over it
STEADY = 8  # grey levels between the rows of a bar
CUT = 0.5  # correlation of neighbouring pictures below which a new shot begins


def content_boxes(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(n, 4) left, top, right, bottom as parts of 1 for uint8 pictures (n, side, side).

    A bar is rows (or columns) that are flat from the edge on. A logo over it covers little of
    a row, so a row's middle two thirds by brightness decide. One dark picture does not
    make a bar: those that most pictures of a shot have are believed.
    """
    side = pictures.shape[1]
    counts = np.zeros((len(pictures), 4))  # left, right, top, bottom
    for edges, rows in ((slice(0, 2), pictures.transpose(0, 2, 1)), (slice(2, 4), pictures)):
        # Most pictures go on to their edges, and an edge alone says so.
        some = np.flatnonzero(_flat(np.sort(rows[:, [0, -1]], axis=2)).any(axis=1))
        counts[some, edges] = _bars(np.sort(rows[some], axis=2))
    for first, last in shots(pictures):
        counts[first:last] = np.percentile(counts[first:last], 25, axis=0, method="lower")
    left, right, top, bottom = (counts[:, edge] for edge in range(4))
    none = (left + right >= side - 4) | (top + bottom >= side - 4)
    boxes = np.stack([left, top, side - right, side - bottom], axis=1) / side
    boxes[none] = (0, 0, 1, 1)
    return np.asarray(boxes, np.float64)


def _bars(ordered: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Flat rows from both ends of (n, rows, pixels in order)."""
    level = ordered[:, :, ordered.shape[2] // 2].astype(np.int16)
    flat = _flat(ordered)
    start = flat & (abs(level - level[:, :1]) <= STEADY)
    end = flat & (abs(level - level[:, -1:]) <= STEADY)
    return np.stack([_run(start, level), _run(end[:, ::-1], level[:, ::-1])], axis=1)


def _flat(ordered: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows of (n, rows, pixels in order) are of one tone, but for something small."""
    sixth = ordered.shape[2] // 6
    low, high = ordered[:, :, sixth], ordered[:, :, -1 - sixth]
    return np.asarray(high - low <= FLAT)


def _run(bar: NDArray[np.bool_], level: NDArray[np.int16]) -> NDArray[np.float64]:
    """How many rows of (n, rows) are bar from the first on, with the part of the row that is
    half bar and half picture (its level lies between theirs)."""
    pictures, rows = bar.shape
    run = np.cumprod(bar, axis=1).sum(axis=1)
    every = np.arange(pictures)
    ground = level[:, 0]
    edge = abs(level[every, np.minimum(run, rows - 1)] - ground)
    inside = abs(level[every, np.minimum(run + 1, rows - 1)] - ground)
    part = np.where(inside > STEADY, 1 - np.minimum(edge / np.maximum(inside, 1), 1.0), 0.0)
    return np.asarray(np.where((run > 0) & (run < rows - 1), run + part, run), np.float64)


def shots(pictures: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Runs (first, past the last) of pictures between cuts."""
    count = len(pictures)
    if count < 2:
        return [(0, count)]
    flat = pictures.reshape(count, -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    norm = np.sqrt((flat * flat).sum(axis=1)) + 1e-3
    likeness = (flat[1:] * flat[:-1]).sum(axis=1) / (norm[1:] * norm[:-1])
    edges = [0, *(np.flatnonzero(likeness < CUT) + 1).tolist(), count]
    return list(itertools.pairwise(edges))
