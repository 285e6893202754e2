"""Stored bytes to a client, a part at a time, at the client's pace but not for ever."""

import asyncio
from typing import Any, BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vidcache_gui.interfaces.server.bodies import limits_of
from vidcache_gui.interfaces.server.connections import Connection
from vidcache_gui.interfaces.server.problems import Problem
from vidcache_gui.interfaces.server.ranges import Unsatisfiable, parse
from vidcache_gui.interfaces.server.threads import in_thread

PART = 512 * 1024
FOR_EVER = "public, max-age=31536000, immutable"


def stored(
    request: Request, file: BinaryIO, size: int, *, tag: str, mime: str, name: str = ""
) -> Response:
    """The answer to a GET or HEAD of stored bytes, which closes ``file``.

    ``tag``: what the bytes are called, for ``ETag``. Bytes under their own hash never change.
    """
    headers = {
        "Accept-Ranges": "bytes", "ETag": f'"{tag}"', "Content-Type": mime,
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    if name:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        headers["Cache-Control"] = FOR_EVER
    wanted = request.headers.get("range")
    if wanted is None and _has(request.headers.get("if-none-match"), tag):
        file.close()
        return Response(status_code=304, headers=headers)
    if not _has(request.headers.get("if-range", f'"{tag}"'), tag):
        wanted = None  # it has a part of something else
    try:
        span = parse(wanted, size)
    except Unsatisfiable as error:
        file.close()
        where = {"Content-Range": f"bytes */{size}"}
        raise Problem(416, "The range begins behind the last byte.", headers=where) from error
    first, last = span or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if span is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _Sending(file, first, last, 206 if span else 200, headers, limits_of(request).stall)


def _has(tags: str | None, tag: str) -> bool:
    if tags is None:
        return False
    given = {one.strip().removeprefix("W/").strip('"') for one in tags.split(",")}
    return tag in given or "*" in given


class _Sending(Response):
    def __init__(
        self,
        file: BinaryIO,
        first: int,
        last: int,
        status: int,
        headers: dict[str, str],
        stall: float,
    ) -> None:
        self.status_code = status
        self.background = None
        self.body = b""
        self.init_headers(headers)
        self._file = file
        self._first = first
        self._left = last - first + 1
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = scope["state"]["connection"]
        start = {
            "type": "http.response.start", "status": self.status_code,
            "headers": self.raw_headers,
        }  # fmt: skip
        try:
            if scope["method"] == "HEAD":
                self._left = 0
            part = await in_thread(self._first_part)
            await self._send(send, start)
            while not connection.is_gone:
                more = bool(part) and self._left > 0
                message = {"type": "http.response.body", "body": part, "more_body": more}
                await self._send(send, message)
                if not more:
                    return
                part = await in_thread(self._next_part)
                if not part:  # the file is shorter than it was: never a clean short answer
                    connection.abort()
        except TimeoutError:
            connection.abort()
        finally:
            self._file.close()

    async def _send(self, send: Send, message: dict[str, Any]) -> None:
        async with asyncio.timeout(self._stall):
            await send(message)

    def _first_part(self) -> bytes:
        self._file.seek(self._first)
        return self._next_part()

    def _next_part(self) -> bytes:
        part = self._file.read(min(PART, self._left)) if self._left else b""
        self._left -= len(part)
        return part
