"""Where two pictures lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize

from vidcache_gui.gui.compare.stage import GAP, Mode, Stage


def stage(
    a: tuple[int, int], b: tuple[int, int], area: tuple[int, int] = (1202, 600), ratio: float = 1.0
) -> Stage:
    made = Stage()
    made.set_area(QSize(*area), ratio)
    made.set_sizes(QSize(*a), QSize(*b))
    return made


def test_panes_lie_the_way_that_shows_more() -> None:
    wide = stage((1600, 400), (1600, 400))
    assert wide.is_upright
    assert [pane.getRect() for pane in wide.panes()] == [(0, 0, 1202, 299), (0, 301, 1202, 299)]
    tall = stage((400, 800), (400, 800))
    assert not tall.is_upright
    assert [pane.getRect() for pane in tall.panes()] == [(0, 0, 600, 600), (602, 0, 600, 600)]
    tall.set_upright(True)
    assert tall.is_upright


def test_both_are_shown_at_the_same_size_whatever_theirs_is() -> None:
    made = stage((1920, 1080), (640, 360))
    assert made.picture(0) == made.picture(1)
    assert made.scale(1) == pytest.approx(3 * made.scale(0))
    made.viewport.set_zoom(2.0)
    assert made.picture(0) == made.picture(1)
    assert made.scale(0) == 2.0  # the larger one decides what 100 % is
    assert made.wanted_size(0) is None


def test_other_proportions_are_kept() -> None:
    made = stage((1920, 1080), (1440, 1080))
    a, b = made.picture(0), made.picture(1)
    assert b.height() == a.height()
    assert b.width() / b.height() == pytest.approx(4 / 3, rel=0.01)
    assert b.center().x() == pytest.approx(a.center().x(), abs=1)


def test_a_pixel_of_rounding_does_not_make_another_shape() -> None:
    made = stage((1920, 1080), (854, 480))
    assert made.picture(0) == made.picture(1)


def test_frames_are_wanted_as_large_as_they_are_shown() -> None:
    made = stage((1920, 1080), (600, 338))
    assert made.wanted_size(0) == (600, 338)
    assert made.wanted_size(1) is None  # it is that large


sides = st.integers(1, 4000)
sizes = st.tuples(sides, sides)


@given(sizes, sizes, st.tuples(st.integers(20, 3000), st.integers(20, 3000)),
       st.sampled_from((1.0, 1.5, 2.0)), st.sampled_from(list(Mode)))  # fmt: skip
def test_fitted_pictures_lie_in_their_panes(
    a: tuple[int, int], b: tuple[int, int], area: tuple[int, int], ratio: float, mode: Mode
) -> None:
    made = stage(a, b, area, ratio)
    made.set_mode(mode)
    for which, pane in enumerate(made.panes()):
        inside = QRectF(QPointF(), pane.size()).adjusted(-1, -1, 1, 1)
        assert inside.contains(made.picture(which))
        assert QRectF(0, 0, *area).contains(pane)
    one, other = made.panes()
    if mode is Mode.BESIDE:
        assert not one.intersects(other)
        between = other.top() - one.bottom() if made.is_upright else other.left() - one.right()
        assert between == pytest.approx(GAP, abs=1)
