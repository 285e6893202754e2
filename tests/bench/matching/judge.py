"""How good found pairs are, against labels: what was found, where, and what was found wrongly.

    python -m tests.bench.matching.judge LABELS PAIRS [--missed] [--wrong]

PAIRS is what ``vidcache fingerprint DIR --pairs PAIRS`` writes. As in the benchmark: pairs of a
source with a copy are wanted; pairs of two copies of one source are neither wanted nor wrong;
any other pair that is not in the labels is wrong.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Names = tuple[str, str]
TIERS = ("certain", "likely", "look")
NEAR = 1.0  # seconds by which an offset may be wrong
SAME_SPEED = 0.02  # rates this near to 1 or -1 have one offset


@dataclass(frozen=True, slots=True)
class Found:
    """A pair that was reported; ``offset``: (time in b) - (time in a) where it starts."""

    score: float
    offset: float | None
    relation: str
    tier: str


@dataclass(slots=True)
class Count:
    wanted: int = 0
    found: int = 0
    timed: int = 0  # found at the same speed, with an offset to check
    in_time: int = 0  # where the longest stretch says
    in_any_time: int = 0  # where any stretch says: a loop shows a scene in several places


@dataclass(slots=True)
class Verdict:
    total: Count = field(default_factory=Count)
    by_tier: dict[int, Count] = field(default_factory=lambda: defaultdict(Count))
    by_transform: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    tier_of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    right: Counter[str] = field(default_factory=Counter)  # wanted and found, by how sure it was
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)  # (kind, how sure)
    cross: int = 0
    unknown: list[str] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    wrong_pairs: list[tuple[Names, Found, str]] = field(default_factory=list)
    misplaced: list[tuple[dict[str, Any], float]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return ratio(self.total.found, self.total.found + self.wrong.total(), 1.0)

    @property
    def recall(self) -> float:
        return ratio(self.total.found, self.total.wanted)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def ratio(part: float, whole: float, empty: float = 0.0) -> float:
    return part / whole if whole else empty


def load_pairs(rows: Iterable[dict[str, Any]]) -> dict[Names, Found]:
    """Names in order; of a pair that is told twice the better score counts."""
    pairs: dict[Names, Found] = {}
    for row in rows:
        a, b, offset = row["a"], row["b"], row.get("offset")
        if a > b:
            a, b, offset = b, a, None if offset is None else -offset
        found = Found(
            row.get("score", 1.0), offset, row.get("relation", "?"), row.get("tier", "certain")
        )
        if a != b and ((a, b) not in pairs or pairs[a, b].score < found.score):
            pairs[a, b] = found
    return pairs


def judge(labels: dict[str, Any], pairs: dict[Names, Found]) -> Verdict:
    files, verdict = labels["files"], Verdict()
    ignored = {(a, b) for a, b in labels["ignore"]}
    told = {(p["a"], p["b"]): p for p in labels["pairs"]}
    for names, label in told.items():
        if label["relation"] == "cross":
            verdict.cross += names in pairs
            continue
        counts = (
            verdict.total,
            verdict.by_tier[label["tier"]],
            verdict.by_transform[label["relation"]],
        )
        verdict.tier_of[label["relation"]] = label["tier"]
        found = pairs.get(names)
        for count in counts:
            count.wanted += 1
            count.found += found is not None
        if found is None:
            verdict.missed.append(label)
            continue
        verdict.right[found.tier] += 1
        places = [s for s in stretches(label) if same_speed(s)]
        if found.offset is None or not label["rate"] or label["static"] or not places:
            continue
        if abs(label["rate"] - 1) >= SAME_SPEED:
            continue
        error = abs(found.offset - (label["b0"] - label["a0"]))
        nearest = min(abs(found.offset - (b0 - a0)) for a0, _, b0, _ in places)
        for count in counts:
            count.timed += 1
            count.in_time += error <= NEAR
            count.in_any_time += nearest <= NEAR
        if nearest > NEAR:
            verdict.misplaced.append((label, found.offset))
    for names, found in pairs.items():
        if names[0] not in files or names[1] not in files:
            verdict.unknown += [name for name in names if name not in files]
        elif names not in told and names not in ignored:
            kind = likeness(files[names[0]], files[names[1]])
            verdict.wrong[kind, found.tier] += 1
            verdict.wrong_pairs.append((names, found, kind))
    return verdict


def stretches(label: dict[str, Any]) -> list[list[float]]:
    return label.get("stretches") or [[label[k] for k in ("a0", "a1", "b0", "b1")]]


def same_speed(stretch: list[float]) -> bool:
    a0, a1, b0, b1 = stretch
    return a1 != a0 and abs((b1 - b0) / (a1 - a0) - 1) < SAME_SPEED


SHARED = {"ident_and_outro", "countdown_before", "titlecard"}


def likeness(a: dict[str, Any], b: dict[str, Any]) -> str:
    """What two files that show different footage have in common: why they were taken for it."""
    flags = set(a["flags"]), set(b["flags"])
    if a["transform"] == b["transform"] and a["transform"] in SHARED:
        return "same intro"
    if set(a["groups"]) & set(b["groups"]):
        return f"same {min(set(a['groups']) & set(b['groups']))}"
    if a["transform"] == b["transform"] == "negative":
        return "two negatives"
    if a["transform"] == b["transform"] and a["kind"] == "derived":
        return "same treatment"
    for flag in ("black", "slide", "pattern", "screen", "dark"):
        if flag in flags[0] and flag in flags[1]:
            return f"both {flag}"
    return "unrelated"


def show(verdict: Verdict) -> None:
    v = verdict
    print(
        f"precision {v.precision:.4f}  recall {v.recall:.4f}  F1 {v.f1:.4f}  "
        f"found {v.total.found} of {v.total.wanted}, wrong {v.wrong.total()}, "
        f"pairs of copies {v.cross}" + (f", unknown names {len(v.unknown)}" if v.unknown else "")
    )
    for tier, count in sorted(v.by_tier.items()):
        print(f"tier {tier}: {count.found}/{count.wanted} = {ratio(count.found, count.wanted):.3f}")
    t = v.total
    print(
        f"offset within {NEAR:g} s: {t.in_time}/{t.timed} = {ratio(t.in_time, t.timed, 1):.3f} "
        f"(any place that shows it: {t.in_any_time}/{t.timed})"
    )
    sure = [f"{n} {v.right[n]}" for n in TIERS]
    wrong = {n: sum(c for (_, s), c in v.wrong.items() if s == n) for n in TIERS}
    print(f"found by tier: {', '.join(sure)}; wrong: {', '.join(f'{n} {wrong[n]}' for n in TIERS)}")
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for (kind, how), number in v.wrong.items():
        kinds[kind][how] += number
    for kind, hows in sorted(kinds.items(), key=lambda item: -item[1].total()):
        print(f"  wrong, {kind}: {', '.join(f'{hows[n]} {n}' for n in TIERS if hows[n])}")
    print(f"{'transform':28}{'tier':>4}{'wanted':>8}{'found':>7}{'recall':>8}{'offsets':>9}")
    for name, count in sorted(v.by_transform.items(), key=lambda i: (v.tier_of[i[0]], i[0])):
        offsets = f"{count.in_any_time}/{count.timed}" if count.timed else "-"
        print(
            f"{name:28}{v.tier_of[name]:>4}{count.wanted:>8}{count.found:>7}"
            f"{ratio(count.found, count.wanted):>8.2f}{offsets:>9}"
        )


def show_missed(verdict: Verdict) -> None:
    for label in verdict.missed:
        print(f"missed {label['relation']} (tier {label['tier']}): {label['a']}  {label['b']}")
    for label, offset in verdict.misplaced:
        right = label["b0"] - label["a0"]
        print(f"offset {offset:.2f} for {right:.2f}: {label['a']}  {label['b']}")


def show_wrong(verdict: Verdict) -> None:
    for (a, b), found, kind in sorted(verdict.wrong_pairs, key=lambda w: -w[1].score):
        print(f"wrong ({kind}) {found.tier}, {found.relation}, {found.score:.2f}: {a}  {b}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--missed", action="store_true", help="name what was not found")
    parser.add_argument("--wrong", action="store_true", help="name what was found wrongly")
    options = parser.parse_args()
    labels = json.loads(options.labels.read_text())
    verdict = judge(labels, load_pairs(json.loads(options.pairs.read_text())))
    show(verdict)
    if options.missed:
        show_missed(verdict)
    if options.wrong:
        show_wrong(verdict)


if __name__ == "__main__":
    main()
