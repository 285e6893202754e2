"""Reading what a request says: JSON bodies and queries, with plain refusals."""

import json
import re
from typing import Any

from starlette.requests import Request

from vidcache_gui.interfaces.server.bodies import read_small
from vidcache_gui.interfaces.server.problems import Problem, invalid

LONGEST_TEXT = 16_384  # characters
MAX_INTEGER = 2**63 - 1
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


async def json_object(request: Request) -> dict[str, Any]:
    """The request's body as a JSON object."""
    value = await _json(request)
    if not isinstance(value, dict):
        raise Problem(422, "The body is not a JSON object.")
    return value


async def json_list(request: Request) -> list[Any]:
    value = await _json(request)
    if not isinstance(value, list):
        raise Problem(422, "The body is not a JSON list.")
    return value


async def _json(request: Request) -> Any:
    body = await read_small(request)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "The body is not JSON.") from error


def text(
    given: dict[str, Any], name: str, default: str | None = None, *, longest: int = LONGEST_TEXT
) -> str:
    """A text field; missing or null is ``default``, and an error where there is none."""
    value = given.get(name)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise invalid(f"body.{name}", f"'{name}' must be a text.")
    return clean(value, f"body.{name}", longest)


def clean(value: str, field: str, longest: int = LONGEST_TEXT) -> str:
    """Text that can be stored and shown: no control characters, no half characters."""
    name = field.rpartition(".")[2]
    if len(value) > longest:
        raise invalid(field, f"'{name}' is longer than {longest:,} characters.")
    if _NO_TEXT.search(value):
        raise invalid(field, f"'{name}' holds characters that are no text.")
    return value


def mapping(given: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid(f"body.{name}", f"'{name}' must be an object.")
    if not _is_text(value):
        raise invalid(f"body.{name}", f"'{name}' holds characters that are no text.")
    return value


def _is_text(value: dict[str, Any]) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def whole(given: dict[str, Any], name: str, *, least: int = 0) -> int:
    """A whole number, also as a text or ``2.0``, as the published clients' models take it."""
    value = given.get(name)
    try:
        number = int(value) if isinstance(value, (str, int)) else None
        if isinstance(value, float) and value.is_integer():
            number = int(value)
    except ValueError:
        number = None
    if number is None or isinstance(value, bool) or not least <= number <= MAX_INTEGER:
        raise invalid(f"body.{name}", f"'{name}' must be a whole number from {least}.")
    return number


def query(request: Request, name: str) -> str | None:
    value = request.query_params.get(name)
    return None if value is None else clean(value, f"query.{name}")


def needed(request: Request, name: str) -> str:
    value = query(request, name)
    if value is None:
        raise invalid(f"query.{name}", f"'{name}' is missing.")
    return value


def query_whole(
    request: Request, name: str, default: int, least: int = 0, most: int = MAX_INTEGER
) -> int:
    value = query(request, name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise invalid(f"query.{name}", f"'{name}' must be a whole number from {least} to {most}.")
    return number
