"""Everything the dialog says."""

from vidcache_gui.core.sync.records import Act, Plan, Report, Step, Way, split
from vidcache_gui.gui import words

BEGIN = "Choose the other side, then compare. Nothing is changed before you say so."
COMPARING = "Comparing…"
STOPPED = "Stopped. What was done stays; compare again to go on."
ALIKE = "Both hold the same. There is nothing to do."
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
NOTES = {
    Act.REPLACE: "The older one goes to the trash.",
    Act.RESTORE: "It came back on the other side since.",
    Act.TRASH: "Only this side has it.",
}
ICONS = {
    Act.COPY: "add", Act.RESTORE: "restore", Act.REPLACE: "swap", Act.UPDATE: "rename",
    Act.TRASH: "trash", Act.KEEP: "minus",
}  # fmt: skip


def title(step: Step, frames: int) -> str:
    """What a step is about; several frames of a group by the name of the group."""
    if frames < 2:
        return step.title
    bucket, name = split(step.group or step.id)
    return f"{bucket}/{name}: {words.frames(frames)}"


def where(step: Step) -> str:
    return "This library" if step.side == 0 else "The other side"


def summary(plan: Plan) -> str:
    """What a plan comes to, in a sentence or two."""
    if not plan.to_do:
        return ALIKE if not plan.kept else f"There is nothing to do. {_kept(plan)}"
    parts = []
    for side, name in enumerate(("Here", "There")):
        counts = plan.counts(side)
        if counts:
            told = ", ".join(_count(Act(act), count) for act, count in counts.items())
            parts.append(f"{name}: {told}.")
    parts.append(f"{words.size(plan.size)} to move." if plan.size else "No bytes to move.")
    if plan.kept:
        parts.append(_kept(plan))
    return " ".join(parts)


def _count(act: Act, count: int) -> str:
    told = {
        Act.COPY: "copied", Act.RESTORE: "brought back", Act.REPLACE: "replaced",
        Act.UPDATE: "changed", Act.TRASH: "to the trash", Act.KEEP: "left",
    }  # fmt: skip
    return f"{count:,} {told[act]}"


def _kept(plan: Plan) -> str:
    count = len(plan.kept)
    return "1 difference is left as it is." if count == 1 else f"{count:,} differences are left."


def report(report: Report) -> str:
    if report.cancelled:
        return STOPPED
    done = "1 done" if report.done == 1 else f"{report.done:,} done"
    text = f"{done}, {words.size(report.moved)} moved."
    failed = len(report.failures)
    return f"{text} {failed:,} failed; compare again to try these again." if failed else text


def progress(done: int, total: int, moved: int, title: str) -> str:
    text = f"{done:,} of {total:,} done, {words.size(moved)} moved"
    return f"{text}: {title}" if title else text
