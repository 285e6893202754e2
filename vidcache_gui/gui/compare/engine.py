"""Plays two sources under one playhead, and never shows a pair of which only half is there.

No widgets: what a person does comes in as methods, what is to be shown goes out as signals,
and time comes from an injected clock.
"""

import itertools
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from vidcache_gui.gui.compare.ahead import Ask, Prefetched
from vidcache_gui.gui.compare.line import A, B, Line
from vidcache_gui.gui.compare.pair import Alignment, Pair
from vidcache_gui.gui.compare.runs import decoded_places
from vidcache_gui.gui.compare.side import Side, share_memory
from vidcache_gui.gui.compare.timemap import TimeMap, within
from vidcache_gui.gui.player.cache import Run, Size, default_budget
from vidcache_gui.gui.player.playhead import Clock, Playhead
from vidcache_gui.gui.player.timing import Timing
from vidcache_gui.gui.player.transport import Transport
from vidcache_gui.matching.records import Transform
from vidcache_gui.media.types import Frame

BAR_MS = 100  # how often the time bar's picture of the cache is renewed
NAMES = "AB"
_serials = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair with all there is to see of it; where a frame is None its problem says why."""

    pair: Pair
    frames: tuple[Frame | None, Frame | None]
    problems: tuple[str, str]
    transform: Transform | None = None  # how a match lays B over A here


class PairEngine(QObject, Transport):
    """Signals are emitted on the main thread."""

    opened = Signal()  # both sides are, as far as they can be
    place_changed = Signal(int)  # the playhead is at another pair
    pair_changed = Signal(object)  # Shown
    playing_changed = Signal(bool)
    pace_changed = Signal()
    alignment_changed = Signal()  # and with it, perhaps, how many pairs there are
    cache_changed = Signal()
    _heard = Signal(int, int, str, object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        budget: int | None = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.budget = default_budget() if budget is None else budget  # bytes, of both together
        self.sides = (Side(), Side())
        self.map = TimeMap.even(Alignment())
        self.line = Line(None, None, self.map)
        self.playhead = Playhead(Timing.even(1, 1.0), clock)
        self.linked = True
        self.opened_with = self.map  # what reset goes back to
        self.prefetched = Prefetched()
        self._serial = 0
        self._left: list[Side] = []  # closed, perhaps with a thread that is not done yet
        self._shown: object = None  # what pair_changed told last
        self._previewing = False  # a place is sought; show one on the way to it
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._bar = QTimer(self, singleShot=True, interval=BAR_MS)
        self._bar.timeout.connect(self.cache_changed)

    # Footage

    def open(self, ask: Ask) -> None:
        """Show two sources; each is opened, used and closed in a thread of its own.

        At once where :meth:`prefetch` was asked for the same.
        """
        ready = self.prefetched.take(ask)
        self.close()
        self.map, self.opened_with = ask.mapping, ask.opened_with or ask.mapping
        if ready is None:
            self._serial = serial = next(_serials)
            self._open_sides(self.sides, ask, serial)
            return
        self.sides, self._serial = ready.sides, ready.serial
        if ready.settled:
            self._start()

    def prefetch(self, ask: Ask) -> None:
        """Open two other sources and decode where they begin. The oldest is given up."""
        made = self.prefetched.add(ask, next(_serials), self.budget)
        if made is not None:
            self._fit_sizes()
            self._open_sides(made.sides, ask, made.serial)

    def _open_sides(self, sides: tuple[Side, Side], ask: Ask, serial: int) -> None:
        for which, (side, source) in enumerate(zip(sides, ask.sources, strict=True)):
            side.open(source, ask.policies[which], self._teller(serial, which))

    def _teller(self, serial: int, which: int) -> Callable[[str, object], None]:
        def tell(what: str, value: object) -> None:
            # From a decoder's thread; the last words may come while the program ends.
            with suppress(RuntimeError):
                self._heard.emit(serial, which, what, value)

        return tell

    def close(self) -> None:
        """Let go of both sources without waiting."""
        self.pause()
        self._timer.stop()
        self._bar.stop()
        self._serial, self._shown, self.linked = 0, None, True
        for side in self.sides:
            side.close()
        # Those that still wait for a file are waited for when the program ends.
        self._left = [side for side in self._left if not side.join(0)] + list(self.sides)
        self.sides = (Side(), Side())
        self.line = Line(None, None, self.map)

    def shut_down(self, seconds: float = 2.0) -> bool:
        """Close and wait for the threads; False if one hangs in a file and is left behind."""
        self.prefetched.forget()
        self.close()
        left = all([side.join(seconds) for side in self._left])
        return self.prefetched.join(seconds) and left

    @Slot(int, int, str, object)
    def _hear(self, serial: int, which: int, what: str, value: Any) -> None:
        if serial != self._serial:
            self.prefetched.hear(serial, which, what, value)
            return
        if what == "frame":
            self._take_frame(which, value)
            return
        if what == "opened":
            self.sides[which].start(value)
        else:
            self.sides[which].fail(value)
        if all(side.settled for side in self.sides):
            self._start()

    def _start(self) -> None:
        was = self.playhead
        self._lay_line()
        self._fit_sizes()
        self.playhead = Playhead(self.line.timing(), self._clock, loop=was.loop)
        self.playhead.every_frame = was.every_frame
        self.playhead.set_speed(was.speed)
        if self.count:
            self.playhead.seek(self.line.first_place())
        self.opened.emit()
        self.alignment_changed.emit()
        self.place_changed.emit(self.place)
        self._show()

    @property
    def count(self) -> int:
        return self.line.count

    @property
    def place(self) -> int:
        return self.playhead.index

    @property
    def pair(self) -> Pair:
        return self.line.pair(self.place) if self.count else Pair(None, None)

    def cached(self) -> list[Run]:
        """Places of which both halves are decoded."""
        a, b = self.sides
        return decoded_places(self.line, a.runs(), b.runs())

    # What a person does

    def step(self, places: int) -> None:
        """Pause and move by whole pairs; B alone while the two are unlinked."""
        if not self.count:
            return
        self.pause()
        if self.linked:
            self._move(lambda: self.playhead.step(places))
        else:
            self.nudge(places)

    def seek(self, place: int) -> None:
        """Go to a pair. While it is being decoded, one on the way is shown once."""
        if self.count:
            self._previewing = True
            self._move(lambda: self.playhead.seek(place))

    def set_loop(self, loop: bool) -> None:
        self.playhead.set_loop(loop)
        if self.count:
            self._ask()
            self._arm()

    def set_sizes(self, a: Size, b: Size) -> None:
        """Frames are wanted at these sizes from now on (device pixels; None: their own)."""
        for side, size in zip(self.sides, (a, b), strict=True):
            side.wanted = size
        if not self.count:
            return
        before = self._key(self.place)
        self._fit_sizes()
        if before != self._key(self.place):
            self._show()
            self.cache_changed.emit()

    def set_budget(self, budget: int) -> None:
        """Bytes of decoded frames of both together."""
        self.budget = budget
        self._fit_sizes()
        if self.count:
            self._show()

    def _fit_sizes(self) -> None:
        share_memory(self.budget - self.prefetched.budget, self.sides)
        for side in self.sides:
            side.fit_size()

    # Alignment

    @property
    def alignment(self) -> Alignment:
        """The straight line by which the two belong together where the playhead is."""
        piece = self.line.piece_at(self.place) if self.count else None
        if piece is None:
            piece = self.map.nearest(self.line.time(self.place) if self.count else 0.0)
        return Alignment(piece.offset, piece.rate)

    @property
    def changed(self) -> bool:
        """Whether it is not what the two were opened with."""
        return self.map != self.opened_with

    def align(self, mapping: TimeMap | Alignment) -> None:
        """Show other frames of B; the playhead stays where it is in A."""
        if isinstance(mapping, Alignment):
            mapping = TimeMap.even(mapping)
        if mapping == self.map:
            return
        pair = self.pair
        self.map = mapping
        if self.count:
            self._lay_line()
            place = self.line.place_of_b(pair.b or 0)
            if pair.a is not None:
                place = self.line.place_of_a(pair.a)
            self.playhead.set_timing(self.line.timing())
            self.playhead.seek(place)
            self._shown = None
        self.alignment_changed.emit()
        if self.count:
            self.place_changed.emit(self.place)
            self._show()

    def place_anew(self, mapping: TimeMap) -> None:
        """It is known better now what belongs together, and reset goes back to that."""
        self.opened_with = mapping
        self.align(mapping)

    def _lay_line(self) -> None:
        a, b = self.sides
        self.line = Line(a.timing, b.timing, self.map)

    def nudge(self, frames: int) -> None:
        """Move B by whole frames of its own against A, exactly where both are on screen."""
        a, b = self.sides
        if b.timing is None:
            return
        pair = self.pair
        there = pair.b is not None and 0 <= pair.b + frames < b.timing.count
        if pair.a is not None and pair.b is not None and there and a.timing is not None:
            at, of_b = a.timing.start(pair.a), b.timing.start(pair.b + frames)
            now = self.alignment
            self.align(self.map.shifted(now.matching(at, of_b).offset - now.offset))
        else:
            self.align(self.map.shifted(frames * b.timing.total / b.timing.count))

    def set_offset(self, seconds: float) -> None:
        self.align(self.map.shifted(seconds - self.alignment.offset))

    def set_rate(self, rate: float) -> None:
        """One speed for all, clamped; what is on screen stays together."""
        if not rate:
            return
        aligned = replace(self.alignment, rate=within(rate))
        a, b = self.sides
        pair = self.pair
        if pair.a is not None and pair.b is not None and a.timing and b.timing:
            at, of_b = a.timing.start(pair.a), b.timing.start(pair.b)
            # Times of two files are rounded differently: what is within a frame is no offset.
            drift = of_b - (self.alignment.offset + self.alignment.rate * at)
            aligned = aligned.matching(at, of_b - drift)
        self.align(aligned)

    def set_linked(self, linked: bool) -> None:
        """Unlinked, steps move B alone; linked again, what is on screen belongs together."""
        self.pause()
        self.linked = linked
        self.alignment_changed.emit()

    def reset(self) -> None:
        """As it was when the two were opened."""
        self.align(self.opened_with)

    # Showing

    def _tell_place(self) -> None:
        self.place_changed.emit(self.place)

    def _key(self, place: int) -> object:
        return place, self.sides[A].size, self.sides[B].size

    def _show(self) -> None:
        """Show the current pair if it is there; otherwise its time has not begun yet."""
        if not self.count:
            self.pair_changed.emit(Shown(Pair(None, None), (None, None), self._failures()))
            return
        self._ask()
        if self._shown == self._key(self.place):
            self._previewing = False
            self.playhead.release()
        elif self._is_ready(self.place):
            self._tell_pair(self.place)
        else:
            self.playhead.hold()
        self._arm()

    def _failures(self) -> tuple[str, str]:
        a, b = self.sides
        return a.failure, b.failure

    def _tell_pair(self, place: int) -> None:
        self._shown, self._previewing = self._key(place), False
        pair = self.line.pair(place)
        frames, problems = [], []
        for which, (side, index) in enumerate(zip(self.sides, pair, strict=True)):
            frames.append(side.frame(index))
            problem = side.failure or side.trouble(index)
            if index is None and not problem:
                problem = self._absence(place, which)
            problems.append(problem)
        piece = self.line.piece_at(place) or self.map.nearest(self.line.time(place))
        laid = piece.transform if piece.stretch is not None else None
        shown = Shown(pair, (frames[A], frames[B]), (problems[A], problems[B]), laid)
        self.pair_changed.emit(shown)
        if place == self.place:
            self.playhead.release()

    def _absence(self, place: int, which: int) -> str:
        if self.line.is_over(place, which):
            return f"{NAMES[which]} has ended here."
        if not self.line.has_begun(place, which):
            return f"{NAMES[which]} has not begun here."
        return f"{NAMES[which]} does not have this."

    def _is_ready(self, place: int) -> bool:
        pair = self.line.pair(place)
        return self.sides[A].is_ready(pair.a) and self.sides[B].is_ready(pair.b)

    def _take_frame(self, which: int, index: int) -> None:
        if not self._bar.isActive():
            self._bar.start()
        if not self.count:
            return
        if self._shown != self._key(self.place) and self._is_ready(self.place):
            if not self.playing or self.playhead.held:
                self._tell_pair(self.place)
                self._arm()
                return
        elif self._previewing:
            place = self.line.place_of_a(index) if which == A else self.line.place_of_b(index)
            if self._is_on_the_way(place) and self._is_ready(place):
                self._tell_pair(place)
        if self.playing and not self._timer.isActive() and not self.playhead.held:
            self._tick()  # playing was waiting for a decoder

    def _is_on_the_way(self, place: int) -> bool:
        """Whether a whole pair is nearer to the one that is sought than what was on screen."""
        pair, sought = self.line.pair(place), self.line.pair(self.place)
        ways = (
            side.leads_to(here, there)
            for side, here, there in zip(self.sides, pair, sought, strict=True)
        )
        return None not in pair and all(ways)

    def _tick(self) -> None:
        """A pair may be due; too early a wake finds none and is armed again."""
        moved = self.playhead.advance(self._is_ready)
        if moved:
            self._tell_pair(self.place)
            self.place_changed.emit(self.place)
        if not self.playing:
            self._stopped_playing()
        self._ask()
        self._arm(again=not self.playhead.waiting)

    def _stopped_playing(self) -> None:
        self._timer.stop()
        self.playing_changed.emit(False)
        self._ask()

    def _ask(self) -> None:
        if not self.count:
            return
        head = self.playhead
        place = head.due() if head.playing and not head.every_frame else head.index
        piece = self.line.piece_at(place)
        turned = piece is not None and piece.backwards  # then B is decoded the other way
        pair = self.line.near(place)
        for which, (side, index) in enumerate(zip(self.sides, pair, strict=True)):
            if index is not None:
                side.want(
                    index, backwards=head.descending != (turned and which == B),
                    playing=head.playing, loop=head.goes_round,
                )  # fmt: skip

    def _arm(self, *, again: bool = True) -> None:
        """Wake at the absolute moment the next pair is due, as the player does.

        ``again``: False when the pair that is due was found missing. Then a decoder is
        behind, and its next frame wakes us.
        """
        due = self.playhead.next_due()
        wait = None if due is None else due - self._clock()
        if wait is None or (wait <= 0 and not again):
            self._timer.stop()
        else:
            self._timer.start(max(0, math.ceil(wait * 1000)))
