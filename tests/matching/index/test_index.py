"""Whatever is added, removed, flushed, merged and opened again: answers are those of a dict."""

import tempfile
from collections import defaultdict
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.matching.index.model import Entries, hashes_of, listed, near, off_by, random_hashes
from vidcache_gui.matching.index import HashIndex

# Few kinds, each with copies that are some bits off: what is found is never nothing.
KINDS = random_hashes(np.random.default_rng(5), 6)
OWNERS = st.one_of(st.integers(0, 12), st.just(2**32 - 1))
PLACES = st.integers(0, 2**32 - 1)
ENTRY = st.tuples(st.integers(0, 5), st.sets(st.integers(0, 63), max_size=6), PLACES)


def hash_of(kind: int, flipped: set[int]) -> int:
    return int(KINDS[kind]) ^ sum(1 << bit for bit in flipped)


class IndexMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # So that segments of a few entries stay apart, as large ones do.
        self._small = mock.patch("vidcache_gui.matching.index.index._SMALL", 8)
        self._small.start()
        self._folder = tempfile.TemporaryDirectory()
        self.entries: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.index = HashIndex.open(Path(self._folder.name) / "index")

    def teardown(self) -> None:
        self.index.close()
        self._small.stop()
        self._folder.cleanup()

    @initialize(count=st.integers(0, 60))
    def start_with_some(self, count: int) -> None:
        """A segment that is much larger than what comes, so that merges leave it alone."""
        rng = np.random.default_rng(count)
        hashes = off_by(rng, KINDS[rng.integers(0, len(KINDS), count)], 2)
        self.index.add(100, hashes, np.arange(count))
        self.index.flush()
        self.entries[100] = list(zip(hashes.tolist(), range(count), strict=True))

    @rule(owner=OWNERS, added=st.lists(ENTRY, max_size=8))
    def add(self, owner: int, added: list[tuple[int, set[int], int]]) -> None:
        entries = [(hash_of(kind, flipped), place) for kind, flipped, place in added]
        hashes = hashes_of(*(hash for hash, _ in entries))
        self.index.add(owner, hashes, [place for _, place in entries])
        self.entries[owner] += entries

    @rule(owner=st.one_of(OWNERS, st.just(100)))
    def remove(self, owner: int) -> None:
        self.index.remove(owner)
        self.entries.pop(owner, None)

    @rule()
    def flush(self) -> None:
        self.index.flush()

    @rule()
    def merge(self) -> None:
        self.index.merge()

    @rule(flush=st.booleans())
    def open_again(self, flush: bool) -> None:
        if flush:
            self.index.flush()
        self.index.close()
        self.index = HashIndex.open(Path(self._folder.name) / "index")

    @precondition(lambda self: len(self.entries) > 3)
    @rule()
    def clear(self) -> None:
        self.index.clear()
        self.entries.clear()

    @rule(
        asked=st.lists(st.tuples(st.integers(0, 5), st.sets(st.integers(0, 63), max_size=6))),
        radius=st.integers(0, 7),
    )
    def search(self, asked: list[tuple[int, set[int]]], radius: int) -> None:
        queries = hashes_of(*(hash_of(kind, flipped) for kind, flipped in asked))
        hits = self.index.search(queries, radius)
        assert listed(hits) == near(self.entries, queries, radius)
        assert not hits.crowded.any()

    @rule(kind=st.integers(0, 5), flipped=st.sets(st.integers(0, 63), max_size=1))
    def holders(self, kind: int, flipped: set[int]) -> None:
        wanted = near(self.entries, hashes_of(hash_of(kind, flipped)), 0)
        owners, places = self.index.holders(hash_of(kind, flipped))
        found = sorted(zip(owners.tolist(), places.tolist(), strict=True))
        assert found == sorted((owner, place) for _, owner, place, _ in wanted)

    @invariant()
    def what_is_there_is_found(self) -> None:
        assert listed(self.index.search(KINDS, 2)) == near(self.entries, KINDS, 2)

    @invariant()
    def owners_are_known(self) -> None:
        assert self.index.owners().tolist() == sorted(self.entries)
        assert all(owner in self.index for owner in self.entries)
        assert 99 not in self.index


TestIndex = IndexMachine.TestCase
TestIndex.settings = settings(max_examples=25, stateful_step_count=25)


@pytest.fixture
def index(tmp_path: Path) -> HashIndex:
    return HashIndex.open(tmp_path / "index")


