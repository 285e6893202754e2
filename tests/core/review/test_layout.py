"""Laying out what changed gives what laying out everything gives."""

import random

import pytest

from tests.core.catalogs import add_item
from tests.core.review.states import laid_out
from vidcache_gui.core.catalog import MatchRow, ReviewDirtyRow
from vidcache_gui.core.library import Library
from vidcache_gui.core.review import layout


def add_match(a: str, b: str, tier: str, doubt: float, relation: str = "re-encode") -> None:
    a, b = min(a, b), max(a, b)
    MatchRow.insert(
        hash_a=a, hash_b=b, relation=relation, tier=tier, found_relation=relation, found_tier=tier,
        score=1 - doubt, doubt=doubt, coverage_a=1.0, coverage_b=1.0,
        data='{"segments": [], "reasons": []}', found_at=0, round=0,
    ).on_conflict_ignore().execute()  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_near_or_all(library: Library, seed: int) -> None:
    rng = random.Random(seed)
    names = [f"item {n}" for n in range(24)]
    ids = {n: add_item(library._database, n, duration=rng.choice([3.0, 5.0, 8.0])) for n in names}
    with library._database.read():
        hashes = {item.name: item.hash for item in library.items([*ids.values()])}
    for _ in range(15):
        with library._database.write() as db:
            for _ in range(rng.choice([1, 4, 8])):
                one, two = rng.sample(names, 2)
                match rng.randrange(6):
                    case 0 | 1 | 2:
                        add_match(
                            hashes[one], hashes[two], rng.choice(["certain", "likely"]),
                            rng.choice([0.0, 0.25]),
                            rng.choice(["re-encode", "overlap", "shared segment"]),
                        )  # fmt: skip
                    case 3:
                        gone = "NULL" if rng.random() < 0.6 else "5"
                        db.execute_sql(
                            f"UPDATE item SET removed_at = {gone} WHERE id = ?", (ids[one],)
                        )
                    case 4:
                        db.execute_sql('DELETE FROM "match" WHERE hash_a = ?', (hashes[one],))
                    case 5:
                        db.execute_sql(
                            "UPDATE \"match\" SET tier = 'look' WHERE hash_b = ?", (hashes[one],)
                        )
            layout.settle()
            near = laid_out()
            assert not ReviewDirtyRow.select().exists()
            layout._lay_out_all()
            assert near == laid_out()


def test_a_group_is_what_matches_its_keeper_itself(library: Library) -> None:
    a, b, c = (
        add_item(library._database, n, duration=d) for n, d in zip("abc", (9, 5, 2), strict=True)
    )
    items = {item.id: item.hash for item in library.items([a, b, c])}
    with library._database.write():
        add_match(items[a], items[b], "certain", 0.1)
        add_match(items[b], items[c], "certain", 0.0)
    (group,) = library.review_groups()
    assert [item.id for item in group.items] == [a, b]
    library.remove([a])
    (group,) = library.review_groups()
    assert [item.id for item in group.items] == [b, c]
