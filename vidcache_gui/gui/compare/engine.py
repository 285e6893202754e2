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

from vidcache_gui.gui.compare.pair import FASTEST, SLOWEST, Alignment, Line, Pair
from vidcache_gui.gui.compare.runs import decoded_places
from vidcache_gui.gui.compare.side import Side, share_memory
from vidcache_gui.gui.player.cache import Run, Size, default_budget
from vidcache_gui.gui.player.playhead import Clock, Playhead
from vidcache_gui.gui.player.timing import DelayPolicy, Timing
from vidcache_gui.gui.player.transport import Transport
from vidcache_gui.media.types import Frame, FrameSource

BAR_MS = 100  # how often the time bar's picture of the cache is renewed
A, B = 0, 1
NAMES = "AB"
Open = Callable[[], FrameSource]
_serials = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair with all there is to see of it; where a frame is None its problem says why."""

    pair: Pair
    frames: tuple[Frame | None, Frame | None]
    problems: tuple[str, str]


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
        self.alignment = Alignment()
        self.line = Line(None, None, self.alignment)
        self.playhead = Playhead(Timing.even(1, 1.0), clock)
        self.linked = True
        self._start_from = Alignment()  # what reset goes back to
        self._serial = 0
        self._shown: object = None  # what pair_changed told last
        self._previewing = False  # a place is sought; show one on the way to it
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._bar = QTimer(self, singleShot=True, interval=BAR_MS)
        self._bar.timeout.connect(self.cache_changed)

    # Footage

    def open(
        self,
        a: Open,
        b: Open,
        alignment: Alignment = Alignment(),  # noqa: B008 (it is immutable)
        policies: tuple[DelayPolicy, DelayPolicy] = (DelayPolicy.AS_WRITTEN,) * 2,
    ) -> None:
        """Show two sources; each is opened, used and closed in a thread of its own."""
        self.close()
        self._serial = serial = next(_serials)
        self.alignment = self._start_from = alignment
        for which, (side, source) in enumerate(zip(self.sides, (a, b), strict=True)):
            side.open(source, policies[which], self._teller(serial, which))

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
        self.line = Line(None, None, self.alignment)

    def shut_down(self, seconds: float = 2.0) -> bool:
        """Close and wait for the threads; False if one hangs in a file and is left behind."""
        self.close()
        return all([side.join(seconds) for side in self.sides])

    @Slot(int, int, str, object)
    def _hear(self, serial: int, which: int, what: str, value: Any) -> None:
        if serial != self._serial:
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
            self.playhead.seek(self._first_place())
        self.opened.emit()
        self.alignment_changed.emit()
        self.place_changed.emit(self.place)
        self._show()

    def _first_place(self) -> int:
        """Where both have something; else where A begins."""
        shared = self.line.shared().a
        return self.line.place_of_a(shared.start)

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
        share_memory(self.budget, self.sides)
        for side in self.sides:
            side.fit_size()

    # Alignment

    def align(self, alignment: Alignment) -> None:
        """Show other frames of B; the playhead stays where it is in A."""
        if alignment == self.alignment:
            return
        pair = self.pair
        self.alignment = alignment
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

    def _lay_line(self) -> None:
        a, b = self.sides
        self.line = Line(a.timing, b.timing, self.alignment)

    def nudge(self, frames: int) -> None:
        """Move B by whole frames of its own against A, exactly where both are on screen."""
        a, b = self.sides
        if b.timing is None:
            return
        pair = self.pair
        there = pair.b is not None and 0 <= pair.b + frames < b.timing.count
        if pair.a is not None and pair.b is not None and there and a.timing is not None:
            at, of_b = a.timing.start(pair.a), b.timing.start(pair.b + frames)
            self.align(self.alignment.matching(at, of_b))
        else:
            each = b.timing.total / b.timing.count
            self.align(replace(self.alignment, offset=self.alignment.offset + frames * each))

    def set_offset(self, seconds: float) -> None:
        self.align(replace(self.alignment, offset=seconds))

    def set_rate(self, rate: float) -> None:
        """Clamped; what is on screen stays together."""
        aligned = replace(self.alignment, rate=min(max(rate, SLOWEST), FASTEST))
        a, b = self.sides
        pair = self.pair
        if pair.a is not None and pair.b is not None and a.timing and b.timing:
            drift = b.timing.start(pair.b) - (
                self.alignment.offset + self.alignment.rate * a.timing.start(pair.a)
            )
            at = a.timing.start(pair.a)
            aligned = aligned.matching(at, b.timing.start(pair.b) - drift)
        self.align(aligned)

    def set_linked(self, linked: bool) -> None:
        """Unlinked, steps move B alone; linked again, what is on screen belongs together."""
        self.pause()
        self.linked = linked
        self.alignment_changed.emit()

    def reset(self) -> None:
        """As it was when the two were opened."""
        self.align(self._start_from)

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
                over = self.line.is_over(place, which)
                problem = f"{NAMES[which]} {'has ended' if over else 'has not begun'} here."
            problems.append(problem)
        shown = Shown(pair, (frames[A], frames[B]), (problems[A], problems[B]))
        self.pair_changed.emit(shown)
        if place == self.place:
            self.playhead.release()

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
        for side, index in zip(self.sides, self.line.near(place), strict=True):
            if index is not None:
                side.want(
                    index, backwards=head.descending, playing=head.playing, loop=head.goes_round
                )

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
