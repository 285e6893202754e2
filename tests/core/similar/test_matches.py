"""Lists of matches: pages, counts, the trash, groups, tiers, questions about one item."""

import re
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.core.similar.library_of import check, fill, pairs
from tests.core.similar.world import World
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar import found
from vidcache_gui.core.similar.looker import outcome
from vidcache_gui.core.similar.records import FoundMatch, Place, TierLimits, Verdict
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.matching.records import (
    Evidence,
    Match,
    Relation,
    Segment,
    Tier,
    Transform,
)

RELATIONS = [Relation.RE_ENCODE, Relation.CONTAINS, Relation.OVERLAP, Relation.SHARED]


def plant(library: Library, count: int) -> list[int]:
    """Every pair of some items matches, in all relations and tiers and with equal scores."""
    ids = fill(library, *(f"{number:03}" for number in range(count)))
    hashes = [item.hash for item in library.items(ids)]
    tiers = list(Tier)
    with library._database.write():
        for n, one in enumerate(hashes):
            found.write(
                one,
                [
                    (
                        other,
                        Match(RELATIONS[m % 4], tiers[(n + m) % 3], n * m % 5 / 4, (), 0.5, 1),
                    )
                    for m, other in enumerate(hashes[:n])
                ],
            )
    return ids


def everything(library: Library, limit: int, **options: object) -> list[FoundMatch]:
    found_: list[FoundMatch] = []
    after = None
    while page := library.matches(after=after, limit=limit, **options):  # type: ignore[arg-type]
        found_ += page
        after = library.place_of(page[-1])
    return found_


def test_pages_are_the_whole_list_once_and_sorted(library: Library) -> None:
    ids = plant(library, 12)
    whole = library.matches(shared=True, limit=1000)
    assert len(whole) == 66
    keys = [(list(Tier).index(one.match.tier), -one.match.score, one.id) for one in whole]
    assert keys == sorted(keys)
    for options in (
        {"shared": True}, {}, {"tier": Tier.LIKELY}, {"relation": Relation.SHARED},
        {"relation": Relation.OVERLAP, "tier": Tier.LOOK}, {"item": ids[3], "shared": True},
        {"decided": True, "shared": True},
    ):  # fmt: skip
        once = library.matches(limit=1000, **options)  # type: ignore[arg-type]
        assert once
        assert everything(library, 5, **options) == once


