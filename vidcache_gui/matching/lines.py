"""Straight lines through time on which one item's pictures resemble another's."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import View
from vidcache_gui.matching.records import WHOLE, Box
from vidcache_gui.matching.resembling import Hits
from vidcache_gui.matching.settings import Settings

SLOWEST, FASTEST = 0.2, 5.0  # frame folders come without a speed
FEWEST = 4  # resembling pictures that tell a speed
FINEST, COARSEST = 1.02, 1.1  # from one speed to the next, for long and for short footage


@dataclass(frozen=True, slots=True)
class Line:
    """b shows at ``offset + slope × t`` what a shows at ``t`` (seconds)."""

    slope: float
    offset: float
    mirrored: bool
    rotation: int  # of b, to look like a
    box_a: Box
    box_b: Box
    weight: float
    first: float = -math.inf  # of the pictures of a that resemble b's, seconds
    last: float = math.inf


def plain_lines(hits: Hits, settings: Settings) -> list[Line]:
    """The likely lines at the speed of the original, forwards and backwards, best first."""
    return _lines(hits, np.array((1.0, -1.0) if settings.reverse else (1.0,)), settings)


def lines_of(hits: Hits, settings: Settings) -> list[Line]:
    """Likely lines at all speeds, best first."""
    slopes = np.ones(1)
    if settings.speeds and len(hits.a) >= FEWEST:  # through fewer there is always one
        slopes = np.concatenate([slopes, _slopes(float(np.ptp(hits.a)), settings)])
    if settings.reverse:
        slopes = np.concatenate([slopes, -slopes])
    return _lines(hits, slopes, settings)


def _slopes(reach: float, settings: Settings) -> NDArray[np.float64]:
    """Speeds that differ by no more than a step over this many seconds."""
    ratio = min(COARSEST, max(FINEST, 1 + settings.line_step / max(reach, 0.1)))
    steps = math.log(FASTEST / SLOWEST) / math.log(ratio)
    slopes: NDArray[np.float64] = np.geomspace(SLOWEST, FASTEST, math.ceil(steps) + 1)
    return slopes


def _lines(hits: Hits, slopes: NDArray[np.float64], settings: Settings) -> list[Line]:
    pairing = hits.pairing
    boxes = _usual_box(pairing.view_a, hits.at_a), _usual_box(pairing.view_b, hits.at_b)
    found = []
    for peak in _peaks(hits, slopes, settings):
        slope, offset, mass = _fitted(hits, *peak, settings)
        reach = _reach(hits, slope, offset, settings)
        found.append(Line(slope, offset, pairing.mirrored, pairing.rotation, *boxes, mass, *reach))
    return found


def _usual_box(view: View, rows: NDArray[np.int64]) -> Box:
    if view.name == "whole":
        return WHOLE
    boxes = view.boxes[rows]
    if (boxes == boxes[0]).all():
        left, top, right, bottom = boxes[0]
    else:
        kinds, count = np.unique(boxes, axis=0, return_counts=True)
        left, top, right, bottom = kinds[count.argmax()]
    return float(left), float(top), float(right), float(bottom)


def _reach(hits: Hits, slope: float, offset: float, settings: Settings) -> tuple[float, float]:
    """First and last time of a at which hits lie near the line, without stray ones."""
    near = np.sort(hits.a[abs(hits.b - slope * hits.a - offset) <= 2 * settings.line_step])
    if not len(near):
        return -math.inf, math.inf
    stray = int(0.05 * (len(near) - 1))
    return float(near[stray]), float(near[-1 - stray])


def _peaks(
    hits: Hits, slopes: NDArray[np.float64], settings: Settings
) -> list[tuple[float, float, float]]:
    """The strongest offset for the two best slopes."""
    offsets = hits.b - slopes[:, None] * hits.a
    low = offsets.min()
    bins = ((offsets - low) * (1 / settings.line_step)).astype(np.int64)
    width = int(bins.max()) + 3
    bins += (np.arange(len(slopes)) * width + 1)[:, None]
    weights = np.broadcast_to(hits.weight, bins.shape).ravel()
    counted = np.bincount(bins.ravel(), weights, minlength=width * len(slopes))
    mass = counted.reshape(len(slopes), width).astype(np.float64, copy=False)
    mass[:, 1:-1] += 0.7 * (mass[:, :-2] + mass[:, 2:])
    best = mass.argmax(axis=1)
    height = mass[np.arange(len(slopes)), best]
    order = np.argsort(-height)[:2]
    return [
        (float(slopes[row]), float(low + (best[row] - 0.5) * settings.line_step),
         float(height[row]))
        for row in order
    ]  # fmt: skip


def _fitted(
    hits: Hits, slope: float, offset: float, mass: float, settings: Settings
) -> tuple[float, float, float]:
    """The line through the hits near it, by least squares; speed 1 is kept where it fits."""
    for reach in (2.0, 1.2):
        near = abs(hits.b - slope * hits.a - offset) <= reach * settings.line_step
        if not near.any():
            return slope, offset, mass
        ta, tb, weight = hits.a[near], hits.b[near], hits.weight[near]
        total = weight.sum()
        if abs(slope) != 1.0 and np.ptp(ta) > 1.0 and len(ta) > 3:
            off_a, off_b = ta - weight @ ta / total, tb - weight @ tb / total
            slope = float((weight * off_a) @ off_b / ((weight * off_a) @ off_a))
            slope = min(5.5, max(-5.5, slope)) or 1.0
        offset = float(weight @ (tb - slope * ta) / total)
    return slope, offset, mass
