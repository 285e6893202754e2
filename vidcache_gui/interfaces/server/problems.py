"""What went wrong, in the form its protocol knows.

vidcache says ``{"detail": "text"}``, MictlanX ``{"detail": {"msg", "code"}}``: its client reads
both fields and shows raw bytes where they are missing.
"""

from typing import Any

from starlette.responses import Response

from vidcache_gui.interfaces.server.jsonstream import JSONResponse

PEER = "/api/"

# MictlanX's client chooses its error by the code alone, and its numbers are not HTTP's: 405 is a
# file that exists, 502 and 503 are chunks. Where they differ, this is the one that is meant.
INVALID, UNKNOWN = 400, 500
CODES = {405: INVALID, 422: INVALID, 502: UNKNOWN, 503: UNKNOWN}


class Problem(Exception):
    """A request that cannot be served. ``text`` is for people."""

    def __init__(
        self,
        status: int,
        text: str,
        *,
        code: int | None = None,
        headers: dict[str, str] | None = None,
        field: str | None = None,
    ) -> None:
        """``code``: MictlanX's own number for it, where that is not the status. ``field``:
        of the request, where one of them is what is wrong."""
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code or CODES.get(status, status)
        self.headers = headers
        self.field = field


def answer(path: str, problem: Problem) -> Response:
    """The response for a problem with a request to ``path``."""
    detail: Any = problem.text
    if path.startswith(PEER):
        detail = {"msg": problem.text, "code": problem.code}
    elif problem.field is not None:
        place = problem.field.split(".")
        detail = [{"loc": place, "msg": problem.text, "type": "value_error"}]
    return JSONResponse({"detail": detail}, problem.status, problem.headers)


def not_found(text: str) -> Problem:
    return Problem(404, text)


def invalid(field: str, text: str) -> Problem:
    """``field`` is ``body.url``, ``query.limit`` …"""
    return Problem(422, text, field=field)
