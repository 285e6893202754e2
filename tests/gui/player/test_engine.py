"""Playing: what is shown when, with real timers and a clock in the test's hand."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from tests.gui.player.conftest import Shown, open_and_wait
from tests.gui.player.footage import Clock, Steps, group
from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.timing import DelayPolicy, GapPolicy
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.types import FrameSource


def wait_cached(qtbot: QtBot, engine: PlayerEngine, count: int) -> None:
    qtbot.waitUntil(lambda: engine.cached() == [(0, count - 1)], timeout=20_000)


def test_opening_shows_the_first_frame(qtbot: QtBot, engine: PlayerEngine, shown: Shown) -> None:
    open_and_wait(qtbot, engine, Steps(10))
    assert shown == [(0, "")]
    assert (engine.count, engine.index, engine.playing) == (10, 0, False)


def test_playing_follows_the_clock(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    open_and_wait(qtbot, engine, Steps(10, delay=0.02))
    wait_cached(qtbot, engine, 10)
    engine.play()
    for index in (1, 2, 3, 4):
        clock.now += 0.02
        qtbot.waitUntil(lambda at=index: shown[-1] == (at, ""), timeout=20_000)
    clock.now += 0.1  # the machine was busy
    qtbot.waitUntil(lambda: shown[-1] == (9, ""), timeout=20_000)
    assert engine.playhead.skipped == 4
    assert [index for index, _ in shown] == [0, 1, 2, 3, 4, 9]


def test_waking_a_moment_too_early_does_not_stop_playing(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    """The next frame falls due between looking for it and arming the timer for it."""
    open_and_wait(qtbot, engine, Steps(10, delay=0.02))
    wait_cached(qtbot, engine, 10)
    engine.play()
    for creep in (2e-6, 5e-6, 1e-5, 2e-5):
        due = engine.playhead.next_due()
        assert due is not None
        before = shown[-1]
        clock.now, clock.creep = due - 1.5e-5, creep
        engine._timer.timeout.emit()
        clock.creep = 0
        clock.now = due + 0.001
        qtbot.waitUntil(lambda before=before: shown[-1] != before, timeout=5_000)


def test_the_first_frames_time_begins_when_it_is_on_screen(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    source = Steps(10, gop=10, delay=0.02)
    open_and_wait(qtbot, engine, source)
    wait_cached(qtbot, engine, 10)
    entered, go_on = threading.Event(), threading.Event()

    def gate(index: int) -> None:
        entered.set()
        assert go_on.wait(20)

    source.gate = gate
    engine.play()
    engine.set_size((1, 1))  # nothing is decoded at this size
    assert entered.wait(20)
    clock.now += 5
    go_on.set()
    qtbot.waitUntil(lambda: shown[-1] == (0, "") and len(shown) == 2, timeout=20_000)
    assert engine.playhead.skipped == 0
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1][0] == 1, timeout=20_000)
    assert engine.playhead.skipped == 0


def test_a_size_that_comes_and_goes_does_not_stop_playing(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    open_and_wait(qtbot, engine, Steps(10, delay=0.02, side=8))
    wait_cached(qtbot, engine, 10)
    engine.play()
    engine.set_size((4, 4))  # holds: nothing is decoded at this size
    engine.set_size(None)  # what is on screen is right again
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1] == (1, ""), timeout=20_000)


Act = tuple[str, float]
ACTS: dict[str, Callable[[PlayerEngine, Clock, float], None]] = {
    "play": lambda e, c, x: e.play(backwards=x < 0.5),
    "pause": lambda e, c, x: e.pause(),
    "seek": lambda e, c, x: e.seek(int(x * 30)),
    "step": lambda e, c, x: e.step(1 if x < 0.5 else -10),
    "size": lambda e, c, x: e.set_size((4, 4) if x < 0.5 else None),
    "loop": lambda e, c, x: e.set_loop(x < 0.5),
    "shuttle": lambda e, c, x: e.shuttle(round(x * 2) - 1),
    "delay": lambda e, c, x: e.set_delay(x / 20 or None),
    "every": lambda e, c, x: e.set_every_frame(x < 0.5),
    "time": lambda e, c, x: setattr(c, "now", c.now + x),
    "events": lambda e, c, x: QCoreApplication.sendPostedEvents(),
}


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.floats(0, 1)), max_size=25))
def test_whatever_was_done_before_playing_plays(qapp: QCoreApplication, acts: list[Act]) -> None:
    clock = Clock()
    engine = PlayerEngine(clock=clock, cache=FrameCache(25 * 256))
    places: list[int] = []
    engine.frame_changed.connect(places.append)
    engine.open(lambda: Steps(30, gop=8, delay=0.02, side=8, broken=frozenset({7})))
    wait_until(lambda: engine.count > 0)
    for name, x in acts:
        ACTS[name](engine, clock, x)
    engine.set_loop(True)
    if not engine.playing:
        engine.play()
    del places[:]

    def go_on() -> bool:
        clock.now += 0.05
        return len(places) >= 5

    wait_until(go_on)
    assert engine.cache.nbytes <= engine.cache.budget
    assert engine.shut_down(20)


def wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    """As qtbot.waitUntil, for hypothesis: a fixture would live through all examples."""
    loop, timer = QEventLoop(), QTimer(interval=2)
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    deadline = QTimer(singleShot=True, interval=int(seconds * 1000))
    deadline.timeout.connect(lambda: loop.exit(1))
    timer.start()
    deadline.start()
    assert loop.exec() == 0, "timed out"
    timer.stop()
    deadline.stop()


def test_steps_pause_and_go_both_ways(qtbot: QtBot, engine: PlayerEngine, shown: Shown) -> None:
    open_and_wait(qtbot, engine, Steps(30, gop=30))
    wait_cached(qtbot, engine, 30)
    engine.play()
    for frames, index in ((1, 1), (1, 2), (-1, 1), (10, 11), (-10, 1), (-1, 0), (-1, 29)):
        engine.step(frames)
        assert shown[-1] == (index, "")
        assert not engine.playing


def test_where_a_frame_is_bad_the_one_before_it_stays_and_words_say_so(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    source = Steps(6, broken=frozenset({1}), missing=frozenset({3, 4}), delay=0.02)
    open_and_wait(qtbot, engine, source)
    qtbot.waitUntil(lambda: len(engine.damaged) == 3, timeout=20_000)
    engine.step(1)
    assert shown[-1] == (0, "Frame 1 is broken.")
    engine.play()
    clock.now += 0.04
    qtbot.waitUntil(lambda: shown[-1] == (2, "Frame 3 is missing."), timeout=20_000)
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1] == (2, "Frame 4 is missing."), timeout=20_000)
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1] == (5, ""), timeout=20_000)


def test_what_stands_in_for_a_bad_frame_is_decoded_for_it(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    open_and_wait(qtbot, engine, Steps(2000, gop=10, missing=frozenset({1500})))
    engine.seek(1500)
    qtbot.waitUntil(lambda: shown[-1] == (1499, "Frame 1500 is missing."), timeout=20_000)


def test_bad_frames_can_be_blank_or_passed_over(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    engine.set_gaps(GapPolicy.BLANK)
    source = Steps(6, broken=frozenset({1}), missing=frozenset({3}), delay=0.02)
    open_and_wait(qtbot, engine, source)
    qtbot.waitUntil(lambda: len(engine.damaged) == 2, timeout=20_000)
    engine.step(1)
    assert shown[-1] == (None, "Frame 1 is broken.")
    engine.set_gaps(GapPolicy.HOLD)
    assert shown[-1] == (0, "Frame 1 is broken.")
    engine.set_gaps(GapPolicy.SKIP)
    engine.step(1)
    assert shown[-1] == (2, "")
    engine.play()
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1] == (4, ""), timeout=20_000)
    assert engine.playhead.skipped == 0


def test_it_pauses_at_the_end(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    engine.set_loop(False)
    open_and_wait(qtbot, engine, Steps(3, delay=0.02))
    wait_cached(qtbot, engine, 3)
    engine.play()
    with qtbot.waitSignal(engine.playing_changed, timeout=20_000):
        clock.now += 1
    assert shown[-1] == (2, "")
    engine.play()
    assert shown[-1] == (0, "")


def test_a_decoder_that_is_behind_never_stops_playing(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    source = Steps(100, gop=100, delay=0.02)
    allowed = threading.Semaphore(1)
    source.gate = lambda index: allowed.acquire(timeout=20) and None
    open_and_wait(qtbot, engine, source)
    engine.play()
    clock.now += 1.0  # frame 50 is due, frame 0 is all there is
    for _ in range(60):
        allowed.release()
    qtbot.waitUntil(lambda: engine.index >= 50, timeout=20_000)
    indices = [index for index, _ in shown]
    assert indices == sorted(set(indices))  # forwards only
    assert engine.playhead.skipped == engine.index - (len(indices) - 1)
    for _ in range(100):
        allowed.release()


def test_opening_another_item_ends_the_first(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    first = Steps(500)
    hold = threading.Event()

    def gate(index: int) -> None:
        if index == 3:
            assert hold.wait(20)

    first.gate = gate
    open_and_wait(qtbot, engine, first)
    open_and_wait(qtbot, engine, Steps(4))  # does not wait for the thread that is held
    wait_cached(qtbot, engine, 4)
    hold.set()
    assert first.closed.wait(20)
    assert engine.count == 4
    assert engine.cache.nbytes == 4 * 16


def test_a_source_that_does_not_open(qtbot: QtBot, engine: PlayerEngine) -> None:
    def refuse() -> FrameSource:
        raise UserError("It is gone.")

    with qtbot.waitSignal(engine.failed, timeout=20_000) as heard:
        engine.open(refuse)
    assert heard.args == ["It is gone."]


@pytest.mark.parametrize(
    ("policy", "seconds"), [(DelayPolicy.BROWSER, 0.1), (DelayPolicy.AS_WRITTEN, 0.01)]
)
def test_delay_policy(
    qtbot: QtBot, engine: PlayerEngine, policy: DelayPolicy, seconds: float
) -> None:
    engine.set_policy(policy)
    open_and_wait(qtbot, engine, Steps(5, delay=0.01))
    assert engine.playhead.timing.duration(0) == pytest.approx(seconds)
    engine.set_delay(0.005)  # asked for by a person: no policy
    assert engine.playhead.timing.duration(4) == pytest.approx(0.005)
    engine.set_delay(None)
    assert engine.playhead.timing.duration(4) == pytest.approx(seconds)


def test_shuttle(qtbot: QtBot, engine: PlayerEngine) -> None:
    open_and_wait(qtbot, engine, Steps(50))
    head = engine.playhead
    steps: list[tuple[Callable[[], None], tuple[bool, bool, float]]] = [
        (lambda: engine.shuttle(1), (True, False, 1.0)),
        (lambda: engine.shuttle(1), (True, False, 2.0)),
        (lambda: engine.shuttle(-1), (True, True, 1.0)),
        (lambda: engine.shuttle(-1), (True, True, 2.0)),
        (lambda: engine.shuttle(-1), (True, True, 4.0)),
        (lambda: engine.shuttle(0), (False, True, 4.0)),
        (engine.toggle, (True, False, 4.0)),
    ]
    for act, expected in steps:
        act()
        assert (engine.playing, head.backwards, head.speed) == expected


def test_backwards_over_groups_of_pictures(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    engine.set_loop(False)
    open_and_wait(qtbot, engine, Steps(60, gop=20, delay=0.02))
    engine.seek(59)
    qtbot.waitUntil(lambda: shown[-1] == (59, ""), timeout=20_000)
    del shown[:]
    engine.set_every_frame(True)
    engine.play(backwards=True)
    for index in range(58, -1, -1):
        clock.now += 0.02
        qtbot.waitUntil(lambda at=index: shown[-1:] == [(at, "")], timeout=20_000)
    assert [index for index, _ in shown] == list(range(58, -1, -1))


def test_the_real_frames_in_order(qtbot: QtBot, corpora: Path) -> None:
    """All 170 frames, none twice, in the order of their numbers, round and round."""
    paths = group(corpora / "frames170")
    assert len(paths) == 170
    engine = PlayerEngine(cache=FrameCache(512 << 20))
    seen: list[int] = []
    engine.picture_changed.connect(lambda frame, problem: seen.append(frame.index))
    engine.opened.connect(lambda footage: engine.play())
    engine.set_every_frame(True)
    engine.open(lambda: SequenceSource(paths, list(range(170)), 5.0), (350, 197))
    qtbot.waitUntil(lambda: len(seen) >= 345, timeout=60_000)
    assert seen[:345] == [index % 170 for index in range(345)]
    assert engine.playhead.skipped == 0
    assert engine.shut_down(20)
