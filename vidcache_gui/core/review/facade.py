"""Reviewing: the half of :class:`core.library.Library` that decides about same footage."""

from collections.abc import Callable, Iterable, Sequence

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.database import Database
from vidcache_gui.core.records import Changes
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

OnProgress = Callable[[int, int], None]  # done, total


class Review:
    """Everything about reviewing. Every method may be called from any thread."""

    _database: Database

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
        raise NotImplementedError

    def review_group(self, key: str) -> ReviewGroup | None:
        """One group as it is now; None when there is nothing left to decide in it."""
        raise NotImplementedError

    def review_progress(self, filter: ReviewFilter | None = None) -> ReviewProgress:
        raise NotImplementedError

    def skip(self, key: str) -> Changes:
        """Put a group to the end of the queue; can be undone."""
        raise NotImplementedError

    def unskip(self, key: str) -> Changes:
        """Put a skipped group back to its place; can be undone."""
        raise NotImplementedError

    # The decision

    def plan_keep(
        self, keep_id: int, drop_ids: Sequence[int], rules: MergeRules | None = None
    ) -> Plan:
        """What :meth:`keep` would do. Raises UserError when it makes no sense."""
        raise NotImplementedError

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
        raise NotImplementedError

    def keep_both(self, item_a: int, item_b: int) -> Changes:
        raise NotImplementedError

    def not_a_match(self, item_a: int, item_b: int) -> Changes:
        raise NotImplementedError

    def link(self, part_id: int, whole_id: int) -> Changes:
        """Both stay, and one is known as an excerpt of the other; can be undone."""
        raise NotImplementedError

    # Undo in any order

    def undo_entry(self, entry_id: int) -> Changes:
        """Take back any change of the history. What later changes have set again stays as it
        is; ``note`` of the result says so. Raises UserError when nothing of it can be undone."""
        raise NotImplementedError

    def redo_entry(self, entry_id: int) -> Changes:
        """Make a change again that was taken back, as if it had never been."""
        raise NotImplementedError

    # Settings

    def merge_rules(self) -> MergeRules:
        raise NotImplementedError

    def set_merge_rules(self, rules: MergeRules) -> None:
        raise NotImplementedError

    def protected_buckets(self) -> list[str]:
        """Buckets that nothing goes out of without somebody saying yes."""
        raise NotImplementedError

    def protect_bucket(self, name: str, protected: bool = True) -> None:
        raise NotImplementedError

    # Rules

    def rules(self) -> list[Rule]:
        """By name."""
        raise NotImplementedError

    def save_rule(self, rule: Rule) -> None:
        """Keep a rule under its name. Raises UserError when it makes no sense."""
        raise NotImplementedError

    def delete_rule(self, name: str) -> None:
        raise NotImplementedError

    def dry_run(
        self,
        rule: Rule,
        on_progress: OnProgress | None = None,
        stop: CancelToken | None = None,
    ) -> RuleReport:
        """Precisely what a rule would do to the queue; changes nothing. Raises Cancelled."""
        raise NotImplementedError

    def apply(
        self,
        report: RuleReport,
        on_progress: OnProgress | None = None,
        stop: CancelToken | None = None,
    ) -> Changes:
        """Do it, as one step that can be undone. Each act is looked at again before: what
        would be done differently by now is left. Stopped, nothing was changed."""
        raise NotImplementedError
