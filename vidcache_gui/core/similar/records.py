"""Frozen values about same footage that leave the core."""

from dataclasses import dataclass, field
from enum import StrEnum

from vidcache_gui.core.records import Item
from vidcache_gui.matching.records import Match


class Verdict(StrEnum):
    """What a person said of two items."""

    NOT_A_MATCH = "not a match"  # they do not show the same: never propose it again
    KEEP_BOTH = "keep both"  # they do, and both stay
    LINKED = "linked"  # one is a part of the other, and both stay


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on two contents, by content hash: it outlives the items."""

    hash_a: str  # the smaller of the two
    hash_b: str
    verdict: Verdict
    at: int


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """Two items of the library that show the same; ``match`` has their order."""

    id: int
    item_a: Item
    item_b: Item
    match: Match
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of matches ends; hand it back to get the next one."""

    tier: str
    score: float
    id: int


@dataclass(frozen=True, slots=True)
class SimilarItem:
    """An item that shows the same as what was asked about, which is ``a`` of the match."""

    item: Item
    match: Match


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """Where a shared segment is in one content; ``item`` is None for what is not here now."""

    hash: str
    start: float
    end: float
    item: Item | None


@dataclass(frozen=True, slots=True)
class Family:
    """A segment that several items share although their other footage differs: an intro, a title.

    ``seconds``: how long it is.
    """

    id: int
    name: str
    seconds: float
    members: tuple[FamilyMember, ...]


@dataclass(frozen=True, slots=True)
class TierLimits:
    """The least score (0 to 1) a match of a tier may have; below it is one tier less sure."""

    certain: float = 0.0
    likely: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckState:
    """How far the library has been looked through for same footage. Counts are contents.

    ``waiting``: not fingerprinted yet. ``failed``: no pictures could be had from them.
    ``checked``: compared with all others. ``running``: some process is at it now.
    """

    total: int
    fingerprinted: int
    checked: int
    waiting: int
    failed: int
    paused: bool
    running: bool
    current: str = ""  # the name of what is being looked at
    note: str = ""  # a sentence people should know: the search index had to be made again
    order: int = field(default=0, compare=False)  # in one process, more is what was so later

    @property
    def done(self) -> bool:
        return self.waiting == 0 and self.checked == self.fingerprinted


@dataclass(frozen=True, slots=True)
class Answer:
    """What the comparison says about an item that just came in."""

    phash_distance: int | None = None  # bits of 64 to the best match
    duplicate_of: str | None = None  # content hash of the best certain or likely match
    look_alike: str | None = None  # "Looks like 'x.mp4': the same from 0:03 to 0:09."
    remembered: str | None = None  # "It was deleted on 21 November 2026 as 'x.mp4'."
