"""Which views of two items resemble each other, and which of their pictures do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage, View
from vidcache_gui.matching.settings import Settings
from vidcache_gui.media.fingerprint.hashes import ORIENTATIONS

MOST_ROWS = 48  # pictures of a that choose which views to compare
MOST_HITS = 1500

Free = NDArray[np.bool_] | None  # pictures that are not matched yet


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """Two views, the second turned, and how much they resemble each other."""

    votes: float
    view_a: View
    view_b: View
    hashes_b: NDArray[np.uint64]
    mirrored: bool
    rotation: int

    def distances(self) -> NDArray[np.uint8]:
        """Bits that differ between every picture of a's view (rows) and of b's."""
        found: NDArray[np.uint8] = np.bitwise_count(
            self.view_a.hashes[:, None] ^ self.hashes_b[None, :]
        )
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Pictures that resemble each other: their places in the views, times, and weights."""

    pairing: Pairing
    at_a: NDArray[np.int64]
    at_b: NDArray[np.int64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    weight: NDArray[np.float64]


def orientations(settings: Settings) -> tuple[tuple[bool, int], ...]:
    """The ways of turning that are looked for: as it is, first."""
    return ORIENTATIONS if settings.turned else ORIENTATIONS[:1]


def pairings(a: Footage, b: Footage, settings: Settings) -> list[Pairing]:
    """Views of both and turns of b, those with most resembling pictures first."""
    turns = orientations(settings)
    views_a = [view for view in a.views if len(view.rows)]
    if not views_a:
        return []
    step = max(1, len(a) // MOST_ROWS)
    hashes_a = [view.hashes[::step] for view in views_a]
    starts = np.cumsum([0, *map(len, hashes_a)])[:-1]
    every_a = np.concatenate(hashes_a)[:, None, None]
    found = []
    for view_b in b.views:
        if not len(view_b.rows):
            continue
        turned = view_b.turned[: len(turns)]
        nearest = np.bitwise_count(every_a ^ turned).min(axis=2)  # (pictures of a, turns)
        near = np.maximum(settings.pair_radius + 1.0 - nearest, 0.0)
        votes = np.add.reduceat(near, starts, axis=0)
        for place, turn in zip(*np.nonzero(votes > 1), strict=True):
            view_a, (mirrored, rotation) = views_a[place], turns[turn]
            if view_a.name == view_b.name == "middle":
                continue
            plain = (view_a.name == view_b.name == "whole") + (turn == 0)
            weight = float(votes[place, turn]) * (1 + 0.02 * plain)
            found.append(Pairing(weight, view_a, view_b, turned[turn], mirrored, rotation))
    found.sort(key=lambda pairing: -pairing.votes)
    return found[: settings.most_views]


def hits_of(
    a: Footage, b: Footage, pairing: Pairing, settings: Settings, free_a: Free, free_b: Free
) -> Hits | None:
    """The pictures of a pairing that resemble each other; None where there are none."""
    rows_a, rows_b = pairing.view_a.rows, pairing.view_b.rows
    distance = pairing.distances()
    if free_a is not None:
        distance[~free_a[rows_a]] = 64
    if free_b is not None:
        distance[:, ~free_b[rows_b]] = 64
    at_a, at_b = np.nonzero(distance <= settings.pair_radius)
    if not len(at_a):
        return None
    weight = (settings.pair_radius + 1.0 - distance[at_a, at_b]) / settings.pair_radius
    # A still picture resembles all of another still: that is one resemblance, not a hundred.
    many_a = np.bincount(at_a, weight, minlength=len(rows_a))[at_a]
    many_b = np.bincount(at_b, weight, minlength=len(rows_b))[at_b]
    weight = weight / np.sqrt(np.maximum(many_a, 1) * np.maximum(many_b, 1))
    if len(at_a) > MOST_HITS:
        best = np.argpartition(-weight, MOST_HITS)[:MOST_HITS]
        at_a, at_b, weight = at_a[best], at_b[best], weight[best]
    return Hits(pairing, at_a, at_b, a.times[rows_a[at_a]], b.times[rows_b[at_b]], weight)
