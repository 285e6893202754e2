"""Rules: deciding about certain matches without anybody looking.

Where a rule goes by what pictures show, they are measured before, outside of any block. A dry
run makes the plans; applying makes every plan again and does only what comes out the same.
"""

from collections import Counter
from collections.abc import Callable

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import journal, rows
from vidcache_gui.core.catalog import ReviewMemberRow, RuleRow
from vidcache_gui.core.database import Database
from vidcache_gui.core.patches import Patch
from vidcache_gui.core.records import DEFAULT_DELAY_MS, Changes, Item
from vidcache_gui.core.review import layout, merge, queue, rulefile
from vidcache_gui.core.review.better import Unmeasured, Worth, better, looks, worths
from vidcache_gui.core.review.decide import settling
from vidcache_gui.core.review.judge import Judge, Judged
from vidcache_gui.core.review.layout import lanes_of
from vidcache_gui.core.review.records import (
    Plan,
    ReviewFilter,
    ReviewGroup,
    Rule,
    RuleReport,
    Warned,
)
from vidcache_gui.core.review.subjects import Pair, Subjects, pair_of
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Tier

OnProgress = Callable[[int, int], None]
PAGE = 200
FEW = 10  # groups of a page whose pictures have to be measured

OTHER_KIND = "of another kind than the rule is for"
OTHER_LENGTH = "their lengths differ by more than the rule allows"
ALIKE = "nothing the rule goes by tells them apart"
UNSEEN = "what their pictures really show could not be measured"
NOT_THE_SAME = "not certainly the same as the one that would stay"
IN_WORDS = {
    Warned.LAST_COPY: "something of it would be nowhere else",
    Warned.PROTECTED: "in a protected bucket",
    Warned.DAMAGED: "the one that would stay is damaged",
}


def listed() -> list[Rule]:
    """By name; call inside a read block."""
    return [rulefile.from_toml(row.data) for row in RuleRow.select().order_by(RuleRow.name)]


def get(name: str) -> Rule:
    row = RuleRow.get_or_none(RuleRow.name == name)
    if row is None:
        raise UserError(f"There is no rule called '{name}'.")
    return rulefile.from_toml(row.data)


def save(rule: Rule) -> None:
    rulefile.check(rule)
    RuleRow.replace(name=rule.name, data=rulefile.to_toml(rule)).execute()


def delete(name: str) -> None:
    if not RuleRow.delete().where(RuleRow.name == name).execute():
        raise UserError(f"There is no rule called '{name}'.")


class DryRun:
    """What a rule would do, group by group. Every method but one runs inside a read block."""

    def __init__(self, rule: Rule, judge: Judge) -> None:
        rulefile.check(rule)
        self.rule = rule
        self.looks = looks(rule.keep)
        self.acts: list[Plan] = []
        self.passed_over: Counter[str] = Counter()
        self.groups = 0
        self._judge = judge
        self._wanted: dict[tuple[int, int], None] = {}
        self._gone: set[str] = set()  # contents that would be in the trash by now

    def look_at(self, groups: list[ReviewGroup], only: str | None = None) -> None:
        """``only``: nothing is done but about this content."""
        self.groups += len(groups)
        found = [chosen for group in groups if (chosen := self._choose(group, only)) is not None]
        ids = [item.id for best, drop in found for item in (best, *drop)]
        subjects = Subjects.of(ids)
        for best, drop in found:
            plan = self._plan(best, drop, subjects)
            if plan is not None:
                self.acts.append(plan)
                self._gone.update(item.hash for item in plan.drop)

    def wanted(self, groups: list[ReviewGroup], only: str | None = None) -> list[tuple[int, int]]:
        """Pairs to be measured before these groups can be looked at; ask again when they are."""
        if not self.looks:
            return []
        counted = self.passed_over.copy()
        self._wanted.clear()
        for group in groups:
            self._choose(group, only)
        self.passed_over = counted
        return list(self._wanted)

    def measure(self, pair: tuple[int, int]) -> None:
        """Outside of any block. Raises WorkerUnavailable and Cancelled."""
        self._judge.judge(*pair)

    def report(self) -> RuleReport:
        return RuleReport(
            self.rule, tuple(self.acts), tuple(self.passed_over.most_common()), self.groups
        )

    def _choose(self, group: ReviewGroup, only: str | None) -> tuple[Item, list[Item]] | None:
        """The item of a group that would stay, and those that would go."""
        fitting = [group.keeper]
        for one in group.members:
            reason = self._unfit(one.match.relation.value, group.keeper, one.item_b)
            if reason:
                self.passed_over[reason] += 1
            else:
                fitting.append(one.item_b)
        if len(fitting) < 2:
            return None
        worth = worths(fitting)
        best = fitting[0]
        for item in fitting[1:]:
            if (self._better(worth[item.id], worth[best.id]) or 0) > 0:
                best = item
        drop = []
        for item in fitting:
            if item is best or (only is not None and only not in (item.hash, best.hash)):
                continue
            won = self._better(worth[best.id], worth[item.id])
            if won is None:
                self.passed_over[UNSEEN] += 1
            elif won <= 0:
                self.passed_over[ALIKE] += 1
            elif not self._is_certain(pair_of(best.hash, item.hash), best, item):
                self.passed_over[NOT_THE_SAME] += 1
            else:
                drop.append(item)
        return (best, drop) if drop else None

    def _better(self, one: Worth, other: Worth) -> int | None:
        """None where it cannot be known."""
        try:
            return better(one, other, self.rule.keep, self._judged)
        except Unmeasured:
            return None

    def _judged(self, one: int, other: int) -> Judged:
        seen = self._judge.judge(one, other, measure=False)
        if not seen.outcome.known:
            self._wanted[min(one, other), max(one, other)] = None
        if seen.outcome.measured is None:
            raise Unmeasured
        return seen

    def _is_certain(self, pair: Pair | None, best: Item, item: Item) -> bool:
        return (
            pair is not None
            and pair.row.tier == Tier.CERTAIN
            and pair.row.verdict is None
            and not self._unfit(pair.row.relation, best, item)
        )

    def _unfit(self, relation: str, one: Item, other: Item) -> str:
        if relation not in self.rule.relations:
            return OTHER_KIND
        percent = self.rule.same_length_percent
        if percent is not None:
            lengths = sorted((_seconds(one), _seconds(other)))
            if lengths[1] - lengths[0] > percent / 100 * lengths[1]:
                return OTHER_LENGTH
        return ""

    def _plan(self, best: Item, drop: list[Item], subjects: Subjects) -> Plan | None:
        """Without what somebody would have to be asked about."""
        while drop:
            ids = [item.id for item in drop]
            plan = merge.plan(best.id, ids, self.rule.merge, subjects, gone=self._gone)
            if not plan.blocking:
                return plan
            asked = {one.item_id: one for one in reversed(plan.blocking)}
            self.passed_over.update(IN_WORDS[one.kind] for one in asked.values())
            drop = [item for item in drop if item.id not in asked]
        return None

    def comes_out_the_same(self, plan: Plan, subjects: Subjects) -> bool:
        """Would the same be done now, after what was done before?"""
        if not all(
            self._is_certain(pair_of(plan.keep.hash, item.hash), plan.keep, item)
            for item in plan.drop
        ):
            return False
        try:
            ids = [item.id for item in plan.drop]
            now = merge.plan(plan.keep.id, ids, self.rule.merge, subjects, gone=self._gone)
        except UserError:  # one of them went somewhere else meanwhile
            return False
        if now != plan:
            return False
        self._gone.update(item.hash for item in plan.drop)
        return True


