"""The quick look and the inspection see the same in real files of many kinds."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.media import make
from tests.media.fingerprint.footage import SIZE, apart, encode, read, remux, scene
from vidcache_gui.errors import UserError
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.look import fingerprint_file, fingerprint_frames
from vidcache_gui.media.inspect import inspect_file, inspect_frames

KINDS: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "h264-b-frames.mkv": {"frames": 96, "max_b_frames": 3, "gop_size": 250},
    "h264-open.mp4": {"options": {"x264-params": "open-gop=1:keyint=12:bframes=3:log-level=none"}},
    "h264-refresh.mp4": {"options": {"x264-params": "intra-refresh=1:keyint=24:log-level=none"}},
    "h264-fields.mp4": {"options": {"x264-params": "interlaced=1:log-level=none"}},
    "h264-10-bit.mkv": {"pix_fmt": "yuv420p10le"},
    "h264.ts": {"max_b_frames": 2},
    "h264-b-frames.avi": {"max_b_frames": 2},
    "hevc.mp4": {"codec": "libx265"},
    "vp9.webm": {"codec": "libvpx-vp9"},
    "av1.mkv": {"codec": "libsvtav1"},
    "mpeg4.avi": {"codec": "mpeg4", "max_b_frames": 2},
    "mpeg2.mpg": {"codec": "mpeg2video", "max_b_frames": 2},
    "mjpeg.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "ffv1.mkv": {"codec": "ffv1"},
}


def quick(path: Path) -> Fingerprint:
    return read(fingerprint_file(str(path)))


def whole(path: Path) -> Fingerprint:
    found = inspect_file(str(path)).fingerprint
    assert found is not None
    return Fingerprint.from_bytes(found)


@pytest.mark.parametrize("name", KINDS)
def test_both_routes_see_the_same(name: str, tmp_path: Path) -> None:
    path = encode(tmp_path / name, **KINDS[name])
    seconds = KINDS[name].get("frames", 60) / 24
    one, other = quick(path), whole(path)
    for found in (one, other):
        assert found.duration == pytest.approx(seconds, abs=0.1)
        assert found.times[0] <= 50
        assert np.diff(found.times.astype(int), append=int(seconds * 1000)).max() <= 350
        assert (found.ends[:-1] == found.times[1:]).all()
        assert found.ends[-1] == round(found.duration * 1000)
    bits = apart(one, other)
    assert len(bits) >= len(one) * 0.4
    assert np.median(bits) <= 8
    assert max(bits) <= 40


def test_pictures_are_what_the_frames_show(tmp_path: Path) -> None:
    found = quick(encode(tmp_path / "a.mp4"))
    for time, picture in zip(found.times, found.pictures, strict=True):
        true = scene(round(float(time) * 24 / 1000)).convert("L").resize((32, 32), 4)
        assert np.abs(np.asarray(true, int) - picture).mean() < 4


@pytest.mark.parametrize(
    ("pix_fmt", "full_range"),
    [("yuv420p10le", False), ("yuv420p", True), ("yuv444p", False), ("yuvj420p", True)],
)
def test_depth_and_range_change_a_few_levels_at_most(
    pix_fmt: str, full_range: bool, tmp_path: Path
) -> None:
    plain = quick(encode(tmp_path / "a.mkv", frames=12))
    other = quick(encode(tmp_path / "b.mkv", frames=12, pix_fmt=pix_fmt, full_range=full_range))
    assert np.abs(plain.pictures[0].astype(int) - other.pictures[0]).mean() < 3


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_footage_is_seen_upright(rotation: int, tmp_path: Path) -> None:
    plain = quick(make.make_video(tmp_path / "a.mp4"))
    path = make.make_video(tmp_path / "b.mp4", rotation=rotation)  # counter-clockwise
    for found in (quick(path), whole(path)):
        upright = np.rot90(plain.pictures[0], rotation // 90)
        assert np.abs(upright.astype(int) - found.pictures[0]).mean() < 2


def test_variable_frame_rate_keeps_its_times(tmp_path: Path) -> None:
    times = [0, 40, 500, 540, 2000, 2600, 4000]
    path = make.make_video(tmp_path / "a.mkv", frames=7, times_ms=times)
    for found in (quick(path), whole(path)):
        assert found.times.tolist() == [0, 500, 2000, 2600, 4000]


def test_a_film_frames_and_animations_of_it_have_the_same_pictures(tmp_path: Path) -> None:
    video = quick(encode(tmp_path / "a.mp4", frames=24, fps=8, options={"crf": "12"}))
    images = [scene(i) for i in range(24)]
    paths = [tmp_path / f"{i:03d}.png" for i in range(24)]
    for image, path in zip(images, paths, strict=True):
        image.save(path)
    keep: dict[str, Any] = {"save_all": True, "append_images": images[1:], "duration": 125}
    names = [str(path) for path in paths]
    found = {"frames": read(fingerprint_frames(names, [0.125] * 24))}
    inspected = inspect_frames(names, [0.125] * 24).fingerprint
    assert inspected is not None
    found["inspected frames"] = Fingerprint.from_bytes(inspected)
    for kind in ("webp", "png", "gif"):
        images[0].save(tmp_path / f"b.{kind}", **keep)
        found[kind] = quick(tmp_path / f"b.{kind}")
        found[f"inspected {kind}"] = whole(tmp_path / f"b.{kind}")
    for kind, other in found.items():
        assert other.duration == pytest.approx(3.0, abs=0.2), kind
        nearest = [np.abs(other.times.astype(int) - time).argmin() for time in video.times]
        levels = np.abs(other.pictures[nearest].astype(int) - video.pictures).mean(axis=(1, 2))
        assert np.median(levels) < 4, kind


def test_delays_nobody_meant_are_those_that_browsers_show(tmp_path: Path) -> None:
    path = make.make_gif(tmp_path / "a.gif", 10, delays_ms=[0, 10, 200, 0, 0, 0, 0, 0, 0, 500])
    for found in (quick(path), whole(path)):
        assert found.duration == pytest.approx(0.8 + 0.2 + 0.5)
        assert found.times[:4].tolist() == [0, 100, 200, 400]


def test_what_can_be_seen_through_lies_on_mid_grey(tmp_path: Path) -> None:
    make.make_apng(tmp_path / "a.png", 3, delays_ms=400, alpha=True)
    make.make_webp(tmp_path / "a.webp", 3, delays_ms=400, alpha=True)
    video = make.make_video(tmp_path / "a.mov", codec="png", pix_fmt="rgba", frames=3)
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste((255, 255, 255, 255), (0, 0, 32, 64))
    clear.save(tmp_path / "half.png")
    for path in (tmp_path / "a.png", tmp_path / "a.webp"):
        for found in (quick(path), whole(path)):
            assert np.abs(found.pictures[0, -7:, -7:].astype(int) - 128).max() <= 2
    assert quick(video).pictures.shape[1:] == (32, 32)
    for found in (quick(tmp_path / "half.png"), whole(tmp_path / "half.png")):
        assert set(found.pictures[0, 0].tolist()) == {255, 128}


def test_a_transparent_gif_lies_on_mid_grey(tmp_path: Path) -> None:
    frames = []
    for i in range(3):
        frame = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
        frame.paste((250, 250, 250, 255), (8 * i, 0, 8 * i + 8, 64))
        frames.append(frame)
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=200, disposal=2)
    for found in (quick(path), whole(path)):
        assert len(found) == 3
        assert np.abs(found.pictures[:, :, -8:].astype(int) - 128).max() <= 2
        assert found.pictures[2, 0].max() >= 245


@pytest.mark.parametrize("kind", ["png", "jpg", "bmp", "tiff", "webp", "gif"])
def test_a_still_picture_is_one_picture(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    scene(3, (640, 480)).save(path)
    for found in (quick(path), whole(path)):
        assert len(found) == 1
        assert (found.duration, found.times[0], found.ends[0]) == (0, 0, 0)
        true = np.asarray(scene(3, (640, 480)).convert("L").resize((32, 32), 4), int)
        assert np.abs(true - found.pictures[0]).mean() < 3


def test_frames_that_are_missing_or_damaged_leave_the_one_before(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.jpg" for i in range(8)]
    for i, path in enumerate(paths):
        scene(i * 8, SIZE).save(path)
    paths[2].unlink()
    paths[5].write_bytes(b"\xff\xd8\xffno picture")
    names = [str(path) for path in paths]
    found = read(fingerprint_frames(names, [0.25] * 8))
    assert found.times.tolist() == [0, 250, 750, 1000, 1500, 1750]
    assert found.ends.tolist()[-1] == 2000
    assert fingerprint_frames(names[2:3], [0.25]).fingerprint is None
    assert inspect_frames(names).fingerprint is None


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def spoil(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes(400) + data[len(data) // 2 + 400 :]


@pytest.mark.parametrize("harm", [cut, spoil])
@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.gif", "a.png"])
def test_what_can_be_decoded_of_a_damaged_file_counts(
    name: str, harm: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    if name.endswith(("mkv", "ts")):
        encode(path, gop_size=6)
    else:
        images = [scene(i) for i in range(24)]
        images[0].save(path, save_all=True, append_images=images[1:], duration=100)
    healthy = quick(path)
    path.write_bytes(harm(path.read_bytes()))
    found = quick(path)
    assert len(found) >= len(healthy) * 0.3
    assert np.abs(found.pictures[0].astype(int) - healthy.pictures[0]).mean() < 2


def test_what_is_no_footage_is_refused_in_words(tmp_path: Path) -> None:
    sound, text = make.make_audio(tmp_path / "a.m4a"), tmp_path / "a.txt"
    text.write_text("no footage " * 99)
    empty = tmp_path / "a.mp4"
    empty.write_bytes(b"")
    for path in (sound, text, empty, tmp_path / "absent.mp4", tmp_path):
        with pytest.raises(UserError):
            fingerprint_file(str(path))


def test_the_same_file_gives_the_same_bytes_and_a_remux_the_same_pictures(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", max_b_frames=2)
    first, second = (fingerprint_file(str(path)).fingerprint for _ in range(2))
    assert first is not None
    assert second is not None
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert max(apart(quick(path), quick(remux(path, tmp_path / "b.mkv")))) == 0


def test_long_footage_is_seen_by_its_keyframes_and_between_them(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", frames=660, fps=1, gop_size=60, max_b_frames=0)
    found = quick(path)
    assert found.duration == pytest.approx(660)
    assert np.diff(found.times.astype(int), append=660_000).max() <= 6000
    for time, picture in list(zip(found.times, found.pictures, strict=True))[::20]:
        true = scene(round(float(time) / 1000)).convert("L").resize((32, 32), 4)
        assert np.abs(np.asarray(true, int) - picture).mean() < 5
