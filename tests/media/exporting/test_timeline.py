"""Which frame when: arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting.choices import Choices, Order
from vidcache_gui.media.exporting.timeline import Step, Ticks, outline, steps

DELAYS = st.lists(st.floats(1, 500), min_size=1, max_size=60)


def plain(
    delays: list[float], choices: Choices, *, animation: bool = False, raw: bool = True
) -> list[Step]:
    return steps(delays, 0, choices, animation=animation, raw=raw)


@given(DELAYS, st.floats(1, 120))
def test_a_rate_shows_what_was_on_screen_and_takes_as_long(delays: list[float], fps: float) -> None:
    made = plain(delays, Choices(fps=fps))
    assert sum(step.delay_ms for step in made) == pytest.approx(sum(delays))
    time, edges = 0.0, [sum(delays[:at]) for at in range(len(delays) + 1)]
    for step in made:
        assert edges[step.index] - 1e-3 <= time < edges[step.index + 1] + 1e-3
        time += 1000 / fps


@given(
    DELAYS, st.none() | st.floats(1, 120), st.sampled_from(list(Order)), st.floats(0.25, 4),
    st.booleans(),
)  # fmt: skip
def test_the_outline_is_that_of_the_steps(
    delays: list[float], fps: float | None, order: Order, speed: float, raw: bool
) -> None:
    choices = Choices(fps=fps, order=order, speed=speed)
    made = plain(delays, choices, animation=True, raw=raw)
    count, length = outline(delays, choices, animation=True, raw=raw)
    assert count == len(made)
    assert length == pytest.approx(sum(step.delay_ms for step in made))


@given(DELAYS, st.sampled_from([0.1, 1.0, 90.0]))
def test_whole_ticks_never_drift(delays: list[float], per_ms: float) -> None:
    clock = Ticks(per_ms, 1 << 40)
    time, told = 0.0, 0
    for delay in delays * 20:
        told += clock.take(delay)
        time += delay
        assert abs(told - time * per_ms) <= 0.51


def test_delays_that_fit_are_not_touched() -> None:
    clock = Ticks(1 / 10, 65535)
    assert [clock.take(ms) for ms in (0, 10, 40, 0, 655350, 90, 30)] == [0, 1, 4, 0, 65535, 9, 3]


def test_orders() -> None:
    def order(count: int, which: Order) -> list[int]:
        return [step.index for step in plain([40.0] * count, Choices(order=which))]

    assert order(4, Order.BACKWARDS) == [3, 2, 1, 0]
    assert order(4, Order.PING_PONG) == [0, 1, 2, 3, 2, 1]
    assert [order(count, Order.PING_PONG) for count in (1, 2)] == [[0], [0, 1]]


def test_delays_nobody_meant_stay_where_the_format_has_them() -> None:
    delays = [0.0, 10.0, 20.0, 40.0]
    kept = plain(delays, Choices(), animation=True)
    assert [step.delay_ms for step in kept] == delays
    as_played = plain(delays, Choices(), animation=True, raw=False)
    assert [step.delay_ms for step in as_played] == [100, 100, 20, 40]
    video = plain([8.3, 8.4], Choices(speed=2), raw=False)
    assert [step.delay_ms for step in video] == [4.15, 4.2]
    assert [step.delay_ms for step in plain(delays, Choices(delay_ms=70))] == [70] * 4


def test_an_endless_result_is_refused() -> None:
    with pytest.raises(UserError, match="lower rate"):
        plain([3_600_000.0], Choices(fps=1000))


@pytest.mark.parametrize(
    "choices",
    [
        Choices(5), Choices(-1), Choices(0, 5), Choices(3, 2), Choices(size=(0, 5)),
        Choices(fps=0), Choices(fps=2000), Choices(delay_ms=-1), Choices(speed=0),
        Choices(colours=1), Choices(loop=-1), Choices(speed=float("nan")),
    ],
)  # fmt: skip
def test_impossible_choices_are_refused(choices: Choices) -> None:
    with pytest.raises(UserError):
        choices.check(5)
