"""What is decoded is decided from packets alone, and stays within bounds."""

from dataclasses import replace

import numpy as np
import pytest

from vidcache_gui.media.fingerprint import route
from vidcache_gui.media.fingerprint.route import BUDGET, Packets


def packets(
    seconds: float, fps: float = 25, gop: int = 250, bframes: int = 0, pixels: int = 640 * 360
) -> Packets:
    """Footage as encoders lay it out: a picture ahead, then the B-pictures shown before it."""
    count = int(seconds * fps)
    group = bframes + 1
    shown = np.arange(count)
    order = np.array(sorted(shown, key=lambda i: (-(-i // group) * group, i % group != 0, i)))
    spare = order % group != 0
    return Packets(
        order / fps, order % gop == 0, spare, np.full(count, 5000), seconds, pixels, "h264"
    )


def longest_gap(found: Packets, chosen: route.Route) -> float:
    fed = chosen.feed if chosen.spare is None else chosen.feed & ~chosen.spare
    return float(np.diff(np.sort(found.times[fed]), append=found.duration).max())


def test_short_footage_is_decoded_without_the_pictures_no_other_needs() -> None:
    found = packets(20, bframes=3, gop=248)
    first, *rest = route.choose(found)
    assert first.skip == "BIDIR"
    assert first.feed.all()
    assert longest_gap(found, first) <= 0.25
    assert [again.skip for again in rest] == ["NONREF", "DEFAULT"]
    assert rest[-1].spare is None


def test_the_decoder_gets_no_b_pictures_that_it_would_leave_out() -> None:
    found = packets(20, bframes=3, gop=248)
    needed = replace(found, spare=np.zeros(len(found.times), bool))  # others are drawn from all
    first = route.choose(needed)[0]
    assert first.skip == "BIDIR"
    assert first.spare is not None
    assert first.spare.sum() == pytest.approx(0.75 * len(found.times), abs=3)
    other = route.choose(replace(needed, codec="hevc"))[0]
    assert other.spare is not None
    assert not other.spare.any()


def test_all_are_decoded_where_the_others_are_too_far_apart() -> None:
    (chosen,) = route.choose(packets(20, bframes=9, gop=250))
    assert (chosen.skip, chosen.spare) == ("DEFAULT", None)


def test_pictures_between_that_others_need_are_decoded_where_that_is_enough() -> None:
    found = packets(20, bframes=9, gop=250)
    odd = np.round(found.times * 25).astype(int) % 2 == 1
    routes = route.choose(replace(found, spare=odd))
    assert [chosen.skip for chosen in routes] == ["NONREF", "DEFAULT"]


def test_an_encoder_that_spares_nearly_everything_is_decoded_whole() -> None:
    found = packets(20)
    spare = ~found.keys
    assert route.choose(replace(found, spare=spare))[0].spare is None


def test_dense_keyframes_are_enough() -> None:
    first, last = route.choose(packets(20, gop=5))
    assert first.feed.sum() == 100  # five a second
    assert (first.skip, last.skip) == ("DEFAULT", "DEFAULT")
    assert last.feed.all()


def test_every_picture_a_keyframe_is_thinned_to_the_grid() -> None:
    first = route.choose(packets(20, gop=1))[0]
    assert first.feed.sum() == first.expected == 100


def test_long_footage_has_a_picture_every_five_seconds() -> None:
    for gop in (25, 250, 1000, 100_000):
        found = packets(1800, gop=gop, bframes=0)
        (chosen,) = route.choose(found)
        assert longest_gap(found, chosen) <= 5.1
    assert route.choose(packets(1800, gop=250))[0].feed.mean() < 0.6
    assert route.choose(packets(1800, gop=25))[0].feed.sum() == 1800


def test_a_long_film_stays_within_the_budget_whatever_its_keyframes() -> None:
    for gop in (24, 240, 3000, 300_000):
        found = packets(3 * 3600, fps=24, gop=gop, pixels=3840 * 2160)
        (chosen,) = route.choose(found)
        assert route._cost(found, chosen.feed) <= BUDGET
        assert chosen.feed.any()


def test_what_no_budget_can_decode_whole_is_sampled() -> None:
    found = packets(300, fps=60, gop=120, pixels=7680 * 4320)
    (chosen,) = route.choose(found)
    assert route._cost(found, chosen.feed) <= BUDGET
    assert longest_gap(found, chosen) <= 5.1


def test_without_keyframes_everything_is_decoded() -> None:
    found = packets(20)
    none = replace(found, keys=np.zeros(len(found.keys), bool))
    assert route.choose(none)[0].feed.all()


def test_feeding_starts_at_keyframes_only() -> None:
    found = packets(3000, gop=300, bframes=2)
    (chosen,) = route.choose(found)
    starts = np.flatnonzero(np.diff(chosen.feed.astype(int), prepend=0) == 1)
    assert found.keys[starts].all()
