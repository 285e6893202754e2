"""Hash-while-copy against ``cp`` and then ``b3sum`` on the same file.

    python tests/bench/hash_copy.py [--size MIB] [--runs N] [--folder DIR]

Every contender copies the file into the same folder and names its BLAKE3; with and without
the sync that makes the copy durable. Runs alternate, so that a busy machine is unfair to all
alike; figures are medians, ratios are medians of the pairs of one round. The
file is read from the page cache: what is compared is work, not a disk.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from vidcache_gui.cancel import CancelToken
from vidcache_gui.media.hashing import copy_and_hash

MIB = 1024 * 1024
Cost = tuple[float, float]  # wall seconds, CPU seconds


def cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(work: Callable[[], str]) -> tuple[Cost, str]:
    os.sync()  # what the last run left dirty is not this run's to pay
    wall, cpu = time.perf_counter(), cpu_seconds()
    digest = work()
    return (time.perf_counter() - wall, cpu_seconds() - cpu), digest


def hash_while_copying(source: Path, copy: Path, durable: bool) -> str:
    with source.open("rb") as file, copy.open("wb", buffering=0) as out:
        digests = copy_and_hash(file, out, token=CancelToken(), on_bytes=lambda _: None)
        if durable:
            os.fsync(out.fileno())
    return digests.blake3


def cp_then_b3sum(source: Path, copy: Path, durable: bool, threads: int | None) -> str:
    subprocess.run(["cp", source, copy], check=True)
    if durable:
        subprocess.run(["sync", copy], check=True)
    command = ["b3sum", "--no-names"]
    if threads is not None:
        command += ["--num-threads", str(threads)]
    return subprocess.run(
        [*command, copy], check=True, capture_output=True, text=True
    ).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB (default 1024)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to work (default: temporary)")
    options = parser.parse_args()
    if shutil.which("b3sum") is None:
        sys.exit("b3sum is not installed (Debian: apt install b3sum)")
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        report(Path(name), options.size, options.runs)


def report(folder: Path, size: int, runs: int) -> None:
    source, copy = folder / "source", folder / "copy"
    with source.open("wb") as file:
        for _ in range(size):
            file.write(os.urandom(MIB))
    say = sys.stdout.write
    load = os.getloadavg()[0]
    say(f"{size} MiB, {runs} alternating runs, {os.cpu_count()} cores, load {load:.1f}\n\n")
    say("| | wall s | CPU s | wall ratio | CPU ratio | best wall s | best CPU s |\n")
    say("|---|---|---|---|---|---|---|\n")
    for durable in (False, True):
        costs = compare(contenders(source, copy, durable), copy, runs)
        ours = costs["hash while copying"]
        for label, theirs in costs.items():
            ratios = [
                [mine[k] / other[k] for mine, other in zip(ours, theirs, strict=True)]
                for k in (0, 1)
            ]
            cells = [label + (" (synced)" if durable else "")]
            cells += [f"{statistics.median(cost[k] for cost in theirs):.2f}" for k in (0, 1)]
            cells += [f"{statistics.median(found):.2f}" for found in ratios]
            best = [min(cost[k] for cost in theirs) for k in (0, 1)]
            cells += [f"{found:.2f}" for found in best]
            say("| " + " | ".join(cells) + " |\n")
    say("\nRatio: hash-while-copy divided by that row; below 1 we are cheaper.\n")


def contenders(source: Path, copy: Path, durable: bool) -> dict[str, Callable[[], str]]:
    return {
        "hash while copying": lambda: hash_while_copying(source, copy, durable),
        "cp, b3sum": lambda: cp_then_b3sum(source, copy, durable, None),
        "cp, b3sum, 1 thread": lambda: cp_then_b3sum(source, copy, durable, 1),
    }


def compare(works: dict[str, Callable[[], str]], copy: Path, runs: int) -> dict[str, list[Cost]]:
    costs: dict[str, list[Cost]] = {label: [] for label in works}
    digests = set()
    for run in range(runs + 1):
        for label, work in works.items():
            cost, digest = measured(work)
            digests.add(digest)
            copy.unlink()
            if run:  # the first round warms up
                costs[label].append(cost)
    if len(digests) != 1:
        raise SystemExit(f"the contenders disagree: {digests}")
    return costs


if __name__ == "__main__":
    main()
