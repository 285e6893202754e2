"""Decoded frames within a budget of bytes; the ones least likely to be wanted go first."""

import threading

from vidcache_gui.media.types import Frame

DEFAULT_BUDGET = 512 * 1024 * 1024


class FrameCache:
    """Frames of one source at one size, by index. Thread-safe, never over its budget."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self.budget = budget
        self._frames: dict[int, Frame] = {}
        self._bytes = 0
        self._playhead = 0
        self._backwards = False
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        return self._bytes

    def look_at(self, index: int, *, backwards: bool) -> None:
        """Where the playhead is and which way it goes: decides what is dropped."""
        self._playhead = index
        self._backwards = backwards

    def get(self, index: int) -> Frame | None:
        return self._frames.get(index)

    def __contains__(self, index: int) -> bool:
        return index in self._frames

    def put(self, frame: Frame) -> bool:
        """Keep a frame; False if everything else is more likely to be wanted."""
        with self._lock:
            if frame.index in self._frames:
                return True
            while self._bytes + frame.nbytes > self.budget and self._frames:
                worst = max(self._frames, key=self._distance)
                if self._distance(worst) <= self._distance(frame.index):
                    return False
                self._bytes -= self._frames.pop(worst).nbytes
            if frame.nbytes > self.budget:
                return False
            self._frames[frame.index] = frame
            self._bytes += frame.nbytes
            return True

    def clear(self) -> None:
        with self._lock:
            self._frames.clear()
            self._bytes = 0

    def ranges(self) -> list[tuple[int, int]]:
        """Runs of cached frames, inclusive, for the time bar."""
        with self._lock:
            indices = sorted(self._frames)
        runs: list[tuple[int, int]] = []
        for index in indices:
            if runs and runs[-1][1] == index - 1:
                runs[-1] = (runs[-1][0], index)
            else:
                runs.append((index, index))
        return runs

    def room(self, frame_bytes: int) -> int:
        """How many frames of this size the budget holds."""
        return max(1, self.budget // max(1, frame_bytes))

    def _distance(self, index: int) -> float:
        """How far from being wanted: what lies behind counts double."""
        ahead = self._playhead - index if self._backwards else index - self._playhead
        return float(ahead) if ahead >= 0 else -2.0 * ahead
