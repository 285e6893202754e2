"""Which side is right, element by element: what was set last. Pure."""

import json
from dataclasses import dataclass
from typing import Any

from vidcache_gui.core.sync.records import (
    BALL,
    CONTENT,
    DECISION,
    FACTS,
    STATE,
    Act,
    Element,
    Elements,
    Record,
    Way,
)

DELETED = "It was deleted there, and is not brought back."
DISABLED = "It is flagged as not to be used any more."
OLDER = "The other side has newer details, and only this way was asked for."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be on each side. ``targets``: None where nothing is to be written."""

    acts: tuple[Act | None, Act | None]
    targets: tuple[Record | None, Record | None]
    why: str = ""


def decide(first: Record | None, second: Record | None, way: Way, mirror: bool) -> Verdict:
    """What to do about one entry."""
    if way is Way.FROM:
        found = decide(second, first, Way.TO, mirror)
        return Verdict(found.acts[::-1], found.targets[::-1], found.why)
    if mirror:
        return _mirror(first, second)
    if first is not None and second is not None and first.kind == DECISION:
        return _newest(first, second, way)
    if first is not None and first.is_live:
        if second is not None and second.is_live:
            return _merge(first, second, way)
        return _give(first, second)
    if second is not None and second.is_live and way is Way.BOTH:
        found = _give(second, first)
        return Verdict(found.acts[::-1], found.targets[::-1], found.why)
    return Verdict((None, None), (None, None))


def merged(one: Record, other: Record) -> Elements:
    """Each element as it was set last."""
    if one.kind == BALL:  # what is said of bytes goes with the bytes
        return (one if _later(one.elements, other.elements, CONTENT) else other).elements
    names = {**one.elements, **other.elements}
    return {
        name: (one if _later(one.elements, other.elements, name) else other).elements[name]
        for name in names
    }


def _later(one: Elements, other: Elements, name: str) -> bool:
    """Whether ``one`` has the last word about an element; the same from both sides."""
    if name not in one or name not in other:
        return name in one
    mine, theirs = one[name], other[name]
    if mine.at != theirs.at:
        return mine.at > theirs.at
    if mine.value != theirs.value:
        return _text(mine.value) > _text(theirs.value)
    return _text(one) >= _text(other)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _merge(first: Record, second: Record, way: Way) -> Verdict:
    result = Record(first.id, merged(first, second))
    wanted = result.values()
    acts: list[Act | None] = [None, None]
    for side, record in enumerate((first, second)):
        if record.values() != wanted and (side == 1 or way is Way.BOTH):
            acts[side] = Act.REPLACE if record.hash != result.hash else Act.UPDATE
    if acts == [None, None]:
        return Verdict((None, Act.KEEP), (None, None), OLDER)
    return Verdict((acts[0], acts[1]), (result if acts[0] else None, result if acts[1] else None))


def _newest(first: Record, second: Record, way: Way) -> Verdict:
    """What was said last counts, and that it was taken back, too."""
    if _later(first.elements, second.elements, STATE):
        return Verdict((None, Act.UPDATE), (None, first))
    if way is Way.BOTH:
        return Verdict((Act.UPDATE, None), (second, None))
    return Verdict((None, Act.KEEP), (None, None), OLDER)


def _give(here: Record, there: Record | None) -> Verdict:
    """What is here and not there (any more)."""
    if there is not None and there.elements and there.at >= here.at:
        return Verdict((None, Act.KEEP), (None, None), DELETED)
    if there is None and (here.value(FACTS) or {}).get("disabled"):
        return Verdict((None, Act.KEEP), (None, None), DISABLED)
    elements = here.elements if there is None else merged(here, there)
    keep = {name: here.elements[name] for name in (STATE, CONTENT) if name in here.elements}
    act = Act.COPY if there is None else Act.RESTORE
    return Verdict((None, act), (None, Record(here.id, {**elements, **keep})))


def _mirror(first: Record | None, second: Record | None) -> Verdict:
    if first is not None and first.is_live:
        act = Act.COPY
        gone: Elements = {}
        if second is not None:
            act = Act.UPDATE if first.hash == second.hash else Act.REPLACE
            act = act if second.is_live else Act.RESTORE
            gone = {name: Element(None, first.at) for name in second.elements}
        return Verdict((None, act), (None, Record(first.id, {**gone, **first.elements})))
    if second is not None and second.is_live:
        at = first.at if first is not None else 0
        gone = {STATE: Element(None, at)}
        return Verdict((None, Act.TRASH), (None, Record(second.id, gone)))
    return Verdict((None, None), (None, None))
