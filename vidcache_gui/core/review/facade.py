"""Reviewing: the half of :class:`core.library.Library` that decides about same footage."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Changes
from vidcache_gui.core.review import decide, layout, merge, queue, rules, settings
from vidcache_gui.core.review.records import (
    GroupPlace,
    MergeRules,
    Plan,
    ReviewFilter,
    ReviewGroup,
    ReviewProgress,
    Rule,
    RuleReport,
    Warned,
)
from vidcache_gui.core.similar import decisions
from vidcache_gui.core.similar.records import Verdict

if TYPE_CHECKING:
    from vidcache_gui.core.review.judge import Judge

OnProgress = Callable[[int, int], None]  # done, total


def _quietly(done: int, total: int) -> None:
    """Where nobody wants to know how far it is."""


class Review:
    """Everything about reviewing. Every method may be called from any thread."""

    _database: Database

    if TYPE_CHECKING:

        @property
        def _judge(self) -> Judge: ...

    # The queue

    def review_groups(
        self,
        filter: ReviewFilter | None = None,
        *,
        after: GroupPlace | None = None,
        limit: int = 50,
    ) -> list[ReviewGroup]:
        """What is to be decided, surest first, skipped groups last. ``after``: the ``place``
        of the last group seen. A decision moves no other group."""
        with self._settled():
            return queue.page(filter or ReviewFilter(), after, limit)

    def review_group(self, key: str) -> ReviewGroup | None:
        """One group as it is now; None when there is nothing left to decide in it."""
        with self._settled():
            return queue.one(key)

    def review_progress(self, filter: ReviewFilter | None = None) -> ReviewProgress:
        with self._settled():
            return queue.progress(filter or ReviewFilter())

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """A read block in which the queue is up to date."""
        self._settle()
        with self._database.read():
            yield

    def _settle(self) -> None:
        with self._database.read():
            up_to_date = layout.is_settled()
        if not up_to_date:
            with self._database.write():
                layout.settle()

    def skip(self, key: str) -> Changes:
        """Put a group to the end of the queue; can be undone."""
        return decide.skip(self._database, key, skipped=True)

    def unskip(self, key: str) -> Changes:
        """Put a skipped group back to its place; can be undone."""
        return decide.skip(self._database, key, skipped=False)

    # The decision

    def plan_keep(
        self, keep_id: int, drop_ids: Sequence[int], rules: MergeRules | None = None
    ) -> Plan:
        """What :meth:`keep` would do. Raises UserError when it makes no sense."""
        with self._database.read():
            return merge.plan(keep_id, drop_ids, rules or settings.merge_rules())

    def keep(
        self,
        keep_id: int,
        drop_ids: Sequence[int],
        rules: MergeRules | None = None,
        *,
        despite: Iterable[Warned] = (),
    ) -> Changes:
        """Merge items into one and move them to the trash: one step that can be undone.

        ``rules``: what is taken over; the library's own unless given. ``despite``: warnings
        that a person has seen. Raises UserError, and changes nothing, while there is any other.
        """
        return decide.keep(self._database, keep_id, drop_ids, rules, frozenset(despite))

    def keep_both(self, *item_ids: int) -> Changes:
        """These show the same, and all of them stay; of more than two, each two that match."""
        return self._say(item_ids, Verdict.KEEP_BOTH)

    def not_a_match(self, *item_ids: int) -> Changes:
        """These do not show the same; of more than two, no two of them do."""
        return self._say(item_ids, Verdict.NOT_A_MATCH)

    def link(self, part_id: int, whole_id: int) -> Changes:
        """Both stay, and one is known as an excerpt of the other; can be undone."""
        return self._say((part_id, whole_id), Verdict.LINKED)

    def _say(self, item_ids: Sequence[int], verdict: Verdict) -> Changes:
        with decide.settling(self._database):
            return decisions.decide_among(self._database, item_ids, verdict)

    # Settings

    def merge_rules(self) -> MergeRules:
        with self._database.read():
            return settings.merge_rules()

    def set_merge_rules(self, rules: MergeRules) -> None:
        with self._database.write():
            settings.set_merge_rules(rules)

    def protected_buckets(self) -> list[str]:
        """Buckets that nothing goes out of without somebody saying yes."""
        with self._database.read():
            return settings.protected_buckets()

    def protect_bucket(self, name: str, protected: bool = True) -> None:
        with self._database.write():
            settings.protect_bucket(name, protected)

    # Rules

    def rules(self) -> list[Rule]:
        """By name."""
        with self._database.read():
            return rules.listed()

    def rule(self, name: str) -> Rule:
        """Raises UserError when there is none of this name."""
        with self._database.read():
            return rules.get(name)

    def save_rule(self, rule: Rule) -> None:
        """Keep a rule under its name. Raises UserError when it makes no sense."""
        with self._database.write():
            rules.save(rule)

    def delete_rule(self, name: str) -> None:
        with self._database.write():
            rules.delete(name)

    def dry_run(
        self,
        rule: Rule,
        on_progress: OnProgress | None = None,
        stop: CancelToken | None = None,
    ) -> RuleReport:
        """Precisely what a rule would do to the queue; changes nothing. Where the rule goes by
        what pictures show, those not measured before are, which takes seconds for each.
        Raises Cancelled."""
        return rules.dry_run(
            self._database,
            rule,
            self._judge,
            self._settle,
            on_progress or _quietly,
            stop or CancelToken(),
        )

    def apply(
        self,
        report: RuleReport,
        on_progress: OnProgress | None = None,
        stop: CancelToken | None = None,
    ) -> Changes:
        """Do it, as one step that can be undone. Each act is looked at again before: what
        would be done differently by now is left. Stopped, nothing was changed."""
        return rules.apply(
            self._database, report, self._judge, on_progress or _quietly, stop or CancelToken()
        )
