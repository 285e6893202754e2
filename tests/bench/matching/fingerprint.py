"""Fingerprinting against vpdq on the same files: seconds of video per second of processor time.

    python tests/bench/matching/fingerprint.py FOLDER [--vpdq PYTHON] [--every N] [--runs N]

FOLDER holds a ``labels.json`` with the ``seconds`` of each file. PYTHON is an interpreter that
can import ``vpdq``; it hashes one picture a second, as its makers do. Runs alternate, so that a
busy machine is unfair to both alike; figures are medians. Frame folders count for us only.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

OURS = """
import sys, time, pathlib
sys.path.insert(0, sys.argv[1])
import av
from vidcache_gui.errors import UserError
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.look import fingerprint_file, fingerprint_frames
av.logging.set_libav_level(av.logging.PANIC)
size = pictures = 0
for path in sys.stdin.read().split("\\n"):
    try:
        if pathlib.Path(path).is_dir():
            paths = sorted(map(str, pathlib.Path(path).iterdir()))
            look = fingerprint_frames(paths, [1 / 8] * len(paths))
        else:
            look = fingerprint_file(path)
    except UserError as error:
        print(path, error, file=sys.stderr)
        continue
    if look.fingerprint:
        size += len(look.fingerprint)
        pictures += len(Fingerprint.from_bytes(look.fingerprint))
print(time.process_time(), size, pictures)
"""

VPDQ = """
import sys, time, vpdq
for path in sys.stdin.read().split("\\n"):
    try:
        vpdq.computeHash(path, seconds_per_hash=1)
    except Exception as error:
        print(path, error, file=sys.stderr)
print(time.process_time(), 0, 0)
"""


def run(python: str, program: str, paths: list[Path]) -> list[float]:
    """[processor seconds, bytes, pictures], with what starting and importing takes."""
    answer = subprocess.run(
        [python, "-c", program, str(ROOT)], input="\n".join(map(str, paths)), text=True,
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return [float(word) for word in answer.stdout.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vpdq", help="an interpreter with vpdq")
    parser.add_argument("--every", type=int, default=1, help="take one file of so many")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    files = json.loads((options.folder / "labels.json").read_text())["files"]
    names = list(files)[:: options.every]
    paths = [options.folder / name for name in names]
    videos = [path for path in paths if path.is_file()]
    seconds = sum(files[name]["seconds"] for name in names)
    watched = sum(files[str(path.relative_to(options.folder))]["seconds"] for path in videos)
    ours, theirs = [], []
    size = pictures = 0.0
    for _ in range(options.runs):
        if options.vpdq:
            theirs.append(watched / run(options.vpdq, VPDQ, videos)[0])
        cpu, size, pictures = run(sys.executable, OURS, paths)
        ours.append(seconds / cpu)
    say = sys.stdout.write
    say(f"{len(paths)} files, {seconds:.0f} s, {options.runs} alternating runs\n")
    say(f"VidCache: {statistics.median(ours):.0f} s of video per CPU second\n")
    if theirs:
        ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
        say(f"vpdq: {statistics.median(theirs):.0f}; VidCache is {ratio:.2f} times as fast\n")
    say(f"{pictures / seconds:.1f} pictures a second, {size / pictures:.0f} bytes each, ")
    say(f"{size / len(paths) / 1024:.1f} KiB an item\n")


if __name__ == "__main__":
    main()
