"""The playhead: what is due when, with a clock that stands where the test puts it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.gui.player.footage import Clock
from vidcache_gui.gui.player.playhead import Playhead
from vidcache_gui.gui.player.timing import DelayPolicy, Timing, apply_policy

delays_of = st.lists(st.floats(0.001, 2), min_size=1, max_size=20)


def play(delays: list[float], *, loop: bool = True) -> tuple[Playhead, Clock]:
    clock = Clock()
    head = Playhead(Timing.of(delays), clock, loop=loop)
    head.play()
    return head, clock


def go_to_next(head: Playhead, clock: Clock, late: float = 0.0) -> int:
    due = head.next_due()
    assert due is not None
    clock.now = due + late
    assert head.advance()
    return head.index


def test_every_frame_is_due_at_its_own_time() -> None:
    head, clock = play([0.1, 0.2, 0.3], loop=False)
    for now, due in ((0, 0), (0.099, 0), (0.1, 1), (0.299, 1), (0.3, 2), (0.59, 2)):
        clock.now = 100 + now
        assert head.due() == due, now


def test_waking_too_early_changes_nothing() -> None:
    head, clock = play([0.1] * 3)
    clock.now += 0.0999
    assert not head.advance()
    assert head.index == 0
    assert head.next_due() == pytest.approx(100.1)


def test_it_ends_on_the_last_frame_and_starts_over_when_played_again() -> None:
    head, clock = play([0.1] * 4, loop=False)
    clock.now += 0.35
    head.advance()
    assert (head.index, head.playing) == (3, True)  # the last frame has its time too
    assert head.next_due() == pytest.approx(100.4)
    clock.now += 0.051
    head.advance()
    assert (head.index, head.playing, head.next_due()) == (3, False, None)
    head.play()
    assert (head.index, head.playing) == (0, True)


def test_errors_never_add_up() -> None:
    """However late each wake-up is, frame n is due at n delays."""
    clock = Clock()
    head = Playhead(Timing.even(170, 0.02), clock)
    head.play()
    shown = [go_to_next(head, clock, late=0.004) for _ in range(10_000)]
    assert shown == [(n + 1) % 170 for n in range(10_000)]
    assert head.skipped == 0
    assert clock.now == pytest.approx(100 + 10_000 * 0.02 + 0.004, abs=1e-6)


def test_what_could_not_be_shown_is_counted() -> None:
    head, clock = play([0.1] * 10)
    clock.now += 0.35
    assert head.advance()
    assert (head.index, head.skipped) == (3, 2)


def test_coming_round_and_scrubbing_are_no_skips() -> None:
    head, clock = play([0.1] * 10)
    head.seek(9)
    clock.now += 0.11
    assert head.advance()
    assert (head.index, head.skipped) == (0, 0)
    head.seek(7)
    go_to_next(head, clock)
    head.step(-5)
    assert (head.index, head.skipped) == (3, 0)


def test_the_latest_ready_frame_is_shown() -> None:
    head, clock = play([0.1] * 10)
    clock.now += 0.55
    assert not head.advance(lambda index: False)
    assert (head.index, head.skipped) == (0, 0)
    assert head.advance(lambda index: index <= 3)
    assert (head.index, head.skipped) == (3, 2)
    assert head.advance(lambda index: True)
    assert (head.index, head.skipped) == (5, 3)


def test_every_frame_mode_skips_none_and_slips() -> None:
    head, clock = play([0.1] * 10)
    head.every_frame = True
    assert go_to_next(head, clock, late=0.01) == 1
    assert (head.late, head.next_due()) == (0, pytest.approx(100.2))
    clock.now = 100.55  # three and a half frames late
    assert head.advance()
    assert (head.index, head.late, head.skipped) == (2, 1, 0)
    assert head.next_due() == pytest.approx(100.65)
    clock.now = 100.65
    assert not head.advance(lambda index: False)
    assert head.index == 2


def test_a_frame_that_is_not_there_yet_keeps_its_time() -> None:
    head, clock = play([0.1] * 10)
    head.seek(5)
    head.hold()
    clock.now += 3
    assert (head.due(), head.next_due()) == (5, None)
    assert not head.advance()
    head.release()
    assert head.next_due() == pytest.approx(clock.now + 0.1)
    assert head.skipped == 0


def test_backwards() -> None:
    clock = Clock()
    head = Playhead(Timing.of([0.1, 0.2, 0.3, 0.4, 0.5]), clock)
    head.seek(2)
    head.play(backwards=True)
    moments = []
    shown = []
    for _ in range(6):
        shown.append(go_to_next(head, clock))
        moments.append(round(clock.now - 100, 6))
    assert shown == [1, 0, 4, 3, 2, 1]
    assert moments == [0.3, 0.5, 0.6, 1.1, 1.5, 1.8]
    assert head.skipped == 0


def test_backwards_ends_at_the_first_frame() -> None:
    clock = Clock()
    head = Playhead(Timing.even(3, 0.1), clock, loop=False)
    head.seek(1)
    head.play(backwards=True)
    assert go_to_next(head, clock) == 0
    clock.now += 0.2
    head.advance()
    assert (head.index, head.playing) == (0, False)
    head.play(backwards=True)
    assert head.index == 2


def test_speed_and_delay_keep_the_frame_and_its_share() -> None:
    head, clock = play([0.1] * 10)
    clock.now += 0.45
    head.advance()
    head.set_speed(2.0)
    assert head.next_due() == pytest.approx(clock.now + 0.025)
    head.set_timing(Timing.even(10, 1.0))
    assert head.index == 4
    assert head.next_due() == pytest.approx(clock.now + 0.25)


@given(
    delays=delays_of,
    origin=st.integers(0, 19),
    steps=st.integers(0, 60),
    backwards=st.booleans(),
)
def test_due_times_and_due_frames_agree(
    delays: list[float], origin: int, steps: int, backwards: bool
) -> None:
    assume(origin < len(delays))
    timing = Timing.of(delays)
    seconds = timing.seconds_until(origin, steps, backwards)
    assert timing.steps_after(origin, seconds, backwards) == steps
    if steps:
        assert timing.steps_after(origin, seconds - 1e-4, backwards) == steps - 1


@given(
    delays=delays_of,
    waits=st.lists(st.floats(0, 3), max_size=20),
    backwards=st.booleans(),
    loop=st.booleans(),
    speed=st.sampled_from([0.1, 1.0, 8.0]),
)
def test_frames_shown_and_skipped_are_all_frames_due(
    delays: list[float], waits: list[float], backwards: bool, loop: bool, speed: float
) -> None:
    clock = Clock()
    head = Playhead(Timing.of(delays), clock, loop=loop)
    head.set_speed(speed)
    head.play(backwards=backwards)
    shown = 0
    for late in waits:
        due = head.next_due()
        if due is None:
            break
        assert due >= clock.now - 1e-6
        clock.now = due + late
        shown += head.advance()
        assert 0 <= head.index < len(delays)
    if len(delays) > 1:
        moved = shown + head.skipped
        start = len(delays) - 1 if backwards and not loop else 0
        sign = -1 if backwards else 1
        assert head.index == (start + sign * moved) % len(delays)


def test_steps_go_round_and_stay_inside() -> None:
    head, _ = play([0.1] * 5)
    head.step(-1)
    assert (head.index, head.playing) == (4, False)
    head.step(1)
    assert head.index == 0
    head.step(-10)
    assert head.index == 0
    head.step(10)
    assert head.index == 4
    head.set_loop(False)
    head.step(1)
    assert head.index == 4


def test_browsers_slow_very_fast_animations_down() -> None:
    raw = [0.0, 0.01, 0.02, 0.05]
    assert apply_policy(raw, DelayPolicy.BROWSER) == [0.1, 0.1, 0.02, 0.05]
    assert apply_policy(raw, DelayPolicy.AS_WRITTEN) == raw


def test_no_time_at_all_still_plays() -> None:
    head, clock = play([0.0, 0.0, 0.0])
    assert go_to_next(head, clock) == 1
    assert clock.now == pytest.approx(100.001)


def test_a_single_frame_is_never_skipped() -> None:
    head, clock = play([0.1])
    clock.now += 5
    head.advance()
    assert (head.index, head.skipped) == (0, 0)


# Marks, there and back, frames passed over


def walk(head: Playhead, clock: Clock, frames: int) -> list[int]:
    return [go_to_next(head, clock) for _ in range(frames)]


def test_marks_confine_playing_and_nothing_else() -> None:
    head, clock = play([0.1] * 10)
    head.set_marks(2, 4)
    assert head.playing
    clock.now += 0.1
    head.advance()
    assert head.index == 2  # it was outside: at the mark next
    assert walk(head, clock, 5) == [3, 4, 2, 3, 4]
    head.seek(7)
    assert (head.index, head.next_due()) == (7, pytest.approx(clock.now + 0.1))
    assert walk(head, clock, 2) == [2, 3]
    head.step(-5)
    assert head.index == 0
    head.play()
    assert head.index == 2  # played from outside it starts at the mark
    head.play(backwards=True)
    assert walk(head, clock, 2) == [4, 3]
    head.set_marks(None, None)
    assert walk(head, clock, 4) == [2, 1, 0, 9]
    assert head.skipped == 0


def test_without_a_loop_it_ends_at_the_mark() -> None:
    head, clock = play([0.1] * 10, loop=False)
    head.set_marks(2, 4)
    head.play()
    assert walk(head, clock, 2) == [3, 4]
    clock.now += 0.1
    head.advance()
    assert (head.index, head.playing) == (4, False)
    head.play()
    assert (head.index, head.playing) == (2, True)


def test_there_and_back() -> None:
    clock = Clock()
    head = Playhead(Timing.of([0.1, 0.2, 0.3, 0.4]), clock)
    head.set_there_and_back(True)
    head.play()
    moments = []
    shown = []
    for _ in range(7):
        descending = head.descending
        shown.append(go_to_next(head, clock))
        moments.append((round(clock.now - 100, 6), descending))
    assert shown == [1, 2, 3, 2, 1, 0, 1]
    assert [moment for moment, _ in moments] == [0.1, 0.3, 0.6, 1.0, 1.3, 1.5, 1.6]
    assert [back for _, back in moments] == [False, False, False, False, True, True, False]
    walk(head, clock, 3)
    assert (head.index, head.descending) == (2, True)
    head.set_speed(2.0)
    assert go_to_next(head, clock) == 1  # the way it goes is kept
    head.set_there_and_back(False)
    assert walk(head, clock, 2) == [2, 3]


def test_there_and_back_once() -> None:
    head, clock = play([0.1] * 3, loop=False)
    head.set_there_and_back(True)
    assert walk(head, clock, 4) == [1, 2, 1, 0]
    clock.now += 0.1
    head.advance()
    assert (head.index, head.playing) == (0, False)


def test_frames_can_be_passed_over() -> None:
    head, clock = play([0.1] * 6)
    head.pass_over(frozenset({1, 2, 5}))
    assert walk(head, clock, 4) == [3, 4, 0, 3]
    assert head.skipped == 0
    head.step(1)
    head.step(1)
    assert head.index == 0
    head.step(-1)
    assert head.index == 4
    head.step(-3)
    assert head.index == 0
    head.seek(3)
    head.step(-1)
    assert head.index == 0
    head.set_loop(False)
    head.seek(4)
    head.step(1)
    assert head.index == 4  # there is nothing after it
    head.pass_over(frozenset(range(6)))  # nothing left to show: then all of it
    head.play()
    assert walk(head, clock, 1) == [5]


@given(
    count=st.integers(1, 12),
    marks=st.tuples(st.integers(0, 11), st.integers(0, 11)),
    without=st.frozensets(st.integers(0, 11), max_size=5),
    start=st.integers(0, 11),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_a_course_shows_only_its_frames(
    count: int,
    marks: tuple[int, int],
    without: frozenset[int],
    start: int,
    flags: tuple[bool, bool, bool],
) -> None:
    """Whatever is asked for: after one lap every frame of the course was shown, no other."""
    first, last = sorted(marks)
    assume(last < count and start < count)
    there_and_back, backwards, late = flags
    clock = Clock()
    head = Playhead(Timing.even(count, 0.1), clock)
    head.set_marks(first, last)
    head.set_there_and_back(there_and_back)
    head.pass_over(without)
    head.seek(start)
    head.play(backwards=backwards)
    expected = set(range(first, last + 1)) - without or set(range(first, last + 1))
    seen = set()
    for _ in range(3 * count + 1):
        due = head.next_due()
        assert due is not None
        clock.now = due + (0.04 if late else 0.0)
        head.advance()
        seen.add(head.index)
    assert seen == expected
    assert head.skipped == 0
