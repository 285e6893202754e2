"""What makes one item better than another, for rules. Runs inside a read block."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vidcache_gui.core.catalog import Item
from vidcache_gui.core.records import Item as ItemRecord
from vidcache_gui.core.review.judge import Judged
from vidcache_gui.core.review.quality_records import Better
from vidcache_gui.errors import UserError

CODECS = ("av1", "hevc", "vp9", "h264", "vp8", "mpeg4", "mpeg2video", "gif")  # newest first
BUCKET = "bucket:"


@dataclass(frozen=True, slots=True)
class Worth:
    """What of an item is compared."""

    id: int
    pixels: int
    bit_rate: float
    length: float
    fps: float
    codec: str
    size: int
    added_at: int
    bucket: str
    damaged: bool


class Unmeasured(Exception):
    """What the pictures of two items show has to be known first, and could not be measured."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to tell two items apart: by a ``value`` of each of which more is better (closer
    than ``alike``, a part of the larger, is no difference), or by what their pictures show."""

    text: str
    value: Callable[[Worth], float] | None = None
    alike: float = 0.0
    judged: Callable[[Judged], Better] | None = None


def _sharper(judged: Judged) -> Better:
    """An enlarged picture has more lines and shows no more."""
    about = [point for point in judged.points if point.label == "True resolution"]
    return about[0].better if about else ""


def _proposed(judged: Judged) -> Better:
    return "" if judged.proposal.near_tie else judged.proposal.keep


CRITERIA = {
    "undamaged": Criterion("the one that is not damaged", lambda w: not w.damaged),
    "true resolution": Criterion(
        "the one that really shows finer detail, measured", judged=_sharper
    ),
    "proposed": Criterion("the one a review proposes, unless it is a near tie", judged=_proposed),
    "resolution": Criterion("the larger picture, even if enlarged", lambda w: w.pixels, 0.02),
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


def looks(names: Sequence[str]) -> bool:
    """Whether pictures have to be measured for it."""
    return any(criterion(name).judged is not None for name in names)


def better(
    one: Worth, other: Worth, names: Sequence[str], judge: Callable[[int, int], Judged]
) -> int:
    """1 where the first is better, -1 where the other is, 0 where nothing tells them apart.

    ``judge``: by ids, asked only when it matters. Raises Unmeasured, as it does.
    """
    for name in names:
        by = criterion(name)
        if by.value is not None:
            a, b = float(by.value(one)), float(by.value(other))
            if abs(a - b) > by.alike * max(abs(a), abs(b)):
                return 1 if a > b else -1
        elif by.judged is not None and (side := by.judged(judge(one.id, other.id))):
            return 1 if side == "a" else -1
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
            id, item.width * item.height, rate, length, item.fps or 0.0, item.codec, item.size,
            item.added_at, item.bucket, item.damaged is not None,
        )  # fmt: skip
    return result
