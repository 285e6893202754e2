"""Where exactly one picture lies in the other: crops, borders, pictures in pictures.

Registration by the gradient of the picture (Lucas and Kanade 1981), for a stretch and a shift in
each direction, on several pictures at once.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.records import Box
from vidcache_gui.matching.resample import crop, turn

ROUNDS = 6
SMALLEST = 0.2  # of a side
PICTURES = 5
STEP = 0.12  # of the picture: the most an edge moves in one round

Pictures = NDArray[np.float32]


def register(a: Footage, b: Footage, line: Line, times: NDArray[np.float64]) -> tuple[Line, float]:
    """The line with boxes that lie better over each other, and the correlation they reach.

    b's picture is stretched and moved over a's, from the boxes the line has; the boxes are
    then what both show.
    """
    if len(times) > PICTURES:
        times = times[np.linspace(0, len(times) - 1, PICTURES).astype(int)]
    one = a.at(times, fine=False)
    other = turn(b.at(line.offset + line.slope * times, fine=False), line.mirrored, line.rotation)
    box_a, box_b = line.box_a, line.box_b
    best, chosen = -1.0, (box_a, box_b)
    for _ in range(ROUNDS):
        x, y = _normal(crop(one, box_a)), _normal(crop(other, box_b))
        here = float((x * y).mean())
        if here > best + 1e-4:
            best, chosen = here, (box_a, box_b)
        elif here < best - 0.1:
            break
        moved = _moved(box_b, _step(x, y))
        boxes = _common(box_a, moved)
        if boxes is None or max(abs(np.subtract(boxes[1], box_b))) < 0.002:
            break
        box_a, box_b = boxes
    return replace(line, box_a=chosen[0], box_b=chosen[1]), best


def _normal(pictures: Pictures) -> Pictures:
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    power = np.einsum("kij,kij->k", centred, centred) / centred[0].size
    result: Pictures = centred / np.sqrt(power + 4.0)[:, None, None]
    return result


def _step(x: Pictures, y: Pictures) -> NDArray[np.float64]:
    """(stretch x, shift x, stretch y, shift y) of y's sampling that bring it nearer to x."""
    side = x.shape[1]
    place = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    down = np.zeros_like(y)
    down[:, 1:-1] = (y[:, 2:] - y[:, :-2]) * (side / 4)
    across = np.zeros_like(y)
    across[:, :, 1:-1] = (y[:, :, 2:] - y[:, :, :-2]) * (side / 4)
    slopes = np.stack([across * place, across, down * place[:, None], down]).reshape(4, -1)
    square = slopes @ slopes.T
    square += np.eye(4) * (1e-3 * np.trace(square) / 4 + 1e-6)
    result: NDArray[np.float64] = np.linalg.solve(square, slopes @ (x - y).ravel())
    return np.clip(result, -2 * STEP, 2 * STEP)


def _moved(box: Box, step: NDArray[np.float64]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    half_x, half_y = (right - left) / 2, (bottom - top) / 2
    return (
        left + half_x * (step[1] - step[0]), top + half_y * (step[3] - step[2]),
        right + half_x * (step[1] + step[0]), bottom + half_y * (step[3] + step[2]),
    )  # fmt: skip


def _common(box_a: Box, box_b: tuple[float, ...]) -> tuple[Box, Box] | None:
    """The largest boxes with the same mapping between them that lie within both pictures."""
    found = []
    for low, high in ((0, 2), (1, 3)):
        scale = (box_b[high] - box_b[low]) / (box_a[high] - box_a[low])
        if not 1 / 6 < scale < 6:
            return None
        start = box_b[low] - scale * box_a[low]  # in b, where a begins
        first = max(0.0, -start / scale)
        last = min(1.0, (1 - start) / scale)
        if last - first < SMALLEST:
            return None
        found.append((first, last, start + scale * first, start + scale * last))
    (al, ar, bl, br), (at, ab, bt, bb) = found
    return _tidy((al, at, ar, ab)), _tidy((bl, bt, br, bb))


def _tidy(box: tuple[float, ...]) -> Box:
    left, top, right, bottom = (round(min(1.0, max(0.0, float(edge))), 4) for edge in box)
    return left, top, right, bottom
