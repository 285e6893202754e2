"""Which frames are decoded, in which order, and when not to decode."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.player.footage import Steps, frame
from vidcache_gui.gui.player.cache import FrameCache, Look
from vidcache_gui.gui.player.windows import AHEAD, Plan, Request


def plan(
    request: Request, count: int, room: int, have: set[int], gop: int = 1
) -> list[tuple[int, int]]:
    lacks: Callable[[int], bool] = lambda index: index not in have  # noqa: E731
    return list(Plan(request, count, room, lacks, lambda i: i // gop * gop).windows())


def test_the_frame_itself_comes_first_then_what_comes_next() -> None:
    assert plan(Request(10, None, playing=True), 1000, 600, set()) == [(10, 10), (11, 10 + AHEAD)]


def test_what_is_there_is_left_out() -> None:
    have = {10, 11, 12, 15}
    found = plan(Request(10, None, playing=True), 20, 600, have)
    assert found == [(13, 14), (16, 19)]


def test_a_loop_goes_on_at_the_start() -> None:
    found = plan(Request(8, None, playing=True, loop=True), 10, 600, set())
    assert found == [(8, 8), (9, 9), (0, 7)]


def test_behind_a_resting_playhead_whole_groups_of_pictures_are_decoded() -> None:
    have = set(range(100, 1000))
    found = plan(Request(130, None), 1000, 200, have, gop=25)
    assert found == [(75, 99), (50, 74), (25, 49), (0, 24)]


def test_a_window_behind_never_begins_inside_the_group_it_needs() -> None:
    found = plan(Request(30, None, backwards=True, playing=True), 100, 400, {30}, gop=12)
    assert found == [(24, 29), (12, 23), (0, 11)]


def test_the_window_behind_is_renewed_when_half_of_it_is_used_up() -> None:
    """Otherwise every step back would decode a whole group once more for one frame."""
    room, at = 60, 500
    behind = room - room // 3 - 1
    half = set(range(at - behind // 2 - 1, at + 60))
    assert plan(Request(at, None), 1000, room, half, gop=250) == []
    less = set(range(at - behind // 2 + 2, at + 60))
    assert plan(Request(at, None), 1000, room, less, gop=250) != []


def test_playing_on_never_goes_back() -> None:
    request = Request(500, None, playing=True)
    assert all(first >= 500 for first, _ in plan(request, 1000, 60, set(), gop=250))


@pytest.mark.parametrize(("gop", "room"), [(250, 258), (250, 120), (12, 60), (60, 258), (1, 30)])
def test_backwards_at_the_speed_of_the_footage(gop: int, room: int) -> None:
    """Eight frames can be decoded while one is shown; none may be late after the first fill."""
    cache, source = FrameCache(room * 16), Steps(1000, gop)
    cache.open("a")
    late = []
    at = 999
    watch(cache, at)
    for decoded in source.frames(at, at):  # the seek that came before
        cache.put("a", None, decoded)
    while at > 0:
        at -= 1
        watch(cache, at)
        if not cache.has("a", None, at):
            late.append(at)
        decode(cache, source, Request(at, None, backwards=True, playing=True), frames=8)
    assert [frame for frame in late if frame < 999 - gop] == []
    assert len(source.decoded) < 8 * 999


def watch(cache: FrameCache, at: int) -> None:
    """What the decoder tells the cache about a request."""
    onward, passed = Request(at, None, backwards=True, playing=True).shares(cache.room(16))
    cache.look_at("a", None, Look(at, backwards=True, onward=onward, passed=passed))


def decode(cache: FrameCache, source: Steps, request: Request, frames: int) -> None:
    """What the decoder does for one request until the next one comes."""
    room = cache.room(16)
    lacks: Callable[[int], bool] = lambda index: not cache.has("a", None, index)  # noqa: E731
    for first, last in Plan(request, 1000, room, lacks, source.keyframe_before).windows():
        for decoded in source.frames(first, last):
            cache.put("a", None, decoded)
            frames -= 1
            if not frames:
                return


@given(
    index=st.integers(0, 99),
    backwards=st.booleans(),
    playing=st.booleans(),
    loop=st.booleans(),
    room=st.integers(0, 150),
    have=st.sets(st.integers(0, 99)),
    gop=st.sampled_from([1, 7, 30, 100]),
)
def test_nothing_is_asked_for_twice_or_beyond_the_room(
    index: int, backwards: bool, playing: bool, loop: bool, room: int, have: set[int], gop: int
) -> None:
    request = Request(index, None, backwards, playing, loop)
    decoded = set(have)
    asked: list[int] = []
    firsts: list[range] = []
    found = Plan(request, 100, room, lambda i: i not in decoded, lambda i: i // gop * gop)
    for first, last in found.windows():
        run = range(first, last + 1)
        assert not decoded & {first, last}
        asked += [at for at in run if at not in decoded]
        decoded |= set(run)
        firsts.append(run)
    assert all(0 <= frame < 100 for frame in asked)
    assert len(asked) <= max(1, room)
    if index not in have:
        assert index in firsts[0]


def test_holes_in_a_group_of_pictures_are_filled_in_one_go() -> None:
    have = {60, *range(68, 72), 80}
    assert plan(Request(80, None, backwards=True), 1000, 200, have, gop=50)[0] == (50, 79)


def test_a_decoder_half_way_there_goes_on() -> None:
    request = Request(80, None, backwards=True)
    lacks: Callable[[int], bool] = lambda index: True  # noqa: E731
    found = Plan(request, 1000, 200, lacks, lambda i: i // 50 * 50, stands=70).windows()
    assert [next(found), next(found)] == [(70, 80), (50, 69)]


def test_marks_bound_what_is_decoded_in_advance() -> None:
    span = (20, 40)
    found = plan(Request(38, None, playing=True, loop=True, span=span), 1000, 600, set())
    assert found == [(38, 38), (39, 40), (20, 37)]
    back = plan(Request(22, None, backwards=True, playing=True, span=span), 1000, 600, {22})
    assert back == [(21, 21), (20, 20)]
    beside = plan(Request(50, None, playing=True, span=span), 60, 600, set())
    assert beside == [(50, 50), (51, 59)]


def test_scrubbing_asks_for_a_keyframe_and_no_more() -> None:
    request = Request(130, None, scrubbing=True)
    assert plan(request, 1000, 600, set(), gop=50) == [(100, 100)]
    assert plan(request, 1000, 600, {100}, gop=50) == []
    assert plan(request, 1000, 600, {130}, gop=50) == []


@pytest.mark.parametrize(("backwards", "playing"), [(True, False), (True, True), (False, True)])
def test_what_a_plan_asks_for_the_cache_keeps(backwards: bool, playing: bool) -> None:
    """Else it would be decoded over and over."""
    cache = FrameCache(100 * 16)
    cache.open("a")
    for at in range(450, 550):
        cache.put("a", None, frame(at))
    request = Request(500, None, backwards, playing)
    onward, passed = request.shares(100)
    cache.look_at("a", None, Look(500, backwards, onward=onward, passed=passed))
    lacks: Callable[[int], bool] = lambda index: not cache.has("a", None, index)  # noqa: E731
    for first, last in Plan(request, 1000, 100, lacks, int).windows():
        for at in range(first, last + 1):
            assert cache.put("a", None, frame(at))
    assert list(Plan(request, 1000, 100, lacks, int).windows()) == []
