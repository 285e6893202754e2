"""Hashes that say nothing cost little, and what they cost in recall is said."""

from pathlib import Path

import numpy as np
import pytest

from tests.matching.index.model import hashes_of, listed, off_by, random_hashes
from vidcache_gui.matching.index import HashIndex

CARD = 0xFFFF0000FFFF0000
LIMIT = 10


@pytest.fixture
def index(tmp_path: Path) -> HashIndex:
    return HashIndex.open(tmp_path / "index", common_limit=LIMIT)


def add_cards(index: HashIndex, owners: range) -> None:
    """Owners with ten frames of their own and two, at 20 and 21, of the same card."""
    for owner in owners:
        own = random_hashes(np.random.default_rng(owner), 10)
        index.add(owner, np.append(own, hashes_of(CARD, CARD)), [*range(10), 20, 21])


def test_what_many_owners_share_is_told_apart(index: HashIndex) -> None:
    add_cards(index, range(LIMIT + 1))
    index.flush()

    hits = index.search(hashes_of(7, CARD ^ 0b101), 7)

    assert len(hits) == 0
    assert hits.common.query.tolist() == [1]
    assert hits.common.hash.tolist() == [CARD]
    assert hits.common.distance.tolist() == [2]
    assert hits.common.entries.tolist() == [2 * (LIMIT + 1)]
    owners, places = index.holders(CARD)
    assert sorted(owners.tolist()) == sorted([*range(LIMIT + 1)] * 2)
    assert set(places.tolist()) == {20, 21}


def test_up_to_the_limit_nothing_is_common(index: HashIndex) -> None:
    add_cards(index, range(LIMIT))
    index.flush()
    hits = index.search(hashes_of(CARD))
    assert len(hits) == 2 * LIMIT
    assert len(hits.common.query) == 0


def test_one_owner_may_show_the_same_as_often_as_it_likes(index: HashIndex) -> None:
    index.add(1, hashes_of(*[CARD] * 50), range(50))
    index.flush()
    assert len(index.search(hashes_of(CARD))) == 50


def test_becomes_common_when_segments_meet(index: HashIndex) -> None:
    for first in range(0, 18, 6):
        add_cards(index, range(first, first + 6))
        index.flush()
    assert index.search(hashes_of(CARD)).common.entries.tolist() == [36]
    add_cards(index, range(18, 20))
    hits = index.search(hashes_of(CARD))
    assert set(hits.owner.tolist()) == {18, 19}, "in memory nothing is common yet"
    index.flush()
    assert index.search(hashes_of(CARD)).common.entries.tolist() == [40]


def test_is_common_no_longer_when_owners_go(index: HashIndex) -> None:
    add_cards(index, range(20))
    index.flush()
    for owner in range(12):
        index.remove(owner)
    assert sorted(set(index.holders(CARD)[0].tolist())) == list(range(12, 20))

    index.merge()

    hits = index.search(hashes_of(CARD))
    assert set(hits.owner.tolist()) == set(range(12, 20))
    assert len(hits) == 16
    assert len(hits.common.query) == 0
    assert len(index) == 8 * 12


def test_equal_queries_are_answered_each(index: HashIndex) -> None:
    add_cards(index, range(LIMIT + 1))
    index.add(50, hashes_of(1), [4])
    index.flush()
    hits = index.search(hashes_of(CARD, 1, CARD, 1), 0)
    assert listed(hits) == [(1, 50, 4, 0), (3, 50, 4, 0)]
    assert hits.common.query.tolist() == [0, 2]


def test_common_frames_do_not_vote(index: HashIndex) -> None:
    add_cards(index, range(LIMIT + 1))
    index.flush()
    own = random_hashes(np.random.default_rng(4), 10)
    votes = index.vote(np.append(own, hashes_of(CARD, CARD ^ 1)))
    assert votes.owner.tolist() == [4]
    assert votes.votes.tolist() == [10]
    assert votes.hits.common.query.tolist() == [10, 11]


def test_of_too_many_hits_the_nearest_stay(index: HashIndex) -> None:
    rng = np.random.default_rng(1)
    for bits in range(8):
        index.add(bits, off_by(rng, hashes_of(*[CARD] * 5), bits), range(5))
    index.flush()
    hits = index.search(hashes_of(CARD, 0), 7, limit=12)
    assert hits.crowded.tolist() == [True, False]
    assert len(hits) == 12
    assert set(hits.owner.tolist()) == {0, 1, 2}
    assert not index.search(hashes_of(CARD, 0), 7, limit=40).crowded.any()


def test_many_hits_are_dropped_on_the_way(
    index: HashIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidcache_gui.matching.index.hits._PRUNE", 10)
    monkeypatch.setattr("vidcache_gui.matching.index.probe._CHUNK", 16)
    rng = np.random.default_rng(2)
    for bits in (4, 2, 0):
        index.add(bits, off_by(rng, hashes_of(*[CARD] * 30), bits), range(30))
    hits = index.search(hashes_of(CARD), 7, limit=40)
    assert np.bincount(hits.owner).tolist() == [30, 0, 10]
    assert hits.crowded.all()


def test_too_full_buckets_are_left_out_and_said(
    index: HashIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query that shares two bands with masses: what its emptier buckets hold is found."""
    monkeypatch.setattr("vidcache_gui.matching.index.search._BUDGET", 100)
    rng = np.random.default_rng(3)
    mass = off_by(rng, hashes_of(*[CARD] * 3000), 6)
    index.add(1, mass, np.arange(3000))
    index.flush()
    crowded = index.search(np.append(mass[:1], hashes_of(~CARD & (2**64 - 1))), 7)
    assert crowded.crowded.tolist() == [True, False]

    monkeypatch.setattr("vidcache_gui.matching.index.search._BUDGET", 10**6)
    whole = index.search(mass[:1], 7)
    assert not whole.crowded.any()
    assert set(listed(crowded)) < set(listed(whole))
