"""Matches as the command line shows them."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vidcache_gui.core.similar.words import segment
from vidcache_gui.matching.records import Match

if TYPE_CHECKING:
    from vidcache_gui.core.records import Item
    from vidcache_gui.core.similar.records import FoundMatch, SimilarItem


def match_record(match: Match) -> dict[str, Any]:
    """The keys of docs/cli.md. Speed is added to what a segment holds."""
    values = asdict(match)
    for one, shown in zip(match.segments, values["segments"], strict=True):
        shown["speed"] = one.speed
    return values | {"segments": list(values["segments"]), "reasons": list(match.reasons)}


def item_name(item: "Item") -> dict[str, Any]:
    return {"id": item.id, "hash": item.hash, "name": item.name, "kind": item.kind.value}


def found_record(found: "FoundMatch") -> dict[str, Any]:
    verdict = found.decision.verdict.value if found.decision is not None else None
    return {
        "id": found.id, "a": item_name(found.item_a), "b": item_name(found.item_b),
        "decision": verdict, **match_record(found.match),
    }  # fmt: skip


def found_cells(found: "FoundMatch") -> tuple[str, ...]:
    match = found.match
    both = f"#{found.item_a.id} {found.item_a.name}  =  #{found.item_b.id} {found.item_b.name}"
    said = f"  [{found.decision.verdict.value}]" if found.decision is not None else ""
    where = f"  {segment(match.segments[0])}" if match.segments else ""
    return match.tier.value, match.relation.value, f"{match.score:.2f}", both + said + where


def similar_record(similar: "SimilarItem") -> dict[str, Any]:
    return {"item": item_name(similar.item), **match_record(similar.match)}


def similar_cells(similar: "SimilarItem") -> tuple[str, ...]:
    match = similar.match
    where = f"  {segment(match.segments[0])}" if match.segments else ""
    name = f"#{similar.item.id} {similar.item.name}{where}"
    return match.tier.value, match.relation.value, f"{match.score:.2f}", name


def match_lines(match: Match) -> Iterator[str]:
    """A match in words: what, how sure, why, and which seconds are which."""
    yield f"{match.relation.value}, {match.tier.value}, score {match.score:.2f}"
    yield (
        f"{match.coverage_a:.0%} of the first and {match.coverage_b:.0%} of the second are the same"
    )
    for one in match.segments:
        yield f"  {segment(one)}"
    yield from match.reasons
