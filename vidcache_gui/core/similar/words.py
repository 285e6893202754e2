"""What a match says, in words."""

from vidcache_gui.matching.records import WHOLE, Box, Match, Relation, Segment, Transform

NEARLY = 0.02  # of the speed: less is how files are timed, not what somebody did
EDGE = 0.02  # of a side: less is how exactly edges can be measured
MOMENT = 0.3  # seconds: from less than this no speed can be told


def clock(seconds: float) -> str:
    """0:03, 12:30, 1:02:03; with tenths where they say something."""
    tenths = round(max(0.0, seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    whole, tenth = divmod(rest, 10)
    text = f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}"
    return f"{text}.{tenth}" if tenth else text


def look_alike(name: str, match: Match) -> str:
    """``match`` has the newcomer as its a, ``name`` is what it looks like."""
    if match.relation is Relation.SAME_STREAM:
        return f"Looks like '{name}': the same compressed pictures in another file."
    if match.relation is Relation.RE_ENCODE:
        return f"Looks like '{name}': the same from start to end."
    if not match.segments:
        return f"Looks like '{name}'."
    first = match.segments[0]
    return f"Looks like '{name}': the same from {clock(first.a0)} to {clock(first.a1)}."


def segment(one: Segment) -> str:
    """``0:03 to 0:09 is 0:00 to 0:06 of the other``, and what was done to it."""
    text = f"{clock(one.a0)} to {clock(one.a1)} is {_span(one.b0, one.b1)} of the other"
    notes = done_to(one)
    return f"{text} ({', '.join(notes)})" if notes else text


def _span(start: float, end: float) -> str:
    return f"{clock(start)} to {clock(end)}"


def speed_words(speed: float) -> str:
    """What b's speed is: 1.25 × as fast, slowed to 0.80 ×; empty for the same."""
    if abs(abs(speed) - 1) < NEARLY:
        return ""
    return f"{speed:.2f} × as fast" if abs(speed) > 1 else f"slowed to {abs(speed):.2f} ×"


def done_to(segment: Segment) -> list[str]:
    """What was done to b, in the order people notice it."""
    found = transform_words(segment.transform)
    if min(segment.a1 - segment.a0, abs(segment.b1 - segment.b0)) < MOMENT:
        return found  # a still has no speed
    speed = speed_words(segment.speed)
    if speed:
        found.append(speed)
    if segment.speed < 0:
        found.append("backwards")
    return found


def transform_words(transform: Transform) -> list[str]:
    found = []
    if transform.mirrored:
        found.append("mirrored")
    if transform.rotation:
        found.append(f"turned by {transform.rotation}°")
    if not _differ(transform.box_a, transform.box_b):
        return found  # the same part of both was compared: nothing was cropped
    if _is_part(transform.box_a):
        found.append("cropped")
    if _is_part(transform.box_b):
        found.append("with a border")
    return found


def _is_part(box: Box) -> bool:
    return _differ(box, WHOLE)


def _differ(one: Box, other: Box) -> bool:
    """Enough to be seen: edges are measured on small pictures."""
    return any(abs(a - b) > EDGE for a, b in zip(one, other, strict=True))
