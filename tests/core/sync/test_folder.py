"""A library and a plain folder."""

import os
from pathlib import Path

import pytest

from tests.core.sync.libraries import empty, library, put
from tests.media.make import make_image
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.core.sync.records import Act, Plan, Report, Way

__all__ = ["empty", "library"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder" / "sea").mkdir(parents=True)
    return tmp_path / "folder"


def plan(library: Library, folder: Path, way: Way = Way.BOTH, *, mirror: bool = False) -> Plan:
    return library.with_folder(folder).plan(way, mirror=mirror)


def sync(library: Library, folder: Path, way: Way = Way.BOTH, *, mirror: bool = False) -> Report:
    pair = library.with_folder(folder)
    report = pair.carry_out(pair.plan(way, mirror=mirror))
    assert not report.failures
    return report


def names(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_files_come_and_go_by_content(library: Library, folder: Path, tmp_path: Path) -> None:
    make_image(folder / "sea" / "wave.png", 1)
    (folder / "notes.txt").write_text("no footage")
    put(library, "clip_0", b"stored", fullname="frame_0.gif")
    sync(library, folder)
    item = library.find("wave.png")
    assert (item.bucket, item.prefix) == ("videos", "sea")
    assert names(folder)["clip/frame_0.gif"] == b"stored"
    (folder / "sea" / "wave.png").rename(folder / "moved.png")
    pair = library.with_folder(folder)
    again = pair.plan(Way.BOTH)
    assert [(step.act, step.title) for step in again.steps] == [(Act.KEEP, "notes.txt")]
    assert pair.hashed == 1  # the one that was moved
    pair = library.with_folder(folder)
    assert not pair.plan(Way.BOTH).to_do
    assert pair.hashed == 0


def test_a_changed_file_is_new_and_the_old_content_stays(library: Library, folder: Path) -> None:
    picture = make_image(folder / "a.png", 1)
    sync(library, folder)
    first = library.find("a.png").hash
    make_image(picture, 2)
    sync(library, folder)
    assert len(library.page(Query())) == 2
    assert list(names(folder)) == ["a.png"]
    assert not plan(library, folder).to_do
    sync(library, folder, Way.FROM, mirror=True)
    assert [item.hash for item in library.page(Query(trash=True))] == [first]


def test_what_was_deleted_on_one_side_is_not_brought_back(library: Library, folder: Path) -> None:
    make_image(folder / "a.png", 1)
    make_image(folder / "b.png", 2)
    sync(library, folder)
    library.remove([library.find("a.png").id])
    (folder / "b.png").unlink()
    found = plan(library, folder)
    assert {step.title for step in found.kept} == {"a.png", "b.png"}
    assert not found.to_do


def test_a_mirror_puts_files_aside(library: Library, folder: Path) -> None:
    make_image(folder / "sea" / "extra.png", 1)
    put(library, "clip_0", b"stored", fullname="frame_0.gif")
    sync(library, folder, Way.TO, mirror=True)
    left = names(folder)
    assert left.pop("clip/frame_0.gif") == b"stored"
    assert [path.split("/")[0] for path in left] == [".vidcache-trash"]
    assert not plan(library, folder, Way.TO, mirror=True).steps


def test_frames_come_as_one_group(library: Library, folder: Path) -> None:
    for number in range(3):
        make_image(folder / "sea" / f"frame_{number:03}.png", number)
    assert [step.title for step in plan(library, folder).to_do] == ["sea"]
    sync(library, folder)
    assert len(library.group("videos", "sea")) == 3
    assert not plan(library, folder).to_do


def test_frames_that_look_alike_are_a_file_each(library: Library, folder: Path) -> None:
    for number, data in enumerate([b"still", b"moves", b"still", b"still"]):
        put(library, f"clip_{number}", data, fullname=f"frame_{number}.png")
    sync(library, folder)
    assert list(names(folder)) == [f"clip/frame_{number}.png" for number in range(4)]
    assert not plan(library, folder).to_do
    (folder / "clip" / "frame_2.png").unlink()
    assert not plan(library, folder).to_do  # it was deleted there
    sync(library, folder, Way.TO, mirror=True)
    assert names(folder)["clip/frame_2.png"] == b"still"
    put(library, "clip_4", b"still", fullname="frame_4.png")
    for file in (folder / "clip").iterdir():
        file.unlink()
    assert not plan(library, folder).to_do  # all of that content was


@pytest.mark.parametrize(
    "path", ["../../out.gif", "/etc/out.gif", "..\\out.gif", "a/../../out.gif"]
)
def test_no_name_leads_out_of_the_folder(library: Library, folder: Path, path: str) -> None:
    put(library, "clip_0", b"stored", bucket_relative_path=path)
    sync(library, folder)
    inside = names(folder)
    assert list(inside.values()) == [b"stored"]
    assert set(os.listdir(folder.parent)) == {"folder", "library"}


def test_links_are_not_written_through(library: Library, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "clip").symlink_to(outside)
    put(library, "clip_0", b"stored", fullname="frame_0.gif")
    pair = library.with_folder(folder)
    report = pair.carry_out(pair.plan(Way.BOTH))
    assert "leads out" in (report.failures[0].error or "")
    assert list(outside.iterdir()) == []


def test_a_library_inside_the_folder_is_left_alone(tmp_path: Path) -> None:
    with Library.open(tmp_path / "all" / "library") as library:
        put(library, "clip_0", b"stored", fullname="frame_0.gif")
        sync(library, tmp_path / "all")
        assert [step.title for step in plan(library, tmp_path / "all").steps] == []
