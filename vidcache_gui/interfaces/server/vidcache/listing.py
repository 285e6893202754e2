"""Lists: what is stored, by place, time, program and address."""

import base64
import binascii
import json
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.browse import FileQuery
from vidcache_gui.core.records import BucketCount
from vidcache_gui.interfaces.server import fields
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.problems import Problem, invalid
from vidcache_gui.interfaces.server.state import state_of
from vidcache_gui.interfaces.server.threads import in_thread
from vidcache_gui.interfaces.server.vidcache.records import CLIENT, addresses, listed

MOST_FOUND = 1000
PAGE = 50
LONGEST_PAGE = 200


async def browse(request: Request) -> Response:
    """A page of what is stored, with the cursor of the next one."""
    client = fields.query(request, "client_name")
    query = FileQuery(
        bucket=fields.query(request, "bucket"),
        prefix=fields.query(request, "prefix"),
        tag=None if client is None else f"{CLIENT}{client}",
        since=_time(request, "date_from"),
        until=_time(request, "date_to"),
        source_contains=fields.query(request, "q") or "",
    )
    limit = fields.query_whole(request, "limit", PAGE, 1, LONGEST_PAGE)
    order = fields.query(request, "order") or "desc"
    if order not in ("asc", "desc"):
        raise invalid("query.order", "'order' must be 'asc' or 'desc'.")
    after = _key(fields.query(request, "cursor"))
    library = state_of(request).library
    found = await in_thread(
        lambda: library.files(query, after, limit + 1, descending=order == "desc")
    )
    page = found[:limit]
    last = page[-1].item if len(found) > limit else None
    cursor = None if last is None else _cursor(last.added_at, last.id)
    return JSONResponse({"items": [listed(one) for one in page], "next_cursor": cursor})


async def buckets(request: Request) -> Response:
    """The names of all buckets."""
    return JSONResponse({"buckets": [one.name for one in await _buckets(request)]})


async def prefixes(request: Request) -> Response:
    """The prefixes inside a bucket."""
    wanted = fields.needed(request, "bucket")
    found = [one.prefixes for one in await _buckets(request) if one.name == wanted]
    return JSONResponse({"prefixes": [name for places in found for name, _ in places]})


async def search(request: Request) -> Response:
    """Stored files of one bucket by a part of an address."""
    wanted = fields.needed(request, "url_contains")
    bucket = fields.query(request, "bucket") or "default"
    library = state_of(request).library
    query = FileQuery(bucket=bucket, source_contains=wanted)
    found = await in_thread(library.files, query, None, MOST_FOUND)
    keys = ("hash", "filename", "size_bytes", "mime_type", "created_at", "retrieved_at")
    return JSONResponse(
        [
            {"url": url, **{key: value for key, value in listed(one).items() if key in keys}}
            for one in found
            for url in addresses(one.aliases)
            if wanted.lower() in url.lower()
        ]
    )


async def _buckets(request: Request) -> list[BucketCount]:
    return await in_thread(state_of(request).library.buckets)


def _time(request: Request, name: str) -> int | None:
    """A date or time in ISO 8601, in UTC where it does not say; milliseconds."""
    text = fields.query(request, name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # "+" in a query means a space
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise invalid(f"query.{name}", f"'{name}' is no date.") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def _cursor(added_at: int, item_id: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([added_at, item_id]).encode()).decode()


def _key(cursor: str | None) -> tuple[int, int] | None:
    if cursor is None:
        return None
    try:
        added_at, item_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not all(0 <= int(part) <= fields.MAX_INTEGER for part in (added_at, item_id)):
            raise ValueError
        return int(added_at), int(item_id)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
        raise Problem(422, "Invalid cursor") from error