@pytest.mark.parametrize("radius", [7, 3, 0])
def test_long_buckets_and_many_entries(index: HashIndex, radius: int) -> None:
    """Buckets that are read in place as well as gathered, over several segments."""
    rng = np.random.default_rng(radius)
    entries: Entries = {}
    for owner in range(6):
        rare = random_hashes(rng, 100)
        often = off_by(rng, np.repeat(KINDS[:1], 900), owner)
        hashes = np.concatenate([rare, often])
        entries[owner] = list(zip(hashes.tolist(), range(1000), strict=True))
        index.add(owner, hashes, np.arange(1000))
        if owner % 2:
            index.flush()
    queries = np.concatenate([off_by(rng, KINDS[:2], 2), rare[:2], rare[:1]])
    found = index.search(queries, radius)
    assert listed(found) == near(entries, queries, radius)
    assert len(found) > 0
    assert found.owner.tolist() == sorted(found.owner.tolist())


def test_exact_buckets_are_complete_up_to_three_bits(index: HashIndex) -> None:
    rng = np.random.default_rng(9)
    hashes = random_hashes(rng, 200)
    index.add(1, hashes, np.arange(200))
    assert len(index.search(off_by(rng, hashes, 3), 3, exact_buckets=True)) == 200
    further = off_by(rng, hashes, 7)
    assert len(index.search(further, 7, exact_buckets=True)) < 200
    assert len(index.search(further, 7)) == 200


def test_beyond_seven_bits_most_are_found(index: HashIndex) -> None:
    """Missed are those whose differing bits are spread evenly over the bands."""
    rng = np.random.default_rng(10)
    hashes = random_hashes(rng, 500)
    index.add(1, hashes, np.arange(500))
    shares = [len(index.search(off_by(rng, hashes, bits), 10)) / 500 for bits in (8, 9, 10)]
    assert 1 > shares[0] > shares[1] > shares[2] > 0.5


def test_nothing_asked_and_nothing_there(index: HashIndex) -> None:
    assert len(index.search(hashes_of(1, 2))) == 0
    assert len(index.vote(hashes_of(1, 2))) == 0
    index.add(1, hashes_of(5), [3])
    assert len(index.search(hashes_of())) == 0
    assert len(index.vote(hashes_of())) == 0
    assert len(index) == 1


def test_lengths_must_agree(index: HashIndex) -> None:
    with pytest.raises(ValueError, match="2 hashes, 1 places"):
        index.add(1, hashes_of(5, 6), [3])


def test_one_removal_after_another_lasts(index: HashIndex, tmp_path: Path) -> None:
    for owner in range(9):
        index.add(owner, KINDS, np.arange(6))
    for owner in (4, 2, 7):
        index.flush()
        index.remove(owner)
    index.close()
    again = HashIndex.open(tmp_path / "index")
    assert again.owners().tolist() == [0, 1, 3, 5, 6, 8]
    assert len(list((tmp_path / "index").glob("*.dead"))) == 1


def test_more_queries_than_are_looked_up_at_once(
    index: HashIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidcache_gui.matching.index.search._BATCH", 4)
    index.add(1, KINDS, np.arange(6))
    queries = np.concatenate([KINDS, KINDS[::-1], random_hashes(np.random.default_rng(1), 5)])
    hits = index.search(queries, 0)
    assert listed(hits) == sorted((n, 1, n if n < 6 else 11 - n, 0) for n in range(12))


def test_numbers_must_fit(index: HashIndex) -> None:
    for owner, place in ((-1, 0), (2**32, 0), (0, -1), (0, 2**32)):
        with pytest.raises(ValueError, match="32 bits"):
            index.add(owner, hashes_of(5), np.array([place]))
    assert len(index.owners()) == 0


def test_what_was_added_is_a_copy(index: HashIndex) -> None:
    hashes, places = hashes_of(5), np.array([3], np.uint32)
    index.add(1, hashes, places)
    hashes[0] = places[0] = 0
    assert listed(index.search(hashes_of(5), 0)) == [(0, 1, 3, 0)]


def test_too_much_in_memory_is_flushed(
    index: HashIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidcache_gui.matching.index.index._SPILL", 50)
    for owner in range(10):
        index.add(owner, KINDS, np.arange(6))
    seen = HashIndex.open(tmp_path / "index", read_only=True).owners()
    assert seen.tolist() == list(range(9))
    assert index.owners().tolist() == list(range(10))
