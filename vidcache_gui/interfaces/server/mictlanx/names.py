"""Which buckets, keys and groups there may be.

A name is pasted into an address as it is by every client, so what would be read as another
route, or not come back, is refused when it is put.
"""

import re
from typing import Any

from vidcache_gui.interfaces.server.fields import clean, text
from vidcache_gui.interfaces.server.problems import Problem

BUCKETS = frozenset({"data", "checksum"})
KEYS = frozenset(
    {"metadata", "size", "group", "chunks", "merge", "bid", "disable", "replicate"}
)  # fmt: skip
LONGEST = 512
_UNFIT = re.compile(r"[/?#\\]|%[0-9A-Fa-f]{2}|^\.{1,2}$|^\s|\s$")


def bucket_name(given: dict[str, Any], name: str = "bucket_id") -> str:
    return check(text(given, name, longest=LONGEST), name, BUCKETS)


def key_name(given: dict[str, Any], name: str = "key") -> str:
    return check(text(given, name, longest=LONGEST), name, KEYS)


def check(value: str, name: str, reserved: frozenset[str]) -> str:
    """The value, if it can be put and got back. Raises Problem."""
    clean(value, f"path.{name}", LONGEST)
    if not value:
        raise Problem(400, f"'{name}' is empty.")
    if value in reserved:
        raise Problem(400, f"'{value}' is a word of the protocol and cannot be a {name}.")
    if _UNFIT.search(value):
        raise Problem(400, f"This {name} could be put and never got back: '{value[:80]}'.")
    return value
