"""Who may ask: the checks before any route sees a request.

``Host`` must be a name this server has (a page elsewhere can point a name of its own at this
machine), no browser may ask on behalf of another site, where there is a token it is needed, and
nothing is asked or changed that this server does not expose.
"""

import hmac
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from vidcache_gui.interfaces.server.problems import PEER, Problem, answer
from vidcache_gui.interfaces.server.settings import LOOPBACK, Access, Protocol, Settings

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?", re.ASCII)
HEALTH = "/health"
DESCRIPTION = "/openapi.json"
SYNC = "/sync/"
LOOK = f"{SYNC}look"  # only reads; what it asks is too long for an address
LONGEST_PATH = 8192


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self._check(scope)
        except Problem as problem:
            response = answer(scope["path"], problem)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not scope["path"].startswith("/"):
            raise Problem(400, "This server is no proxy.")
        if len(scope["raw_path"]) > LONGEST_PATH:
            raise Problem(414, "The address is too long.")
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0], scope):
            raise Problem(
                421, "This server is not called that. Use the address it shows, or start it with "
                "--name NAME for another one.",
            )  # fmt: skip
        if not _is_same_site(headers, f"{scope['scheme']}://{hosts[0]}".lower()):
            raise Problem(403, "Pages of other sites may not use this server.")
        if self.settings.token and scope["path"] != HEALTH:
            self._check_token(headers.getlist("authorization"))
        if scope["path"] not in (HEALTH, DESCRIPTION):
            self._check_exposed(scope["path"], scope["method"])

    def _check_exposed(self, path: str, method: str) -> None:
        for needed in protocols_of(path):
            if needed not in self.settings.protocols:
                raise Problem(404, f"This server does not speak {needed}.")
        access = self.settings.access
        if method == "DELETE" and access is not Access.ALL:
            raise Problem(403, "Nothing may be deleted through this server.")
        reads = (
            method in ("GET", "HEAD") or path == LOOK
        )  # which has too much to ask for an address
        if not reads and method != "DELETE" and access is Access.READ:
            raise Problem(403, "Nothing may be stored or changed through this server.")

    def _is_ours(self, host: str, scope: Scope) -> bool:
        match = _HOST.fullmatch(host.lower())
        if match is None or int(match[2] or 80) > 65535:
            return False
        name = match[1].strip("[]")
        here = scope.get("server") or ("", 0)  # the address the client really reached
        return name in LOOPBACK or name == here[0] or name in self.settings.names

    def _check_token(self, given: list[str]) -> None:
        expected = f"Bearer {self.settings.token}".encode()
        if len(given) != 1 or not hmac.compare_digest(given[0].encode("latin-1"), expected):
            raise Problem(
                401, "This server needs its token, as 'Authorization: Bearer …'.",
                headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip


def protocols_of(path: str) -> tuple[Protocol, ...]:
    """Those that must be spoken for a path to be there. Libraries that synchronise use both."""
    if path.startswith(SYNC):
        return tuple(Protocol)
    return (Protocol.MICTLANX if path.startswith(PEER) else Protocol.VIDCACHE,)


def _is_same_site(headers: Headers, own: str) -> bool:
    """What browsers say of a page that asks. Programs say nothing, which is fine."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    return all(origin.lower() == own for origin in headers.getlist("origin"))
