"""Changes people make to items, and undoing them, in any session.

A change is a *patch*: for each item the fields to set, tags to add and remove, and what is
said of pairs of contents. The journal keeps each patch with its opposite, in the same
transaction as the change itself. Bytes are never part of a patch: removing sets
``removed_at``, and nothing else.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from vidcache_gui.core import rows
from vidcache_gui.core.catalog import Ball, Bucket, DecisionRow, Item, Journal, Tag
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Changes, UndoEntry
from vidcache_gui.core.search import name_key
from vidcache_gui.errors import UserError

FIELDS = frozenset(
    {"name", "prefix", "bucket", "removed_at", "meta", "delay_ms", "bookmarks", "delays"}
)

# (smaller hash, larger hash, verdict or None to take it back, when it was said)
Said = tuple[str, str, str | None, int]


@dataclass
class Patch:
    """Fields to set by item id; tags to put on and take off, as (item id, tag); verdicts."""

    fields: dict[int, dict[str, Any]] = field(default_factory=dict)
    add: list[tuple[int, str]] = field(default_factory=list)
    remove: list[tuple[int, str]] = field(default_factory=list)
    verdicts: list[Said] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(
            {"fields": self.fields, "add": self.add, "remove": self.remove,
             "verdicts": self.verdicts}
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> "Patch":
        data = json.loads(text)
        return cls(
            {int(id): values for id, values in data["fields"].items()},
            [(int(id), tag) for id, tag in data["add"]],
            [(int(id), tag) for id, tag in data["remove"]],
            [(a, b, verdict, at) for a, b, verdict, at in data.get("verdicts", ())],
        )

    @property
    def items(self) -> list[int]:
        touched = [*self.fields, *(id for id, _ in self.add), *(id for id, _ in self.remove)]
        return list(dict.fromkeys(touched))


def change(database: Database, label: str, build: Callable[[], Patch]) -> Changes:
    """Make a change undoable. ``build`` runs inside the transaction and reads what it needs."""
    with database.write():
        patch = build()
        changes, backward = _apply(patch)
        if changes:
            Journal.delete().where(Journal.undone).execute()  # a new change ends redo
            Journal.insert(
                at=rows.now_ms(), label=label, forward=patch.to_json(),
                backward=backward.to_json(),
            ).execute()  # fmt: skip
    return _labelled(changes, label)


def undo(database: Database) -> Changes:
    """Unmake the newest change. Raises UserError when there is none left."""
    newest = Journal.select().where(~Journal.undone).order_by(Journal.id.desc())
    return _step(database, newest, "backward", "There is nothing to undo.", "Undo")


def redo(database: Database) -> Changes:
    oldest = Journal.select().where(Journal.undone).order_by(Journal.id)
    return _step(database, oldest, "forward", "There is nothing to redo.", "Redo")


def _step(database: Database, choice: Any, side: str, nothing: str, verb: str) -> Changes:
    with database.write():
        entry = choice.first()
        if entry is None:
            raise UserError(nothing)
        changes, _ = _apply(Patch.from_json(getattr(entry, side)))
        Journal.update(undone=side == "backward").where(Journal.id == entry.id).execute()
    if not changes:
        raise UserError(
            f"'{entry.label}' cannot be changed any more: the items it was about were deleted "
            "when the trash was emptied."
        )
    return _labelled(changes, f"{verb} {entry.label}")


def history(database: Database, limit: int = 100) -> list[UndoEntry]:
    with database.read():
        entries = Journal.select().order_by(Journal.id.desc()).limit(limit)
        return [UndoEntry(e.id, e.at, e.label, bool(e.undone)) for e in entries]


def _apply(patch: Patch) -> tuple[Changes, Patch]:
    """Make a patch; returns what changed and the patch that takes it back."""
    backward = Patch()
    added: list[int] = []
    removed: list[int] = []
    updated: set[int] = set()
    for id, before, values in _set_fields(patch.fields):
        backward.fields[id] = before
        if "removed_at" in before and (before["removed_at"] is None) != (
            values["removed_at"] is None
        ):
            (added if values["removed_at"] is None else removed).append(id)
        else:
            updated.add(id)
    backward.add = _take_tags_off(patch.remove)
    backward.remove = _put_tags_on(patch.add)
    updated.update(id for id, _ in (*backward.add, *backward.remove))
    rows.reindex_text([*updated])
    updated -= {*added, *removed}
    for what, ids in (("added", added), ("removed", removed), ("updated", sorted(updated))):
        rows.note_change(what, list(ids))
    everything = bool(added or removed or updated)
    backward.verdicts, judged = _say(patch.verdicts)
    rows.note_change("matched", judged)
    return (
        Changes(
            tuple(added), tuple(removed), tuple(sorted({*updated, *judged})), buckets=everything,
            matches=bool(backward.verdicts),
        ),
        backward,
    )  # fmt: skip


def _say(verdicts: list[Said]) -> tuple[list[Said], list[int]]:
    """Set verdicts; returns what was said before where that was different, and the items."""
    before: list[Said] = []
    hashes: set[str] = set()
    for a, b, verdict, at in verdicts:
        this = (DecisionRow.hash_a == a) & (DecisionRow.hash_b == b)
        old = DecisionRow.get_or_none(this)
        if (None if old is None else old.verdict) == verdict:
            continue
        before.append((a, b, None, at) if old is None else (a, b, old.verdict, old.at))
        hashes |= {a, b}
        DecisionRow.delete().where(this).execute()
        if verdict is not None:
            DecisionRow.insert(hash_a=a, hash_b=b, verdict=verdict, at=at).execute()
    items = Item.select(Item.id).where(Item.hash.in_(sorted(hashes))).order_by(Item.id)
    return before, [row[0] for row in items.tuples()]


def _set_fields(
    fields: dict[int, dict[str, Any]],
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Set fields; yields (id, what they were where that was different, what they are now).

    Items that get the same values are changed together, so that a thousand cost little more
    than one.
    """
    alike: dict[str, list[int]] = {}
    for id, values in fields.items():
        if not set(values) <= FIELDS:
            raise ValueError(f"not changeable: {set(values) - FIELDS}")
        alike.setdefault(json.dumps(values), []).append(id)
    for text, ids in alike.items():
        values = json.loads(text)
        for some in rows.chunks(ids):
            yield from _set_alike(some, values)


