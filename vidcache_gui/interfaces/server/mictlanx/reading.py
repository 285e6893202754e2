"""Objects and groups: what is said of them, and their bytes."""

from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Ball
from vidcache_gui.interfaces.cli.output import human_size
from vidcache_gui.interfaces.server.jsonstream import JSONList, JSONResponse, Page
from vidcache_gui.interfaces.server.mictlanx.records import PEER, found, metadata
from vidcache_gui.interfaces.server.problems import Problem, not_found
from vidcache_gui.interfaces.server.sending import Joined, stored
from vidcache_gui.interfaces.server.state import state_of
from vidcache_gui.interfaces.server.threads import in_thread

MOST_CHUNKS = 100_000
PAGE = 1000


async def get_metadata(request: Request) -> Response:
    """What is said of an object."""
    return JSONResponse(found(await in_thread(_ball, *_place(request))))


async def get_size(request: Request) -> Response:
    """How many bytes an object has."""
    ball = await in_thread(_ball, *_place(request))
    return JSONResponse(
        {"bucket_id": ball.bucket, "key": ball.key, "peer_id": PEER, "size": ball.size}
    )


async def get_group(request: Request) -> Response:
    """The objects that share a ball_id, in frame order."""
    balls = await _group(request)
    about = {
        "bucket_id": balls[0].bucket, "ball_id": balls[0].ball_id,
        "size": sum(ball.size for ball in balls),
    }  # fmt: skip
    return JSONList(about, "balls", _pages(balls))


async def get_chunks(request: Request) -> Response:
    """The same, as a router says it."""
    balls = await _group(request)
    size = sum(ball.size for ball in balls)
    balls.sort(key=lambda ball: (_number(ball.tags.get("updated_at", "")), ball.key))
    about = {
        "bucket_id": balls[0].bucket, "ball_id": balls[0].ball_id, "size": human_size(size),
        "size_bytes": size, "checksum": balls[0].tags.get("full_checksum", ""),
    }  # fmt: skip
    return JSONList(about, "chunks", _pages(balls))


async def get_bucket(request: Request) -> Response:
    """Everything in a bucket."""
    bucket = request.path_params["bucket"]
    about = {"peer_id": PEER, "bucket_id": bucket, "peers_ids": [PEER], "peer_ids": [PEER]}
    library = state_of(request).library

    def page(after: int) -> tuple[list[object], int | None]:
        balls = library.ball_page(bucket, after)
        return [metadata(ball) for _, ball in balls], balls[-1][0] if balls else None

    return JSONList(about, "balls", page)


async def get_data(request: Request) -> Response:
    """An object's bytes, or a range of them."""
    ball, file = await in_thread(_open, *_place(request))
    return stored(request, file, ball.size, tag=ball.hash, mime=ball.content_type)


async def merge(request: Request) -> Response:
    """The chunks of a file, joined (the router's way)."""
    library, bucket, key = _place(request)
    chunks = await in_thread(_chunks, library, bucket, key)
    return Joined(
        request, [(ball.hash, ball.size) for ball in chunks], library.open_blob,
        chunks[0].content_type,
    )  # fmt: skip


def _place(request: Request) -> tuple[Library, str, str]:
    places = request.path_params
    return state_of(request).library, places["bucket"], places["key"]


def _ball(library: Library, bucket: str, key: str) -> Ball:
    ball = library.ball(bucket, key)
    if ball is None:
        raise not_found(f"There is no '{key}' in '{bucket}'.")
    return ball


def _open(library: Library, bucket: str, key: str) -> tuple[Ball, BinaryIO]:
    ball = _ball(library, bucket, key)
    return ball, library.open_blob(ball.hash)


async def _group(request: Request) -> list[Ball]:
    library, bucket, ball_id = _place(request)
    balls = await in_thread(library.group, bucket, ball_id)
    if not balls:
        raise not_found(f"There is no group '{ball_id}' in '{bucket}'.")
    return balls


def _pages(balls: list[Ball]) -> Page:
    """A group may be large: others are answered between two pages of it."""

    def page(after: int) -> tuple[list[object], int | None]:
        end = after + PAGE
        return [metadata(one) for one in balls[after:end]], end if end < len(balls) else None

    return page


def _chunks(library: Library, bucket: str, ball_id: str) -> list[Ball]:
    first = _ball(library, bucket, f"{ball_id}_0")
    count = _number(first.tags.get("num_chunks", ""))
    if not 0 < count <= MOST_CHUNKS:
        raise Problem(404, f"'{ball_id}' is no file in chunks.")
    rest = (_ball(library, bucket, f"{ball_id}_{place}") for place in range(1, count))
    return [first, *rest]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
