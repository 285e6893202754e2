"""Measurements of two items: from the catalog where they were made before, else by a worker."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import blake3

from vidcache_gui.core import find
from vidcache_gui.core.catalog import FrameIndexRow, QualityRow, Video
from vidcache_gui.core.database import Database
from vidcache_gui.core.footage import STILL_COMING, ball_delay, whole
from vidcache_gui.core.records import Item
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Match
from vidcache_gui.matching.swap import swapped
from vidcache_gui.media.pool import DecodePool, WorkerUnavailable
from vidcache_gui.media.quality.records import Material, Measured, PairMeasured, Stretch
from vidcache_gui.media.types import Kind

FUNCTION = "vidcache_gui.media.quality.measure:measure_pair"
VERSION = 1  # of the way it is measured; another one measures everything again, when asked for
DEADLINE = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """``measured`` is None where it could not be done or, not ``known``, was not done yet."""

    measured: PairMeasured | None
    note: str = ""  # a sentence: why not
    known: bool = True


class Measurer:
    """Asks the workers, once for each two contents."""

    def __init__(
        self, database: Database, pool: DecodePool, path_of: Callable[[str], Path]
    ) -> None:
        self._database = database
        self._pool = pool
        self._path_of = path_of

    def measure(self, a: Item, b: Item, match: Match, *, now: bool = True) -> Outcome:
        """``match`` has a as its a. Without ``now`` only what is known already is told.

        Raises WorkerUnavailable, and Cancelled once the library is closed.
        """
        if b.hash < a.hash:
            outcome = self.measure(b, a, swapped(match), now=now)
            seen = outcome.measured
            if seen is None:
                return outcome
            return Outcome(PairMeasured(seen.b, seen.a, seen.pictures, seen.alike))
        stretches = _stretches(match)
        stamp = _stamp(stretches)
        with self._database.read():
            known = _read(a.hash, b.hash, stamp)
            if known is not None or not now:
                return known or Outcome(None, "Not measured yet.", known=False)
            try:
                materials = self._material(a), self._material(b)
            except UserError as error:
                return Outcome(None, str(error), known=False)
        try:
            measured = self._pool.submit(
                FUNCTION, *materials, stretches, deadline=DEADLINE, priority=True
            ).result()
            outcome = Outcome(measured)
        except WorkerUnavailable:
            raise
        except UserError as error:
            outcome = Outcome(None, str(error))
        with self._database.write():
            QualityRow.replace(
                hash_a=a.hash, hash_b=b.hash, stamp=stamp, data=_to_text(outcome)
            ).execute()
        return outcome

    def _material(self, item: Item) -> Material:
        if item.kind is Kind.FRAMES:
            balls = find.item_balls(item.id)
            delays = [item.delay_ms or ball_delay(ball) for ball in balls]
            return Material(
                item.kind, tuple(str(self._path_of(ball.hash)) for ball in balls),
                delays=tuple(delay / 1000 for delay in delays),
            )  # fmt: skip
        where = whole(item, self._path_of)
        if where is None:
            raise UserError(f"'{item.name}' {STILL_COMING}")
        video = Video.get_or_none(Video.item == item.id)
        index = FrameIndexRow.get_or_none(FrameIndexRow.hash == item.hash)
        return Material(
            item.kind, (where,) if isinstance(where, str) else where,
            video.extension if video else "", bytes(index.data) if index else None,
            video.rotation if video else 0,
        )  # fmt: skip


def _stretches(match: Match) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            one.a0, one.a1, one.b0, one.b1, one.transform.mirrored, one.transform.rotation,
            one.transform.box_a, one.transform.box_b,
        )
        for one in match.segments
    )  # fmt: skip


def _stamp(stretches: tuple[Stretch, ...]) -> str:
    """Another one when the match was found elsewhere, or it is measured in another way."""
    where = json.dumps([VERSION, [asdict(one) for one in stretches]], default=float)
    return blake3.blake3(where.encode()).hexdigest(16)


def _read(hash_a: str, hash_b: str, stamp: str) -> Outcome | None:
    row = QualityRow.get_or_none((QualityRow.hash_a == hash_a) & (QualityRow.hash_b == hash_b))
    if row is None or row.stamp != stamp:
        return None
    data = json.loads(row.data)
    if "note" in data:
        return Outcome(None, data["note"])
    return Outcome(
        PairMeasured(_side(data["a"]), _side(data["b"]), data["pictures"], data["alike"])
    )


def _to_text(outcome: Outcome) -> str:
    if outcome.measured is None:
        return json.dumps({"note": outcome.note})
    return json.dumps(asdict(outcome.measured), separators=(",", ":"))


def _side(data: dict[str, Any]) -> Measured:
    boxes = {name: tuple(tuple(box) for box in data[name]) for name in ("logos", "subtitles")}
    return Measured(**{**data, **boxes})
