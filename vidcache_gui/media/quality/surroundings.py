"""What one picture shows around what both show: more of the scene, or bars."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidcache_gui.media.boxes import Box
from vidcache_gui.media.quality.pictures import Luma, cut

BAR = 3.0  # grey levels: what varies less is a bar
DULL = 0.08  # of the edges inside: what has fewer is a blurred frame around the picture
EDGE = 0.01  # of a side: less outside a box is rounding
USUALLY = 0.7  # of the pictures


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Shares of the picture, 0 to 1."""

    scene: float
    bars: float


def around(pictures: Sequence[Luma], boxes: Sequence[Box]) -> Surroundings:
    """``boxes``: what both show, in each of the pictures."""
    scene, bars = 0.0, 0.0
    left, top, right, bottom = boxes[0]
    for strips in (
        ((0.0, 0.0, 1.0, top), (0.0, bottom, 1.0, 1.0)),
        ((0.0, top, left, bottom), (right, top, 1.0, bottom)),
    ):
        there = [one for one in strips if min(one[2] - one[0], one[3] - one[1]) >= EDGE]
        area = sum((one[2] - one[0]) * (one[3] - one[1]) for one in there)
        # Bars come in pairs: a dull strip opposite a lively one is sky.
        if there and all(_are_bars(pictures, one, boxes[0]) for one in there):
            bars += area
        else:
            scene += area
    return Surroundings(scene, bars)


def _are_bars(pictures: Sequence[Luma], strip: Box, shown: Box) -> bool:
    dull = [_is_bar(cut(luma, strip), cut(luma, shown)) for luma in pictures]
    return float(np.mean(dull)) > USUALLY


def _is_bar(strip: Luma, inside: Luma) -> bool:
    # The seam belongs to neither: scaling smears it.
    rows, columns = (
        min(max(2, whole // 100), side // 4)
        for whole, side in zip(inside.shape, strip.shape, strict=True)
    )
    strip = strip[rows : strip.shape[0] - rows, columns : strip.shape[1] - columns]
    return float(strip.std()) < BAR or _edges(strip) < DULL * _edges(inside)


def _edges(luma: Luma) -> float:
    if min(luma.shape) < 3:
        return 0.0
    return float(np.abs(np.diff(luma.astype(np.float32), axis=1)).mean())
