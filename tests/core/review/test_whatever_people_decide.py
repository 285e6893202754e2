"""Decide, merge, skip, edit, undo and redo in any order, trash, empty, re-import, rescan, restart:
at any time the catalog is what the changes that are not undone make of it, one after the other;
and with all of them undone, in any order, it is the start again, byte and row."""

import contextlib
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.review.states import Values, blobs, laid_out, rows_of, values
from tests.core.similar.library_of import check
from tests.core.similar.world import World, scenes
from vidcache_gui.core.catalog import Journal
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.review.layout import _lay_out_all
from vidcache_gui.core.review.records import MergeRules, Rule, Warned
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import Relation
from vidcache_gui.media.types import Inspection, Kind, MediaFacts

FOOTAGE = ["a:0-9.mp4", "a:0-9 .mp4", "a:3-6.mp4", "a:5-9 b:0-9.mp4", "b:0-9.mp4", "b:2-4.mp4"]
names = st.sampled_from(FOOTAGE)
draws = st.integers(0, 1_000_000)
RULE = Rule(
    "same", relations=frozenset(Relation), same_length_percent=None, keep=("length", "oldest")
)


class Review(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World()
        self.base: Values = {}  # without any change by people
        self.base_rows: dict[tuple[Any, ...], Any] = {}
        self.effects: dict[int, Values] = {}  # of each change, by its number
        self.undone: set[int] = set()
        self.seen_again: set[int] = set()  # items brought back by bringing them in again

    @initialize()
    def begin(self) -> None:
        self.start()
        for name in FOOTAGE[:4]:
            self.ingest(name)
        for id in self.items():
            self.library.tag([id], add=[f"tag {id}", "all"])
            self.library.set_meta(id, {"title": id, f"key {id}": [id]})
            self.library.bookmark(id, 1, f"note {id}")
        with self.library._database.write():
            Journal.delete().execute()
        self.base, self.base_rows = self.read()
        self.effects.clear()

    def start(self) -> None:
        self.library = Library.open(self.folder / "library")
        self.world.live_in(self.library)
        self.world.take_in(self.library)
        self.library._intake.inspect = self.inspect  # type: ignore[method-assign]

    def inspect(self, path: Path, token: Any) -> Inspection:
        seconds = len(scenes(path.read_text()))
        facts = MediaFacts(
            Kind.VIDEO, "video/mp4", "mp4", frame_count=10 * seconds, duration=float(seconds)
        )
        return Inspection(facts, None, None, None)

    def teardown(self) -> None:
        if hasattr(self, "library"):
            try:
                self.undo_everything()
            finally:
                self.library.close()
                shutil.rmtree(self.folder)

    def undo_everything(self) -> None:
        order = [id for id in self.effects if id not in self.undone]
        random.Random(len(order)).shuffle(order)
        for id in order:
            with contextlib.suppress(UserError):
                self.library.undo_entry(id)
        now, now_rows = self.read()
        assert now == self.base
        for found in (now_rows, self.base_rows):
            for key in [key for key in found if key[0] == "alias" and key[1] in self.seen_again]:
                found[key] = found[key][:-1]  # when it was seen last is no change by people
        assert now_rows == self.base_rows

    def read(self) -> tuple[Values, dict[tuple[Any, ...], Any]]:
        with self.library._database.read():
            return values(), rows_of()

    def items(self, live: bool = False) -> list[int]:
        return sorted(
            key[1]
            for key, value in self.read()[0].items()
            if key[0] == "removed_at" and not (live and value)
        )

    def act(self, work: Any) -> bool:
        """Do something undoable and learn from what it did; False where it was refused."""
        before, _ = self.read()
        try:
            work()
        except UserError:
            assert self.read()[0] == before, "a refusal changes nothing"
            return False
        after, _ = self.read()
        changed = {
            key: after.get(key) for key in {*before, *after} if before.get(key) != after.get(key)
        }
        entries = [entry for entry in self.library.history() if entry.id not in self.effects]
        assert len(entries) == bool(changed), "one step"
        for entry in entries:
            self.effects[entry.id] = changed
        return bool(changed)

    @rule(name=names)
    def ingest(self, name: str) -> None:
        file = self.folder / name
        file.write_text(name)
        (result,) = (e for e in self.library.ingest([file]) if isinstance(e, SourceResult))
        assert result.item_id is not None
        now, now_rows = self.read()
        if result.status is Status.NEW:
            self.base |= {k: v for k, v in now.items() if k[1:2] == (result.item_id,)}
            new = (result.item_id, result.hash)
            self.base_rows |= {k: v for k, v in now_rows.items() if k[1] in new}
        else:
            self.seen_again.add(result.item_id)

    @rule(
        pick=draws, second=draws, bold=st.booleans(), name=st.booleans(),
        what=st.sampled_from(["keep", "keep", "both", "not", "link"]),
        meta=st.sampled_from(["fill", "keep", "newest"]),
    )  # fmt: skip
    def decide(self, pick: int, second: int, what: str, bold: bool, meta: Any, name: bool) -> None:
        live = self.items(live=True)
        if len(live) < 2:
            return
        a = live.pop(pick % len(live))
        b = live[second % len(live)]
        if what == "keep":
            despite = list(Warned) if bold else []
            drop = [b, *(live[:1] if pick % 3 == 0 else [])]
            self.act(
                lambda: self.library.keep(
                    a, drop, MergeRules(meta=meta, name=name), despite=despite
                )
            )
            return
        verb = {
            "both": self.library.keep_both, "not": self.library.not_a_match,
            "link": self.library.link,
        }[what]  # fmt: skip
        self.act(lambda: verb(a, b))

    @rule(pick=draws, how=st.sampled_from(["skip", "unskip", "best"]))
    def work_on_the_queue(self, pick: int, how: str) -> None:
        check(self.library)
        groups = self.library.review_groups()
        if not groups:
            return
        group = groups[pick % len(groups)]
        left = self.library.review_progress().left
        if how == "best":
            ids = [one.item_b.id for one in group.members]
            if self.act(lambda: self.library.keep(group.keeper.id, ids, despite=list(Warned))):
                assert self.library.review_group(group.key) is None
                progress = self.library.review_progress()
                assert self.settled(self.library.history()[0].id) == max(0, left - progress.left)
        else:
            self.act(lambda: getattr(self.library, how)(group.key))

    def settled(self, entry: int) -> int:
        with self.library._database.read():
            return int(Journal.get_by_id(entry).settled)

    @rule()
    def act_by_rule(self) -> None:
        check(self.library)
        report = self.library.dry_run(RULE)
        before = self.read()[0]
        dropped = {item.id for plan in report.acts for item in plan.drop}
        if self.act(lambda: self.library.apply(report)):
            after = self.read()[0]
            gone = {k[1] for k, v in after.items() if k[0] == "removed_at" and v and not before[k]}
            assert gone == dropped

    @rule(
        pick=draws, what=st.sampled_from(["tag", "untag", "meta", "mark", "name", "trash", "back"])
    )
    def edit(self, pick: int, what: str) -> None:
        ids = self.items()
        if not ids:
            return
        id = ids[pick % len(ids)]
        library = self.library
        self.act(
            {
                "tag": lambda: library.tag([id], add=["all", f"tag {pick % 3}"]),
                "untag": lambda: library.tag([id], remove=["all"]),
                "meta": lambda: library.set_meta(id, {"title": pick % 3} if pick % 2 else None),
                "mark": lambda: library.bookmark(id, pick % 3, "again"),
                "name": lambda: library.rename(id, f"name {pick % 3}"),
                "trash": lambda: library.remove([id]),
                "back": lambda: library.restore([id]),
            }[what]
        )

    @rule()
    def empty_the_trash(self) -> None:
        self.library.empty_trash()
        there = set(self.items())
        _, now_rows = self.read()
        self.base = {
            k: v for k, v in self.base.items() if not isinstance(k[1], int) or k[1] in there
        }
        for key in list(self.base_rows):
            if key[0] == "blob":
                keep = key in now_rows
            else:
                keep = key[1] in there or key[0] == "decision"
            if not keep:
                del self.base_rows[key]
        assert self.library.empty_trash()[0].removed == ()

    @rule()
    def undo(self) -> None:
        made = max((id for id in self.effects if id not in self.undone), default=None)
        self.step(self.library.undo, made, self.undone.add)

    @rule()
    def redo(self) -> None:
        last = max((id for id in self.effects if id not in self.undone), default=0)
        tail = min((id for id in self.undone if id > last), default=None)
        assert [e.id for e in self.library.history() if e.next_redo] == [tail] * (tail is not None)
        self.step(self.library.redo, tail, self.undone.discard)

    @precondition(lambda self: self.effects)
    @rule(pick=draws)
    def undo_or_redo_any(self, pick: int) -> None:
        id = sorted(self.effects)[pick % len(self.effects)]
        if id in self.undone:
            self.step(lambda: self.library.redo_entry(id), id, self.undone.discard)
        else:
            self.step(lambda: self.library.undo_entry(id), id, self.undone.add)

    def step(self, act: Any, entry: int | None, mark: Any) -> None:
        if entry is None:
            with contextlib.suppress(UserError):
                act()
                raise AssertionError("there was nothing to do")
            return
        with contextlib.suppress(UserError):  # nothing of it is left, or it is so already
            act()
        mark(entry)

    @rule()
    def rescan(self) -> None:
        self.library.rescan()
        check(self.library)

    @rule()
    def restart(self) -> None:
        self.library.close()
        self.start()

    @invariant()
    def the_catalog_is_what_is_not_undone(self) -> None:
        if not hasattr(self, "library"):
            return
        expected = dict(self.base)
        there = set(self.items())
        for id, changed in sorted(self.effects.items()):
            if id not in self.undone:
                for key, value in changed.items():
                    if isinstance(key[1], int) and key[1] not in there:
                        continue
                    expected.pop(key, None)
                    if value is not None:
                        expected[key] = value
        actual, _ = self.read()
        free = {("removed_at", id) for id in self.seen_again}
        differ = {k for k in {*expected, *actual} if expected.get(k) != actual.get(k)}
        assert differ - free == set()
        assert [e.undone for e in reversed(self.library.history())] == [
            id in self.undone for id in sorted(self.effects)
        ]

    @invariant()
    def the_queue_is_true(self) -> None:
        if not hasattr(self, "library"):
            return
        check(self.library)
        self.library.review_groups()
        with self.library._database.write():
            near = laid_out()
            _lay_out_all()
            assert laid_out() == near

    @invariant()
    def bytes_go_only_when_the_trash_is_emptied(self) -> None:
        if hasattr(self, "library"):
            with self.library._database.read():
                named = {key[1] for key in rows_of() if key[0] == "blob"}
            assert set(blobs(self.library)) == named


Review.TestCase.settings = settings(max_examples=6, stateful_step_count=14)
TestWhateverPeopleDecide = Review.TestCase
