"""Video seconds per CPU second of ``vidcache fingerprint`` against vpdq, in turns.

    python -m tests.bench.matching.speed DIR --vpdq-python VENV/bin/python [--rounds 5]

DIR holds labels.json, which says how long the files are. What is timed is the CPU of whole
processes with all their children: our command with its matching, our fingerprints alone, and
vpdq's hashes of one picture a second (its default; it cannot read folders of pictures, which
count for us only). The machine's mood shifts between rounds, so read the ratios.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.matching.command import Cost, run, timed

OURS_ALONE = """
import sys
from pathlib import Path
from vidcache_gui.media.fingerprint.look import fingerprint_file
for name in Path(sys.argv[1]).read_text().splitlines():
    fingerprint_file(name)
"""
VPDQ = """
import sys, vpdq
done = []
for name in open(sys.argv[1]).read().splitlines():
    try:
        vpdq.computeHash(name, seconds_per_hash=1)
        done.append(name)
    except Exception:
        pass
open(sys.argv[2], "w").write("\\n".join(done))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vpdq-python", required=True, help="a Python that has vpdq")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    labels: dict[str, Any] = json.loads((options.folder / "labels.json").read_text())
    seconds = {options.folder / name: f["seconds"] for name, f in labels["files"].items()}
    files = [path for path in seconds if path.is_file()]
    whole, alone = sum(seconds.values()), sum(seconds[path] for path in files)
    print(f"{len(seconds)} items, {whole:.0f} video seconds; {len(files)} of them are files")
    with tempfile.TemporaryDirectory() as scratch:
        listed, read = Path(scratch) / "files", Path(scratch) / "read"
        listed.write_text("\n".join(map(str, files)))
        rates: dict[str, list[float]] = {"with matching": [], "fingerprints": [], "vpdq": []}
        for number in range(options.rounds):
            theirs = timed([options.vpdq_python, "-c", VPDQ, listed, read])
            could = [Path(name) for name in read.read_text().splitlines()]
            ours = run(options.folder, Path(scratch) / "pairs.json", options.jobs)
            bare = timed([sys.executable, "-c", OURS_ALONE, listed])
            rates["vpdq"].append(sum(seconds[p] for p in could) / theirs.cpu)
            rates["with matching"].append(whole / ours.cpu)
            rates["fingerprints"].append(alone / bare.cpu)
            said = [said_of(n, c) for n, c in zip(rates, (ours, bare, theirs), strict=True)]
            print(f"round {number + 1}: {'; '.join(said)}; vpdq read {len(could)} files")
    base = rates["vpdq"]
    for name, values in rates.items():
        ratios = [value / other for value, other in zip(values, base, strict=True)]
        print(
            f"{name:14} {statistics.median(values):7.1f} video s per CPU s, "
            f"{statistics.median(ratios):5.2f} times vpdq ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def said_of(name: str, cost: Cost) -> str:
    return f"{name} {cost.cpu:.1f} s CPU"


if __name__ == "__main__":
    main()
