"""A JSON object with one long list in it, sent page by page: the whole is never in memory."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from starlette.responses import StreamingResponse

from vidcache_gui.interfaces.server.threads import in_thread

Page = Callable[[int], tuple[Sequence[Any], int | None]]  # after -> (entries, the next after)


class JSONList(StreamingResponse):
    """``{…about, name: [entries…]}``, or the list alone where ``name`` is None."""

    def __init__(self, about: dict[str, Any], name: str | None, page: Page) -> None:
        super().__init__(_written(about, name, page), media_type="application/json")


async def _written(about: dict[str, Any], name: str | None, page: Page) -> AsyncIterator[bytes]:
    fields = "".join(f"{_text(key)}:{_text(value)}," for key, value in about.items())
    yield (f"{{{fields}{_text(name)}:[" if name else "[").encode()
    after: int | None = 0
    comma = ""
    while after is not None:
        entries, after = await in_thread(page, after)
        if entries:
            yield (comma + ",".join(_text(one) for one in entries)).encode()
            comma = ","
    yield b"]}" if name else b"]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
