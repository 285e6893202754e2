"""Which frame is due, and when the next one is: pure arithmetic over an injected clock.

Due times are absolute, from an anchor (clock time, footage time), so errors never add up;
whatever changes speed, delay, direction or place makes a new anchor.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

Clock = Callable[[], float]
SHORTEST = 0.001  # seconds; a frame that is to stay no time at all still needs an instant
BROWSER_LEAST, BROWSER_DELAY = 0.0195, 0.1


def browser_delays(durations: Sequence[float]) -> list[float]:
    """What browsers do with delays below 20 ms: they take 100 ms."""
    return [BROWSER_DELAY if delay < BROWSER_LEAST else delay for delay in durations]


class Playhead:
    """The current frame of ``durations`` (seconds each). ``clock`` gives seconds."""

    def __init__(self, durations: Sequence[float], clock: Clock, *, loop: bool = True) -> None:
        self._clock = clock
        self.loop = loop
        self.index = 0
        self.playing = False
        self.skipped = 0  # frames whose time passed before they could be shown
        self._speed = 1.0
        self._backwards = False
        self._set_durations(durations)
        self._anchor()

    def _set_durations(self, durations: Sequence[float]) -> None:
        self._edges = [0.0, *accumulate(max(delay, SHORTEST) for delay in durations)]

    @property
    def count(self) -> int:
        return len(self._edges) - 1

    @property
    def total(self) -> float:
        """Seconds of the whole footage at speed 1."""
        return self._edges[-1]

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def backwards(self) -> bool:
        return self._backwards

    def start_of(self, index: int) -> float:
        return self._edges[index]

    def duration_of(self, index: int) -> float:
        return self._edges[index + 1] - self._edges[index]

    def play(self, *, backwards: bool = False) -> None:
        """Go on from the current frame; from the other end when it is at the end."""
        last = 0 if backwards else self.count - 1
        if not self.playing and self.index == last and not self.loop:
            self.index = self.count - 1 - last
        self._backwards = backwards
        self.playing = True
        self._anchor()

    def pause(self) -> None:
        self.playing = False

    def seek(self, index: int) -> None:
        self.index = min(max(index, 0), self.count - 1)
        self._anchor()

    def step(self, frames: int) -> None:
        """Pause and move by whole frames; a loop goes round."""
        self.pause()
        target = self.index + frames
        self.seek(target % self.count if self.loop and abs(frames) == 1 else target)

    def set_speed(self, speed: float) -> None:
        self.index = self.due()
        self._speed = speed
        self._anchor()

    def set_durations(self, durations: Sequence[float]) -> None:
        """Other delays for the same frames; the current frame stays and starts anew."""
        self._set_durations(durations)
        self._anchor()

    def due(self) -> int:
        """The frame that should be on screen now; does not change anything."""
        return self._place()[0] if self.playing else self.index

    def advance(self) -> int:
        """Move to the frame that is due, counting those that were passed over unseen."""
        if not self.playing:
            return self.index
        index, ended = self._place()
        self.skipped += self._passed_over(index)
        self.index = index
        if ended:
            self.pause()
        return index

    def wait(self) -> float | None:
        """Seconds until the next frame is due; None when nothing is to happen."""
        if not self.playing:
            return None
        elapsed = (self._clock() - self._time) * self._speed
        if self._backwards:
            into = (self._from - elapsed) % self.total if self.loop else self._from - elapsed
            index = self._at(into)
            return max(0.0, into - self._edges[index]) / self._speed + 1e-6
        into = (self._from + elapsed) % self.total if self.loop else self._from + elapsed
        index = self._at(into)
        return max(0.0, self._edges[index + 1] - into) / self._speed

    def _anchor(self) -> None:
        self._time = self._clock()
        at = self.index + 1 if self._backwards else self.index
        self._from = self._edges[at] - (1e-7 if self._backwards else 0.0)

    def _place(self) -> tuple[int, bool]:
        """(frame due, whether playing has come to its end)."""
        elapsed = (self._clock() - self._time) * self._speed
        where = self._from - elapsed if self._backwards else self._from + elapsed
        if self.loop:
            return self._at(where % self.total), False
        if where >= self.total:
            return self.count - 1, True
        if where < 0:
            return 0, True
        return self._at(where), False

    def _at(self, where: float) -> int:
        return min(max(bisect_right(self._edges, where + 1e-9) - 1, 0), self.count - 1)

    def _passed_over(self, index: int) -> int:
        step = -1 if self._backwards else 1
        distance = (index - self.index) * step
        if distance < 0:  # came round: the end and the start are neighbours
            distance += self.count if self.loop else 0
        return max(0, distance - 1)
