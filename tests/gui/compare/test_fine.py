"""Matches that are nearly right are placed to the frame and to the pixel."""

import numpy as np
import pytest

from tests.gui.compare.drawn import Drawn, scene
from tests.gui.compare.matched import match, stretch
from vidcache_gui.gui.compare.ahead import Ask
from vidcache_gui.gui.compare.fine import refine
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.matching.records import Match, Segment, Transform


def placed(a: Drawn, b: Drawn, found: Match) -> Segment:
    ask = Ask((a.again, b.again), TimeMap.of(found))
    return refine(found, ask, lambda: False).segments[0]


@pytest.mark.parametrize("off", [-0.15, 0.07, 0.2])
def test_an_offset_is_found_to_the_frame(off: float) -> None:
    """B begins ten frames later than A."""
    pictures = scene(120)
    made = placed(
        Drawn(pictures), Drawn(pictures[10:]), match(stretch(0.4, 4.8, 0.0 + off, 4.4 + off))
    )
    assert made.b0 - made.a0 == pytest.approx(-0.4, abs=0.01)
    assert made.speed == pytest.approx(1.0)


def test_a_speed_is_found() -> None:
    pictures = scene(200)
    fast = pictures[::2]
    made = placed(Drawn(pictures), Drawn(fast), match(stretch(0, 8.0, 0.1, 3.95)))
    assert made.b0 == pytest.approx(0.0, abs=0.03)
    assert made.b1 == pytest.approx(4.0, abs=0.03)


def test_backwards_is_found_to_the_frame() -> None:
    pictures = scene(100)
    made = placed(Drawn(pictures), Drawn(pictures[::-1]), match(stretch(0, 3.9, 4.05, 0.15)))
    assert made.time_in_b(1.0) == pytest.approx(99 * 0.04 - 1.0, abs=0.02)


def test_boxes_are_found_to_the_pixel() -> None:
    """A shows eight tenths of what B shows, mirrored and turned."""
    whole = scene(60, (180, 320))
    a = Drawn([picture[18:162, 32:288] for picture in whole])
    b = Drawn([np.ascontiguousarray(np.rot90(picture, 3)[:, ::-1]) for picture in whole])
    wrong = Transform(True, 270, (0, 0, 1, 1), (0.115, 0.09, 0.905, 0.915))
    upright = np.rot90(b.pictures[0][:, ::-1], -3)
    assert (upright == whole[0]).all()
    made = placed(a, b, match(stretch(0, 2.4, 0, 2.4, wrong)))
    assert made.transform.box_b == pytest.approx((0.1, 0.1, 0.9, 0.9), abs=0.002)


def test_where_nothing_moves_two_of_the_same_length_begin_together() -> None:
    still = [scene(1)[0]] * 40
    made = placed(Drawn(still), Drawn(still), match(stretch(0, 1.5, 0.06, 1.56)))
    assert (made.b0, made.b1) == pytest.approx((0.0, 1.5))
    segment = stretch(0, 1.2, 0.4, 1.6)  # too far to be a matter of rounding
    made = placed(Drawn(still), Drawn(still), match(segment))
    assert (made.b0, made.b1) == (segment.b0, segment.b1)
    made = placed(Drawn(still), Drawn(still + still), match(segment))
    assert (made.b0, made.b1) == (segment.b0, segment.b1)


def test_other_footage_stays_where_it_is() -> None:
    noise = np.random.default_rng(5).integers(0, 255, (60, 9, 16)).astype(np.uint8)
    other = [np.kron(picture, np.ones((10, 10), np.uint8)) for picture in noise]
    segment = stretch(0, 2.4, 0.12, 2.52)
    made = placed(Drawn(scene(60)), Drawn(other), match(segment))
    assert (made.b0, made.b1) == (segment.b0, segment.b1)
