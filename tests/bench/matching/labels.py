"""Which pairs of files show the same, from what each file shows of the sources.

The form is that of the benchmark's own labels, so that its ``score.py`` reads them; ``stretches``
is ours: every stretch that a pair has in common, where the benchmark names the longest only.
"""

from dataclasses import dataclass
from typing import Any

from tests.bench.matching.recipe import Stretch

ENOUGH = 2.0  # seconds in common that make a pair
ENOUGH_PART = 0.6  # or this part of the shorter file
ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class File:
    """``flags`` and ``groups`` say what it looks like; a negative shows itself only."""

    kind: str
    transform: str
    tier: int
    seconds: float
    flags: tuple[str, ...]
    groups: tuple[str, ...]
    stretches: tuple[Stretch, ...]

    def record(self) -> dict[str, Any]:
        segments = []
        for s in self.stretches:
            times = {n: round(getattr(s, n), 3) for n in ("s0", "s1", "f0", "f1")}
            segments.append(
                {"src": s.source, **times, **({"as": s.relation} if s.relation else {})}
            )
        return {
            "kind": self.kind,
            "transform": self.transform,
            "tier": self.tier,
            "seconds": round(self.seconds, 2),
            "flags": list(self.flags),
            "groups": list(self.groups),
            "segments": segments,
        }


def common(a: Stretch, b: Stretch) -> tuple[float, float, float, float] | None:
    """a0, a1, b0, b1 of what two stretches of one source have in common."""
    low, high = max(a.s0, b.s0), min(a.s1, b.s1)
    if high <= low:
        return None

    def seen(s: Stretch, time: float) -> float:
        return s.f0 + (time - s.s0) * (s.f1 - s.f0) / (s.s1 - s.s0)

    return seen(a, low), seen(a, high), seen(b, low), seen(b, high)


def pair(name_a: str, a: File, name_b: str, b: File) -> dict[str, Any] | str:
    """The label of two files, or "ignore", or "negative"."""
    both = [(x, y) for x in a.stretches for y in b.stretches if x.source == y.source]
    if not both:
        return "ignore" if "black" in a.flags and "black" in b.flags else "negative"
    found = [(x, y, seen) for x, y in both if (seen := common(x, y)) is not None]
    # Seconds of the sources, counted once however often a loop shows them.
    spans: dict[str, list[tuple[float, float]]] = {}
    for x, y, _ in found:
        spans.setdefault(x.source, []).append((max(x.s0, y.s0), min(x.s1, y.s1)))
    total = sum(map(_length, spans.values()))
    if total < ENOUGH - 1e-6 and total < ENOUGH_PART * min(a.seconds, b.seconds):
        return "ignore"
    x, y, best = max(found, key=lambda one: one[2][1] - one[2][0])
    if ORIGINAL in (a.transform, b.transform):
        copy, stretch = (b, y) if a.transform == ORIGINAL else (a, x)
        relation = stretch.relation or copy.transform
        tier = stretch.tier or copy.tier
    else:
        relation, tier = "cross", max(a.tier, b.tier)
    a0, a1, b0, b1 = (round(time, 2) for time in best)
    return {
        "a": name_a,
        "b": name_b,
        "relation": relation,
        "tier": tier,
        "a0": a0,
        "a1": a1,
        "b0": b0,
        "b1": b1,
        "rate": round((b1 - b0) / (a1 - a0), 4) if a1 != a0 else None,
        "static": bool({"static", "pattern"} & {*a.flags, *b.flags}),
        "stretches": [[round(t, 2) for t in seen] for _, _, seen in found],
    }


def _length(spans: list[tuple[float, float]]) -> float:
    """What spans that may overlap cover together."""
    total, end = 0.0, float("-inf")
    for low, high in sorted(spans):
        total += max(0.0, high - max(low, end))
        end = max(end, high)
    return total


def labels(files: dict[str, File], unsure: set[frozenset[str]]) -> dict[str, Any]:
    """``unsure``: pairs of sources of which nobody knows whether they share footage."""
    names = sorted(files)
    pairs, ignore = [], []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            told = pair(a, files[a], b, files[b])
            if isinstance(told, dict):
                pairs.append(told)
                continue
            sources = {
                frozenset((x.source, y.source))
                for x in files[a].stretches
                for y in files[b].stretches
            }
            if told == "ignore" or sources & unsure:
                ignore.append([a, b])
    records = {name: files[name].record() for name in names}
    return {"split": "hard", "files": records, "pairs": pairs, "ignore": ignore}
