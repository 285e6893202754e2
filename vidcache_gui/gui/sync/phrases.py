"""Everything the dialog says."""

from collections import Counter

from vidcache_gui.core.sync.records import Act, Plan, Report, Step, Way, split
from vidcache_gui.gui import words

BEGIN = "Choose the other side, then compare. Nothing is changed before you say so."
COMPARING = "Comparing…"
STOPPED = "Stopped. What was done stays; compare again to go on."
ALIKE = "Both hold the same. There is nothing to do."
ALIKE_TO = "The other side has all that is here. There is nothing to do."
ALIKE_FROM = "This library has all that the other side has. There is nothing to do."
NOTHING = {Way.BOTH: ALIKE, Way.TO: ALIKE_TO, Way.FROM: ALIKE_FROM}
AGAIN = "The choices changed. Compare again to see what would happen."
WAYS = (
    (Way.BOTH, "Both ways", "Each side gets what only the other has"),
    (Way.TO, "To the other", "Only the other side is changed"),
    (Way.FROM, "From the other", "Only this library is changed"),
)
ACTS = {
    Act.COPY: "Copy", Act.RESTORE: "Bring back", Act.REPLACE: "Replace",
    Act.UPDATE: "Change details", Act.TRASH: "Move to trash", Act.KEEP: "Leave as it is",
}  # fmt: skip
TO_DO = {
    Act.COPY: "to copy", Act.RESTORE: "to bring back", Act.REPLACE: "to replace",
    Act.UPDATE: "to change",
    Act.TRASH: "to the trash, where they can be brought back",
    Act.KEEP: "left as it is",
}  # fmt: skip
NOTES = {
    Act.REPLACE: "The older one goes to the trash.",
    Act.RESTORE: "It came back on the other side since.",
    Act.TRASH: "Only this side has it.",
}
ICONS = {
    Act.COPY: "add", Act.RESTORE: "restore", Act.REPLACE: "swap", Act.UPDATE: "rename",
    Act.TRASH: "trash", Act.KEEP: "minus",
}  # fmt: skip


Key = tuple[Act, int, str]


def key_of(step: Step) -> Key:
    """All steps of the same kind about the frames of one group are one to people."""
    return step.act, step.side, step.group or step.id


def title(step: Step, frames: int) -> str:
    """What a step is about; several frames of a group by the name of the group."""
    if frames < 2:
        return step.title
    bucket, name = split(step.group or step.id)
    return f"{bucket}/{name}: {words.frames(frames)}"


SIDES = ("This library", "The other side")


def where(step: Step) -> str:
    return SIDES[step.side]


def mirror(way: Way) -> str:
    """What mirroring would mean in this direction."""
    if way is Way.BOTH:
        return "Mirror (needs one direction)"
    only = "the other side" if way is Way.TO else "this library"
    return f"Mirror: what only {only} has goes to the trash there"


def summary(plan: Plan) -> str:
    """What a plan comes to, in a sentence or two."""
    if not plan.to_do:
        return NOTHING[plan.way] if not plan.kept else f"There is nothing to do. {_kept(plan)}"
    parts = []
    for side, name in enumerate(SIDES):
        counts = Counter(act for act, at, _ in {key_of(step) for step in plan.to_do} if at == side)
        told = ", ".join(f"{counts[act]:,} {TO_DO[act]}" for act in Act if counts[act])
        if told:
            parts.append(f"{name}: {told}.")
    parts.append(f"{words.size(plan.size)} to move." if plan.size else "No bytes to move.")
    if plan.kept:
        parts.append(_kept(plan))
    return " ".join(parts)


def trashed(plan: Plan) -> int:
    """How many items and groups would go to the trash."""
    return len({key_of(step) for step in plan.to_do if step.act is Act.TRASH})


def start(plan: Plan | None) -> str:
    """What the button says; what goes is named."""
    count = trashed(plan) if plan is not None else 0
    return f"Synchronise, trash {count:,}" if count else "Synchronise"


def _kept(plan: Plan) -> str:
    count = len(plan.kept)
    return "1 difference is left as it is." if count == 1 else f"{count:,} differences are left."


def report(report: Report) -> str:
    if report.cancelled:
        return STOPPED
    failed = len(report.failures)
    text = f"{_steps(report.done, report.done + failed)} done, {words.size(report.moved)} moved."
    if not failed:
        return text
    first = report.failures[0]
    told = f"{first.step.title}: {first.error}" if failed == 1 else f"{failed:,} failed."
    return f"{text} {told} Compare again to try again."


def _steps(done: int, total: int) -> str:
    some = words.plural(total, "step", "steps")
    return some if done == total else f"{done:,} of {some}"


def progress(done: int, total: int, moved: int, title: str) -> str:
    text = f"{_steps(done, total)} done, {words.size(moved)} moved"
    return f"{text}: {title}" if title else text


def found(count: int) -> str:
    return f"{words.plural(count, 'difference', 'differences')} so far"
