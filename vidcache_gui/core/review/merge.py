"""What goes where when some items go and one stays: the plan, before anything is done.

Every function runs inside a read block.
"""

from collections.abc import Collection, Sequence
from typing import Any

from vidcache_gui.core.patches import Detail, Patch
from vidcache_gui.core.records import Alias, Bookmark, Item
from vidcache_gui.core.review.cautions import cautions
from vidcache_gui.core.review.frees import frees
from vidcache_gui.core.review.moments import carried
from vidcache_gui.core.review.records import Caution, MergeRules, MetaChange, Plan, Warned
from vidcache_gui.core.review.subjects import Subjects, pair_of
from vidcache_gui.errors import UserError


def plan(
    keep_id: int,
    drop_ids: Sequence[int],
    rules: MergeRules,
    subjects: Subjects | None = None,
    *,
    gone: Collection[str] = (),
) -> Plan:
    """Raises UserError when it makes no sense. ``gone``: contents that will have gone by then."""
    ids = list(dict.fromkeys(drop_ids))
    known = subjects or Subjects.of([keep_id, *ids])
    keep, drop = _checked(known, keep_id, ids)
    warnings = list(cautions(keep, drop, known, gone))
    freed = frees(drop)
    if not freed:
        warnings.append(
            Caution(Warned.FREES_NOTHING, drop[0].id, "Its bytes belong to other items as well.")
        )
    bookmarks, notes = _bookmarks(known, keep, drop) if rules.bookmarks else ((), ())
    bucket = drop[0].bucket if rules.bucket and drop[0].bucket != keep.bucket else None
    prefix = drop[0].prefix if rules.bucket and drop[0].prefix != keep.prefix else None
    return Plan(
        keep, tuple(drop), _tags(keep, drop) if rules.tags else (),
        _aliases(known, keep, drop) if rules.aliases else (), _meta(known, keep, drop, rules),
        bookmarks, drop[0].name if rules.name and drop[0].name != keep.name else None,
        bucket, prefix, freed, _frees_note(freed, len(drop)), tuple(warnings), notes,
    )  # fmt: skip


def patch(plan: Plan, at: int, subjects: Subjects | None = None) -> Patch:
    """What carrying a plan out sets; ``at``: when the items went to the trash."""
    id = plan.keep.id
    known = subjects or Subjects.of([id])
    fields: dict[int, dict[str, Any]] = {item.id: {"removed_at": at} for item in plan.drop}
    own = {
        name: value
        for name in ("name", "bucket", "prefix")
        if (value := getattr(plan, name)) is not None
    }
    if own:
        fields[id] = own
    places = {key: place for place, key in enumerate(known.meta[id])}
    details: list[Detail] = [
        (id, one.key, (one.new, places.setdefault(one.key, len(places))))
        for one in plan.meta_changes
    ]
    return Patch(
        fields=fields,
        add=[(id, tag) for tag in plan.add_tags],
        aliases=[
            (id, one.source, (one.kind, one.first_seen, one.last_seen)) for one in plan.add_aliases
        ],
        details=details,
        marks=[(id, mark.frame, mark.note) for mark in plan.bookmarks_added],
    )


def _checked(known: Subjects, keep_id: int, drop_ids: list[int]) -> tuple[Item, list[Item]]:
    if not drop_ids:
        raise UserError("There is nothing to remove: name the items that go.")
    if keep_id in drop_ids:
        raise UserError("An item cannot both stay and go.")
    missing = [id for id in (keep_id, *drop_ids) if id not in known.items]
    if missing:
        raise UserError("This item is no longer in the library.")
    keep, drop = known.items[keep_id], [known.items[id] for id in drop_ids]
    if keep.removed_at is not None:
        raise UserError(f"'{keep.name}' is in the trash. Restore it before it is to stay.")
    for item in drop:
        if item.removed_at is not None:
            raise UserError(f"'{item.name}' is in the trash already.")
    return keep, drop


def _tags(keep: Item, drop: list[Item]) -> tuple[str, ...]:
    return tuple(sorted({tag for item in drop for tag in item.tags} - set(keep.tags)))


def _aliases(known: Subjects, keep: Item, drop: list[Item]) -> tuple[Alias, ...]:
    has = {one.source for one in known.aliases[keep.id]}
    new: dict[str, Alias] = {}
    for item in drop:
        for one in known.aliases[item.id]:
            if one.source not in has:
                new.setdefault(one.source, one)
    return tuple(new.values())


def _meta(
    known: Subjects, keep: Item, drop: list[Item], rules: MergeRules
) -> tuple[MetaChange, ...]:
    now = known.meta[keep.id]
    if rules.meta == "keep":
        return ()
    wanted: dict[str, Any] = {}
    if rules.meta == "fill":
        for item in drop:
            for key, value in known.meta[item.id].items():
                wanted.setdefault(key, value)
        wanted = {key: value for key, value in wanted.items() if key not in now}
    else:
        for item in sorted([keep, *drop], key=lambda one: (one.added_at, one.id)):
            wanted.update(known.meta[item.id])
    return tuple(
        MetaChange(key, now.get(key), value)
        for key, value in wanted.items()
        if key not in now or now[key] != value
    )


def _bookmarks(
    known: Subjects, keep: Item, drop: list[Item]
) -> tuple[tuple[Bookmark, ...], tuple[str, ...]]:
    """Those that are new, and sentences about those that find no place."""
    now = dict(known.bookmarks[keep.id])
    new: dict[int, str] = {}
    notes: list[str] = []
    for item in drop:
        marks = known.bookmarks[item.id]
        if not marks:
            continue
        pair = pair_of(item.hash, keep.hash)
        found = carried(marks, item, keep, None if pair is None else pair.match)
        for frame, note in found.items():
            text = _joined(now.get(frame), note)
            if text != now.get(frame):
                now[frame] = new[frame] = text
        lost = len(marks) - len(found)
        if lost:
            what = "1 bookmark" if lost == 1 else f"{lost} bookmarks"
            notes.append(
                f"{what} of '{item.name}' at what '{keep.name}' does not show by itself: "
                "they stay with it."
            )
    return tuple(Bookmark(frame, note) for frame, note in sorted(new.items())), tuple(notes)


def _joined(note: str | None, other: str) -> str:
    """Two notes at one frame."""
    if not note:
        return other
    return note if not other or other in note.split(" · ") else f"{note} · {other}"


def _frees_note(freed: int, count: int) -> str:
    what = "It goes" if count == 1 else f"{count:,} items go"
    if not freed:
        return f"{what} to the trash. Emptying it frees nothing: other items have these bytes too."
    return (
        f"{what} to the trash. Emptying the trash frees {size_in_words(freed)}; until then nothing "
        "is deleted."
    )


def size_in_words(size: float) -> str:
    """Decimal units, as disks are sold: 5.9 MB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 99.5 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
