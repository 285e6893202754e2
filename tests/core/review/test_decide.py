"""Keeping one and removing others: what is merged, what is asked first, and taking it back."""

from typing import Any

import pytest

from tests.core.similar.library_of import check, fill
from vidcache_gui.core import rows
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Bookmark
from vidcache_gui.core.review.records import MergeRules, ReviewFilter, Warned
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation, Tier


def known(library: Library, item: int, source: str) -> None:
    with library._database.write():
        rows.remember_source(item, source, "path")
        rows.reindex_text([item])


@pytest.fixture
def two(library: Library) -> tuple[int, int]:
    """A film, and an excerpt of it that is worth something."""
    (film,) = fill(library, "a:0-9", duration=9.0, frame_count=90, meta={"title": "Film"})
    (part,) = fill(
        library, "a:3-6", duration=3.0, frame_count=30, size=500, bucket="clips",
        meta={"title": "Part", "place": "Porto"},
    )  # fmt: skip
    known(library, film, "/films/film.mp4")
    known(library, part, "/clips/part.mp4")
    library.tag([film], add=["kept"])
    library.tag([part], add=["kept", "beach"])
    library.bookmark(film, 40, "waves")
    library.bookmark(part, 5, "a gull")
    library.bookmark(part, 10, "foam")
    check(library)
    return film, part


def all_of(library: Library, ids: tuple[int, ...]) -> list[Any]:
    return [library.details(id) for id in ids]


