"""Straight lines through time on which one item's pictures resemble another's."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage, View
from vidcache_gui.matching.records import WHOLE, Box
from vidcache_gui.matching.settings import Settings
from vidcache_gui.media.fingerprint.hashes import orient

TURNS = tuple((mirrored, turn) for mirrored in (False, True) for turn in (0, 90, 180, 270))
MOST_ROWS = 48  # pictures of a that choose which views to compare
MOST_HITS = 4000
_SLOPES = np.geomspace(0.2, 5.0, 161)  # frame folders come without a speed


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


@dataclass(frozen=True, slots=True, eq=False)
class _Hits:
    """Pictures that resemble each other: times in a and b, weights, numbers of a's pictures."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    weight: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """Two views, one of them turned, and how much they resemble each other."""

    votes: float
    view_a: View
    view_b: View
    hashes_b: NDArray[np.uint64]
    mirrored: bool
    rotation: int


def pairings(a: Footage, b: Footage, settings: Settings) -> list[Pairing]:
    """Views of both and turns of b, those with most resembling pictures first."""
    found = []
    step = max(1, len(a) // MOST_ROWS)
    radius = settings.pair_radius
    for mirrored, rotation in TURNS if settings.turned else TURNS[:1]:
        for view_b in b.views:
            if not len(view_b.hashes):
                continue
            hashes_b = orient(view_b.hashes, mirrored, rotation)
            for view_a in a.views:
                hashes_a = view_a.hashes[::step]
                both_middle = view_a.name == view_b.name == "middle"
                if both_middle or not len(hashes_a):
                    continue
                nearest = np.bitwise_count(hashes_a[:, None] ^ hashes_b[None, :]).min(axis=1)
                votes = float(np.clip(radius + 1.0 - nearest, 0, None).sum())
                if votes > 1:
                    plain = (view_a.name == view_b.name == "whole") + (
                        not mirrored and not rotation
                    )
                    votes *= 1 + 0.02 * plain
                    found.append(Pairing(votes, view_a, view_b, hashes_b, mirrored, rotation))
    found.sort(key=lambda pairing: -pairing.votes)
    return found[: settings.most_lines]


def lines_of(
    a: Footage,
    b: Footage,
    pairing: Pairing,
    settings: Settings,
    *,
    thorough: bool,
    free_a: NDArray[np.bool_] | None = None,
    free_b: NDArray[np.bool_] | None = None,
) -> list[Line]:
    """Likely lines through time, best first. ``thorough``: at all speeds, not only ±1.

    ``free_a``, ``free_b``: pictures that are not matched yet.
    """
    rows_a, rows_b = pairing.view_a.rows, pairing.view_b.rows
    distance = np.bitwise_count(pairing.view_a.hashes[:, None] ^ pairing.hashes_b[None, :])
    if free_a is not None:
        distance[~free_a[rows_a]] = 64
    if free_b is not None:
        distance[:, ~free_b[rows_b]] = 64
    at_a, at_b = np.nonzero(distance <= settings.pair_radius)
    if not len(at_a):
        return []
    weight = (settings.pair_radius + 1.0 - distance[at_a, at_b]) / settings.pair_radius
    # A still picture resembles all of another still: that is one resemblance, not a hundred.
    many_a = np.bincount(at_a, weight, minlength=len(rows_a))[at_a]
    many_b = np.bincount(at_b, weight, minlength=len(rows_b))[at_b]
    weight = weight / np.sqrt(np.maximum(many_a, 1) * np.maximum(many_b, 1))
    if len(at_a) > MOST_HITS:
        best = np.argpartition(-weight, MOST_HITS)[:MOST_HITS]
        at_a, at_b, weight = at_a[best], at_b[best], weight[best]
    hits = _Hits(a.times[rows_a[at_a]], b.times[rows_b[at_b]], weight)
    box_a, box_b = _usual_box(pairing.view_a, at_a), _usual_box(pairing.view_b, at_b)
    return [
        Line(
            slope,
            offset,
            pairing.mirrored,
            pairing.rotation,
            box_a,
            box_b,
            mass,
            *_reach(hits, slope, offset, settings),
        )
        for slope, offset, mass in _through(hits, settings, thorough)
    ]


def _usual_box(view: View, rows: NDArray[np.int64]) -> Box:
    if view.name == "whole":
        return WHOLE
    kinds, count = np.unique(view.boxes[rows], axis=0, return_counts=True)
    left, top, right, bottom = kinds[count.argmax()]
    return float(left), float(top), float(right), float(bottom)


def _through(hits: _Hits, settings: Settings, thorough: bool) -> list[tuple[float, float, float]]:
    """(slope, offset, mass) of the strongest lines."""
    signs = (1.0, -1.0) if settings.reverse else (1.0,)
    slopes = np.array(signs)
    if thorough and settings.speeds:
        slopes = np.concatenate([slopes, *(sign * _SLOPES for sign in signs)])
    return [_fitted(hits, *line, settings) for line in _peaks(hits, slopes, settings)]


def _reach(hits: _Hits, slope: float, offset: float, settings: Settings) -> tuple[float, float]:
    """First and last time of a at which hits lie near the line, without stray ones."""
    near = abs(hits.b - slope * hits.a - offset) <= 2 * settings.line_step
    if not near.any():
        return -math.inf, math.inf
    first, last = np.percentile(hits.a[near], (5, 95))
    return float(first), float(last)


def _peaks(
    hits: _Hits, slopes: NDArray[np.float64], settings: Settings
) -> list[tuple[float, float, float]]:
    """The strongest offset for the two best slopes."""
    offsets = hits.b[None, :] - slopes[:, None] * hits.a[None, :]
    low = offsets.min()
    bins = ((offsets - low) / settings.line_step).astype(np.int64) + 1
    width = int(bins.max()) + 2
    flat = (bins + np.arange(len(slopes))[:, None] * width).ravel()
    counted = np.bincount(flat, np.tile(hits.weight, len(slopes)), minlength=width * len(slopes))
    mass: NDArray[np.float64] = counted.reshape(len(slopes), width).astype(np.float64)
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
    hits: _Hits, slope: float, offset: float, mass: float, settings: Settings
) -> tuple[float, float, float]:
    """The line through the hits near it, by least squares; speed 1 is kept where it fits."""
    for reach in (2.0, 1.2):
        near = abs(hits.b - slope * hits.a - offset) <= reach * settings.line_step
        if not near.any():
            return slope, offset, mass
        ta, tb, weight = hits.a[near], hits.b[near], hits.weight[near]
        if abs(slope) != 1.0 and np.ptp(ta) > 1.0 and len(ta) > 3:
            centre_a, centre_b = np.average(ta, weights=weight), np.average(tb, weights=weight)
            spread = (weight * (ta - centre_a) ** 2).sum()
            slope = float((weight * (ta - centre_a) * (tb - centre_b)).sum() / spread)
            slope = float(np.clip(slope, -5.5, 5.5)) or 1.0
        offset = float(np.average(tb - slope * ta, weights=weight))
    return slope, offset, mass
