"""Colours come out as the file's tags mean them; without tags HD is BT.709 and SD BT.601."""

from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.colours import BT601, BT709, CASES, FULL, HD, SD, UNTAGGED, Case, errors, patches
from tests.media.make import pixels
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.pixels import Converter
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame

BAR = 3.0  # of 255
PQ, HLG = 16, 18  # values of AVCOL_TRC


@pytest.mark.parametrize("case", CASES, ids=str)
def test_colours_are_right(case: Case) -> None:
    assert errors(case).max() <= BAR
    assert errors(case, half=True).max() <= BAR


def shown(path: Path) -> Frame:
    inspection = inspect_file(str(path))
    source = open_source(str(path), inspection.facts, inspection.index)
    (frame,) = source.frames(0, 0)
    source.close()
    return frame


@pytest.mark.parametrize("size", [HD, SD], ids=["hd", "sd"])
@pytest.mark.parametrize("space", [BT709, BT601, UNTAGGED])
def test_tags_are_read_from_a_file(space: int, size: tuple[int, int], tmp_path: Path) -> None:
    frame, reference = patches(Case("yuv444p", space, 1, size))
    path = tmp_path / "tagged.mkv"
    names = {BT709: "bt709", BT601: "smpte170m", UNTAGGED: "undef"}
    with av.open(str(path), "w") as output:
        told = {"qp": "0", "preset": "ultrafast"}
        told["x264-params"] = f"log-level=none:colormatrix={names[space]}"
        stream = output.add_stream("libx264", rate=25, options=told)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv444p"
        frame.pts = 0
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    got = pixels(shown(path))[8::16, 8::16, :3].astype(float)
    assert np.abs(got[: reference.shape[0], : reference.shape[1]] - reference).max() <= BAR


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "extension"),
    [("rawvideo", "bgr24", "avi"), ("utvideo", "gbrp", "avi"), ("png", "rgb24", "mov")],
)
def test_rgb_is_untouched(codec: str, pix_fmt: str, extension: str, tmp_path: Path) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (96, 160, 3), np.uint8)
    path = tmp_path / f"rgb.{extension}"
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, pix_fmt
        output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    assert np.array_equal(pixels(shown(path))[..., 2::-1], picture)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_hdr_is_shown_flat_but_whole(transfer: int) -> None:
    """It is not tone mapped: the code values are shown, as BT.2020."""
    frame, reference = patches(Case("yuv420p10le", 9, 1))
    frame.color_trc, frame.color_primaries = transfer, 9
    got = pixels(Converter(0, 1.0).convert(frame, 0, None))[8::16, 8::16, :3].astype(float)
    assert np.abs(got - reference[: got.shape[0]]).max() <= BAR


def test_full_range_is_not_stretched() -> None:
    frame, _ = patches(Case("yuvj420p", UNTAGGED, FULL, SD))
    for plane, value in zip(frame.planes, (5, 128, 128), strict=True):
        plane.update(bytes([value]) * (plane.line_size * plane.height))
    assert abs(int(pixels(Converter(0, 1.0).convert(frame, 0, None))[10, 10, 0]) - 5) <= 1
