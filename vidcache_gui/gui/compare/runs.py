"""Runs of places (first and last, both inclusive, ascending): where both sides are decoded."""

from collections.abc import Sequence

from vidcache_gui.gui.compare.line import A, Leg, Line
from vidcache_gui.gui.player.cache import Run


def decoded_places(line: Line, a: Sequence[Run], b: Sequence[Run]) -> list[Run]:
    """Runs of frames decoded of A and of B to runs of places where nothing is missing."""
    made: list[Run] = []
    for leg in line.legs:
        lead, other = (a, b) if leg.leader == A else (b, a)
        off = leg.start - leg.first
        led = [
            (max(first, leg.first) + off, min(last, leg.last) + off)
            for first, last in lead
            if first <= leg.last and last >= leg.first
        ]
        made += both(led, _followed(line, leg, other))
    return both(made, [(0, line.count - 1)]) if line.count else []


def _followed(line: Line, leg: Leg, decoded: Sequence[Run]) -> list[Run]:
    """Places of a leg at which its follower is decoded, or has nothing to show."""
    end = leg.start + leg.count - 1
    first, last = line.span_in(leg)
    if last < first:
        return [(leg.start, end)]
    made = [(leg.start, first - 1)] if first > leg.start else []
    backwards = leg.piece is not None and leg.piece.backwards
    for low, high in reversed(decoded) if backwards else decoded:
        starts, stops = (high, low - 1) if backwards else (low, high + 1)
        run = max(line.came_to(leg, starts), first), min(line.came_to(leg, stops) - 1, last)
        if run[0] <= run[1]:
            made.append(run)
    return made + ([(last + 1, end)] if last < end else [])


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
