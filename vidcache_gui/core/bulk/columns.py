"""The columns of a bulk item: what each may hold, and how people write it."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vidcache_gui.core.bulk.lookup import LARGEST_ID
from vidcache_gui.core.bulk.records import Action, BulkItem
from vidcache_gui.core.discover import is_address, normalise
from vidcache_gui.core.groups import LARGEST_NUMBER
from vidcache_gui.errors import UserError

Reader = Callable[[str, Any], Any]

SEPARATORS = re.compile(r"[;,]")
SIZE = re.compile(r"(\d{1,5})[xX×](\d{1,5})")
YES = {"yes", "true", "1"}
NO = {"no", "false", "0"}
LONGEST_TAG = 200


def bulk_item(
    action: str,
    values: Mapping[str, Any],
    actions: Mapping[str, Action],
    *,
    base: Path,
    folder: Path,
    line: int | None = None,
) -> BulkItem:
    """One item from what somebody wrote. Raises UserError where that cannot be right.

    ``base``: what relative sources start from; ``folder``: what is written stays in it.
    """
    known = actions.get(action.strip().lower())
    if known is None:
        names = ", ".join(sorted(actions))
        said = f"'{action[:80]}' is no action" if action.strip() else "It names no action"
        raise UserError(f"{said}. Choose one of {names}.")
    options: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "" or (isinstance(value, list | dict) and not value):
            continue
        if name not in known.columns:
            raise UserError(f"'{known.name}' takes no '{name}'.")
        read: Reader = READ.get(name, _text)
        options[name] = read(name, value)
    for name, needed in known.columns.items():
        if needed and name not in options:
            raise UserError(f"'{known.name}' needs a '{name}'.")
    if "source" in options:
        options["source"] = _source(options["source"], base)
    if "destination" in known.columns:
        options["folder"] = str(folder)
    return BulkItem(known.name, options, line)


def all_columns(actions: Mapping[str, Action]) -> list[str]:
    """Every column a manifest may have, in the order of the actions."""
    names = ["action"]
    for action in actions.values():
        names += [name for name in action.columns if name not in names]
    return names


def _source(source: str, base: Path) -> str:
    if is_address(source) or source.startswith("file:"):
        return normalise(source)
    return os.path.abspath(base / Path(source).expanduser())


def _text(name: str, value: Any) -> str:
    value = os.fspath(value) if isinstance(value, os.PathLike) else value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UserError(f"'{name}' must be text.")
    text = str(value).strip()
    if "\0" in text:
        raise UserError(f"'{name}' holds a NUL character.")
    try:
        os.fsencode(text)  # as file names are, so that any of them can be named
    except UnicodeEncodeError as error:
        raise UserError(f"'{name}' holds half a character.") from error
    return text


def _number(name: str, value: Any) -> int:
    text = _text(name, value)
    if not (text.isascii() and text.isdecimal()) or len(text) > LARGEST_ID + 1:
        raise UserError(f"'{name}' must be a whole number from 0.")
    if int(text) > LARGEST_NUMBER:
        raise UserError(f"'{name}' is too large.")
    return int(text)


def _amount(name: str, value: Any) -> float:
    try:
        amount = float(_text(name, value))
    except ValueError as error:
        raise UserError(f"'{name}' must be a number.") from error
    if not 0 < amount < 1e7:
        raise UserError(f"'{name}' must be more than 0.")
    return amount


def _size(name: str, value: Any) -> list[int]:
    found = SIZE.fullmatch(_text(name, value))
    if found is None:
        raise UserError(f"'{name}' is written as 1280x720.")
    return [int(found[1]), int(found[2])]


def _flag(name: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in YES | NO:
        raise UserError(f"'{name}' must be yes or no.")
    return text in YES


def _tags(name: str, value: Any) -> Any:
    """A list of tags; of a frame, an object of names and values."""
    if isinstance(value, Mapping):
        return {_text(name, key): _text(name, said) for key, said in value.items()}
    parts = SEPARATORS.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise UserError(f"'{name}' must be text, a list, or an object.")
    tags = [text for part in parts if (text := _text(name, part))]
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise UserError(f"A tag can have {LONGEST_TAG} characters.")
    return list(dict.fromkeys(tags))


READ: dict[str, Reader] = {
    "frame_number": _number, "tags": _tags, "untag": _tags, "size": _size, "fps": _amount,
    "delay_ms": _amount, "overwrite": _flag,
}  # fmt: skip
