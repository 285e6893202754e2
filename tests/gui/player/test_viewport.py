"""Where a picture lies: fit, zoom, pan, pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSize

from vidcache_gui.gui.player.viewport import MOST_ENLARGED, ZOOMS, Viewport


def viewport(width: int, height: int, area: tuple[int, int], ratio: float = 1.0) -> Viewport:
    made = Viewport()
    made.set_area(QSize(*area), ratio)
    made.set_full(width, height)
    return made


def test_a_picture_is_fitted_and_small_ones_are_not_blown_up_for_ever() -> None:
    assert viewport(1920, 1080, (960, 600)).target().getRect() == (0, 30, 960, 540)
    assert viewport(10, 10, (960, 600)).scale() == MOST_ENLARGED
    assert viewport(1920, 1080, (960, 540), ratio=2.0).painted_size() == QSize(1920, 1080)


@given(
    at=st.tuples(st.integers(300, 660), st.integers(200, 400)),
    zooms=st.lists(st.sampled_from(ZOOMS[2:]), min_size=1, max_size=5),
)
def test_the_point_under_the_mouse_stays(at: tuple[int, int], zooms: list[float]) -> None:
    view = viewport(4000, 3000, (960, 600))
    view.set_zoom(1.0)
    point = QPointF(*at)
    before = view.pixel_at(point)
    assert before is not None
    for zoom in zooms:
        view.set_zoom(zoom, point)
        now = view.pixel_at(point)
        assert now is not None
        # Half a device pixel of rounding at either end.
        assert (now - before).manhattanLength() <= 4


@given(drags=st.lists(st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)), max_size=6))
def test_a_picture_is_never_dragged_out_of_sight(drags: list[tuple[int, int]]) -> None:
    view = viewport(2000, 1000, (960, 600))
    view.set_zoom(1.0)
    for by in drags:
        view.drag(QPointF(*by))
        target = view.target()
        assert target.left() <= 0
        assert target.right() >= 959
        assert target.top() <= 0
        assert target.bottom() >= 599


def test_every_pixel_can_be_named() -> None:
    view = viewport(40, 30, (960, 600))
    view.set_zoom(8.0)
    target = view.target()
    assert view.pixel_at(target.topLeft()) == QPoint(0, 0)
    assert view.pixel_at(target.topLeft() + QPointF(8 * 7 + 3, 8 * 5 + 7)) == QPoint(7, 5)
    assert view.pixel_at(target.topLeft() + QPointF(319.9, 239.9)) == QPoint(39, 29)
    assert view.pixel_at(target.topLeft() - QPointF(1, 1)) is None
    assert Viewport().pixel_at(QPointF(0, 0)) is None


@pytest.mark.parametrize("steps", [1, -1])
def test_zooming_stops_at_the_ends(steps: int) -> None:
    view = viewport(1000, 1000, (500, 500))
    for _ in range(20):
        view.set_zoom(view.next_zoom(steps))
    assert view.scale() == (ZOOMS[-1] if steps > 0 else ZOOMS[0])