def _seconds(item: Item) -> float:
    if item.duration is not None:
        return item.duration
    return item.frame_count * (item.delay_ms or DEFAULT_DELAY_MS) / 1000


def dry_run(
    database: Database,
    rule: Rule,
    judge: Judge,
    settled: Callable[[], object],
    on_progress: OnProgress,
    stop: CancelToken,
) -> RuleReport:
    """See :meth:`core.review.facade.Review.dry_run`. Reads a page at a time."""
    run = DryRun(rule, judge)
    shown = ReviewFilter(tier=Tier.CERTAIN)
    size = FEW if run.looks else PAGE
    settled()
    with database.read():
        total = queue.progress(shown).left
    after = None
    while True:
        stop.check()
        with database.read():
            groups = queue.page(shown, after, size)
        _look(database, run, groups, stop)
        on_progress(run.groups, max(total, run.groups))
        if len(groups) < size:
            return run.report()
        after = groups[-1].place


def _look(
    database: Database,
    run: DryRun,
    groups: list[ReviewGroup],
    stop: CancelToken,
    only: str | None = None,
) -> None:
    """Look at groups, when what their pictures show is known."""
    tried: set[tuple[int, int]] = set()
    while True:
        with database.read():
            wanted = [pair for pair in run.wanted(groups, only) if pair not in tried]
            if not wanted:
                run.look_at(groups, only)
                return
        for pair in wanted:
            stop.check()
            run.measure(pair)
        tried.update(wanted)


def apply(
    database: Database,
    report: RuleReport,
    judge: Judge,
    on_progress: OnProgress,
    stop: CancelToken,
) -> Changes:
    """See :meth:`core.review.facade.Review.apply`."""
    if not report.acts:
        raise UserError(f"The rule '{report.rule.name}' finds nothing to do.")
    with settling(database):
        patch, removed = _again(report, judge, on_progress, stop)
        if not removed:
            raise UserError(
                "Nothing of this can be done any more, because the library has changed since. "
                "Let the rule look again."
            )
        what = "1 item" if removed == 1 else f"{removed:,} items"
        label = f"Rule '{report.rule.name}': remove {what}"
        return journal.change(database, label, lambda: patch)


def _again(
    report: RuleReport, judge: Judge, on_progress: OnProgress, stop: CancelToken
) -> tuple[Patch, int]:
    """What of a report still comes out the same, as one patch, and how many items go."""
    run = DryRun(report.rule, judge)
    whole, removed, at, done = Patch(), 0, rows.now_ms(), 0
    for plans in rows.chunks(report.acts, PAGE):
        stop.check()
        subjects = Subjects.of(item.id for plan in plans for item in (plan.keep, *plan.drop))
        for plan in plans:
            if not run.comes_out_the_same(plan, subjects):
                continue
            one = merge.patch(plan, at, subjects)
            whole.fields |= one.fields
            whole.add += one.add
            whole.aliases += one.aliases
            whole.details += one.details
            whole.marks += one.marks
            removed += len(plan.drop)
        done += len(plans)
        on_progress(done, len(report.acts))
    return whole, removed


def arrived(database: Database, judge: Judge, hash: str) -> list[Changes]:
    """Let the rules for arrivals act on a content that was just compared."""
    with database.read():
        chosen = [rule for rule in listed() if rule.on_arrival]
    stop = CancelToken()
    done = []
    for rule in chosen:
        run = DryRun(rule, judge)
        with database.write():
            layout.settle()
            rows = ReviewMemberRow.select().where(
                ReviewMemberRow.lane.in_(lanes_of(Tier.CERTAIN)) & (ReviewMemberRow.hash == hash)
            )
            groups = [queue.one(f"{row.lane}:{row.keeper}") for row in rows]
        _look(database, run, [group for group in groups if group is not None], stop, only=hash)
        if run.acts:
            done.append(apply(database, run.report(), judge, lambda done, total: None, stop))
    return done
