"""Which frames belong together: examples, and laws that hold for any times."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.pair import Alignment, Pair, frame_at
from vidcache_gui.gui.player.timing import Timing


def even(count: int, fps: float) -> Timing:
    return Timing.even(count, 1 / fps)


def pairs(a: Timing | None, b: Timing | None, offset: float = 0.0, rate: float = 1.0) -> list[Pair]:
    line = Line(a, b, Alignment(offset, rate))
    return [line.pair(place) for place in range(line.count)]


def test_the_same_times_are_frame_by_frame() -> None:
    assert pairs(even(5, 24), even(5, 24)) == [Pair(n, n) for n in range(5)]


def test_times_rounded_to_milliseconds_are_frame_by_frame() -> None:
    rounded = Timing([round(n / 24, 3) for n in range(241)])
    assert pairs(even(240, 24), rounded) == [Pair(n, n) for n in range(240)]
    assert pairs(rounded, even(240, 24)) == [Pair(n, n) for n in range(240)]


def test_a_trimmed_start_and_end_have_no_counterpart() -> None:
    assert pairs(even(6, 25), even(3, 25), offset=-2 / 25) == [
        Pair(0, None), Pair(1, None), Pair(2, 0), Pair(3, 1), Pair(4, 2), Pair(5, None),
    ]  # fmt: skip


def test_what_only_b_has_comes_before_and_after() -> None:
    assert pairs(even(2, 25), even(5, 25), offset=2 / 25) == [
        Pair(None, 0), Pair(None, 1), Pair(0, 2), Pair(1, 3), Pair(None, 4),
    ]  # fmt: skip


def test_a_slower_b_repeats_and_a_faster_one_is_passed_over() -> None:
    assert [p.b for p in pairs(even(6, 24), even(3, 12))] == [0, 0, 1, 1, 2, 2]
    assert [p.b for p in pairs(even(3, 12), even(6, 24))] == [0, 2, 4]


def test_a_rate_stretches() -> None:
    assert [p.b for p in pairs(even(4, 25), even(4, 24), rate=25 / 24)] == [0, 1, 2, 3]


def test_half_a_frame_of_offset_does_not_flicker() -> None:
    a, b = even(200, 24), Timing([round(n / 24, 6) for n in range(201)])
    line = Line(a, b, Alignment(0.5 / 24))
    steps = [line.pair(n).b - n for n in range(199)]  # type: ignore[operator]
    assert set(steps) == {0}


def test_they_never_meet() -> None:
    line = Line(even(2, 25), even(2, 25), Alignment(10.0))
    assert [line.pair(n) for n in range(line.count)] == [
        Pair(None, 0), Pair(None, 1), Pair(0, None), Pair(1, None),
    ]  # fmt: skip
    assert line.shared() == (range(0), range(0))
    assert (line.places_with(0), line.places_with(1)) == ([(2, 3)], [(0, 1)])
    line = Line(even(2, 25), even(2, 25), Alignment(-10.0))
    assert line.places_with(1) == [(2, 3)]


def test_one_side_alone() -> None:
    assert pairs(even(2, 25), None) == [Pair(0, None), Pair(1, None)]
    assert pairs(None, even(2, 25)) == [Pair(None, 0), Pair(None, 1)]
    assert pairs(None, None) == []


def test_a_match_is_exact() -> None:
    a, b = even(100, 24), even(100, 25)
    aligned = Alignment(rate=1.2).matching(a.start(40), b.start(7))
    assert Line(a, b, aligned).pair(Line(a, b, aligned).place_of_a(40)) == Pair(40, 7)


def test_a_rate_that_is_none_is_refused() -> None:
    for rate in (0.0, -0.05, 11.0, float("nan")):
        with pytest.raises(ValueError, match="rate"):
            Alignment(0.0, rate)


delays = st.floats(0.002, 0.5)
timings = st.lists(delays, min_size=1, max_size=30).map(Timing.of)
alignments = st.builds(Alignment, st.floats(-6, 6), st.floats(0.1, 10.0))


@given(st.integers(1, 400), st.integers(5, 120), st.integers(-50, 50), st.data())
def test_a_re_encode_is_frame_by_frame_whatever_the_rounding(
    count: int, fps: int, shift: int, data: Any
) -> None:
    """B's times may be off by almost half a frame either way."""
    noise = data.draw(st.lists(st.floats(-0.2, 0.2), min_size=count, max_size=count))
    starts = [max(0.0, (n + off) / fps) if n else 0.0 for n, off in enumerate(noise)]
    b = Timing([*starts, count / fps])
    line = Line(even(count, fps), b, Alignment(shift / fps))
    for place in range(line.count):
        pair = line.pair(place)
        if pair.a is not None and pair.b is not None:
            assert pair.b == pair.a + shift
        else:
            assert pair.a is None or not 0 <= pair.a + shift < count
            assert pair.b is None or not 0 <= pair.b - shift < count


