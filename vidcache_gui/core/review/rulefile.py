"""Rules as TOML: how they are kept, shared and written by hand.

name = "same, poorer picture goes"
relations = ["same stream", "re-encode"]
same_length_percent = 1.0           # leave out: whatever their lengths
keep = ["undamaged", "true resolution", "bit rate"]
on_arrival = false

[merge]
tags = true
aliases = true
meta = "fill"                       # or "keep", "newest"
bookmarks = true
name = false
bucket = false
"""

import json
import tomllib
from dataclasses import asdict, fields
from typing import Any

from vidcache_gui.core.review import settings
from vidcache_gui.core.review.better import criterion
from vidcache_gui.core.review.records import MergeRules, Rule
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation


def to_toml(rule: Rule) -> str:
    relations = [one.value for one in Relation if one in rule.relations]
    lines = [f"name = {_text(rule.name)}", f"relations = {_list(relations)}"]
    if rule.same_length_percent is not None:
        lines.append(f"same_length_percent = {float(rule.same_length_percent)!r}")
    lines += [f"keep = {_list(rule.keep)}", f"on_arrival = {json.dumps(rule.on_arrival)}"]
    lines += ["", "[merge]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in asdict(rule.merge).items()]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> Rule:
    """Raises UserError, in words, for what is no rule."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"This is no TOML ({error}).") from error
    merge = data.pop("merge", {})
    if not isinstance(merge, dict):
        raise UserError("'merge' has to be a table of its own: [merge].")
    _known_only(data, [one.name for one in fields(Rule)], "A rule")
    _known_only(merge, [one.name for one in fields(MergeRules)], "[merge]")
    if not isinstance(data.get("name"), str):
        raise UserError('A rule needs a name: name = "…".')
    if "relations" in data:
        data["relations"] = frozenset(_relation(one) for one in _strings(data, "relations"))
    if "keep" in data:
        data["keep"] = tuple(_strings(data, "keep"))
    percent = data.setdefault("same_length_percent", None)
    if percent is not None and not isinstance(percent, int | float):
        raise UserError("'same_length_percent' has to be a number.")
    for name, value in [*data.items(), *merge.items()]:
        if name in ("on_arrival", "tags", "aliases", "bookmarks", "bucket") and not isinstance(
            value, bool
        ):
            raise UserError(f"'{name}' has to be true or false.")
    if not isinstance(merge.get("name", False), bool):
        raise UserError("'name' of [merge] has to be true or false.")
    rule = Rule(**data, merge=MergeRules(**merge))
    check(rule)
    return rule


def check(rule: Rule) -> None:
    """Raises UserError for a rule that makes no sense."""
    if not str(rule.name).strip():
        raise UserError("A rule needs a name.")
    if not rule.relations:
        raise UserError(f"The rule '{rule.name}' is for no relation: it would never act.")
    if not rule.keep:
        raise UserError(f"The rule '{rule.name}' does not say which one stays.")
    if rule.same_length_percent is not None and not 0 <= rule.same_length_percent <= 100:
        raise UserError("How much lengths may differ is a number from 0 to 100, in percent.")
    for name in rule.keep:
        criterion(name)
    settings.check(rule.merge)


def _known_only(data: dict[str, Any], known: list[str], whose: str) -> None:
    for name in data:
        if name not in known:
            raise UserError(f"{whose} has no '{name}'. It has: {', '.join(known)}.")


def _strings(data: dict[str, Any], name: str) -> list[str]:
    value = data[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(f"'{name}' has to be a list of texts in quotes.")
    return value


def _relation(text: str) -> Relation:
    try:
        return Relation(text)
    except ValueError as error:
        known = ", ".join(one.value for one in Relation)
        raise UserError(f"'{text}' is no relation. There are: {known}.") from error


def _text(text: str) -> str:
    """A JSON string is a TOML string, but for the one character JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Any) -> str:
    return f"[{', '.join(_text(one) for one in texts)}]"
