"""Undo: whatever was done to items, in whatever order, can be taken back step by step."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.catalogs import add_item, new_catalog
from vidcache_gui.core import find, journal
from vidcache_gui.core.catalog import Bucket, Item, Tag
from vidcache_gui.core.database import Database
from vidcache_gui.core.edits import Edits
from vidcache_gui.core.records import Bookmark
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind


class Editor(Edits):
    def __init__(self, database: Database) -> None:
        self._database = database


def state(database: Database) -> Any:
    with database.read():
        items = [
            (
                i.id,
                i.name,
                i.name_key,
                i.bucket.name,
                i.prefix,
                i.removed_at,
                i.meta,
                i.delay_ms,
                i.bookmarks,
                i.delays,
            )
            for i in Item.select().order_by(Item.id)
        ]
        tags = sorted((t.item_id, t.name) for t in Tag.select())
        text = Item._meta.database.execute_sql(
            "SELECT rowid, name, place, tags, meta FROM item_text ORDER BY rowid"
        ).fetchall()
    return items, tags, text


EDITS = st.one_of(
    st.tuples(st.just("remove"), st.lists(st.integers(1, 4), min_size=1, max_size=3)),
    st.tuples(st.just("restore"), st.lists(st.integers(1, 4), min_size=1, max_size=3)),
    st.tuples(st.just("rename"), st.integers(1, 4), st.sampled_from(["a", "B 2", "ü"])),
    st.tuples(st.just("tag"), st.integers(1, 4), st.sampled_from(["x", "y"]), st.booleans()),
    st.tuples(st.just("move"), st.integers(1, 4), st.sampled_from(["videos", "gifs"])),
    st.tuples(st.just("meta"), st.integers(1, 4), st.sampled_from([None, {"k": 1}])),
    st.tuples(st.just("bookmark"), st.integers(1, 4), st.integers(0, 2), st.sampled_from("ab")),
    st.tuples(st.just("unbookmark"), st.integers(1, 4), st.integers(0, 2)),
    st.tuples(st.just("delay"), st.integers(1, 4), st.integers(0, 2), st.sampled_from([5, None])),
)


def make(editor: Editor, edit: tuple[Any, ...]) -> bool:
    match edit:
        case ("remove", ids):
            return bool(editor.remove(ids))
        case ("restore", ids):
            return bool(editor.restore(ids))
        case ("rename", id, name):
            return bool(editor.rename(id, name))
        case ("tag", id, tag, True):
            return bool(editor.tag([id], add=[tag]))
        case ("tag", id, tag, False):
            return bool(editor.tag([id], remove=[tag]))
        case ("move", id, bucket):
            return bool(editor.move([id], bucket=bucket))
        case ("meta", id, meta):
            return bool(editor.set_meta(id, meta))
        case ("bookmark", id, frame, note):
            return bool(editor.bookmark(id, frame, note))
        case ("unbookmark", id, frame):
            return bool(editor.unbookmark(id, frame))
        case ("delay", id, frame, delay):
            return bool(editor.set_delays(id, {frame: delay}))
    raise AssertionError(edit)


@settings(max_examples=60)
@given(edits=st.lists(EDITS, max_size=12))
def test_undoing_everything_gives_the_start_and_redoing_the_end(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[Any, ...]]
) -> None:
    database = new_catalog(tmp_path_factory.mktemp("catalog"))
    for name in "abcd":
        add_item(database, name, kind=Kind.ANIMATION)
    editor = Editor(database)
    start = state(database)
    made = sum(make(editor, edit) for edit in edits)
    end = state(database)
    for _ in range(made):
        journal.undo(database)
    assert state(database) == start
    with pytest.raises(UserError, match="nothing to undo"):
        journal.undo(database)
    for _ in range(made):
        journal.redo(database)
    assert state(database) == end


def test_a_change_names_itself_and_what_it_changed(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    ids = [add_item(database, name) for name in "abc"]
    changes = Editor(database).remove(ids)
    assert changes.removed == tuple(ids)
    assert changes.label == "Remove 3 items"
    undone = journal.undo(database)
    assert undone.added == tuple(ids)
    assert undone.label == "Undo Remove 3 items"
    assert [entry.undone for entry in journal.history(database)] == [True]


def test_undo_after_the_items_are_gone_says_so(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    id = add_item(database, "a")
    Editor(database).rename(id, "b")
    with database.write():
        Item.delete().where(Item.id == id).execute()
    with pytest.raises(UserError, match="deleted when the trash was emptied"):
        journal.undo(database)


def test_an_empty_bucket_name_is_refused(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    id = add_item(database, "a")
    with pytest.raises(UserError, match="bucket needs a name"):
        Editor(database).move([id], bucket="  ")
    with database.read():
        assert [b.name for b in Bucket.select()] == ["videos"]


def test_bookmarks_are_kept_in_order_with_their_notes_and_found(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    id = add_item(database, "a")
    editor = Editor(database)
    editor.bookmark(id, 20, " the wave breaks ")
    assert editor.bookmark(id, 3).label == "Bookmark frame 3"
    editor.bookmark(id, 20, "the wave breaks here")
    with database.read():
        assert find.bookmarks(id) == [Bookmark(3), Bookmark(20, "the wave breaks here")]
        words = "SELECT rowid FROM item_text WHERE item_text MATCH 'breaks'"
        assert Item._meta.database.execute_sql(words).fetchall() == [(id,)]
    editor.unbookmark(id, 3)
    assert not editor.unbookmark(id, 4)
    with database.read():
        assert find.details(id).bookmarks == (Bookmark(20, "the wave breaks here"),)
    with pytest.raises(UserError, match="counted from 0"):
        editor.bookmark(id, -1)


def test_only_animations_and_groups_have_delays_to_change(tmp_path: Path) -> None:
    database = new_catalog(tmp_path)
    editor = Editor(database)
    film = add_item(database, "film")
    gif = add_item(database, "gif", kind=Kind.ANIMATION)
    with pytest.raises(UserError, match="Only frames of animations"):
        editor.set_delays(film, {0: 10})
    for wrong in (0, -5, float("nan"), 1e9):
        with pytest.raises(UserError, match="longer than 0 ms"):
            editor.set_delays(gif, {0: wrong})
    editor.set_delays(gif, {0: 10, 7: 12.5})
    editor.set_delays(gif, {7: None, 8: 1})
    with database.read():
        assert find.delays(gif) == {0: 10, 8: 1}
