"""What was found, in the words people read."""

import pytest

from tests.gui.similar.fake import match, segment
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.similar.records import CheckState
from vidcache_gui.core.similar.words import done_to, transform_words
from vidcache_gui.gui.similar import phrases
from vidcache_gui.gui.similar.checking import line_words, permille, state_words
from vidcache_gui.gui.similar.sides import Shown, Side
from vidcache_gui.gui.similar.why_panel import why_lines, why_title
from vidcache_gui.gui.words import result_reason
from vidcache_gui.matching.records import Match, Relation, Tier, Transform

MIRRORED = Transform(mirrored=True)


@pytest.mark.parametrize(
    ("found", "this", "pair"),
    [
        (match(segment(0, 60, 0, 60), relation=Relation.SAME_STREAM),
         "Same stream in another file", "Same stream in another file"),
        (match(segment(0, 50, 0, 40, MIRRORED)),
         "Re-encode, mirrored, 1.25 × as fast", "Re-encode, B mirrored, 1.25 × as fast"),
        (match(segment(0, 40, 0, 50)),
         "Re-encode, slowed to 0.80 ×", "Re-encode, B slowed to 0.80 ×"),
        (match(segment(0, 40, 40.4, 0)), "Re-encode, backwards", "Re-encode, B backwards"),
        (match(segment(0, 19, 12, 31), relation=Relation.CONTAINS, coverage=(1.0, 0.2)),
         "Contains this from 0:12 to 0:31", "A is a part of B: from 0:12 to 0:31"),
        (match(segment(12, 31, 0, 19), relation=Relation.CONTAINS, coverage=(0.2, 1.0)),
         "A part of this: from 0:12 to 0:31", "B is a part of A: from 0:12 to 0:31"),
        (match(segment(2, 5.5, 3, 6.5), relation=Relation.OVERLAP, coverage=(0.2, 0.3)),
         "Shares 3.5 s with this, from 0:03.0 to 0:06.5", "Both show the same 3.5 s"),
        (match(segment(0, 10, 3, 13), segment(20, 32, 20, 32), relation=Relation.OVERLAP),
         "Shares 0:22 with this in 2 stretches", "Both show the same 0:22 in 2 stretches"),
        (match(segment(0, 5, 0, 5), relation=Relation.SHARED),
         "Shared segment of 5.0 s", "Shared segment of 5.0 s"),
        (match(segment(0, 0, 75.25, 75.3), relation=Relation.CONTAINS, coverage=(1, 0)),
         "Contains this at 1:15.2", "A is a part of B: at 1:15.2"),
        (match(relation=Relation.RE_ENCODE), "Re-encode", "Re-encode"),
    ],
)  # fmt: skip
def test_relations_are_said(found: Match, this: str, pair: str) -> None:
    assert phrases.relation_to_this(found) == this
    assert phrases.relation_of_pair(found) == pair


def test_every_relation_and_tier_has_its_words() -> None:
    for table in (phrases.RELATIONS, phrases.RELATION_TITLES):
        assert set(table) == set(Relation)
    assert set(phrases.TIERS) == set(phrases.TIER_TIPS) == set(Tier)
    for relation in Relation:
        assert "“x”" in phrases.short_relation(match(segment(0, 1, 0, 1), relation=relation), "x")


def test_what_was_done_to_the_picture() -> None:
    done = Transform(True, 90, (0.1, 0, 0.9, 1), (0, 0.2, 1, 0.8))
    assert transform_words(done) == [
        "mirrored", "turned by 90°", "cropped", "with a border",
    ]  # fmt: skip
    assert done_to(segment(0, 10, 0, 10.1)) == []  # that is only how files are timed


def test_times_are_read_as_people_read_them() -> None:
    assert phrases.clock(31.4) == "0:31"
    assert phrases.clock(59.97, fine=True) == "1:00.0"
    assert phrases.clock(3723) == "1:02:03"
    assert phrases.span(31, 12) == "0:12 to 0:31"
    assert phrases.segment_words(segment(0, 19, 31, 12)) == (
        "0:00 to 0:19 of A is 0:12 to 0:31 of B, backwards"
    )
    assert phrases.offset_words(segment(0, 10, 3.2, 13.2)) == "3.2 s later in B · 1.00 ×"


def test_what_an_item_that_came_in_looks_like_is_said_with_its_result() -> None:
    result = SourceResult(
        "/x.mp4", Status.NEW, look_alike="Looks like 'a.mp4': the same from 0:03 to 0:09.",
        remembered="It was deleted on 21 November 2026 as 'x.mp4'.",
    )  # fmt: skip
    assert result_reason(result) == f"{result.look_alike} {result.remembered}"


def test_distances_have_a_word_and_a_number() -> None:
    words = [phrases.distance_words(bits) for bits in (0, 20, 50, 90)]
    assert len(set(words)) == 4
    assert phrases.distance_facts(11.4) == "11 of 256 bits differ"


def test_why_says_the_reasons_the_change_and_the_distance() -> None:
    found = match(segment(0, 10, 0, 10, MIRRORED), reasons=("Forty pictures agree.",))
    lines = why_lines(Shown(1, Side("x"), Side("y"), found))
    assert lines[0] == "Forty pictures agree."
    assert lines[1] == "B is mirrored."
    assert "11 of 256 bits differ on average" in lines[2]
    assert why_title(found) == "Certain: re-encode"


def test_a_row_is_spoken_whole() -> None:
    shown = Shown(1, Side("x"), Side("y"), match(segment(0, 10, 0, 10)), "keep both")
    assert phrases.spoken(shown) == "x, y, Re-encode, Certain, decided: Keep both"


def test_the_state_of_the_check_is_a_sentence() -> None:
    going = CheckState(15_000, 14_100, 12_340, 897, 3, False, True)
    assert state_words(going) == "12,340 of 14,997 items compared · 3 could not be read"
    assert line_words(going) == "Comparing footage: 12,340 of 14,997"
    assert 0 < permille(going) < 1000
    over = CheckState(812, 812, 812, 0, 0, False, False)
    assert state_words(over) == "All 812 items compared"
    assert permille(over) == 1000
    paused = CheckState(10, 5, 4, 5, 0, True, False)
    assert state_words(paused) == "4 of 10 items compared · paused"
    assert state_words(CheckState(0, 0, 0, 0, 0, False, False)) == "Nothing to compare yet"


def test_edges_that_are_only_measured_badly_are_no_crop() -> None:
    assert transform_words(Transform(box_a=(0.01, 0.0, 0.99, 1.0))) == []
    inside = (0.2, 0.05, 0.8, 0.95)
    assert transform_words(Transform(box_a=inside, box_b=inside)) == []
    assert transform_words(Transform(box_b=(0.0, 0.1, 1.0, 0.9))) == ["with a border"]


def test_what_was_not_looked_for_is_not_denied() -> None:
    """A logo or other colours are no transform: 'nothing was done' would be wrong."""
    shown = Shown(1, Side("a.mp4"), Side("b.mp4"), match(segment(0, 8, 0, 8)))
    assert "Not mirrored, turned, cropped or at another speed." in why_lines(shown)
