"""Bulk jobs in the window: the preview of a manifest, and the panel that follows a job."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Job, JobState, Progress, Query
from vidcache_gui.gui.bulk import preview, shown
from vidcache_gui.gui.bulk.dialog import RunManifest
from vidcache_gui.gui.dialogs import Preferences
from vidcache_gui.gui.ingest.activity_line import done_words, progress_words
from vidcache_gui.gui.ingest.activity_panel import ActivityPanel
from vidcache_gui.gui.ingest.sources import describe
from vidcache_gui.gui.main_window import MainWindow
from vidcache_gui.interfaces.remotes.bulk import register

Fill = Callable[..., list[int]]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "tidy.csv"
    lines = ["tag,1,best", "tag,77,best", "tag,2,best", "delte,3,", "delete,3,"]
    path.write_text("\n".join(("action,item,tags", *lines)))
    return path


def dialog_of(window: MainWindow, qtbot: Any) -> RunManifest:
    qtbot.waitUntil(lambda: bool(window.findChildren(RunManifest)))
    (dialog,) = window.findChildren(RunManifest)
    qtbot.waitUntil(lambda: dialog.lines.rowCount() > 0)
    assert isinstance(dialog, RunManifest)
    return dialog


def panel_of(window: MainWindow) -> ActivityPanel:
    assert window.panel is not None
    return window.panel


def test_a_dropped_manifest_is_previewed_run_and_followed(
    window: MainWindow, library: Library, fill: Fill, manifest: Path, qtbot: Any
) -> None:
    fill(5)
    window.show_library(library)
    window.drop.dropped.emit([str(manifest)], False)
    dialog = dialog_of(window, qtbot)
    assert dialog.summary.text() == (
        "Tag 3 items, move 1 item to the trash. "
        "2 lines cannot be done and will be listed as failed."
    )
    assert [dialog.lines.item(row, 0).text() for row in range(5)] == ["2", "3", "4", "5", "6"]
    assert dialog.lines.item(0, 1).text() == "Put the tag 'best' on 'clip 0'"
    assert dialog.lines.item(1, 1).text().startswith("Cannot: Nothing in this library")
    assert not dialog.folder.isEnabled()  # nothing is written
    assert dialog.run.text() == "Run 4 items"
    dialog.at_a_time.setValue(3)
    dialog.run.click()
    qtbot.waitUntil(lambda: window.actions_by_id["activity"].isChecked())
    panel = panel_of(window)
    qtbot.waitUntil(lambda: library.bulk_job("tidy").state is JobState.DONE)
    qtbot.waitUntil(lambda: panel._title.text() == "tidy: 3 done · 2 failed")
    qtbot.waitUntil(lambda: panel.results.rowCount() == 5)
    assert library.bulk_job("tidy").concurrency == 3
    words = [panel.results.index(row, 0).data() for row in range(5)]
    assert words == ["Tagged", "Failed", "Tagged", "Failed", "In the trash"]
    panel._failed.click()
    qtbot.waitUntil(lambda: panel.results.rowCount() == 2)
    assert panel.results.index(1, 2).data().startswith("'delte' is no action")
    qtbot.waitUntil(
        lambda: window.actions_by_id["undo"].text() == "Undo Bulk job 'tidy'", timeout=5000
    )
    window.actions_by_id["undo"].trigger()
    qtbot.waitUntil(lambda: library.listing(Query(tag="best")).count == 0)
    assert library.listing(Query(trash=True)).count == 0


def test_a_manifest_is_run_again_under_a_name_of_its_own(
    window: MainWindow, library: Library, fill: Fill, manifest: Path, qtbot: Any
) -> None:
    fill(5)
    register(library)  # as the window does: what may be done is part of what a bad line says
    with manifest.open("rb") as file:
        library.add_to_bulk("tidy", library.read_manifest(file))
    library.run_bulk(lambda _: None)
    window.show_library(library)
    window.commands.show_manifest(str(manifest))
    dialog = dialog_of(window, qtbot)
    assert dialog.name.text() == "tidy-2"
    assert dialog.lines.item(3, 1).toolTip() == dialog.lines.item(3, 1).text()[len("Cannot: ") :]
    dialog.name.setText("tidy")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "already" in dialog.summary.text())
    assert dialog.name.hasFocus()
    assert dialog.run.isEnabled()
    dialog.cancel.setFocus()
    qtbot.keyClick(dialog.cancel, Qt.Key.Key_Return)  # presses what has the focus
    assert not dialog.isVisible()
    assert [job.name for job in library.bulk_jobs()] == ["tidy"]


def test_paths_in_the_preview_begin_in_the_folder_of_the_job(
    library: Library, fill: Fill, tmp_path: Path
) -> None:
    fill(1)
    path = tmp_path / "out.csv"
    path.write_text("action,source,item,destination\nput,a.mp4,,\nfetch,,1,deep/a.mp4\n")
    found = preview.read(library, str(path), str(tmp_path / "there"), CancelToken())
    assert [line.text for line in found.lines] == [
        "'a.mp4' is not there (any more).", "Write 'clip 0' to 'deep/a.mp4'",
    ]  # fmt: skip
    assert str(tmp_path) in found.lines[0].whole
    assert found.problems == 1


@pytest.mark.parametrize(("typed", "where"), [("~/out", "home/out"), ("near", "near")])
def test_a_folder_begins_at_home_or_where_the_manifest_is(
    window: MainWindow, library: Library, qtbot: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, typed: str, where: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for _ in library.ingest([make.make_gif(tmp_path / "wave.gif", frames=2)]):
        pass
    (tmp_path / "take out.csv").write_text("action,item,destination\nfetch,1,wave.gif\n")
    window.show_library(library)
    window.commands.show_manifest(str(tmp_path / "take out.csv"))
    dialog = dialog_of(window, qtbot)
    dialog.folder.setText(typed)
    dialog.run.click()
    qtbot.waitUntil(lambda: bool(library.bulk_jobs()))
    qtbot.waitUntil(lambda: library.bulk_jobs()[0].state is JobState.DONE)
    assert (tmp_path / where / "wave.gif").is_file()


def test_many_news_do_not_put_off_what_is_shown(
    window: MainWindow, library: Library, fill: Fill, qtbot: Any
) -> None:
    window.show_library(library)
    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: window.browser.model is not None and window.browser.model.is_listed)
    many = QTimer(interval=20)
    many.timeout.connect(session.hurry)
    many.start()
    with qtbot.waitSignal(session.changed):
        fill(1)
    many.stop()


def test_only_failures_are_tried_again_from_the_panel(
    window: MainWindow, library: Library, fill: Fill, qtbot: Any
) -> None:
    library.add_to_bulk("mark", [library.bulk_item("tag", item=n, tags="x") for n in (1, 2)])
    library.run_bulk(lambda _: None)
    assert library.bulk_job("mark").failed == 2
    fill(2)
    window.show_library(library)
    window.actions_by_id["activity"].trigger()
    panel = panel_of(window)
    qtbot.waitUntil(lambda: panel._retry.isVisible())
    panel._failed.click()
    panel._retry.click()
    assert not panel._failed.isChecked()
    qtbot.waitUntil(lambda: library.bulk_job("mark").succeeded == 2)
    qtbot.waitUntil(lambda: panel._title.text() == "mark: 2 done")
    panel._clear_ended()
    qtbot.waitUntil(lambda: panel.jobs.rowCount() == 0)
    assert library.bulk_jobs() == []


def test_a_stopped_job_goes_on_from_the_panel(
    window: MainWindow, library: Library, fill: Fill, qtbot: Any
) -> None:
    fill(2)
    items = [library.bulk_item("tag", item=n, tags="x") for n in (77, 1, 2)]
    library.add_to_bulk("mark", items, stop_on_failure=True)
    library.run_bulk(lambda _: None)
    window.show_library(library)
    window.actions_by_id["activity"].trigger()
    panel = panel_of(window)
    qtbot.waitUntil(lambda: panel._title.text().startswith("mark: Stopped at the first failure"))
    assert panel._pause.text() == "Resume"
    panel._pause.click()
    qtbot.waitUntil(lambda: library.bulk_job("mark").succeeded == 2)


def test_what_is_no_manifest_says_so_and_cannot_be_run(
    window: MainWindow, library: Library, tmp_path: Path, qtbot: Any
) -> None:
    (tmp_path / "films.csv").write_text("title,year\n")
    window.show_library(library)
    window.drop.dropped.emit([str(tmp_path / "films.csv")], False)
    qtbot.waitUntil(lambda: bool(window.findChildren(RunManifest)))
    (dialog,) = window.findChildren(RunManifest)
    qtbot.waitUntil(lambda: "'title' is no column" in dialog.summary.text())
    assert not dialog.run.isEnabled()
    dialog.reject()


def test_the_drop_says_that_it_is_a_manifest(app: QApplication) -> None:
    text = describe(["/a/tidy.jsonl"], None, "videos", as_frames=False)
    assert text == "Look at “tidy.jsonl” as a bulk manifest"
    assert describe(["/a/b.csv", "/a/c.csv"], None, "videos", as_frames=False).startswith("Add 2")


def test_how_many_at_a_time_is_a_preference(
    window: MainWindow, library: Library, qtbot: Any
) -> None:
    window.show_library(library)
    window.actions_by_id["preferences"].trigger()
    (dialog,) = window.findChildren(Preferences)
    qtbot.waitUntil(dialog._at_a_time.isEnabled)
    assert dialog._at_a_time.value() == library.bulk_concurrency
    dialog._at_a_time.setValue(3)
    qtbot.waitUntil(lambda: library.bulk_concurrency == 3)
    dialog.reject()


def test_words_of_a_bulk_job() -> None:
    counts = {"succeeded": 30, "failed": 2, "skipped": 1}
    at = Progress(-3, JobState.RUNNING, False, 33, 500, 1_200_000, 0, 0, 90, counts=counts)
    assert progress_words(at) == "Done 33 of 500 · 2 failed · 1.2 MB · 2 min left"
    job = Job(-3, JobState.CANCELLED, "x", 0, 0, 500, 33, counts, {"note": ""})
    assert done_words(job) == "Stopped: 30 done · 1 skipped · 2 failed"


def test_both_kinds_of_jobs_are_listed_by_time(library: Library, tmp_path: Path) -> None:
    number = library.enqueue([tmp_path])
    library.add_to_bulk("mark", [library.bulk_item("tag", item=1, tags="x")])
    listed = [job.id for job in shown.jobs_shown(library, 50)]
    assert sorted(listed) == [-library.bulk_job("mark").id, number]
