"""Large files that clients cut up: balls of one group whose tags say which part they are.

Their sizes differ (some writers add what is left over to the last chunk), and a file that was
put again in fewer chunks leaves the last of the former ones behind.
"""

from collections.abc import Mapping, Sequence

from vidcache_gui.core.records import Ball, Item

INDEX, COUNT, FULL = "index", "num_chunks", "full_checksum"  # FULL: SHA-256 of the whole, hex
NAME = "fullname"
MOST_DIGITS = 9


def is_chunk(tags: Mapping[str, str]) -> bool:
    return INDEX in tags and COUNT in tags


def chunks_of(balls: Sequence[Ball]) -> list[Ball]:
    """The chunks of the file that a group is, in order; none where it is something else, or
    where some have not come."""
    start = next(
        (ball for ball in balls if is_chunk(ball.tags) and _number(ball, INDEX) == 0), None
    )
    if start is None:
        return []
    full, count = start.tags.get(FULL), _number(start, COUNT)
    found = {
        _number(ball, INDEX): ball
        for ball in balls
        if ball.tags.get(FULL) == full and _number(ball, COUNT) == count
    }
    if not 0 < count <= len(balls) or any(index not in found for index in range(count)):
        return []
    return [found[index] for index in range(count)]


def file_name(item: Item, chunks: Sequence[Ball]) -> str:
    """What the file is called that a group's chunks are: as people named it, else as it came."""
    if item.name != item.ball_id:
        return item.name
    return chunks[0].tags.get(NAME, "").strip() or item.name


def _number(ball: Ball, tag: str) -> int:
    """-1 where it is none."""
    text = ball.tags.get(tag, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else -1
