"""Items as numbered frames: what the player plays and export writes."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from vidcache_gui.core import find
from vidcache_gui.core.catalog import FrameIndexRow, Video
from vidcache_gui.core.chunks import chunks_of
from vidcache_gui.core.edits import LONGEST_MS
from vidcache_gui.core.records import DEFAULT_DELAY_MS, Ball, Item
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind, MediaFacts

if TYPE_CHECKING:
    from vidcache_gui.media.types import FrameSource

STILL_COMING = "is still coming in, or parts of it are missing."
PathOf = Callable[[str], Path]  # of a blob, by its hash


def opener(item: Item, path_of: PathOf, delay_ms: float | None) -> "Callable[[], FrameSource]":
    """How to open an item. Runs inside a read block; what it returns does not.

    ``delay_ms``: of every frame of a group, instead of what is stored.
    """
    if item.kind is Kind.DATA:
        raise UserError(f"'{item.name}' holds no pictures; a program stored it.")
    if item.kind is Kind.FRAMES:
        return _group(item, path_of, delay_ms)
    return _file(item, path_of)


def _group(item: Item, path_of: PathOf, delay_ms: float | None) -> "Callable[[], FrameSource]":
    """The frames of a group, with a place for every frame number that is missing."""
    balls = find.item_balls(item.id)
    every = delay_ms or item.delay_ms
    own = [every or ball_delay(ball) for ball in balls]
    numbers = [ball.frame_number or 0 for ball in balls]
    paths: list[str | None] = [str(path_of(ball.hash)) for ball in balls]
    places = with_gaps(numbers)
    if len(places) > len(balls):
        usual = Counter(own).most_common(1)[0][0]
        there = dict(zip(numbers, zip(paths, own, strict=True), strict=True))
        paths = [there[number][0] if number in there else None for number in places]
        own = [there[number][1] if number in there else usual for number in places]

    def opened() -> "FrameSource":
        from vidcache_gui.media.frames_source import SequenceSource

        return SequenceSource(paths, places, own)

    return opened


def whole(item: Item, path_of: PathOf) -> str | tuple[str, ...] | None:
    """Where the bytes of an item are that is one file: its blob, or the chunks it came in. Runs
    inside a read block.

    None for what is many files, and while its chunks are not those that were looked at.
    """
    if not item.is_group:
        return str(path_of(item.hash))
    if item.kind is Kind.FRAMES:
        return None
    balls = find.item_balls(item.id)
    chunks = chunks_of(balls) if sequence_hash(balls) == item.hash else []
    return tuple(str(path_of(ball.hash)) for ball in chunks) or None


def sequence_hash(balls: Sequence[Ball]) -> str:
    """The content hash of a group: the numbers and hashes of its balls, in order."""
    hasher = blake3()
    for place, ball in enumerate(balls):
        number = place if ball.frame_number is None else ball.frame_number
        hasher.update(f"{number}:{ball.hash}\n".encode())
    return hasher.hexdigest()


def ball_delay(ball: Ball) -> float:
    """Milliseconds a frame stays."""
    return tags_delay(ball.tags)


def tags_delay(tags: Mapping[str, str]) -> float:
    """Milliseconds that a frame's tags give it; programs may have written anything there."""
    try:
        delay = float(tags.get("delay_ms", DEFAULT_DELAY_MS))
    except ValueError:
        return DEFAULT_DELAY_MS
    return delay if 0 <= delay <= LONGEST_MS else DEFAULT_DELAY_MS


def with_gaps(numbers: Sequence[int]) -> list[int]:
    """Ascending frame numbers with those that are missing between them filled in.

    Sequences may count in twos or tens: the commonest step is taken for theirs. Where
    numbers do not follow it, or more would be missing than are there, the numbers only give
    the order, and nothing is missing.
    """
    steps = [later - earlier for earlier, later in itertools.pairwise(numbers)]
    if not steps:
        return list(numbers)
    step = Counter(sorted(steps)).most_common(1)[0][0]
    if step <= 0 or any(one % step or one <= 0 for one in steps):
        return list(numbers)
    filled = range(numbers[0], numbers[-1] + 1, step)
    return list(filled) if len(filled) <= 2 * len(numbers) else list(numbers)


def _file(item: Item, path_of: PathOf) -> "Callable[[], FrameSource]":
    where = whole(item, path_of)
    if where is None:
        raise UserError(f"'{item.name}' {STILL_COMING}")
    video = Video.get_or_none(Video.item == item.id)
    index = FrameIndexRow.get_or_none(FrameIndexRow.hash == item.hash)
    facts = MediaFacts(
        kind=item.kind, mime=item.mime, extension=video.extension if video else "",
        width=item.width, height=item.height, frame_count=item.frame_count,
        duration=item.duration, fps=item.fps, codec=item.codec,
        rotation=video.rotation if video else 0, damaged=item.damaged,
        has_alpha=bool(video.has_alpha) if video else False,
    )  # fmt: skip
    data = bytes(index.data) if index else None

    def opened() -> "FrameSource":
        from vidcache_gui.media.source import open_source

        return open_source(where, facts, data)

    return opened


def set_delays(source: "FrameSource", delays_ms: Mapping[int, float]) -> None:
    """Give single frames another delay than the stored one."""
    durations = list(source.durations)
    for index, delay in delays_ms.items():
        if index < len(durations):
            durations[index] = delay / 1000
    source.durations = durations
    source.starts = [0.0, *itertools.accumulate(durations)][: source.count]
