"""``put-frames`` and ``get-frames``, as the published commands are written."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.interfaces.command_line import Cli, cli
from tests.media import make

__all__ = ["cli"]

PUT = ["put-frames", "--bucket_id", "videos", "--ball_id", "video123", "--frames_dir"]
GET = ["get-frames", "--bucket_id", "videos", "--ball_id", "video123"]


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    folder = tmp_path / "frames"
    make.make_frames(folder, 5)
    return folder


def test_each_frame_is_told_with_its_key(cli: Cli, frames: Path) -> None:
    lines = cli(*PUT, frames).lines
    suffix = next(frames.iterdir()).suffix
    assert lines == [f"[{n + 1}/5] PUT OK -> key=video123_{n:03d}{suffix}" for n in range(5)]
    assert cli(*PUT, frames).lines == lines
    counts = cli("--json", "stats").object
    assert (counts["groups"], counts["balls"], counts["items"]) == (1, 5, 1)


def test_objects_for_programs(cli: Cli, frames: Path) -> None:
    *told, result = cli("--json", *PUT, frames).objects
    assert [record["frame"] for record in told] == [1, 2, 3, 4, 5]
    assert all(list(record) == ["frame", "total", "key", "status"] for record in told)
    assert (result["status"], result["kind"], result["name"]) == ("new", "frames", "video123")


def test_both_spellings_of_the_options(cli: Cli, frames: Path) -> None:
    dashed = [arg.replace("_id", "-id").replace("_dir", "-dir") for arg in PUT]
    assert "--frames-dir" in dashed
    assert cli(*dashed, frames).lines == cli(*PUT, frames).lines


@pytest.mark.parametrize(
    "file_names", [["frame_1.png", "frame_001.png"], ["notes.txt"], []], ids=["collide", "no", "0"]
)
def test_what_cannot_be_put_is_explained_and_nothing_is_stored(
    cli: Cli, tmp_path: Path, file_names: list[str]
) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for name in file_names:
        Image.new("L", (4, 4)).save(folder / name, "PNG")
    result = cli(*PUT, folder, fine=False)
    assert (result.code, result.out) == (1, "")
    assert re.fullmatch(r"[A-Z'].*\.\n", result.err)
    assert cli("--json", "stats").object["items"] == 0


def test_colliding_numbers_can_be_renumbered(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for shade, name in enumerate(["frame_1.png", "frame_001.png", "frame_2.png"]):
        Image.new("L", (4, 4), shade).save(folder / name)
    keys = [line.rpartition("=")[2] for line in cli(*PUT, folder, "--renumber").lines]
    assert keys == ["video123_000.png", "video123_001.png", "video123_002.png"]


def test_a_name_that_is_taken_by_other_frames_is_refused(
    cli: Cli, frames: Path, tmp_path: Path
) -> None:
    cli(*PUT, frames)
    make.make_frames(tmp_path / "others", 7)
    result = cli(*PUT, tmp_path / "others", fine=False)
    assert result.code == 1
    assert "already holds other frames" in result.err
    assert cli("--json", "stats").object["balls"] == 5


def test_a_ball_id_no_client_could_read_back_is_refused(cli: Cli, frames: Path) -> None:
    args = ["put-frames", "--bucket_id", "videos", "--ball_id", "a__b", "--frames_dir", frames]
    assert cli(*args, fine=False).code == 1


def test_get_frames_opens_the_player(cli: Cli, frames: Path) -> None:
    cli(*PUT, frames)
    cli(*GET, "--delay_ms", "40")
    cli(*GET)
    assert cli.played == [(cli.library, 1, 40.0), (cli.library, 1, None)]


def test_no_such_frames(cli: Cli, frames: Path) -> None:
    cli(*PUT, frames)
    result = cli("get-frames", "--bucket_id", "other", "--ball_id", "video123", fine=False)
    assert result.code == 1
    assert result.err == "There are no frames called 'video123' in the bucket 'other'.\n"


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_an_animation_is_rebuilt_with_its_delay(
    cli: Cli, frames: Path, tmp_path: Path, suffix: str
) -> None:
    cli(*PUT, frames)
    told = cli("--json", *GET, "--delay_ms", "40", "--output", tmp_path / f"out{suffix}").object
    assert told["path"] == str(tmp_path / f"out{suffix}")
    sources = [Image.open(path).convert("RGB") for path in sorted(frames.iterdir())]
    with Image.open(tmp_path / f"out{suffix}") as rebuilt:
        assert rebuilt.n_frames == 5
        for number, source in enumerate(sources):
            rebuilt.seek(number)
            rebuilt.load()
            assert rebuilt.info["duration"] == 40
            if suffix == ".png":
                assert rebuilt.convert("RGB").tobytes() == source.tobytes()
    assert cli.played == []


def test_an_mp4_is_rebuilt_with_all_frames(cli: Cli, frames: Path, tmp_path: Path) -> None:
    import av

    cli(*PUT, frames)
    cli(*GET, "--output", tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5


def test_frames_come_back_as_a_folder(cli: Cli, frames: Path, tmp_path: Path) -> None:
    cli(*PUT, frames)
    cli(*GET, "--output", tmp_path / "back")
    back = {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()}
    assert back == {path.name: path.read_bytes() for path in frames.iterdir()}
