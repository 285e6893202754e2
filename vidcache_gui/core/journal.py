"""The journal: every change people make, and taking it back, in any session and any order.

A change is a *patch* (:mod:`core.patches`). The journal keeps each patch with its opposite, in
the same transaction as the change itself. Bytes are never part of a patch: removing sets
``removed_at``, and nothing else.

Taken back in any order, the catalog is always as if only the changes that are left had been
made, one after the other: a setting has the value of the last of them, and each knows the value
before it. To take one out of the middle, its value before goes to the next one that sets the
same; what is seen changes only where there is no such.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from peewee import fn

from vidcache_gui.core import patches, rows
from vidcache_gui.core.catalog import Item, Journal
from vidcache_gui.core.database import Database
from vidcache_gui.core.patches import Key, Patch, Said, Settings
from vidcache_gui.core.records import Changes, UndoEntry
from vidcache_gui.errors import UserError

__all__ = [
    "Patch", "Said", "change", "go_on", "history", "note", "redo", "redo_entry", "step", "undo",
    "undo_entry",
]  # fmt: skip

SERIES_MS = 5000  # between two steps of a series
SERIES_MOST = 500  # settings in one entry, so that adding to it stays cheap
MOST_SETTINGS = 20_000  # in an entry that is gone on with: each part rewrites all of it


def change(database: Database, label: str, build: Callable[[], Patch]) -> Changes:
    """Make a change undoable. ``build`` runs inside the transaction and reads what it needs."""
    with database.write():
        return step(label, build())


def step(label: str, patch: Patch, series: str = "") -> Changes:
    """The same inside a transaction. Steps of one ``series`` that follow each other closely are
    one: what a program does to a thousand things is undone at once."""
    changes, backward = patches.apply(patch)
    if changes:
        note(label, patch, backward, series)
    return replace(changes, label=label)


def note(label: str, forward: Patch, backward: Patch, series: str = "") -> None:
    """Keep a change that was made already; ``backward`` takes it back."""
    last = Journal.select().order_by(Journal.id.desc()).first() if series else None
    now = rows.now_ms()
    if last is not None and not last.undone and last.at > now - SERIES_MS:
        before = Patch.from_json(last.forward)
        first = Patch.from_json(last.backward).settings()
        if before.series == series and len(first) < SERIES_MOST:
            forward = Patch.of(before.settings() | forward.settings())
            forward.series = series
            Journal.update(
                at=now, forward=forward.to_json(),
                backward=Patch.of(backward.settings() | first).to_json(),
            ).where(Journal.id == last.id).execute()  # fmt: skip
            return
    forward.series = series
    Journal.insert(
        at=now, label=label, forward=forward.to_json(), backward=backward.to_json()
    ).execute()


def go_on(entry_id: int | None, label: str, patch: Patch) -> tuple[Changes, int | None]:
    """Make a change as a part of an earlier one, so that both are undone together. Returns
    the changes and the entry they are in. Call inside a transaction.

    A new entry begins (``entry_id`` None too) where the earlier one was undone, has grown to
    MOST_SETTINGS, or where something set the same again since.
    """
    changes, backward = patches.apply(patch)
    if not changes:
        return changes, entry_id
    entry = Journal.get_or_none(Journal.id == entry_id) if entry_id is not None else None
    before = backward.settings()
    if entry is not None and not entry.undone:
        done, was = Patch.from_json(entry.forward), Patch.from_json(entry.backward).settings()
        apart = not any(True for _ in _set_again(entry.id, before))
        if apart and len(was) + len(before) <= MOST_SETTINGS:
            forward = {**done.settings(), **patch.settings()}
            Journal.update(
                forward=Patch.of(forward).to_json(), backward=Patch.of({**before, **was}).to_json()
            ).where(Journal.id == entry.id).execute()
            return replace(changes, label=label), int(entry.id)
    made = Journal.insert(
        at=rows.now_ms(), label=label, forward=patch.to_json(), backward=backward.to_json()
    ).execute()
    return replace(changes, label=label), int(made)


def undo(database: Database) -> Changes:
    """Unmake the newest change. Raises UserError when there is none left."""
    with database.write():
        entry = Journal.select().where(~Journal.undone).order_by(Journal.id.desc()).first()
        if entry is None:
            raise UserError("There is nothing to undo.")
        result = _take_back(entry)
    return result.told(f"Undo {entry.label}", entry.label)


def redo(database: Database) -> Changes:
    """Make the change again that was undone last. A new change ends this, as everywhere; what
    was undone before it can still be made again by itself (:func:`redo_entry`)."""
    with database.write():
        entry = _undone_last().order_by(Journal.id).first()
        if entry is None:
            raise UserError("There is nothing to redo.")
        result = _make_again(entry)
    return result.told(f"Redo {entry.label}", entry.label)


def undo_entry(database: Database, entry_id: int) -> Changes:
    """Take back one change, whatever came after it."""
    with database.write():
        entry = _entry(entry_id)
        if entry.undone:
            raise UserError(f"'{entry.label}' is undone already.")
        result = _take_back(entry)
    return result.told(f"Undo {entry.label}", entry.label)


def redo_entry(database: Database, entry_id: int) -> Changes:
    """Make one change again that was taken back, at its place among the others."""
    with database.write():
        entry = _entry(entry_id)
        if not entry.undone:
            raise UserError(f"'{entry.label}' is not undone.")
        result = _make_again(entry)
    return result.told(f"Redo {entry.label}", entry.label)


def history(database: Database, limit: int = 100) -> list[UndoEntry]:
    with database.read():
        entries = list(Journal.select().order_by(Journal.id.desc()).limit(limit))
        about = {entry.id: Patch.from_json(entry.backward).settings() for entry in entries}
        there = patches.present(key for keys in about.values() for key in keys)
        nexts = _undone_last().order_by(Journal.id).first()
        return [
            UndoEntry(
                e.id, e.at, e.label, bool(e.undone),
                possible=any(key in there for key in about[e.id]),
                next_redo=nexts is not None and e.id == nexts.id,
            )
            for e in entries
        ]  # fmt: skip


def _entry(entry_id: int) -> Any:
    entry = Journal.get_or_none(Journal.id == entry_id)
    if entry is None:
        raise UserError("This change is not in the history.")
    return entry


def _undone_last() -> Any:
    """What was undone with nothing new since."""
    last = Journal.select(fn.MAX(Journal.id)).where(~Journal.undone).scalar() or 0
    return Journal.select().where(Journal.undone & (Journal.id > last))


@dataclass
class _Done:
    """What came of taking a change back, or making it again."""

    changes: Changes
    note: str  # about what later changes have set again
    possible: bool  # something it was about is still here

    def told(self, label: str, entry: str) -> Changes:
        """Raises UserError when nothing came of it."""
        if not self.changes and not self.note:
            raise UserError(
                f"'{entry}' changes nothing now: everything is like that already."
                if self.possible
                else f"'{entry}' cannot be changed any more: the items it was about were "
                "deleted when the trash was emptied."
            )
        return replace(self.changes, label=label, note=self.note)


def _take_back(entry: Any) -> _Done:
    forward = Patch.from_json(entry.forward).settings()
    before = Patch.from_json(entry.backward).settings()
    left: list[Key] = []
    for later, theirs, common in _set_again(entry.id, before):
        built_on_it = [key for key in common if _same(theirs[key], forward.get(key))]
        theirs.update({key: before[key] for key in built_on_it})
        _rewrite(later, theirs)
        left += common
    rest = {key: value for key, value in before.items() if key not in set(left)}
    changes, _ = patches.apply(Patch.of(rest), exactly=True)
    Journal.update(undone=True).where(Journal.id == entry.id).execute()
    return _Done(changes, _left_note(left), bool(patches.present(before)))


def _make_again(entry: Any) -> _Done:
    forward = Patch.from_json(entry.forward).settings()
    before = Patch.from_json(entry.backward).settings()
    left: list[Key] = []
    for later, theirs, common in _set_again(entry.id, before):
        for key in common:
            before[key], theirs[key] = theirs[key], forward[key]
        _rewrite(later, theirs)
        left += common
    rest = {key: forward[key] for key in before if key not in set(left)}
    changes, backward = patches.apply(Patch.of(rest), exactly=True)
    now = backward.settings()
    there = patches.present(before)
    for key, value in rest.items():
        if key in there:
            before[key] = now.get(key, value)
    _rewrite(entry, before)
    Journal.update(undone=False).where(Journal.id == entry.id).execute()
    return _Done(changes, _left_note(left), bool(there))


def _set_again(entry_id: int, keys: Iterable[Key]) -> Iterator[tuple[Any, Settings, list[Key]]]:
    """(later change, what it takes back to, which of the keys it is the first to set again)."""
    waiting = set(keys)
    later = Journal.select().where((Journal.id > entry_id) & ~Journal.undone)
    for one in later.order_by(Journal.id):
        if not waiting:
            return
        theirs = Patch.from_json(one.backward).settings()
        common = [key for key in theirs if key in waiting]
        if common:
            waiting.difference_update(common)
            yield one, theirs, common


def _rewrite(entry: Any, before: Settings) -> None:
    backward = Patch.of(before).to_json()
    Journal.update(backward=backward).where(Journal.id == entry.id).execute()


def _same(one: Any, other: Any) -> bool:
    """A detail's place among the others is no part of its value."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return one[:1] == other[:1]
    return bool(one == other)


