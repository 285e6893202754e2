"""Libraries in a world where looking at footage costs nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.similar.world import World
from vidcache_gui.core.library import Library


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def library(tmp_path: Path, world: World) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as lib:
        world.live_in(lib)
        yield lib
