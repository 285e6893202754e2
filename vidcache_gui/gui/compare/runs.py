"""Runs of places (first and last, both inclusive, ascending): where both sides are decoded."""

from collections.abc import Sequence

from vidcache_gui.gui.player.cache import Run


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
