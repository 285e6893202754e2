"""One writer, several readers, and threads beside each other."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.matching.index.model import random_hashes
from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled
from vidcache_gui.matching.index import HashIndex, IndexBusy, IndexDamaged
from vidcache_gui.matching.index import index as module
from vidcache_gui.matching.index.segment import Segment

HASHES = random_hashes(np.random.default_rng(3), 400).reshape(40, 10)


def found_owners(index: HashIndex) -> list[int]:
    """Owners whose ten entries are all found, and only those."""
    hits = index.search(HASHES.ravel(), 0)
    owners, counts = np.unique(hits.owner, return_counts=True)
    assert set(counts.tolist()) <= {10}
    assert np.array_equal(hits.query, hits.owner * 10 + hits.place)
    return owners.tolist()


def test_a_second_writer_is_sent_away(tmp_path: Path) -> None:
    index = HashIndex.open(tmp_path / "index")
    with pytest.raises(IndexBusy):
        HashIndex.open(tmp_path / "index")
    with pytest.raises(IndexBusy):
        HashIndex.wipe(tmp_path / "index")
    index.close()
    HashIndex.open(tmp_path / "index").close()


def test_a_reader_changes_nothing_on_disk(tmp_path: Path) -> None:
    reader = HashIndex.open(tmp_path / "index", read_only=True)
    assert len(reader.owners()) == 0
    for change in (reader.flush, reader.merge, reader.clear):
        with pytest.raises(ValueError, match="for reading only"):
            change()
    reader.close()
    assert not (tmp_path / "index").exists()


def test_what_a_reader_adds_and_removes_is_its_own_until_it_refreshes(tmp_path: Path) -> None:
    writer = HashIndex.open(tmp_path / "index")
    writer.add(0, HASHES[0], range(10))
    writer.flush()
    reader = HashIndex.open(tmp_path / "index", read_only=True)
    reader.add(1, HASHES[1], range(10))
    assert found_owners(reader) == [0, 1]
    reader.remove(0)
    assert found_owners(reader) == [1]
    assert found_owners(writer) == [0]
    reader.refresh()
    assert found_owners(reader) == [0]
    reader.close()
    writer.close()


def test_a_reader_sees_the_last_flush(tmp_path: Path) -> None:
    writer = HashIndex.open(tmp_path / "index")
    reader = HashIndex.open(tmp_path / "index", read_only=True)
    writer.add(0, HASHES[0], range(10))
    reader.refresh()
    assert found_owners(reader) == []
    writer.flush()
    assert found_owners(reader) == []
    reader.refresh()
    assert found_owners(reader) == [0]
    writer.remove(0)
    writer.add(1, HASHES[1], range(10))
    writer.merge()
    assert found_owners(reader) == [0], "its files are gone, but still open"
    reader.refresh()
    assert found_owners(reader) == [1]


def test_readers_beside_a_busy_writer(tmp_path: Path) -> None:
    """Whenever a reader looks, it sees all that was flushed up to some moment."""
    writer = HashIndex.open(tmp_path / "index")
    done = threading.Event()
    failed: list[Exception] = []

    def write() -> None:
        try:
            for owner, hashes in enumerate(HASHES):
                writer.add(owner, hashes, range(10))
                if owner % 7 == 6:
                    writer.remove(owner - 6)
                writer.flush()
        except Exception as error:
            failed.append(error)
        finally:
            done.set()

    possible = [[]]
    for owner in range(len(HASHES)):
        possible.append([each for each in range(owner + 1) if each % 7 or owner < each + 6])
    thread = threading.Thread(target=write)
    thread.start()
    seen: list[list[int]] = []
    last = False
    while not last:
        last = done.is_set()
        seen.append(found_owners(HashIndex.open(tmp_path / "index", read_only=True)))
    thread.join()

    assert not failed
    places = [possible.index(state) for state in seen]
    assert places == sorted(places)
    assert places[-1] == len(HASHES)


def test_a_file_that_stays_away_is_damage(tmp_path: Path) -> None:
    writer = HashIndex.open(tmp_path / "index")
    writer.add(0, HASHES[0], range(10))
    writer.flush()
    (path,) = (tmp_path / "index").glob("*.segment")
    path.unlink()
    with pytest.raises(IndexDamaged, match="missing"):
        HashIndex.open(tmp_path / "index", read_only=True)


def during_a_merge(
    index: HashIndex, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    """Let another thread do ``work`` while a long merge is under way."""
    real = module.merge

    def slow(
        segments: Sequence[Segment], path: Path, *, limit: int, check: Callable[[], None]
    ) -> None:
        monkeypatch.setattr(module, "merge", real)
        failed: list[Exception] = []

        def run() -> None:
            try:
                work()
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), "the merge holds up everything else"
        assert not failed, failed
        real(segments, path, limit=limit, check=check)

    monkeypatch.setattr(module, "merge", slow)
    index.merge()
    assert module.merge is real


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HashIndex:
    """An index of three segments of about the same size that no flush merges."""
    monkeypatch.setattr(module, "_SMALL", 0)
    monkeypatch.setattr(module, "_CHEAP", 0)
    index = HashIndex.open(tmp_path / "index")
    for first in (0, 5, 10):
        for owner in range(first, first + 5):
            index.add(owner, HASHES[owner], range(10))
        index.flush()
    assert len(list((tmp_path / "index").glob("*.segment"))) == 3
    return index


def test_everything_goes_on_during_a_merge(
    parts: HashIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> None:
        parts.remove(2)
        parts.add(20, HASHES[20], range(10))
        monkeypatch.setattr(module, "_SMALL", 1000)  # now the flush would merge them all
        monkeypatch.setattr(module, "_CHEAP", 1000)
        parts.flush()
        files = len(list((tmp_path / "index").glob("*.segment")))
        assert files == 4, "a flush leaves alone what is being merged"
        parts.remove(7)
        parts.add(7, HASHES[7], range(10))
        parts.remove(20)
        parts.add(21, HASHES[21], range(10))
        assert found_owners(parts) == [0, 1, *range(3, 15), 21]

    during_a_merge(parts, monkeypatch, work)

    wanted = [0, 1, *range(3, 15), 21]
    assert found_owners(parts) == parts.owners().tolist() == wanted
    parts.close()
    again = HashIndex.open(tmp_path / "index")
    assert found_owners(again) == again.owners().tolist() == wanted
    again.merge()
    assert found_owners(again) == wanted


def test_what_is_cleared_during_a_merge_stays_away(
    parts: HashIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> None:
        parts.clear()
        parts.add(30, HASHES[30], range(10))
        parts.flush()

    during_a_merge(parts, monkeypatch, work)

    assert found_owners(parts) == parts.owners().tolist() == [30]
    assert len(list((tmp_path / "index").glob("*.segment"))) == 1


def test_closing_ends_a_merge(
    parts: HashIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = threading.Thread(target=parts.close)

    def work() -> None:
        closing.start()
        assert parts._closing.wait(60)

    during_a_merge(parts, monkeypatch, work)
    closing.join(60)

    assert not closing.is_alive()
    assert not list((tmp_path / "index").glob("*.draft"))
    again = HashIndex.open(tmp_path / "index")
    assert found_owners(again) == list(range(15))
    assert len(list((tmp_path / "index").glob("*.segment"))) == 3


def test_a_cancelled_merge_changes_nothing(
    parts: HashIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(path.name for path in (tmp_path / "index").iterdir())
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        parts.merge(token)
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == before
    assert found_owners(parts) == list(range(15))
    parts.merge()
    assert len(list((tmp_path / "index").glob("*.segment"))) == 1


def test_a_merge_drops_what_was_removed(parts: HashIndex, tmp_path: Path) -> None:
    parts.merge()
    assert len(parts) == 150
    for owner in range(6):
        parts.remove(owner)
    parts.merge()
    assert len(parts) == 90
    assert not list((tmp_path / "index").glob("*.dead"))
    assert found_owners(parts) == list(range(6, 15))