def _set_alike(
    ids: list[int], values: dict[str, Any]
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    found = (
        Item.select(Item, Bucket.name.alias("bucket_name"))
        .join(Bucket)
        .where(Item.id.in_(ids))
        .objects()
    )
    changed: list[int] = []
    for row in list(found):
        old = {name: row.bucket_name if name == "bucket" else getattr(row, name) for name in values}
        before = {name: value for name, value in old.items() if value != values[name]}
        if not before:
            continue
        if "bucket" in before and row.ball_id is not None:
            _move_balls(row, rows.bucket_id(values["bucket"]))
        changed.append(row.id)
        yield row.id, before, values
    update = {getattr(Item, name): value for name, value in values.items() if name != "bucket"}
    if "bucket" in values and changed:
        update[Item.bucket] = rows.bucket_id(values["bucket"])
    if "name" in values:
        update[Item.name_key] = name_key(values["name"])
    if changed and update:
        Item.update(update).where(Item.id.in_(changed)).execute()


def _move_balls(row: Any, target: int) -> None:
    """A group moves with its balls, and only to where its name and keys are free."""
    keys = Ball.select(Ball.key).where(Ball.item == row.id)
    taken = Item.select().where((Item.bucket == target) & (Item.ball_id == row.ball_id)).exists()
    if taken or Ball.select().where((Ball.bucket == target) & Ball.key.in_(keys)).exists():
        name = Bucket.get_by_id(target).name
        raise UserError(f"'{name}' already holds frames called '{row.ball_id}'. Nothing was moved.")
    Ball.update(bucket=target).where(Ball.item == row.id).execute()


def _put_tags_on(pairs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Tags that items did not have; items that are gone are passed over."""
    put: list[tuple[int, str]] = []
    for some in rows.chunks(pairs):
        ids = {id for id, _ in some}
        there = {row[0] for row in Item.select(Item.id).where(Item.id.in_(ids)).tuples()}
        present = set(Tag.select(Tag.item, Tag.name).where(Tag.item.in_(ids)).tuples())
        new = [pair for pair in dict.fromkeys(some) if pair[0] in there and pair not in present]
        if new:
            Tag.insert_many(new, [Tag.item, Tag.name]).execute()
        put.extend(new)
    return put


def _take_tags_off(pairs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Tags that items did have."""
    taken: list[tuple[int, str]] = []
    for some in rows.chunks(pairs):
        ids = {id for id, _ in some}
        present = set(Tag.select(Tag.item, Tag.name).where(Tag.item.in_(ids)).tuples())
        old = [pair for pair in dict.fromkeys(some) if pair in present]
        for name in {name for _, name in old}:
            having = [id for id, tag in old if tag == name]
            Tag.delete().where(Tag.item.in_(having) & (Tag.name == name)).execute()
        taken.extend(old)
    return taken


def _labelled(changes: Changes, label: str) -> Changes:
    return replace(changes, label=label)
