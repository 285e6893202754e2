"""What single actions do: putting, fetching, exporting, deleting frames; and where to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.media import make
from vidcache_gui.core.bulk import staging
from vidcache_gui.core.bulk.records import BulkReport, BulkStatus
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.errors import UserError

Pictures = Callable[[int], list[Path]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One for all tests: starting its workers takes a second."""
    with Library.open(tmp_path_factory.mktemp("actions") / "library") as opened:
        yield opened


def do(library: Library, action: str, into: Path | str = ".", **values: Any) -> Any:
    """The one result of a job of one item."""
    name = library.free_bulk_name("one")
    library.add_to_bulk(name, [library.bulk_item(action, into=into, **values)])
    report = library.await_bulk(name)
    (result,) = (*report.successes, *report.failures)
    return result


def put(library: Library, paths: list[Path], **values: Any) -> BulkReport:
    name = library.free_bulk_name("in")
    library.add_to_bulk(name, [library.bulk_item("put", source=path, **values) for path in paths])
    return library.await_bulk(name)


def test_files_are_put_with_place_and_tags(library: Library, pictures: Pictures) -> None:
    paths = pictures(3)
    report = put(library, paths, bucket="stills", prefix="a/b", tags="one, two")
    assert report.job.succeeded == 3
    assert report.job.size == sum(path.stat().st_size for path in paths)
    item = library.find(paths[1].name)
    assert (item.bucket, item.prefix, item.tags) == ("stills", "a/b", ("one", "two"))


def test_what_is_here_already_is_skipped_and_gets_the_tags(
    library: Library, pictures: Pictures
) -> None:
    (path,) = pictures(1)
    do(library, "put", source=path)
    again = do(library, "put", source=path, tags="late")
    assert again.status is BulkStatus.SKIPPED
    assert "Already here" in again.reason
    assert library.find(path.name).tags == ("late",)
    library.undo()
    assert library.find(path.name).tags == ()


