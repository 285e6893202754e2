"""Ingest, remove, restore, empty, re-import, mark, unmark, undo, redo, rescan, restart: after
any sequence of these, what is listed is what a small model says."""

import contextlib
import itertools
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.similar.library_of import check, pairs
from tests.core.similar.world import World, fingerprint, match
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.errors import UserError

FOOTAGE = ["a:0-9.mp4", "a:3-6.mp4", "a:5-9 b:0-9.mp4", "b:2-4.mp4", "c:0-5.mp4"]
names = st.sampled_from(FOOTAGE)


class Archive(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World()
        self.ids: dict[str, int] = {}  # what is in the library, in the trash or not
        self.trash: set[int] = set()
        self.deleted: set[str] = set()
        self.said: dict[tuple[str, str], str] = {}
        self.done: list[tuple[dict[Any, Any], dict[Any, Any]]] = []  # (before, after)
        self.undone: list[tuple[dict[Any, Any], dict[Any, Any]]] = []

    @initialize()
    def begin(self) -> None:
        self.start()
        for name in FOOTAGE[:3]:
            self.ingest(name)

    def start(self) -> None:
        self.library = Library.open(self.folder / "library")
        self.world.live_in(self.library)
        self.world.take_in(self.library)

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    @rule(name=names)
    def ingest(self, name: str) -> None:
        file = self.folder / name
        file.write_text(name)
        (result,) = (e for e in self.library.ingest([file]) if isinstance(e, SourceResult))
        assert result.item_id is not None
        if name in self.ids:
            assert result.status is Status.DUPLICATE
            self.trash.discard(self.ids[name])
        else:
            assert result.status is Status.NEW
            assert (result.remembered or "").startswith("It was deleted") == (name in self.deleted)
            self.ids[name] = result.item_id

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), back=st.booleans())
    def remove_or_restore(self, data: st.DataObject, back: bool) -> None:
        id = self.ids[data.draw(st.sampled_from(sorted(self.ids)))]
        changed = bool((self.library.restore if back else self.library.remove)([id]))
        assert changed == ((id in self.trash) == back)
        if changed:
            self.make({id: not back})

    @rule()
    def empty_the_trash(self) -> None:
        self.library.empty_trash()
        for name, id in list(self.ids.items()):
            if id in self.trash:
                del self.ids[name]
                self.deleted.add(name)
        self.trash.clear()

    @precondition(lambda self: len(self.ids) > 1)
    @rule(data=st.data(), verdict=st.sampled_from([*Verdict, None]))
    def judge(self, data: st.DataObject, verdict: Verdict | None) -> None:
        a, b = sorted(
            data.draw(
                st.lists(st.sampled_from(sorted(self.ids)), min_size=2, max_size=2, unique=True)
            )
        )
        ids = self.ids[a], self.ids[b]
        changes = self.library.mark(*ids, verdict) if verdict else self.library.unmark(*ids)
        wanted = verdict.value if verdict else None
        assert bool(changes) == (self.said.get((a, b)) != wanted)
        if changes:
            self.make({(a, b): wanted})

    @rule()
    def undo(self) -> None:
        self.step(self.library.undo, self.done, self.undone, 0)

    @rule()
    def redo(self) -> None:
        self.step(self.library.redo, self.undone, self.done, 1)

    @rule(anew=st.booleans())
    def rescan(self, anew: bool) -> None:
        self.library.rescan(recompute=anew)
        if anew:
            self.world.looked.clear()

    @rule()
    def restart(self) -> None:
        self.library.close()
        self.start()

    @invariant()
    def what_is_listed_is_true(self) -> None:
        if not hasattr(self, "library"):
            return
        check(self.library)
        assert self.library.check_state().done
        live = sorted(name for name, id in self.ids.items() if id not in self.trash)
        same = {
            (a, b)
            for a, b in itertools.combinations(live, 2)
            if match(fingerprint(a), fingerprint(b))
        }
        assert pairs(self.library, decided=True) == same
        assert pairs(self.library) == same - set(self.said)
        assert sorted(d.verdict.value for d in self.library.decisions()) == sorted(
            self.said.values()
        )
        assert len(self.world.looked) == len(set(self.world.looked)), "nothing is decoded twice"

    def make(self, after: dict[Any, Any]) -> None:
        before = self.apply(after)
        self.done.append((before, after))
        self.undone.clear()

    def apply(self, patch: dict[Any, Any]) -> dict[Any, Any]:
        """Item ids to "in the trash", pairs to verdicts; returns what was, where it differed."""
        before: dict[Any, Any] = {}
        for key, value in patch.items():
            if isinstance(key, tuple):
                if self.said.get(key) != value:
                    before[key] = self.said.pop(key, None)
                    if value is not None:
                        self.said[key] = value
            elif key in self.ids.values() and (key in self.trash) != value:
                before[key] = not value
                (self.trash.add if value else self.trash.discard)(key)
        return before

    def step(self, act: Any, source: list[Any], target: list[Any], side: int) -> None:
        changed: Any = None
        with contextlib.suppress(UserError):
            changed = act()
        if not source:
            assert changed is None
            return
        entry = source.pop()
        target.append(entry)
        assert bool(changed) == bool(self.apply(entry[side]))


Archive.TestCase.settings = settings(max_examples=6, stateful_step_count=12)
TestWhateverPeopleDo = Archive.TestCase
