"""The stream hash is the same in every container and differs for everything else."""

from pathlib import Path

import av
import pytest

from tests.media.fingerprint.footage import encode, remux
from tests.media.make import make_gif
from vidcache_gui.media.fingerprint.look import fingerprint_file
from vidcache_gui.media.inspect import inspect_file

BOXES = [
    ("libx264", "mp4", ("mkv", "mov", "ts", "flv")),
    ("libsvtav1", "mkv", ("mp4", "ivf")),
    ("libx265", "mp4", ("mkv", "mov", "ts")),
    ("mpeg4", "avi", ("mp4", "mkv", "ts")),
    ("mpeg2video", "ts", ("mpg", "mkv")),
    ("libvpx-vp9", "webm", ("mp4", "ivf")),
    ("mjpeg", "avi", ("mkv", "mov")),
]


def name_of(path: Path) -> str | None:
    return fingerprint_file(str(path)).stream


@pytest.mark.parametrize(("codec", "first", "others"), BOXES)
def test_same_packets_in_another_container(
    codec: str, first: str, others: tuple[str, ...], tmp_path: Path
) -> None:
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    source = encode(tmp_path / f"a.{first}", codec=codec, frames=30, pix_fmt=pix_fmt, gop_size=10)
    expected = name_of(source)
    assert expected is not None
    assert len(expected) == 64
    for other in others:
        assert name_of(remux(source, tmp_path / f"b.{other}", title="New")) == expected, other


def test_same_packets_in_an_avi(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.avi", frames=30, max_b_frames=0)
    assert name_of(source) == name_of(remux(source, tmp_path / "b.mkv"))


def test_a_length_that_looks_like_a_start_code_is_a_length(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", frames=48, options={"crf": "18"}, max_b_frames=3)
    with av.open(str(source)) as container:
        heads = [bytes(p)[:3] for p in container.demux(video=0) if p.size]
    assert b"\0\0\1" in heads  # a packet of one unit of 256 to 511 bytes
    assert name_of(source) == name_of(remux(source, tmp_path / "b.ts"))


def test_inspection_tells_the_same_name(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", frames=12)
    assert inspect_file(str(source)).stream == name_of(source)
    assert inspect_file(str(remux(source, tmp_path / "b.ts"))).stream == name_of(source)


def test_what_is_trimmed_or_coded_otherwise_has_another_name(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", frames=24, gop_size=8, max_b_frames=0)
    others = [
        remux(source, tmp_path / "trimmed.mp4", first=8),
        encode(tmp_path / "short.mp4", frames=16, gop_size=8, max_b_frames=0),
        encode(tmp_path / "worse.mp4", frames=24, options={"crf": "40"}),
    ]
    names = {name_of(path) for path in (source, *others)}
    assert len(names) == 4


def test_animations_have_none(tmp_path: Path) -> None:
    path = make_gif(tmp_path / "a.gif")
    assert name_of(path) is None
    assert inspect_file(str(path)).stream is None
