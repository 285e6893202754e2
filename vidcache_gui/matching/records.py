"""What a comparison of two pieces of footage found. Times are seconds, boxes are parts of 1."""

from dataclasses import dataclass
from enum import StrEnum

from vidcache_gui.media.boxes import WHOLE as WHOLE
from vidcache_gui.media.boxes import Box as Box


class Relation(StrEnum):
    """How two items belong together."""

    SAME_STREAM = "same stream"  # the same compressed pictures in another container
    RE_ENCODE = "re-encode"  # both show the same from start to end
    CONTAINS = "contains"  # one is a part of the other
    OVERLAP = "overlap"  # parts of both are the same
    SHARED = "shared segment"  # a title, an intro: in many items, says nothing about them


class Tier(StrEnum):
    """How sure that is."""

    CERTAIN = "certain"  # rules may act on it
    LIKELY = "likely"
    LOOK = "look"  # perhaps only the same scene: somebody has to look


@dataclass(frozen=True, slots=True)
class Transform:
    """What was done to b's picture: to lay it over a's, mirror it, turn it, then fit the boxes.

    ``box_a`` is the part of a's picture that b shows, ``box_b`` the part of b's (mirrored and
    turned) picture in which it shows it.
    """

    mirrored: bool = False  # left and right exchanged, before turning
    rotation: int = 0  # degrees clockwise: 0, 90, 180 or 270
    box_a: Box = WHOLE
    box_b: Box = WHOLE


@dataclass(frozen=True, slots=True)
class Evidence:
    """One pair of pictures that shows the match."""

    time_a: float
    time_b: float
    distance: int  # bits of 256 that differ


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a and the stretch of b that shows the same.

    ``b0`` belongs to ``a0`` and ``b1`` to ``a1``; ``b1 < b0`` where one runs backwards.
    """

    a0: float
    a1: float
    b0: float
    b1: float
    transform: Transform
    distance: float  # mean over the matched pictures, bits of 256
    correlation: float  # of the pictures laid over each other, 0 to 1
    evidence: tuple[Evidence, ...] = ()

    @property
    def speed(self) -> float:
        """Seconds of a that pass in one second of b; negative where b runs backwards."""
        return (self.a1 - self.a0) / (self.b1 - self.b0) if self.b1 != self.b0 else 1.0

    def time_in_b(self, time: float) -> float:
        """Where b shows what a shows at ``time``."""
        if self.a1 == self.a0:
            return self.b0
        return self.b0 + (time - self.a0) * (self.b1 - self.b0) / (self.a1 - self.a0)


@dataclass(frozen=True, slots=True)
class Match:
    """Two items that show the same, where, and how sure it is. Segments: longest first."""

    relation: Relation
    tier: Tier
    score: float  # 0 to 1
    segments: tuple[Segment, ...]
    coverage_a: float  # part of a that b shows, 0 to 1
    coverage_b: float
    reasons: tuple[str, ...] = ()  # sentences for people: why it is this sure


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two items match, or why not; ``steps`` are sentences, in the order they were asked."""

    match: Match | None
    steps: tuple[str, ...]
