"""Items as vidcache clients know them."""

from datetime import UTC, datetime
from typing import Any

from vidcache_gui.core.browse import Sourced
from vidcache_gui.core.records import Alias, Item, ItemDetails, SourceResult, Status

CLIENT = "client:"  # the tag that keeps the name of the program that stored something


def when(milliseconds: int) -> str:
    """ISO 8601, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def stored_path(hash: str) -> str:
    return f"blobs/{hash[:2]}/{hash}"


def metadata(details: ItemDetails, phash: str | None) -> dict[str, Any]:
    """The fields of all generations together: each client finds its own."""
    item = details.item
    urls = addresses(details.aliases)
    return {
        "hash": item.hash,
        "phash": phash,
        "file_path": stored_path(item.hash),
        "bucket": item.bucket,
        "prefix": item.prefix or None,
        "size_bytes": item.size,
        "duration_s": item.duration,
        "mime_type": item.mime,
        "filename": item.name,
        "first_seen": when(item.added_at),
        "created_at": when(item.added_at),
        "retrieved_at": when(retrieved(item, details.aliases)),
        "source_url": urls[0] if urls else None,
        "aliases": urls,
        "meta": details.meta or None,
        "client_name": client_name(item),
    }


def listed(found: Sourced) -> dict[str, Any]:
    """A row of ``/browse``."""
    item = found.item
    urls = addresses(found.aliases)
    return {
        "hash": item.hash,
        "url": urls[0] if urls else None,
        "filename": item.name,
        "bucket": item.bucket,
        "prefix": item.prefix or None,
        "client_name": client_name(item),
        "mime_type": item.mime,
        "size_bytes": item.size,
        "duration_s": item.duration,
        "created_at": when(item.added_at),
        "retrieved_at": when(retrieved(item, found.aliases)),
        "cache_type": "video",
    }


def stored(result: SourceResult) -> dict[str, Any]:
    """What became of an upload.

    ``duplicate`` for a near one too, which is stored all the same under its own hash;
    ``duplicate_of`` says what it resembles.
    """
    assert result.hash is not None
    near = result.duplicate_of is not None
    answer: dict[str, Any] = {
        "hash": result.hash,
        "status": (Status.DUPLICATE if near else result.status).value,
        "file_path": stored_path(result.hash),
        "size_bytes": result.size,
    }
    if near:
        answer["duplicate_of"] = result.duplicate_of
        if result.phash_distance is not None:
            answer["phash_distance"] = result.phash_distance
    return answer


def addresses(aliases: tuple[Alias, ...]) -> list[str]:
    """Addresses only: paths on this machine are nobody else's business."""
    return [alias.source for alias in aliases if alias.kind == "url"]


def retrieved(item: Item, aliases: tuple[Alias, ...]) -> int:
    return max([item.added_at, *(alias.last_seen for alias in aliases)])


def client_name(item: Item) -> str | None:
    names = (tag.removeprefix(CLIENT) for tag in item.tags if tag.startswith(CLIENT))
    return next(names, None)
