"""Bulk jobs: names, appending, order, failures, retries, pausing, totals, undo."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk.records import BulkItem, BulkProgress, BulkResult, BulkStatus, Outcome
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Query
from vidcache_gui.errors import UserError

Fill = Callable[[int], list[int]]


def nothing(_: object) -> None:
    pass


class Gate:
    """An action that a test holds open: what runs side by side, and what fails."""

    name = "gate"

    def __init__(self) -> None:
        self.columns = {"item": True}
        self.lock = threading.Lock()
        self.open = threading.Event()
        self.began = threading.Semaphore(0)
        self.running = self.most = 0
        self.ran: list[str] = []
        self.bad: set[str] = set()

    def check(self, item: BulkItem) -> str:
        return "Pass the gate"

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.began.release()
        try:
            while not self.open.wait(0.01):
                stop.check()
            with self.lock:
                self.ran.append(item.options["item"])
            if item.options["item"] in self.bad:
                raise UserError("It is bad.")
            progress(10)
            return Outcome(size=10)
        finally:
            with self.lock:
                self.running -= 1


@pytest.fixture
def gate(library: Library) -> Gate:
    made = Gate()
    library.register_bulk_action(made)
    return made


def gates(library: Library, *names: str) -> list[BulkItem]:
    return [library.bulk_item("gate", item=name) for name in names]


def tags(library: Library, ids: list[int], tag: str = "kept") -> list[BulkItem]:
    return [library.bulk_item("tag", item=str(id), tags=tag) for id in ids]


def test_a_thousand_items_are_one_undo_step_and_counted(library: Library, fill: Fill) -> None:
    ids = fill(1000)
    library.add_to_bulk("mark", tags(library, ids))
    report = library.await_bulk("mark")
    job = report.job
    assert (job.state, job.total, job.succeeded, job.failed) == (JobState.DONE, 1000, 1000, 0)
    assert len(report.successes) == 1000
    assert job.seconds > 0
    assert job.items_per_second > 0
    assert library.listing(Query(tag="kept")).count == 1000
    assert [entry.label for entry in library.history()] == ["Bulk job 'mark'"]
    library.undo()
    assert library.listing(Query(tag="kept")).count == 0
    library.redo()
    assert library.listing(Query(tag="kept")).count == 1000


def test_deleting_moves_to_the_trash_in_one_step(library: Library, fill: Fill) -> None:
    ids = fill(30)
    items = [library.bulk_item("delete", item=f"#{id}") for id in (*ids[:20], ids[0])]
    library.add_to_bulk("tidy", [*items, library.bulk_item("delete", item="clip 0.mp4")])
    report = library.await_bulk("tidy")
    assert (report.job.succeeded, report.job.skipped, report.job.failed) == (20, 1, 0)
    assert library.listing(Query(trash=True)).count == 20
    library.undo()
    assert library.listing(Query(trash=True)).count == 0


def test_what_somebody_changed_in_between_is_a_step_of_its_own(
    library: Library, fill: Fill
) -> None:
    ids = fill(3)
    library.add_to_bulk("mark", tags(library, ids[:1]))
    library.run_bulk(nothing, name="mark")
    library.tag(ids[:1], remove=["kept"])
    library.add_to_bulk("mark", tags(library, ids[1:2]))  # another item: the same step
    library.add_to_bulk("mark", [library.bulk_item("tag", item=ids[0], tags="kept", untag="x")])
    library.run_bulk(nothing, name="mark")
    assert [entry.label for entry in library.history()] == [
        "Bulk job 'mark'", "Untag 1 item 'kept'", "Bulk job 'mark'",
    ]  # fmt: skip
    library.undo()
    assert library.items(ids[:1])[0].tags == ()


def test_tagging_and_untagging_in_one_job_go_in_their_order(library: Library, fill: Fill) -> None:
    (id,) = fill(1)
    on, off = library.bulk_item("tag", item=id, tags="a;b"), library.bulk_item(
        "tag", item=id, untag=["b"]
    )  # fmt: skip
    library.add_to_bulk("twice", [on, off])
    report = library.await_bulk("twice")
    assert [one.status for one in report.successes] == [BulkStatus.SUCCEEDED] * 2
    assert library.items([id])[0].tags == ("a",)


def test_concurrency_is_bounded_and_changing_it_is_heard(library: Library, gate: Gate) -> None:
    library.add_to_bulk("g", gates(library, *"abcdefgh"), max_concurrency=3)
    library.start_bulk()
    for _ in range(3):
        assert gate.began.acquire(timeout=10)
    assert gate.running == 3
    gate.open.set()
    assert library.await_bulk("g").job.succeeded == 8
    assert gate.most == 3
    assert library.bulk_job("g").size == 80


def test_the_usual_concurrency_is_a_setting_of_the_library(library: Library, gate: Gate) -> None:
    library.set_bulk_concurrency(2)
    job, _ = library.add_to_bulk("g", gates(library, "a"))
    assert job.concurrency == library.bulk_concurrency == 2
    with pytest.raises(UserError, match="1 to 64"):
        library.set_bulk_concurrency(0)


def test_the_same_name_appends_while_it_runs_until_it_is_awaited(
    library: Library, gate: Gate
) -> None:
    library.add_to_bulk("g", gates(library, "a", "b"))
    library.start_bulk()
    assert gate.began.acquire(timeout=10)
    job, added = library.add_to_bulk("g", gates(library, "b", "c"))
    assert (job.total, added) == (3, 1)  # what it has already is not added again
    gate.open.set()
    report = library.await_bulk("g")
    assert sorted(gate.ran) == ["a", "b", "c"]
    assert report.job.closed
    with pytest.raises(UserError, match="closed"):
        library.add_to_bulk("g", gates(library, "d"))


def test_an_open_job_that_was_done_goes_on(library: Library, gate: Gate) -> None:
    gate.open.set()
    library.add_to_bulk("g", gates(library, "a"))
    library.run_bulk(nothing, name="g")
    assert library.bulk_job("g").state is JobState.DONE
    job, _ = library.add_to_bulk("g", gates(library, "b"))
    assert job.state is JobState.QUEUED
    library.run_bulk(nothing)
    assert gate.ran == ["a", "b"]


def test_only_failures_are_tried_again(library: Library, gate: Gate) -> None:
    gate.open.set()
    gate.bad = {"b", "d"}
    library.add_to_bulk("g", gates(library, *"abcd"))
    report = library.await_bulk("g")
    assert {(one.label, one.reason) for one in report.failures} == {
        ("b", "It is bad."), ("d", "It is bad."),
    }  # fmt: skip
    gate.ran, gate.bad = [], {"d"}
    assert library.retry_bulk("g") == 2
    again = library.await_bulk("g")
    assert sorted(gate.ran) == ["b", "d"]
    assert (again.job.succeeded, again.job.failed) == (3, 1)
    gate.bad = set()
    library.retry_bulk("g")
    library.await_bulk("g")
    with pytest.raises(UserError, match="nothing to try again"):
        library.retry_bulk("g")


def test_it_stops_at_the_first_failure_where_asked(library: Library, gate: Gate) -> None:
    gate.open.set()
    gate.bad = {"b"}
    library.add_to_bulk("g", gates(library, *"abcdef"), max_concurrency=1, stop_on_failure=True)
    report = library.await_bulk("g")
    assert report.job.state is JobState.CANCELLED
    assert report.job.note == "Stopped at the first failure, as asked."
    assert gate.ran == ["a", "b"]
    library.resume_bulk("g")
    assert library.await_bulk("g").job.state is JobState.DONE
    assert gate.ran == list("abcdef")


def test_joined_changes_stop_at_the_first_failure_too(library: Library, fill: Fill) -> None:
    ids = fill(4)
    items = tags(library, [ids[0], 999, *ids[1:]])
    library.add_to_bulk("mark", items, stop_on_failure=True)
    report = library.await_bulk("mark")
    assert [one.label for one in report.failures] == ["999"]
    assert library.listing(Query(tag="kept")).count == 1
    assert report.job.total - report.job.done == 3


def test_a_job_that_stops_at_failures_does_not_begin_with_one(library: Library) -> None:
    bad = BulkItem("", {}, 7, problem="It is not UTF-8 text.")
    with pytest.raises(UserError, match="Line 7: It is not UTF-8"):
        library.add_to_bulk("g", [bad], stop_on_failure=True)
    with pytest.raises(UserError, match="no bulk job called 'g'"):
        library.bulk_job("g")


def test_pausing_holds_it_and_another_job_goes_on(library: Library, gate: Gate) -> None:
    library.add_to_bulk("g", gates(library, "a", "b"), max_concurrency=1)
    library.start_bulk()
    assert gate.began.acquire(timeout=10)
    library.pause_bulk("g")
    library.add_to_bulk("other", gates(library, "x"))
    assert gate.began.acquire(timeout=10)  # that of the other job
    gate.open.set()
    library.await_bulk("other")
    assert library.bulk_job("g").state is JobState.PAUSED
    library.resume_bulk("g")
    assert library.await_bulk("g").job.succeeded == 2


def test_stopping_leaves_the_rest_undone_until_it_is_resumed(library: Library, gate: Gate) -> None:
    library.add_to_bulk("g", gates(library, "a", "b", "c"), max_concurrency=1)
    library.start_bulk()
    assert gate.began.acquire(timeout=10)
    library.stop_bulk("g")
    assert library.await_bulk("g").job.state is JobState.CANCELLED
    assert gate.ran == []
    gate.open.set()
    library.resume_bulk("g")
    assert library.await_bulk("g").job.succeeded == 3


def test_closing_the_library_lets_it_go_on_at_the_next_start(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        gate = Gate()
        library.register_bulk_action(gate)
        library.add_to_bulk("g", gates(library, "a", "b"))
        library.start_bulk()
        assert gate.began.acquire(timeout=10)
    with Library.open(tmp_path / "library") as library:
        gate.open.set()
        library.register_bulk_action(gate)
        library.run_bulk(nothing)
        assert library.bulk_job("g").succeeded == 2


def test_news_tell_every_item_once_and_how_far_it_is(library: Library, gate: Gate) -> None:
    gate.open.set()
    events: list[Any] = []
    library.add_to_bulk("g", gates(library, *"abc"))
    library.await_bulk("g", on_event=events.append)
    results = [event for event in events if isinstance(event, BulkResult)]
    assert sorted(result.label for result in results) == ["a", "b", "c"]
    last = next(event for event in reversed(events) if isinstance(event, BulkProgress))
    assert (last.job.done, last.job.total, last.size) == (3, 3, 30)


def test_a_bug_in_an_action_is_a_failure_of_its_item(library: Library, gate: Gate) -> None:
    gate.open.set()
    gate.bad = None  # type: ignore[assignment]
    library.add_to_bulk("g", gates(library, "a"))
    (failure,) = library.await_bulk("g").failures
    assert "inside VidCache (TypeError" in str(failure.reason)


def test_jobs_are_listed_and_removed(library: Library, gate: Gate) -> None:
    for name in ("one", "two"):
        library.add_to_bulk(name, gates(library, "a"))
    assert [job.name for job in library.bulk_jobs()] == ["two", "one"]
    assert library.free_bulk_name("two") == "two-2"
    library.remove_bulk("two")
    assert [job.name for job in library.bulk_jobs()] == ["one"]
    with pytest.raises(UserError, match="no bulk job called 'two'"):
        library.await_bulk("two")
    gate.open.set()
    assert library.await_bulk("one", remove_on_completion=True).job.succeeded == 1
    assert library.bulk_jobs() == []


def test_a_running_job_is_not_removed(library: Library, gate: Gate) -> None:
    library.add_to_bulk("g", gates(library, "a"))
    library.start_bulk()
    assert gate.began.acquire(timeout=10)
    with pytest.raises(UserError, match="running"):
        library.remove_bulk("g")
    gate.open.set()
    library.await_bulk("g")


def test_an_action_this_program_does_not_know_fails_its_items(library: Library, gate: Gate) -> None:
    library.add_to_bulk("g", [BulkItem("push", {"item": "1"})])
    (failure,) = library.await_bulk("g").failures
    assert failure.reason == "This VidCache cannot do 'push'."


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_names_are_printable(library: Library, name: str) -> None:
    with pytest.raises(UserError, match="needs a name"):
        library.add_to_bulk(name, [])
