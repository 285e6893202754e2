"""The playhead: what is due when, with a clock that stands where the test puts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.gui.player.playhead import Playhead, browser_delays


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def play(delays: list[float], **options: bool) -> tuple[Playhead, Clock]:
    clock = Clock()
    head = Playhead(delays, clock, **options)
    head.play()
    return head, clock


def test_every_frame_is_due_at_its_own_time() -> None:
    head, clock = play([0.1, 0.2, 0.3], loop=False)
    for now, due in ((0, 0), (0.099, 0), (0.1, 1), (0.299, 1), (0.3, 2), (0.59, 2)):
        clock.now = 100 + now
        assert head.due() == due, now


def test_it_ends_on_the_last_frame_and_starts_over_when_played_again() -> None:
    head, clock = play([0.1] * 4, loop=False)
    clock.now += 5
    assert head.advance() == 3
    assert not head.playing
    head.play()
    assert (head.index, head.playing) == (0, True)


def test_errors_never_add_up() -> None:
    """However late each wake-up is, frame n is due at n delays."""
    head, clock = play([0.02] * 170)
    shown = []
    for _ in range(1000):
        wait = head.wait()
        assert wait is not None
        clock.now += wait + 0.004
        shown.append(head.advance())
    assert head.skipped == 0
    assert shown == [(n + 1) % 170 for n in range(1000)]
    assert clock.now == pytest.approx(100 + 1000 * 0.02 + 0.004, abs=1e-6)


def test_what_could_not_be_shown_is_counted_and_coming_round_is_not() -> None:
    head, clock = play([0.1] * 10)
    clock.now += 0.35
    assert head.advance() == 3
    assert head.skipped == 2
    head.seek(9)
    head.skipped = 0
    clock.now += 0.11
    assert head.advance() == 0
    assert head.skipped == 0


def test_backwards() -> None:
    clock = Clock()
    head = Playhead([0.1] * 5, clock)
    head.seek(2)
    head.play(backwards=True)
    shown = []
    for _ in range(6):
        wait = head.wait()
        assert wait is not None
        clock.now += wait
        shown.append(head.advance())
    assert shown == [1, 0, 4, 3, 2, 1]
    assert head.skipped == 0


def test_speed_and_delay_keep_the_frame() -> None:
    head, clock = play([0.1] * 10)
    clock.now += 0.45
    head.advance()
    head.set_speed(2.0)
    assert head.due() == 4
    clock.now += 0.051
    assert head.advance() == 5
    head.set_durations([1.0] * 10)
    clock.now += 0.49  # of 0.5 s: the speed is still 2
    assert head.advance() == 5


@given(
    delays=st.lists(st.floats(0.001, 2), min_size=1, max_size=20),
    waits=st.lists(st.floats(0, 3), max_size=20),
    backwards=st.booleans(),
    loop=st.booleans(),
    speed=st.sampled_from([0.1, 1.0, 8.0]),
)
def test_after_waiting_the_frame_has_changed(
    delays: list[float], waits: list[float], backwards: bool, loop: bool, speed: float
) -> None:
    clock = Clock()
    head = Playhead(delays, clock, loop=loop)
    head.set_speed(speed)
    head.play(backwards=backwards)
    for late in waits:
        before = head.index
        wait = head.wait()
        if wait is None:
            break
        assert wait >= 0
        clock.now += wait + 1e-6
        after = head.advance()
        assert 0 <= after < len(delays)
        if head.playing and len(delays) > 1:
            assert after != before
        clock.now += late
        head.advance()


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


def test_browsers_slow_very_fast_gifs_down() -> None:
    assert browser_delays([0.0, 0.01, 0.02, 0.05]) == [0.1, 0.1, 0.02, 0.05]
