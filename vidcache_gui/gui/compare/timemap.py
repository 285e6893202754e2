"""Which second of B belongs to which second of A: one straight line, or a piece for every stretch
that a match found. Pure arithmetic; frames come in with :mod:`line`.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vidcache_gui.gui.compare.pair import FASTEST, SLOWEST, Alignment
from vidcache_gui.matching.records import Match, Segment, Transform
from vidcache_gui.matching.swap import swapped

LEAST = 0.02  # seconds: what is left of a stretch that others cover is not worth a piece
EVERYWHERE = (-math.inf, math.inf)
PLAIN = Transform()


@dataclass(frozen=True, slots=True)
class Piece:
    """From second ``a0`` to ``a1`` of A, second ``offset + rate * t`` of B belongs to second t.

    ``rate`` is below zero where B runs backwards. ``core``: the part that is known to be the
    same; around it the line is only carried on. ``stretch``: the number of the match's segment,
    None where nobody knows whether the two are the same.
    """

    a0: float
    a1: float
    offset: float
    rate: float
    core: tuple[float, float] = EVERYWHERE
    stretch: int | None = None
    transform: Transform = PLAIN

    def in_b(self, a: float) -> float:
        return self.offset + self.rate * a

    def in_a(self, b: float) -> float:
        return (b - self.offset) / self.rate

    @property
    def backwards(self) -> bool:
        return self.rate < 0

    @property
    def span_b(self) -> tuple[float, float]:
        """The seconds of B it reaches, the earlier first."""
        ends = self.in_b(self.a0), self.in_b(self.a1)
        return min(ends), max(ends)

    def is_shared(self, a: float, stays: float) -> bool:
        """Whether most of a frame of A that begins at second ``a`` is known to be in B."""
        first, last = self.core
        if self.stretch is None:
            return False
        return first == last or (a + stays / 2 >= first and a < last - stays / 100)


@dataclass(frozen=True, slots=True)
class TimeMap:
    """``pieces``: in the order of A, none over another. ``repeats``: what B shows once more of
    what a piece has already, so that it has no place in the order of A."""

    pieces: tuple[Piece, ...]
    repeats: tuple[Piece, ...] = ()
    match: Match | None = None
    shift: float = 0.0  # seconds by which a person moved B

    @classmethod
    def even(cls, alignment: Alignment) -> "TimeMap":
        """One line from start to end."""
        return cls((Piece(*EVERYWHERE, alignment.offset, alignment.rate),))

    @classmethod
    def of(cls, match: Match | None, shift: float = 0.0) -> "TimeMap":
        """As a match says; around what is the same its lines are carried on."""
        if match is None or not match.segments:
            return cls.even(Alignment(shift))
        made = [_piece(number, segment) for number, segment in enumerate(match.segments)]
        kept: list[Piece] = []
        repeats: list[Piece] = []
        for piece in made:  # the longest first
            rest = _left(piece, kept)
            (kept if rest is not None else repeats).append(rest or piece)
        kept.sort(key=lambda piece: piece.a0)
        # Where the order of A leaves no room, only what B has twice is told once more.
        repeats = [p for p in repeats if _left_in_b(p, kept)]
        pieces = tuple(_carried_on(kept, repeats))
        moved = cls(pieces, tuple(repeats), match)
        return moved.shifted(shift) if shift else moved

    def at(self, a: float) -> Piece | None:
        """The piece of a second of A."""
        number = bisect_right([piece.a0 for piece in self.pieces], a) - 1
        if number < 0 or a > self.pieces[number].a1:
            return None
        return self.pieces[number]

    def nearest(self, a: float) -> Piece:
        return min(self.pieces, key=lambda p: max(p.a0 - a, a - p.a1, 0.0))

    def shifted(self, seconds: float) -> "TimeMap":
        """B so much later against A."""
        pieces, repeats = (
            tuple(replace(piece, offset=piece.offset + seconds) for piece in group)
            for group in (self.pieces, self.repeats)
        )
        return replace(self, pieces=pieces, repeats=repeats, shift=self.shift + seconds)

    def inverse(self) -> "TimeMap":
        """The same, with A and B changed over."""
        if self.match is None:
            (line,) = self.pieces
            rate = within(1 / line.rate)
            return TimeMap((replace(line, offset=-line.offset / line.rate, rate=rate),))
        made = TimeMap.of(swapped(self.match))
        if not self.shift:
            return made
        first = self.match.segments[0]
        rate = _piece(0, first).rate
        return made.shifted(-self.shift / rate)


def first_transform(mapping: TimeMap) -> Transform | None:
    """How the first stretch lies over A; None where no match says."""
    return next((p.transform for p in mapping.pieces if p.stretch is not None), None)


def within(rate: float) -> float:
    """A rate that can be shown; its sign stays."""
    return math.copysign(min(max(abs(rate), SLOWEST), FASTEST), rate)


def _piece(number: int, s: Segment) -> Piece:
    across = s.a1 - s.a0
    rate = within((s.b1 - s.b0) / across) if across and s.b1 != s.b0 else 1.0
    middle = (s.a0 + s.a1) / 2
    offset = s.time_in_b(middle) - rate * middle
    return Piece(s.a0, s.a1, offset, rate, (s.a0, s.a1), number, s.transform)


def _left(piece: Piece, taken: Sequence[Piece]) -> Piece | None:
    """The longest part of a piece that no other has; None where next to nothing is left."""
    free = [(piece.a0, piece.a1)]
    for other in taken:
        free = [
            (low, high)
            for first, last in free
            for low, high in ((first, min(last, other.a0)), (max(first, other.a1), last))
            if high > low or (high == low and not taken)
        ]
    low, high = max(free, key=lambda part: part[1] - part[0], default=(0.0, -1.0))
    if high - low < min(LEAST, piece.a1 - piece.a0):
        return None
    return replace(piece, a0=low, a1=high, core=(low, high))


def _left_in_b(piece: Piece, taken: Sequence[Piece]) -> bool:
    """Whether B's side of a piece is shown by no other."""
    low, high = piece.span_b
    for other in taken:
        first, last = other.span_b
        if first < high and last > low:
            if first <= low and last >= high:
                return False
            low, high = (max(low, last), high) if first <= low else (low, min(high, first))
    return high - low >= LEAST


def _carried_on(pieces: list[Piece], repeats: list[Piece]) -> list[Piece]:
    """Every piece goes on at both ends until another one of A or of B begins."""
    made = list(pieces)
    for number, piece in enumerate(made):
        until = made[number + 1].a0 if number + 1 < len(made) else math.inf
        room = _room_in_b(piece, [*made, *repeats], ahead=piece.rate > 0)
        made[number] = replace(piece, a1=min(until, piece.a1 + room / abs(piece.rate)))
    for number, piece in enumerate(made):
        since = made[number - 1].a1 if number else -math.inf
        room = _room_in_b(piece, [*made, *repeats], ahead=piece.rate < 0)
        made[number] = replace(piece, a0=max(since, piece.a0 - room / abs(piece.rate)))
    return made


def _room_in_b(piece: Piece, others: Sequence[Piece], *, ahead: bool) -> float:
    """Seconds of B after a piece (or before it) that no other piece shows."""
    low, high = piece.span_b
    middle = (low + high) / 2
    if ahead:
        begins = [other.span_b[0] for other in others if sum(other.span_b) / 2 > middle]
        return max(0.0, min(begins, default=math.inf) - high)
    ends = [other.span_b[1] for other in others if sum(other.span_b) / 2 < middle]
    return max(0.0, low - max(ends, default=-math.inf))
