"""Boxes of a match to the pixel: fingerprints are 32 pixels wide, which lays a 1080p picture some
ten pixels beside the other. Least squares over a few pairs of larger pictures; pure numpy.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vidcache_gui.gui.compare.peek import Grey, part, upright
from vidcache_gui.matching.records import WHOLE, Box, Transform

SIZES = ((36, 48), (72, 96), (144, 192))  # pixels that are compared, coarse to fine
ROUNDS = 5  # at each size
INNER = 0.1  # of a box at every side stays out, so that it can move
NUDGE = 0.002  # by which the slope is measured
FARTHEST = 0.06  # an edge moves no farther
SAME = 0.0015  # so near to the edge of a picture it is the edge
ODD = 0.5  # a pixel that differs by so many standard deviations counts half (logos, subtitles)
BETTER = 0.0005  # of correlation, at least


def refined(transform: Transform, pairs: Sequence[tuple[Grey, Grey]]) -> Transform:
    """``pairs``: whole pictures of A and B that show the same moment."""
    if not pairs:
        return transform
    of_a = [a for a, _ in pairs]
    of_b = [upright(b, transform) for _, b in pairs]
    inner_a, begun = _inside(transform.box_a), _inside(transform.box_b)
    box = begun
    for size in SIZES:
        for _ in range(ROUNDS):
            step = _step(of_a, of_b, inner_a, box, size)
            box = _moved(box, step)
            if float(np.abs(step).max()) < NUDGE / 40:
                break
    if max(abs(new - old) for new, old in zip(box, begun, strict=True)) > FARTHEST:
        return transform
    before = _alike(of_a, of_b, inner_a, begun)
    if _alike(of_a, of_b, inner_a, box) < before + BETTER:
        return transform
    return _fitted(transform, inner_a, box)


def _step(
    of_a: list[Grey], of_b: list[Grey], box_a: Box, box_b: Box, size: tuple[int, int]
) -> Grey:
    """By how much the four edges of B's box should move."""
    normal = np.zeros((4, 4))
    right = np.zeros(4)
    for a, b in zip(of_a, of_b, strict=True):
        now = _normal(part(b, box_b, size))
        apart = _normal(part(a, box_a, size)) - now
        weight = 1 / (1 + (apart / ODD) ** 2)
        slopes = []
        for edge in range(4):
            by = np.zeros(4, np.float32)
            by[edge] = NUDGE
            more, less = (_normal(part(b, _moved(box_b, way), size)) for way in (by, -by))
            slopes.append((more - less) / (2 * NUDGE))
        slope = np.stack(slopes)
        normal += np.einsum("ip,jp->ij", slope * weight, slope)
        right += np.einsum("ip,p->i", slope, weight * apart)
    normal += np.eye(4) * (1e-3 * np.trace(normal) / 4 + 1e-9)
    return np.clip(np.linalg.solve(normal, right), -0.02, 0.02).astype(np.float32)


def _alike(of_a: list[Grey], of_b: list[Grey], box_a: Box, box_b: Box) -> float:
    return float(
        np.mean(
            [
                np.mean(_normal(part(a, box_a, SIZES[-1])) * _normal(part(b, box_b, SIZES[-1])))
                for a, b in zip(of_a, of_b, strict=True)
            ]
        )
    )


def _normal(picture: Grey) -> Grey:
    flat = picture.ravel() - picture.mean()
    made: Grey = flat / max(float(flat.std()), 1.0)
    return made


def _inside(box: Box) -> Box:
    left, top, right, bottom = box
    across, down = INNER * (right - left), INNER * (bottom - top)
    return left + across, top + down, right - across, bottom - down


def _moved(box: Box, by: Grey) -> Box:
    left, top, right, bottom = (edge + float(step) for edge, step in zip(box, by, strict=True))
    return left, top, right, bottom


def _fitted(transform: Transform, inner_a: Box, inner_b: Box) -> Transform:
    """Boxes as large as before, as far as both pictures reach, by the line through the inner."""
    box_a, box_b = list(transform.box_a), [0.0] * 4
    for low, high in ((0, 2), (1, 3)):
        scale = (inner_b[high] - inner_b[low]) / (inner_a[high] - inner_a[low])
        for edge in (low, high):
            there = inner_b[low] + (box_a[edge] - inner_a[low]) * scale
            kept = min(max(there, 0.0), 1.0)
            box_a[edge] += (kept - there) / scale
            box_b[edge] = kept
    made = replace(transform, box_a=_snapped(box_a), box_b=_snapped(box_b))
    return made


def _snapped(edges: Sequence[float]) -> Box:
    left, top, right, bottom = (
        whole if abs(edge - whole) < SAME else edge
        for edge, whole in zip(edges, WHOLE, strict=True)
    )
    return left, top, right, bottom
