"""What people change about items. Each call is one undoable step."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vidcache_gui.core import find, journal, rows
from vidcache_gui.core.catalog import Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.journal import Patch
from vidcache_gui.core.records import Changes
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

LONGEST_MS = 3_600_000


class Edits:
    """The changing half of :class:`core.library.Library`."""

    _database: Database

    def remove(self, ids: Sequence[int]) -> Changes:
        """Move items to the trash; their bytes stay until the trash is emptied."""
        return self._set(ids, f"Remove {count_items(ids)}", {"removed_at": rows.now_ms()})

    def restore(self, ids: Sequence[int]) -> Changes:
        """Bring items back from the trash."""
        return self._set(ids, f"Restore {count_items(ids)}", {"removed_at": None})

    def rename(self, item_id: int, name: str) -> Changes:
        name = name.strip()
        if not name:
            raise UserError("A name cannot be empty.")
        return self._set([item_id], f"Rename to '{name}'", {"name": name})

    def move(
        self, ids: Sequence[int], *, bucket: str | None = None, prefix: str | None = None
    ) -> Changes:
        """Put items into another bucket or below another prefix (labels; no bytes move)."""
        fields: dict[str, Any] = {}
        if bucket is not None:
            fields["bucket"] = bucket.strip()
        if prefix is not None:
            fields["prefix"] = rows.clean_prefix(prefix)
        place = "/".join(part for part in (bucket or "", prefix or "") if part)
        return self._set(ids, f"Move {count_items(ids)} to {place}", fields)

    def set_meta(self, item_id: int, meta: dict[str, Any] | None) -> Changes:
        """Give an item these details instead of those it has."""

        def build() -> Patch:
            text = Item.select(Item.meta).where(Item.id == item_id).scalar()
            new = {key: (value, place) for place, (key, value) in enumerate((meta or {}).items())}
            return Patch(
                details=[
                    (item_id, key, new.get(key)) for key in {**json.loads(text or "{}"), **new}
                ]
            )

        return journal.change(self._database, "Change details", build)

    def set_delay(self, item_id: int, delay_ms: float | None) -> Changes:
        """How long each frame of a group stays; None: as its frames say."""
        if delay_ms is not None and delay_ms <= 0:
            raise UserError("A delay must be longer than 0 ms.")
        return self._set([item_id], "Change delay", {"delay_ms": delay_ms})

    def set_delays(self, item_id: int, delays_ms: Mapping[int, float | None]) -> Changes:
        """How long single frames of an animation or group stay; None: as stored again.

        Frames that are not named keep what they have. The file's own delays are never changed.
        """
        wrong = [ms for ms in delays_ms.values() if ms is not None and not 0 < ms <= LONGEST_MS]
        if wrong:
            raise UserError("A delay must be longer than 0 ms and at most an hour.")

        def build() -> Patch:
            item = Item.get_or_none(Item.id == item_id)
            if item is not None and item.kind not in (Kind.ANIMATION, Kind.FRAMES):
                raise UserError("Only frames of animations and frame groups have delays to change.")
            now = {**find.delays(item_id), **delays_ms}
            kept = {frame: ms for frame, ms in sorted(now.items()) if ms is not None}
            return Patch(fields={item_id: {"delays": json.dumps(kept) if kept else None}})

        return journal.change(self._database, "Change delays", build)

    def bookmark(self, item_id: int, frame: int, note: str = "") -> Changes:
        """Remember a frame, or give the bookmark that is there another note."""
        if frame < 0:
            raise UserError("Frames are counted from 0.")
        mark = (item_id, frame, note.strip())
        return journal.change(
            self._database, f"Bookmark frame {frame}", lambda: Patch(marks=[mark])
        )

    def unbookmark(self, item_id: int, frame: int) -> Changes:
        label = f"Remove the bookmark at frame {frame}"
        return journal.change(self._database, label, lambda: Patch(marks=[(item_id, frame, None)]))

    def tag(
        self, ids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Changes:
        """Put tags on items and take tags off."""
        adding = [tag.strip() for tag in add if tag.strip()]
        words = [f"Tag {count_items(ids)} '{tag}'" for tag in adding[:1]]
        words += [f"Untag {count_items(ids)} '{tag}'" for tag in list(remove)[:1]]
        label = " and ".join(words) or "Change tags"

        def build() -> Patch:
            return Patch(
                add=[(id, tag) for id in ids for tag in adding],
                remove=[(id, tag) for id in ids for tag in remove],
            )

        return journal.change(self._database, label, build)

    def _set(self, ids: Sequence[int], label: str, fields: dict[str, Any]) -> Changes:
        def build() -> Patch:
            chosen = list(ids)
            if "removed_at" in fields:
                chosen = _in_trash(chosen, fields["removed_at"] is None)
            return Patch(fields={id: dict(fields) for id in chosen})

        return journal.change(self._database, label, build)


def count_items(ids: Sequence[int]) -> str:
    return "1 item" if len(ids) == 1 else f"{len(ids):,} items"


def _in_trash(ids: Sequence[int], wanted: bool) -> list[int]:
    """Those of these items that are in the trash (or, not ``wanted``, those that are not)."""
    found: list[int] = []
    for some in rows.chunks(ids):
        there = Item.select(Item.id).where(Item.id.in_(some) & Item.removed_at.is_null(not wanted))
        matching = {row[0] for row in there.tuples()}
        found.extend(id for id in some if id in matching)
    return found
