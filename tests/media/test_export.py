"""Frames out again: as many as came in, with the same pixels and the delays asked for."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.export import export_frames
from vidcache_gui.media.exporting.choices import Choices, Missing
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source

CORPORA = Path(os.environ.get("VIDCACHE_CORPORA", Path(__file__).parents[3] / "shared/corpora"))


def sequence(folder: Path, delay: float = 40) -> SequenceSource:
    paths = [str(path) for path in sorted(folder.iterdir())]
    return SequenceSource(paths, list(range(len(paths))), delay)


def pixels(path: Path) -> list[np.ndarray]:
    inspection = inspect_file(str(path))
    source = open_source(str(path), inspection.facts, inspection.index)
    found = [
        np.array(Image.frombuffer("RGBA", (f.width, f.height), bytes(f.data), "raw", "BGRA",
                                  f.stride, 1).convert("RGB"))
        for f in source.frames(0, source.count - 1)
    ]  # fmt: skip
    source.close()
    return found


def rgb(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Frames of which some neighbours are equal: 0, 1, 1, 2, 2, 2."""
    folder = make.make_frames(tmp_path / "frames", 6)
    for copy, original in ((2, 1), (3, 4), (5, 4)):
        data = (folder / f"frame_{original:03d}.png").read_bytes()
        (folder / f"frame_{copy:03d}.png").write_bytes(data)
    return folder


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".apng"])
def test_equal_neighbours_stay_frames_and_pixels_stay(
    tmp_path: Path, frames: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    export_frames(sequence(frames), out, delays_ms=[20, 30, 40, 50, 60, 70])
    facts = inspect_file(str(out)).facts
    assert facts.damaged is None
    assert facts.frame_count == 6
    assert facts.duration == pytest.approx(0.27)
    wanted = [rgb(path) for path in sorted(frames.iterdir())]
    for one, other in zip(pixels(out), wanted, strict=True):
        assert np.array_equal(one, other)


def test_mp4_keeps_count_order_and_times(tmp_path: Path, frames: Path) -> None:
    out = tmp_path / "out.mp4"
    delays = [20, 200, 40, 500, 60, 70]
    export_frames(sequence(frames), out, delays_ms=delays)
    inspection = inspect_file(str(out))
    assert inspection.facts.frame_count == 6
    source = open_source(str(out), inspection.facts, inspection.index)
    assert [round(d * 1000) for d in source.durations] == delays
    source.close()
    shown = [make.read_number(Image.fromarray(picture)) for picture in pixels(out)]
    assert shown == [0, 1, 1, 4, 4, 4]


def test_a_folder_of_pngs_from_a_video(tmp_path: Path) -> None:
    path = make.make_video(tmp_path / "v.mp4", frames=8)
    inspection = inspect_file(str(path))
    source = open_source(str(path), inspection.facts, inspection.index)
    export_frames(source, tmp_path / "out", Choices(2, 5))
    source.close()
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == [f"frame_{n:04d}.png" for n in range(2, 6)]
    shown = [make.read_number(Image.fromarray(rgb(tmp_path / "out" / n))) for n in names]
    assert shown == [2, 3, 4, 5]


def test_transparency_survives(tmp_path: Path) -> None:
    folder = tmp_path / "clear"
    folder.mkdir()
    for number in range(3):
        image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
        image.paste((200, 40, 10, 255), (number * 5, 0, number * 5 + 5, 20))
        image.save(folder / f"frame_{number}.png")
    for suffix in (".gif", ".webp", ".png"):
        out = tmp_path / f"clear{suffix}"
        export_frames(sequence(folder), out)
        with Image.open(out) as image:
            image.seek(2)
            shown = image.convert("RGBA")
        assert shown.getpixel((12, 5)) == (200, 40, 10, 255), suffix
        assert shown.getpixel((2, 5))[3] == 0, suffix


def test_nothing_is_overwritten_and_nothing_half_stays(tmp_path: Path, frames: Path) -> None:
    out = tmp_path / "out.gif"
    out.write_bytes(b"mine")
    with pytest.raises(UserError, match="not overwritten"):
        export_frames(sequence(frames), out)
    assert out.read_bytes() == b"mine"
    token = CancelToken()
    with pytest.raises(Cancelled):
        export_frames(
            sequence(frames), tmp_path / "b.gif", token=token,
            on_frame=lambda done, total, size: token.cancel() if done == 3 else None,
        )  # fmt: skip
    with pytest.raises(UserError, match="cannot be written"):
        export_frames(sequence(frames), tmp_path / "c.xyz")
    (frames / "frame_003.png").write_bytes(b"broken")
    with pytest.raises(UserError, match="Frame 3 could not be read"):
        export_frames(sequence(frames), tmp_path / "d.webp", Choices(missing=Missing.FAIL))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frames", "out.gif"]


@pytest.mark.skipif(not (CORPORA / "frames170").is_dir(), reason="needs ../shared/corpora")
def test_the_170_real_frames_become_one_gif_pixel_for_pixel(tmp_path: Path) -> None:
    folder = CORPORA / "frames170"
    out = tmp_path / "out.gif"
    export_frames(sequence(folder, 40), out)
    facts = inspect_file(str(out)).facts
    assert (facts.frame_count, facts.duration) == (170, pytest.approx(6.8))
    with Image.open(out) as image:
        for number, path in enumerate(sorted(folder.iterdir())):
            image.seek(number)
            with Image.open(path) as original:
                assert image.convert("RGB").tobytes() == original.convert("RGB").tobytes(), number
