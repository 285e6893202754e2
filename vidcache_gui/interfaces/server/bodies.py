"""Bodies as they come: never whole in memory, never for ever.

A client may be slow, stop, or vanish. It is waited for ``Limits.stall`` seconds at a time and,
past ``Limits.grace``, only if its bytes come at a least rate; meanwhile it holds no thread.
"""

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from vidcache_gui.core.incoming import Incoming
from vidcache_gui.interfaces.server.problems import Problem
from vidcache_gui.interfaces.server.settings import Limits
from vidcache_gui.interfaces.server.threads import in_thread

PART = 256 * 1024  # bytes gathered before a thread writes and hashes them

CLOSE = {"Connection": "close"}


def limits_of(request: Request) -> Limits:
    limits: Limits = request.app.state.served.settings.limits
    return limits


def announced(request: Request) -> int | None:
    """``Content-Length``, which uvicorn has checked to be one number."""
    value = request.headers.get("content-length")
    return None if value is None else int(value)


async def parts(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body's bytes as they arrive, at most ``most`` of them.

    Raises Problem when there are more or they come too slowly, ClientDisconnect when the
    client goes away before the end.
    """
    limits = limits_of(request)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(
            415, "Packed bytes are not taken: send them as they are.",
            headers={"Accept-Encoding": "identity"},
        )  # fmt: skip
    if (announced(request) or 0) > most:
        raise _too_large(most)
    start, size = time.monotonic(), 0
    while True:
        try:
            async with asyncio.timeout(limits.stall):
                message = await request.receive()
        except TimeoutError as error:
            raise Problem(408, "No more bytes came.", headers=CLOSE) from error
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body: bytes = message.get("body", b"")
        size += len(body)
        if size > most:
            raise _too_large(most)
        if body:
            yield body
        if not message.get("more_body", False):
            return
        late = time.monotonic() - start - limits.grace
        if late > 0 and size < late * limits.slowest:
            raise Problem(408, "The bytes came too slowly.", headers=CLOSE)


def _too_large(most: int) -> Problem:
    """The connection is not closed at once: that would reset it, and the client, still sending,
    would never see the answer. What it sends is dropped for a few seconds (`connections`)."""
    return Problem(413, f"More than {most:,} bytes are not taken.")


async def read_small(request: Request) -> bytes:
    """A body that is read as a whole, within one ``stall``."""
    limits = limits_of(request)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.stall):
            async for part in parts(request, limits.json_bytes):
                body += part
    except TimeoutError as error:
        raise Problem(408, "The body came too slowly.", headers=CLOSE) from error
    return bytes(body)


class Gathering:
    """Collects small parts until they are worth a thread's while."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self.size = 0
        self._waiting = bytearray()

    async def add(self, part: bytes | memoryview) -> None:
        self._waiting += part
        self.size += len(part)
        if len(self._waiting) >= PART:
            await self._flush()

    async def _flush(self) -> None:
        full, self._waiting = self._waiting, bytearray()
        await in_thread(self.incoming.write, full)

    def finish(self) -> None:
        """Write what is left. Call in a thread."""
        if self._waiting:
            self.incoming.write(self._waiting)
            self._waiting = bytearray()


async def receive(request: Request, incoming: Incoming, most: int) -> Gathering:
    """The whole body, on its way into ``incoming``; see :meth:`Gathering.finish`."""
    gathering = Gathering(incoming)
    async for part in parts(request, most):
        await gathering.add(part)
    return gathering
