"""Answers in JSON: as a whole, or with one long list in it that is sent page by page, so that
it is never in memory."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from starlette import responses
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.connections import Connection
from vidcache_gui.interfaces.server.threads import in_thread

Page = Callable[[int], tuple[Sequence[Any], int | None]]  # after -> (entries, the next after)


class JSONResponse(responses.JSONResponse):
    """JSON of anything the catalog holds."""

    def render(self, content: Any) -> bytes:
        return _bytes(_text(content))


class JSONList(StreamingResponse):
    """``{…about, name: [entries…]}``, or the list alone where ``name`` is None."""

    def __init__(self, about: dict[str, Any], name: str | None, page: Page) -> None:
        super().__init__(_written(about, name, page), media_type="application/json")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except UserError:  # the library went away in the middle
            connection: Connection = scope["state"]["connection"]
            connection.abort()


async def _written(about: dict[str, Any], name: str | None, page: Page) -> AsyncIterator[bytes]:
    fields = "".join(f"{_text(key)}:{_text(value)}," for key, value in about.items())
    yield _bytes(f"{{{fields}{_text(name)}:[" if name else "[")
    after: int | None = 0
    comma = ""
    while after is not None:
        entries, after = await in_thread(page, after)
        if entries:
            yield _bytes(comma + ",".join(_text(one) for one in entries))
            comma = ","
    yield b"]}" if name else b"]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bytes(text: str) -> bytes:
    """Half characters, which stand for file names that are not UTF-8, as JSON's escapes of them."""
    return text.encode("utf-8", "backslashreplace")
