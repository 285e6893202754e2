"""What the protocols have no field for, in one field of ours: name, tags, prefix, addresses.

vidcache keeps it in ``meta``, MictlanX as a tag of the first ball; other programs ignore it.
"""

import json
from dataclasses import dataclass
from typing import Any

from vidcache_gui.interfaces.remotes.records import text

FIELD = "vidcache_item"
MOST = 1000  # tags, addresses
LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Extras:
    name: str = ""
    prefix: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    meta: dict[str, Any] | None = None
    hash: str = ""  # BLAKE3 of a file that is stored in chunks

    def to_dict(self) -> dict[str, Any]:
        """Only what there is."""
        pairs = {
            "name": self.name, "prefix": self.prefix, "tags": list(self.tags),
            "aliases": list(self.aliases), "meta": self.meta, "hash": self.hash,
        }  # fmt: skip
        return {name: value for name, value in pairs.items() if value}


def extras(given: Any) -> Extras:
    """What a remote says, with everything left out that is not what it should be."""
    if not isinstance(given, dict):
        return Extras()
    meta = given.get("meta")
    return Extras(
        text(given.get("name"))[:LONGEST_NAME], text(given.get("prefix"))[:LONGEST_NAME],
        tuple(tag[:LONGEST_NAME] for tag in _texts(given.get("tags"))),
        addresses(given.get("aliases")), meta if meta and _is_details(meta) else None,
        text(given.get("hash")).lower(),
    )  # fmt: skip


def from_tags(tags: dict[str, str]) -> Extras:
    """Of a ball."""
    try:
        return extras(json.loads(tags.get(FIELD, "{}")))
    except (ValueError, RecursionError):
        return Extras()


def from_meta(meta: Any) -> tuple[dict[str, Any] | None, Extras]:
    """(what people said, ours) of a vidcache record's ``meta``."""
    if not isinstance(meta, dict):
        return None, Extras()
    own = {name: value for name, value in meta.items() if name != FIELD}
    return own if own and _is_details(own) else None, extras(meta.get(FIELD))


def addresses(given: Any) -> tuple[str, ...]:
    """Addresses a remote knows a content by. Paths on its disk mean nothing on ours."""
    return tuple(
        one for one in _texts(given) if ":" in one and not one.startswith(("/", "export:"))
    )


def _is_details(value: Any) -> bool:
    """Whether it can be kept and told on: JSON may say numbers and characters that are none."""
    if not isinstance(value, dict):
        return False
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _texts(given: Any) -> list[str]:
    found = [text(one) for one in given] if isinstance(given, list) else []
    return list(dict.fromkeys(one for one in found if one))[:MOST]
