"""Stored bytes to a client, a part at a time, at the client's pace but not for ever."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.bodies import limits_of
from vidcache_gui.interfaces.server.connections import Connection
from vidcache_gui.interfaces.server.problems import Problem
from vidcache_gui.interfaces.server.ranges import Unsatisfiable, parse
from vidcache_gui.interfaces.server.threads import in_thread

PART = 256 * 1024
BIG = 1024 * 1024  # from here on the kernel copies, and Python does not see the bytes
# Opened in a browser, a stored page must not act in this server's name.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
FOR_EVER = "public, max-age=31536000, immutable"
ANY_BYTES = "application/octet-stream"
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:; ?[\w.+-]+=[\w.+\"-]+)*", re.ASCII)


def content_type(said: str) -> str:
    """What somebody said that bytes are, where a header can say it."""
    return said if len(said) < 200 and _TYPE.fullmatch(said) else ANY_BYTES


def stored(
    request: Request, file: BinaryIO, size: int, *, tag: str, mime: str, name: str = ""
) -> Response:
    """The answer to a GET or HEAD of stored bytes, which closes ``file``.

    ``tag``: what the bytes are called, for ``ETag``. Bytes under their own hash never change.
    """
    headers = {
        **SAFE, "Accept-Ranges": "bytes", "ETag": f'"{tag}"', "Content-Type": content_type(mime),
    }  # fmt: skip
    if name:
        sent = quote(name, safe="", errors="replace")
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{sent}"
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
            async with asyncio.timeout(self._stall):
                await send(start)
            if scope["method"] == "HEAD":
                self._file.close()
            elif not await self.send_body(send, connection):
                return
            async with asyncio.timeout(self._stall):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            connection.abort()

    async def send_body(self, send: Send, connection: Connection) -> bool:
        """All bytes, and that more may come; False when the client is gone, or had to go."""
        try:
            if self._left >= BIG:
                return await connection.send_file(self._file, self._first, self._left)
            while self._left > 0:
                part = await in_thread(self._next_part)
                if not part:  # the file is shorter than it was: never a clean short answer
                    connection.abort()
                if connection.is_gone:
                    return False
                message = {"type": "http.response.body", "body": part, "more_body": True}
                async with asyncio.timeout(self._stall):
                    await send(message)
        finally:
            self._file.close()
        return True

    def _next_part(self) -> bytes:
        if self._first:
            self._file.seek(self._first)
            self._first = 0
        part = self._file.read(min(PART, self._left))
        self._left -= len(part)
        return part


class Joined(Response):
    """Several blobs, one after the other, as one body."""

    def __init__(
        self,
        request: Request,
        blobs: Sequence[tuple[str, int]],
        open_blob: Callable[[str], BinaryIO],
        mime: str,
    ) -> None:
        """``blobs``: (hash, size) of each."""
        super().__init__(status_code=200, headers={**SAFE, "Content-Type": content_type(mime)})
        self.headers["Content-Length"] = str(sum(size for _, size in blobs))
        self._blobs = blobs
        self._open = open_blob
        self._stall = limits_of(request).stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = scope["state"]["connection"]
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            async with asyncio.timeout(self._stall):
                await send(start)
            for hash, size in () if scope["method"] == "HEAD" else self._blobs:
                file = await in_thread(self._open, hash)
                part = _Sending(file, 0, size - 1, 200, {}, self._stall)
                if not await part.send_body(send, connection):
                    return
            async with asyncio.timeout(self._stall):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, UserError):
            connection.abort()  # never a clean short answer
