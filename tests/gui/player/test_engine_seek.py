"""Seeking, scrubbing and stepping back: what is shown on the way, and what is decoded for it."""

import threading

from pytestqt.qtbot import QtBot

from tests.gui.player.conftest import Shown, open_and_wait
from tests.gui.player.footage import Clock, Steps
from vidcache_gui.gui.player.engine import PlayerEngine


def test_while_a_frame_is_sought_one_on_the_way_is_shown(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    source = Steps(1000, gop=100)
    engine.set_loop(False)
    open_and_wait(qtbot, engine, source)
    go_on = threading.Event()

    def gate(index: int) -> None:
        if index == 240:
            assert go_on.wait(20)

    source.gate = gate
    engine.seek(250)
    qtbot.waitUntil(lambda: shown[-1] == (200, ""), timeout=20_000)
    assert engine.index == 250
    go_on.set()
    qtbot.waitUntil(lambda: shown[-1] == (250, ""), timeout=20_000)
    assert [index for index, _ in shown] == [0, 200, 250]
    qtbot.waitUntil(lambda: engine.settled, timeout=20_000)
    for index in range(249, 199, -1):  # what lies behind it is there at once
        engine.step(-1)
        assert shown[-1] == (index, "")


def test_scrubbing_shows_the_last_place_only(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    source = Steps(1000)
    entered, go_on = threading.Event(), threading.Event()

    def gate(index: int) -> None:
        if index >= 100 and not entered.is_set():
            entered.set()
            assert go_on.wait(20)

    source.gate = gate
    open_and_wait(qtbot, engine, source)
    engine.seek(100)
    assert entered.wait(20)
    for index in range(107, 1000, 7):
        engine.seek(index)
    go_on.set()
    qtbot.waitUntil(lambda: shown[-1] == (996, ""), timeout=20_000)
    assert [index for index, _ in shown] in ([0, 996], [0, 100, 996])
    at = source.decoded.index(996)
    assert len([index for index in source.decoded[:at] if index > 100]) <= 1 + 48


def test_scrubbing_shows_keyframes_and_the_frame_on_rest(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    source = Steps(1000, gop=100)
    engine.set_loop(False)
    engine.resting.setInterval(1_000_000)
    open_and_wait(qtbot, engine, source)
    qtbot.waitUntil(lambda: engine.settled, timeout=20_000)
    wanted: list[int] = []
    engine.preview_wanted.connect(wanted.append)
    engine.scrub(550)
    assert (wanted, engine.index) == ([550], 550)
    qtbot.waitUntil(lambda: shown[-1] == (500, ""), timeout=20_000)
    engine.scrub(560)  # the same keyframe stands for it
    qtbot.waitUntil(lambda: engine.settled, timeout=20_000)
    assert wanted == [550]
    assert [index for index in source.decoded if index > 100] == [500]
    engine.scrub(20)  # this one is there
    assert shown[-1] == (20, "")
    engine.scrub(560)
    assert shown[-1] == (500, "")
    engine.rest()
    qtbot.waitUntil(lambda: shown[-1] == (560, ""), timeout=20_000)


def test_a_pointer_that_rests_sees_its_frame(
    qtbot: QtBot, engine: PlayerEngine, clock: Clock, shown: Shown
) -> None:
    engine.set_loop(False)
    open_and_wait(qtbot, engine, Steps(1000, gop=100, delay=0.02))
    engine.play()
    engine.scrub(550)
    clock.now += 1
    qtbot.waitUntil(lambda: shown[-1] == (550, ""), timeout=20_000)  # played on from where it is
    assert engine.playing
    clock.now += 0.02
    qtbot.waitUntil(lambda: shown[-1] == (551, ""), timeout=20_000)


def test_stepping_back_does_not_decode_what_was_passed_again(
    qtbot: QtBot, engine: PlayerEngine, shown: Shown
) -> None:
    engine.cache.set_budget(103 * 16)
    engine.set_loop(False)
    source = Steps(1000, gop=100)
    open_and_wait(qtbot, engine, source)
    engine.seek(950)
    qtbot.waitUntil(lambda: shown[-1] == (950, "") and engine.settled, timeout=20_000)
    del source.decoded[:]
    for index in range(949, 700, -1):
        engine.step(-1)
        qtbot.waitUntil(lambda at=index: shown[-1] == (at, ""), timeout=20_000)
    assert len(source.decoded) < 3 * 250
