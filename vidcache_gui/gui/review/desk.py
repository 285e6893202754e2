"""What happens on the review page: the next pair, its facts, decisions, and their undoing."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog

from vidcache_gui.core.records import BucketCount, Changes, Item
from vidcache_gui.core.review.quality_records import FactTable
from vidcache_gui.core.review.records import Plan, ReviewFilter, ReviewGroup
from vidcache_gui.core.similar.records import FoundMatch
from vidcache_gui.errors import UserError
from vidcache_gui.gui.background import Purpose
from vidcache_gui.gui.review import phrases
from vidcache_gui.gui.review.cautions import CautionDialog
from vidcache_gui.gui.review.decision_bar import KEEPS, Act
from vidcache_gui.gui.review.queue_model import QueueModel, Row
from vidcache_gui.gui.review.review_page import ReviewPage
from vidcache_gui.gui.similar.phrases import relation_of_pair
from vidcache_gui.matching.records import Relation

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.gui.session import Session

log = logging.getLogger(__name__)

MEASURE_MS = 400  # the pair comes first; who goes on at once needs no measures
MOST_ASKED = 200  # groups asked for again after an undo
KEYS = {
    Qt.Key.Key_1: Act.KEEP_A, Qt.Key.Key_2: Act.KEEP_B, Qt.Key.Key_3: Act.KEEP_BOTH,
    Qt.Key.Key_4: Act.NOT_A_MATCH, Qt.Key.Key_5: Act.LINK, Qt.Key.Key_S: Act.SKIP,
}  # fmt: skip
# Shift and a digit is a sign on most keyboards, another one on each.
DIGITS = {Act.KEEP_A: Act.KEEP_A_ALONE, Act.KEEP_B: Act.KEEP_B_ALONE}
SIGNS = {
    "!": Act.KEEP_A_ALONE, '"': Act.KEEP_B_ALONE, "@": Act.KEEP_B_ALONE,
    "#": Act.KEEP_BOTH, "§": Act.KEEP_BOTH, "£": Act.KEEP_BOTH, "$": Act.NOT_A_MATCH,
}  # fmt: skip
WHOLE = (Act.KEEP_BOTH, Act.NOT_A_MATCH)  # with Shift, of the whole group


class ReviewDesk(QObject):
    """One library's review. Nothing here waits: what is decided is shown at once."""

    def __init__(self, page: ReviewPage, session: "Session") -> None:
        super().__init__(page)
        self.page = page
        self._session = session
        self._library: Library = session.library
        self.model = QueueModel(session.background, session.library, self)
        self._group: ReviewGroup | None = None
        self._member = 0
        self._asked = 0  # what is being read about an older pair is not shown
        self._pending: set[str] = set()  # decided here, not yet in the catalog
        page.desk = self
        page.compare.open_source = session.library.open_source
        page.queue.setModel(self.model)
        self.model.listed.connect(self._start)
        self.model.failed.connect(lambda why: page.show_nothing(self.model.filter, why))
        self.model.progressed.connect(page.show_progress)
        page.queue.chosen.connect(self._show_row)
        page.filters.changed.connect(self.model.show)
        page.members.chosen.connect(self._choose_member)
        page.bar.decided.connect(lambda act, whole: self.decide(act, whole=whole))
        page.why_requested.connect(self.show_why)
        page.rules_requested.connect(self.show_rules)
        page.merging_requested.connect(self.show_merging)
        page.history_requested.connect(self.show_history)
        page.compare.shown.connect(self._prefetch_next)
        session.undo_changed.connect(self._ask_again)
        session.counts_changed.connect(lambda counts: self._show_buckets(counts.buckets))

    def open(self, wanted: ReviewFilter | None = None) -> None:
        """List what is to be decided now."""
        library = self._library
        self._session.background.run(Purpose.READ, library.buckets, self._show_buckets)
        self.model.show(self.page.filters.filter if wanted is None else wanted)

    def _show_buckets(self, buckets: Sequence[BucketCount]) -> None:
        self.page.filters.set_buckets([bucket.name for bucket in buckets])

    def close(self) -> None:
        """Let go of the footage; the page is left."""
        self._asked += 1
        self._group = None
        self.page.compare.clear()

    # Showing

    def _start(self) -> None:
        first = self.model.next_open(-1)
        if first is None:
            self._group = None
            self.page.show_nothing(self.model.filter)
            return
        self.page.queue.go_to(first)
        self.page.compare.setFocus()

    def _show_row(self, row: Row | None) -> None:
        if row is None:
            return
        self._show_group(row.group, 0)

    def _show_group(self, group: ReviewGroup, member: int) -> None:
        self._group, self._member = group, member
        self._asked += 1
        page, found = self.page, group.members[member]
        page.stack.setCurrentWidget(page.pair)
        page.bar.relation.setText(relation_of_pair(found.match))
        page.members.show_members(group.members, member)
        page.compare.show_pair(found.item_a, found.item_b, found.match)
        page.facts.clear()
        page.bar.offer(
            several=len(group.members) > 1,
            linkable=found.match.relation in (Relation.CONTAINS, Relation.OVERLAP),
        )
        self._read_facts(group, found)
        self._read_plans(group, found)

    def _choose_member(self, number: int) -> None:
        if self._group is not None:
            self._show_group(self._group, number)

    def _read_facts(self, group: ReviewGroup, found: FoundMatch) -> None:
        """What is known at once; then what only their pictures tell."""
        asked, library, page = self._asked, self._library, self.page
        a, b = found.item_a.id, found.item_b.id
        background = self._session.background

        def show(table: FactTable, final: bool = True) -> None:
            if asked == self._asked:
                page.facts.show_facts(table, final=final)
                page.bar.propose("" if table.proposal.near_tie else table.proposal.keep)

        def fail(error: Exception) -> None:
            log.info("no facts about %s: %s", group.key, error)
            if asked == self._asked:
                page.facts.clear(f"What differs could not be measured: {error}")

        def measure(table: FactTable) -> None:
            show(table, table.measured)
            if asked == self._asked and not table.measured:
                QTimer.singleShot(MEASURE_MS, self, look)

        def look() -> None:
            if asked == self._asked:
                background.run(Purpose.WORK, lambda: library.compare_facts(a, b), show, fail)

        background.run(
            Purpose.READ, lambda: library.compare_facts(a, b, measure=False), measure, fail
        )

    def _read_plans(self, group: ReviewGroup, found: FoundMatch) -> None:
        asked, library = self._asked, self._library
        wanted = {act: self._sides(act, group, found) for act in KEEPS}

        def read() -> dict[Act, Plan | str]:
            plans: dict[Act, Plan | str] = {}
            for act, (keep, drop) in wanted.items():
                try:
                    plans[act] = library.plan_keep(keep.id, [item.id for item in drop])
                except UserError as error:
                    plans[act] = str(error)
            return plans

        def show(plans: dict[Act, Plan | str]) -> None:
            if asked == self._asked:
                self.page.bar.show_plans(plans)

        self._session.background.run(Purpose.READ, read, show)

    def _sides(
        self, act: Act, group: ReviewGroup, found: FoundMatch
    ) -> tuple[Item, tuple[Item, ...]]:
        """(what stays, what goes)"""
        keep, other = (
            (found.item_a, found.item_b) if KEEPS[act] == "a" else (found.item_b, found.item_a)
        )
        if act in (Act.KEEP_A, Act.KEEP_B):
            return keep, (other,)
        return keep, tuple(item for item in group.items if item.id != keep.id)

    def _prefetch_next(self) -> None:
        """The pair is on screen: get ready what comes next, in the group and below it."""
        row = self.page.queue.currentIndex().row()
        number = self.model.next_open(row)
        following = self.model.row(number) if number is not None and number != row else None
        wanted = [following.group.members[0]] if following is not None else []
        group = self._group
        if group is not None and self._member + 1 < len(group.members):
            wanted.append(group.members[self._member + 1])
        for found in wanted:
            self.page.compare.prefetch(found.item_a, found.item_b, found.match)

    # Keys

    def press(self, event: QKeyEvent) -> bool:
        """Whether a key meant something here."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            plain = KEYS.get(key, Act.SKIP)
            act = DIGITS.get(plain, plain if plain in WHOLE else None) or SIGNS.get(event.text())
        elif modifiers == Qt.KeyboardModifier.ControlModifier:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key, 0)
            if step:
                self.page.queue.go_to(self.page.queue.currentIndex().row() + step)
            return bool(step)
        elif modifiers:
            return False
        elif key == Qt.Key.Key_X and self._group is not None and not modifiers:
            self._choose_member((self._member + 1) % len(self._group.members))
            return True
        else:
            act = KEYS.get(key)
        if act is None:
            return False
        if self.page.bar.buttons[act].isEnabled() and not self.page.bar.buttons[act].isHidden():
            self.decide(act, whole=bool(modifiers))
        return True

    # Deciding

    def decide(self, act: Act, *, whole: bool = False) -> None:
        """``whole``: of all items of the group, where that makes sense."""
        group = self._group
        if group is None or self.page.stack.currentWidget() is not self.page.pair:
            return
        found = group.members[self._member]
        if act in KEEPS:
            self._keep(act, group, found)
        elif act is Act.SKIP:
            self._carry_out(
                group, group.members, phrases.SKIPPED, lambda: self._library.skip(group.key)
            )
        else:
            whole = whole and act in WHOLE
            of = group.items if whole else (found.item_a, found.item_b)
            ids = [item.id for item in of]
            library = self._library
            said, work = {
                Act.KEEP_BOTH: (phrases.BOTH, lambda: library.keep_both(*ids)),
                Act.NOT_A_MATCH: (phrases.NO_MATCH, lambda: library.not_a_match(*ids)),
                Act.LINK: (phrases.LINKED, lambda: library.link(*_part_and_whole(found))),
            }[act]
            self._carry_out(group, group.members if whole else (found,), said, work)

    def _keep(self, act: Act, group: ReviewGroup, found: FoundMatch) -> None:
        keep, drop = self._sides(act, group, found)
        plan = self.page.bar.plan(act)
        despite = {caution.kind for caution in plan.blocking} if plan is not None else set()

        def go() -> None:
            ids = [item.id for item in drop]
            library = self._library
            gone = group.members
            if keep.id == group.keeper.id and len(drop) < len(group.members):
                gone = (found,)
            self._carry_out(
                group, gone, phrases.KEPT.format(keep.name),
                lambda: library.keep(keep.id, ids, despite=despite),
            )  # fmt: skip

        if plan is None or not despite:
            go()
            return
        dialog = CautionDialog(plan, self.page)
        dialog.accepted.connect(go)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _carry_out(
        self,
        group: ReviewGroup,
        settled: tuple[FoundMatch, ...],
        said: str,
        work: Callable[[], Changes],
    ) -> None:
        """Show what comes next at once; the catalog follows, and tells if it cannot be."""
        left = tuple(one for one in group.members if one not in settled)
        key, place = group.key, self.page.queue.currentIndex().row()
        self._pending.add(key)
        if left:
            smaller = replace(group, members=left, frees=max(0, group.frees - _freed(settled)))
            self.model.put(smaller)
            self._show_group(smaller, min(self._member, len(left) - 1))
        else:
            self.model.say(key, said)
            self._go_on(place)

        def done(_: Changes) -> None:
            self._pending.discard(key)
            self.model.count()

        def failed(error: Exception) -> None:
            self._pending.discard(key)
            self.model.put(group)
            self._session.report(error)

        self._session.act(work, "", done, failed)

    def _go_on(self, place: int) -> None:
        following = self.model.next_open(place)
        if following is None:
            self._group = None
            self.page.show_nothing(self.model.filter)
        else:
            self.page.queue.go_to(following)

    def _ask_again(self, *_: str) -> None:
        """Something was done or undone: which groups are to be decided again?"""
        keys = [key for key in self.model.decided() if key not in self._pending][-MOST_ASKED:]
        if not keys or not self.page.isVisible():
            return
        library = self._library

        def read() -> list[ReviewGroup]:
            found = (library.review_group(key) for key in keys)
            return [group for group in found if group is not None]

        self._session.background.run(Purpose.READ, read, self._reopen)

    def _reopen(self, groups: list[ReviewGroup]) -> None:
        back = [g for g in groups if not g.skipped and g.key not in self._pending]
        for group in back:
            self.model.put(group)
        self.model.count()
        if back:
            place = self.model.place_of(back[-1].key)
            if place is not None:
                self.page.queue.go_to(place)
                self._show_group(back[-1], 0)

    # What else the page offers

    def show_merging(self) -> None:
        from vidcache_gui.gui.review.merge_dialog import MergeDialog, Terms

        library = self._library

        def read() -> Terms:
            kept = set(library.protected_buckets())
            names = [bucket.name for bucket in library.buckets()]
            return Terms(library.merge_rules(), tuple((name, name in kept) for name in names))

        def show(terms: Terms) -> None:
            dialog = MergeDialog(terms, self.page)
            dialog.changed.connect(lambda rules: self._settle(library.set_merge_rules, rules))
            dialog.protected.connect(
                lambda name, on: self._settle(library.protect_bucket, name, on)
            )
            self._open(dialog)

        self._session.background.run(Purpose.READ, read, show, self._session.report)

    def _settle(self, change: Callable[..., None], *values: object) -> None:
        """Set what holds for every decision; then this pair's plans are other ones."""

        def show(_: object) -> None:
            if self._group is not None:
                self._read_plans(self._group, self._group.members[self._member])

        self._session.background.run(
            Purpose.CATALOG, lambda: change(*values), show, self._session.report
        )

    def show_why(self) -> None:
        """The pictures that prove the match, and how it was decided, step by step."""
        from vidcache_gui.gui.similar.explain_dialog import ExplainDialog

        if self._group is not None:
            found = self._group.members[self._member]
            self._open(ExplainDialog(self._session, found.item_a, found.item_b, self.page))

    def show_rules(self) -> None:
        from vidcache_gui.gui.review.rules_dialog import RulesDialog

        dialog = RulesDialog(self._session, self.page)
        dialog.applied.connect(lambda: self.model.show(self.model.filter))
        self._open(dialog)

    def show_history(self) -> None:
        from vidcache_gui.gui.review.history_dialog import HistoryDialog

        self._open(HistoryDialog(self._session, self.page))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _part_and_whole(found: FoundMatch) -> tuple[int, int]:
    """(the excerpt, what it is one of), by id."""
    if found.match.coverage_b >= found.match.coverage_a:
        return found.item_b.id, found.item_a.id
    return found.item_a.id, found.item_b.id


def _freed(settled: tuple[FoundMatch, ...]) -> int:
    return sum(one.item_b.size for one in settled)
