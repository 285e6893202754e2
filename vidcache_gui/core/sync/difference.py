"""Finding which entries differ, from the top of the tree of digests down."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.ledger import DEPTH, Node

FEW = 24  # entries below a prefix: cheaper listed than looked at digit by digit
AT_ONCE = 256  # prefixes in one question


class Summed(Protocol):
    """What can say what it holds without listing it."""

    def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]: ...

    def entries(self, prefixes: Sequence[str]) -> Mapping[str, str]: ...


def differing(one: Summed, other: Summed, stop: CancelToken) -> Iterator[list[str]]:
    """Ids of entries that are on one side only or not the same on both, some at a time."""
    waiting = [""]
    while waiting:
        listed: list[str] = []
        deeper: list[str] = []
        for some in _parts(waiting):
            stop.check()
            mine, theirs = one.nodes(some), other.nodes(some)
            for prefix in sorted({*mine, *theirs}):
                here, there = mine.get(prefix), theirs.get(prefix)
                if here == there:
                    continue
                most = max(here.held if here else 0, there.held if there else 0)
                (listed if most <= FEW or len(prefix) >= DEPTH else deeper).append(prefix)
        for some in _parts(listed):
            stop.check()
            held, holding = one.entries(some), other.entries(some)
            ids = {*held, *holding}
            yield sorted(id for id in ids if held.get(id) != holding.get(id))
        waiting = deeper


def _parts(prefixes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(prefixes), AT_ONCE):
        yield prefixes[start : start + AT_ONCE]
