"""Places in footage as people write them: frame numbers, times, timecodes, percentages."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from vidcache_gui.errors import UserError

EVEN = 0.0015  # seconds by which frames may differ and still count as evenly spaced
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?|[.,]\d+)s?")
_TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+)")


def frame_rate(durations: Sequence[float]) -> int | None:
    """Whole frames a second that timecodes count in; None where frames are not even."""
    if not durations:
        return None
    counted = durations[:-1] or durations  # the last one may stay longer
    usual = sum(counted) / len(counted)
    even = all(abs(seconds - usual) <= EVEN for seconds in counted)
    return max(1, round(1 / usual)) if even and usual > 0 else None


def timecode(index: int, rate: int) -> str:
    """``00:00:04:12``, counting frames (non-drop)."""
    seconds, frames = divmod(index, rate)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def parse_place(
    text: str, starts: Sequence[float], rate: int | None = None, current: int = 0
) -> int:
    """The frame that ``text`` names, kept within the footage.

    ``120`` a frame, ``+10`` and ``-10`` from ``current``, ``1:02.5`` or ``62.5s`` the frame on
    screen at a time, ``00:00:04:12`` a timecode (where there is a ``rate``), ``50%``. ``starts``:
    seconds at which each frame appears. Raises UserError.
    """
    text = text.strip()
    last = len(starts) - 1
    timecoded = _TIMECODE.fullmatch(text)
    timed = _TIME.fullmatch(text)
    if re.fullmatch(r"\d+", text):
        found = int(text)
    elif re.fullmatch(r"[+-]\d+", text):
        found = current + int(text)
    elif re.fullmatch(r"\d+(\.\d+)?%", text):
        found = round(float(text[:-1]) / 100 * last)
    elif timecoded and rate is not None:
        hours, minutes, seconds, frames = map(int, timecoded.groups())
        found = ((hours * 60 + minutes) * 60 + seconds) * rate + frames
    elif timed:
        hours_, minutes_, seconds_ = timed.groups()
        whole = int(hours_ or 0) * 3600 + int(minutes_ or 0) * 60
        time = whole + float(seconds_.replace(",", "."))
        found = bisect_right(starts, time + 1e-6) - 1
    else:
        raise UserError(f"'{text}' is no place. Write a frame (120), a time (1:02.5) or 50%.")
    return min(max(found, 0), last)


def frame_at(text: str, starts: Sequence[float], durations: Sequence[float]) -> int:
    """The frame that is named. Raises UserError for one behind the end: a mistyped range
    must not become another one.
    """
    if text.endswith("%"):
        return parse_place(text, starts)
    end = starts[-1] + durations[-1]
    found = parse_place(text, [*starts, end + 1e-4], frame_rate(durations))
    if found < len(starts):
        return found
    if text.strip().isdecimal():
        raise UserError(f"There is no frame {text}. The frames go from 0 to {len(starts) - 1:,}.")
    raise UserError(f"There is nothing at {text}: the footage ends after {end:.3f} seconds.")
