"""One playhead over two sources in memory: pairs are whole, in step, and in time."""

import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.player.footage import Clock, Steps
from vidcache_gui.errors import UserError
from vidcache_gui.gui.compare.ahead import Ask, Open
from vidcache_gui.gui.compare.engine import PairEngine, Shown
from vidcache_gui.gui.compare.pair import Alignment, Pair
from vidcache_gui.gui.compare.side import UNCACHED, Side, share_memory
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.media.types import FrameSource


class Watched:
    """An engine and all pairs it showed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.engine = PairEngine(budget=1 << 20, clock=clock)
        self.shown: list[Shown] = []
        self.engine.pair_changed.connect(self.shown.append)

    @property
    def pairs(self) -> list[Pair]:
        return [shown.pair for shown in self.shown]


@pytest.fixture
def watched(qapp: QApplication) -> Iterator[Watched]:
    made = Watched(Clock())
    yield made
    assert made.engine.shut_down(20)


Start = Callable[..., Watched]


def ask(a: Open, b: Open, alignment: Alignment = Alignment()) -> Ask:  # noqa: B008
    return Ask((a, b), TimeMap.even(alignment))


@pytest.fixture
def start(qtbot: QtBot, watched: Watched) -> Start:
    def open_both(a: FrameSource, b: FrameSource, alignment: Alignment = Alignment()) -> Watched:  # noqa: B008
        with qtbot.waitSignal(watched.engine.pair_changed, timeout=10_000):
            watched.engine.open(ask(lambda: a, lambda: b, alignment))
        return watched

    return open_both


def all_ready(qtbot: QtBot, watched: Watched) -> None:
    engine = watched.engine
    qtbot.waitUntil(lambda: engine.cached() == [(0, engine.count - 1)], timeout=10_000)


def on_screen(watched: Watched) -> Pair:
    """What is painted, read from the frames themselves."""
    a, b = watched.shown[-1].frames
    return Pair(a.index if a else None, b.index if b else None)


def test_pairs_step_together(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(10), Steps(10), Alignment(0.08))
    engine = watched.engine
    all_ready(qtbot, watched)
    assert on_screen(watched) == Pair(0, 2)
    for places, expected in (
        (1, Pair(1, 3)), (5, Pair(6, 8)), (1, Pair(7, 9)), (1, Pair(8, None)), (1, Pair(9, None)),
        (1, Pair(None, 0)), (1, Pair(None, 1)), (-10, Pair(None, 0)),
    ):  # fmt: skip
        engine.step(places)
        assert on_screen(watched) == expected == watched.pairs[-1]


def test_no_pair_is_ever_torn(qtbot: QtBot, start: Start) -> None:
    """B is slower to decode than A: A's new frame waits for B's."""
    slow, go = Steps(10), threading.Event()
    watched = start(Steps(10), slow)
    engine = watched.engine
    all_ready(qtbot, watched)
    slow.gate = lambda index: go.wait(20) and None
    engine.set_sizes((1, 1), (1, 1))
    engine.seek(5)
    before = len(watched.shown)
    qtbot.waitUntil(lambda: engine.sides[0].frame(5) is not None, timeout=10_000)
    assert len(watched.shown) == before
    go.set()
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(5, 5), timeout=10_000)
    for shown in watched.shown:
        a, b = shown.frames
        assert a is not None
        assert b is not None
        assert a.index == b.index == shown.pair.a
        assert (a.width, b.width) in ((2, 2), (1, 1))


def test_playing_keeps_time_and_both_in_step(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(50), Steps(50), Alignment(-0.08))
    engine, clock = watched.engine, watched.clock
    all_ready(qtbot, watched)
    engine.seek(0)
    engine.play()
    for n in range(1, 40):
        clock.now += 0.04
        qtbot.waitUntil(lambda n=n: engine.place == n, timeout=10_000)
    assert engine.playhead.skipped == 0
    last = Pair(39, 37)
    assert on_screen(watched) == last
    engine.pause()
    engine.play(backwards=True)
    clock.now += 0.08
    qtbot.waitUntil(lambda: engine.place == 37, timeout=10_000)
    assert on_screen(watched) == Pair(37, 35)


def test_real_time_skips_pairs_and_every_frame_mode_waits(qtbot: QtBot, start: Start) -> None:
    slow = Steps(30)
    watched = start(Steps(30), slow)
    engine, clock = watched.engine, watched.clock
    all_ready(qtbot, watched)
    engine.play()
    clock.now += 0.2
    qtbot.waitUntil(lambda: engine.place == 5, timeout=10_000)
    assert (on_screen(watched), engine.playhead.skipped) == (Pair(5, 5), 4)
    engine.pause()
    engine.set_every_frame(True)
    engine.play()
    clock.now += 0.2
    qtbot.waitUntil(lambda: engine.place == 6, timeout=10_000)
    assert engine.playhead.late == 1
    assert engine.playhead.skipped == 0


def test_playing_waits_for_the_slower_side(qtbot: QtBot, start: Start) -> None:
    slow, go = Steps(6, side=100), threading.Event()
    watched = start(Steps(6), slow)
    engine, clock = watched.engine, watched.clock
    all_ready(qtbot, watched)
    slow.gate = lambda index: go.wait(20) and None
    engine.set_sizes(None, (50, 50))
    engine.play()
    clock.now += 0.04
    assert engine.playhead.held  # its time has not begun
    before = len(watched.shown)
    go.set()
    qtbot.waitUntil(lambda: len(watched.shown) > before, timeout=10_000)
    assert on_screen(watched) == Pair(0, 0)
    clock.now += 0.04
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(1, 1), timeout=10_000)


def test_seeking_shows_a_whole_pair_on_the_way(
    qtbot: QtBot, watched: Watched, start: Start
) -> None:
    watched.engine.set_loop(False)  # the end is not decoded in advance
    a, b, go = Steps(200, gop=50), Steps(200, gop=50), threading.Event()
    for source in (a, b):
        source.gate = lambda index: index < 151 or (go.wait(20) and None)  # type: ignore[assignment]
    start(a, b)
    watched.engine.seek(190)
    qtbot.waitUntil(lambda: len(watched.shown) >= 2, timeout=10_000)
    for pair in watched.pairs:
        assert pair.a == pair.b
    assert on_screen(watched) == Pair(150, 150)  # their keyframes
    go.set()
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(190, 190), timeout=10_000)


def test_nudging_moves_b_by_its_own_frames(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(10, delay=0.1), Steps(10, delay=0.1))
    engine = watched.engine
    engine.step(4)
    engine.nudge(1)
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(4, 5), timeout=10_000)
    assert engine.alignment.offset == pytest.approx(0.1)
    engine.nudge(-3)
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(4, 2), timeout=10_000)
    assert engine.alignment.offset == pytest.approx(-0.2)
    engine.nudge(-5)  # beyond its start: nothing is there
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(4, None), timeout=10_000)
    engine.nudge(5)
    qtbot.waitUntil(lambda: on_screen(watched) == Pair(4, 2), timeout=10_000)
    engine.reset()
    assert engine.alignment == Alignment()


def test_unlinked_b_moves_alone_and_is_linked_where_it_is(qtbot: QtBot, start: Start) -> None:
    b = Steps(10)
    b.durations = [0.04, 0.02, 0.06, 0.04, 0.04, 0.1, 0.04, 0.04, 0.04, 0.04]
    watched = start(Steps(10), b)
    engine = watched.engine
    engine.seek(3)
    engine.set_linked(False)
    before = engine.pair
    engine.step(4)
    assert engine.pair.a == before.a == 3
    assert before.b is not None
    assert engine.pair.b == before.b + 4
    matched = engine.pair
    engine.set_linked(True)
    engine.step(1)
    engine.step(-1)
    assert engine.pair == matched
    all_ready(qtbot, watched)
    assert on_screen(watched) == matched


def test_a_new_rate_keeps_what_is_on_screen(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(100), Steps(100))
    engine = watched.engine
    engine.seek(50)
    engine.set_rate(2.0)
    assert engine.pair == Pair(50, 50)
    engine.step(10)
    assert engine.pair == Pair(60, 70)
    engine.set_rate(100)
    assert engine.alignment.rate == 10


def test_a_damaged_frame_says_so_beside_the_sound_one(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(10), Steps(10, broken=frozenset({3})))
    watched.engine.step(3)
    qtbot.waitUntil(lambda: watched.pairs[-1] == Pair(3, 3), timeout=10_000)
    assert on_screen(watched) == Pair(3, None)
    assert watched.shown[-1].problems == ("", "Frame 3 is broken.")


def test_a_side_that_cannot_be_opened_leaves_the_other(qtbot: QtBot, watched: Watched) -> None:
    def refuse() -> FrameSource:
        raise UserError("It is not there.")

    watched.engine.open(ask(lambda: Steps(4), refuse))
    qtbot.waitUntil(lambda: watched.pairs == [Pair(0, None)], timeout=10_000)
    assert watched.shown[-1].problems == ("", "It is not there.")
    assert watched.engine.count == 4
    watched.engine.open(ask(refuse, refuse))
    qtbot.waitUntil(lambda: len(watched.pairs) == 2, timeout=10_000)
    assert watched.shown[-1].problems == ("It is not there.",) * 2
    watched.engine.toggle()
    watched.engine.step(1)
    assert not watched.engine.playing


def test_it_begins_where_both_have_something(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(10), Steps(10), Alignment(-0.12))
    assert watched.pairs[0] == Pair(3, 0)


def test_the_bar_shows_what_both_have_decoded(qtbot: QtBot, start: Start) -> None:
    watched = start(Steps(10), Steps(4), Alignment(-0.16))
    all_ready(qtbot, watched)
    watched.engine.align(Alignment(0.04))
    assert watched.engine.count == 11
    all_ready(qtbot, watched)


def test_closing_lets_go_of_both(qtbot: QtBot, start: Start) -> None:
    a, b = Steps(10), Steps(10)
    watched = start(a, b)
    assert watched.engine.shut_down(20)
    assert a.closed.is_set()
    assert b.closed.is_set()
    assert watched.engine.count == 0


@given(
    st.tuples(st.integers(1, 500), st.integers(1, 500)),
    st.tuples(st.integers(1, 64), st.integers(1, 64)),
    st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)),
    st.integers(0, 4_000_000),
)
def test_memory_is_shared_and_never_exceeded(
    counts: tuple[int, int], sides: tuple[int, int], delays: tuple[float, float], budget: int
) -> None:
    made = []
    for count, side, delay in zip(counts, sides, delays, strict=True):
        made.append(Side())
        made[-1].start(Footage.of(Steps(count, side=side, delay=delay)))
    share_memory(budget, made)
    needs = [
        (count + UNCACHED) * side * side * 4 for count, side in zip(counts, sides, strict=True)
    ]
    given_to = [side.cache.budget for side in made]
    assert sum(given_to) == budget
    assert min(given_to) >= 0
    if sum(needs) <= budget:
        assert all(got >= need for got, need in zip(given_to, needs, strict=True))
    elif budget > 10:
        spans = [
            got / need * count * delay
            for got, need, count, delay in zip(given_to, needs, counts, delays, strict=True)
        ]
        whole = [got >= need for got, need in zip(given_to, needs, strict=True)]
        assert any(whole) or spans[0] == pytest.approx(spans[1], rel=0.3, abs=1)
