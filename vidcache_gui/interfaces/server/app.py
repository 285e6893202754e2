"""The application: both protocols' routes behind one guard."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from vidcache_gui.core.blobs import DiskError, NoRoom
from vidcache_gui.core.library import Library
from vidcache_gui.errors import LibraryError, UserError
from vidcache_gui.interfaces.server.description import describe
from vidcache_gui.interfaces.server.guard import DESCRIPTION, HEALTH, Guard, protocols_of
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.log import Log, OnRequest
from vidcache_gui.interfaces.server.mictlanx.routes import ROUTES as MICTLANX
from vidcache_gui.interfaces.server.problems import Problem, answer
from vidcache_gui.interfaces.server.settings import Settings
from vidcache_gui.interfaces.server.state import State
from vidcache_gui.interfaces.server.sync import ROUTES as SYNC
from vidcache_gui.interfaces.server.vidcache.routes import ROUTES as VIDCACHE

log = logging.getLogger(__name__)


def application(library: Library, settings: Settings, tell: OnRequest | None = None) -> ASGIApp:
    """What answers requests. ``tell`` hears about each one that ended."""
    # They are tried one after the other, and nothing is asked as often as a frame is put.
    routes = [*MICTLANX, *VIDCACHE, *SYNC, Route(HEALTH, health)]
    spoken = [
        one
        for one in routes
        if one.path == HEALTH or settings.protocols.issuperset(protocols_of(one.path))
    ]
    document = describe(spoken)

    def openapi(request: Request) -> Response:
        return JSONResponse(document)

    app = Starlette(
        routes=[*routes, Route(DESCRIPTION, openapi)],
        exception_handlers={
            Problem: _problem, UserError: _user_error, HTTPException: _http_error,
            ClientDisconnect: _gone, Exception: _bug,
        },
    )  # fmt: skip
    app.router.redirect_slashes = False  # the published clients follow no redirects
    app.state.served = State(library, settings)
    guarded = Guard(app, settings)
    return guarded if tell is None else Log(guarded, tell)


async def health(request: Request) -> Response:
    """Is it there?"""
    return JSONResponse({"status": "ok"})


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(request.url.path, error)


async def _user_error(request: Request, error: Exception) -> Response:
    status = 400
    if isinstance(error, NoRoom):
        status = 507
    elif isinstance(error, (LibraryError, DiskError)):
        status = 503
    return answer(request.url.path, Problem(status, str(error)))


async def _http_error(request: Request, error: Exception) -> Response:
    """No such route, or not with this method."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    return answer(request.url.path, Problem(error.status_code, error.detail, headers=headers))


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it; the log does


async def _bug(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(request.url.path, Problem(500, "This is a bug in VidCache; its log says more."))
