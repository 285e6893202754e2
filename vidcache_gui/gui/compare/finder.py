"""Looks for the next difference of two items, forwards or backwards. For a worker thread.

Places are looked at in chunks on a fixed grid, so that the same differences are found whichever
way somebody comes from, and what was looked at is not looked at again.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from vidcache_gui.gui.compare.ahead import Open
from vidcache_gui.gui.compare.differing import GRID, REMEMBERED, Onsets, apart
from vidcache_gui.gui.compare.errand import Stop, Tell
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.pair import Pair
from vidcache_gui.gui.compare.parts import Kind, Part, parts_of
from vidcache_gui.gui.compare.peek import Grey, Peek, laid, part
from vidcache_gui.matching.records import Transform

CHUNK = 120  # places
LEAST_APART = 12  # places: what begins sooner after another belongs to it
COMPARED = (Kind.SHARED, Kind.UNKNOWN)


class Finder:
    """Differences of one pair of sources under one line. Knows what it found before."""

    def __init__(self, sources: tuple[Open, Open], line: Line) -> None:
        self._sources, self._line = sources, line
        self._parts = parts_of(line)
        self._known: dict[int, list[int]] = {}  # by number of the chunk
        self._alone = threading.Lock()  # a search that was given up may not have ended yet
        self._tail: tuple[int, Onsets] | None = None  # the state after a chunk

    def find(self, place: int, steps: int, stop: Stop, tell: Tell) -> int | None:
        """The place where the next difference after ``place`` begins (``steps`` above zero) or
        the last one before it begins; None: there is none. Raises UserError."""
        count = self._line.count
        chunks = list(range(max(place + 1, 0) // CHUNK, -(-count // CHUNK)))
        if steps < 0:
            chunks = list(range(min(place - 1, count - 1) // CHUNK, -1, -1))
        with self._alone, ExitStack() as stack:
            peeks: list[Peek] = []
            for done, chunk in enumerate(chunks):
                if stop():
                    return None
                tell(done / len(chunks))
                if chunk not in self._known:
                    if not peeks:
                        peeks = [stack.enter_context(Peek(source)) for source in self._sources]
                    found = self._look(chunk, peeks, stop)
                    if stop():
                        return None
                    self._known[chunk] = found
                hits = self._known[chunk]
                if steps < 0:
                    hits = [hit for hit in reversed(hits) if hit < place]
                hits = [hit for hit in hits if steps < 0 or hit > place]
                if hits:
                    return hits[0]
        return None

    def _look(self, chunk: int, peeks: list[Peek], stop: Stop) -> list[int]:
        first = chunk * CHUNK
        last = min(first + CHUNK, self._line.count) - 1
        if self._tail is not None and self._tail[0] == chunk - 1:
            onsets, begin = self._tail[1], first
        else:
            onsets, begin = Onsets(), max(0, first - REMEMBERED)
        found = [
            part.first
            for part in self._parts
            if part.kind not in COMPARED and first <= part.first <= last
        ]
        for compared in self._parts:
            low, high = max(compared.first, begin), min(compared.last, last)
            if compared.kind in COMPARED and low <= high:
                hits = self._compare(compared, low, high, onsets, peeks, stop)
                found += [hit for hit in hits if hit >= first]
        self._tail = (chunk, onsets)
        kept: list[int] = []
        for hit in sorted(found):
            if not kept or hit - kept[-1] >= LEAST_APART:
                kept.append(hit)
        return kept

    def _compare(
        self, among: Part, first: int, last: int, onsets: Onsets, peeks: list[Peek], stop: Stop
    ) -> list[int]:
        """Places from first to last at which a difference begins."""
        pairs = [self._line.pair(place) for place in range(first, last + 1)]
        wanted = (
            [pair.a for pair in pairs if pair.a is not None],
            [pair.b for pair in pairs if pair.b is not None],
        )
        with ThreadPoolExecutor(2) as both:
            of_a, of_b = both.map(
                lambda one: one[0].greys(one[1], stop), zip(peeks, wanted, strict=True)
            )
        found = []
        before: Pair | None = None
        for place, pair in enumerate(pairs, first):
            # A frame that stays while the other goes on matched best when it came.
            stays = before is not None and (pair.a == before.a or pair.b == before.b)
            before = pair
            if stays:
                continue
            one = of_a.get(pair.a) if pair.a is not None else None
            other = of_b.get(pair.b) if pair.b is not None else None
            if one is None or other is None:
                continue
            distance = self._distance(place, one, other)
            if onsets.feed(distance):
                found.append(place)
        return found

    def _distance(self, place: int, one: Grey, other: Grey) -> Grey:
        piece = self._line.piece_at(place)
        transform = piece.transform if piece is not None else Transform()
        size = GRID if one.shape[1] >= one.shape[0] else GRID[::-1]
        return apart(part(one, transform.box_a, size), laid(other, transform, size))
