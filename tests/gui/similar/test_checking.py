"""The check of a library beside everything else that goes on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from tests.gui.similar.conftest import Give
from tests.gui.similar.fake import FakeLibrary
from vidcache_gui.core.records import Job, JobState
from vidcache_gui.gui.background import Background, Purpose
from vidcache_gui.gui.ingest.activity_line import ActivityLine
from vidcache_gui.gui.similar.checking import Checking


def job(state: JobState) -> Job:
    return Job(1, state, "/some/folder", 0, None, 3, 1, {}, {})


@pytest.fixture
def checking(library: FakeLibrary, background: Background) -> Iterator[Checking]:
    """Stopped at the end, however a test ends: the threads of the bridge are waited for."""
    made = Checking(library, background)
    yield made
    made.stop()


def test_it_makes_room_for_what_is_brought_in(
    qtbot: QtBot, library: FakeLibrary, checking: Checking
) -> None:
    checking.start()
    qtbot.waitUntil(lambda: library.checks == 1)
    checking.make_room([job(JobState.RUNNING)])
    qtbot.waitUntil(lambda: not checking._running)
    assert library.checks == 1
    checking.make_room([job(JobState.DONE)])
    qtbot.waitUntil(lambda: library.checks == 2)
    checking.make_room([job(JobState.RUNNING)])
    checking.make_room([job(JobState.DONE)])  # before it had stopped
    qtbot.waitUntil(lambda: library.checks == 3)
    checking.stop()
    qtbot.waitUntil(lambda: not checking._running)


def test_progress_and_counts_are_told(
    qtbot: QtBot, library: FakeLibrary, checking: Checking, give: Give
) -> None:
    with qtbot.waitSignal(checking.state_changed):
        checking.start()
    qtbot.waitUntil(lambda: library.checks == 1)
    give(3)
    library.tell(replace(library.state, checked=5))
    # What was counted at the start may be told only now, and before what is told by the check.
    qtbot.waitUntil(lambda: sum(checking.counts.values()) == 3)
    qtbot.waitUntil(lambda: checking.state is not None and checking.state.checked == 5)
    checking.stop()
    qtbot.waitUntil(lambda: not checking._running)


def test_what_was_so_earlier_is_not_shown_later(
    qtbot: QtBot,
    library: FakeLibrary,
    checking: Checking,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A state that was read and one that was told come by different ways."""
    checking.start()
    qtbot.waitUntil(lambda: library.checks == 1)
    early = library.check_state()
    with qtbot.waitSignal(checking.state_changed, check_params_cb=lambda now: now.checked == 5):
        library.tell(replace(library.state, checked=5))
    monkeypatch.setattr(library, "check_state", lambda: early)
    arrived: list[None] = []
    checking.refresh()
    background.run(Purpose.READ, lambda: None, arrived.append)  # behind it
    qtbot.waitUntil(lambda: bool(arrived))
    assert checking.state is not None
    assert checking.state.checked == 5
    checking.stop()
    qtbot.waitUntil(lambda: not checking._running)


def test_there_is_news_only_while_it_goes_on(
    qtbot: QtBot, library: FakeLibrary, checking: Checking
) -> None:
    going = replace(library.state, checked=5)
    with qtbot.waitSignal(checking.news) as told:
        checking.start()
    assert told.args == [None]  # everything is compared
    qtbot.waitUntil(lambda: library.checks == 1)
    for state, news in ((going, going), (replace(going, paused=True), None), (going, going)):
        with qtbot.waitSignal(checking.news, check_params_cb=lambda told, news=news: told == news):
            library.tell(state)
    library.broken = OSError("no room")
    with qtbot.waitSignals([checking.stopped, checking.news]):
        pass
    assert checking.problem == "OSError: no room"
    checking.stop()


def test_what_is_brought_in_comes_first_in_the_activity_line(
    qtbot: QtBot, app: QCoreApplication, library: FakeLibrary
) -> None:
    line = ActivityLine()
    qtbot.addWidget(line)
    checking = replace(library.state, checked=5)
    line.show_check(checking)
    assert line.text == "Comparing footage: 5 of 12"
    with qtbot.waitSignal(line.check_toggled):
        line._pause.click()
    line.show_jobs([job(JobState.RUNNING)])
    assert line.text.startswith("Adding 1 of 3")
    line.show_check(replace(checking, checked=6))
    assert line.text.startswith("Adding 1 of 3")
    line.show_jobs([job(JobState.DONE)])
    assert line.text == "Comparing footage: 6 of 12"
    line.show_check(None)
    assert line.text == "folder: nothing to do"
    assert not line._pause.isVisibleTo(line)
    line.clear()
    assert not line.isVisibleTo(None)
