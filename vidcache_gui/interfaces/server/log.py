"""The request log: what was asked and how it ended, told as soon as it did."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vidcache_gui.interfaces.server.connections import Connection


@dataclass(frozen=True, slots=True)
class Served:
    """One request. ``status`` 0: the client went away before there was an answer."""

    at: int  # milliseconds since 1970 UTC
    client: str
    method: str
    path: str  # with its query, as it was sent
    status: int
    received: int  # bytes of bodies
    sent: int
    seconds: float


OnRequest = Callable[[Served], None]


class Log:
    """ASGI middleware. Listeners are called in the server's thread and must not wait."""

    def __init__(self, app: ASGIApp, tell: OnRequest) -> None:
        self.app = app
        self.tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, received, sent = time.monotonic(), 0, 0, 0
        connection: Connection = scope["state"]["connection"]
        passed = connection.bytes_passed

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, counted_receive, counted_send)
        finally:
            query = scope["query_string"]
            path = scope["raw_path"] + (b"?" + query if query else b"")
            client = scope.get("client") or ("?", 0)
            self.tell(
                Served(
                    int(time.time() * 1000), client[0], scope["method"],
                    path.decode("ascii", "replace"), status, received,
                    sent + connection.bytes_passed - passed,
                    time.monotonic() - start,
                )
            )  # fmt: skip
