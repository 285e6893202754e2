"""The bridge: everything arrives on the main thread, newest first where that is promised."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from vidcache_gui.gui.background import Background, NewestFirst, Purpose


def test_a_search_ends_with_what_it_searches(qapp: QApplication) -> None:
    """Closing does not wait for a worker that only closing the library stops."""
    bridge, begun, released = Background(), threading.Event(), threading.Event()

    def search() -> bool:
        begun.set()
        return released.wait(20)

    ended = bridge.run(Purpose.SIMILAR, search)
    assert begun.wait(20)
    bridge.close(released.set)
    assert ended.result(0)


def test_results_arrive_on_the_main_thread(qtbot: Any, background: Background) -> None:
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    for purpose in Purpose:
        background.run(
            purpose,
            threading.current_thread,
            lambda worker: seen.append((worker, threading.current_thread())),
        )
    qtbot.waitUntil(lambda: len(seen) == len(Purpose))
    assert all(receiver is threading.main_thread() for _, receiver in seen)
    assert all(worker is not threading.main_thread() for worker, _ in seen)


def test_failures_arrive_too(qtbot: Any, background: Background) -> None:
    seen: list[Exception] = []

    def fail() -> None:
        raise OSError("the disk is full")

    background.run(Purpose.READ, fail, None, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert str(seen[0]) == "the disk is full"


def test_progress_is_coalesced_to_the_newest(qtbot: Any, background: Background) -> None:
    seen: list[int] = []
    ended: list[bool] = []

    def work() -> None:
        for value in range(2000):
            background.tell("progress", seen.append, value)

    background.run(Purpose.WORK, work, lambda _: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended) and bool(seen) and seen[-1] == 1999)
    assert len(seen) < 40


def test_nothing_is_told_to_a_destroyed_object(qtbot: Any, background: Background) -> None:
    class Pane(QObject):
        def show(self, value: object) -> None:
            raise AssertionError("the pane is gone")

    pane, gate, after = Pane(), threading.Event(), []
    background.run(Purpose.READ, gate.wait, pane.show)
    pane.deleteLater()
    QCoreApplication.sendPostedEvents(pane, QEvent.Type.DeferredDelete)
    gate.set()
    background.run(Purpose.READ, lambda: 1, after.append)
    qtbot.waitUntil(lambda: after == [1])


def test_newest_first_takes_the_youngest() -> None:
    executor = NewestFirst("test", limit=3)
    gate, done = threading.Event(), []
    running = threading.Event()

    def first() -> None:
        running.set()
        gate.wait()

    futures = [executor.submit(first)]
    assert running.wait(5)
    futures += [executor.submit(done.append, number) for number in range(5)]
    gate.set()
    executor.shutdown(wait=True)
    assert done == [4, 3, 2]
    assert [future.cancelled() for future in futures] == [False, True, True, False, False, False]


def test_closing_waits_for_what_runs_and_drops_the_rest(qtbot: Any) -> None:
    bridge = Background()
    running, told = threading.Event(), []
    started, ended = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        running.wait(5)
        ended.set()

    bridge.run(Purpose.READ, work, told.append)
    waiting = bridge.run(Purpose.READ, lambda: told.append("never"))
    assert started.wait(5)
    threading.Timer(0.05, running.set).start()
    bridge.close()
    assert ended.is_set()
    assert waiting.cancelled()
    assert bridge.run(Purpose.READ, lambda: told.append("late")).cancelled()
    assert told == []


def test_changes_asked_for_just_before_closing_are_made(qtbot: Any) -> None:
    bridge, gate, made = Background(), threading.Event(), []
    bridge.run(Purpose.CATALOG, gate.wait)
    for change in range(5):
        bridge.run(Purpose.CATALOG, lambda change=change: made.append(change))
    threading.Timer(0.05, gate.set).start()
    bridge.close()
    assert made == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("count", [5000])
def test_many_results_lose_none(qtbot: Any, background: Background, count: int) -> None:
    seen: list[int] = []
    for number in range(count):
        background.run(Purpose.READ, lambda number=number: number, seen.append)
    qtbot.waitUntil(lambda: len(seen) == count, timeout=20_000)
    assert sorted(seen) == list(range(count))
