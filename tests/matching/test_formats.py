"""Files of all kinds of one piece of footage find each other, and nothing else, in one index."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.matching import scenes
from tests.matching.scenes import RATE, Frames, film, scene
from vidcache_gui.matching.index import HashIndex
from vidcache_gui.matching.matcher import Matcher
from vidcache_gui.matching.records import Match, Relation, Tier
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.look import Look, fingerprint_file, fingerprint_frames


def write_video(path: Path, frames: Frames, codec: str, options: dict[str, str]) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=RATE, options=options)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def write_pictures(path: Path, frames: Frames, step: int, kind: str) -> Path:
    """Every ``step``-th frame as an animation."""
    pictures = [Image.fromarray(picture) for picture in frames[::step]]
    if kind == "GIF":
        pictures = [picture.quantize(32) for picture in pictures]
    duration = round(1000 * step / RATE)
    pictures[0].save(path, kind, save_all=True, append_images=pictures[1:], duration=duration)
    return path


def read(look: Look) -> Fingerprint:
    assert look.fingerprint is not None
    return Fingerprint.from_bytes(look.fingerprint)


NAMES = ("good.mp4", "poor.mp4", "old.avi", "small.gif", "moving.webp", "frames", "mirrored.mp4")
X264 = {"preset": "ultrafast", "x264-params": "log-level=none"}


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fingerprint]:
    """One piece of footage in every form, and three other pieces."""
    folder = tmp_path_factory.mktemp("formats")
    footage = film(1)
    write_video(folder / "good.mp4", footage, "libx264", {**X264, "crf": "20"})
    small = scenes.resized(footage, 96, 56)
    write_video(folder / "poor.mp4", small, "libx264", {**X264, "crf": "38"})
    write_video(folder / "old.avi", footage, "mpeg4", {"qscale": "12"})
    write_pictures(folder / "small.gif", scenes.resized(footage, 80, 48), 3, "GIF")
    write_pictures(folder / "moving.webp", small, 2, "WEBP")
    write_video(folder / "mirrored.mp4", footage[:, :, ::-1], "libx264", {**X264, "crf": "30"})
    for number, other in enumerate((film(2), scene(7), scene(8, still=True))):
        write_video(folder / f"other{number}.mp4", other, "libx264", {**X264, "crf": "26"})
    found = {path.name: read(fingerprint_file(str(path))) for path in sorted(folder.iterdir())}
    pictures = []
    for number, picture in enumerate(footage[::3]):
        pictures.append(str(folder / f"{number:04d}.jpg"))
        Image.fromarray(picture).save(pictures[-1], quality=60)
    found["frames"] = read(fingerprint_frames(pictures, [3 / RATE] * len(pictures)))
    return found


@pytest.fixture
def matcher(tmp_path: Path, prints: dict[str, Fingerprint]) -> Iterator[Matcher]:
    names = list(prints)
    index = HashIndex.open(tmp_path / "index")
    matcher = Matcher(index, lambda owner: prints[names[owner]])
    for owner, name in enumerate(names):
        matcher.add(owner, prints[name])
    yield matcher
    index.close()


def found_by(matcher: Matcher, prints: dict[str, Fingerprint], name: str) -> dict[str, Match]:
    names = list(prints)
    own = names.index(name)
    found = matcher.find(prints[name], exclude={own})
    assert own not in [owner for owner, _ in found]
    scores = [match.score for _, match in found]
    assert scores == sorted(scores, reverse=True)
    return {names[owner]: match for owner, match in found}


@pytest.mark.parametrize("name", NAMES)
def test_each_form_finds_all_others_and_nothing_else(
    name: str, matcher: Matcher, prints: dict[str, Fingerprint]
) -> None:
    found = found_by(matcher, prints, name)

    assert set(found) == set(NAMES) - {name}
    for other, match in found.items():
        assert match.relation is Relation.RE_ENCODE, other
        assert match.tier is not Tier.LOOK, other
        turned = (name == "mirrored.mp4") != (other == "mirrored.mp4")
        assert match.segments[0].transform.mirrored is turned, other
        assert abs(match.segments[0].b0 - match.segments[0].a0) < 0.35, other


def test_other_footage_finds_nothing(matcher: Matcher, prints: dict[str, Fingerprint]) -> None:
    for name in set(prints) - set(NAMES):
        assert not found_by(matcher, prints, name)
