"""What is to be done about something on a server of the published protocols. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from vidcache_gui.core.sync.elements import UPDATED
from vidcache_gui.core.sync.local import LocalBall
from vidcache_gui.core.sync.merge import DISABLED, OLDER
from vidcache_gui.core.sync.pair import Wish
from vidcache_gui.core.sync.records import Act, Step, Way
from vidcache_gui.interfaces.remotes.extras import FIELD
from vidcache_gui.interfaces.remotes.records import RemoteBall

UNKNOWN = "Its server gives no SHA-256 for it, so nobody knows whether it is the same."
FOR_GOOD = "The server may delete it for good; a copy is kept in the library's trash."
REPLACED = "The older one is kept in the library's trash."
STUCK = "It is flagged there as not to be used any more, which cannot be taken back."
UNFLAGGED = "It is not flagged any more."
NOT_SAID = frozenset({UPDATED, FIELD})  # tags that say nothing about the bytes

Found = tuple[Act, int, str]  # (what, on which side, why)


def said(tags: dict[str, str], content_type: str, producer: str, other: str) -> Any:
    """What counts when descriptions are compared. A producer that only one side (``other``:
    its) names is no difference."""
    told = {name: value for name, value in tags.items() if name not in NOT_SAID}
    return told, content_type, producer if other else ""


def told(here: LocalBall, there: RemoteBall) -> tuple[Any, Any]:
    """What both sides say of a ball."""
    return (
        said(here.tags, here.content_type, here.producer, there.producer_id),
        said(there.tags, there.content_type, there.producer_id, here.producer),
    )


def loser(here: LocalBall, there: RemoteBall, way: Way, mirror: bool) -> int:
    """The side that is to become like the other: what was set last counts."""
    if mirror:
        return 1 if way is Way.TO else 0
    mine, theirs = (json.dumps(one, sort_keys=True) for one in told(here, there))
    newer = (here.at, here.sha256, mine) > (there.updated_at, there.checksum, theirs)
    return 1 if newer else 0


def differing(here: LocalBall, there: RemoteBall, way: Way, mirror: bool) -> list[Found]:
    """What to do about a ball that both have."""
    if there.sha256 != here.sha256:
        if there.sha256 is not None:
            side = loser(here, there, way, mirror)
            return _allowed({side: (Act.REPLACE, REPLACED if side else "")}, way)
        if there.size != here.size:
            return [(Act.KEEP, 1, UNKNOWN)]
    found: dict[int, tuple[Act, str]] = {}
    mine, theirs = told(here, there)
    if mine != theirs:
        found[loser(here, there, way, mirror)] = (Act.UPDATE, "")
    if here.disabled != there.is_disabled:
        side = 1 if here.disabled else 0  # a flag is for ever: it spreads
        why = DISABLED
        if mirror and side != (1 if way is Way.TO else 0):
            side, why = 1 - side, UNFLAGGED if way is Way.FROM else STUCK
        found[side] = (Act.KEEP if why == STUCK and side not in found else Act.UPDATE, why)
    return _allowed(found, way)


def _allowed(found: dict[int, tuple[Act, str]], way: Way) -> list[Found]:
    sides = {Way.BOTH: (0, 1), Way.TO: (1,), Way.FROM: (0,)}[way]
    done = [(act, side, why) for side, (act, why) in sorted(found.items()) if side in sides]
    if found and not done:
        [(side, (_, why)), *_] = found.items()
        return [(Act.KEEP, side, why if why == DISABLED else OLDER)]
    return done


def only_here(id: str, title: str, size: int, wish: Wish, why: str = "") -> Iterator[Step]:
    """``why``: it is not sent; empty if it is."""
    if wish.way is Way.FROM:
        if wish.mirror:
            yield Step(id, Act.TRASH, 0, title)
    elif why:
        yield Step(id, Act.KEEP, 1, title, why=why)
    else:
        yield Step(id, Act.COPY, 1, title, size)


def only_there(id: str, title: str, size: int, wish: Wish, why: str = "") -> Iterator[Step]:
    """``why``: it does not come; empty if it does."""
    if wish.way is Way.TO:
        if wish.mirror:
            yield Step(id, Act.TRASH, 1, title, size, FOR_GOOD)
    elif why and not wish.mirror:
        yield Step(id, Act.KEEP, 0, title, why=why)
    else:
        yield Step(id, Act.COPY, 0, title, size)
