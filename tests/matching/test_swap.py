"""A match seen from the other side, checked on pictures."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.matching.records import Match, Relation, Segment, Tier, Transform
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
    left, right, top, bottom = (side / SIDE for side in (*across, *down))
    box = (left, top, right, bottom)
    np.testing.assert_array_equal(
        laid(cut(picture, box), transform), cut(laid(picture, transform), place(box, transform))
    )


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