WORDS = {
    "name": "the name", "prefix": "the prefix", "bucket": "the bucket", "meta": "the details",
    "removed_at": "the removal", "delay_ms": "the delay",
    "bookmarks": "the bookmarks", "delays": "the delays",
}  # fmt: skip


def _left_note(left: list[Key]) -> str:
    if not left:
        return ""
    some = list(dict.fromkeys(_in_words(key) for key in left[:20]))
    more = len(left) - 3
    text = ", ".join(some[:3]) + (f" and {more} more" if more > 0 else "")
    return f"Left as it is now, because it was changed again since: {text}."


def _in_words(key: Key) -> str:
    what, *of = key
    if what == "said":
        return "what was said of two items"
    if what == "skips":
        return "a place in the queue"
    if what in ("places", "facts"):
        return "a frame that was removed" if what == "places" else "what is said of a frame"
    name = Item.select(Item.name).where(Item.id == of[0]).scalar() or "an item that is gone"
    things = {
        "field": WORDS.get(of[1], ""), "tag": f"the tag '{of[1]}'",
        "aliases": f"the source '{of[1]}'", "details": f"the detail '{of[1]}'",
        "marks": f"the bookmark at frame {of[1]}",
    }  # fmt: skip
    return f"{things[what]} of '{name}'"
