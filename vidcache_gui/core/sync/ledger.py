"""Digests of everything in a catalog, kept up to date by what changed.

Triggers note what changed (``sync_dirty``); :func:`fold` brings its entries and the digests above
them up to date, so that comparing costs what changed and what differs, not what there is.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from vidcache_gui.core.database import Database
from vidcache_gui.core.sync import elements as found
from vidcache_gui.core.sync.elements import bucket_name, bucket_number, part_of, sql
from vidcache_gui.core.sync.records import (
    BALL,
    DECISION,
    FILE,
    GROUP,
    LIVE,
    STATE,
    Element,
    Elements,
    Record,
    digest,
    joined,
    place,
    short_hash,
    split,
)

DEPTH = 4  # hexadecimal digits of the longest prefix that is summed up
AT_ONCE = 2000  # entries in one transaction, so that nobody waits long

Stamps = Mapping[str, Element]
DIGITS = "0123456789abcdef"
_BELOW = (
    "SELECT prefix, count, sum FROM sync_node WHERE count > 0 AND prefix IN "
    f"({', '.join('?' * len(DIGITS))})"
)
_OLD = "SELECT digest, at, elements FROM sync_entry WHERE place = ?"


class Node(NamedTuple):
    """All entries whose places begin with a prefix."""

    held: int
    sum: str  # their digests joined, 16 hexadecimal digits


def fold(database: Database) -> None:
    """Bring the digests up to date with the catalog."""
    while True:
        with database.read():
            if not sql("SELECT 1 FROM sync_dirty LIMIT 1"):
                return
        with database.write():
            _fold_some()


def _fold_some() -> None:
    rows = sql(
        "SELECT kind, a, b, part, at FROM sync_dirty ORDER BY kind DESC, a, b LIMIT ?", AT_ONCE
    )
    nodes = _Nodes()
    parts: dict[tuple[str, str, str], dict[str, int]] = {}
    for kind, a, b, part, at in rows:
        parts.setdefault((kind, a, b), {})[part] = at
    if len(rows) == AT_ONCE and len(parts) > 1:
        parts.popitem()  # more about it may follow
    for called, changed in parts.items():
        _take_in(called, changed, nodes, {})
    nodes.write()


def settle(id: str, stamps: Stamps) -> None:
    """Bring one entry up to date inside the transaction that changed it: values that are those
    of ``stamps`` were set when these say, not now."""
    called = name_of(id)
    changed = dict(sql(f"SELECT part, at FROM sync_dirty WHERE {_IS}", *called))
    if changed:
        nodes = _Nodes()
        _take_in(called, changed, nodes, stamps)
        nodes.write()


def backdate(item_id: int, part: str, at: int) -> None:
    """What was set of an item just now counts as set at ``at``: nobody chose it, so whatever
    somebody chose since wins. Inside the transaction that set it."""
    sql(
        "UPDATE sync_dirty SET at = ? WHERE part = ? AND EXISTS (SELECT 1 FROM item WHERE id = ? "
        "AND sync_dirty.kind = 'g' AND a = CAST(bucket_id AS TEXT) AND b = ball_id)",
        at, part, item_id,
    )  # fmt: skip


def fold_one(id: str) -> Record | None:
    """What is known of an entry as the catalog is in this transaction; None for nothing."""
    called = name_of(id)
    changed = dict(sql(f"SELECT part, at FROM sync_dirty WHERE {_IS}", *called))
    if changed:
        nodes = _Nodes()
        _take_in(called, changed, nodes, {})
        nodes.write()
    return _record(id)


_IS = "kind = ? AND a = ? AND b = ?"


def _take_in(
    called: tuple[str, str, str], changed: Mapping[str, int], nodes: "_Nodes", stamps: Stamps
) -> None:
    kind, a, b = called
    sql(f"DELETE FROM sync_dirty WHERE {_IS}", *called)
    id = _id(called)
    if id is None:
        return
    here = place(id)
    rows = sql(_OLD, here)
    old_digest, old_at, text = rows[0] if rows else (None, 0, None)
    new = found.current(kind, a, b)
    if kind == GROUP and ("state" in changed or "*" in changed) and new is not None:
        _note_balls(a, b, changed)
    now = changed.get("*") or max(changed.values())
    if kind in (BALL, DECISION):
        known = _timed(new, old_digest, old_at, now, stamps)
    else:
        known = _stamped(new, _read(text), changed, now, stamps)
        _unset(known, b if kind == GROUP else "", changed)
    record = Record(id, known)
    sum = digest(record)
    nodes.change(here, old_digest, sum)
    kept = None if kind in (BALL, DECISION) else json.dumps(known)
    sql(
        "INSERT INTO sync_entry (place, id, digest, at, elements) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (place) DO UPDATE SET digest = excluded.digest, at = excluded.at, "
        "elements = excluded.elements",
        here, id, sum, record.at, kept,
    )  # fmt: skip


def _timed(
    new: tuple[dict[str, Any], int | None] | None,
    old_digest: str | None,
    old_at: int,
    now: int,
    stamps: Stamps,
) -> Elements:
    """Elements of what has one time for all of it."""
    values, at = new if new is not None else ({STATE: None}, None)
    result = {name: Element(value, at or now) for name, value in values.items()}
    asked = stamps.get(STATE)
    if asked is not None and asked.value == values[STATE] and asked.at:
        result[STATE] = asked
    elif values[STATE] is None:
        if old_digest is None and old_at:
            result[STATE] = Element(None, old_at)  # it was gone before
    elif old_at:  # it was touched, or came back
        result[STATE] = Element(LIVE, max(now, at or 0))
    return result


def _stamped(
    new: tuple[dict[str, Any], int | None] | None,
    old: Elements,
    changed: Mapping[str, int],
    now: int,
    stamps: Stamps,
) -> Elements:
    """Elements with the times they were set: what is as it was keeps its own."""
    if new is None:  # deleted for good: that it was here is all that stays
        gone = old.get(STATE)
        return {STATE: gone if gone and gone.value is None else Element(None, now)}
    result: Elements = {}
    for name in {**old, **new[0], **stamps}:
        value = new[0].get(name)
        before, asked = old.get(name), stamps.get(name)
        if asked is not None and asked.value == value:
            result[name] = asked
        elif (
            before is not None
            and before.value == value
            and not (
                name == STATE and changed.keys() & {"state", "*"}  # it went and came back
            )
        ):
            result[name] = before
        elif value is not None or before is not None or name == STATE:
            result[name] = Element(value, changed.get(part_of(name), now))
    return result


def _unset(known: Elements, ball_id: str, changed: Mapping[str, int]) -> None:
    """What an item has because nobody said anything else gives way to what somebody said."""
    if "*" not in changed:
        return
    for name, value in (("prefix", ""), ("name", ball_id)):
        element = known.get(name)
        if element is not None and element.value == value and element.at == changed["*"]:
            known[name] = Element(value, 0)


def _note_balls(bucket: str, ball_id: str, changed: Mapping[str, int]) -> None:
    """The balls of a group come and go with it."""
    at = changed.get("state") or changed["*"]
    sql(
        "INSERT INTO sync_dirty (kind, a, b, part, at) SELECT 'b', bucket_id, key, '*', ? "
        "FROM ball WHERE bucket_id = ? AND ball_id = ? "
        "ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at",
        at, int(bucket), ball_id,
    )  # fmt: skip


class _Nodes:
    """Changes of the digests above entries, gathered and written together."""

    def __init__(self) -> None:
        self._changes: dict[str, tuple[int, int]] = {}

    def change(self, here: str, old: str | None, new: str | None) -> None:
        if old == new:
            return
        count = (new is not None) - (old is not None)
        mask = _mask(here, old) ^ _mask(here, new)
        for length in range(1, DEPTH + 1):
            prefix = here[:length]
            before = self._changes.get(prefix, (0, 0))
            self._changes[prefix] = (before[0] + count, before[1] ^ mask)

    def write(self) -> None:
        for prefix, (count, mask) in self._changes.items():
            rows = sql("SELECT count, sum FROM sync_node WHERE prefix = ?", prefix)
            had, sum = rows[0] if rows else (0, "0")
            sql(
                "INSERT OR REPLACE INTO sync_node (prefix, count, sum) VALUES (?, ?, ?)",
                prefix, had + count, f"{int(sum, 16) ^ mask:016x}",
            )  # fmt: skip


def _mask(here: str, sum: str | None) -> int:
    return 0 if sum is None else int(short_hash(here + sum), 16)


def nodes(prefixes: Iterable[str]) -> dict[str, Node]:
    """What is one digit below these prefixes; empty nodes are left out."""
    result: dict[str, Node] = {}
    for prefix in prefixes:
        for below, held, sum in sql(_BELOW, *(prefix + digit for digit in DIGITS)):
            result[below] = Node(held, sum)
    return result


def entries(prefixes: Iterable[str]) -> dict[str, str]:
    """(id: digest) of all that is there below these prefixes."""
    return {
        id: sum
        for prefix in prefixes
        for id, sum in sql(
            "SELECT id, digest FROM sync_entry WHERE place >= ? AND place < ? "
            "AND digest IS NOT NULL",
            prefix, prefix + "g",
        )
    }  # fmt: skip


def records(ids: Sequence[str]) -> dict[str, Record]:
    """What is known of these entries, also of deleted ones; unknown ones are left out."""
    known = ((id, _record(id)) for id in ids)
    return {id: record for id, record in known if record is not None}


def _record(id: str) -> Record | None:
    rows = sql(_OLD, place(id))
    if not rows:
        return None
    _, at, text = rows[0]
    if text is not None:
        return Record(id, _read(text))
    new = found.current(*name_of(id))
    asked = {STATE: Element(None if new is None else new[0][STATE], at)}
    return Record(id, _timed(new, None, at, at, asked))


def _read(text: str | None) -> Elements:
    return {name: Element(*pair) for name, pair in json.loads(text or "{}").items()}


def _id(called: tuple[str, str, str]) -> str | None:
    kind, a, b = called
    if kind == FILE:
        return f"f:{a}"
    if kind == DECISION:
        return joined(kind, a, b)
    bucket = bucket_name(a)
    return None if bucket is None else joined(kind, bucket, b)


def name_of(id: str) -> tuple[str, str, str]:
    """What an entry is called in ``sync_dirty``."""
    kind = id[:1]
    if kind == FILE:
        return kind, id[2:], ""
    first, second = split(id)
    if kind == DECISION:
        return kind, first, second
    bucket = bucket_number(first)
    return kind, "0" if bucket is None else str(bucket), second
