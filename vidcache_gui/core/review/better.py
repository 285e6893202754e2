"""What makes one item better than another, for rules. Runs inside a read block."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vidcache_gui.core.catalog import Item
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.errors import UserError

CODECS = ("av1", "hevc", "vp9", "h264", "vp8", "mpeg4", "mpeg2video", "gif")  # newest first
BUCKET = "bucket:"


@dataclass(frozen=True, slots=True)
class Worth:
    """What of an item is compared."""

    pixels: int
    bit_rate: float
    length: float
    fps: float
    codec: str
    size: int
    added_at: int
    bucket: str
    damaged: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """``value``: more is better. Closer than ``alike`` (a part of the larger) is no difference."""

    text: str
    value: Callable[[Worth], float]
    alike: float = 0.0


CRITERIA = {
    "undamaged": Criterion("the one that is not damaged", lambda w: not w.damaged),
    "resolution": Criterion("the larger picture", lambda w: w.pixels, 0.02),
    "bit rate": Criterion("the higher bit rate", lambda w: w.bit_rate, 0.05),
    "length": Criterion("the longer one", lambda w: w.length, 0.01),
    "frame rate": Criterion("the higher frame rate", lambda w: w.fps, 0.02),
    "codec": Criterion("the newer codec", lambda w: -_codec(w.codec)),
    "larger": Criterion("the larger file", lambda w: w.size, 0.01),
    "smaller": Criterion("the smaller file", lambda w: -w.size, 0.01),
    "oldest": Criterion("the one that came in first", lambda w: -w.added_at),
    "newest": Criterion("the one that came in last", lambda w: w.added_at),
}


def _codec(name: str) -> int:
    return CODECS.index(name) if name in CODECS else len(CODECS)


def criterion(name: str) -> Criterion:
    """Raises UserError for a name that means nothing."""
    if name.startswith(BUCKET) and len(name) > len(BUCKET):
        bucket = name[len(BUCKET) :]
        return Criterion(f"the one in '{bucket}'", lambda w: w.bucket == bucket)
    if name not in CRITERIA:
        known = ", ".join([*CRITERIA, f"{BUCKET}NAME"])
        raise UserError(f"'{name}' is nothing a rule can go by. It knows: {known}.")
    return CRITERIA[name]


def better(one: Worth, other: Worth, names: Sequence[str]) -> int:
    """1 where the first is better, -1 where the other is, 0 where nothing tells them apart."""
    for name in names:
        by = criterion(name)
        a, b = float(by.value(one)), float(by.value(other))
        if abs(a - b) > by.alike * max(abs(a), abs(b)):
            return 1 if a > b else -1
    return 0


def worths(items: Iterable[ItemRecord]) -> dict[int, Worth]:
    """By item id."""
    known = {item.id: item for item in items}
    found = Item._meta.database.execute_sql(
        "SELECT item.id, item.length, video.bit_rate FROM item LEFT JOIN video "
        "ON video.item_id = item.id WHERE item.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(known)),),
    )
    result = {}
    for id, length, bit_rate in found.fetchall():
        item = known[id]
        rate = bit_rate or (8 * item.size / length if length else 0.0)
        result[id] = Worth(
            item.width * item.height, rate, length, item.fps or 0.0, item.codec, item.size,
            item.added_at, item.bucket, item.damaged is not None,
        )  # fmt: skip
    return result
