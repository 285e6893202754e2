"""Frozen values about reviewing that leave the core. Sizes are bytes, durations seconds."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from vidcache_gui.core.records import Alias, Bookmark, Item
from vidcache_gui.core.similar.records import FoundMatch
from vidcache_gui.matching.records import Relation, Tier


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which groups are listed: those with a match that fits all of it; only those are shown.

    ``same_length``: lengths at most 1 % apart. ``source``: a part of an address or path that
    one of the two came from. ``text``: as typed in the search box (``kind:gif beach``), about
    one of the two. Shared segments are listed only when asked for by ``relation``.
    """

    relation: Relation | None = None
    tier: Tier | None = None
    bucket: str | None = None
    same_length: bool = False
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where a page of groups ends; hand it back to get the next one."""

    skipped_at: int
    lane: str
    relation: int
    doubt: float
    keeper: str


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Items to decide about together: one, and what matches that very one.

    ``members``: one match per other item, which is its ``item_b`` (``keeper`` is ``item_a``),
    surest first. The keeper is the longest, then largest: what the group is listed under, not
    a verdict. All matches are of one tier; ``relation`` is that of the surest. ``frees``: what
    emptying the trash would free if only the keeper stayed.
    """

    key: str  # made of the keeper's content: stays when items are removed and come back
    keeper: Item
    members: tuple[FoundMatch, ...]
    relation: Relation
    tier: Tier
    frees: int
    skipped: bool
    place: GroupPlace

    @property
    def items(self) -> tuple[Item, ...]:
        return self.keeper, *(one.item_b for one in self.members)


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far the queue is. ``left``: groups that the filter shows, skipped ones among them.
    ``decided``: groups that decisions and rules have settled, in all, undone ones not counted.
    ``frees``: about what could be freed by what is left."""

    left: int
    decided: int
    skipped: int
    frees: int

    @property
    def total(self) -> int:
        return self.left + self.decided


Meta = Literal["fill", "keep", "newest"]


@dataclass(frozen=True, slots=True)
class MergeRules:
    """What the item that stays takes over from those that go.

    ``aliases``: the places they came from, so that these are known afterwards. ``meta``:
    ``fill`` takes what it lacks itself, ``newest`` prefers what came in last, ``keep`` takes
    nothing. ``bookmarks``: at the frames that show the same. ``name``, ``bucket``: of the
    first one that goes.
    """

    tags: bool = True
    aliases: bool = True
    meta: Meta = "fill"
    bookmarks: bool = True
    name: bool = False
    bucket: bool = False


class Warned(StrEnum):
    """What somebody has to say yes to before items go; see ``Library.keep(despite=…)``."""

    LAST_COPY = "last copy"  # some of its seconds are nowhere else
    PROTECTED = "protected bucket"
    DAMAGED = "damaged"  # the one that stays is damaged, and one that goes is not
    FREES_NOTHING = "frees nothing"  # its bytes belong to others too; for information only


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning about one item. ``blocks``: :meth:`Library.keep` refuses unless it is named."""

    kind: Warned
    item_id: int
    text: str  # a sentence

    @property
    def blocks(self) -> bool:
        return self.kind is not Warned.FREES_NOTHING


@dataclass(frozen=True, slots=True)
class MetaChange:
    key: str
    old: Any  # None: there was none
    new: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """What keeping one item and removing others would do; nothing is done yet.

    ``name``, ``bucket``, ``prefix``: new ones of the item that stays, or None. ``notes``:
    sentences about what stays with the items that go. ``frees_note``: what is freed, and when.
    """

    keep: Item
    drop: tuple[Item, ...]
    add_tags: tuple[str, ...] = ()
    add_aliases: tuple[Alias, ...] = ()
    meta_changes: tuple[MetaChange, ...] = ()
    bookmarks_added: tuple[Bookmark, ...] = ()
    name: str | None = None
    bucket: str | None = None
    prefix: str | None = None
    frees: int = 0
    frees_note: str = ""
    warnings: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[Caution, ...]:
        return tuple(one for one in self.warnings if one.blocks)


@dataclass(frozen=True, slots=True)
class Rule:
    """Decides about certain matches without anybody looking.

    ``relations``: of these only. ``same_length_percent``: only when lengths differ by no more.
    ``keep``: what makes an item the one that stays, most important first; see
    :data:`core.review.better.CRITERIA`. Where nothing of it tells two items apart, both stay.
    ``on_arrival``: also acts on what comes in, as soon as it is compared.
    """

    name: str
    relations: frozenset[Relation] = frozenset({Relation.SAME_STREAM, Relation.RE_ENCODE})
    same_length_percent: float | None = 1.0
    keep: tuple[str, ...] = ("undamaged", "true resolution", "bit rate", "length")
    merge: MergeRules = field(default_factory=MergeRules)
    on_arrival: bool = False


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What a rule would do. ``passed_over``: how many pairs it leaves, by the reason."""

    rule: Rule
    acts: tuple[Plan, ...]
    passed_over: tuple[tuple[str, int], ...]
    groups: int  # that were looked at

    @property
    def removes(self) -> int:
        return sum(len(plan.drop) for plan in self.acts)

    @property
    def frees(self) -> int:
        return sum(plan.frees for plan in self.acts)
