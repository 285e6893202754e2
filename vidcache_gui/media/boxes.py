"""Boxes: parts of a picture, and how two of them that show the same lie over each other."""

import math
from collections.abc import Sequence

Box = tuple[float, float, float, float]  # left, top, right, bottom of a picture, 0 to 1
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


def moved(box: Box, step: Sequence[float]) -> Box:
    """``step``: (stretch x, shift x, stretch y, shift y), in halves of the box's sides."""
    left, top, right, bottom = box
    half_x, half_y = (right - left) / 2, (bottom - top) / 2
    return (
        left + half_x * (step[1] - step[0]), top + half_y * (step[3] - step[2]),
        right + half_x * (step[1] + step[0]), bottom + half_y * (step[3] + step[2]),
    )  # fmt: skip


def common(
    box_a: Box, box_b: Box, smallest: float, steepest: float = math.inf
) -> tuple[Box, Box] | None:
    """The largest boxes with the same mapping between them that lie within both pictures.

    None where less than ``smallest`` of a side is left of a's, or where a side is ``steepest``
    times as long in one picture as in the other.
    """
    sides = []
    for low, high in ((0, 2), (1, 3)):
        scale = (box_b[high] - box_b[low]) / max(box_a[high] - box_a[low], 1e-6)
        if not 1 / steepest < scale < steepest:
            return None
        start = box_b[low] - scale * box_a[low]  # in b, where a begins
        first, last = max(0.0, -start / scale), min(1.0, (1 - start) / scale)
        if last - first < smallest:
            return None
        sides.append((first, last, start + scale * first, start + scale * last))
    (al, ar, bl, br), (at, ab, bt, bb) = sides
    return (al, at, ar, ab), (bl, bt, br, bb)
