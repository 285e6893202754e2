"""``Range: bytes=…``: one span of a body, or none."""

import re

_ONE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


class Unsatisfiable(Exception):
    """The range begins behind the last byte."""


def parse(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) byte, both included; None for the whole body.

    Knows ``a-b``, ``a-`` and ``-n``. What is malformed, or asks for several spans, is no range:
    the whole body is a correct answer to that. Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        count = int(match[2])
        if not count or not size:
            raise Unsatisfiable
        return max(0, size - count), size - 1
    first = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)
