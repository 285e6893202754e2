"""How many different pictures a second there really are: doubled frames are not counted."""

from collections.abc import Sequence

import numpy as np

from vidcache_gui.errors import UserError
from vidcache_gui.media.quality.pictures import Grey, frame_at, shot
from vidcache_gui.media.types import FrameSource

SECONDS = 1.2  # of each of the windows looked at
MOST = 80  # frames of a window
LEAST = 0.02  # grey levels
SIZE = (160, 160)
STILL = 0.12  # grey levels: less change from frame to frame is no motion to count by
SAME = 0.07  # of the usual change: a frame that changes less is the one before, coded again


def true_rate(source: FrameSource, times: Sequence[float]) -> float | None:
    """Different pictures in a second, seen from each of these times (seconds) on.

    None where nothing moves, or there are too few frames to say.
    """
    different, seconds = 0.0, 0.0
    for time in times:
        first = frame_at(source, time)
        last = min(frame_at(source, time + SECONDS), first + MOST, source.count - 1)
        changes = _changes(source, first, last)
        if len(changes) < 4:
            continue
        usual = float(np.percentile(changes, 90))
        if usual < STILL:
            continue
        different += int((np.asarray(changes) > max(SAME * usual, LEAST)).sum())
        seconds += source.starts[last] - source.starts[first]
    return different / seconds if seconds > 0 else None


def _changes(source: FrameSource, first: int, last: int) -> list[float]:
    """Mean change from each frame to the next, in grey levels."""
    before: Grey | None = None
    changes = []
    try:
        for frame in source.frames(first, last, SIZE, prefix=False):
            if not first <= frame.index <= last:
                continue
            now = shot(frame).luma.astype(np.float32)
            if before is not None:
                changes.append(float(np.abs(now - before).mean()))
            before = now
    except UserError:
        return []  # a damaged place says nothing
    return changes
