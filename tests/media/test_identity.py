"""A frame reached from anywhere is the frame that decoding in order gives, in every format."""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from tests.media.formats import FORMATS, make
from tests.media.make import pixels, read_number
from vidcache_gui.errors import UserError
from vidcache_gui.media.index import FrameIndex
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame, FrameSource, Inspection

FRAMES = 64
SLOW = {
    "cinepak avi",
    "snow nut",
    "dnxhd mxf",
    "ffv1 long gop mkv",
    "ffv1 alpha mkv",
}  # left to the bench
CHECKED = sorted(set(FORMATS) - SLOW)


def digest(frame: Frame) -> int:
    return zlib.crc32(pixels(frame).tobytes())


def opened(path: Path) -> tuple[Inspection, FrameSource]:
    inspection = inspect_file(str(path))
    return inspection, open_source(str(path), inspection.facts, inspection.index)


def in_order(path: Path) -> list[tuple[int, int]]:
    """(number, digest) of every frame, decoded from the start on by a source of its own."""
    _, source = opened(path)
    try:
        frames = list(source.frames(0, source.count - 1))
    finally:
        source.close()
    assert [frame.index for frame in frames] == list(range(source.count))
    return [(read_number(frame), digest(frame)) for frame in frames]


@pytest.mark.parametrize("name", CHECKED)
def test_every_way_to_a_frame_gives_the_same_pixels(name: str, tmp_path: Path) -> None:
    path = make(FORMATS[name], tmp_path / f"footage.{FORMATS[name].extension}", FRAMES)
    truth = in_order(path)
    numbers = [number for number, _ in truth]
    assert numbers == list(range(FRAMES))[-len(numbers) :]  # all of them, in order, to the end
    _, source = opened(path)
    chance = random.Random(name)
    at = 0
    try:
        for step in (*(None,) * 12, 1, 1, -1, -1, 10, -10, 1, -1, *(None,) * 6):
            at = chance.randrange(source.count) if step is None else at + step
            at = min(max(at, 0), source.count - 1)
            last = min(at + chance.choice((0, 0, 0, 5)), source.count - 1)
            prefix = chance.random() < 0.5
            got = {frame.index: digest(frame) for frame in source.frames(at, last, prefix=prefix)}
            assert set(range(at, last + 1)) <= set(got)
            assert prefix or min(got) == at
            assert got == {index: truth[index][1] for index in got}
    finally:
        source.close()


def keys_of(path: Path) -> list[int]:
    inspection = inspect_file(str(path))
    assert inspection.index is not None
    return [int(key) for key in FrameIndex.from_bytes(inspection.index).keys.nonzero()[0]]


@pytest.mark.parametrize(
    "name",
    ["h264 open gop mp4", "h264 interlaced ts", "hevc open gop ts", "mpeg1 small ps", "mpeg2 ts"],
)
def test_good_keyframes_are_all_used(name: str, tmp_path: Path) -> None:
    path = make(FORMATS[name], tmp_path / f"footage.{FORMATS[name].extension}", FRAMES)
    with av.open(str(path)) as container:
        flagged = sum(p.is_keyframe for p in container.demux(video=0) if p.size)
    _, source = opened(path)
    for key in keys_of(path):
        (frame,) = source.frames(key, key, prefix=False)
        assert (frame.index, source.keyframe_before(key)) == (key, key)
    source.close()
    assert len(keys_of(path)) == flagged


def test_a_refreshed_picture_is_no_place_to_begin(tmp_path: Path) -> None:
    path = make(FORMATS["h264 intra refresh mkv"], tmp_path / "footage.mkv", FRAMES)
    with av.open(str(path)) as container:
        assert sum(p.is_keyframe for p in container.demux(video=0) if p.size) > 1
    assert keys_of(path) == [0]


def test_keyframes_that_lie_are_found_out(tmp_path: Path) -> None:
    """H.263 in AVI flags every frame as a keyframe."""
    path = make(FORMATS["h263 avi"], tmp_path / "footage.avi", FRAMES)
    with av.open(str(path)) as container:
        assert all(p.is_keyframe for p in container.demux(video=0) if p.size)
    assert len(keys_of(path)) < FRAMES


