"""Runs of places (first and last, both inclusive, ascending): where both sides are decoded."""

from collections.abc import Sequence

from vidcache_gui.gui.compare.pair import Line
from vidcache_gui.gui.player.cache import Run


def decoded_places(line: Line, a: Sequence[Run], b: Sequence[Run]) -> list[Run]:
    """Runs of frames decoded of A and of B to runs of places where nothing is missing."""
    with_a = [(line.place_of_a(first), line.place_of_a(last)) for first, last in a]
    first_b, last_b = line.places_with_b()
    with_b = []
    for first, last in b:
        end = last_b
        if last + 1 < line.count_b:
            end = min(line.place_of_b(last + 1) - 1, last_b)
        with_b.append((max(line.place_of_b(first), first_b), end))
    return both(
        filled(with_a, line.places_with_a(), line.count),
        filled(with_b, (first_b, last_b), line.count),
    )


def filled(runs: Sequence[Run], span: Run, count: int) -> list[Run]:
    """Runs within ``span``, and all of ``0..count-1`` outside it: nothing is needed there."""
    first, last = span
    if last < first:
        return [(0, count - 1)] if count else []
    made = [(0, first - 1)] if first > 0 else []
    made += [(start, end) for start, end in runs if start <= end]
    return made + ([(last + 1, count - 1)] if last < count - 1 else [])


def both(a: Sequence[Run], b: Sequence[Run]) -> list[Run]:
    """What lies in both, as few runs as can say it."""
    made: list[Run] = []
    at = of = 0
    while at < len(a) and of < len(b):
        first, last = max(a[at][0], b[of][0]), min(a[at][1], b[of][1])
        if first <= last:
            if made and made[-1][1] >= first - 1:
                made[-1] = (made[-1][0], last)
            else:
                made.append((first, last))
        if a[at][1] < b[of][1]:
            at += 1
        else:
            of += 1
    return made
