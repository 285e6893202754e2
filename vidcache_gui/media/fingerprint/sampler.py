"""Which pictures of a piece of footage are looked at, and which of those are kept."""

import math

import numpy as np

from vidcache_gui.media.fingerprint.fingerprint import SIDE, Fingerprint
from vidcache_gui.media.fingerprint.small import Small

SHORTEST, SHORT, MIDDLE, LONG = 5.0, 60.0, 600.0, 3600.0  # seconds of footage

# Mean differences, in parts of a picture's contrast: what is dark or pale moves as much.
STILL = 0.006  # up to which it is one picture, for as long as it lasts
MOVING = 0.012  # that is a new picture
LEAST, MOST = 4.0, 60.0  # levels of contrast: below lies noise, above little is gained
RUN = 2.0  # seconds after which less movement than that is a new picture, too
_LATE = 0.05  # parts of a step that a picture may be early: times are rounded in files


def spacing(duration: float | None) -> float:
    """Seconds between two looks at footage of that length (None: not known)."""
    if duration is None:
        return 1 / 5
    if duration <= SHORTEST:
        return 1 / 12
    if duration <= SHORT:
        return 1 / 5
    if duration <= MIDDLE:
        return 1 / 4
    return 1 / 2 if duration <= LONG else 1.0


def differs(kept: Small, picture: Small, seconds: float) -> bool:
    """Whether ``picture``, shown ``seconds`` after the last kept one began, is kept, too."""
    apart = np.maximum(picture, kept) - np.minimum(picture, kept)
    change = int(np.add.reduce(apart, axis=None, dtype=np.uint32)) / apart.size
    contrast = min(MOST, max(LEAST, float(picture.std(dtype=np.float32))))
    return change > (MOVING if seconds < RUN else STILL) * contrast


class Sampler:
    """Takes the pictures of footage in the order they are shown.

    Ask :meth:`wants` before the work of shrinking a picture. ``step``: seconds, see
    :func:`spacing`.
    """

    def __init__(self, step: float) -> None:
        self.looked = 0
        self._step = step
        self._next = -math.inf
        self._times: list[int] = []
        self._pictures: list[Small] = []

    def wants(self, time: float) -> bool:
        """Whether the picture shown from ``time`` (seconds) on is one to look at."""
        return time >= self._next

    def take(self, time: float, picture: Small) -> None:
        self.looked += 1
        # Steps are counted from zero, so that what a picture comes late adds up to nothing.
        self._next = (math.floor(time / self._step + _LATE) + 1 - _LATE) * self._step
        at = max(0, round(time * 1000))
        if self._times:
            if at <= self._times[-1]:
                return
            if not differs(self._pictures[-1], picture, (at - self._times[-1]) / 1000):
                return
        self._times.append(at)
        self._pictures.append(picture)

    def fingerprint(self, duration: float) -> Fingerprint | None:
        """What was kept of footage of ``duration`` seconds; None if there was no picture."""
        if not self._times:
            return None
        times = np.asarray(self._times, np.uint32)
        last = max(round(duration * 1000), self._times[-1])
        ends = np.append(times[1:], np.uint32(last))
        pictures = np.stack(self._pictures).reshape(-1, SIDE, SIDE)
        return Fingerprint(duration, times, ends.astype(np.uint32), pictures)

    def to_bytes(self, duration: float) -> bytes | None:
        found = self.fingerprint(duration)
        return found.to_bytes() if found is not None else None
