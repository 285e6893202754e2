"""A library whose matches are given, so that the window can be tested without the engine."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Changes, Item
from vidcache_gui.core.similar.records import (
    CheckState,
    Decision,
    Family,
    FamilyMember,
    FoundMatch,
    Place,
    SimilarItem,
    Verdict,
)
from vidcache_gui.errors import UserError
from vidcache_gui.matching.records import (
    Evidence,
    Explanation,
    Match,
    Relation,
    Segment,
    Tier,
    Transform,
)

PLAIN = Transform()


def segment(
    a0: float, a1: float, b0: float, b1: float, transform: Transform = PLAIN, proofs: int = 4
) -> Segment:
    steps = [a0 + (a1 - a0) * (n + 0.5) / max(1, proofs) for n in range(proofs)]
    made = Segment(a0, a1, b0, b1, transform, 11.0, 0.97)
    evidence = tuple(
        Evidence(time, made.time_in_b(time), 6 + 9 * n) for n, time in enumerate(steps)
    )
    return Segment(a0, a1, b0, b1, transform, 11.0, 0.97, evidence)


def match(
    *segments: Segment,
    relation: Relation = Relation.RE_ENCODE,
    tier: Tier = Tier.CERTAIN,
    coverage: tuple[float, float] = (1.0, 1.0),
    score: float = 0.9,
    reasons: tuple[str, ...] = (),
) -> Match:
    return Match(relation, tier, score, segments, *coverage, reasons)


class FakeLibrary(Library):
    """Everything of a library but same footage is real."""

    def ready(self) -> "FakeLibrary":
        self.found: list[FoundMatch] = []
        self.decided: dict[tuple[str, str], Decision] = {}
        self.groups_shared: list[Family] = []
        self.state = CheckState(0, 0, 0, 0, 0, False, False)
        self.similar: list[SimilarItem] = []
        self.answer: Explanation = Explanation(None, ())
        self.asked: list[object] = []
        self.pages_read: list[Place | None] = []
        self.gate: threading.Event | None = None  # an answer waits for it
        self.checks = 0
        self.broken: Exception | None = None  # what ends the check
        self._hear: Callable[[CheckState], None] = lambda state: None
        self._orders, self._asking = itertools.count(1), threading.RLock()
        self.stop = CancelToken()  # of the last question
        self._ids = itertools.count(1)
        self._undone: list[tuple[tuple[str, str], Decision | None]] = []
        return self

    def give(self, a: Item, b: Item, found: Match) -> FoundMatch:
        made = FoundMatch(next(self._ids), a, b, found)
        self.found.append(made)
        return made

    # Checking

    def check(self, on_event, *, stop: CancelToken | None = None, forever=False) -> None:  # type: ignore[no-untyped-def, override]
        self.checks += 1
        self._hear = on_event
        on_event(self.check_state())
        while stop is not None and not stop.cancelled:
            threading.Event().wait(0.01)
            if self.broken is not None:
                raise self.broken

    def tell(self, state: CheckState) -> None:
        """It is so, and the check says it."""
        with self._asking:
            self.state = state
            state = self.check_state()
        self._hear(state)

    def check_state(self) -> CheckState:
        with self._asking:
            return replace(self.state, order=next(self._orders))

    def pause_check(self) -> None:
        self._become(paused=True)

    def resume_check(self) -> None:
        self._become(paused=False)

    def _become(self, **facts: Any) -> None:
        with self._asking:
            self.state = replace(self.state, **facts)

    def rescan(self, recompute: bool = False) -> None:
        self._become(checked=0)

    # What was found

    def _open(self) -> list[FoundMatch]:
        return sorted(
            (m for m in self.found if self._pair(m.item_a, m.item_b) not in self.decided),
            key=lambda m: (m.match.tier.value, -m.match.score, m.id),
        )

    @staticmethod
    def _pair(a: Item, b: Item) -> tuple[str, str]:
        return min(a.hash, b.hash), max(a.hash, b.hash)

    def matches(  # type: ignore[no-untyped-def, override]
        self, *, tier=None, relation=None, item=None, decided=False, shared=False, after=None,
        limit=200,
    ) -> list[FoundMatch]:  # fmt: skip
        rows = self._open()
        if decided:
            rows = sorted(self.found, key=lambda m: (m.match.tier.value, -m.match.score, m.id))
        if item is None:
            self.pages_read.append(after)
        rows = [
            m for m in rows
            if tier in (None, m.match.tier) and relation in (None, m.match.relation)
            and (item is None or item in (m.item_a.id, m.item_b.id))
            and (shared or m.match.relation is not Relation.SHARED)
        ]  # fmt: skip
        if after is not None:
            key = (after.tier, -after.score, after.id)
            rows = [m for m in rows if (m.match.tier.value, -m.match.score, m.id) > key]
        return [
            replace(m, decision=self.decided.get(self._pair(m.item_a, m.item_b)))
            for m in rows[:limit]
        ]

    def match_counts(self) -> dict[tuple[Relation, Tier], int]:
        return dict(Counter((m.match.relation, m.match.tier) for m in self._open()))

    def families(self) -> list[Family]:
        return list(self.groups_shared)

    def rename_family(self, family_id: int, name: str) -> None:
        self.groups_shared = [
            Family(f.id, name if f.id == family_id else f.name, f.seconds, f.members)
            for f in self.groups_shared
        ]

    def give_family(self, name: str, items: list[Item], seconds: float = 5.0) -> None:
        members = tuple(FamilyMember(i.hash, 0.0, seconds, i) for i in items)
        self.groups_shared.append(Family(len(self.groups_shared) + 1, name, seconds, members))

    # Asking

    def _answer(self, question: object) -> list[SimilarItem]:
        self.asked.append(question)
        if self.gate is not None:
            self.gate.wait(20)
        return list(self.similar)

    def similar_to(self, item_id: int, *, stop: CancelToken) -> list[SimilarItem]:
        self.stop = stop
        return self._answer(item_id)

    def similar_to_file(self, path: str | Path, *, stop: CancelToken) -> list[SimilarItem]:
        self.stop = stop
        if not Path(path).exists():
            raise UserError(f"'{Path(path).name}' cannot be read: there is no such file.")
        return self._answer(Path(path))

    def similar_to_picture(self, data: bytes, *, stop: CancelToken) -> list[SimilarItem]:
        self.stop = stop
        return self._answer(data)

    def explain(self, item_a: int, item_b: int) -> Explanation:
        self.asked.append((item_a, item_b))
        return self.answer

    # Decisions

    def _decide(self, a: int, b: int, decision: Verdict | None) -> Changes:
        found = {item.id: item for item in self.items([a, b])}
        pair = self._pair(found[a], found[b])
        self._undone.append((pair, self.decided.pop(pair, None)))
        if decision is not None:
            self.decided[pair] = Decision(*pair, decision, 0)
        return Changes(updated=(a, b), label="Decide")

    def mark(self, item_a: int, item_b: int, verdict: Verdict) -> Changes:
        return self._decide(item_a, item_b, verdict)

    def unmark(self, item_a: int, item_b: int) -> Changes:
        return self._decide(item_a, item_b, None)

    def undo(self) -> Changes:
        if not self._undone:
            return super().undo()
        pair, before = self._undone.pop()
        self.decided.pop(pair, None)
        if before is not None:
            self.decided[pair] = before
        return Changes(buckets=True, label="Undo Decide")

    def decisions(self, *, item: int | None = None, limit: int = 1000) -> list[Decision]:
        if item is None:
            return list(self.decided.values())
        hash = self.items([item])[0].hash
        return [d for d in self.decided.values() if hash in (d.hash_a, d.hash_b)]
