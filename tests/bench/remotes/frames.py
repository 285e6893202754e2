"""170 frames put and fetched by our client from our server: kept connections against one each.

    python tests/bench/remotes/frames.py [--frames 170] [--bytes 17000] [--rounds 5]

Rounds alternate; figures are medians of wall time and of the client's own CPU time, and their
ratios. ``one each`` is the same client told to keep none, as the published ones do.
"""

import argparse
import functools
import hashlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.server.frames import ROOT, answering, free_port
from vidcache_gui.cancel import CancelToken
from vidcache_gui.interfaces.remotes import http
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import Sending, put_balls

RUN = "import sys; from vidcache_gui.interfaces.cli import main; sys.exit(main())"


def put(remote: Remote, ball_id: str, frames: list[bytes], workers: int) -> None:
    group = [
        Sending(
            NewBall("videos", f"{ball_id}_{n:03d}", ball_id, len(data),
                    hashlib.sha256(data).hexdigest(), {"frame_number": f"{n:03d}"}),
            functools.partial(io.BytesIO, data),
        )
        for n, data in enumerate(frames)
    ]  # fmt: skip
    put_balls(remote.balls, group, CancelToken(), workers=workers)


def fetch(remote: Remote, ball_id: str) -> None:
    for ball in remote.balls.group("videos", ball_id):
        remote.balls.load(ball)


def timed(act: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=170)
    parser.add_argument("--bytes", type=int, default=17_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-c", RUN, "--library", f"{folder}/library", "serve", "--port",
             str(port)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            answering(port)
            measure(f"http://127.0.0.1:{port}", args)
        finally:
            server.terminate()
            server.wait()


def measure(address: str, args: argparse.Namespace) -> None:
    costs: dict[str, list[tuple[float, float]]] = {}
    pooled = Remote.open(address)
    keep, http.KEEP = http.KEEP, 0.0
    single = Remote.open(address)
    http.KEEP = keep
    for place in range(args.rounds):
        for name, remote, workers in (
            ("kept", pooled, 1), ("one each", single, 1), ("kept, 4 at once", pooled, 4),
        ):  # fmt: skip
            ball_id = f"v{place}-{name.replace(' ', '').replace(',', '')}"
            frames = [os.urandom(args.bytes) for _ in range(args.frames)]
            sending = functools.partial(put, remote, ball_id, frames, workers)
            costs.setdefault(f"put, {name}", []).append(timed(sending))
            fetching = functools.partial(fetch, remote, ball_id)
            costs.setdefault(f"fetch, {name}", []).append(timed(fetching))
    for name, found in costs.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:24} {args.frames / wall:7.0f} frames/s, {wall:.2f} s wall, {cpu:.2f} s CPU")
    for way in ("put", "fetch"):
        pairs = zip(costs[f"{way}, one each"], costs[f"{way}, kept"], strict=True)
        walls, cpus = zip(*((a[0] / b[0], a[1] / b[1]) for a, b in pairs), strict=True)
        print(f"{way}, one each / kept: wall {statistics.median(walls):.2f}, "
              f"CPU {statistics.median(cpus):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
