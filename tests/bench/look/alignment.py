"""Whether the comparison shows the frame of B that belongs to a frame of A, against labels.

    python tests/bench/look/alignment.py FOLDER [--every N] [--times N]

FOLDER holds labels.json and the footage it names (the form of ``tests/bench/matching``). Each
labelled pair is matched by fingerprints, laid out as the comparison lays it out, and asked at some
times of the labelled stretch which frame of B it shows: right is the labelled frame or one beside
it where both run at the same speed, and a frame within 0.1 s elsewhere. Told for the match as it
comes and placed to the frame, by kind of change, with the pairs that are wrong. Pairs without a
match are counted apart: there is nothing to lay out.
"""

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from vidcache_gui.gui.compare.ahead import Ask
from vidcache_gui.gui.compare.fine import refine
from vidcache_gui.gui.compare.line import Line
from vidcache_gui.gui.compare.pair import frame_at
from vidcache_gui.gui.compare.timemap import TimeMap
from vidcache_gui.gui.player.timing import Timing
from vidcache_gui.matching.matcher import compare
from vidcache_gui.matching.records import Match
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.look import fingerprint_file
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import FrameSource

SAME_SPEED = 0.02
NEAR = 0.1  # seconds, where speeds differ
HALF = 0.6  # a frame and so much of another is still "one beside it": labels are rounded


@dataclass
class Tally:
    asked: int = 0
    raw: int = 0
    fine: int = 0
    right_pairs: list[bool] = field(default_factory=list)


class Files:
    """Footage of a folder, each looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.opener = cache(self._opener)
        self.timing = cache(self._timing)
        self.print = cache(self._print)

    def _opener(self, name: str) -> Callable[[], FrameSource]:
        path = str(self._folder / name)
        found = inspect_file(path)
        return lambda: open_source(path, found.facts, found.index)

    def _timing(self, name: str) -> Timing:
        source = self.opener(name)()
        try:
            return Timing.of(list(source.durations))
        finally:
            source.close()

    def _print(self, name: str) -> Fingerprint | None:
        made = fingerprint_file(str(self._folder / name)).fingerprint
        return Fingerprint.from_bytes(made) if made is not None else None


def right(label: dict[str, Any], match: Match, a: Timing, b: Timing, times: int) -> list[bool]:
    """At some times of A: whether the labelled frame of B is shown."""
    line = Line(a, b, TimeMap.of(match))
    a0, a1, b0, b1 = (label[name] for name in ("a0", "a1", "b0", "b1"))
    rate = (b1 - b0) / (a1 - a0)
    found = []
    for number in range(times):
        second = min(a0, a1) + abs(a1 - a0) * (number + 0.5) / times
        frame = min(max(frame_at(a, second, 0.0), 0), a.count - 1)
        # What is labelled are edges: the middle of a frame of A is the middle of one of B.
        middle = b0 + (a.start(frame) + a.duration(frame) / 2 - a0) * rate
        pair = line.pair(line.place_of_a(frame))
        if pair.b is None:
            found.append(False)
            continue
        apart = abs(b.start(pair.b) + b.duration(pair.b) / 2 - middle)
        longer = max(a.duration(frame), b.duration(pair.b))
        same = abs(abs(rate) - 1) < SAME_SPEED
        found.append(apart <= (longer * (1 + HALF) if same else max(NEAR, longer)))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only one label in so many")
    parser.add_argument("--cross", type=int, default=8, help="one pair of two copies in so many")
    parser.add_argument("--times", type=int, default=9, help="asked in a pair")
    options = parser.parse_args()
    labels = json.loads((options.folder / "labels.json").read_text())["pairs"]
    copies = [label for label in labels if label["relation"] == "cross"]
    wanted = [label for label in labels if label["relation"] != "cross"] + copies[:: options.cross]
    files = Files(options.folder)
    tallies: dict[str, Tally] = defaultdict(Tally)
    unmatched, spent, left_out = 0, [], 0
    for label in wanted[:: options.every]:
        names = label["a"], label["b"]
        if any((options.folder / name).is_dir() for name in names):
            left_out += 1
            continue
        prints = [files.print(name) for name in names]
        match = compare(prints[0], prints[1]).match if None not in prints else None
        if match is None:
            unmatched += 1
            continue
        begun = time.process_time()
        ask = Ask((files.opener(names[0]), files.opener(names[1])), TimeMap.of(match))
        placed = refine(match, ask, lambda: False)
        spent.append(time.process_time() - begun)
        a, b = (files.timing(name) for name in names)
        raw, fine = (right(label, one, a, b, options.times) for one in (match, placed))
        speed = "same" if abs(abs(label["rate"]) - 1) < SAME_SPEED else "other"
        for key in (f"all, {speed} speed", label["relation"]):
            tally = tallies[key]
            tally.asked += len(raw)
            tally.raw += sum(raw)
            tally.fine += sum(fine)
            tally.right_pairs.append(sum(fine) > len(fine) * 0.75)
        if sum(fine) <= len(fine) * 0.75:
            print(f"wrong  {label['relation']:16} {names[0]}  {names[1]}  "
                  f"{sum(raw)} then {sum(fine)} of {len(fine)}")  # fmt: skip
    print(f"{'':22}pairs  frames right: as matched, to the frame   pairs right")
    for key in sorted(tallies, key=lambda name: (not name.startswith("all"), name)):
        tally = tallies[key]
        print(f"{key:22}{len(tally.right_pairs):5}  {tally.raw / tally.asked:20.3f} "
              f"{tally.fine / tally.asked:16.3f} "
              f"{statistics.mean(tally.right_pairs):14.3f}")  # fmt: skip
    print(f"without a match: {unmatched}; left out (folders of frames): {left_out}; placing one to "
          f"the frame: {statistics.median(spent):.2f} s of CPU in the median, "
          f"{max(spent):.2f} at most")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