def test_an_index_that_lies_about_keyframes_is_survived(tmp_path: Path) -> None:
    """Sought by an index of another file's keyframes, the frames are still the right ones."""
    path = make(FORMATS["mpeg2 ps"], tmp_path / "footage.mpg", FRAMES)
    inspection = inspect_file(str(path))
    truth = in_order(path)
    assert inspection.index is not None
    index = FrameIndex.from_bytes(inspection.index)
    wrong = index.checks.copy()
    wrong[::2] ^= 0x5555
    lying = FrameIndex(
        index.pts, index.keys, wrong, index.end, index.numerator, index.denominator
    ).to_bytes()
    source = open_source(str(path), inspection.facts, lying)
    for at in (50, 13, 37):
        (frame,) = source.frames(at, at, prefix=False)
        assert (frame.index, digest(frame)) == (at, truth[at][1])
    source.close()


def test_work_stops_when_told_on_the_way(tmp_path: Path) -> None:
    path = make(FORMATS["h264 b mp4"], tmp_path / "footage.mp4", FRAMES)
    truth = in_order(path)
    _, source = opened(path)
    asked: list[int] = []

    def stop(asked: list[int] = asked) -> bool:
        asked.append(1)
        return len(asked) == 5

    assert list(source.frames(20, 20, prefix=False, stop=stop)) == []
    assert len(asked) >= 5
    for at in (10, 20, 21):  # what was passed over on the way is not taken for missing
        *_, frame = source.frames(at, at)
        assert (frame.index, digest(frame)) == (at, truth[at][1])
    source.close()


def test_a_keyframe_costs_one_packet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(FORMATS["h264 b mp4"], tmp_path / "footage.mp4", FRAMES)
    _, source = opened(path)
    fed = count_fed(monkeypatch)
    (frame,) = source.frames(48, 48)
    assert (frame.index, fed()) == (48, 1)
    source.close()


def count_fed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many packets have been given to decoders from here on."""
    from vidcache_gui.media import seeking

    fed: list[int] = []
    light = seeking.Pictures._verified

    def counted(self, packet, given):  # type: ignore[no-untyped-def]
        for each in light(self, packet, given):
            fed.append(1)
            yield each

    monkeypatch.setattr(seeking.Pictures, "_verified", counted)
    return lambda: len(fed)


def test_an_index_survives_being_stored(tmp_path: Path) -> None:
    path = make(FORMATS["h264 broken off mkv"], tmp_path / "footage.mkv", FRAMES)
    inspection = inspect_file(str(path))
    assert inspection.index is not None
    index = FrameIndex.from_bytes(inspection.index)
    assert len(index.lost) > 0
    assert index.to_bytes() == inspection.index
    for cut in (0, 10, len(inspection.index) - 1):
        with pytest.raises(UserError):
            FrameIndex.from_bytes(inspection.index[:cut])


@pytest.mark.parametrize("stored", [b"", b"VCIX\x01 of an older version"])
def test_an_unreadable_index_is_made_again(stored: bytes, tmp_path: Path) -> None:
    path = make(FORMATS["h264 b mp4"], tmp_path / "footage.mp4", 30)
    source = open_source(str(path), inspect_file(str(path)).facts, stored)
    (frame,) = source.frames(20, 20, prefix=False)
    assert (source.count, read_number(frame)) == (30, 20)
    source.close()


@pytest.mark.parametrize(
    ("name", "through"),
    [("prores 4444 mov", True), ("png mov", True), ("ffv1 alpha mkv", True), ("h264 mp4", False)],
)
def test_alpha_is_told_and_kept(name: str, through: bool, tmp_path: Path) -> None:
    path = make(FORMATS[name], tmp_path / f"footage.{FORMATS[name].extension}", 3)
    _, source = opened(path)
    *_, frame = source.frames(1, 1)
    assert (source.has_alpha, frame.has_alpha) == (through, through)
    assert (int(pixels(frame)[-1, 0, 3]) < 255) is through
    source.close()
