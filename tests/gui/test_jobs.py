"""Jobs and their results as models, and the line that speaks of them."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from vidcache_gui.core.records import Job, JobState, Progress, SourceResult, Status
from vidcache_gui.gui.ingest.activity_line import ActivityLine
from vidcache_gui.gui.ingest.job_models import OVERLAP, JobsModel, ResultsModel


def job(id: int, state: JobState = JobState.DONE, **counts: int) -> Job:
    return Job(id, state, f"/films/reel {id}", 0, None, 10, 10, counts, {})


def result(position: int, status: Status = Status.NEW, reason: str | None = None) -> SourceResult:
    return SourceResult(f"/films/{position}.mp4", status, reason=reason, position=position)


def test_jobs_follow_qt_rules_and_keep_rows(qtmodeltester: Any, qtbot: Any) -> None:
    model = JobsModel()
    model.show_jobs([job(3), job(2), job(1)])
    qtmodeltester.check(model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show_jobs([job(4, JobState.RUNNING), job(3), job(1)])
    titles = [model.index(row).data() for row in range(model.rowCount())]
    assert titles == ["reel 4", "reel 3", "reel 1"]
    assert not resets


def test_results_merge_in_any_order(qtmodeltester: Any) -> None:
    model = ResultsModel()
    model.merge([result(5), result(9)])
    model.merge([result(2), result(7), result(9, Status.FAILED, "It ends early.")])
    qtmodeltester.check(model)
    assert [model.result(row).position for row in range(4)] == [2, 5, 7, 9]  # type: ignore[union-attr]
    assert model.index(3, 0).data() == "Failed"
    assert model.index(3, 2).data() == "It ends early."
    assert model.index(3, 1).data(Qt.ItemDataRole.ToolTipRole) == "/films/9.mp4"


def test_late_finishers_are_read_again() -> None:
    model = ResultsModel()
    assert model.next_after == 0
    model.merge([result(position) for position in range(1, 201)])
    assert model.next_after == 200 - OVERLAP


def test_news_from_before_a_pause_do_not_undo_it(app: QApplication, qtbot: Any) -> None:
    line = ActivityLine()
    qtbot.addWidget(line)
    line.show_jobs([job(1, JobState.PAUSED)])
    paused = line.text
    line.show_progress(Progress(1, JobState.RUNNING, False, 3, 5, 10, 20))
    assert line.text == paused
    assert paused.startswith("Paused")


def test_older_progress_than_the_list_is_not_shown(app: QApplication, qtbot: Any) -> None:
    line = ActivityLine()
    qtbot.addWidget(line)
    queued = replace(job(-1, JobState.QUEUED), sources_total=24, sources_done=9)
    line.show_jobs([queued])
    line.show_progress(Progress(-1, JobState.QUEUED, False, 9, 24, 0, 0))
    line.show_jobs([replace(queued, sources_done=23)])
    assert "23 of 24" in line.text


def test_the_line_speaks_of_what_runs(app: QApplication, qtbot: Any) -> None:
    line = ActivityLine()
    qtbot.addWidget(line)
    line.show_jobs([])
    assert line.isHidden()
    running = job(2, JobState.RUNNING)
    line.show_jobs([job(3, JobState.QUEUED), running, job(1)])
    assert not line.isHidden()
    line.show_progress(Progress(2, JobState.RUNNING, False, 3, 10, 50, 100, 10.0, 5.0))
    assert line.text == "Adding 3 of 10 · 50 bytes of 100 bytes · 10 bytes/s · 5 s left"
    line.show_progress(Progress(9, JobState.RUNNING, False, 1, 1, 1, 1))
    assert line.text.startswith("Adding 3 of 10")
    with qtbot.waitSignal(line.pause_requested) as seen:
        line._pause.click()
    assert seen.args == [2]
    line.show_jobs([replace(running, state=JobState.PAUSED)])
    with qtbot.waitSignal(line.resume_requested):
        line._pause.click()
    line.show_jobs([job(2, new=480, duplicate=12, failed=2)])
    assert line.text == "reel 2: 480 new · 12 already here · 2 failed"
    assert not line._failed.isHidden()
