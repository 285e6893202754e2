"""From what a person typed, or clicked, to rows in order, a page at a time.

Paging is by key: a page starts after the last key of the page before it, which costs the
same anywhere in the list (OFFSET walks everything it skips). A listing holds the key in
front of each page, so that a scroll bar can jump.
"""

import re
from typing import Any

from peewee import JOIN, SQL, Tuple, fn

from vidcache_gui.core.catalog import Bucket, Item, Tag
from vidcache_gui.core.records import Listing, Query
from vidcache_gui.media.types import Kind

PAGE = 200
SORTS = {
    "added": Item.added_at,
    "name": Item.name_key,
    "size": Item.size,
    "duration": Item.length,
    "frames": Item.frame_count,
}
KIND_WORDS = {
    "video": Kind.VIDEO, "videos": Kind.VIDEO,
    "gif": Kind.ANIMATION, "animation": Kind.ANIMATION, "animations": Kind.ANIMATION,
    "image": Kind.IMAGE, "picture": Kind.IMAGE, "images": Kind.IMAGE, "pictures": Kind.IMAGE,
    "frames": Kind.FRAMES, "sequence": Kind.FRAMES, "group": Kind.FRAMES,
    "data": Kind.DATA, "other": Kind.DATA,
}  # fmt: skip
UNITS = {"ms": 0.001, "s": 1, "min": 60, "m": 60, "h": 3600}
BYTES = {"": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9}
TERM = re.compile(r'(?:(\w+):)?("[^"]*"?|\S+)')
NUMBER = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)")


def name_key(name: str) -> str:
    """Natural order as plain text: case folded, every number padded to the same length."""
    return re.sub(r"\d+", lambda match: match.group().lstrip("0").rjust(12, "0"), name.casefold())


def matching(query: Query) -> Any:
    """The items a query shows, unordered, as a peewee query over Item."""
    rows = Item.select(Item.id)
    rows = rows.where(Item.removed_at.is_null(not query.trash))
    if query.bucket is not None:
        buckets = Bucket.select(Bucket.id).where(Bucket.name == query.bucket)
        rows = rows.where(Item.bucket == buckets)
    if query.prefix:
        below = query.prefix.rstrip("/") + "/"
        rows = rows.where(
            (Item.prefix == query.prefix)
            | ((Item.prefix >= below) & (Item.prefix < below[:-1] + "0"))
        )
    if query.kind is not None:
        rows = rows.where(Item.kind == query.kind.value)
    if query.tag is not None:
        rows = rows.where(Item.id.in_(Tag.select(Tag.item).where(Tag.name == query.tag)))
    if query.damaged:
        rows = rows.where(Item.damaged.is_null(False))
    if query.added_since is not None:
        rows = rows.where(Item.added_at >= query.added_since)
    return _with_text(rows, query.text)


def _with_text(rows: Any, text: str) -> Any:
    words: list[str] = []
    for field, value in TERM.findall(text):
        value = value.strip('"')
        condition = _condition(field.lower(), value) if field else None
        if condition is not None:
            rows = rows.where(condition)
        else:
            words.append(f"{field} {value}" if field else value)
    match = _full_text(words)
    if match:
        rows = rows.where(
            Item.id.in_(SQL("(SELECT rowid FROM item_text WHERE item_text MATCH ?)", (match,)))
        )
    elif words:  # only punctuation was typed: nothing has that in its name
        rows = rows.where(SQL("0"))
    return rows


def _condition(field: str, value: str) -> Any:
    """The meaning of ``field:value``; None when it is no field of ours (then it is text)."""
    if field == "bucket":
        return Item.bucket.in_(Bucket.select(Bucket.id).where(Bucket.name == value))
    if field == "prefix":
        return (Item.prefix == value) | Item.prefix.startswith(value.rstrip("/") + "/")
    if field == "kind" and value.lower() in KIND_WORDS:
        return Item.kind == KIND_WORDS[value.lower()].value
    if field == "tag":
        return Item.id.in_(Tag.select(Tag.item).where(Tag.name == value))
    if field == "hash":
        return Item.hash.startswith(value.lower())
    if field == "is" and value.lower() == "damaged":
        return Item.damaged.is_null(False)
    return _measure(field, value.lower())


def _measure(field: str, value: str) -> Any:
    match = NUMBER.fullmatch(value)
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if field in ("longer", "shorter") and (unit in UNITS or not unit):
        seconds = number * UNITS.get(unit, 1)
        return Item.length > seconds if field == "longer" else Item.length < seconds
    if field in ("larger", "smaller") and unit in BYTES:
        size = int(number * BYTES[unit])
        return Item.size > size if field == "larger" else Item.size < size
    if field in ("wider", "taller") and unit in ("", "px"):
        return (Item.width if field == "wider" else Item.height) > number
    return None


def _full_text(words: list[str]) -> str:
    """Every word must begin a word of the item; quoted, so no text is a syntax error."""
    tokens = [token for word in words for token in re.findall(r"\w+", word.replace("_", " "))]
    return " ".join(f'"{token}"*' for token in tokens)


def ordered(query: Query, rows: Any, after: Any = None) -> Any:
    """Rows of ``matching`` in the query's order, those after a key only."""
    column = Item.removed_at if query.trash else SORTS.get(query.sort, Item.added_at)
    if after is not None:
        key, last = Tuple(column, Item.id), Tuple(*after)  # row values: one index seek
        rows = rows.where(key < last if query.descending else key > last)
    if query.descending:
        return rows.order_by(column.desc(), Item.id.desc())
    return rows.order_by(column.asc(), Item.id.asc())


def sort_column(query: Query) -> Any:
    return Item.removed_at if query.trash else SORTS.get(query.sort, Item.added_at)


def listing(query: Query, page_size: int = PAGE) -> Listing:
    """How many rows a query has, and the key in front of every page (one index scan)."""
    column = sort_column(query)
    keys = matching(query).select(column.alias("value"), Item.id)
    count = keys.count()
    way = "DESC" if query.descending else "ASC"
    sql, params = keys.sql()
    every = Item._meta.database.execute_sql(
        f"SELECT value, id FROM (SELECT value, id, row_number() OVER "
        f"(ORDER BY value {way}, id {way}) AS place FROM ({sql})) "
        "WHERE place % ? = 0 AND place < ? ORDER BY place",
        (*params, page_size, count),
    ).fetchall()
    return Listing(count, page_size, (None, *((value, id) for value, id in every)))


def page_rows(query: Query, after: Any, limit: int) -> Any:
    """Item rows with their bucket's name, one page of them."""
    return ordered(query, with_bucket(matching(query)), after).limit(limit)


def with_bucket(rows: Any) -> Any:
    tags = Tag.select(fn.GROUP_CONCAT(Tag.name, "\x1f")).where(
        Tag.item == Item.id
    )  # one query for a page, tags included
    return (
        rows.select(Item, Bucket.name.alias("bucket_name"), tags.alias("tag_names"))
        .join(Bucket, JOIN.INNER)
        .objects()
    )


def keyed(query: Query, ids: list[int]) -> list[tuple[Any, Any]]:
    """Those of ``ids`` a query shows, as (key, record), in the query's order."""
    from vidcache_gui.core.rows import item_record

    column = sort_column(query)
    found = []
    for start in range(0, len(ids), 500):
        some = matching(query).where(Item.id.in_(ids[start : start + 500]))
        for row in with_bucket(some).select_extend(column.alias("sort_value")):
            found.append(((row.sort_value, row.id), item_record(row)))
    return sorted(found, key=lambda pair: pair[0], reverse=query.descending)
