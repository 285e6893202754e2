"""The pictures that prove a match, out of real footage."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query
from vidcache_gui.gui.background import Background
from vidcache_gui.gui.similar.evidence import EvidencePictures

FPS = 24


def number(image: QImage | None) -> int:
    """The number written into a picture."""
    assert image is not None
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    size = (image.width(), image.height())
    data = bytes(image.constBits())
    return make.read_number(
        Image.frombytes("RGBA", size, data, "raw", "RGBA", image.bytesPerLine())
    )


@pytest.fixture
def clips(library: Library, tmp_path: Path) -> dict[str, Item]:
    made = make.make_video(tmp_path / "clip.mp4", frames=48, fps=FPS, size=(320, 192), gop=12)
    other = make.make_gif(tmp_path / "other.gif")
    for _ in library.ingest([made, other]):
        pass
    return {item.name: item for item in library.page(Query(), None, 10)}


def test_the_frame_at_each_time(
    qtbot: QtBot, library: Library, clips: dict[str, Item], background: Background
) -> None:
    pictures = EvidencePictures(background, library)
    clip = clips["clip.mp4"]
    times = [31 / FPS, 5 / FPS, 99.0, 5.5 / FPS]
    assert pictures.picture(clip, times[0]) is None
    pictures.want([(clip, times)])
    qtbot.waitUntil(lambda: all(pictures.picture(clip, time) for time in times), timeout=10_000)
    assert [number(pictures.picture(clip, time)) for time in times] == [31, 5, 47, 5]


def test_only_what_is_looked_at_last_is_decoded(
    qtbot: QtBot, library: Library, clips: dict[str, Item], at_once: Background
) -> None:
    """What is wanted again after it was passed over is decoded after all."""
    pictures = EvidencePictures(at_once, library)
    clip = clips["clip.mp4"]
    pictures.want([(clip, [0.5])])
    pictures.want([(clip, [1.0])])
    pictures.want([(clip, [0.5])])
    qtbot.waitUntil(lambda: pictures.picture(clip, 0.5) is not None)
    assert number(pictures.picture(clip, 0.5)) == 12


def test_what_cannot_be_decoded_is_known_to_be_absent(
    qtbot: QtBot, library: Library, clips: dict[str, Item], background: Background
) -> None:
    pictures = EvidencePictures(background, library)
    clip = clips["clip.mp4"]
    path = library.blob_path(clip.hash)
    path.chmod(0o600)
    path.unlink()
    with qtbot.waitSignal(pictures.arrived, timeout=10_000):
        pictures.want([(clip, [0.0])])
    assert pictures.is_absent(clip, 0.0)
    assert pictures.picture(clip, 0.0) is None
