"""Between two VidCache libraries: digests of what is here, and what is said of it.

``POST /sync/look`` reads (digests below prefixes, entries below them, records of entries, which
contents are missing); ``POST /sync/tell`` sets what is said of entries whose bytes are here.
Bytes travel by the two published protocols.
"""

import json
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.checks import checked
from vidcache_gui.core.sync.records import Act, Record
from vidcache_gui.core.sync.side import Side, Sink, Write
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.bodies import read_small
from vidcache_gui.interfaces.server.guard import LOOK
from vidcache_gui.interfaces.server.jsonstream import JSONResponse
from vidcache_gui.interfaces.server.problems import Problem
from vidcache_gui.interfaces.server.settings import Access
from vidcache_gui.interfaces.server.state import State, state_of
from vidcache_gui.interfaces.server.threads import looking, storing
from vidcache_gui.media.types import Inspection

TELL = "/sync/tell"
MOST = 512  # things in one question
LONGEST_PREFIX = 32
DIGITS = frozenset("0123456789abcdef")
NOT_HERE = "Its bytes are not here yet."
_refreshing = threading.Lock()


class NoBytes:
    """Where bytes would come from, were there any to be had."""

    title = "another library"

    def open(self, record: Record, stop: CancelToken) -> BinaryIO:
        raise UserError(NOT_HERE)

    def copy(self, record: Record, out: Sink, stop: CancelToken, *_: Any) -> None:
        raise UserError(NOT_HERE)

    def seen(self, hash: str) -> Inspection | None:
        return None


async def look(request: Request) -> Response:
    """Digests, entries and records, for another library that synchronises with this one."""
    asked = await _body(request)
    return JSONResponse(await looking(_look, state_of(request), asked))


def _look(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    side = state.library.side()
    found: dict[str, Any] = {}
    if asked.get("fresh"):
        with _refreshing:
            side.refresh()
    if "nodes" in asked:
        found["nodes"] = side.nodes(_prefixes(asked["nodes"]))
    if "entries" in asked:
        found["entries"] = side.entries(_prefixes(asked["entries"]))
    if "records" in asked:
        records = side.records(_texts(asked["records"]))
        found["records"] = [
            {"id": record.id, "elements": record.elements} for record in records.values()
        ]
    if "missing" in asked:
        found["missing"] = sorted(side.missing(_records(asked["missing"])))
    return found


async def tell(request: Request) -> Response:
    """Set what is said of entries; what is not as it was expected is left alone."""
    state = state_of(request)
    asked = await _body(request)
    return JSONResponse(await storing(_tell, state, asked))


def _tell(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    side: Side = state.library.side()
    given = asked.get("writes")
    if not isinstance(given, list) or len(given) > MOST:
        raise Problem(422, f"'writes' is a list of at most {MOST}.")
    writes = [_write(one) for one in given]
    if state.settings.access is not Access.ALL and any(w.act is Act.TRASH for w in writes):
        raise Problem(403, "Nothing may be deleted through this server.")
    errors = side.write(writes, NoBytes(), CancelToken(), lambda _: None)
    return {"errors": errors}


def _write(given: Any) -> Write:
    if not isinstance(given, dict):
        raise Problem(422, "A write is an object.")
    target = checked(given.get("target"))
    before = given.get("before")
    known = None if before is None else checked(before)
    act = Act.UPDATE if target.is_live or target.kind == "d" else Act.TRASH
    return Write(target, act, known)


async def _body(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await read_small(request))
    except (ValueError, RecursionError) as error:
        raise Problem(422, "The body is not JSON.") from error
    if not isinstance(asked, dict):
        raise Problem(422, "The body is not an object.")
    return asked


def _texts(given: Any) -> list[str]:
    good = isinstance(given, list) and len(given) <= MOST
    if not good or not all(isinstance(one, str) and len(one) > 2 for one in given):
        raise Problem(422, f"At most {MOST} names in one question.")
    return list(given)


def _prefixes(given: Any) -> list[str]:
    good = isinstance(given, list) and len(given) <= MOST
    if not good or not all(_is_prefix(one) for one in given):
        raise Problem(422, f"At most {MOST} prefixes of hexadecimal digits.")
    return list(given)


def _is_prefix(given: Any) -> bool:
    return (
        isinstance(given, str)
        and len(given) <= LONGEST_PREFIX
        and set(given) <= set("0123456789abcdef")
    )


def _records(given: Any) -> list[Record]:
    if not isinstance(given, list) or len(given) > MOST:
        raise Problem(422, f"At most {MOST} records in one question.")
    return [checked(one) for one in given]


ROUTES = [Route(LOOK, look, methods=["POST"]), Route(TELL, tell, methods=["POST"])]
