"""Looking up, reading and deleting what is stored."""

import time
from typing import Any, BinaryIO

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item
from vidcache_gui.interfaces.server import fields
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.problems import Problem, not_found
from vidcache_gui.interfaces.server.sending import stored
from vidcache_gui.interfaces.server.state import state_of
from vidcache_gui.interfaces.server.threads import in_thread, storing
from vidcache_gui.interfaces.server.vidcache.records import metadata, retrieved


async def resolve(request: Request) -> Response:
    """Which content an address stands for; the latest, if that changed."""
    url = fields.needed(request, "url")
    item = await in_thread(state_of(request).library.resolve, url)
    if item is None or item.ball_id is not None:
        raise not_found("URL not found")
    return JSONResponse({"hash": item.hash, "url": url})


async def meta(request: Request) -> Response:
    """What is known about a content."""
    known = await in_thread(_known, state_of(request).library, request.path_params["hash"])
    return JSONResponse(known)


async def lookup(request: Request) -> Response:
    """What is known about an address, unless it was last seen too long ago."""
    library = state_of(request).library
    url = fields.needed(request, "url")
    version = fields.query(request, "version")
    has_age = fields.query(request, "max_age") is not None
    if version is not None and has_age:
        raise Problem(422, "max_age and version are mutually exclusive")
    if version is not None:
        return JSONResponse(await in_thread(_known, library, version))
    item = await in_thread(library.resolve, url)
    if item is None or item.ball_id is not None:
        raise not_found("URL not found")
    details = await in_thread(library.details, item.id)
    if has_age:
        age = time.time() - retrieved(item, details.aliases) / 1000
        if age > fields.query_whole(request, "max_age", 0):
            raise not_found("Cache entry exceeds max_age")
    return JSONResponse(metadata(details, await in_thread(library.phash, item.hash)))


async def video(request: Request) -> Response:
    """The stored bytes, or a range of them."""
    item, file = await in_thread(_open, state_of(request).library, request.path_params["hash"])
    return stored(request, file, item.size, tag=item.hash, mime=item.mime, name=item.name)


async def delete(request: Request) -> Response:
    """Move a content, with every address it is known by, to the trash."""
    library = state_of(request).library
    item = await in_thread(_item, library, request.path_params["hash"])
    if not (await storing(library.remove, [item.id])).removed:
        raise not_found("Video not found")  # somebody else was quicker
    return Response(status_code=204)


def _item(library: Library, hash: str) -> Item:
    item = library.content(hash.lower())
    if item is None:
        raise not_found("Video not found")
    return item


def _known(library: Library, hash: str) -> dict[str, Any]:
    item = _item(library, hash)
    return metadata(library.details(item.id), library.phash(item.hash))


def _open(library: Library, hash: str) -> tuple[Item, BinaryIO]:
    item = _item(library, hash)
    return item, library.open_blob(item.hash)
