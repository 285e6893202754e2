"""Footage into every format: which frames, which pixels, how long; and what goes wrong."""

import errno
import os
import resource
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.export import export_frames
from vidcache_gui.media.exporting.choices import (
    Background,
    Choices,
    Format,
    Missing,
    Order,
    Quality,
)
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame, FrameSource

TIMES = [0, 40, 90, 110, 300, 340, 380, 500, 510, 600, 640, 641, 700, 760]
STAYS = [40, 50, 20, 190, 40, 40, 120, 10, 90, 40, 1, 59, 60, 60]


def opened(path: Path) -> FrameSource:
    inspection = inspect_file(str(path))
    return open_source(str(path), inspection.facts, inspection.index)


def read(path: Path) -> tuple[list[int], list[float], list[np.ndarray]]:
    """(numbers on the frames, their ms, their BGRA pixels)"""
    source = opened(path)
    frames = list(source.frames(0, source.count - 1))
    numbers = [make.read_number(frame) for frame in frames]
    delays = [round(seconds * 1000, 3) for seconds in source.durations]
    pixels = [make.pixels(frame).copy() for frame in frames]
    source.close()
    return numbers, delays, pixels


@pytest.fixture
def video(tmp_path: Path) -> Iterator[FrameSource]:
    """Uneven times, few keyframes, an odd size."""
    path = make.make_video(
        tmp_path / "v.mkv", frames=14, times_ms=TIMES, gop=5, bframes=2, size=(161, 97),
        pix_fmt="yuv444p",
    )  # fmt: skip
    source = opened(path)
    yield source
    source.close()


@pytest.mark.parametrize("suffix", [".webp", ".apng", ".mp4"])
@pytest.mark.parametrize(("first", "last"), [(0, None), (3, 9), (13, 13), (0, 0)])
def test_every_frame_keeps_its_own_time(
    video: FrameSource, tmp_path: Path, suffix: str, first: int, last: int | None
) -> None:
    out = tmp_path / f"out{suffix}"
    exported = export_frames(video, out, Choices(first, last))
    end = len(STAYS) if last is None else last + 1
    numbers, delays, _ = read(out)
    assert numbers == list(range(first, end))
    if len(delays) > 1 or suffix == ".mp4":
        stays = [*STAYS[:-1], video.durations[-1] * 1000][first:end]
        assert delays == pytest.approx(stays)
    assert (exported.frames, exported.size) == (end - first, out.stat().st_size)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".mp4", ""])
