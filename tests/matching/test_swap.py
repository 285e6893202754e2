"""A match seen from the other side, checked on pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.matching.records import (
    WHOLE,
    Evidence,
    Match,
    Relation,
    Segment,
    Tier,
    Transform,
)
from vidcache_gui.matching.swap import inverse, place, swapped

SIDE = 24
edges = st.lists(st.integers(0, SIDE), min_size=2, max_size=2, unique=True).map(sorted)


def laid(picture: np.ndarray, transform: Transform) -> np.ndarray:
    """b's picture mirrored and turned, as a Transform says."""
    if transform.mirrored:
        picture = picture[:, ::-1]
    return np.rot90(picture, -transform.rotation // 90)


def cut(picture: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    left, top, right, bottom = (round(side * SIDE) for side in box)
    return picture[top:bottom, left:right]


@given(st.booleans(), st.sampled_from([0, 90, 180, 270]), edges, edges)
def test_the_inverse_undoes_mirroring_and_turning(
    mirrored: bool, rotation: int, across: list[int], down: list[int]
) -> None:
    transform = Transform(mirrored, rotation)
    picture = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    back = inverse(transform)
    np.testing.assert_array_equal(laid(laid(picture, transform), back), picture)
    assert inverse(back) == transform
    left, right, top, bottom = (side / SIDE for side in (*across, *down))
    box = (left, top, right, bottom)
    np.testing.assert_array_equal(
        laid(cut(picture, box), transform), cut(laid(picture, transform), place(box, transform))
    )


def test_a_quarter_turn_moves_the_upper_left_to_the_upper_right() -> None:
    corner = (0.0, 0.0, 0.25, 0.5)
    assert place(corner, Transform(rotation=90)) == pytest.approx((0.5, 0.0, 1.0, 0.25))
    assert place(corner, Transform(mirrored=True)) == pytest.approx((0.75, 0.0, 1.0, 0.5))
    assert place(WHOLE, Transform(True, 90)) == WHOLE


def test_the_boxes_change_sides() -> None:
    """b shows a's left half, turned by 90 degrees clockwise, in its upper half."""
    transform = Transform(
        False, 270, (0.0, 0.0, 0.5, 1.0), place((0, 0, 1, 0.5), Transform(rotation=270))
    )
    back = inverse(transform)
    assert back.box_a == (0.0, 0.0, 1.0, 0.5)
    assert back.box_b == place((0.0, 0.0, 0.5, 1.0), Transform(rotation=90))


def test_what_runs_backwards_does_so_from_both_sides() -> None:
    one = Segment(0.0, 4.0, 9.0, 5.0, Transform(), 10.0, 0.9)
    match = Match(Relation.OVERLAP, Tier.CERTAIN, 0.9, (one,), 0.4, 0.2)
    other = swapped(match)
    (back,) = other.segments
    assert (back.a0, back.a1, back.b0, back.b1) == (5.0, 9.0, 4.0, 0.0)
    assert (other.coverage_a, other.coverage_b) == (0.2, 0.4)
    assert back.time_in_b(9.0) == 0.0
    assert one.time_in_b(0.0) == 9.0
    assert swapped(other) == match


def test_a_cut_match_swapped_twice_is_what_it_was() -> None:
    crop = Transform(box_a=(0.1, 0.1, 0.9, 0.9))
    seen = (Evidence(4.5, 11.5, 6),)
    one = Segment(3.0, 9.0, 10.0, 16.0, crop, 11.0, 0.97, seen)
    before = Match(Relation.RE_ENCODE, Tier.CERTAIN, 0.9, (one,), 0.2, 0.7)
    other = swapped(before)
    (back,) = other.segments
    assert back.transform.box_b == crop.box_a
    assert back.evidence == (Evidence(11.5, 4.5, 6),)
    assert back.time_in_b(one.time_in_b(5)) == pytest.approx(5)
    assert swapped(other) == before
