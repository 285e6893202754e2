"""A server of ours with things on it, shared by a module, and a person's own settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.server.serving import Running, serving
from tests.media import make
from vidcache_gui.core.library import Library
from vidcache_gui.gui.remotes import frame_cache
from vidcache_gui.interfaces.remotes import known

FRAMES = 12
NAMES = [f"clip {n}.mp4" for n in range(3)]


@pytest.fixture(scope="session")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Three films and one group of frames, whose keys sort otherwise than their numbers."""
    folder = tmp_path_factory.mktemp("far")
    with Library.open(folder / "library") as library:
        clips = [
            make.make_video(folder / name, size=(64, 48), frames=30, first=100 * n)
            for n, name in enumerate(NAMES)
        ]
        for _ in library.ingest(clips):
            pass
        frames = folder / "walk"
        frames.mkdir()
        for number in range(FRAMES):
            picture = make.picture(number, (64, 48))
            picture.save(frames / f"frame_{number}_delay-0.1s.png")
        library.put_frames("videos", "walk", frames)
    with serving(folder / "library") as running:
        yield running


@pytest.fixture(autouse=True)
def settings_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "settings_file", lambda: tmp_path / "config" / "remotes.json")
    monkeypatch.setattr(frame_cache, "default_folder", lambda: tmp_path / "cache")
