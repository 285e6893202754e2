"""The review queue with 100,000 matches: opening it, deciding, a rule's dry run and its acts.

    python -m tests.bench.review.queue [MATCHES …]

Prints processor time per size, and its ratio to the first one: what stays constant is near 1.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vidcache_gui.core.database import Database
from vidcache_gui.core.library import Library
from vidcache_gui.core.review.records import ReviewFilter, Rule
from vidcache_gui.matching.records import Relation

DATA = (
    '{"segments":[[[0.0,60.0,0.0,60.0],[false,0,[0.0,0.0,1.0,1.0],[0.0,0.0,1.0,1.0]],8.0,0.95,'
    '[[1.0,1.0,8],[20.0,20.0,8]]]],"reasons":["They move alike for 60 seconds."]}'
)


def fill(database: Database, matches: int) -> None:
    """Groups of two to six items that are all the same footage, until there are so many."""
    rng = random.Random(matches)
    items, pairs = [], []
    while len(pairs) < matches:
        size = rng.choice([2, 2, 2, 3, 4, 6])
        group = []
        for _ in range(size):
            number = len(items) + 1
            hash = f"{rng.getrandbits(256):064x}"
            height = rng.choice([480, 720, 1080])
            items.append((number, hash, f"film {number}.mp4", 1_000_000 + number, height))
            group.append(hash)
        tier = rng.choice(["certain", "certain", "likely", "look"])
        for n, a in enumerate(group):
            for b in group[n + 1 :]:
                doubt = rng.random() / 3
                pairs.append((min(a, b), max(a, b), tier, tier, 1 - doubt, doubt))
    with database.write() as db:
        db.execute_sql("INSERT OR IGNORE INTO bucket (id, name) VALUES (1, 'videos')")
        many = db.connection().executemany
        many(
            "INSERT INTO item (id, kind, hash, name, name_key, bucket_id, prefix, size, added_at, "
            "width, height, frame_count, duration, length, codec, mime, meta) "
            "VALUES (?1, 'video', ?2, ?3, ?3, 1, '', ?4, 0, 640, ?5, 1500, 60, 60, 'h264', "
            "'video/mp4', '{\"title\": \"t\"}')",
            items,
        )
        many("INSERT INTO blob VALUES (?, ?, NULL, 0)", [(one[1], one[3]) for one in items])
        many("INSERT INTO tag VALUES (?, ?)", [(one[0], f"tag {one[0] % 9}") for one in items])
        many(
            "INSERT INTO alias (item_id, source, kind, first_seen, last_seen) "
            "VALUES (?1, '/films/' || ?2, 'path', 0, 0)",
            [one[:2] for one in items],
        )
        many(
            'INSERT INTO "match" (hash_a, hash_b, relation, tier, found_relation, found_tier, '
            "score, doubt, coverage_a, coverage_b, data, found_at, round) VALUES "
            f"(?, ?, 're-encode', ?, 're-encode', ?, ?, ?, 1, 1, '{DATA}', 0, 0)",
            pairs,
        )


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1000


def measure(matches: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library"
        with Library.open(path) as library:
            fill(library._database, matches)
            _, figures["first page, nothing laid out yet"] = timed(library.review_groups)
        with Library.open(path) as library:
            groups, figures["first page"] = timed(library.review_groups)
            progress, figures["progress"] = timed(library.review_progress)
            print(f"  {progress}")
            after = groups[-1].place
            for _ in range(4):
                groups, figures["a later page"] = timed(
                    lambda: library.review_groups(after=after, limit=20)  # noqa: B023
                )
                after = groups[-1].place
            chosen = ReviewFilter(relation=Relation.RE_ENCODE, same_length=True, source="ff")
            _, figures["first page, filtered"] = timed(lambda: library.review_groups(chosen))
            keeps, undos, nexts = [], [], []
            for group in library.review_groups(limit=40):
                drop = [one.item_b.id for one in group.members]
                keep = group.keeper.id
                keeps.append(timed(lambda: library.keep(keep, drop))[1])  # noqa: B023
                nexts.append(timed(lambda: library.review_groups(limit=2))[1])
            for entry in reversed(library.history(40)):
                undos.append(timed(lambda: library.undo_entry(entry.id))[1])  # noqa: B023
            for name, found in (
                ("decision", keeps), ("next group after it", nexts), ("undo in any order", undos),
            ):  # fmt: skip
                figures[f"{name}, median"] = statistics.median(found)
                figures[f"{name}, p95"] = sorted(found)[int(0.95 * len(found))]
            steps: list[int] = []
            rule = Rule("larger", keep=("resolution",))
            report, figures["dry run"] = timed(
                lambda: library.dry_run(rule, lambda done, total: steps.append(done))
            )
            print(f"  dry run: {len(report.acts):,} acts, {report.removes:,} items go, "
                  f"told {len(steps)} times, {report.passed_over}")  # fmt: skip
            _, figures["acts of the rule"] = timed(lambda: library.apply(report))
            _, figures["taking all of it back"] = timed(library.undo)
            _, figures["first page after that"] = timed(library.review_groups)
    return figures


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or [1_000, 10_000, 100_000]
    first: dict[str, float] = {}
    for size in sizes:
        print(f"{size:,} matches")
        figures = measure(size)
        first = first or figures
        for name, ms in figures.items():
            print(f"  {name:36} {ms:10,.1f} ms   × {ms / first[name]:.1f}")


if __name__ == "__main__":
    main()
