"""What people said: undoable, hidden or kept, and true whatever happens to the items."""

import pytest

from tests.core.similar.library_of import check, fill, pairs
from vidcache_gui.core.library import Library
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.errors import UserError


@pytest.fixture
def two(library: Library) -> tuple[int, int]:
    one, two = fill(library, "a:0-9", "a:3-6")
    check(library)
    return one, two


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_decision_hides_the_match_until_it_is_taken_back(
    library: Library, two: tuple[int, int], verdict: Verdict
) -> None:
    seq, _ = library.changes_since(None)
    changes = library.mark(*two, verdict)
    assert changes.matches
    assert set(changes.updated) == set(two)
    assert library.changes_since(seq)[1].matches, "other windows hear of it"
    assert library.matches() == []
    assert library.match_counts() == {}
    (found,) = library.matches(decided=True)
    assert found.decision is not None
    assert found.decision.verdict is verdict
    assert library.history()[0].label == changes.label
    library.undo()
    assert len(library.matches()) == 1
    assert library.decisions() == []
    library.redo()
    assert library.matches() == []
    library.unmark(*two)
    assert len(library.matches()) == 1


def test_changing_ones_mind_is_one_step(library: Library, two: tuple[int, int]) -> None:
    library.mark(*two, Verdict.KEEP_BOTH)
    (first,) = library.decisions()
    library.mark(two[1], two[0], Verdict.NOT_A_MATCH)
    (second,) = library.decisions(item=two[0])
    assert second.verdict is Verdict.NOT_A_MATCH
    assert not library.mark(*two, Verdict.NOT_A_MATCH), "it was said already"
    library.undo()
    assert library.decisions() == [first]


def test_two_can_be_judged_before_anything_was_found(library: Library) -> None:
    one, two = fill(library, "a:0-9", "a:3-6")
    library.mark(one, two, Verdict.NOT_A_MATCH)
    check(library)
    assert library.matches() == []
    assert library.similar_to(one) == []
    library.rescan()
    check(library)
    assert library.matches() == []


def test_a_decision_outlives_its_items(library: Library, two: tuple[int, int]) -> None:
    library.mark(*two, Verdict.NOT_A_MATCH)
    library.remove(two)
    library.empty_trash()
    assert library.matches(decided=True) == []
    assert len(library.decisions()) == 1
    again = fill(library, "a:3-6", "a:0-9")
    check(library)
    assert library.matches() == []
    assert len(library.matches(decided=True)) == 1
    assert len(library.decisions(item=again[0])) == 1
    assert library.decisions(item=999) == []


def test_a_decision_about_deleted_items_can_be_undone(
    library: Library, two: tuple[int, int]
) -> None:
    library.mark(*two, Verdict.NOT_A_MATCH)
    with library._database.write() as db:  # as if the trash had been emptied long ago
        db.execute_sql("DELETE FROM item")
    assert library.undo().matches
    assert library.decisions() == []


def test_only_two_different_contents_can_be_judged(library: Library, two: tuple[int, int]) -> None:
    with pytest.raises(UserError, match="same bytes"):
        library.mark(two[0], two[0], Verdict.KEEP_BOTH)
    with pytest.raises(UserError, match="no longer"):
        library.mark(two[0], 999, Verdict.KEEP_BOTH)


def test_pairs_are_named_in_any_order(library: Library) -> None:
    ids = fill(library, "a:0-9", "a:3-6", "a:1-8")
    check(library)
    library.mark(ids[2], ids[0], Verdict.NOT_A_MATCH)
    assert pairs(library) == {("a:0-9", "a:3-6"), ("a:1-8", "a:3-6")}
