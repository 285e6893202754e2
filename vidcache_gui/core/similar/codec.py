"""Matches as the text a catalog row keeps, and back."""

import json
from typing import Any

from vidcache_gui.matching.records import (
    Evidence,
    Match,
    Relation,
    Segment,
    Tier,
    Transform,
)


def to_text(match: Match) -> str:
    """Segments and reasons; the rest of a match has columns of its own."""
    data = {"segments": [_pack(one) for one in match.segments], "reasons": match.reasons}
    return json.dumps(data, separators=(",", ":"))


def from_row(row: Any) -> Match:
    """A match from anything with the columns of the table ``match``."""
    data = json.loads(row.data)
    return Match(
        relation=Relation(row.relation), tier=Tier(row.tier), score=row.score,
        segments=tuple(_unpack(one) for one in data["segments"]),
        coverage_a=row.coverage_a, coverage_b=row.coverage_b, reasons=tuple(data["reasons"]),
    )  # fmt: skip


def _pack(one: Segment) -> list[Any]:
    how = one.transform
    return [
        [round(float(time), 3) for time in (one.a0, one.a1, one.b0, one.b1)],
        [
            how.mirrored, how.rotation,
            *([round(float(side), 4) for side in box] for box in (how.box_a, how.box_b)),
        ],
        round(float(one.distance), 2), round(float(one.correlation), 4),
        [[round(float(e.time_a), 3), round(float(e.time_b), 3), int(e.distance)]
         for e in one.evidence],
    ]  # fmt: skip


def _unpack(packed: list[Any]) -> Segment:
    times, (mirrored, rotation, box_a, box_b), distance, correlation, evidence = packed
    a0, a1, b0, b1 = times
    return Segment(
        a0, a1, b0, b1, Transform(mirrored, rotation, _box(box_a), _box(box_b)), distance,
        correlation, tuple(Evidence(*one) for one in evidence),
    )  # fmt: skip


def _box(sides: list[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = sides
    return left, top, right, bottom
