"""Two items: which stretches of them show the same."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line, lines_of, pairings
from vidcache_gui.matching.records import WHOLE
from vidcache_gui.matching.segments import Stretch, stretch_along
from vidcache_gui.matching.settings import Settings

STRONG_LIKENESS = 0.85
STRONG_MOTION = 0.8
ENOUGH = 0.85  # of the telling pictures of the shorter one: nothing more to look for
TRIED = 5  # lines after which nothing better is hoped for
HOPE = 0.05
PLAIN = 1.06  # how much a line at speed 1 is preferred over others that explain as much


def stretches(a: Footage, b: Footage, settings: Settings) -> list[Stretch]:
    """What both show, the most telling stretch first, none overlapping another in both."""
    found: list[Stretch] = []
    free_a = np.ones(len(a), bool)
    free_b = np.ones(len(b), bool)
    for _ in range(settings.most_segments):
        best = _best(a, b, settings, free_a if found else None, free_b if found else None)
        if best is None:
            break
        found.append(best)
        taken_a = (a.middles >= best.a0) & (a.middles <= best.a1)
        low, high = sorted((best.b0, best.b1))
        taken_b = (b.middles >= low) & (b.middles <= high)
        free_a &= ~taken_a
        free_b &= ~taken_b
        left_a, left_b = _left(a, free_a), _left(b, free_b)
        if min(left_a, left_b) < 1 - ENOUGH:
            break
    return found


def _left(footage: Footage, free: NDArray[np.bool_]) -> float:
    """Part of the telling pictures that is not matched; 0 where it is next to nothing."""
    left = int((free & footage.telling).sum())
    return left / max(1, int(footage.telling.sum())) if left >= 4 else 0.0


def _best(
    a: Footage,
    b: Footage,
    settings: Settings,
    free_a: NDArray[np.bool_] | None,
    free_b: NDArray[np.bool_] | None,
) -> Stretch | None:
    best: Stretch | None = None
    worth = 0.0
    tried = 0
    for line in _lines(a, b, settings, free_a, free_b):
        stretch = stretch_along(a, b, line, settings, free_a, free_b)
        tried += 1
        here = 0.0 if stretch is None else quality(stretch, settings)
        if here > worth:
            best, worth = stretch, here
        if stretch is not None and _strong(a, b, stretch, settings):
            break
        if tried >= TRIED and worth < HOPE:
            break
    return best


def _lines(
    a: Footage,
    b: Footage,
    settings: Settings,
    free_a: NDArray[np.bool_] | None,
    free_b: NDArray[np.bool_] | None,
) -> Iterator[Line]:
    """Cheap guesses first, because most of what matches matches plainly."""
    kinds = pairings(a, b, settings)
    for kind in kinds[:2]:
        yield from lines_of(a, b, kind, settings, thorough=False, free_a=free_a, free_b=free_b)[:1]
    if free_a is None:
        yield Line(1.0, 0.0, False, 0, WHOLE, WHOLE, 0.0)
    lines = [
        line
        for kind in kinds
        for line in lines_of(a, b, kind, settings, thorough=True, free_a=free_a, free_b=free_b)
    ]
    lines.sort(key=lambda line: -line.weight)
    yield from lines[: settings.most_lines]


def quality(stretch: Stretch, settings: Settings) -> float:
    """How much a stretch explains: its seconds, weighed by how alike it is."""
    like = stretch.likeness
    motion = like.motion if like.moving >= settings.least_motion else 0.5
    seconds = min(stretch.a1 - stretch.a0, abs(stretch.b1 - stretch.b0))
    plain = PLAIN if stretch.line.slope == 1.0 else 1.0
    return max(0.0, seconds) * max(0.0, like.mean) ** 2 * max(0.02, motion) ** 2 * plain


def _strong(a: Footage, b: Footage, stretch: Stretch, settings: Settings) -> bool:
    like = stretch.likeness
    if like.mean < STRONG_LIKENESS or like.moving < settings.least_motion:
        return False
    reach = stretch.a1 - stretch.a0
    return like.motion > STRONG_MOTION and (reach > 4 or reach > 0.6 * min(a.duration, b.duration))
