"""How this library is reviewed: what is merged, and which buckets are protected.

Every function runs inside a block, those that change something in a write block.
"""

import json
from dataclasses import asdict
from typing import get_args

from vidcache_gui.core.catalog import Info
from vidcache_gui.core.review.records import MergeRules, Meta
from vidcache_gui.errors import UserError

MERGE, PROTECTED = "review.merge", "review.protected"


def merge_rules() -> MergeRules:
    stored = Info.select(Info.value).where(Info.key == MERGE).scalar()
    return MergeRules() if stored is None else MergeRules(**json.loads(stored))


def set_merge_rules(rules: MergeRules) -> None:
    check(rules)
    Info.replace(key=MERGE, value=json.dumps(asdict(rules))).execute()


def check(rules: MergeRules) -> None:
    """Raises UserError for what merging cannot do."""
    if rules.meta not in get_args(Meta):
        raise UserError(
            f"'{rules.meta}' is no way to merge details. It is 'fill', 'keep' or 'newest'."
        )


def protected_buckets() -> list[str]:
    stored = Info.select(Info.value).where(Info.key == PROTECTED).scalar()
    return [] if stored is None else list(json.loads(stored))


def protect_bucket(name: str, protected: bool) -> None:
    name = name.strip()
    if not name:
        raise UserError("A bucket needs a name.")
    now = set(protected_buckets())
    now = now | {name} if protected else now - {name}
    Info.replace(key=PROTECTED, value=json.dumps(sorted(now))).execute()
