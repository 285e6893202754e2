"""Patches: what a change sets, item by item, and setting it.

A patch is also a set of *settings*: keys (a field of an item, a tag on it, a bookmark at a
frame, what was said of two contents …) with the value each gets. That is the form in which
changes are taken back in any order, see :mod:`core.journal`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from vidcache_gui.core import apart, rows
from vidcache_gui.core.apart import Facts, Placed
from vidcache_gui.core.catalog import Alias, Ball, Bucket, DecisionRow, Item, SkipRow, Tag
from vidcache_gui.core.records import Changes
from vidcache_gui.core.search import name_key
from vidcache_gui.errors import UserError

FIELDS = frozenset(
    {"name", "prefix", "bucket", "removed_at", "meta", "delay_ms", "bookmarks", "delays"}
)

# (smaller hash, larger hash, verdict or None to take it back, when it was said)
Said = tuple[str, str, str | None, int]
# (item, source, (kind, first seen, last seen) or None to forget it)
Known = tuple[int, str, tuple[str, int, int] | None]
# (item, key of its details, (value, place among the keys) or None to take it out)
Detail = tuple[int, str, tuple[Any, int] | None]
# (item, frame, note or None to take the bookmark off)
Mark = tuple[int, int, str | None]
# (group of the review queue, when it was skipped or None to put it back)
Skip = tuple[str, int | None]

KEYED = ("aliases", "details", "marks", "skips", "places", "facts")  # lists of (*key, value)
NOT_OF_ITEMS = ("said", "skips", "places", "facts")

Key = tuple[Any, ...]
Settings = dict[Key, Any]


@dataclass
class Patch:
    """Fields to set by item id; tags to put on and take off, as (item id, tag); and more."""

    fields: dict[int, dict[str, Any]] = field(default_factory=dict)
    add: list[tuple[int, str]] = field(default_factory=list)
    remove: list[tuple[int, str]] = field(default_factory=list)
    verdicts: list[Said] = field(default_factory=list)
    aliases: list[Known] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    places: list[Placed] = field(default_factory=list)  # of balls: in their group or apart
    facts: list[Facts] = field(default_factory=list)  # about balls
    series: str = ""  # what it is one step with, see :func:`core.journal.step`

    def to_json(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, text: str) -> "Patch":
        data = json.loads(text)
        patch = cls({int(id): values for id, values in data.get("fields", {}).items()})
        for name in ("add", "remove", "verdicts", *KEYED):
            setattr(patch, name, [_tuple(one) for one in data.get(name, ())])
        patch.series = data.get("series", "")
        return patch

    @classmethod
    def of(cls, settings: Settings) -> "Patch":
        """The patch that sets these."""
        patch = cls()
        for (what, *of), value in settings.items():
            if what == "field":
                patch.fields.setdefault(of[0], {})[of[1]] = value
            elif what == "tag":
                (patch.add if value else patch.remove).append((of[0], of[1]))
            elif what == "said":
                verdict, at = value or (None, 0)
                patch.verdicts.append((of[0], of[1], verdict, at))
            else:
                many: list[Any] = getattr(patch, what)
                many.append((*of, value))
        return patch

    def settings(self) -> Settings:
        found: Settings = {
            ("field", id, name): value
            for id, values in self.fields.items()
            for name, value in values.items()
        }
        found.update({("tag", *pair): True for pair in self.add})
        found.update({("tag", *pair): False for pair in self.remove})
        for a, b, verdict, at in self.verdicts:
            found["said", a, b] = None if verdict is None else (verdict, at)
        for what in KEYED:
            found.update({(what, *one[:-1]): one[-1] for one in getattr(self, what)})
        return found

    @property
    def items(self) -> list[int]:
        """The items it is about."""
        return list(dict.fromkeys(id for key in self.settings() if (id := item_of(key))))


def item_of(key: Key) -> int | None:
    """The item a key is about; None where it is about contents or balls."""
    return None if key[0] in NOT_OF_ITEMS else int(key[1])


def present(keys: Iterable[Key]) -> set[Key]:
    """Those keys whose things the catalog has, in the trash or not."""
    asked = list(keys)
    items = existing(id for key in asked if (id := item_of(key)) is not None)
    balls = apart.existing(key[1] for key in asked if key[0] in ("places", "facts"))
    return {
        key for key in asked
        if key[0] in ("said", "skips")
        or key[1] in (balls if key[0] in ("places", "facts") else items)
    }  # fmt: skip


def _tuple(value: Any) -> Any:
    """JSON knows lists only; a value of somebody's details stays what it is."""
    if not isinstance(value, list):
        return value
    inner = [
        tuple(one) if place == len(value) - 1 and isinstance(one, list) else one
        for place, one in enumerate(value)
    ]
    return tuple(inner)