@given(timings, timings, alignments)
def test_every_frame_of_a_has_its_place_and_both_only_go_forwards(
    a: Timing, b: Timing, alignment: Alignment
) -> None:
    line = Line(a, b, alignment)
    shown = [line.pair(place) for place in range(line.count)]
    assert [pair.a for pair in shown if pair.a is not None] == list(range(a.count))
    of_b = [pair.b for pair in shown if pair.b is not None]
    assert of_b == sorted(of_b)
    assert all(pair.a is not None or pair.b is not None for pair in shown)
    alone = [pair.b for pair in shown if pair.a is None]
    assert len(alone) == len(set(alone))
    for place, pair in enumerate(shown):
        if pair.a is not None:
            assert line.place_of_a(pair.a) == place
        if pair.b is not None:
            assert shown[line.place_of_b(pair.b)].b == pair.b
        near = line.near(place)
        assert near.a is not None
        assert near.b is not None
        assert pair.a in (None, near.a)
        assert pair.b in (None, near.b)


@given(timings, timings, alignments)
def test_ends_of_b_are_the_first_and_last_unless_passed_over(
    a: Timing, b: Timing, alignment: Alignment
) -> None:
    """Nothing that only B has is out of reach: what is missing lies between shown frames."""
    line = Line(a, b, alignment)
    of_b = [p.b for n in range(line.count) if (p := line.pair(n)).b is not None]
    if line.pair(0).a is None:
        assert of_b[0] == 0
    if line.pair(line.count - 1).a is None:
        assert of_b[-1] == b.count - 1


@given(timings, timings, alignments)
def test_spans_are_what_the_pairs_say(a: Timing, b: Timing, alignment: Alignment) -> None:
    line = Line(a, b, alignment)
    shown = [line.pair(place) for place in range(line.count)]
    both = [pair for pair in shown if None not in pair]
    shared = line.shared()
    assert list(shared.a) == [pair.a for pair in both]
    if both:
        assert (shared.b[0], shared.b[-1]) == (both[0].b, both[-1].b)
    for which in (0, 1):
        has = [place for place, pair in enumerate(shown) if pair[which] is not None]
        runs = line.places_with(which)
        assert [place for first, last in runs for place in range(first, last + 1)] == has


@given(timings, timings, alignments)
def test_every_pair_stays_as_long_as_its_frame(a: Timing, b: Timing, alignment: Alignment) -> None:
    line = Line(a, b, alignment)
    timing = line.timing()
    assert timing.count == line.count
    for place in range(line.count):
        pair = line.pair(place)
        if pair.a is not None:
            expected = a.duration(pair.a)
        else:
            assert pair.b is not None
            expected = b.duration(pair.b) / alignment.rate
        assert timing.duration(place) == pytest.approx(expected)


@given(timings, st.floats(-1, 20), st.floats(0.001, 1))
def test_a_frame_is_never_taken_more_than_half_a_frame_early(
    timing: Timing, seconds: float, stays: float
) -> None:
    at = frame_at(timing, seconds, stays)
    assert -1 <= at <= timing.count
    if at >= 0:
        assert timing.edges[at] <= seconds + stays / 2
    if at < timing.count:
        assert timing.edges[at + 1] > seconds