def test_pages_are_read_from_an_index(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page costs what it shows, however many matches there are."""
    options: list[dict[str, Any]] = [
        {}, {"tier": Tier.LIKELY}, {"shared": True}, {"decided": True},
        {"relation": Relation.OVERLAP}, {"relation": Relation.OVERLAP, "tier": Tier.LOOK},
    ]  # fmt: skip
    asked: list[tuple[str, tuple[Any, ...]]] = []
    with library._database.read() as db:
        execute = db.execute_sql

        def listen(sql: str, params: Any = ()) -> Any:
            asked.append((sql, tuple(params or ())))
            return execute(sql, params)

        monkeypatch.setattr(db, "execute_sql", listen)
        for option in options:
            library.matches(after=Place("certain", 0.5, 7), **option)
        library.match_counts()
        monkeypatch.undo()
        plans = [
            [step[3] for step in execute(f"EXPLAIN QUERY PLAN {sql}", params)]
            for sql, params in asked
            if '"match"' in sql
        ]
    assert len(plans) == len(options) + 1
    for plan in plans:
        assert len(plan) == 1, "nothing is sorted and nothing joined"
        assert re.search("INDEX match_(open|open_relation|shown)", plan[0]), plan


def test_counts_are_of_open_matches(library: Library) -> None:
    ids = plant(library, 12)
    counts = library.match_counts()
    assert sum(counts.values()) == 66
    for (relation, tier), count in counts.items():
        assert len(library.matches(relation=relation, tier=tier)) == count
    library.mark(ids[0], ids[1], Verdict.KEEP_BOTH)
    library.remove([ids[2]])
    assert sum(library.match_counts().values()) == 66 - 1 - 11


def test_what_is_in_the_trash_is_not_listed_and_comes_back(library: Library) -> None:
    ids = fill(library, "a:0-9", "a:3-6", "a:4-8")
    check(library)
    before = library.matches()
    library.remove(ids[:1])
    assert pairs(library) == {("a:3-6", "a:4-8")}
    assert library.matches(item=ids[0]) == []
    library.undo()
    assert library.matches() == before
    library.remove(ids)
    library.restore(ids[1:])
    assert pairs(library) == {("a:3-6", "a:4-8")}


def test_the_item_asked_about_comes_first(library: Library) -> None:
    ids = fill(library, "a:0-9", "a:3-6")
    check(library)
    for id, span in ((ids[0], (3.0, 6.0, 0.0, 3.0)), (ids[1], (0.0, 3.0, 3.0, 6.0))):
        (one,) = library.matches(item=id)
        assert one.item_a.id == id
        segment = one.match.segments[0]
        assert (segment.a0, segment.a1, segment.b0, segment.b1) == span
        assert one.match.coverage_a == (1.0 if id == ids[1] else 1 / 3)
        assert [e.time_a - e.time_b for e in segment.evidence] == [segment.a0 - segment.b0]
    assert library.matches(item=999) == []


def test_limits_sort_anew_and_compare_nothing(library: Library, world: World) -> None:
    fill(library, "a:0-9", "a:3-6", "b:0-4", "b:0-4 c:0-1")
    check(library)
    compared = world.compared
    assert set(library.match_counts()) == {(Relation.CONTAINS, Tier.CERTAIN)}
    library.set_tier_limits(TierLimits(certain=0.7, likely=0.5))
    assert library.tier_limits() == TierLimits(0.7, 0.5)
    assert library.match_counts() == {
        (Relation.CONTAINS, Tier.CERTAIN): 1, (Relation.CONTAINS, Tier.LOOK): 1,
    }  # fmt: skip
    fill(library, "b:1-4")
    check(library)
    tiers = {one.item_b.name: one.match.tier for one in library.matches(item=3)}
    assert tiers["b:1-4"] is Tier.CERTAIN
    library.set_tier_limits(TierLimits())
    assert {tier for _, tier in library.match_counts()} == {Tier.CERTAIN}
    assert world.compared == compared + 1
    with pytest.raises(UserError, match="between 0 and 1"):
        library.set_tier_limits(TierLimits(certain=2.0))


def test_similar_to_an_item(library: Library, world: World) -> None:
    ids = fill(library, "a:0-9", "a:3-6", "a:4-8", "b:0-9")
    hits = library.similar_to(ids[0])
    assert hits == [], "nothing else has been looked at"
    check(library)
    hits = library.similar_to(ids[0])
    assert [hit.item.name for hit in hits] == ["a:4-8", "a:3-6"]
    assert hits[0].match.segments[0].a0 == 4.0
    library.mark(ids[0], ids[2], Verdict.NOT_A_MATCH)
    library.remove(ids[1:2])
    assert library.similar_to(ids[0]) == []
    world.broken.add("c:0-1")
    (broken,) = fill(library, "c:0-1")
    with pytest.raises(UserError, match="could not be read"):
        library.similar_to(broken)
    with pytest.raises(UserError, match="no longer"):
        library.similar_to(999)


def test_similar_to_a_file_that_never_was_here(
    library: Library, world: World, tmp_path: Path
) -> None:
    world.streams["a:0-9"] = world.streams["a:0-9 remux.mkv"] = "packets"
    fill(library, "a:0-9", "a:3-6")
    check(library)
    file = tmp_path / "a:5-8.mp4"
    file.write_bytes(b"some footage")
    hits = library.similar_to_file(file)
    assert [(hit.item.name, hit.match.relation) for hit in hits] == [
        ("a:0-9", Relation.CONTAINS), ("a:3-6", Relation.OVERLAP),
    ]  # fmt: skip
    assert library.stats().items == 2
    remux = tmp_path / "a:0-9 remux.mkv"
    remux.write_bytes(b"the same packets")
    best = library.similar_to_file(remux)[0]
    assert (best.item.name, best.match.relation) == ("a:0-9", Relation.SAME_STREAM)
    with pytest.raises(UserError):
        library.similar_to_file(tmp_path / "nowhere.mp4")
    with pytest.raises(UserError, match="not a picture"):
        library.similar_to_picture(b"text")


def test_a_search_ends_soon_when_it_is_to_stop(
    library: Library, world: World, tmp_path: Path
) -> None:
    (one, *_) = fill(library, "a:0-9", "a:3-6", "b:0-5")
    check(library)
    library.rescan()
    file = tmp_path / "a:2-8"
    file.write_text("anything")
    for ask in (library.similar_to_file, library.similar_to):
        stop = CancelToken()
        world.on_find = stop.cancel
        with pytest.raises(Cancelled):
            ask(file if ask == library.similar_to_file else one, stop=stop)
        world.on_find = lambda: None
    assert {hit.item.name for hit in library.similar_to_file(file)} == {"a:0-9", "a:3-6"}
    check(library)
    assert len(library.matches()) == 1


def test_nobody_waits_for_a_worker_any_more() -> None:
    stop, queued = CancelToken(), Future[object]()
    stop.cancel()
    with pytest.raises(Cancelled):
        outcome(queued, stop)
    assert queued.cancelled()


def test_the_same_packets_are_certain(library: Library, world: World) -> None:
    world.streams = {"a:0-9": "one", "x:0-1": "one"}
    fill(library, "a:0-9", "x:0-1")
    check(library)
    (one,) = library.matches()
    assert (one.match.relation, one.match.tier, one.match.score) == (
        Relation.SAME_STREAM, Tier.CERTAIN, 1.0,
    )  # fmt: skip


def test_a_match_comes_back_as_it_was_written(library: Library) -> None:
    one, two = fill(library, "a:0-9", "b:0-9")
    items = {item.id: item for item in library.items([one, two])}
    turned = Transform(True, 90, (0.1, 0.2, 0.9, 1.0), (0.0, 0.25, 0.5, 0.75))
    written = Match(
        Relation.OVERLAP, Tier.LIKELY, 0.75,
        (Segment(1.0, 3.0, 9.5, 5.5, turned, 21.5, 0.875, (Evidence(1.5, 8.5, 20),)),),
        0.25, 0.5, ("One reason.", "Another."),
    )  # fmt: skip
    with library._database.write():
        found.write(items[one].hash, [(items[two].hash, written)])
    (seen,) = library.matches(item=one)
    assert seen.match == written
    (other,) = library.matches(item=two)
    assert other.match.segments[0].a1 == 9.5
    assert other.match.segments[0].speed == -2.0