def test_going_backwards_over_keyframes(video: FrameSource, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    export_frames(video, out, Choices(2, 12, order=Order.BACKWARDS, delay_ms=50))
    if suffix:
        numbers, delays, _ = read(out)
        assert delays == [50] * 11
    else:
        numbers = []
        for path in sorted(out.iterdir()):
            with Image.open(path) as image:
                numbers.append(make.read_number(image))
    assert numbers == list(range(12, 1, -1))


@pytest.mark.parametrize("format", [Format.APNG, Format.WEBP, Format.FRAMES, Format.MP4])
def test_lossless_is_lossless(video: FrameSource, tmp_path: Path, format: Format) -> None:
    """MP4 may grow by one row and one column; the rest is exact there, too."""
    out = tmp_path / "out"
    exported = export_frames(video, out, Choices(quality=Quality.LOSSLESS), format=format)
    wanted = [make.pixels(frame).copy() for frame in video.frames(0, 13)]
    if format is Format.FRAMES:
        made = [np.array(Image.open(path).convert("RGBA"))[..., [2, 1, 0, 3]]
                for path in sorted(out.iterdir())]  # fmt: skip
    else:
        _, _, made = read(out)
    if format is Format.MP4:
        assert (exported.width, exported.height) == (162, 98)
        assert "162 × 98" in exported.notes[0]
        assert np.array_equal(made[0][:, 160], made[0][:, 161])
    assert len(made) == len(wanted)
    for one, other in zip(made, wanted, strict=True):
        assert np.array_equal(one[:97, :161], other)


def test_half_transparent_pixels_stay_exact(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    shots = [random.integers(0, 256, (20, 30, 4), np.uint8) for _ in range(4)]
    (tmp_path / "in").mkdir()
    for at, pixels in enumerate(shots):
        Image.fromarray(pixels).save(tmp_path / "in" / f"frame_{at}.png")
    paths = [str(path) for path in sorted((tmp_path / "in").iterdir())]
    export_frames(SequenceSource(paths, range(4), 40), tmp_path / "out.png")
    source = opened(tmp_path / "out.png")
    export_frames(source, tmp_path / "again.webp", original=tmp_path / "out.png")
    source.close()
    for name in ("out.png", "again.webp"):
        with Image.open(tmp_path / name) as image:
            for at, pixels in enumerate(shots):
                image.seek(at)
                shown = np.array(image.convert("RGBA"))
                there = pixels[..., 3] > 0
                assert np.array_equal(shown[there], pixels[there]), (name, at)


def test_see_through_frames_do_not_show_those_before_them(tmp_path: Path) -> None:
    paths = []
    for at, colour in enumerate(["red", None, "blue", None]):
        picture = Image.new("RGBA", (16, 16), colour or (0, 0, 0, 0))
        picture.save(tmp_path / f"frame_{at}.png")
        paths.append(str(tmp_path / f"frame_{at}.png"))
    source = SequenceSource(paths, range(4), 40)
    source.has_alpha = True
    export_frames(source, tmp_path / "out.gif")
    with Image.open(tmp_path / "out.gif") as image:
        alphas = []
        for at in range(4):
            image.seek(at)
            alphas.append(image.convert("RGBA").getpixel((8, 8))[3])
    assert alphas == [255, 0, 255, 0]


@pytest.mark.parametrize("ground", list(Background))
def test_what_is_see_through_is_laid_on_a_ground(tmp_path: Path, ground: Background) -> None:
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(tmp_path / "frame_0.png")
    source = SequenceSource([str(tmp_path / "frame_0.png")], [0], 40)
    export_frames(source, tmp_path / "out.jpg", Choices(background=ground))
    with Image.open(tmp_path / "out.jpg") as image:
        assert image.getpixel((8, 8)) == (
            (0, 0, 0) if ground is Background.BLACK else (255, 255, 255)
        )


@pytest.mark.parametrize(
    ("missing", "numbers", "note"),
    [
        (Missing.HOLD, [1, 1, 1, 1, 4, 4], "the frame before each stands in"),
        (Missing.SKIP, [1, 4], "they are left out"),
        (Missing.BLANK, [0, 1, 0, 0, 4, 0], "they are blank"),
    ],
)
def test_what_stands_in_for_frames_that_cannot_be_read(
    tmp_path: Path, missing: Missing, numbers: list[int], note: str
) -> None:
    folder = make.make_frames(tmp_path / "in", 6)
    for broken in (0, 2, 5):
        (folder / f"frame_{broken:03d}.png").write_bytes(b"broken")
    paths: list[str | None] = [str(path) for path in sorted(folder.iterdir())]
    paths[3] = None
    out = tmp_path / "out.webp"
    exported = export_frames(SequenceSource(paths, range(6), 40), out, Choices(missing=missing))
    assert read(out)[0] == numbers
    assert exported.missing == 4
    assert exported.notes == (f"4 frames could not be read; {note}.",)


@pytest.mark.parametrize("order", list(Order))
def test_an_animation_that_ends_early_is_held(tmp_path: Path, order: Order) -> None:
    path = make.make_gif(tmp_path / "whole.gif", frames=8)
    data = path.read_bytes()
    source = opened(path)
    path.write_bytes(data[: len(data) * 2 // 3])  # the source was opened before
    exported = export_frames(source, tmp_path / "out.webp", Choices(order=order), original=path)
    source.close()
    assert 0 < exported.missing < 8
    assert exported.frames == (14 if order is Order.PING_PONG else 8)


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    source = SequenceSource([None, None], [0, 1], 40)
    for missing in (Missing.HOLD, Missing.SKIP):
        with pytest.raises(UserError, match="None of these frames could be read"):
            export_frames(source, tmp_path / "out.gif", Choices(missing=missing))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".mp4", ""])
def test_cancelling_leaves_nothing(video: FrameSource, tmp_path: Path, suffix: str) -> None:
    token = CancelToken()
    seen = []

    def cancel(done: int, total: int, size: int) -> None:
        seen.append((done, total))
        if done == 4:
            token.cancel()

    (tmp_path / "here").mkdir()
    with pytest.raises(Cancelled):
        export_frames(video, tmp_path / "here" / f"out{suffix}", token=token, on_frame=cancel)
    assert seen == [(1, 14), (2, 14), (3, 14), (4, 14)]
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".mp4", ""])
def test_a_disk_that_takes_no_more(video: FrameSource, tmp_path: Path, suffix: str) -> None:
    """The kernel's own refusal, in the middle of a write."""
    (tmp_path / "here").mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900, hard))
    try:
        with pytest.raises(UserError, match=r"cannot hold a file this large.*Nothing half-done"):
            export_frames(video, tmp_path / "here" / f"out{suffix}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("suffix", [".gif", ""])
def test_a_full_disk(
    video: FrameSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    (tmp_path / "here").mkdir()

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("vidcache_gui.media.exporting.output.os.fsync", full)
    with pytest.raises(UserError, match=r"the disk is full\. Free some space"):
        export_frames(video, tmp_path / "here" / f"out{suffix}")
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("name", ["a" * 300 + ".gif", "no/folder/x.gif", "nul\0.gif", ".."])
def test_hostile_names_are_refused_before_any_work(
    video: FrameSource, tmp_path: Path, name: str
) -> None:
    seen: list[int] = []
    with pytest.raises(UserError):
        export_frames(
            video, tmp_path / name, format=Format.GIF, on_frame=lambda done, *_: seen.append(done)
        )
    assert seen == []
    assert [path.name for path in tmp_path.iterdir()] == ["v.mkv"]


@pytest.mark.parametrize("name", ["-rf.gif", "a\nb.gif", "$(x).gif", "é\udcff.gif", " .gif"])
def test_odd_names_are_names(video: FrameSource, tmp_path: Path, name: str) -> None:
    export_frames(video, tmp_path / name, Choices(0, 1))
    assert read(tmp_path / name)[0] == [0, 1]


def test_what_came_to_be_there_meanwhile_is_not_overwritten(
    video: FrameSource, tmp_path: Path
) -> None:
    out = tmp_path / "out.gif"

    def meddle(done: int, total: int, size: int) -> None:
        out.write_bytes(b"somebody's")

    with pytest.raises(UserError, match="not overwritten"):
        export_frames(video, out, on_frame=meddle)
    assert out.read_bytes() == b"somebody's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.gif", "v.mkv"]
    export_frames(video, out, Choices(1, 1), overwrite=True)
    assert read(out)[0] == [1]


def test_small_footage_grows_only_if_it_may(video: FrameSource, tmp_path: Path) -> None:
    same = export_frames(video, tmp_path / "a.gif", Choices(0, 1, size=(644, 500)))
    grown = export_frames(video, tmp_path / "b.gif", Choices(0, 1, size=(644, 500), enlarge=True))
    less = export_frames(video, tmp_path / "c.gif", Choices(0, 1, size=(80, 80)))
    sizes = [(one.width, one.height) for one in (same, grown, less)]
    assert sizes == [(161, 97), (644, 388), (80, 48)]
    for name, size in zip("abc", sizes, strict=True):
        with Image.open(tmp_path / f"{name}.gif") as image:
            assert image.size == size


class Endless:
    """Frames made up on the spot: what a long film is to the exporter."""

    width, height, has_alpha = 320, 240, False
    missing: frozenset[int] = frozenset()

    def __init__(self, count: int) -> None:
        self.count = count
        self.durations = [0.04] * count
        self.starts = [at * 0.04 for at in range(count)]

    def keyframe_before(self, index: int) -> int:
        return 0

    def frames(
        self, first: int, last: int, size: tuple[int, int] | None = None, *, prefix: bool = True
    ) -> Iterator[Frame]:
        for at in range(first, last + 1):
            yield Frame(at, 320, 240, 1280, bytes([at % 256, 9, 9, 255]) * 76800)

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webp"])
def test_long_ranges_take_no_more_memory_than_short_ones(tmp_path: Path, suffix: str) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        export_frames(Endless(count), tmp_path / f"{count}{suffix}")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)  # what is imported on the way
    assert peak(120) < peak(12) + 2_000_000
