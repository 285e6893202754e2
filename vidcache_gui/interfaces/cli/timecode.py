"""Frames as the command line takes them: a number from 0, or a time."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from vidcache_gui.errors import UserError

_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)s)")


def seconds_of(text: str) -> float | None:
    """``1:02.5``, ``1:00:00`` or ``62.5s`` in seconds; None for what is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, alone = found.groups()
    if alone is not None:
        return float(alone)
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)


def frame_at(text: str, starts: Sequence[float], duration: float) -> int:
    """The frame a person means. Raises UserError when it is no frame of this footage.

    ``starts``: seconds at which frames appear; ``duration``: of all of it.
    """
    if text.isascii() and text.isdecimal() and len(text) < 12:
        frame = int(text)
        if frame >= len(starts):
            raise UserError(
                f"There is no frame {frame:,}. The frames go from 0 to {len(starts) - 1:,}."
            )
        return frame
    seconds = seconds_of(text)
    if seconds is None:
        raise UserError(f"'{text}' is neither a frame such as 120 nor a time such as 1:02.5.")
    if seconds > duration + 1e-6:
        raise UserError(f"There is nothing at {text}: it ends after {duration:.3f} seconds.")
    return max(0, bisect_right(starts, seconds + 1e-6) - 1)
