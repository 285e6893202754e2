"""From a frame of one item to the frame of another that shows the same.

Every function runs inside a read block.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from vidcache_gui.core import find
from vidcache_gui.core.catalog import FrameIndexRow
from vidcache_gui.core.footage import ball_delay, with_gaps
from vidcache_gui.core.records import DEFAULT_DELAY_MS, Item
from vidcache_gui.matching.records import Match
from vidcache_gui.media.types import Kind

EDGE = 0.1  # seconds a segment may end too early


def starts(item: Item) -> Sequence[float]:
    """When each frame is shown, in seconds from the first, as stored."""
    if item.kind is Kind.FRAMES:
        return _group_starts(item)
    row = FrameIndexRow.get_or_none(FrameIndexRow.hash == item.hash)
    if row is not None:
        from vidcache_gui.media.index import FrameIndex

        times: list[float] = FrameIndex.from_bytes(bytes(row.data)).starts.tolist()
        return times
    count = max(1, item.frame_count)
    each = (item.duration or 0.0) / count
    return [place * each for place in range(count)]


def _group_starts(item: Item) -> list[float]:
    balls = find.item_balls(item.id)
    own = {ball.frame_number or 0: ball_delay(ball) for ball in balls}
    usual = Counter(own.values()).most_common(1)[0][0] if own else DEFAULT_DELAY_MS
    delays = [item.delay_ms or own.get(number, usual) for number in with_gaps(list(own))]
    return list(accumulate((delay / 1000 for delay in delays[:-1]), initial=0.0))


def carried(
    marks: Mapping[int, str], source: Item, target: Item, match: Match | None
) -> dict[int, str]:
    """Bookmarks of ``source`` at the frames of ``target`` that show the same; those are left out
    that it does not show. ``match`` has ``source`` as its a."""
    if not marks or match is None:
        return {}
    times, theirs = starts(source), starts(target)
    found: dict[int, str] = {}
    for frame, note in sorted(marks.items()):
        time = times[frame] if frame < len(times) else None
        there = None if time is None else _time_there(match, time)
        if there is not None and theirs:
            found.setdefault(_nearest(theirs, there), note)
    return found


def _time_there(match: Match, time: float) -> float | None:
    if not match.segments:  # the same stream in another container
        return time
    near = [one for one in match.segments if one.a0 - EDGE <= time <= one.a1 + EDGE]
    return near[0].time_in_b(time) if near else None


def _nearest(times: Sequence[float], time: float) -> int:
    place = bisect_left(times, time)
    if place == 0:
        return 0
    if place == len(times) or time - times[place - 1] <= times[place] - time:
        return place - 1
    return place
