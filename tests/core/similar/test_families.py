"""Segments that many items share are families, and no duplicates."""

import pytest

from tests.core.similar.library_of import check, fill, pairs
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar.records import FamilyMember
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation, Tier


def test_an_intro_of_three_items_is_a_family(library: Library) -> None:
    fill(library, "i:0-3 a:0-9", "i:0-3 b:0-9")
    check(library)
    assert library.families() == [], "two items may just overlap"
    assert len(library.matches()) == 1
    fill(library, "i:0-3 c:0-9", "a:2-7")
    check(library)
    (family,) = library.families()
    assert family.seconds == 3.0
    assert {member.item.name for member in family.members if member.item} == {
        "i:0-3 a:0-9", "i:0-3 b:0-9", "i:0-3 c:0-9",
    }  # fmt: skip
    assert {(member.start, member.end) for member in family.members} == {(0.0, 3.0)}
    assert pairs(library) == {("a:2-7", "i:0-3 a:0-9")}
    assert len(pairs(library, shared=True)) == 4
    assert library.match_counts()[Relation.SHARED, Tier.CERTAIN] == 3
    assert len(library.matches(relation=Relation.SHARED)) == 3


def test_a_shared_segment_may_be_anywhere(library: Library) -> None:
    fill(library, "a:0-9 i:0-3", "b:0-4 i:0-3 b:5-9", "i:0-3 c:0-9")
    check(library)
    (family,) = library.families()
    assert {(member.start, member.end) for member in family.members} == {
        (9.0, 12.0), (4.0, 7.0), (0.0, 3.0),
    }  # fmt: skip


def test_excerpts_that_overlap_are_no_family(library: Library) -> None:
    fill(library, *(f"a:{start}-{start + 9}" for start in range(6)))
    check(library)
    assert library.families() == []
    assert len(library.matches()) == 15


def test_items_that_share_more_than_an_intro_match(library: Library) -> None:
    fill(library, "i:0-3 a:0-9", "i:0-3 b:0-9", "i:0-3 c:0-9", "i:0-3 a:0-8")
    check(library)
    assert len(library.families()) == 1
    assert pairs(library) == {("i:0-3 a:0-8", "i:0-3 a:0-9")}


def test_a_family_keeps_its_name_and_grows(library: Library) -> None:
    fill(library, "i:0-3 a:0-9", "i:0-3 b:0-9", "i:0-3 c:0-9")
    check(library)
    (family,) = library.families()
    library.rename_family(family.id, " The bell ")
    fill(library, "i:0-3 d:0-9")
    check(library)
    library.rescan()
    check(library)
    (grown,) = library.families()
    assert (grown.id, grown.name, len(grown.members)) == (family.id, "The bell", 4)
    for id, name, problem in ((99, "x", "no longer"), (grown.id, " ", "empty")):
        with pytest.raises(UserError, match=problem):
            library.rename_family(id, name)


def test_members_in_the_trash_are_named_by_their_content(library: Library) -> None:
    ids = fill(library, "i:0-3 a:0-9", "i:0-3 b:0-9", "i:0-3 c:0-9")
    check(library)
    library.remove(ids[:1])
    (family,) = library.families()
    assert [member for member in family.members if member.item is None] == [
        FamilyMember(b"i:0-3 a:0-9".hex().ljust(64, "0"), 0.0, 3.0, None)
    ]


def test_a_family_that_is_not_found_again_goes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library, "i:0-3 a:0-9", "i:0-3 b:0-9", "i:0-3 c:0-9")
    check(library)
    monkeypatch.setattr("tests.core.similar.world.match", lambda a, b: None)
    library.rescan()
    check(library)
    assert library.families() == []
