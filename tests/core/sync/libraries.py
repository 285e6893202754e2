"""Two libraries that tests synchronise, and what is put into them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.pair import Pair
from vidcache_gui.core.sync.records import Report, Way

Libraries = tuple[Library, Library]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with nothing in it: copying it is quicker than making one."""
    folder = tmp_path_factory.mktemp("empty") / "library"
    Library.open(folder).close()
    return folder


@pytest.fixture
def libraries(empty: Path, tmp_path: Path) -> Iterator[Libraries]:
    for name in ("here", "there"):
        shutil.copytree(empty, tmp_path / name)
    with Library.open(tmp_path / "here") as here, Library.open(tmp_path / "there") as there:
        yield here, there


@pytest.fixture
def library(empty: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(shutil.copytree(empty, tmp_path / "library")) as opened:
        yield opened


def put(library: Library, key: str, data: bytes, ball_id: str = "clip", **tags: str) -> None:
    incoming = library.incoming(len(data))
    incoming.write(data)
    library.put_ball(incoming, BallFacts("videos", key, ball_id, tags))


def sync(pair: Pair, way: Way = Way.BOTH, *, mirror: bool = False) -> Report:
    """Do what is to be done; then there is nothing left to do."""
    report = pair.carry_out(pair.plan(way, mirror=mirror))
    assert not report.failures, [outcome.error for outcome in report.failures]
    assert pair.plan(way, mirror=mirror).to_do == ()
    return report


def keys(library: Library) -> dict[str, bytes]:
    """The bytes of the balls that are shown."""
    return {ball.key: library.get_bytes(ball.hash) for _, ball in library.ball_page()}
