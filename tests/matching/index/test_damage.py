"""Damage is noticed when the index is opened, or where it leads nowhere; nothing else is read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.matching.index.model import hashes_of, random_hashes
from vidcache_gui.matching.index import HashIndex, IndexDamaged

HASHES = random_hashes(np.random.default_rng(1), 40)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of one segment from which one of two owners was removed."""
    index = HashIndex.open(tmp_path / "index")
    index.add(1, HASHES[:20], np.arange(20))
    index.add(2, HASHES[20:], np.arange(20))
    index.flush()
    index.remove(2)
    index.flush()
    index.close()
    return tmp_path / "index"


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a lost segment": lambda folder: one(folder, "*.segment").unlink(),
    "a segment cut short": lambda folder: cut(one(folder, "*.segment")),
    "an empty segment": lambda folder: one(folder, "*.segment").write_bytes(b""),
    "another kind of file": lambda folder: flip(one(folder, "*.segment"), 1),
    "a flipped head": lambda folder: flip(one(folder, "*.segment"), 30),
    "a flipped owner": lambda folder: flip(one(folder, "*.segment"), 4096),
    "a flipped offset": lambda folder: flip(one(folder, "*.segment"), 5 * 4096 + 70_000),
    "a lost list of the removed": lambda folder: one(folder, "*.dead").unlink(),
    "a flipped list of the removed": lambda folder: flip(one(folder, "*.dead"), 0),
    "a lost manifest": lambda folder: one(folder, "manifest.json").unlink(),
    "a flipped manifest": lambda folder: flip(one(folder, "manifest.json"), 20),
    "an empty manifest": lambda folder: one(folder, "manifest.json").write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_and_can_be_wiped(folder: Path, damage: str) -> None:
    DAMAGES[damage](folder)
    for _ in range(2):  # the first try leaves no lock behind
        with pytest.raises(IndexDamaged):
            HashIndex.open(folder)

    HashIndex.wipe(folder)

    index = HashIndex.open(folder)
    assert len(index.owners()) == 0
    index.add(3, HASHES, np.arange(40))
    index.flush()
    assert len(index.search(HASHES, 0)) == 40
    assert len(list(folder.glob("*.segment"))) == 1
    assert not list(folder.glob("*.dead"))


def test_whole_files_are_not_called_damaged(folder: Path) -> None:
    index = HashIndex.open(folder)
    assert index.owners().tolist() == [1]
    assert len(index.search(HASHES, 0)) == 20


def test_an_entry_that_leads_nowhere_is_noticed(folder: Path) -> None:
    """The long arrays have no checksum: 40 entries' ids of the last band fill the last page."""
    path = one(folder, "*.segment")
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    path.write_bytes(data)
    index = HashIndex.open(folder)
    with pytest.raises(IndexDamaged, match="leads nowhere"):
        index.search(HASHES, 7)


def test_what_a_crash_left_is_swept(folder: Path) -> None:
    (folder / "00000099.segment").write_bytes(b"half")
    (folder / "00000098.draft").write_bytes(b"less")
    (folder / "00000001-00000097.dead").write_bytes(b"none")
    (folder / "notes.txt").write_text("of somebody")
    HashIndex.open(folder).close()
    assert {path.suffix for path in folder.iterdir()} == {".segment", ".dead", ".json", ".txt", ""}
    assert len(list(folder.iterdir())) == 5


def test_a_full_disk_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    index = HashIndex.open(folder)
    index.add(5, hashes_of(1, 2), [0, 1])
    index.remove(1)
    with monkeypatch.context() as broken:
        broken.setattr("os.pwrite", full)
        with pytest.raises(OSError, match="No space"):
            index.flush()
    assert index.owners().tolist() == [5]
    assert HashIndex.open(folder, read_only=True).owners().tolist() == [1]
    assert not list(folder.glob("*.draft"))
    index.close()
    assert HashIndex.open(folder).owners().tolist() == [5]
