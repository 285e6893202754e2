"""Votes are distinct frames of one variant, counted as the model counts them."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from tests.matching.index.model import Entries, hashes_of, near, off_by, random_hashes
from vidcache_gui.matching.index import HashIndex


@pytest.fixture
def index(tmp_path: Path) -> HashIndex:
    return HashIndex.open(tmp_path / "index")


def test_one_frame_is_one_vote_however_often_it_hits(index: HashIndex) -> None:
    index.add(1, hashes_of(0, 1, 3), [10, 11, 12])
    index.add(2, hashes_of(0, 1 << 40), [5, 6])
    assert index.vote(hashes_of(0)).owner.tolist() == []
    assert index.vote(hashes_of(0), least=1).owner.tolist() == [1, 2]
    assert index.vote(hashes_of(0, 1), frames=[4, 4]).owner.tolist() == []
    two = index.vote(hashes_of(0, 1 << 40), 0)
    assert two.owner.tolist() == [2]
    assert two.votes.tolist() == [2]


def test_variants_do_not_add_up(index: HashIndex) -> None:
    index.add(1, hashes_of(0, 0xFFFF << 20), [0, 1])
    queries = hashes_of(0, 0xFFFF << 20)
    assert len(index.vote(queries, variants=[0, 0])) == 1
    assert len(index.vote(queries, variants=[0, 1])) == 0
    assert index.vote(queries, variants=[0, 1], least=1).votes.tolist() == [1]


@pytest.mark.parametrize("seed", range(6))
def test_as_the_model_counts(index: HashIndex, seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = random_hashes(rng, 12)
    entries: Entries = {}
    for owner in range(30):
        count = int(rng.integers(0, 6))
        hashes = off_by(rng, kinds[rng.integers(0, 12, count)], int(rng.integers(0, 5)))
        entries[owner] = list(zip(hashes.tolist(), range(count), strict=True))
        index.add(owner, hashes, np.arange(count))
        if owner == 20:
            index.flush()
    index.remove(3)
    entries.pop(3)
    queries = off_by(rng, kinds[rng.integers(0, 12, 24)], 2)
    frames, variants = rng.integers(0, 8, 24), rng.integers(0, 3, 24)

    votes = index.vote(queries, 6, frames=frames, variants=variants, least=2)

    seen: dict[tuple[int, int], set[int]] = defaultdict(set)
    for query, owner, _, _ in near(entries, queries, 6):
        seen[owner, int(variants[query])].add(int(frames[query]))
    best: dict[int, int] = defaultdict(int)
    for (owner, _), voted in seen.items():
        best[owner] = max(best[owner], len(voted))
    wanted = sorted(((-n, owner) for owner, n in best.items() if n >= 2))
    assert [(-n, o) for n, o in zip(votes.votes.tolist(), votes.owner.tolist(), strict=True)] == (
        wanted
    )
    assert wanted, "a seed that finds nobody tests nothing"
    hits = votes.hits
    for number, owner in enumerate(votes.owner.tolist()):
        mine = slice(int(votes.starts[number]), int(votes.starts[number + 1]))
        assert set(hits.owner[mine].tolist()) == {owner}
        found = zip(hits.query[mine], hits.place[mine], hits.distance[mine], strict=True)
        assert [tuple(map(int, each)) for each in found] == [
            (query, place, distance)
            for query, whose, place, distance in near(entries, queries, 6)
            if whose == owner
        ]
    assert len(hits) == int(votes.starts[-1])


def test_the_best_come_first_and_no_more_than_asked(index: HashIndex) -> None:
    kinds = random_hashes(np.random.default_rng(8), 9)
    for owner, count in enumerate([2, 9, 5, 1, 7]):
        index.add(owner, kinds[:count], np.arange(count))
    votes = index.vote(kinds, most=3)
    assert votes.owner.tolist() == [1, 4, 2]
    assert votes.votes.tolist() == [9, 7, 5]
    assert set(votes.hits.owner.tolist()) == {1, 2, 4}
