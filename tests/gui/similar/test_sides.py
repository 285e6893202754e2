"""A match seen from either side."""

import pytest

from tests.gui.similar.fake import match, segment
from vidcache_gui.core.records import Item
from vidcache_gui.gui.similar.sides import Shown, Side, box_in_b, seen_from, segment_at
from vidcache_gui.matching.records import Transform
from vidcache_gui.media.types import Kind


def item(id: int, duration: float | None = 60.0) -> Item:
    return Item(id, Kind.VIDEO, f"hash {id}", f"clip {id}", "videos", "", 1, 0, duration=duration)


def test_the_part_of_b_is_told_as_b_shows_it() -> None:
    """The box of a transform is of the picture after it was mirrored and turned."""
    assert box_in_b(Transform(mirrored=True, box_b=(0.0, 0.0, 0.25, 1.0))) == pytest.approx(
        (0.75, 0.0, 1.0, 1.0)
    )
    quarter = Transform(rotation=90, box_b=(0.5, 0.0, 1.0, 0.25))
    assert box_in_b(quarter) == pytest.approx((0.0, 0.0, 0.25, 0.5))


def test_a_match_is_seen_from_the_item_asked_about() -> None:
    shown = Shown(1, Side.of(item(1)), Side.of(item(2)), match(segment(0, 5, 10, 15)))
    assert seen_from(shown, 1) is shown
    other = seen_from(shown, 2)
    assert (other.a.name, other.b.name) == ("clip 2", "clip 1")
    assert (other.match.segments[0].a0, other.match.segments[0].b0) == (10, 0)


def test_lengths_are_reckoned_where_nobody_knows_them() -> None:
    found = match(segment(0, 5, 10, 20), coverage=(0.5, 0.25))
    shown = Shown(1, Side("a file"), Side.of(item(2, None)), found)
    assert shown.seconds == (10, 40)
    short = Shown(1, Side.of(item(1, 3.0)), Side.of(item(2, 60.0)), found)
    assert short.seconds == (5, 60)  # never shorter than what is shown of it


def test_the_stretch_at_a_second_or_the_nearest() -> None:
    first, second = segment(0, 5, 0, 5), segment(20, 30, 40, 50)
    found = match(first, second)
    assert segment_at(found, 4) is first
    assert segment_at(found, 22) is second
    assert segment_at(found, 14) is second
    assert segment_at(match(), 4) is None
