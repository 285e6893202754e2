"""Bars, stretches and what is under the pointer: arithmetic only."""

import pytest
from PySide6.QtCore import QPointF, QRectF

from tests.gui.similar.fake import segment
from vidcache_gui.gui.similar.segment_map import LEAST_STRETCH, NARROWEST, SegmentMap

ROOM = QRectF(100, 10, 400, 40)


def test_bars_are_as_long_as_the_footage() -> None:
    drawn = SegmentMap(ROOM, (60, 30), [segment(0, 30, 0, 30)])
    assert drawn.bars[0].width() == 400
    assert drawn.bars[1].width() == 200
    assert drawn.bars[0].top() == ROOM.top()
    assert drawn.bars[1].bottom() == ROOM.bottom()


@pytest.mark.parametrize("stretch", [segment(0, 10, 0, 10), segment(30, 60, 0, 30),
                                     segment(50, 60, 0, 10)])  # fmt: skip
def test_the_short_bar_lies_where_the_long_one_shows_it(stretch) -> None:  # type: ignore[no-untyped-def]
    drawn = SegmentMap(ROOM, (60, 30), [stretch])
    assert drawn.bars[1].left() >= ROOM.left()
    assert drawn.bars[1].right() <= ROOM.right() + 0.01
    if stretch.a0 == 30:
        assert drawn.span(0, 0)[0] == pytest.approx(drawn.span(1, 0)[0])


def test_a_second_out_of_three_hours_can_be_seen() -> None:
    drawn = SegmentMap(ROOM, (3 * 3600, 4), [segment(7000, 7001, 1, 2)])
    left, right = drawn.span(0, 0)
    assert right - left == pytest.approx(LEAST_STRETCH)
    assert drawn.bars[1].width() == pytest.approx(400 * NARROWEST)
    assert drawn.hit(QPointF((left + right) / 2, 12)).segment == 0  # type: ignore[union-attr]


def test_pointing_at_a_bar_tells_both_times() -> None:
    drawn = SegmentMap(ROOM, (60, 60), [segment(10, 20, 30, 40)])
    hit = drawn.hit(QPointF(drawn.x_of(0, 15), 12))
    assert hit is not None
    assert (hit.segment, hit.a, hit.b) == (0, pytest.approx(15), pytest.approx(35))
    assert hit.text == "0:15.0 of A is 0:35.0 of B"
    below = drawn.hit(QPointF(drawn.x_of(1, 32), 45))
    assert below is not None
    assert (below.a, below.b) == (pytest.approx(12), pytest.approx(32))
    beside = drawn.hit(QPointF(drawn.x_of(0, 50), 12))
    assert beside is not None
    assert (beside.segment, beside.b) == (None, None)
    assert beside.text == "0:50.0 of A: not in B"
    other = drawn.hit(QPointF(drawn.x_of(1, 5), 47))
    assert other is not None
    assert other.text == "0:05.0 of B: not in A"


def test_pointing_between_the_bars_follows_the_shape() -> None:
    drawn = SegmentMap(ROOM, (60, 60), [segment(0, 20, 40, 60)])
    half = (drawn.x_of(0, 10) + drawn.x_of(1, 50)) / 2
    hit = drawn.hit(QPointF(half, ROOM.center().y()))
    assert hit is not None
    assert hit.a == pytest.approx(10)
    assert drawn.hit(QPointF(ROOM.right() - 1, ROOM.center().y())) is None
    assert drawn.hit(QPointF(half, 200)) is None


def test_backwards_the_shape_is_crossed() -> None:
    drawn = SegmentMap(ROOM, (60, 60), [segment(0, 20, 60, 40)])
    corners = [point.x() for point in drawn.shape(0)]
    assert corners[0] < corners[1]
    assert corners[3] > corners[2]
    hit = drawn.hit(QPointF(drawn.x_of(1, 55), 47))
    assert hit is not None
    assert hit.a == pytest.approx(5)
