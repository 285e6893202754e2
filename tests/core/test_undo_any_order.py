"""Undo in any order: the catalog is always what the changes that are not undone make of it."""

import contextlib
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.catalogs import add_item, new_catalog
from tests.core.review.states import Values, rows_of, values
from tests.core.test_journal import Editor, make
from vidcache_gui.core import journal
from vidcache_gui.core.catalog import Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

ONE = st.just(1)
EDITS = st.one_of(
    st.tuples(st.just("remove"), st.just([1])),
    st.tuples(st.just("restore"), st.just([1, 2])),
    st.tuples(st.just("rename"), ONE, st.sampled_from("ab")),
    st.tuples(st.just("tag"), ONE, st.just("x"), st.booleans()),
    st.tuples(st.just("meta"), ONE, st.sampled_from([None, {"k": 1}, {"k": [2]}])),
    st.tuples(st.just("bookmark"), ONE, st.just(0), st.sampled_from("ab")),
    st.tuples(st.just("unbookmark"), ONE, st.just(0)),
    st.tuples(st.just("delay"), ONE, st.just(0), st.sampled_from([5, 7, None])),
)
STEPS = st.lists(st.one_of(EDITS, st.integers(0, 20)), min_size=4, max_size=25)


def now(database: Database) -> tuple[Values, Any]:
    with database.read():
        return values(), rows_of()


@settings(max_examples=15)
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_any_order(tmp_path_factory: pytest.TempPathFactory, steps: list[Any], order: Any) -> None:
    database = new_catalog(tmp_path_factory.mktemp("catalog"))
    for name in "AB":
        add_item(database, name, kind=Kind.ANIMATION, meta={"k": 0})
    start = now(database)
    effects: dict[int, Values] = {}
    undone: set[int] = set()
    for step in steps:
        before, _ = now(database)
        if not isinstance(step, int):
            make(Editor(database), step)
            after, _ = now(database)
            changed = {k: after.get(k) for k in {*before, *after} if before.get(k) != after.get(k)}
            if changed:
                effects[journal.history(database)[0].id] = changed
        elif effects:
            toggle(database, sorted(effects)[step % len(effects)], undone)
        assert now(database)[0] == replayed(start[0], effects, undone)
    left = [id for id in effects if id not in undone]
    order.shuffle(left)
    for id in left:
        toggle(database, id, undone)
    assert now(database) == start


def toggle(database: Database, id: int, undone: set[int]) -> None:
    with contextlib.suppress(UserError):  # it changes nothing: all of it was changed again
        (journal.redo_entry if id in undone else journal.undo_entry)(database, id)
    undone ^= {id}


def replayed(start: Values, effects: dict[int, Values], undone: set[int]) -> Values:
    result = dict(start)
    for id, changed in sorted(effects.items()):
        if id not in undone:
            result |= changed
    return {key: value for key, value in result.items() if value is not None}


def test_what_an_older_version_wrote_can_be_undone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """It kept details and bookmarks as whole fields, and nothing of what was no field."""
    database = new_catalog(tmp_path_factory.mktemp("catalog"))
    id = add_item(database, "A", meta={"k": 1})
    with database.write() as db:
        db.execute_sql("UPDATE item SET bookmarks = '[[3, \"door\"]]' WHERE id = ?", (id,))
        db.execute_sql(
            "INSERT INTO journal (at, label, forward, backward) VALUES (1, 'Old', ?, ?)",
            (
                f'{{"fields": {{"{id}": {{"bookmarks": "[[3, \\"door\\"]]"}}}}, "add": [], '
                '"remove": []}',
                f'{{"fields": {{"{id}": {{"bookmarks": null}}}}, "add": [], "remove": []}}',
            ),
        )
    journal.undo(database)
    with database.read():
        assert Item.get_by_id(id).bookmarks is None
    journal.redo(database)
    with database.read():
        assert Item.get_by_id(id).bookmarks == '[[3, "door"]]'


def test_a_verdict_that_comes_back_was_said_when_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.count(1_700_000_000)
    monkeypatch.setattr(time, "time", lambda: next(seconds))
    with Library.open(tmp_path / "library") as library:
        a, b = (add_item(library._database, name) for name in ("a", "b"))
        library.link(a, b)
        (first,) = library.history()
        (said,) = library.decisions()
        library.undo_entry(first.id)
        library.link(a, b)
        second = library.history()[0]
        library.redo_entry(first.id)
        library.undo_entry(second.id)
        assert library.decisions() == [said]
