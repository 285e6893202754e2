"""Boxes of a match made exact: what is measured in pixels must lie within a pixel.

Matches are found on pictures of 32×32, so their boxes are out by up to a few pixels. Here they
are laid once more, by the gradient of the picture (Lucas and Kanade 1981).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vidcache_gui.media.boxes import WHOLE, Box, common, moved
from vidcache_gui.media.quality.pictures import Grey, Luma, Pair, correlation
from vidcache_gui.media.quality.records import Stretch

HEIGHT = 180  # of the pictures that are laid
HEIGHTS = (60, HEIGHT)  # first coarsely: a gradient reaches no further than a few pixels
ROUNDS = 6
STILL = 2e-4  # of half a side: less is no step
AS_WHOLE = 0.03  # boxes that differ from the whole picture by so little are tried as the whole
MARGIN = 0.004  # of correlation: so much better than the whole a box must be
SMALLEST = 0.05  # of a side
STEP = 0.03  # of a side, the most an edge moves in one round


def refined(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs with boxes that lie over each other exactly."""
    found: list[Pair] = []
    for stretch, group in groupby(pairs, key=lambda pair: pair.stretch):
        some = list(group)
        better = _refined(stretch, some)
        found += [replace(pair, stretch=better) for pair in some]
    return found


def _refined(stretch: Stretch, pairs: list[Pair]) -> Stretch:
    best, score = stretch, _score(stretch, pairs)
    whole = replace(stretch, box_a=WHOLE, box_b=WHOLE)
    if _apart(stretch.box_a, WHOLE) < AS_WHOLE and _apart(stretch.box_b, WHOLE) < AS_WHOLE:
        likeness = _score(whole, pairs)
        if likeness >= score - MARGIN:
            best, score = whole, likeness
    nearer = best
    for height in HEIGHTS:
        for _ in range(ROUNDS):
            step = _step(nearer, pairs, height)
            nearer = _common(replace(nearer, box_b=moved(nearer.box_b, step.tolist())))
            if max(abs(step)) < STILL:
                break
    likeness = _score(nearer, pairs)
    if likeness > score + (MARGIN if best is whole else 2e-4):
        best = nearer
    return _common(best)


def _common(stretch: Stretch) -> Stretch:
    boxes = common(stretch.box_a, stretch.box_b, SMALLEST)
    return replace(stretch, box_a=boxes[0], box_b=boxes[1]) if boxes is not None else stretch


def _apart(box: Box, other: Box) -> float:
    return max(abs(one - two) for one, two in zip(box, other, strict=True))


def laid(pair: Pair, height: int = HEIGHT) -> tuple[Grey, Grey]:
    """Both pictures (height, width) of what both show, b's over a's."""
    left, top, right, bottom = pair.stretch.box_a
    rows, columns = pair.a.luma.shape
    ratio = (right - left) * columns / max(1.0, (bottom - top) * rows)
    size = (height, int(np.clip(round(height * ratio), 32, 4 * height)))
    return sampled(pair.a.luma, pair.stretch.box_a, size), sampled(
        pair.b.luma, pair.stretch.box_b, size
    )


def sampled(luma: Luma, box: Box, size: tuple[int, int]) -> Grey:
    """The part of a picture in a box, whose edges may lie between pixels, as (height, width)."""
    height, width = luma.shape
    left, right = (min(width, max(0.0, box[side] * width)) for side in (0, 2))
    top, bottom = (min(height, max(0.0, box[side] * height)) for side in (1, 3))
    image = Image.fromarray(luma).resize(
        size[::-1], Image.Resampling.BILINEAR, box=(left, top, right, bottom)
    )
    return np.asarray(image, np.float32)


def _score(stretch: Stretch, pairs: list[Pair]) -> float:
    each = [correlation(*laid(replace(pair, stretch=stretch))) for pair in pairs]
    return float(np.median(each))


def _step(stretch: Stretch, pairs: list[Pair], height: int) -> NDArray[np.float64]:
    """(stretch x, shift x, stretch y, shift y) of b's box, in halves of its sides."""
    square, target = np.eye(4) * 1e-6, np.zeros(4)
    for pair in pairs:
        x, y = (_normal(grey) for grey in laid(replace(pair, stretch=stretch), height))
        down, across = np.gradient(y)
        width = y.shape[1]
        place_x = np.linspace(-1, 1, width, dtype=np.float32)
        place_y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        slopes = np.stack([
            across * place_x * width / 2, across * width / 2,
            down * place_y * height / 2, down * height / 2,
        ]).reshape(4, -1)  # fmt: skip
        apart = (x - y).ravel()
        # What is laid over one of them must not pull: only what nearly agrees counts.
        near = (np.abs(apart) < 4 * np.median(np.abs(apart)) + 0.3).astype(np.float32)
        square = square + (slopes * near) @ slopes.T
        target = target + (slopes * near) @ apart
    square += np.eye(4) * 1e-4 * np.trace(square)
    step = np.linalg.solve(square, target)
    result: NDArray[np.float64] = np.clip(step, -2 * STEP, 2 * STEP).astype(np.float64)
    return result


def _normal(grey: Grey) -> Grey:
    result: Grey = (grey - grey.mean()) / np.sqrt(grey.var() + 2.0)
    return result
