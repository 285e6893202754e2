"""The command line on real material, as a user would work; skipped where it is absent."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.interfaces.command_line import Cli, cli, corpus

__all__ = ["cli"]

GROUP = ["--bucket_id", "videos", "--ball_id", "video123"]


def test_170_frames_go_in_and_come_back_pixel_equal(cli: Cli, tmp_path: Path) -> None:
    frames = corpus("frames170")
    lines = cli("put-frames", *GROUP, "--frames_dir", frames).lines
    assert lines == [f"[{n + 1}/170] PUT OK -> key=video123_{n:03d}" for n in range(170)]
    counts = cli("--json", "stats").object
    assert (counts["balls"], counts["blobs"], counts["groups"]) == (170, 133, 1)
    balls = cli("--json", "show", "videos/video123", "--balls").objects
    assert [ball["frame_number"] for ball in balls] == list(range(170))
    assert balls[7]["tags"]["frame_number"] == "007"
    assert (balls[7]["tags"]["fullname"], balls[7]["tags"]["extension"]) == ("frame_007", "bin")
    output = tmp_path / "video123.gif"
    cli("get-frames", *GROUP, "--delay_ms", "40", "--output", output)
    sources = sorted(frames.iterdir())
    with Image.open(output) as rebuilt:
        assert rebuilt.n_frames == len(sources) == 170
        for number, path in enumerate(sources):
            rebuilt.seek(number)
            with Image.open(path) as source:
                assert rebuilt.convert("RGB").tobytes() == source.convert("RGB").tobytes(), number
            assert rebuilt.info["duration"] == 40


@pytest.mark.slow
def test_80_clips_twice_then_renamed_elsewhere(cli: Cli, tmp_path: Path) -> None:
    clips = corpus("neardup") / "src"
    total = len(list(clips.iterdir()))
    first = cli("--json", "ingest", clips)
    assert Counter(record["status"] for record in first.objects) == {"new": total}
    before = cli("--json", "stats").object
    assert (before["items"], before["blobs"], before["aliases"]) == (total, total, total)
    second = cli("--json", "ingest", clips)
    assert Counter(record["status"] for record in second.objects) == {"duplicate": total}
    assert cli("--json", "stats").object == before
    elsewhere = tmp_path / "elsewhere" / "deeper"
    elsewhere.mkdir(parents=True)
    for number, path in enumerate(sorted(clips.iterdir())):
        shutil.copy(path, elsewhere / f"renamed by hand {number} x{path.suffix}")
    third = cli("--json", "ingest", elsewhere.parent)
    assert Counter(record["status"] for record in third.objects) == {"duplicate": total}
    assert cli("--json", "stats").object == before | {"aliases": 2 * total}
    assert cli("verify").code == 0