def test_what_is_worth_keeping_goes_along(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    before = all_of(library, two)
    plan = library.plan_keep(film, [part])
    assert plan.add_tags == ("beach",)
    assert [alias.source for alias in plan.add_aliases] == ["/clips/part.mp4"]
    assert [(one.key, one.old, one.new) for one in plan.meta_changes] == [("place", None, "Porto")]
    assert plan.bookmarks_added == (Bookmark(35, "a gull"), Bookmark(40, "waves · foam"))
    assert (plan.frees, plan.warnings) == (500, ())
    assert "500 bytes" in plan.frees_note
    assert all_of(library, two) == before, "a plan does nothing"
    changes = library.keep(film, [part])
    assert changes.removed == (part,)
    assert changes.label == "Keep 'a:0-9', remove 'a:3-6'"
    details = library.details(film)
    assert details.item.tags == ("beach", "kept")
    assert details.meta == {"title": "Film", "place": "Porto"}
    assert [mark.frame for mark in details.bookmarks] == [35, 40]
    assert library.resolve("/clips/part.mp4") == details.item
    assert library.matches() == []
    library.undo()
    assert all_of(library, two) == before
    assert library.resolve("/clips/part.mp4") == before[1].item


def test_what_is_merged_can_be_chosen(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    nothing = MergeRules(tags=False, aliases=False, meta="keep", bookmarks=False)
    library.set_merge_rules(nothing)
    assert library.merge_rules() == nothing
    plan = library.plan_keep(film, [part])
    taken = (plan.add_tags, plan.add_aliases, plan.meta_changes, plan.bookmarks_added)
    assert taken == ((), (), (), ())
    all_ = MergeRules(meta="newest", name=True, bucket=True)
    library.keep(film, [part], all_)
    details = library.details(film)
    assert details.meta == {"title": "Part", "place": "Porto"}
    assert (details.item.name, details.item.bucket) == ("a:3-6", "clips")
    with pytest.raises(UserError, match="'fill', 'keep' or 'newest'"):
        library.set_merge_rules(MergeRules(meta="all"))  # type: ignore[arg-type]


def test_nothing_is_lost_without_a_word(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    before = all_of(library, two)
    library.protect_bucket("videos")
    assert library.protected_buckets() == ["videos"]
    plan = library.plan_keep(part, [film])
    assert [one.kind for one in plan.warnings] == [Warned.PROTECTED, Warned.LAST_COPY]
    assert "0:00 to 0:03, 0:06 to 0:09" in plan.warnings[1].text
    with pytest.raises(UserError, match=r"protected bucket 'videos'.*last copy.*Nothing was"):
        library.keep(part, [film])
    with pytest.raises(UserError, match="last copy"):
        library.keep(part, [film], despite=[Warned.PROTECTED])
    assert all_of(library, two) == before
    library.protect_bucket("videos", False)
    assert library.keep(part, [film], despite=[Warned.LAST_COPY]).removed == (film,)
    assert [mark.frame for mark in library.bookmarks(part)] == [5, 10]


def test_other_copies_count(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    fill(library, "a:0-4", duration=4.0)
    fill(library, "a:4-9", duration=5.0)
    check(library)
    assert library.plan_keep(part, [film]).warnings == ()
    (stranger,) = fill(library, "z:0-3", duration=3.0)
    (warning,) = library.plan_keep(stranger, [part]).warnings
    assert warning.kind is Warned.LAST_COPY
    assert warning.text == "Nothing says that 'z:0-3' shows what 'a:3-6' shows."


def test_what_makes_no_sense_is_refused(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    for keep, drop, why in (
        (film, [], "nothing to remove"),
        (film, [film], "both stay and go"),
        (film, [999], "no longer in the library"),
    ):
        with pytest.raises(UserError, match=why):
            library.keep(keep, drop)
    library.remove([part])
    with pytest.raises(UserError, match="in the trash already"):
        library.keep(film, [part])
    with pytest.raises(UserError, match="Restore it"):
        library.keep(part, [film])


def test_taken_back_in_any_order(library: Library) -> None:
    ids = fill(library, "a:0-9", "a:1-8", "a:2-7", duration=9.0, frame_count=90)
    for id, tag in zip(ids, "xyz", strict=True):
        library.tag([id], add=[tag])
        library.set_meta(id, {tag: 1})
        library.bookmark(id, 30, tag)
    check(library)
    before = all_of(library, tuple(ids))
    library.keep(ids[0], [ids[1]])
    library.keep(ids[0], [ids[2]])
    second, first = library.history(2)
    library.undo_entry(first.id)
    details = library.details(ids[0])
    assert details.item.tags == ("x", "z")
    assert details.meta == {"x": 1, "z": 1}
    assert library.details(ids[1]) == before[1]
    with pytest.raises(UserError, match="undone already"):
        library.undo_entry(first.id)
    library.undo_entry(second.id)
    assert all_of(library, tuple(ids)) == before
    library.redo_entry(second.id)
    library.redo_entry(first.id)
    assert library.details(ids[0]).item.tags == ("x", "y", "z")
    for entry in library.history():
        library.undo_entry(entry.id)
    assert library.details(ids[0]).meta is None
    assert library.details(ids[0]).bookmarks == ()


def test_what_was_changed_again_is_left_and_said(library: Library) -> None:
    (one,) = fill(library, "a:0-9")
    library.rename(one, "first")
    library.rename(one, "second")
    second, first = library.history(2)
    changes = library.undo_entry(first.id)
    assert "the name of 'second'" in changes.note
    assert library.items([one])[0].name == "second"
    assert library.undo_entry(second.id).note == ""
    assert library.items([one])[0].name == "a:0-9"
    library.redo_entry(first.id)
    assert library.items([one])[0].name == "first"
    with pytest.raises(UserError, match="not undone"):
        library.redo_entry(first.id)
    with pytest.raises(UserError, match="not in the history"):
        library.undo_entry(999)


def test_a_new_change_ends_redo_but_nothing_is_forgotten(library: Library) -> None:
    (one,) = fill(library, "a:0-9")
    library.rename(one, "first")
    library.undo()
    assert library.history()[0].next_redo
    library.tag([one], add=["x"])
    (tag, rename) = library.history()
    assert (tag.undone, rename.undone, rename.next_redo) == (False, True, False)
    with pytest.raises(UserError, match="nothing to redo"):
        library.redo()
    library.redo_entry(rename.id)
    assert library.items([one])[0].name == "first"


def test_what_cannot_be_undone_says_so(library: Library, two: tuple[int, int]) -> None:
    film, part = two
    library.remove([film, part])
    library.empty_trash()
    assert not any(entry.possible for entry in library.history())
    with pytest.raises(UserError, match="deleted when the trash was emptied"):
        library.undo_entry(library.history()[0].id)


def test_the_queue_goes_down_and_up_again(library: Library) -> None:
    ids = fill(library, "a:0-9", "a:0-9 ", "a:2-7", "b:0-4", "b:0-4 ", "b:8-9 c:0-9", "c:5-9 d:0-9")
    with library._database.write() as db:  # as long as they say
        for id, length in zip(ids, (9, 9, 5, 4, 4, 10, 13), strict=True):
            db.execute_sql("UPDATE item SET length = ? WHERE id = ?", (length, id))
    check(library)
    groups = library.review_groups()
    assert [(group.relation, len(group.members)) for group in groups] == [
        (Relation.RE_ENCODE, 1), (Relation.RE_ENCODE, 1), (Relation.CONTAINS, 1),
        (Relation.OVERLAP, 1),
    ]  # fmt: skip
    assert library.review_progress().left == 4
    assert library.review_groups(after=groups[0].place) == groups[1:]
    assert library.review_groups(ReviewFilter(tier=Tier.LIKELY)) == []
    overlaps = library.review_groups(ReviewFilter(relation=Relation.OVERLAP))
    assert overlaps == groups[3:]
    (film,) = library.review_groups(ReviewFilter(relation=Relation.CONTAINS))
    assert [item.name for item in film.items] in (["a:0-9", "a:2-7"], ["a:0-9 ", "a:2-7"])
    assert len(library.review_groups(ReviewFilter(same_length=True))) == 2
    assert library.review_progress(ReviewFilter(same_length=True)).left == 2
    assert library.review_groups(ReviewFilter(text="d 0")) == groups[3:]
    assert library.review_groups(ReviewFilter(bucket="elsewhere")) == []
    known(library, ids[4], "https://example.org/b.mp4")
    (found,) = library.review_groups(ReviewFilter(source="EXAMPLE.org"))
    assert {item.id for item in found.items} == {ids[3], ids[4]}

    library.skip(groups[0].key)
    assert [g.key for g in library.review_groups()] == [g.key for g in (*groups[1:], groups[0])]
    assert library.review_progress().skipped == 1
    assert library.review_groups()[-1].skipped
    library.undo()
    assert library.review_groups() == groups
    library.skip(groups[0].key)
    library.unskip(groups[0].key)
    assert library.review_groups() == groups
    with pytest.raises(UserError, match="not skipped"):
        library.unskip(groups[0].key)

    for group in groups:
        assert library.review_group(group.key) == group
    library.keep(groups[0].keeper.id, [one.item_b.id for one in groups[0].members])
    assert library.review_groups() == groups[1:]
    assert library.review_group(groups[0].key) is None
    with pytest.raises(UserError, match="decided"):
        library.skip(groups[0].key)
    a, b = (item.id for item in groups[2].items)
    library.link(b, a)
    progress = library.review_progress()
    assert (progress.left, progress.decided, progress.total) == (2, 2, 4)
    assert library.decisions()[0].verdict is Verdict.LINKED
    for group in (groups[1], groups[3]):
        library.not_a_match(*(item.id for item in group.items))
    assert library.review_groups() == []
    for _ in range(4):
        library.undo()
    assert library.review_groups() == groups
    assert library.review_progress().decided == 0
