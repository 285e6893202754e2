"""Runs ``vidcache fingerprint`` over a labelled folder and says how good what it found is.

    python -m tests.bench.matching.accuracy DIR [LABELS] [--pairs OUT] [--missed] [--wrong]

Where the benchmark's own ``score.py`` lies beside the repository, its figures are printed, too.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.matching.command import run
from tests.bench.matching.judge import judge, load_pairs, show, show_missed, show_wrong

OFFICIAL = Path(__file__).parents[4] / "shared/bench/score.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path, nargs="?", help="DIR/labels.json without it")
    parser.add_argument("--pairs", type=Path, help="keep what was found here")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--official", type=Path, default=OFFICIAL)
    parser.add_argument("--missed", action="store_true", help="name what was not found")
    parser.add_argument("--wrong", action="store_true", help="name what was found wrongly")
    options = parser.parse_args()
    labels_file = options.labels or options.folder / "labels.json"
    with tempfile.TemporaryDirectory() as scratch:
        found = options.pairs or Path(scratch) / "pairs.json"
        cost = run(options.folder, found, options.jobs)
        verdict = judge(
            json.loads(labels_file.read_text()), load_pairs(json.loads(found.read_text()))
        )
        print(f"{cost.cpu:.1f} s of CPU, {cost.wall:.1f} s by the clock")
        show(verdict)
        if options.missed:
            show_missed(verdict)
        if options.wrong:
            show_wrong(verdict)
        if options.official.exists():
            print(f"\n{options.official.name}:", flush=True)
            subprocess.run([sys.executable, options.official, labels_file, found], check=True)


if __name__ == "__main__":
    main()
