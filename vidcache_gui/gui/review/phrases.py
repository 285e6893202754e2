"""Everything the review page says that is not a plain label."""

from collections.abc import Sequence

from vidcache_gui.core.records import Item
from vidcache_gui.core.review.records import Plan, ReviewGroup, ReviewProgress
from vidcache_gui.gui import words
from vidcache_gui.gui.similar.phrases import RELATION_TITLES, TIERS
from vidcache_gui.matching.records import Relation

KEPT, BOTH, NO_MATCH, LINKED, SKIPPED = (
    "Kept “{}”", "Both kept", "Not a match", "Linked", "Skipped",
)  # fmt: skip


def title(group: ReviewGroup) -> str:
    """``Re-encode``, ``3 re-encodes``: what a group is."""
    count = len(group.members)
    if count == 1:
        return RELATION_TITLES[group.relation]
    return f"{words.number(count + 1)} {_MANY[group.relation]}"


_MANY = {
    Relation.SAME_STREAM: "with one stream",
    Relation.RE_ENCODE: "re-encodes",
    Relation.CONTAINS: "one in another",
    Relation.OVERLAP: "that overlap",
    Relation.SHARED: "with one segment",
}


def freed(group: ReviewGroup) -> str:
    return f"frees {words.size(group.frees)}" if group.frees else "frees nothing"


def spoken(group: ReviewGroup, said: str) -> str:
    """A whole row, for those who hear it."""
    parts = [title(group), TIERS[group.tier], *(item.name for item in group.items[:3])]
    parts.append(freed(group))
    if said or group.skipped:
        parts.append(said or SKIPPED)
    return ", ".join(parts)


def progress(now: ReviewProgress) -> str:
    """``34 of 212 decided``"""
    if not now.total:
        return ""
    return f"{words.number(now.decided)} of {words.number(now.total)} decided"


def left(now: ReviewProgress) -> str:
    """``178 to go, up to 4.1 GB to free``"""
    parts = [f"{words.number(now.left)} to go"]
    if now.frees:
        parts.append(f"up to {words.size(now.frees)} to free")
    return ", ".join(parts)


def moves(plan: Plan) -> str:
    """What the item that stays takes over: ``2 tags and 1 source move over``."""
    parts = []
    for count, one, many in (
        (len(plan.add_tags), "tag", "tags"),
        (len(plan.add_aliases), "source", "sources"),
        (len(plan.meta_changes), "detail", "details"),
        (len(plan.bookmarks_added), "bookmark", "bookmarks"),
    ):
        if count:
            parts.append(words.plural(count, one, many))
    if not parts:
        return "nothing else to take over"
    verb = "moves" if len(parts) == 1 and parts[0].startswith("1 ") else "move"
    return f"{joined(parts)} {verb} over"


def outcome(plan: Plan) -> str:
    """One line under the buttons: what is freed, when, and what is taken over."""
    note = plan.frees_note or "Nothing is freed."
    return f"{note.rstrip('.')} · {moves(plan)}"


def details(plan: Plan) -> str:
    """Everything a decision would do, a line each; for hovering and for asking."""
    lines = [f"Keeps “{plan.keep.name}”."]
    lines.append(f"Moves {names(plan.drop)} to the trash.")
    if plan.frees_note:
        lines.append(plan.frees_note)
    if plan.add_tags:
        lines.append(f"Tags taken over: {', '.join(plan.add_tags)}.")
    lines += [f"Source taken over: {alias.source}" for alias in plan.add_aliases[:6]]
    if len(plan.add_aliases) > 6:
        lines.append(f"… and {len(plan.add_aliases) - 6:,} more sources.")
    lines += [
        f"Detail taken over: {change.key} = {change.new}"
        + ("" if change.old is None else f" (was {change.old})")
        for change in plan.meta_changes
    ]
    if plan.bookmarks_added:
        count = words.plural(len(plan.bookmarks_added), "bookmark", "bookmarks")
        lines.append(f"{count} taken over, at the frames that show the same.")
    for new, what in ((plan.name, "name"), (plan.bucket, "bucket")):
        if new:
            lines.append(f"New {what}: {new}.")
    lines += [caution.text for caution in plan.warnings]
    lines += plan.notes
    return "\n".join(lines)


def names(items: Sequence[Item]) -> str:
    quoted = [f"“{item.name}”" for item in items[:3]]
    if len(items) > 3:
        quoted.append(f"{len(items) - 3:,} more")
    return joined(quoted)


def joined(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
