"""Making an entry of a catalog what it is to be. Functions run inside a transaction."""

import json
from typing import Any, NamedTuple

from vidcache_gui.core import balls, journal, patches, rows
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Blob
from vidcache_gui.core.growing import group_kind
from vidcache_gui.core.intake import Target, insert_footage, insert_item
from vidcache_gui.core.journal import Patch
from vidcache_gui.core.sync import ledger
from vidcache_gui.core.sync.elements import (
    ALIAS,
    DETAIL,
    MARK,
    TAG,
    UPDATED,
    current,
    item_row,
)
from vidcache_gui.core.sync.records import (
    BALL,
    CONTENT,
    DECISION,
    FACTS,
    FILE,
    LIVE,
    STATE,
    Act,
    Record,
    split,
)
from vidcache_gui.core.sync.side import Write
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import Digests
from vidcache_gui.media.types import Inspection

MEANWHILE = "It was changed while this went on. Synchronise again to look at it anew."
NO_FRAMES = "None of its frames are there."
FIELDS = ("name", "bucket", "prefix", "delay_ms")


class Told(NamedTuple):
    """What the history says of a change, and the series it is one with."""

    label: str
    series: str


def apply(write: Write, told: Told, inspection: Inspection | None, blobs: BlobStore) -> int | None:
    """Carry out one write whose bytes are durable; the item of a group that got a ball.

    ``inspection``: what is inside a file that is new. Raises UserError.
    """
    target = write.target
    now = ledger.fold_one(target.id)
    before = write.before
    if (now.values() if now else {}) != (before.values() if before else {}):
        raise UserError(MEANWHILE)
    grown = None
    if target.kind == BALL:
        grown = _ball(write, told, blobs)
    elif target.kind == DECISION:
        verdict = target.value("verdict") if target.is_live else None
        said = (*split(target.id), verdict, target.at or rows.now_ms())
        journal.step(told.label, Patch(verdicts=[said]), told.series)
    else:
        _item(target, told, inspection, is_new=write.act is Act.COPY)
    ledger.settle(target.id, target.elements)
    return grown


def _ball(write: Write, told: Told, blobs: BlobStore) -> int | None:
    bucket, key = split(write.target.id)
    if not write.target.is_live:
        balls.remove(bucket, key)
        return None
    facts, content = write.target.value(FACTS), write.target.elements[CONTENT]
    hash, sha256, size = content.value
    tags = {**facts["tags"], UPDATED: str(content.at)}
    said = BallFacts(
        bucket, key, facts["ball_id"], tags, facts["type"], facts["producer"], facts["disabled"]
    )
    put = balls.put(said, Digests(hash, sha256, size), lambda: group_kind(blobs, hash, said.tags))
    if put.is_new_group and write.group is not None and write.group.is_live:
        _item(write.group, told, None)
        ledger.settle(write.group.id, write.group.elements)
    return put.item_id


def _item(
    target: Record, told: Told, inspection: Inspection | None, *, is_new: bool = False
) -> None:
    kind, a, b = ledger.name_of(target.id)
    row = item_row(kind, a, b)
    if row is None and kind == FILE and target.is_live:
        _apply(target, _new_file(target, inspection), told, is_new=True)
    elif row is not None:
        _apply(target, row[0], told, is_new=is_new)
    elif target.is_live:
        raise UserError(NO_FRAMES)


def _new_file(target: Record, inspection: Inspection | None) -> int:
    if inspection is None:
        raise UserError(MEANWHILE)
    hash, size = target.value(CONTENT)
    Blob.insert(hash=hash, size=size, added_at=rows.now_ms()).on_conflict_ignore().execute()
    where = Target(target.value("bucket") or "videos", target.value("prefix") or "")
    id = insert_item(
        inspection.facts, hash, size, target.value("name") or hash[:12], where, delay_ms=None,
        ball_id=None,
    )  # fmt: skip
    insert_footage(id, hash, inspection)
    rows.reindex_text([id])
    rows.note_change("added", [id])
    return id


def _apply(target: Record, id: int, told: Told, *, is_new: bool = False) -> None:
    """What is said of an item, as a change that can be undone (a new item's coming cannot)."""
    known = current(*ledger.name_of(target.id))
    assert known is not None, "the item was found in this transaction"
    patch = patch_between(id, known[0], target.values(), target.at)
    if is_new:
        patches.apply(patch)
    else:
        journal.step(told.label, patch, told.series)


def patch_between(id: int, now: dict[str, Any], wanted: dict[str, Any], at: int) -> Patch:
    """From the values an item has to those it is to have."""
    patch = Patch()
    fields: dict[str, Any] = {
        name: wanted.get(name)
        for name in FIELDS
        if name in wanted | now and wanted.get(name) != now.get(name)
    }
    for needed in ("name", "bucket"):
        if needed in fields and not fields[needed]:
            del fields[needed]
    if wanted.get("delays") != now.get("delays"):
        fields["delays"] = json.dumps(wanted["delays"]) if wanted.get("delays") else None
    live = wanted.get(STATE) == LIVE
    if live != (now.get(STATE) == LIVE):
        fields["removed_at"] = None if live else rows.now_ms()
    if "prefix" in fields:
        fields["prefix"] = fields["prefix"] or ""
    if fields:
        patch.fields[id] = fields
    if not live:
        return patch
    details = 0
    for name in {**now, **wanted}:
        value = wanted.get(name)
        details += name.startswith(DETAIL)
        if value == now.get(name):
            continue
        if name.startswith(TAG):
            (patch.remove if value is None else patch.add).append((id, name[len(TAG) :]))
        elif name.startswith(ALIAS):
            seen = None if value is None else (value, at, at)
            patch.aliases.append((id, name[len(ALIAS) :], seen))
        elif name.startswith(DETAIL):
            detail = None if value is None else (value[0], details)
            patch.details.append((id, name[len(DETAIL) :], detail))
        elif name.startswith(MARK):
            patch.marks.append((id, int(name[len(MARK) :]), value))
    return patch
