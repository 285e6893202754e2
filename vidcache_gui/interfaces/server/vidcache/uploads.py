"""Bringing in: the two phases of an upload, and addresses the server fetches itself."""

import re
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.intake import Target
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.names import file_name
from vidcache_gui.interfaces.server import fields
from vidcache_gui.interfaces.server.bodies import announced, limits_of, receive
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.pending import weight
from vidcache_gui.interfaces.server.problems import Problem, invalid, not_found
from vidcache_gui.interfaces.server.state import State, Upload, state_of
from vidcache_gui.interfaces.server.threads import in_thread, looking, storing
from vidcache_gui.interfaces.server.vidcache.records import CLIENT, metadata, stored, stored_path

LONGEST_LABEL = 512
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
OFF = (
    "Downloading by the server is switched off. Start it with --allow-downloads, or send the "
    "bytes with /upload/init."
)


async def upload_init(request: Request) -> Response:
    """Announce an upload; answers at once where the address is known already."""
    state = state_of(request)
    given = await fields.json_object(request)
    upload = _upload(given)
    known = await in_thread(state.library.sight, upload.url)
    if known is not None and known.ball_id is None:
        said = {"status": "cached", "hash": known.hash, "file_path": stored_path(known.hash)}
        return JSONResponse(said)
    claimed = given.get("content_hash")
    if isinstance(claimed, str) and _HASH.fullmatch(claimed.lower()):
        same = await in_thread(state.library.content, claimed.lower())
        if same is not None:
            await storing(state.library.remember, same.hash, [upload.url])
            said = {"status": "fresh", "hash": same.hash, "file_path": stored_path(same.hash)}
            return JSONResponse(said)
    target = upload.target
    size = weight(upload.url, upload.name, target.prefix, target.meta)
    return JSONResponse({"status": "pending", "upload_id": state.uploads.add(upload, size)})


async def upload(request: Request) -> Response:
    """The bytes of an announced upload. Its id is used up as soon as this begins."""
    state = state_of(request)
    announcement = state.uploads.take(request.path_params["upload_id"])
    if announcement is None:
        raise not_found("Upload session not found or already used")
    with await in_thread(state.library.incoming, announced(request) or 0) as incoming:
        gathering = await receive(request, incoming, limits_of(request).body_bytes)
        if not gathering.size:
            raise Problem(422, "Nothing was sent (0 bytes), so nothing was stored.")

        def keep() -> dict[str, Any]:
            gathering.finish()
            result = state.library.receive(
                incoming, announcement.url, announcement.name, announcement.target,
                keep_similar=state.settings.keep_similar,
            )  # fmt: skip
            return stored(result)

        return JSONResponse(await looking(keep))


async def ingest(request: Request) -> Response:
    """Let the server download an address (off unless the server was started so)."""
    state = state_of(request)
    wanted = await _wanted_download(request, state)
    known = await in_thread(state.library.sight, wanted.url)
    if known is not None and known.ball_id is None:
        path = stored_path(known.hash)
        return JSONResponse({"status": "url_alias", "hash": known.hash, "file_path": path})
    return JSONResponse(stored(await _fetch(state, wanted)))


async def download(request: Request) -> Response:
    """The same, answered with the metadata of what is stored then."""
    state = state_of(request)
    wanted = await _wanted_download(request, state)
    known = await in_thread(state.library.sight, wanted.url)
    item_id = known.id if known is not None else (await _fetch(state, wanted)).item_id
    assert item_id is not None
    details = await in_thread(state.library.details, item_id)
    phash = await in_thread(state.library.phash, details.item.hash)
    return JSONResponse(metadata(details, phash))


async def _wanted_download(request: Request, state: State) -> Upload:
    if not state.settings.downloads:
        raise Problem(503, OFF)
    given = await fields.json_object(request)
    wanted = _upload(given)
    if given.get("headers") or given.get("cookies"):
        raise invalid("body.headers", "Headers and cookies are not passed on to other servers.")
    if not wanted.url.startswith(("http://", "https://")):
        raise invalid("body.url", "Only http and https addresses are downloaded.")
    return wanted


async def _fetch(state: State, wanted: Upload) -> Any:
    try:
        return await looking(state.library.fetch_now, wanted.url, wanted.target)
    except UserError as error:
        raise Problem(502, str(error)) from error


def _upload(given: dict[str, Any]) -> Upload:
    url = fields.text(given, "url")
    if not url.strip() or url.startswith(("/", "export:")):
        raise invalid("body.url", "'url' must be an address, not a path.")
    bucket = fields.text(given, "bucket", longest=LONGEST_LABEL).strip()
    if not bucket:
        raise invalid("body.bucket", "A bucket needs a name.")
    prefix = fields.text(given, "prefix", "", longest=LONGEST_LABEL)
    client = fields.text(given, "client_name", "", longest=LONGEST_LABEL).strip()
    tags = (f"{CLIENT}{client}",) if client else ()
    target = Target(bucket, prefix, fields.mapping(given, "meta"), tags=tags)
    name = fields.text(given, "filename", "", longest=LONGEST_LABEL).strip()
    return Upload(url, name or _name_from(url), target)


def _name_from(url: str) -> str:
    try:
        return file_name(httpx.URL(url), "")
    except (httpx.InvalidURL, ValueError):
        return url.rstrip("/").rpartition("/")[2][:200] or "upload"
