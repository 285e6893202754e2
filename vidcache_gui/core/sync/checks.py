"""Records that come from elsewhere are believed in nothing but their form."""

import json
import math
import re
from typing import Any

from vidcache_gui.core.catalog import stored_text
from vidcache_gui.core.rows import clean_prefix
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.core.sync.elements import ALIAS, DETAIL, MARK, TAG
from vidcache_gui.core.sync.records import (
    BALL,
    CONTENT,
    DECISION,
    FACTS,
    FILE,
    GROUP,
    LIVE,
    STATE,
    Element,
    Record,
    split,
)
from vidcache_gui.errors import UserError

HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
LATEST = 10**14  # milliseconds: no time is later
LARGEST = 2**62
LONGEST = 64 * 1024
WRONG = "The other side described something in a way VidCache does not know."


def checked(given: Any) -> Record:
    """A record from JSON. Raises UserError for what is none; unknown elements are left out."""
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise UserError(WRONG)
    id, elements = given["id"], given.get("elements")
    if not isinstance(elements, dict) or id[1:2] != ":" or not _is_id(id) or not _is_text(id):
        raise UserError(WRONG)
    known: dict[str, Element] = {}
    for name, pair in elements.items():
        good = isinstance(pair, list) and len(pair) == 2 and _is_time(pair[1])
        if not good or not _is_storable(name):
            raise UserError(WRONG)
        value = pair[0]
        if value is not None and len(name) <= LONGEST:
            value = _value(id[0], name, value)
            if value is None:
                continue
        known[name] = Element(value, pair[1])
    record = Record(id, known)
    if STATE not in known or not _is_whole(record):
        raise UserError(WRONG)
    return record


def _is_id(id: str) -> bool:
    if id[0] == FILE:
        return HASH.fullmatch(id[2:]) is not None
    if id[0] == DECISION:
        a, b = split(id)
        return bool(HASH.fullmatch(a) and HASH.fullmatch(b) and a < b)
    if id[0] not in (BALL, GROUP):
        return False
    bucket, name = split(id)
    return bool(bucket.strip() == bucket and bucket and name)


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LATEST


def _is_whole(record: Record) -> bool:
    if not record.is_live:
        return True
    if record.kind == FILE:
        content = record.value(CONTENT)
        return content is not None and content[0] == record.id[2:]
    if record.kind == BALL:
        return record.value(CONTENT) is not None and record.value(FACTS) is not None
    return record.kind == GROUP or record.value("verdict") is not None


def _value(kind: str, name: str, value: Any) -> Any:
    """A value in its form; None for one that is not."""
    if name == STATE:
        return LIVE if value == LIVE else None
    if kind == DECISION:
        known = isinstance(value, str) and value in set(Verdict)
        return value if name == "verdict" and known else None
    if kind == BALL:
        return {CONTENT: _ball_content, FACTS: _facts}.get(name, _nothing)(value)
    if name == CONTENT and kind == FILE:
        whole = isinstance(value, list) and len(value) == 2 and _is_hash(value[0])
        return value if whole and _is_size(value[1]) else None
    return _said(name, value)


def _said(name: str, value: Any) -> Any:
    """What people say of an item."""
    if name in ("name", "bucket"):
        return value if _is_text(value) and value.strip() else None
    if name == "prefix":
        return clean_prefix(value) if _is_text(value) else None
    if name == "delay_ms":
        return value if _is_number(value) and value > 0 else None
    if name == "delays":
        good = isinstance(value, dict) and all(
            _is_frame(frame) and _is_number(delay) and delay > 0 for frame, delay in value.items()
        )
        return value if good else None
    if name.startswith(TAG):
        return True if value is True and name[len(TAG) :].strip() else None
    if name.startswith(ALIAS):
        return value if value in ("url", "path", "export") and name[len(ALIAS) :] else None
    if name.startswith(MARK):
        return value if _is_frame(name[len(MARK) :]) and _is_text(value) else None
    if name.startswith(DETAIL):
        return value if isinstance(value, list) and len(value) == 1 and _is_json(value) else None
    return None


def _ball_content(value: Any) -> Any:
    whole = isinstance(value, list) and len(value) == 3 and all(map(_is_hash, value[:2]))
    return value if whole and _is_size(value[2]) else None


def _facts(value: Any) -> Any:
    names = {"ball_id", "type", "producer", "tags", "disabled"}
    if not isinstance(value, dict) or set(value) != names or not isinstance(value["tags"], dict):
        return None
    texts = [value["ball_id"], value["type"], value["producer"], *value["tags"].values()]
    good = all(map(_is_text, texts)) and value["ball_id"] and isinstance(value["disabled"], bool)
    return value if good else None


def _nothing(value: Any) -> Any:
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and _is_storable(value)


def _is_storable(text: str) -> bool:
    """Whether it has no half characters but those of file names: JSON can say others."""
    try:
        stored_text(text).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_json(value: Any) -> bool:
    try:
        return _is_storable(json.dumps(value, ensure_ascii=False, allow_nan=False))
    except (ValueError, RecursionError):
        return False


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < LARGEST and math.isfinite(value)


def _is_frame(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10
