"""CPU of an exact seek and of a keyframe's picture, against mpv on the same targets.

    python tests/bench/player/seek.py [--material DIR] [--targets 12] [--variant NAME]...

mpv: paused, --vo=null, "seek X absolute+exact" to the middle of the frame, waited for; the CPU
of its process. Ours: ``frames(i, i, prefix=False)`` from a full stop, picture converted to
960 x 540. Medians and sums of the same random frames; both on all processors.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.player.material import VARIANTS, variant
from tests.bench.player.mpv import Mpv
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import FrameSource

SIZE = (960, 540)


def opened(path: Path) -> FrameSource:
    inspection = inspect_file(str(path))
    return open_source(str(path), inspection.facts, inspection.index)


def cost(source: FrameSource, at: int, *, prefix: bool = False) -> float:
    """CPU seconds until frame ``at`` is there."""
    start = time.process_time()
    for _ in source.frames(at, at, SIZE, prefix=prefix):
        pass
    return time.process_time() - start


def ours(path: Path, targets: list[int]) -> tuple[float, float, float]:
    """CPU seconds of all exact seeks, with the prefix, and of the keyframes before."""
    source = opened(path)
    exact = whole = keys = 0.0
    for at in targets:
        keys += cost(source, source.keyframe_before(at))
        exact += cost(source, at)
    for at in targets:
        cost(source, source.keyframe_before(at))
        whole += cost(source, at, prefix=True)
    source.close()
    return exact, whole, keys


def theirs(path: Path, times: list[float]) -> float:
    with Mpv(path) as player:
        player.wait_for("playback-restart")
        player.seek(times[-1])
        start = player.cpu_seconds()
        for at in times:
            player.seek(at)
        return player.cpu_seconds() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--material", type=Path)
    parser.add_argument("--targets", type=int, default=12)
    parser.add_argument("--variant", action="append", choices=sorted(VARIANTS))
    options = parser.parse_args()
    print("CPU ms a seek")
    heads = ("mpv", "exact", "ratio", "+prefix", "keyframe", "of exact")
    print(f"{'clip':14}{''.join(f'{head:>10}' for head in heads)}")
    for name in options.variant or VARIANTS:
        path = variant(name, options.material)
        source = opened(path)
        chance = random.Random(name)
        targets = [chance.randrange(2, source.count - 2) for _ in range(options.targets)]
        times = [source.starts[at] + source.durations[at] / 2 for at in targets]
        source.close()
        mpv = theirs(path, times)
        exact, whole, keys = ours(path, targets)
        each = [1000 * seconds / len(targets) for seconds in (mpv, exact, whole, keys)]
        print(
            f"{name:14}{each[0]:10.0f}{each[1]:10.0f}{exact / mpv:10.2f}{each[2]:10.0f}"
            f"{each[3]:10.1f}{keys / exact:10.3f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