def test_what_cannot_be_put_is_a_failure_with_its_reason(library: Library, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no footage")
    (tmp_path / "mixed").mkdir()
    missing = do(library, "put", source=tmp_path / "gone.png")
    assert missing.status is BulkStatus.FAILED
    assert "not there" in missing.reason or "no such" in missing.reason.lower()
    assert do(library, "put", source=tmp_path / "notes.txt").status is BulkStatus.SKIPPED
    assert "not of numbered frames" in do(library, "put", source=tmp_path / "mixed").reason


def test_a_folder_of_frames_is_one_group(library: Library, tmp_path: Path) -> None:
    make.make_frames(tmp_path / "take", 4)
    done = do(library, "put", source=tmp_path / "take", bucket="b", ball_id="take1")
    assert done.status is BulkStatus.SUCCEEDED
    assert len(library.group("b", "take1")) == 4


def test_single_frames_are_put_fetched_and_deleted(
    library: Library, pictures: Pictures, tmp_path: Path
) -> None:
    first, second = pictures(2)
    values = {"bucket": "b", "ball_id": "single"}
    library.add_to_bulk("frames", [
        library.bulk_item("put", source=first, frame_number=0, tags={"take": "3"}, **values),
        library.bulk_item("put", source=second, key="mine.png", frame_number="7", **values),
    ])  # fmt: skip
    assert library.await_bulk("frames").job.succeeded == 2
    frames = library.group("b", "single")
    assert [(ball.key, ball.frame_number) for ball in frames] == [
        ("single_000.png", 0), ("mine.png", 7),
    ]  # fmt: skip
    assert frames[0].tags["take"] == "3"
    out = do(library, "fetch", tmp_path / "out", frame_number=7, **values)
    assert Path(out.path).read_bytes() == second.read_bytes()
    assert do(library, "delete", bucket="b", key="mine.png").status is BulkStatus.SUCCEEDED
    assert [ball.key for ball in library.group("b", "single")] == ["single_000.png"]
    assert "no frame" in do(library, "delete", bucket="b", key="mine.png").reason


def test_programs_hand_over_bytes_as_they_know_it(library: Library, pictures: Pictures) -> None:
    data = [path.read_bytes() for path in pictures(3)]
    items = [
        {"source": one, "bucket": "b", "ball_id": "up", "key": f"k{n}", "frame_number": n}
        for n, one in enumerate(data)
    ]
    library.put_bulk("up", items[:2])
    library.put_bulk("up", items[1:], max_concurrency=2)
    report = library.await_bulk("up", remove_on_completion=True)
    assert len(report.successes) == 3
    assert [library.get_bytes(ball.hash) for ball in library.group("b", "up")] == data
    assert list((library.path / "bulk").iterdir()) == []
    with pytest.raises(UserError, match="no bulk job"):
        library.await_bulk("up")
    with pytest.raises(UserError, match="Bytes need"):
        library.put_bulk("up", [{"source": b"x"}])


def test_bytes_of_a_job_that_is_removed_go_with_it(library: Library) -> None:
    item = library._bulk.put_item("up", {"source": b"x", "bucket": "b", "ball_id": "g", "key": "k"})
    library.add_to_bulk("up", [item])
    assert len(list((library.path / "bulk").iterdir())) == 1
    library.remove_bulk("up")
    assert list((library.path / "bulk").iterdir()) == []


def test_fetching_writes_what_is_stored_and_never_over_anything(
    library: Library, pictures: Pictures, tmp_path: Path
) -> None:
    path = pictures(1)[0]
    put(library, [path])
    out = tmp_path / "out"
    assert Path(do(library, "fetch", out, item=path.name).path) == out / path.name
    assert (out / path.name).read_bytes() == path.read_bytes()
    again = do(library, "fetch", out, item=path.name)
    assert (again.status, again.reason) == (BulkStatus.SKIPPED, "The same file is there already.")
    (out / "mine.png").write_bytes(b"precious")
    refused = do(library, "fetch", out, item=path.name, destination="mine.png")
    assert "exists already" in refused.reason
    assert (out / "mine.png").read_bytes() == b"precious"
    do(library, "fetch", out, item=path.name, destination="mine.png", overwrite="yes")
    assert (out / "mine.png").read_bytes() == path.read_bytes()
    assert {entry.name for entry in out.iterdir()} == {path.name, "mine.png"}


def test_two_items_of_one_name_do_not_meet(library: Library, tmp_path: Path) -> None:
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        Image.new("RGB", (8, 8), (number, 90, 7)).save(folder / "same.png")
    put(library, [tmp_path / "0" / "same.png", tmp_path / "1" / "same.png"])
    ids = [item.id for item in library.page(Query(text="same.png"), None)]
    out = tmp_path / "out"
    library.add_to_bulk("out", [library.bulk_item("fetch", item=id, into=out) for id in ids])
    assert library.await_bulk("out").job.succeeded == 2
    assert len(list(out.iterdir())) == 2


def test_a_group_is_fetched_as_a_folder_whatever_it_is_called(
    library: Library, tmp_path: Path
) -> None:
    make.make_frames(tmp_path / "take.gif", 3)
    put(library, [tmp_path / "take.gif"])
    out = tmp_path / "out"
    done = do(library, "fetch", out, item="take.gif", destination="sub/loop.gif")
    assert Path(done.path).is_dir()
    assert len(list(Path(done.path).iterdir())) == 3
    again = do(library, "fetch", out, item="take.gif", destination="sub/loop.gif")
    assert again.status is BulkStatus.SKIPPED


def test_nothing_is_written_outside_of_the_folder(
    library: Library, pictures: Pictures, tmp_path: Path
) -> None:
    path = pictures(1)[0]
    put(library, [path])
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (out / "link").symlink_to(outside)
    for where in ("../up.png", "a/../../up.png", str(outside / "up.png"), "link/up.png", "link/"):
        result = do(library, "fetch", out, item=path.name, destination=where)
        assert result.status is BulkStatus.FAILED, where
        assert "Nothing was written" in result.reason
    assert not (tmp_path / "up.png").exists()
    assert list(outside.iterdir()) == []


def test_frames_are_exported_in_ranges(library: Library, tmp_path: Path) -> None:
    make.make_gif(tmp_path / "a.gif", frames=6, size=(32, 24))
    put(library, [tmp_path / "a.gif"])
    out = tmp_path / "out"
    values = {"item": "a.gif", "from": "1", "to": "3", "delay_ms": "70"}
    done = do(library, "export", out, format="webp", **values)
    assert done.status is BulkStatus.SUCCEEDED, done.reason
    with Image.open(out / "a 1-3.webp") as made:
        assert made.n_frames == 3  # type: ignore[attr-defined]
    assert "which format" in do(library, "export", out, item="a.gif").reason
    assert "no frame 9" in do(library, "export", out, item="a.gif", to=9, format="gif").reason


def test_an_export_that_was_cut_short_behind_its_end_is_known_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_gif(tmp_path / "cut.gif", frames=3, size=(32, 24))
    put(library, [tmp_path / "cut.gif"])
    out = tmp_path / "out"
    item = library.bulk_item("export", item="cut.gif", format="webp", into=out)
    library.add_to_bulk("cut", [item])
    real = staging.sync_folder

    def killed(folder: Path) -> None:
        real(folder)
        raise KeyboardInterrupt  # what it had to say never reached the catalog

    with monkeypatch.context() as patched:
        patched.setattr(staging, "sync_folder", killed)
        patched.setattr(staging.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            library.run_bulk(lambda _: None, name="cut")
    written = staging.signature(out / "cut.webp")
    assert library.bulk_job("cut").done == 0
    assert len(list(out.iterdir())) == 2  # with the folder it was made in
    assert library.await_bulk("cut").job.succeeded == 1
    assert staging.signature(out / "cut.webp") == written
    assert [entry.name for entry in out.iterdir()] == ["cut.webp"]


def test_a_dry_run_says_what_would_happen(
    library: Library, pictures: Pictures, tmp_path: Path
) -> None:
    path = pictures(1)[0]
    put(library, [path])

    def said(action: str, **values: Any) -> str:
        return library.check_bulk_item(library.bulk_item(action, into=tmp_path, **values))

    name = path.name
    assert said("put", source=path) == f"Put '{name}' in 'videos'"
    assert said("fetch", item=path.name) == f"Write '{name}' to '{tmp_path / name}'"
    assert said("tag", item=path.name, tags="a") == f"Put the tag 'a' on '{name}'"
    assert said("delete", item=path.name) == f"Move '{name}' to the trash"
    assert "as png" in said("export", item=path.name, format="png", destination="x.png")
    with pytest.raises(UserError, match="Nothing in this library"):
        said("delete", item="nothing")
    with pytest.raises(UserError, match="not there"):
        said("put", source=tmp_path / "gone.png")


@pytest.mark.parametrize(
    ("action", "values", "reason"),
    [
        ("delte", {}, "'delte' is no action"), ("put", {}, "'put' needs a 'source'"),
        ("tag", {"item": 1, "destination": "x"}, "'tag' takes no 'destination'"),
        ("fetch", {"item": 1, "frame_number": "-1"}, "whole number"),
        ("fetch", {"item": 1, "frame_number": 2**70}, "whole number"),
        ("export", {"item": 1, "size": "big"}, "1280x720"),
        ("export", {"item": 1, "fps": "nan"}, "more than 0"),
        ("fetch", {"item": 1, "overwrite": "perhaps"}, "yes or no"),
        ("tag", {"item": {"a": 1}, "tags": "x"}, "must be text"),
        ("tag", {"item": "\ud800", "tags": "x"}, "half a character"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_refused_at_once(
    library: Library, action: str, values: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        library.bulk_item(action, **values)
