"""What is known of both items, and where they differ. No widgets."""

from typing import NamedTuple

from vidcache_gui.core.records import Item
from vidcache_gui.gui import words
from vidcache_gui.media.types import Kind


class Fact(NamedTuple):
    """One fact of an item; ``differs`` from the other's, or the other has none."""

    text: str
    differs: bool


def compare_facts(a: Item, b: Item) -> tuple[list[Fact], list[Fact]]:
    """Of A and of B, in the same order; what is unknown is left out."""
    both = list(zip(_facts(a), _facts(b), strict=True))
    return (
        [Fact(of_a, of_a != of_b) for of_a, of_b in both if of_a],
        [Fact(of_b, of_a != of_b) for of_a, of_b in both if of_b],
    )


def _facts(item: Item) -> tuple[str, ...]:
    return (
        f"{item.width} × {item.height}" if item.width else "",
        words.frames(item.frame_count) if item.kind is not Kind.IMAGE else "",
        f"{item.fps:.5g} fps" if item.fps else "",
        words.duration(item.duration),
        item.codec or words.KIND_WORDS[item.kind].lower(),
        words.size(item.size),
    )
