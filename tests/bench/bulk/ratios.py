"""Bulk jobs against the same through direct calls: ratios of CPU time in one run.

    python -m tests.bench.bulk.ratios [--items N] [--puts N]

Tags: one job of N items, against one call for each item and one call for all of them. Puts: a
job of N small pictures, against one ingest of them (both store, inspect and compare each).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.core.catalogs import add_item
from vidcache_gui.core.library import Library


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU seconds of this process, wall seconds)"""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def tags(folder: Path, count: int) -> None:
    with Library.open(folder) as library:
        with library._database.write():
            ids = [add_item(library._database, f"clip {n}.mp4") for n in range(count)]

        def bulk() -> None:
            items = (library.bulk_item("tag", item=id, tags="bulk") for id in ids)
            library.add_to_bulk("tags", items)
            assert library.await_bulk("tags").job.succeeded == count

        some = ids[: max(1, count // 20)]

        def one_by_one() -> None:
            for id in some:
                library.tag([id], add=["single"])

        times = spent(bulk), spent(one_by_one), spent(lambda: library.tag(ids, add=["all"]))
    for part, name in enumerate(("CPU", "wall")):
        job, single, whole = (each[part] for each in times)
        single *= count / len(some)
        print(
            f"tag {count:,} items, {name}: job {job:.2f} s; one call each {single:.2f} s "
            f"(job {job / single:.3f} of it); one call for all {whole:.2f} s "
            f"(job {job / whole:.1f} times)"
        )


def puts(folder: Path, count: int) -> None:
    paths = {name: folder / name for name in ("bulk", "direct")}
    for colour, path in enumerate(paths.values()):
        path.mkdir(parents=True)
        for number in range(count):
            picture = Image.new("RGB", (8, 8), (number % 256, number // 256, colour))
            picture.save(path / f"{number:05}a.png")

    def bulk() -> None:
        with Library.open(folder / "library bulk") as library:
            sources = sorted(paths["bulk"].iterdir())
            library.add_to_bulk("in", (library.bulk_item("put", source=p) for p in sources))
            assert library.await_bulk("in").job.succeeded == count

    def direct() -> None:
        with Library.open(folder / "library direct") as library:
            for _ in library.ingest(sorted(paths["direct"].iterdir())):
                pass
            assert library.stats().items == count

    for name, job, other in zip(("CPU", "wall"), spent(bulk), spent(direct), strict=True):
        print(f"put {count:,} pictures, {name}: job {job:.1f} s, ingest {other:.1f} s "
              f"(job {job / other:.2f} of it)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--puts", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        tags(Path(temporary) / "tags", options.items)
        puts(Path(temporary) / "puts", options.puts)


if __name__ == "__main__":
    main()