def apply(patch: Patch, *, exactly: bool = False) -> tuple[Changes, Patch]:
    """Make a patch, inside a transaction; what changed, and the patch that takes it back.

    What is so already is left alone, and items that are gone are passed over. ``exactly``: a
    verdict that stays the same gets its time, too; who says a thing again has said it before.
    """
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
    backward.aliases = list(_know(patch.aliases))
    backward.details = list(_set_details(patch.details))
    backward.marks = list(_set_marks(patch.marks))
    for one in (backward.add, backward.remove, backward.aliases, backward.details, backward.marks):
        updated.update(of[0] for of in one)
    backward.places = list(apart.place(patch.places))
    backward.facts = list(apart.tell(patch.facts))
    balls = [id for id, _ in (*backward.places, *backward.facts)]
    updated.update(apart.items_with(balls))
    rows.reindex_text(sorted({*updated, *added, *removed}))
    updated -= {*added, *removed}
    for what, ids in (("added", added), ("removed", removed), ("updated", sorted(updated))):
        rows.note_change(what, list(ids))
    everything = bool(added or removed or updated)
    backward.verdicts, judged = _say(patch.verdicts, exactly)
    backward.skips, skipped = _skip(patch.skips)
    judged = sorted({*judged, *skipped})
    rows.note_change("matched", judged)
    return (
        Changes(
            tuple(added), tuple(removed), tuple(sorted({*updated, *judged})), buckets=everything,
            matches=bool(backward.verdicts or backward.skips),
        ),
        backward,
    )  # fmt: skip


def _say(verdicts: list[Said], exactly: bool) -> tuple[list[Said], list[int]]:
    """Set verdicts; returns what was said before where that was different, and the items."""
    before: list[Said] = []
    hashes: set[str] = set()
    for a, b, verdict, at in verdicts:
        this = (DecisionRow.hash_a == a) & (DecisionRow.hash_b == b)
        old = DecisionRow.get_or_none(this)
        same_time = old is None or not exactly or old.at == at
        if (None if old is None else old.verdict) == verdict and same_time:
            continue
        before.append((a, b, None, at) if old is None else (a, b, old.verdict, old.at))
        hashes |= {a, b}
        DecisionRow.delete().where(this).execute()
        if verdict is not None:
            DecisionRow.insert(hash_a=a, hash_b=b, verdict=verdict, at=at).execute()
    return before, _with_contents(hashes)


def _skip(skips: list[Skip]) -> tuple[list[Skip], list[int]]:
    """The same for groups of the review queue."""
    before: list[Skip] = []
    for key, at in skips:
        old = SkipRow.get_or_none(SkipRow.key == key)
        if (None if old is None else old.at) == at:
            continue
        before.append((key, None if old is None else old.at))
        if at is None:
            SkipRow.delete().where(SkipRow.key == key).execute()
        else:
            SkipRow.replace(key=key, at=at).execute()
    return before, _with_contents(key.rpartition(":")[2] for key, _ in before)


