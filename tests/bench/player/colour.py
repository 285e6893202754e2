"""Error of shown colours against the exact ones, for every matrix, range, depth and sampling.

    python tests/bench/player/colour.py

In steps of 255, over 3600 random flat colours each; at full size and at half.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.media.colours import BT601, BT709, BT2020, CASES, FULL, LIMITED, UNTAGGED, errors

SPACES = {BT709: "BT.709", BT601: "BT.601", BT2020: "BT.2020", UNTAGGED: "untagged"}
BAR = 3.0


def main() -> int:
    print(
        f"{'format':14}{'matrix':10}{'range':9}{'size':11}{'max':>6}{'mean':>6}{'half':>7}{'mean':>6}"
    )
    worst = 0.0
    for case in CASES:
        full, half = errors(case), errors(case, half=True)
        worst = max(worst, full.max(), half.max())
        levels = {FULL: "full", LIMITED: "limited"}.get(case.range, "unsaid")
        size = f"{case.size[0]}x{case.size[1]}"
        print(
            f"{case.pixels:14}{SPACES[case.space]:10}{levels:9}{size:11}"
            f"{full.max():6.2f}{full.mean():6.2f}{half.max():7.2f}{half.mean():6.2f}"
        )
    print(f"worst {worst:.2f} of 255")
    return 0 if worst <= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
