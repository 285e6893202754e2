"""``vidcache export`` with a choice of frames."""

from pathlib import Path

import pytest
from PIL import Image

from tests.interfaces.command_line import Cli, cli
from tests.media import make
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.media.timecode import frame_at

__all__ = ["cli"]


@pytest.fixture
def full(cli: Cli, tmp_path: Path) -> Cli:
    """#1 a video of 24 frames a second, #2 a GIF of 10 frames, #3 a group of 6."""
    make.make_video(tmp_path / "clip.mp4", frames=36)
    make.make_gif(tmp_path / "loop.gif", frames=10)
    make.make_frames(tmp_path / "shot", 6)
    for name in ("clip.mp4", "loop.gif", "shot"):
        cli("ingest", tmp_path / name)
    return cli


def shown(path: Path) -> list[int]:
    with Image.open(path) as image:
        found = []
        for at in range(getattr(image, "n_frames", 1)):
            image.seek(at)
            found.append(make.read_number(image))
        return found


def test_a_range_by_frames_and_by_times(full: Cli, tmp_path: Path) -> None:
    told = full("--json", "export", "1", tmp_path / "a.gif", "--from", "12", "--to", "0:00.75")
    assert shown(tmp_path / "a.gif") == [12, 13, 14, 15, 16, 17, 18]
    record = told.object
    assert list(record) == [
        "id", "hash", "path", "size", "frames", "seconds", "width", "height", "missing", "notes",
    ]  # fmt: skip
    assert (record["frames"], record["width"], record["height"]) == (7, 160, 96)
    assert record["size"] == (tmp_path / "a.gif").stat().st_size


@pytest.mark.parametrize(
    ("options", "frames"),
    [
        (["--to", "3", "--backwards"], [3, 2, 1, 0]),
        (["--to", "3", "--ping-pong"], [0, 1, 2, 3, 2, 1]),
        (["--fps", "12.5"], [0, 2, 4, 6, 8]),
        (["--from", "9"], [9]),
        (["--from", "8", "--speed", "2", "--loop", "3"], [8, 9]),
    ],
)
def test_orders_and_rates(full: Cli, tmp_path: Path, options: list[str], frames: list[int]) -> None:
    full("export", "2", tmp_path / "out.webp", *options)
    assert shown(tmp_path / "out.webp") == frames


def test_a_frame_as_a_picture_and_frames_into_a_folder(full: Cli, tmp_path: Path) -> None:
    full("export", "1", tmp_path / "still.jpg", "--from", "20", "--to", "20", "--size", "80x80")
    with Image.open(tmp_path / "still.jpg") as image:
        assert (image.format, image.size, make.read_number(image)) == ("JPEG", (80, 48), 20)
    out = tmp_path / "out"
    out.mkdir()
    full("export", "1", out, "--from", "30", "--to", "32")
    names = sorted(path.name for path in (out / "clip 30-32").iterdir())
    assert names == ["frame_0030.png", "frame_0031.png", "frame_0032.png"]
    assert shown(out / "clip 30-32" / names[0]) == [30]


def test_into_the_library(full: Cli) -> None:
    new = full("--json", "export", "2", "--from", "2", "--to", "5", "--into-library").object
    assert (new["status"], new["name"], new["kind"]) == ("new", "loop 2-5.gif", "animation")
    again = full("--json", "export", "2", "--from", "2", "--to", "5", "--into-library").object
    assert (again["status"], again["item_id"]) == ("duplicate", new["item_id"])
    group = full("--json", "export", "1", "part", "--to", "4", "--into-library", "--as", "group")
    assert (group.object["kind"], group.object["name"]) == ("frames", "part")
    assert full("--json", "stats").object["items"] == 5


def test_a_delay_for_a_gif_keeps_its_pictures(full: Cli, tmp_path: Path) -> None:
    full("export", "2", tmp_path / "slow.gif", "--delay-ms", "120")
    with Image.open(tmp_path / "slow.gif") as slow, Image.open(tmp_path / "loop.gif") as stored:
        for at in range(10):
            slow.seek(at)
            stored.seek(at)
            assert slow.info["duration"] == 120
            assert slow.convert("RGB").tobytes() == stored.convert("RGB").tobytes()


def test_without_choices_the_bytes_stay(full: Cli, tmp_path: Path) -> None:
    full("export", "2", tmp_path / "same.gif")
    assert (tmp_path / "same.gif").read_bytes() == (tmp_path / "loop.gif").read_bytes()


def test_what_came_in_chunks_goes_out_as_one(cli: Cli, tmp_path: Path) -> None:
    gif = make.make_gif(tmp_path / "loop.gif", frames=4).read_bytes()
    with Library.open(cli.library) as library:
        for group, parts in (("loop", (gif[:500], gif[500:])), ("notes", (b"some ", b"text"))):
            for number, part in enumerate(parts):
                incoming = library.incoming()
                incoming.write(part)
                tags = {"index": str(number), "num_chunks": "2", "fullname": f"{group}.gif"}
                put = library.put_ball(
                    incoming, BallFacts("films", f"{group}_{number}", group, tags)
                )
            library.settle_group(put.item_id)
    assert cli("export", "films/notes", "-").out == "some text"
    cli("export", "loop.gif", tmp_path / "again.gif")
    assert (tmp_path / "again.gif").read_bytes() == gif
    cli("export", "loop.gif", tmp_path / "part.gif", "--from", "1", "--to", "2")
    assert shown(tmp_path / "part.gif") == [1, 2]
    (line,) = cli("search", "kind:gif").lines
    assert "films/loop.gif" in line
    assert "frame" not in line
    assert "2 parts" in cli("search", "kind:data").lines[0]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["out.gif", "--from", "36"], 1, "There is no frame 36. The frames go from 0 to 35."),
        (["out.gif", "--from", "9", "--to", "3"], 1, "starts after it ends"),
        (["out.gif", "--from", "soon"], 1, "is no place"),
        (["out.gif", "--to", "2:00"], 1, "nothing at 2:00"),
        (["out.xyz", "--from", "1"], 1, "cannot be written"),
        (["out.jpg", "--from", "1"], 1, "holds one frame"),
        (["out.gif", "--speed", "0"], 1, "more than 0"),
        (["out.gif", "--size", "big"], 2, "1280x720"),
        (["out.gif", "--as", "avi"], 2, "choose one of"),
        (["out.gif", "--backwards", "--ping-pong"], 2, "--ping-pong"),
        (["-", "--from", "3"], 1, "Name one"),
        ([], 2, "say where"),
        (["no/such/folder/out.gif", "--from", "3"], 1, "There is no folder"),
        (["a\nb" * 120 + ".gif", "--from", "3"], 1, "too long"),
    ],
)
def test_what_cannot_be_is_said(
    full: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int,
    words: str,
) -> None:  # fmt: skip
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    result = full("export", "1", *options, fine=False)
    assert result.code == code
    assert words in result.err
    assert list((tmp_path / "here").iterdir()) == []


def test_a_place_is_the_frame_on_screen_then() -> None:
    starts, stays = [0.0, 0.1, 0.5], [0.1, 0.4, 0.5]
    times = ("0:00", "0.09s", "0.1s", "0:00.49", "1s", "2", "100%")
    assert [frame_at(text, starts, stays) for text in times] == [0, 0, 1, 1, 2, 2, 2]
    for text in ("1.1s", "3", "0:02"):
        with pytest.raises(UserError, match="There is no"):
            frame_at(text, starts, stays)