def _with_contents(hashes: Iterable[str]) -> list[int]:
    items = Item.select(Item.id).where(Item.hash.in_(sorted(set(hashes)))).order_by(Item.id)
    return [row[0] for row in items.tuples()]


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


def _know(aliases: list[Known]) -> Iterator[Known]:
    """Set where items came from; yields what was known before where that was different."""
    there = existing(id for id, _, _ in aliases)
    known = _known(there)
    new: list[tuple[Any, ...]] = []
    for id, source, value in aliases:
        before = known.get((id, source))
        if id not in there or before == value:
            continue
        yield id, source, before
        if before is not None:
            Alias.delete().where((Alias.item == id) & (Alias.source == source)).execute()
        if value is not None:
            new.append((id, source, *value))
    columns = [Alias.item, Alias.source, Alias.kind, Alias.first_seen, Alias.last_seen]
    for some in rows.chunks(new):
        Alias.insert_many(some, columns).execute()


def _known(ids: Iterable[int]) -> dict[tuple[int, str], tuple[str, int, int]]:
    """Where items came from, by item and source."""
    known: dict[tuple[int, str], tuple[str, int, int]] = {}
    columns = Alias.select(Alias.item, Alias.source, Alias.kind, Alias.first_seen, Alias.last_seen)
    for some in rows.chunks(sorted(ids)):
        for id, source, *seen in columns.where(Alias.item.in_(some)).tuples():
            known[id, source] = tuple(seen)
    return known


def _set_details(details: list[Detail]) -> Iterator[Detail]:
    """Set single details of items. One that comes back goes to the place it had, which is exact
    unless several were taken out one by one and come back in another order."""
    by_item: dict[int, list[tuple[str, Any]]] = defaultdict(list)
    for id, key, value in details:
        by_item[id].append((key, value))
    for id, text in _column(Item.meta, by_item):
        meta: dict[str, Any] = json.loads(text or "{}")
        places = {key: place for place, key in enumerate(meta)}
        changed = False
        for key, value in sorted(by_item[id], key=lambda one: one[1][1] if one[1] else -1):
            before = (meta[key], places[key]) if key in meta else None
            if (before and before[:1]) == (value and tuple(value[:1])):
                continue
            changed = True
            yield id, key, before
            if value is None:
                del meta[key]
            elif before is not None:
                meta[key] = value[0]
            else:
                pairs = list(meta.items())
                pairs.insert(value[1], (key, value[0]))
                meta = dict(pairs)
        if changed:
            stored = json.dumps(meta) if meta else None
            _store("meta", id, stored)


def _set_marks(marks: list[Mark]) -> Iterator[Mark]:
    """Set single bookmarks of items."""
    by_item: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for id, frame, note in marks:
        by_item[id].append((frame, note))
    for id, text in _column(Item.bookmarks, by_item):
        now: dict[int, str] = dict(json.loads(text or "[]"))
        changed = False
        for frame, note in by_item[id]:
            before = now.get(frame)
            if before == note:
                continue
            changed = True
            yield id, frame, before
            if note is None:
                del now[frame]
            else:
                now[frame] = note
        if changed:
            stored = json.dumps(sorted(now.items())) if now else None
            _store("bookmarks", id, stored)


def _store(column: str, id: int, text: str | None) -> None:
    """Written as SQL: building it anew for each of many items takes longer than doing it."""
    Item._meta.database.execute_sql(f"UPDATE item SET {column} = ? WHERE id = ?", (text, id))


def _column(column: Any, ids: Iterable[int]) -> Iterator[tuple[int, str | None]]:
    for some in rows.chunks(list(ids)):
        yield from list(Item.select(Item.id, column).where(Item.id.in_(some)).tuples())


def existing(ids: Iterable[int]) -> set[int]:
    """Those of these items that the catalog has, in the trash or not."""
    found: set[int] = set()
    for some in rows.chunks(sorted(set(ids))):
        found.update(row[0] for row in Item.select(Item.id).where(Item.id.in_(some)).tuples())
    return found
