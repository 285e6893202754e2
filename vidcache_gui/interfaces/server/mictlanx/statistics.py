"""How much there is, and who else there is (nobody)."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Ball
from vidcache_gui.interfaces.server import fields
from vidcache_gui.interfaces.server.jsonstream import JSONList, JSONResponse
from vidcache_gui.interfaces.server.mictlanx.records import PEER, metadata
from vidcache_gui.interfaces.server.problems import invalid
from vidcache_gui.interfaces.server.state import state_of
from vidcache_gui.interfaces.server.threads import in_thread

PAGE = 1000
ROUTER_END = 100  # what a router shows unless asked for more
LONGEST_LIST = 10_000


async def stats(request: Request) -> Response:
    """The disk, and what is stored, from ``start`` to before ``end``."""
    library = state_of(request).library
    about = {"peer_id": PEER, **await in_thread(_disk, library), "peers": []}
    return _listed(request, about, "balls", metadata)


async def peers_stats(request: Request) -> Response:
    """The same as a router says it, with these fields and no other."""
    library = state_of(request).library
    start = fields.query_whole(request, "start", 0)
    end = fields.query_whole(request, "end", ROUTER_END)
    count = max(0, min(end - start, LONGEST_LIST))
    page = await in_thread(library.ball_page, None, 0, count, start) if count else []
    disk = await in_thread(_disk, library)
    balls = [metadata(ball) for _, ball in page]
    return JSONResponse({PEER: {"peer_id": PEER, **disk, "balls": balls, "peers": []}})


async def usage(request: Request) -> Response:
    """The disk alone."""
    disk = await in_thread(_disk, state_of(request).library)
    names = ("total_disk", "used_disk", "disk_uf")
    return JSONResponse({name: disk[name] for name in names})


async def count(request: Request) -> Response:
    """How many objects there are."""
    return JSONResponse({"len": await in_thread(state_of(request).library.count_balls)})


async def balls(request: Request) -> Response:
    """Where every object is and how large."""
    return _listed(
        request, {}, None,
        lambda ball: {"bucket_id": ball.bucket, "key": ball.key, "size": ball.size},
    )  # fmt: skip


async def sizes(request: Request) -> Response:
    """The same as arrays of three."""
    return _listed(request, {}, None, lambda ball: [ball.bucket, ball.key, ball.size])


async def peers_state(request: Request) -> Response:
    """This peer, and where each object is."""
    start = fields.query_whole(request, "start", 0)
    end = fields.query_whole(request, "end", 0) or start + LONGEST_LIST
    library = state_of(request).library
    limit = max(0, min(end - start, LONGEST_LIST))
    page = await in_thread(library.ball_page, None, 0, limit, start) if limit else []
    host, port = request.scope.get("server") or ("127.0.0.1", 0)
    where = {
        f"{ball.bucket}@{ball.key}": {"locations": [PEER], "size": ball.size} for _, ball in page
    }
    nodes = [{"node_id": PEER, "ip_addr": host, "port": port}]
    return JSONResponse({"nodes": nodes, "balls": where})


async def add_node(request: Request) -> Response:
    """A peer introduces itself. Nothing is copied to it."""
    given = await fields.json_object(request)
    names = (
        "id", "disk", "memory", "ip_addr", "port", "weight", "used_disk", "used_memory",
    )  # fmt: skip
    missing = [name for name in names if name not in given]
    if missing:
        raise invalid(f"body.{missing[0]}", f"'{missing[0]}' is missing.")
    return JSONResponse({name: given[name] for name in names})


async def add_peers(request: Request) -> Response:
    """Peers are introduced, the router's way. Nothing is copied to them."""
    await fields.json_list(request)
    return Response(status_code=204)


def _disk(library: Library) -> dict[str, Any]:
    total, used, free = library.disk_usage()
    return {
        "used_disk": used, "total_disk": total, "available_disk": free,
        "disk_uf": used / total if total else 0.0,
    }  # fmt: skip


def _listed(
    request: Request, about: dict[str, Any], name: str | None, entry: Callable[[Ball], Any]
) -> Response:
    """Balls from ``start`` to before ``end`` (all, where there is none), sent in pages."""
    library = state_of(request).library
    start = fields.query_whole(request, "start", 0)
    end = fields.query_whole(request, "end", 0)
    left = max(0, end - start) if end else None

    def page(after: int) -> tuple[list[Any], int | None]:
        nonlocal left
        limit = PAGE if left is None else min(PAGE, left)
        if not limit:
            return [], None
        found = library.ball_page(None, after, limit, 0 if after else start)
        if left is not None:
            left -= len(found)
        return [entry(ball) for _, ball in found], found[-1][0] if found else None

    return JSONList(about, name, page)
