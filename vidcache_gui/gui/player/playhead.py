"""Which frame is due, and when the next one is: pure arithmetic over an injected clock.

Due times are absolute, from an anchor (a place and the moment it came on screen), so errors
never add up: a timer that wakes late makes one frame late, not all that follow. Whatever
changes speed, delays, direction or place makes a new anchor.
"""

from collections.abc import Callable

from vidcache_gui.gui.player.course import Course
from vidcache_gui.gui.player.timing import ROUNDING, Timing

Clock = Callable[[], float]
Ready = Callable[[int], bool]
Marks = tuple[int | None, int | None]  # in and out, both inclusive
SLOWEST, FASTEST = 0.1, 8.0


def _always(index: int) -> bool:
    return True


class Playhead:
    """The current frame. ``clock`` gives seconds.

    In real time the latest frame that is due is shown, and frames passed over are counted
    in ``skipped``. With ``every_frame`` none is passed over: what cannot be shown in time
    is counted in ``late`` and moves the whole schedule.

    Marks confine playing, not stepping and seeking: whoever plays from outside starts at
    the mark.
    """

    def __init__(self, timing: Timing, clock: Clock, *, loop: bool = True) -> None:
        self._clock = clock
        self._timing = timing
        self._loop = loop
        self._marks: Marks = (None, None)
        self._there_and_back = False
        self._without: frozenset[int] = frozenset()
        self.every_frame = False
        self.index = 0
        self.playing = False
        self.backwards = False
        self.skipped = 0
        self.late = 0
        self.waiting = False  # the frame that is due was not ready when it was asked for
        self._speed = 1.0
        self._held = False
        self._origin = self._steps = 0
        self._time = 0.0
        self._course = Course(timing)
        self._place: int | None = 0  # on the course; None: outside the marks
        self._anchor()

    @property
    def timing(self) -> Timing:
        """Of all frames, played or not."""
        return self._timing

    @property
    def count(self) -> int:
        return self._timing.count

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def loop(self) -> bool:
        return self._loop

    @property
    def marks(self) -> Marks:
        return self._marks

    @property
    def there_and_back(self) -> bool:
        return self._there_and_back

    @property
    def descending(self) -> bool:
        """Whether frames come in falling order now."""
        back = self._place is not None and self._course.descends(self._place)
        return self.backwards != back

    @property
    def span(self) -> tuple[int, int]:
        """The first and last frame that are played."""
        first, last = self._marks
        return first or 0, self.count - 1 if last is None else last

    @property
    def goes_round(self) -> bool:
        """Whether after the last frame of all the first one comes."""
        return self._loop and self._course.whole

    # What a person does

    def play(self, *, backwards: bool = False) -> None:
        """Go on from the current frame; from the other end when there is nothing left to play."""
        descending = self.descending if self.playing else backwards
        place = self._course.place_of(self.index, descending=descending)
        end = 0 if backwards else self._course.count - 1
        if place is None or (place == end and not self._loop):
            place = self._course.count - 1 - end
            self.index = self._course.frames[place]
        self.backwards, self._place = backwards, place
        self.playing = True
        self._anchor()

    def pause(self) -> None:
        self.playing = False
        self._held = False

    def seek(self, index: int) -> None:
        """Go to a frame (the nearest there is); playing goes on from there."""
        descending = self.descending
        self.index = min(max(index, 0), self.count - 1)
        self._place = self._course.place_of(self.index, descending=descending)
        self._anchor()

    def step(self, frames: int) -> None:
        """Pause and move by whole frames. A single step goes round where playing does.

        Frames that are passed over while playing are passed over here too.
        """
        self.pause()
        goes_round = self._loop and abs(frames) == 1
        target = self.index + frames
        for _ in range(self.count):
            target = target % self.count if goes_round else min(max(target, 0), self.count - 1)
            if target not in self._without:
                self.seek(target)
                return
            target += 1 if frames > 0 else -1
            if not goes_round and not 0 <= target < self.count:
                return

    def set_speed(self, speed: float) -> None:
        """Clamped to SLOWEST..FASTEST. The current frame keeps the part it has had of its time."""
        share = self._share()
        self._speed = min(max(speed, SLOWEST), FASTEST)
        self._anchor(share)

    def set_timing(self, timing: Timing) -> None:
        """Other delays for the same frames."""
        share = self._share()
        self._timing = timing
        self.index = min(self.index, self.count - 1)
        self._change_course(share)

    def set_loop(self, loop: bool) -> None:
        self._loop = loop
        self._change_course()

    def set_marks(self, first: int | None, last: int | None) -> None:
        """Play only ``first..last``; None: from the start, to the end. Kept within the footage,
        and in order."""
        last_frame = self.count - 1
        first = None if first is None else min(max(first, 0), last_frame)
        last = None if last is None else min(max(last, first or 0), last_frame)
        self._marks = (first, last)
        self._change_course()

    def set_there_and_back(self, on: bool) -> None:
        """Turn round at the ends (ping-pong)."""
        self._there_and_back = on
        self._change_course()

    def pass_over(self, frames: frozenset[int]) -> None:
        """Frames that are neither played nor stepped to."""
        if frames != self._without:
            self._without = frames
            self._change_course()

    def _change_course(self, share: float | None = None) -> None:
        share = self._share() if share is None else share
        descending = self.descending
        first, last = self.span
        self._course = Course(
            self._timing, first, last, there_and_back=self._there_and_back, loop=self._loop,
            without=self._without,
        )  # fmt: skip
        self._place = self._course.place_of(self.index, descending=descending)
        self._anchor(share)

    # What the screen does

    def hold(self) -> None:
        """The frame a person asked for is not there yet: its time has not begun."""
        self._held = self.playing

    def release(self) -> None:
        """It is on screen now."""
        if self._held:
            self._anchor()

    @property
    def held(self) -> bool:
        return self._held

    def due(self) -> int:
        """The frame that should be on screen now. Changes nothing."""
        if not self.playing or self._held:
            return self.index
        return self._index_at(self._due_steps())

    def next_due(self) -> float | None:
        """The moment (on the clock) at which the next frame is due; None: nothing will be."""
        if not self.playing or self._held:
            return None
        return self._moment(self._steps + 1)

    def advance(self, ready: Ready = _always) -> bool:
        """Move to the frame that is due, as far as frames are ``ready``; whether it moved."""
        self.waiting = False
        if not self.playing or self._held:
            return False
        due = self._due_steps()
        self.waiting = due > self._steps
        moved = self._move_by_one(due, ready) if self.every_frame else self._move(due, ready)
        self.waiting = self.waiting and not moved
        if not self._loop and self._steps >= self._last_step() and self._is_over():
            self.pause()
        return moved

    def _move(self, due: int, ready: Ready) -> bool:
        """To the latest frame that is due and ready; one lap back is far enough to look."""
        nearest = max(self._steps + 1, due - self._course.count + 1)
        for steps in range(due, nearest - 1, -1):
            if ready(self._index_at(steps)):
                self.skipped += self._passed_over(steps)
                self._reach(steps)
                return True
        return False

    def _move_by_one(self, due: int, ready: Ready) -> bool:
        steps = self._steps + 1
        if due < steps or not ready(self._index_at(steps)):
            return False
        lateness = self._clock() - self._moment(steps)
        self._reach(steps)
        if lateness > self._timing.duration(self.index) / self._speed / 2:
            self.late += 1
            self._anchor()
        return True

    def _reach(self, steps: int) -> None:
        self._steps, self._place = steps, self._place_at(steps)
        self.index = self._course.frames[self._place]

    def _passed_over(self, steps: int) -> int:
        """A single frame that repeats is never skipped."""
        return steps - self._steps - 1 if self._course.count > 1 else 0

    # The schedule

    def _anchor(self, share: float = 0.0) -> None:
        """The current frame came on screen now, or has had ``share`` of its time already."""
        stays = self._timing.duration(self.index) / self._speed
        self._time, self._steps, self._held = self._clock() - share * stays, 0, False
        if self._place is not None:
            self._origin = self._place
        else:  # outside the marks: this frame's time, then the course from its start
            self._origin = self._course.count - 1 if self.backwards else 0
            self._steps = -1
            self._time += stays

    def _share(self) -> float:
        if not self.playing or self._held or self._steps < 0:
            return 0.0
        gone = (self._clock() - self._moment(self._steps)) * self._speed
        return min(max(gone / self._timing.duration(self.index), 0.0), 1.0)

    def _moment(self, steps: int) -> float:
        seconds = self._course.timing.seconds_until(self._origin, steps, self.backwards)
        return self._time + seconds / self._speed

    def _due_steps(self) -> int:
        gone = self._clock() - self._time
        if self._steps < 0 and gone < -ROUNDING:
            return self._steps
        seconds = max(0.0, gone) * self._speed
        due = self._course.timing.steps_after(self._origin, seconds, self.backwards)
        return max(self._steps, due if self._loop else min(due, self._last_step()))

    def _last_step(self) -> int:
        return self._origin if self.backwards else self._course.count - 1 - self._origin

    def _is_over(self) -> bool:
        return self._clock() >= self._moment(self._last_step() + 1) - ROUNDING

    def _place_at(self, steps: int) -> int:
        place = self._origin - steps if self.backwards else self._origin + steps
        return place % self._course.count

    def _index_at(self, steps: int) -> int:
        if steps < 0:
            return self.index  # still outside the marks
        return self._course.frames[self._place_at(steps)]
