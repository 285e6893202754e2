"""Boxes over boxes: what both pictures show, by the same mapping as before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidcache_gui.media.boxes import WHOLE, Box, common, moved

edges = st.tuples(st.floats(-0.3, 0.4), st.floats(0.6, 1.3))
boxes = st.tuples(edges, edges).map(lambda e: (e[0][0], e[1][0], e[0][1], e[1][1]))


def mapped(box_a: Box, box_b: Box, side: int, place: float) -> float:
    """Where a place of a's picture lies in b's."""
    across = (place - box_a[side]) / (box_a[side + 2] - box_a[side])
    return box_b[side] + across * (box_b[side + 2] - box_b[side])


@settings(max_examples=30)
@given(boxes, boxes)
def test_what_both_show_is_as_large_as_can_be(box_a: Box, box_b: Box) -> None:
    found = common(box_a, box_b, 0.0)
    assert found is not None
    for side in (0, 1):
        for edge in (side, side + 2):
            there = mapped(box_a, box_b, side, found[0][edge])
            assert found[1][edge] == pytest.approx(there, abs=1e-9)
            both = found[0][edge], found[1][edge]
            assert all(-1e-9 <= place <= 1 + 1e-9 for place in both)
            assert any(min(place, 1 - place) < 1e-9 for place in both), "it could be larger"


def test_what_is_too_small_or_too_steep_is_none() -> None:
    assert common(WHOLE, (0.9, 0.0, 1.9, 1.0), 0.2) is None
    assert common(WHOLE, (0.9, 0.0, 1.9, 1.0), 0.05) is not None
    assert common(WHOLE, (0.0, 0.0, 0.1, 1.0), 0.2, 6.0) is None
    assert common(WHOLE, (1.0, 0.0, 0.0, 1.0), 0.2) is None, "it is mirrored"


def test_a_step_stretches_and_shifts_by_halves_of_the_sides() -> None:
    assert moved((0.2, 0.4, 0.4, 0.8), (0.0, 0.5, 0.0, -0.5)) == pytest.approx(
        (0.25, 0.3, 0.45, 0.7)
    )
    assert moved((0.2, 0.4, 0.4, 0.8), (0.5, 0.0, 0.0, 0.0)) == pytest.approx(
        (0.15, 0.4, 0.45, 0.8)
    )
