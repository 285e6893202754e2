"""The search index is a copy: lost, damaged, foreign or unusable, what is found is the same."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.similar.library_of import check, fill, pairs
from tests.core.similar.world import World
from vidcache_gui.core.library import Library


def _no_folder(similar: Path) -> None:
    shutil.rmtree(similar)
    similar.write_text("a file has its name")


def _of_another_library(similar: Path) -> None:
    note = json.loads((similar / "catalog.json").read_text())
    (similar / "catalog.json").write_text(json.dumps(note | {"library": "another"}))


def _of_a_newer_catalog(similar: Path) -> None:
    """As when a copy of the catalog from before was put back."""
    note = json.loads((similar / "catalog.json").read_text())
    (similar / "catalog.json").write_text(json.dumps(note | {"stamp": 900}))


def _garbled(similar: Path) -> None:
    for file in similar.glob("*.segment"):
        file.write_bytes(b"nonsense")


MADE_AGAIN = "it is made again from the fingerprints."


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (shutil.rmtree, MADE_AGAIN),
        (_garbled, MADE_AGAIN),
        (_of_another_library, MADE_AGAIN),
        (_of_a_newer_catalog, MADE_AGAIN),
        (_no_folder, "the index is made again each time."),
    ],
)
def test_whatever_became_of_the_index_nothing_is_missed(
    tmp_path: Path, world: World, damage: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "library"
    with Library.open(path) as library:
        world.live_in(library)
        fill(library, "a:0-9", "b:0-9")
        assert check(library)[-1].note == ""
    damage(path / "similar")
    for newcomer in ("a:2-5", "b:2-5"):
        with Library.open(path) as library:
            world.live_in(library)
            fill(library, newcomer)
            note = check(library)[-1].note
            assert note.endswith(said) == (newcomer == "a:2-5" or damage is _no_folder)
            found = pairs(library)
    assert found == {("a:0-9", "a:2-5"), ("b:0-9", "b:2-5")}
    assert len(world.looked) == 4, "nothing is decoded for that"


def test_an_index_that_cannot_be_written_is_said_and_no_failure(
    library: Library, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(index: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vidcache_gui.matching.index.HashIndex.flush", full)
    fill(library, "a:0-9", "a:2-5")
    check(library)
    assert "No space left on device" in library.check_state().note
    assert len(library.matches()) == 1
