"""From what differs to a plan, for two sides that sum up what they hold."""

from collections.abc import Callable, Mapping

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.rows import chunks
from vidcache_gui.core.sync.difference import differing
from vidcache_gui.core.sync.merge import Verdict, decide
from vidcache_gui.core.sync.records import (
    BALL,
    FACTS,
    GROUP,
    Act,
    Plan,
    Record,
    Step,
    Way,
    joined,
    split,
)
from vidcache_gui.core.sync.side import Side
from vidcache_gui.errors import UserError

RECORDS = 200  # in one question
ORDER = {Act.RESTORE: 0, Act.COPY: 1, Act.REPLACE: 1, Act.UPDATE: 2, Act.TRASH: 3, Act.KEEP: 4}
NO_MIRROR = (
    "A mirror needs a direction: say which of the two is to become like the other (to or from)."
)

OnFound = Callable[[int], None]


def make_plan(
    first: Side,
    second: Side,
    way: Way,
    *,
    mirror: bool = False,
    bucket: str | None = None,
    stop: CancelToken | None = None,
    on_found: OnFound = lambda _: None,
) -> Plan:
    """Compare two sides. Changes nothing. Raises UserError, Cancelled."""
    if mirror and way is Way.BOTH:
        raise UserError(NO_MIRROR)
    stop = stop or CancelToken()
    before = [one + other for one, other in zip(first.asked, second.asked, strict=True)]
    first.refresh()
    second.refresh()
    steps: list[Step] = []
    for ids in differing(first, second, stop):
        for some in chunks(ids, RECORDS):
            stop.check()
            steps += _steps(first, second, some, way, mirror, bucket)
            on_found(len(steps))
    steps.sort(key=lambda step: (ORDER[step.act], step.side, step.group, step.id))
    after = [one + other for one, other in zip(first.asked, second.asked, strict=True)]
    return Plan(tuple(steps), way, mirror, after[0] - before[0], after[1] - before[1])


def _steps(
    first: Side, second: Side, ids: list[str], way: Way, mirror: bool, bucket: str | None
) -> list[Step]:
    mine, theirs = first.records(ids), second.records(ids)
    verdicts = {}
    for id in ids:
        one, other = mine.get(id), theirs.get(id)
        if one is None and other is None:
            continue  # it went meanwhile, or was named and never described
        if bucket is None or bucket in (_bucket(one), _bucket(other)):
            verdicts[id] = decide(one, other, way, mirror)
    missing = (_missing(first, 0, verdicts), _missing(second, 1, verdicts))
    steps = []
    for id, verdict in verdicts.items():
        shown = mine.get(id) or theirs[id]
        if not shown.is_live and id in theirs:
            shown = theirs[id]
        group = ball_group(mine, theirs, id) if id[0] == BALL else ""
        for side, act in enumerate(verdict.acts):
            if act is None:
                continue
            target = verdict.targets[side]
            size = target.size if target is not None and id in missing[side] else 0
            steps.append(Step(id, act, side, shown.title, size, verdict.why, group))
    return steps


def _missing(side: Side, number: int, verdicts: Mapping[str, Verdict]) -> set[str]:
    targets = [one for verdict in verdicts.values() if (one := verdict.targets[number])]
    return side.missing([one for one in targets if one.hash])


def ball_group(mine: Mapping[str, Record], theirs: Mapping[str, Record], id: str) -> str:
    """The id of a ball's group, from whichever side knows it."""
    for records in (mine, theirs):
        facts = records[id].value(FACTS) if id in records else None
        if facts:
            return joined(GROUP, split(id)[0], facts["ball_id"])
    return ""


def _bucket(record: Record | None) -> str | None:
    """The bucket an entry is in; decisions are in none."""
    if record is None:
        return None
    if record.kind in (BALL, GROUP):
        return split(record.id)[0]
    bucket = record.value("bucket")
    return None if bucket is None else str(bucket)
