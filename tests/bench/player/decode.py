"""CPU of decoding and converting to display size, against ffmpeg decoding alone.

    python tests/bench/player/decode.py [--material DIR] [--frames 240] [--rounds 3]

ffmpeg: "-i clip -frames:v N -f null -" of the command installed. Ours: ``frames(0, N - 1)`` at
960 x 540 BGRA. Both on as many threads as they like; medians of rounds taken in turns.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.player.material import VARIANTS, bunny, variant
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source

SIZE = (960, 540)


def theirs(path: Path, frames: int) -> float:
    """CPU seconds of the ffmpeg command, its children's time before and after."""
    before = os.times()
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-an"]
    subprocess.run([*command, "-frames:v", str(frames), "-f", "null", "-"], check=True)
    after = os.times()
    return (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )


def ours(path: Path, frames: int, size: tuple[int, int] | None) -> float:
    inspection = inspect_file(str(path))
    start = time.process_time()
    source = open_source(str(path), inspection.facts, inspection.index)
    for _ in source.frames(0, frames - 1, size):
        pass
    source.close()
    return time.process_time() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--material", type=Path)
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"CPU ms a frame\n{'clip':14}{'ffmpeg':>8}{'960x540':>9}{'ratio':>7}{'full size':>11}")
    clips = {"film": bunny(options.material)}
    clips.update({name: variant(name, options.material) for name in VARIANTS})
    for name, path in clips.items():
        frames = min(options.frames, inspect_file(str(path)).facts.frame_count)
        rounds = [
            (theirs(path, frames), ours(path, frames, SIZE), ours(path, frames, None))
            for _ in range(options.rounds)
        ]
        null, small, full = (statistics.median(times) for times in zip(*rounds, strict=True))
        each = [1000 * seconds / frames for seconds in (null, small, full)]
        print(
            f"{name:14}{each[0]:8.2f}{each[1]:9.2f}{small / null:7.2f}{each[2]:11.2f}", flush=True
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
