"""Bringing sources in: statuses, reasons, aliases, jobs that pause, resume, cancel, retry."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media import make
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import JobState, Progress, Query, SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as lib:
        yield lib


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    make.make_video(path, frames=6, size=(64, 48))
    return path


def bring_in(library: Library, *sources: Path | str, **target: object) -> list[SourceResult]:
    events = library.ingest(sources, Target(**target))  # type: ignore[arg-type]
    results = [event for event in events if isinstance(event, SourceResult)]
    return sorted(results, key=lambda result: result.source)


def test_new_then_duplicate_then_known_from_a_new_place(library: Library, clip: Path) -> None:
    (first,) = bring_in(library, clip, bucket="films", prefix="a/b/", meta={"k": 1})
    assert (first.status, first.name, first.kind) == (Status.NEW, "clip.mp4", Kind.VIDEO)
    assert first.hash is not None
    assert library.blob_path(first.hash).read_bytes() == clip.read_bytes()
    assert first.file_path == f"blobs/{first.hash[:2]}/{first.hash}"
    before = library.stats()
    (again,) = bring_in(library, clip)
    assert (again.status, again.hash, again.item_id) == ("duplicate", first.hash, first.item_id)
    assert library.stats() == before
    moved = clip.rename(clip.with_name("other name.mp4"))
    (elsewhere,) = bring_in(library, moved)
    assert elsewhere.status == "duplicate"
    assert library.stats().aliases == before.aliases + 1
    assert library.stats().blobs == before.blobs == 1
    details = library.details(first.item_id or 0)
    assert {alias.source for alias in details.aliases} == {str(clip), str(moved)}
    assert details.meta == {"k": 1}
    assert (details.item.bucket, details.item.prefix) == ("films", "a/b")
    assert details.item.frame_count == 6
    assert library.resolve(str(moved)) == details.item


def test_a_folder_of_everything(library: Library, tmp_path: Path, clip: Path) -> None:
    folder = tmp_path / "drop"
    (folder / "deep" / "er").mkdir(parents=True)
    shutil.copy(clip, folder / "deep" / "er" / "c.mp4")
    make.make_gif(folder / "a.gif", frames=3)
    make.make_frames(folder / "frames", 5)
    (folder / "notes.txt").write_text("no footage here")
    (folder / "empty.mp4").touch()
    (folder / "lies.mp4").write_text("this is not a film")
    os.mkfifo(folder / "pipe.mp4")
    os.symlink(folder, folder / "deep" / "loop")
    os.symlink("/dev/zero", folder / "endless.mp4")
    results = {Path(r.source).name: r for r in bring_in(library, folder)}
    status = {name: str(result.status) for name, result in results.items()}
    assert status == {
        "a.gif": "new", "c.mp4": "new", "frames": "new", "notes.txt": "skipped",
        "empty.mp4": "skipped", "lies.mp4": "skipped", "pipe.mp4": "skipped",
        "loop": "skipped", "endless.mp4": "skipped",
    }  # fmt: skip
    assert all(results[name].reason for name, word in status.items() if word == "skipped")
    assert "empty" in (results["empty.mp4"].reason or "")
    assert "pipe" in (results["pipe.mp4"].reason or "")
    stats = library.stats()
    assert (stats.videos, stats.animations, stats.groups, stats.balls) == (1, 1, 1, 5)
    kept = {path.name for path in (library.path / "blobs").rglob("*") if path.is_file()}
    assert len(kept) == stats.blobs


def test_a_device_named_directly_is_refused(library: Library) -> None:
    (result,) = bring_in(library, "/dev/zero")
    assert result.status == Status.SKIPPED
    assert "device" in (result.reason or "")


def test_a_truncated_file_is_kept_and_flagged(library: Library, clip: Path) -> None:
    data = clip.read_bytes()
    broken = clip.with_name("broken.mp4")
    broken.write_bytes(data[: len(data) * 2 // 3])
    (result,) = bring_in(library, broken)
    assert result.status == Status.NEW
    assert result.damaged
    assert library.get_bytes(result.hash or "") == broken.read_bytes()
    assert library.page(Query(damaged=True))[0].id == result.item_id


def test_what_is_not_there_fails_and_can_be_tried_again(library: Library, clip: Path) -> None:
    away = clip.rename(clip.with_name("away.mp4"))
    job = library.enqueue([clip, away])
    library.run_jobs(lambda event: None)
    statuses = {Path(r.source).name: str(r.status) for r in library.job_results(job)}
    assert statuses["away.mp4"] == "new"
    assert statuses["clip.mp4"] == "failed"
    shutil.copy(away, clip)
    library.retry_job(job)
    library.run_jobs(lambda event: None)
    assert {str(r.status) for r in library.job_results(job)} == {"new", "duplicate"}


def test_content_in_the_trash_comes_back(library: Library, clip: Path) -> None:
    (first,) = bring_in(library, clip)
    library.remove([first.item_id or 0])
    assert library.stats().items == 0
    (again,) = bring_in(library, clip)
    assert again.item_id == first.item_id
    assert "trash" in (again.reason or "")
    assert library.stats().items == 1


def test_bytes_lost_from_disk_are_healed_by_adding_them_again(library: Library, clip: Path) -> None:
    (first,) = bring_in(library, clip)
    path = library.blob_path(first.hash or "")
    path.unlink()
    assert [f.problem for f in library.verify()] == ["missing"]
    bring_in(library, clip)
    assert path.read_bytes() == clip.read_bytes()
    assert list(library.verify()) == []


def test_pause_resume_and_cancel(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(30):
        make.make_gif(folder / f"{number}.gif", frames=2, size=(16, 16 + number))
    job = library.enqueue([folder])
    paused, done = threading.Event(), threading.Event()

    def listen(event: object) -> None:
        if isinstance(event, SourceResult) and not paused.is_set():
            library.pause_job(job)
        if isinstance(event, Progress) and event.state is JobState.PAUSED:
            paused.set()

    def work() -> None:
        library.run_jobs(listen)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert paused.wait(20)
    half = library.job(job)
    assert half.state is JobState.PAUSED
    assert 0 < half.sources_done < 30
    library.resume_job(job)
    assert done.wait(60)
    thread.join()
    assert library.job(job).counts == {"new": 30}
    other = library.enqueue([folder])
    library.cancel_job(other)
    library.run_jobs(listen)
    assert library.job(other).state is JobState.CANCELLED
    assert library.job(other).sources_done == 0
    library.resume_job(other)
    library.run_jobs(listen)
    assert library.job(other).counts == {"duplicate": 30}


def test_a_closed_library_goes_on_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(20):
        make.make_gif(folder / f"{number}.gif", frames=2, size=(16, 16 + number))
    with Library.open(tmp_path / "library") as library:
        job = library.enqueue([folder])

        def stop_soon(event: object) -> None:
            if isinstance(event, SourceResult):
                library.stop_jobs()

        library.run_jobs(stop_soon)
        assert library.job(job).sources_done < 20
    moved = (tmp_path / "library").rename(tmp_path / "moved")
    with Library.open(moved) as library:
        library.run_jobs(lambda event: None)
        assert library.job(job).state is JobState.DONE
        assert library.stats().items == 20


def test_progress_counts_bytes(library: Library, clip: Path) -> None:
    events = [e for e in library.ingest([clip]) if isinstance(e, Progress)]
    last = events[-1]
    assert (last.sources_done, last.sources_total) == (1, 1)
    assert last.bytes_done == last.bytes_total == clip.stat().st_size
    assert last.state is JobState.DONE


def test_two_processes_do_not_share_a_job(tmp_path: Path, clip: Path) -> None:
    with Library.open(tmp_path / "library") as one, Library.open(tmp_path / "library") as two:
        job = one.enqueue([clip])
        claimed = one._queue.claim()
        assert claimed is not None
        assert two._queue.claim() is None
        assert two.job(job).foreign
        one.close()
        assert two._queue.claim() is not None


def test_a_window_claims_the_library_and_the_command_line_may_still_use_it(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", gui=True):
        with pytest.raises(UserError, match="already open in another VidCache window"):
            Library.open(tmp_path / "library", gui=True)
        with Library.open(tmp_path / "library") as cli:
            assert cli.stats().items == 0


def test_a_folder_of_other_things_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(UserError, match="holds other files"):
        Library.open(tmp_path)
    with pytest.raises(UserError, match="no VidCache library"):
        Library.open(tmp_path / "nowhere", create=False)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_names_that_are_not_utf8_come_in_and_are_given_back(library: Library, clip: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(clip.parent) + b"/caf\xe9 \xff"))
    folder.mkdir()
    odd = folder / os.fsdecode(b"\xc3\xa9 \xe9.mp4")  # é in UTF-8, then in Latin-1
    shutil.copy(clip, odd)
    make.make_frames(folder / os.fsdecode(b"shot \xfe"), 3)
    results = bring_in(library, folder)
    assert [str(result.status) for result in results] == ["new", "new"]
    assert {result.source for result in results} == {str(odd), str(folder / "shot \udcfe")}
    (item,) = library.page(Query(kind=Kind.VIDEO))
    assert item.name == odd.name
    assert library.resolve(str(odd)) == library.find(odd.name) == item
    assert [str(result.status) for result in bring_in(library, odd)] == ["duplicate"]
    library.rename(item.id, "x\udce9")
    library.undo()
    assert library.find(odd.name) == item
