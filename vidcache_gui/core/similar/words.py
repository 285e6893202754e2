"""What a match says, in words."""

from vidcache_gui.matching.records import Match, Relation, Segment


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
    notes = list(_notes(one))
    return f"{text} ({', '.join(notes)})" if notes else text


def _span(start: float, end: float) -> str:
    return f"{clock(start)} to {clock(end)}"


def _notes(one: Segment) -> list[str]:
    """How the other's picture differs from the first's."""
    how = one.transform
    notes = []
    if one.b1 < one.b0:
        notes.append("backwards")
    speed = abs(one.speed)
    if abs(speed - 1) > 0.02:
        notes.append(f"at {speed:.2f} times the speed")
    if how.mirrored:
        notes.append("mirrored")
    if how.rotation:
        notes.append(f"turned by {how.rotation}°")
    if _part(how.box_a) < 0.97:
        notes.append("a part of the picture")
    if _part(how.box_b) < 0.97:
        notes.append("inside a larger picture")
    return notes


def _part(box: tuple[float, float, float, float]) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)
