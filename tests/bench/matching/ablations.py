"""What each part of the matcher buys: parts are switched off one at a time.

    python -m tests.bench.matching.ablations DIR [--only NAME …] [--out TABLE.md]

The fingerprints of DIR (with its labels.json) are made once and kept there; every row of the
Markdown table is one comparison of all with all, in this process, with other settings.
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unittest import mock

from tests.bench.matching.cached import looked
from tests.bench.matching.judge import TIERS, Found, Names, Verdict, judge, ratio
from vidcache_gui.core.similar import folder as plain_folder
from vidcache_gui.core.similar.folder import Folder, Pair, compare_all
from vidcache_gui.matching.matcher import Matcher
from vidcache_gui.matching.records import Relation
from vidcache_gui.matching.settings import Settings

PARTS: list[tuple[str, dict[str, Any]]] = [
    ("everything", {}),
    ("no mirrored or turned footage", {"turned": False}),
    ("bars are not taken off", {"content": False}),
    ("no crops", {"crops": False}),
    ("one speed only", {"speeds": False}),
    ("no reversed footage", {"reverse": False}),
    ("pictures are not registered", {"registration": False}),
    ("what moves is not compared", {"dynamic": False}),
    ("one segment a pair", {"most_segments": 1}),
    ("one pairing of views", {"most_views": 1}),
    ("one vote suffices", {"search_votes": 1}),
    ("search within 4 bits", {"search_radius": 4}),
    ("search within 10 bits", {"search_radius": 10}),
]
HEAD = ("precision", "recall", "F1", "tier 1", "tier 2", "tier 3", "offset", "wrong", "CPU s")


@contextmanager
def deciding_by(settings: Settings) -> Iterator[None]:
    """The command compares with its own settings; here it is given others."""

    def matcher(index: Any, load: Any) -> Matcher:
        return Matcher(index, load, settings)

    with mock.patch.object(plain_folder, "matcher_over", matcher):
        yield


def found_pairs(seen: Folder, settings: Settings) -> dict[Names, Found]:
    """What the command would write, without the pairs that only share a segment."""
    with deciding_by(settings):
        pairs = compare_all(seen, on_progress=lambda *_: None)
    return {(p.a, p.b): told(p) for p in pairs if p.match.relation is not Relation.SHARED}


def told(pair: Pair) -> Found:
    match = pair.match
    return Found(match.score, pair.offset, match.relation.value, match.tier.value)


def rows(seen: Folder, labels: dict[str, Any], only: list[str]) -> Iterator[str]:
    known = {field.name for field in fields(Settings)}
    yield "| part | " + " | ".join(HEAD) + " |"
    yield "|---" * (len(HEAD) + 1) + "|"
    for name, changes in PARTS:
        if only and name not in only:
            continue
        if unknown := set(changes) - known:
            raise SystemExit(f"{name}: Settings has no {', '.join(sorted(unknown))}")
        start = time.process_time()
        pairs = found_pairs(seen, replace(Settings(), **changes))
        cost = time.process_time() - start
        yield f"| {name} | " + " | ".join(cells(judge(labels, pairs), cost)) + " |"


def cells(verdict: Verdict, cost: float) -> list[str]:
    total = verdict.total
    tiers = [verdict.by_tier[tier] for tier in (1, 2, 3)]
    wrong = [sum(n for (_, s), n in verdict.wrong.items() if s == tier) for tier in TIERS]
    return [
        f"{verdict.precision:.4f}",
        f"{verdict.recall:.3f}",
        f"{verdict.f1:.4f}",
        *[f"{ratio(tier.found, tier.wanted):.3f}" for tier in tiers],
        f"{ratio(total.in_any_time, total.timed, 1):.3f}",
        "/".join(map(str, wrong)),
        f"{cost:.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], help="a row by its name")
    parser.add_argument("--out", type=Path, help="write the table here, too")
    options = parser.parse_args()
    labels = json.loads((options.folder / "labels.json").read_text())
    table = []
    for row in rows(looked(options.folder), labels, options.only):
        print(row, flush=True)
        table.append(row)
    print("\nwrong: certain/likely/look. CPU: of all pairs of the set, without decoding.")
    if options.out:
        options.out.write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
