"""Two files measured by a worker."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.media.make import make_frames
from tests.media.quality.footage import SIZE, encode, enlarged_from, material
from vidcache_gui.errors import UserError
from vidcache_gui.media.pool import DecodePool
from vidcache_gui.media.quality.measure import measure_pair
from vidcache_gui.media.quality.records import Material, PairMeasured, Stretch
from vidcache_gui.media.types import Kind

ALL = (Stretch(0, 2, 0, 2),)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return encode(tmp_path / "original.mp4")


def test_a_worker_tells_an_enlarged_copy(tmp_path: Path, original: Path) -> None:
    def small(image: Image.Image) -> Image.Image:
        return enlarged_from(100)(image).resize((480, 360), Image.Resampling.BICUBIC)

    copy = encode(tmp_path / "copy.mp4", small)

    with DecodePool(1) as pool:
        found: PairMeasured = pool.submit(
            "vidcache_gui.media.quality.measure:measure_pair",
            material(original), material(copy), ALL,
        ).result()  # fmt: skip

    assert (found.a.stored_lines, found.b.stored_lines) == (240, 360)
    assert found.a.lines > 200
    assert found.b.lines == pytest.approx(100, rel=0.25)
    assert found.b.detail < -1 < found.a.detail == 0
    assert found.alike > 0.97
    assert found.pictures == 8


def test_doubled_frames_are_counted_once(tmp_path: Path, original: Path) -> None:
    copy = encode(tmp_path / "copy.mp4", repeat=2)

    found = measure_pair(material(original), material(copy), ALL)

    assert found.a.rate == pytest.approx(24, abs=1)
    assert found.b.rate == pytest.approx(12, abs=1)


def test_what_stands_still_has_no_rate(tmp_path: Path, original: Path) -> None:
    still = encode(tmp_path / "still.mp4", repeat=100)

    assert measure_pair(material(still), material(original), ALL).a.rate is None


def test_a_crop_shows_less(tmp_path: Path, original: Path) -> None:
    box = (32, 24, 288, 216)
    copy = encode(tmp_path / "copy.mp4", lambda image: image.crop(box))
    inner = tuple(side / length for side, length in zip(box, SIZE * 2, strict=True))

    found = measure_pair(
        material(original), material(copy), (replace(ALL[0], box_a=inner),)
    )  # fmt: skip

    assert found.a.extra == pytest.approx(0.36, abs=0.03)
    assert found.b.extra == found.b.bars == 0
    assert found.b.stored_lines == pytest.approx(240, abs=3)  # of a whole picture


def test_mirrored_turned_and_backwards(tmp_path: Path, original: Path) -> None:
    def turned(image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(90, expand=True)

    copy = encode(tmp_path / "copy.mp4", turned)
    how = Stretch(0, 2, 0, 2, mirrored=True, rotation=270)

    assert measure_pair(material(original), material(copy), (how,)).alike > 0.98


def test_a_sequence_beside_a_video(tmp_path: Path) -> None:
    folder = make_frames(tmp_path / "frames", 12)
    paths = tuple(str(path) for path in sorted(folder.iterdir()))
    frames = Material(Kind.FRAMES, paths, delays=(0.1,) * 12)

    found = measure_pair(frames, frames, (Stretch(0, 1.2, 0, 1.2),))

    assert found.alike == pytest.approx(1)
    assert found.a == found.b
    assert found.a.rate == pytest.approx(10, abs=1)


def test_still_pictures(tmp_path: Path) -> None:
    folder = make_frames(tmp_path / "frames", 1)
    still = Material(Kind.IMAGE, (str(next(folder.iterdir())),))

    found = measure_pair(still, still, (Stretch(0, 0, 0, 0),))

    assert (found.pictures, found.a.rate) == (1, None)


def test_nothing_to_compare_is_said(tmp_path: Path, original: Path) -> None:
    gone = Material(Kind.IMAGE, (str(tmp_path / "gone.png"),))

    with pytest.raises(UserError):
        measure_pair(material(original), gone, ALL)
    with pytest.raises(UserError, match="nothing in common"):
        measure_pair(material(original), material(original), ())
