"""A single picture against footage, or against another picture."""

import numpy as np

from vidcache_gui.matching.footage import Footage
from vidcache_gui.matching.lines import Line
from vidcache_gui.matching.overlay import likeness, pictures_along
from vidcache_gui.matching.records import Explanation, Match, Relation, Tier
from vidcache_gui.matching.register import register
from vidcache_gui.matching.relate import segment_of
from vidcache_gui.matching.resembling import pairings
from vidcache_gui.matching.segments import Stretch
from vidcache_gui.matching.settings import Settings


def match_still(a: Footage, b: Footage, settings: Settings, *, turned: bool = False) -> Explanation:
    """A picture says nothing of motion: two pictures are likely the same, a picture within
    footage is for people to look at."""
    best: Stretch | None = None
    for pairing in pairings(a, b, settings):
        rows_a, rows_b = pairing.view_a.rows, pairing.view_b.rows
        distance = pairing.distances()
        at_a, at_b = np.unravel_index(distance.argmin(), distance.shape)
        time_a = float(a.times[rows_a[at_a]])
        offset = float(b.times[rows_b[at_b]]) - time_a
        box_a = tuple(pairing.view_a.boxes[at_a].tolist())
        box_b = tuple(pairing.view_b.boxes[at_b].tolist())
        line = Line(1.0, offset, pairing.mirrored, pairing.rotation, box_a, box_b, 0.0)
        rows = rows_a[[at_a]]
        if settings.registration:
            line, _ = register(a, b, line, rows)
        like = likeness(*pictures_along(a, b, line, rows, fine=True))
        if best is None or like.mean > best.likeness.mean:
            best = Stretch(line, time_a, time_a, rows, like)
    if best is None or best.likeness.mean < settings.still_picture:
        return Explanation(None, ("No picture of the one is in the other.",))
    segment = segment_of(a, b, best)
    if segment.distance > settings.still_bits:
        return Explanation(None, ("They are laid out alike, but show something else.",))
    both = len(a) == len(b) == 1
    first, second = (best.b0, best.a0) if turned else (best.a0, best.b0)
    said = f"{best.likeness.mean:.0%} alike at {first:.1f} s and {second:.1f} s."
    match = Match(
        Relation.RE_ENCODE if both else Relation.CONTAINS, Tier.LIKELY if both else Tier.LOOK,
        best.likeness.mean * (0.66 if both else 0.33), (segment,),
        1.0 if len(a) == 1 else 0.0, 1.0 if len(b) == 1 else 0.0, (said,),
    )  # fmt: skip
    return Explanation(match, (said,))
