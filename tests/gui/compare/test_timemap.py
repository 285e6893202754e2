"""What belongs together when a match has several stretches, speeds and directions."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.gui.compare.matched import match, stretch
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.pair import Pair
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.timing import Timing
from vidcache_gui.matching.records import Match


def line(frames_a: int, frames_b: int, found: Match, fps: float = 10) -> Line:
    return Line(Timing.even(frames_a, 1 / fps), Timing.even(frames_b, 1 / fps), TimeMap.of(found))


def pairs(made: Line) -> list[Pair]:
    return [made.pair(place) for place in range(made.count)]


def test_what_b_has_between_two_stretches_lies_between_them() -> None:
    """An advertisement of B, three frames long."""
    made = line(6, 9, match(stretch(0, 0.3, 0, 0.3), stretch(0.3, 0.6, 0.6, 0.9)))
    assert pairs(made) == [
        Pair(0, 0), Pair(1, 1), Pair(2, 2), Pair(None, 3), Pair(None, 4), Pair(None, 5),
        Pair(3, 6), Pair(4, 7), Pair(5, 8),
    ]  # fmt: skip
    assert [made.is_shared(place) for place in range(9)] == [True] * 3 + [False] * 3 + [True] * 3
    assert (made.places_with(0), made.places_with(1)) == ([(0, 2), (6, 8)], [(0, 8)])


def test_what_a_has_between_two_stretches_has_no_counterpart() -> None:
    made = line(9, 6, match(stretch(0, 0.3, 0, 0.3), stretch(0.6, 0.9, 0.3, 0.6)))
    assert [pair.b for pair in pairs(made)] == [0, 1, 2, None, None, None, 3, 4, 5]
    assert made.near(4) == Pair(4, 3)
    assert made.has_begun(4, 1)
    assert not made.is_over(4, 1)


def test_another_scene_of_the_same_length_lies_beside_the_one_it_replaces() -> None:
    made = line(9, 9, match(stretch(0, 0.3, 0, 0.3), stretch(0.6, 0.9, 0.6, 0.9)))
    assert pairs(made) == [Pair(n, n) for n in range(9)]
    assert [made.is_shared(n) for n in range(9)] == [True] * 3 + [False] * 3 + [True] * 3


def test_backwards() -> None:
    made = line(5, 5, match(stretch(0, 0.4, 0.4, 0)))
    assert pairs(made) == [Pair(n, 4 - n) for n in range(5)]
    assert made.piece_at(2) is not None
    assert made.place_of_b(4) == 0
    assert made.place_of_b(1) == 3


def test_backwards_what_b_has_more_comes_at_the_other_end() -> None:
    """Frames 5 and 6 of B are before what A begins with, 0 and 1 after what it ends with."""
    made = line(3, 7, match(stretch(0, 0.2, 0.4, 0.2)))
    assert pairs(made) == [
        Pair(None, 5), Pair(None, 6), Pair(0, 4), Pair(1, 3), Pair(2, 2), Pair(None, 0),
        Pair(None, 1),
    ]  # fmt: skip


def test_twice_as_fast() -> None:
    made = line(6, 3, match(stretch(0, 0.6, 0, 0.3)))
    assert [pair.b for pair in pairs(made)] == [0, 0, 1, 1, 2, 2]


def test_scenes_in_another_order() -> None:
    made = line(6, 6, match(stretch(0, 0.3, 0.3, 0.6), stretch(0.3, 0.6, 0, 0.3)))
    assert [pair.b for pair in pairs(made)] == [3, 4, 5, 0, 1, 2]
    assert made.place_of_b(0) == 3
    assert made.places_with(1) == [(0, 5)]


def test_a_loop_of_a_shows_its_scene_again_and_again() -> None:
    made = line(6, 3, match(stretch(0, 0.3, 0, 0.3), stretch(0.3, 0.6, 0, 0.3)))
    assert [pair.b for pair in pairs(made)] == [0, 1, 2, 0, 1, 2]


def test_a_loop_of_b_has_a_place_for_every_lap() -> None:
    """A shows its scene once: beside the second lap of B it is shown again."""
    made = line(3, 6, match(stretch(0, 0.3, 0, 0.3), stretch(0, 0.3, 0.3, 0.6)))
    assert pairs(made) == [
        Pair(0, 0), Pair(1, 1), Pair(2, 2), Pair(0, 3), Pair(1, 4), Pair(2, 5),
    ]  # fmt: skip
    assert all(made.is_shared(place) for place in range(6))


def test_a_still_picture_lies_beside_its_moment() -> None:
    made = Line(
        Timing.even(1, 0.1), Timing.even(9, 0.1), TimeMap.of(match(stretch(0, 0, 0.4, 0.4)))
    )
    assert made.pair(made.first_place()) == Pair(0, 4)
    assert [made.pair(n).b for n in range(made.count)] == list(range(9))


def test_more_than_the_comparison_can_do_is_cut() -> None:
    (piece,) = TimeMap.of(match(stretch(0, 100, 0, 1))).pieces
    assert piece.rate == 0.1
    assert piece.in_b(50) == pytest.approx(0.5)  # it fits in the middle


def test_it_begins_where_both_are_the_same() -> None:
    made = line(20, 20, match(stretch(1.0, 1.5, 1.2, 1.7)))
    assert made.pair(made.first_place()) == Pair(10, 12)


def test_moved_by_hand_and_changed_over() -> None:
    found = match(stretch(0, 0.6, 0.3, 0.9), stretch(1.0, 1.4, 1.5, 1.7))
    mapping = TimeMap.of(found).shifted(0.2)
    back = mapping.inverse()
    for second in (0.1, 0.5):
        piece = mapping.at(second)
        assert piece is not None
        there = back.at(piece.in_b(second))
        assert there is not None
        assert there.in_b(piece.in_b(second)) == pytest.approx(second)
    assert mapping.shift == 0.2


marks = st.lists(st.integers(0, 60), min_size=2, max_size=6, unique=True).map(sorted)


@given(marks, marks, st.lists(st.booleans(), min_size=3, max_size=3), st.permutations([0, 1, 2]))
def test_every_frame_of_a_has_one_place_and_no_frame_of_b_is_lost(
    of_a: list[int], of_b: list[int], back: list[bool], order: list[int]
) -> None:
    """Any stretches in any order and direction, at any speed."""
    spans_a = list(zip(of_a[::2], of_a[1::2], strict=False))
    spans_b = list(zip(of_b[::2], of_b[1::2], strict=False))
    spans_b = [spans_b[n] for n in order if n < len(spans_b)]
    made = [
        stretch(a0 / 10, a1 / 10, *((b1 / 10, b0 / 10) if turn else (b0 / 10, b1 / 10)))
        for (a0, a1), (b0, b1), turn in zip(spans_a, spans_b, back, strict=False)
        if 0.2 < (b1 - b0) / (a1 - a0) < 5
    ]
    assume(made)
    made.sort(key=lambda s: s.a0 - s.a1)
    found = line(60, 60, match(*made))
    shown = pairs(found)
    lead = [pair.a for place, pair in enumerate(shown) if found.leg_at(place).leader == 0]
    assert lead == list(range(60))
    for place, pair in enumerate(shown):
        assert pair != Pair(None, None)
        near = found.near(place)
        assert None not in near
        if pair.a is not None:
            assert shown[found.place_of_a(pair.a)].a == pair.a
    seen = {pair.b for pair in shown}
    passed = {b for b in range(60) if b not in seen}
    for frame in passed:  # only where B runs faster than A
        neighbours = [s for s in made if min(s.b0, s.b1) - 6 <= frame / 10 <= max(s.b0, s.b1) + 6]
        assert any(abs(s.b1 - s.b0) > abs(s.a1 - s.a0) for s in neighbours)
    assert found.timing().count == found.count
