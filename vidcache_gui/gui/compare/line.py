"""All pairs of two items in order, which people step through. Pure arithmetic.

Every frame of A in its order with what B shows at that time; and where it belongs among them,
what only B has. A *place* is a position on the line, a *leg* a run of places that one side leads.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import NamedTuple

from vidcache_gui.gui.compare.pair import TOLERANCE, Alignment, Pair, Shared, frame_at
from vidcache_gui.gui.compare.timemap import Piece, TimeMap
from vidcache_gui.gui.player.cache import Run
from vidcache_gui.gui.player.timing import Timing

A, B = 0, 1


@dataclass(frozen=True, slots=True)
class Leg:
    """``leader``: the side of which every frame from ``first`` on has a place; the other one
    follows by ``piece``, or has nothing there. ``rate``: of B against A around here."""

    leader: int
    first: int
    count: int
    piece: Piece | None
    rate: float = 1.0
    start: int = 0  # the place of its first pair

    @property
    def last(self) -> int:
        """The last frame of its leader."""
        return self.first + self.count - 1


class _Claim(NamedTuple):
    """Frames of B from ``low`` up to ``end`` that a leg of A shows or passes over."""

    low: int
    end: int
    leg: int


class Line:
    """None: a side without frames."""

    def __init__(self, a: Timing | None, b: Timing | None, mapping: TimeMap | Alignment) -> None:
        self._times = (a, b)
        self.map = TimeMap.even(mapping) if isinstance(mapping, Alignment) else mapping
        self.count_a = a.count if a is not None else 0
        self.count_b = b.count if b is not None else 0
        self.legs = self._laid_out()
        self._starts = [leg.start for leg in self.legs]
        self.count = sum(leg.count for leg in self.legs)
        self._timing: Timing | None = None
        self._places = (self._runs_with(A), self._runs_with(B))

    # Laying out

    def _laid_out(self) -> list[Leg]:
        legs = self._legs_of_a()
        if not legs:
            legs = [Leg(B, 0, self.count_b, None)] if self.count_b else []
        elif self.count_b:
            legs = self._with_rest_of_b(legs)
        start = 0
        for number, leg in enumerate(legs):
            legs[number] = replace(leg, start=start)
            start += leg.count
        return legs

    def _legs_of_a(self) -> list[Leg]:
        a, b = self._times
        if a is None:
            return []
        if b is None:
            return [Leg(A, 0, a.count, None)]
        frames = range(a.count)

        def settled(frame: int) -> float:
            return a.start(frame) + TOLERANCE * a.duration(frame)

        made: list[Leg] = []
        at = 0
        for piece in self.map.pieces:
            first = max(at, bisect_left(frames, piece.a0, key=settled))
            end = max(first, bisect_right(frames, piece.a1, key=settled))
            if first == end and piece.core[0] == piece.core[1]:  # a moment of a still picture
                first = max(at, bisect_right(frames, piece.core[0], key=a.start) - 1)
                end = min(first + 1, a.count)
            if first > at:
                made.append(Leg(A, at, first - at, None, piece.rate))
            if end > first:
                made.append(Leg(A, first, end - first, piece, piece.rate))
            at = max(at, end)
        if at < a.count:
            made.append(Leg(A, at, a.count - at, None, made[-1].rate if made else 1.0))
        return made

    def _with_rest_of_b(self, legs: list[Leg]) -> list[Leg]:
        """What only B has, before or after the leg whose frames of B it follows or precedes."""
        claims = sorted(
            self._claim(leg, number) for number, leg in enumerate(legs) if leg.piece is not None
        )
        before: dict[int, list[Leg]] = {}
        after: dict[int, list[Leg]] = {}
        at = 0
        ends: dict[int, _Claim] = {}
        for claim in [*claims, _Claim(self.count_b, self.count_b, -1)]:
            if claim.low > at:
                self._anchor(legs, at, claim, ends.get(at), before, after)
            at = max(at, claim.end)
            ends[claim.end] = claim
        made: list[Leg] = []
        for number, leg in enumerate(legs):
            made += [*before.get(number, ()), leg, *after.get(number, ())]
        return made + after.get(-1, [])

    def _anchor(
        self, legs: list[Leg], first: int, following: _Claim, ended: _Claim | None,
        before: dict[int, list[Leg]], after: dict[int, list[Leg]],
    ) -> None:  # fmt: skip
        """Frames of B from ``first`` on that no leg shows, up to what the next claim has."""
        anchor = ended or following
        leg = legs[anchor.leg] if anchor.leg >= 0 else None
        rate = leg.rate if leg is not None else 1.0
        made = [
            replace(part, rate=rate) for part in self._split_repeats(first, following.low - first)
        ]
        forwards = leg is None or leg.piece is None or not leg.piece.backwards
        if (ended is not None) == forwards or anchor.leg < 0:
            after.setdefault(anchor.leg, []).extend(made)
        else:
            before.setdefault(anchor.leg, []).extend(made)

    def _split_repeats(self, first: int, count: int) -> list[Leg]:
        """Where A has shown it already, its frames are shown once more."""
        b = self._times[B]
        assert b is not None
        made, at, end = [], first, first + count
        for piece in sorted(self.map.repeats, key=lambda piece: piece.span_b):
            low, high = piece.span_b
            starts = max(at, bisect_left(b.edges, low, hi=b.count))
            stops = min(end, bisect_left(b.edges, high, hi=b.count))
            if stops > starts:
                if starts > at:
                    made.append(Leg(B, at, starts - at, None))
                made.append(Leg(B, starts, stops - starts, piece))
                at = stops
        return [*made, Leg(B, at, end - at, None)] if at < end else made

    def _claim(self, leg: Leg, number: int) -> _Claim:
        a, b, piece = *self._times, leg.piece
        assert a is not None
        assert b is not None
        assert piece is not None
        ends = self._position(leg, leg.first), self._position(leg, leg.last)
        low, last = min(ends), max(ends)
        over = last + 1
        if not piece.backwards:  # frames passed over after the last one
            until = piece.in_b(a.edges[leg.last + 1])
            over = max(over, frame_at(b, until, piece.rate * a.duration(leg.last)))
        low = min(max(low, 0), b.count)
        return _Claim(low, min(max(over, low), b.count), number)

    def _position(self, leg: Leg, frame: int) -> int:
        """The other side's frame at one of the leader's; -1 before it begins, its count after
        it ended or where it has nothing."""
        lead, other = self._times[leg.leader], self._times[1 - leg.leader]
        if lead is None or other is None:
            return -1
        if leg.piece is None:
            return other.count
        seconds, rate = lead.start(frame), abs(leg.piece.rate)
        if leg.leader == A:
            return frame_at(other, leg.piece.in_b(seconds), rate * lead.duration(frame))
        return frame_at(other, leg.piece.in_a(seconds), lead.duration(frame) / rate)

    # Asking

    def leg_at(self, place: int) -> Leg:
        return self.legs[max(0, bisect_right(self._starts, place) - 1)]

    def pair(self, place: int) -> Pair:
        leg = self.leg_at(place)
        return self._pair(leg, leg.first + place - leg.start)

    def _pair(self, leg: Leg, lead: int) -> Pair:
        other = self._position(leg, lead)
        follows = other if 0 <= other < self._count(1 - leg.leader) else None
        return Pair(lead, follows) if leg.leader == A else Pair(follows, lead)

    def _count(self, which: int) -> int:
        return self.count_b if which else self.count_a

    def piece_at(self, place: int) -> Piece | None:
        """By which the two belong together; None where one has nothing."""
        return self.leg_at(place).piece if self.legs else None

    def is_shared(self, place: int) -> bool:
        """Whether the match says that both show the same here."""
        leg, pair = self.leg_at(place), self.pair(place)
        a = self._times[A]
        if leg.piece is None or a is None or pair.a is None or pair.b is None:
            return False
        return leg.piece.is_shared(a.start(pair.a), a.duration(pair.a))

    def near(self, place: int) -> Pair:
        """The pair, with the frame that comes soonest where a side has nothing."""
        a, b = self.pair(place)
        return Pair(
            self._soonest(place, A) if a is None else a, self._soonest(place, B) if b is None else b
        )

    def _soonest(self, place: int, which: int) -> int | None:
        runs = self.places_with(which)
        for first, last in runs:
            if first > place:
                return self.pair(first)[which]
            if last > place:
                break
        if not runs:  # all of it is passed over
            return 0 if self._count(which) else None
        return self.pair(runs[-1][1])[which]

    def has_begun(self, place: int, which: int) -> bool:
        runs = self.places_with(which)
        return bool(runs) and runs[0][0] <= place

    def is_over(self, place: int, which: int) -> bool:
        """Whether a side has nothing from here on."""
        runs = self.places_with(which)
        return not runs or runs[-1][1] < place

    def place_of_a(self, a: int) -> int:
        return self._place_of(A, min(max(a, 0), max(0, self.count_a - 1)))

    def place_of_b(self, b: int) -> int:
        """The first place that shows a frame of B, or a later one where it is passed over."""
        return self._place_of(B, min(max(b, 0), max(0, self.count_b - 1)))

    def _place_of(self, which: int, frame: int) -> int:
        best: int | None = None
        for leg in self.legs:
            if leg.leader == which:
                if leg.first <= frame <= leg.last:
                    return leg.start + frame - leg.first
            elif leg.piece is not None:
                place = min(self.came_to(leg, frame), leg.start + leg.count - 1)
                if self.pair(place)[which] == frame:
                    return place
                if best is None or self._miss(place, which, frame) < self._miss(best, which, frame):
                    best = place
        return best or 0

    def _miss(self, place: int, which: int, frame: int) -> int:
        found = self.pair(place)[which]
        return abs(found - frame) if found is not None else self.count_a + self.count_b

    def came_to(self, leg: Leg, frame: int) -> int:
        """The first place of a leg at which its follower has come to a frame; else its end."""
        places = range(leg.start, leg.start + leg.count)
        if leg.piece is not None and leg.piece.backwards:
            return leg.start + bisect_left(
                places, -frame, key=lambda place: -self._follower(leg, place)
            )
        return leg.start + bisect_left(places, frame, key=lambda place: self._follower(leg, place))

    def _follower(self, leg: Leg, place: int) -> int:
        return self._position(leg, leg.first + place - leg.start)

    def span_in(self, leg: Leg) -> Run:
        """Places of a leg at which the follower has something; the last before the first: none."""
        if leg.piece is None:
            return leg.start, leg.start - 1
        count = self._count(1 - leg.leader)
        if leg.piece.backwards:
            return self.came_to(leg, count - 1), self.came_to(leg, -1) - 1
        return self.came_to(leg, 0), self.came_to(leg, count) - 1

    def core_in(self, leg: Leg) -> Run:
        """Places of a leg that are known to be the same; the last before the first: none."""
        first, last = self.span_in(leg)
        a = self._times[A]
        if leg.piece is None or leg.piece.stretch is None or a is None:
            return first, first - 1
        since, until = leg.piece.core
        if leg.leader == B or since == until:
            return first, last
        frames = range(leg.first, leg.first + leg.count)
        off = leg.start
        low = off + bisect_left(frames, since, key=lambda n: a.start(n) + a.duration(n) / 2)
        end = off + bisect_left(frames, until, key=lambda n: a.start(n) + a.duration(n) / 100)
        low = min(max(low, first), last + 1)
        return low, max(low, min(end, last + 1)) - 1

    def places_with(self, which: int) -> list[Run]:
        """Runs of places at which a side has something, ascending."""
        return self._places[which]

    def _runs_with(self, which: int) -> list[Run]:
        made: list[Run] = []
        for leg in self.legs:
            first, last = (
                (leg.start, leg.start + leg.count - 1) if leg.leader == which else self.span_in(leg)
            )
            if made and made[-1][1] == first - 1 and last >= first:
                made[-1] = (made[-1][0], last)
            elif last >= first:
                made.append((first, last))
        return made

    def shared(self) -> Shared:
        """The first frames of each that have a counterpart, up to where one has none; empty
        ranges where they never meet."""
        for leg in self.legs:
            first, last = self.span_in(leg)
            if last >= first and leg.leader == A:
                one, other = self.pair(first), self.pair(last)
                assert one.b is not None
                assert other.b is not None
                low, high = sorted((one.b, other.b))
                return Shared(range(one.a or 0, (other.a or 0) + 1), range(low, high + 1))
        return Shared(range(0), range(0))

    def first_place(self) -> int:
        """Where to begin: where both are known to be the same; else where both have something;
        else where A begins."""
        for leg in self.legs:
            first, last = self.core_in(leg)
            if leg.leader == A and last >= first:
                return first
        return self.place_of_a(self.shared().a.start)

    def time(self, place: int) -> float:
        """Seconds of A at a place: below zero before it, beyond its length after it."""
        leg, pair = self.leg_at(place), self.pair(place)
        a, b = self._times
        if pair.a is not None and a is not None:
            return a.start(pair.a)
        if b is None or pair.b is None:
            return 0.0
        if a is None:
            return b.start(pair.b)
        # Carried on from where A ended last, or back from where it begins.
        behind = [n for n in self.legs if n.leader == A and n.start < leg.start]
        if behind:
            return a.edges[behind[-1].last + 1] + (b.start(pair.b) - b.start(leg.first)) / abs(
                leg.rate
            )
        return (b.start(pair.b) - b.edges[leg.last + 1]) / abs(leg.rate)

    def seconds(self, which: int, frame: int) -> float:
        """When a frame of one side begins, in its own seconds."""
        timing = self._times[which]
        return timing.start(frame) if timing is not None else 0.0

    def timing(self) -> Timing:
        """How long each pair stays: as long as A's frame, or B's where there is only that."""
        if self._timing is None:
            self._timing = self._timed()
        return self._timing

    def _timed(self) -> Timing:
        a, b = self._times
        if not self.legs:
            return Timing.even(1, 1.0)
        if a is not None and len(self.legs) == 1:
            return a
        edges = [0.0]
        for leg in self.legs:
            timing = a if leg.leader == A else b
            assert timing is not None
            rate = 1.0 if leg.leader == A else abs(leg.rate)
            since, left = edges[-1], timing.edges[leg.first]
            own = timing.edges[leg.first + 1 : leg.last + 2]
            edges += [since + (edge - left) / rate for edge in own]
        return Timing(edges)
