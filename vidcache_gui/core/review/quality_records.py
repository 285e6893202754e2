"""Frozen values about which of two items is the better one."""

from dataclasses import dataclass
from typing import Any, Literal

from vidcache_gui.core.records import Alias, Item

Better = Literal["a", "b", ""]  # "": neither


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table of what differs.

    ``a``, ``b``: the values, for people ("270 lines", "not measured"). ``why``: a sentence
    that says what is better, empty where neither is.
    """

    label: str
    a: str
    b: str
    better: Better = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which of two items to keep. ``reasons``: sentences, the weightiest first. ``against``:
    what the other one has all the same. ``near_tie``: what was found hardly tells them apart.
    ``margin``: by how much it is better, 1.0 being what a person just notices.
    """

    keep: Literal["a", "b"]
    reasons: tuple[str, ...]
    near_tie: bool
    against: tuple[str, ...] = ()
    margin: float = 0.0


@dataclass(frozen=True, slots=True)
class FactTable:
    """``measured``: False where their pictures could not be compared, ``note`` says why."""

    a: Item
    b: Item
    rows: tuple[Fact, ...]
    proposal: Proposal
    measured: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """Which of several items to keep, and why rather than the one that comes next."""

    keep: Item
    reasons: tuple[str, ...]
    near_tie: bool
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one item without looking at its pictures."""

    item: Item
    facts: dict[str, Any]  # as ItemDetails.facts
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One thing in which one item is better than the other, and how much it weighs.

    ``label``: the row of the table it belongs to. 1.0 is what a person just notices.
    """

    label: str
    better: Literal["a", "b"]
    weight: float
    why: str
