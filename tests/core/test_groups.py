"""Frames as balls: numbers, keys, equal frames, and what happens when they are not in order."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media import make
from vidcache_gui.core.intake import Skipped, Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query, SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as lib:
        yield lib


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    folder = tmp_path / "frames"
    make.make_frames(folder, 6)
    return folder


def first_frame(folder: Path) -> Path:
    return sorted(folder.iterdir())[0]


def rename(folder: Path, names: list[str]) -> None:
    for path, name in zip(sorted(folder.iterdir()), names, strict=True):
        path.rename(folder / f"~{name}")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.removeprefix("~"))


def test_balls_are_what_the_protocol_says(library: Library, frames: Path) -> None:
    suffix = first_frame(frames).suffix
    rename(frames, [f"frame_{n:03d}{suffix}" for n in range(6)])
    said: list[tuple[int, int, str]] = []
    library.put_frames("videos", "video123", frames, on_ball=lambda *ball: said.append(ball))
    assert said == [(n + 1, 6, f"video123_{n:03d}{suffix}") for n in range(6)]
    balls = library.get_by_ball_id("videos", "video123")
    assert [ball.frame_number for ball in balls] == list(range(6))
    for ball in balls:
        data = (frames / ball.tags["fullname"]).read_bytes()
        assert ball.checksum == hashlib.sha256(data).hexdigest()
        assert ball.size == len(data)
        assert library.get_bytes(ball.hash) == data
        assert ball.tags["extension"] == suffix.removeprefix(".")
        assert ball.tags["frame_number"] == f"{ball.frame_number:03d}"
        assert all(isinstance(value, str) for value in ball.tags.values())
    (item,) = library.page(Query())
    assert (item.kind, item.ball_id, item.frame_count) == (Kind.FRAMES, "video123", 6)
    assert library.poster(item) is not None


def test_order_is_by_number_not_by_name(library: Library, frames: Path) -> None:
    suffix = first_frame(frames).suffix
    rename(frames, [f"frame_{n}{suffix}" for n in (2, 10, 1, 999, 1000, 0)])
    library.put_frames("videos", "v", frames)
    balls = library.get_by_ball_id("videos", "v")
    assert [ball.frame_number for ball in balls] == [0, 1, 2, 10, 999, 1000]
    assert balls[-1].key == f"v_1000{suffix}"
    (item,) = library.page(Query())
    assert library.details(item.id).gaps == ((3, 9), (11, 998))
    source = library.open_source(item, delay_ms=20)
    assert source.count == 6
    assert list(source.starts) == pytest.approx([n * 0.02 for n in range(6)])
    source.close()


def test_gaps_and_left_out_files_are_said(library: Library, frames: Path) -> None:
    suffix = first_frame(frames).suffix
    rename(frames, [f"frame_{n}{suffix}" for n in (0, 1, 2, 5, 6)] + ["cover" + suffix])
    result = library.put_frames("videos", "v", frames)
    assert "2 frame numbers between 0 and 6 are missing" in (result.reason or "")
    assert "cover" in (result.reason or "")


@pytest.mark.parametrize(
    "names",
    [
        ["frame_1", "frame_001", "frame_2", "frame_3", "frame_4", "frame_5"],
        ["frame_3", "frame_3.5", "frame_2", "frame_1", "frame_4", "frame_5"],
        ["frame_3", "frame_٣", "frame_2", "frame_1", "frame_4", "frame_5"],
    ],
)
def test_two_files_with_one_number_are_refused_and_can_be_renumbered(
    library: Library, frames: Path, names: list[str]
) -> None:
    rename(frames, names)
    with pytest.raises(UserError, match=r"frame_"):
        library.put_frames("videos", "v", frames)
    assert library.stats().items == 0
    library.put_frames("videos", "v", frames, renumber=True)
    balls = library.get_by_ball_id("videos", "v")
    assert [ball.frame_number for ball in balls] == list(range(6))


def test_a_number_too_long_for_the_catalog_is_said(library: Library, frames: Path) -> None:
    rename(frames, [f"frame_{10**40 + n}" for n in range(6)])
    with pytest.raises(UserError, match="too long"):
        library.put_frames("videos", "v", frames)
    library.put_frames("videos", "v", frames, renumber=True)
    assert len(library.get_by_ball_id("videos", "v")) == 6


def test_digits_of_any_script_are_numbers(library: Library, frames: Path) -> None:
    rename(frames, [f"frame_{n}" for n in ("٠", "٠٧", "१०", "3", "4", "5")])
    library.put_frames("videos", "v", frames)
    balls = library.get_by_ball_id("videos", "v")
    assert [ball.frame_number for ball in balls] == [0, 3, 4, 5, 7, 10]
    assert [ball.tags["frame_number"] for ball in balls] == ["0", "3", "4", "5", "07", "10"]


def test_putting_the_same_again_changes_nothing(library: Library, frames: Path) -> None:
    first = library.put_frames("videos", "v", frames)
    again = library.put_frames("videos", "v", frames)
    assert (first.status, again.status) == (Status.NEW, Status.DUPLICATE)
    assert library.stats().balls == 6
    other = library.put_frames("videos", "w", frames)  # a name of its own: its own group
    assert other.status == Status.NEW
    assert library.stats().balls == 12
    assert library.stats().blobs == len({b.hash for b in library.get_by_ball_id("videos", "v")})


def test_other_frames_under_a_taken_name_are_refused(
    library: Library, frames: Path, tmp_path: Path
) -> None:
    library.put_frames("videos", "v", frames)
    first_frame(frames).unlink()
    with pytest.raises(UserError, match="already holds other frames"):
        library.put_frames("videos", "v", frames)
    assert len(library.get_by_ball_id("videos", "v")) == 6
    library.put_frames("elsewhere", "v", frames)
    assert len(library.get_by_ball_id("elsewhere", "v")) == 5


@pytest.mark.parametrize("ball_id", ["", "a b", "x_", "../up", "a__b", "ü"])
def test_names_no_client_could_read_back_are_refused(
    library: Library, frames: Path, ball_id: str
) -> None:
    with pytest.raises(UserError, match="cannot name frames"):
        library.put_frames("videos", ball_id, frames)


def test_a_folder_without_frames_is_skipped_with_a_reason(library: Library, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "readme.md").write_text("hello")
    with pytest.raises(Skipped, match="no numbered pictures"):
        library.put_frames("videos", "v", tmp_path / "docs")
    with pytest.raises(UserError, match="There is no folder"):
        library.put_frames("videos", "v", tmp_path / "nowhere")


def test_a_damaged_frame_is_kept_and_counted(library: Library, frames: Path) -> None:
    path = first_frame(frames)
    path.write_bytes(path.read_bytes()[:60])
    result = library.put_frames("videos", "v", frames)
    assert "1 of 6 frames could not be read" in (result.reason or "")
    assert len(library.get_by_ball_id("videos", "v")) == 6


def test_a_gif_as_frames_keeps_its_delays(library: Library, tmp_path: Path) -> None:
    make.make_gif(tmp_path / "a.gif", frames=4, delays_ms=[20, 40, 100, 0])
    events = list(library.ingest([tmp_path / "a.gif"], Target(as_frames=True)))
    (result,) = [event for event in events if isinstance(event, SourceResult)]
    assert (result.status, result.kind) == (Status.NEW, Kind.FRAMES)
    balls = library.get_by_ball_id("videos", "a")
    assert [float(ball.tags["delay_ms"]) for ball in balls] == [20, 40, 100, 0]
    assert library.resolve(str(tmp_path / "a.gif")) is not None


def test_removing_restoring_and_emptying(library: Library, frames: Path, tmp_path: Path) -> None:
    library.put_frames("videos", "v", frames)
    shutil.copytree(frames, tmp_path / "fewer")
    first_frame(tmp_path / "fewer").unlink()
    library.put_frames("videos", "w", tmp_path / "fewer")
    (item,) = [item for item in library.page(Query()) if item.ball_id == "v"]
    blobs = library.stats().blobs
    library.remove([item.id])
    library.undo()
    assert len(library.get_by_ball_id("videos", "v")) == 6
    library.remove([item.id])
    _, freed = library.empty_trash()
    assert freed > 0
    assert library.stats().blobs == blobs - 1  # the frame only this group had
    with pytest.raises(UserError, match="no frames called"):
        library.get_by_ball_id("videos", "v")
    assert list(library.verify()) == []
    assert len(library.get_by_ball_id("videos", "w")) == 5
