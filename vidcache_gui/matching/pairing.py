"""Two items: which stretches of them show the same."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import FASTEST, SLOWEST, Line, lines_of, plain_lines
from vidcache_gui.matching.records import WHOLE
from vidcache_gui.matching.resembling import Free, Hits, Pairing, hits_of, pairings
from vidcache_gui.matching.segments import Stretch, refined, stretch_along
from vidcache_gui.matching.settings import Settings

STRONG_LIKENESS = 0.85
STRONG_MOTION = 0.92
ENOUGH = 0.85  # of the telling pictures of the shorter one: nothing more to look for
LEAST_MOTION = 0.35  # of a stretch that more of the same may follow
TRIED = 5  # lines after which nothing better is hoped for
HOPE = 0.2
RETIMED = 0.04  # of a speed: frames come without delays, and each program chooses its own
PLAIN = 1.06  # how much a line at speed 1 is preferred over others that explain as much


def stretches(a: Footage, b: Footage, settings: Settings) -> list[Stretch]:
    """What both show, the most telling stretch first, none overlapping another in both."""
    found: list[Stretch] = []
    kinds = pairings(a, b, settings)
    free_a = np.ones(len(a), bool)
    free_b = np.ones(len(b), bool)
    for _ in range(settings.most_segments):
        best = _best(a, b, kinds, settings, free_a if found else None, free_b if found else None)
        if best is None:
            break
        best = refined(a, b, best, settings)
        found.append(best)
        if not _promising(best, settings):
            break
        free_a &= (a.times < best.a0) | (a.times > best.a1)
        low, high = sorted((best.b0, best.b1))
        free_b &= (b.times < low) | (b.times > high)
        if min(_left(a, free_a), _left(b, free_b)) < 1 - ENOUGH:
            break
    return found


def _promising(stretch: Stretch, settings: Settings) -> bool:
    """Whether more of the same is to be expected after this stretch."""
    like = stretch.likeness
    return like.moving < settings.least_motion or like.motion >= LEAST_MOTION


def _left(footage: Footage, free: NDArray[np.bool_]) -> float:
    """Part of the telling pictures that is not matched; 0 where it is next to nothing."""
    left = int((free & footage.telling).sum())
    return left / max(1, int(footage.telling.sum())) if left >= 4 else 0.0


def _best(
    a: Footage, b: Footage, kinds: list[Pairing], settings: Settings, free_a: Free, free_b: Free
) -> Stretch | None:
    best: Stretch | None = None
    worth = 0.0
    found = (hits_of(a, b, kind, settings, free_a, free_b) for kind in kinds)
    hits = [some for some in found if some is not None]
    for tried, line in enumerate(_lines(a, b, hits, settings, first=free_a is None), 1):
        stretch = stretch_along(a, b, line, settings, free_a, free_b)
        here = 0.0 if stretch is None else quality(stretch, settings)
        if here > worth:
            best, worth = stretch, here
        if stretch is not None and _strong(a, b, stretch, settings):
            break
        if tried >= TRIED and worth < HOPE:
            break
    return best


def _lines(
    a: Footage, b: Footage, hits: list[Hits], settings: Settings, *, first: bool
) -> Iterator[Line]:
    """Cheap guesses first, because most of what matches matches plainly."""
    for some in hits[:2]:
        yield from plain_lines(some, settings)[:1]
    if first:
        yield Line(1.0, 0.0, False, 0, WHOLE, WHOLE, 0.0)
        speed = b.duration / max(a.duration, 0.001)
        if settings.speeds and SLOWEST <= speed <= FASTEST and abs(speed - 1) > RETIMED:
            yield Line(speed, 0.0, False, 0, WHOLE, WHOLE, 0.0)
    for some in hits:
        yield from lines_of(some, settings)


def quality(stretch: Stretch, settings: Settings) -> float:
    """How much a stretch explains: its seconds, weighed by how alike it is."""
    like = stretch.likeness
    motion = like.motion if like.moving >= settings.least_motion else 0.5
    plain = PLAIN if stretch.line.slope == 1.0 else 1.0
    return max(0.0, stretch.seconds) * max(0.0, like.mean) ** 2 * max(0.02, motion) ** 2 * plain


def _strong(a: Footage, b: Footage, stretch: Stretch, settings: Settings) -> bool:
    like = stretch.likeness
    if like.mean < STRONG_LIKENESS or like.moving < settings.least_motion:
        return False
    reach = stretch.a1 - stretch.a0
    return like.motion > STRONG_MOTION and (reach > 4 or reach > 0.6 * min(a.duration, b.duration))
