"""A held back key: CPU per frame of the player, against mpv's frame-back-step.

    python -m tests.bench.player.back_step [--clip NAME]… [--steps N] [--samples N]

The player steps back as a held key makes it, 30 times a second, over more than one whole group
of pictures; everything its process does from the first step on counts (decoding, what it
decodes in advance, painting 960 x 540). mpv steps back with --vo=null at places spread evenly
over the same frames. Both rest at the frame first. Bars: 20 times less at 1080p, 40 at 4K.
"""

import time
from pathlib import Path

from PySide6.QtCore import QTimer

from tests.bench.player import material, rig
from tests.bench.player.mpv import Mpv

KEY_MS = 33
BARS = {"1080p-g250": (20, 50), "4k-g250": (40, 100)}


def ours(path: Path, start: int, steps: int, budget: int) -> tuple[float, float, int, float]:
    """CPU ms per step, of the seek before them in all, the steps whose picture was late, and
    how many frames were decoded for each."""
    player = rig.Player(path, budget, census=True)
    assert player.census is not None
    began = time.process_time()
    player.go(start)
    player.settle()
    sought = (time.process_time() - began) * 1000
    timer, left, late = QTimer(interval=KEY_MS), steps, 0

    def step() -> None:
        nonlocal left, late
        if left:
            left -= 1
            player.engine.step(-1)
            late += player.shown[-1][1] != player.engine.index

    timer.timeout.connect(step)
    decoded, began = player.census.decoded, time.process_time()
    timer.start()
    rig.wait_until(lambda: not left, seconds=steps * KEY_MS / 1000 + 60, every=100)
    player.wait_for(start - steps)
    spent = time.process_time() - began
    player.close()
    return spent / steps * 1000, sought, late, (player.census.decoded - decoded) / steps


def theirs(path: Path, start: int, steps: int, samples: int) -> float:
    """CPU ms per step, two at each place."""
    spent = 0.0
    with Mpv(path) as mpv:
        mpv.wait_for("file-loaded")
        for sample in range(samples):
            mpv.seek((start - steps * (sample + 0.5) / samples) / 24)
            began = mpv.cpu_seconds()
            for _ in range(2):
                mpv.forget()
                mpv.command("frame-back-step")
                mpv.wait_for("playback-restart")
            spent += mpv.cpu_seconds() - began
    return spent / samples / 2 * 1000


def main() -> int:
    parser = rig.arguments(__doc__, clips=tuple(BARS))
    parser.add_argument("--steps", type=int, default=250)
    parser.add_argument("--samples", type=int, default=4, help="places mpv is measured at")
    parser.add_argument("--budget", type=int, default=512, help="MB")
    options = parser.parse_args()
    app = rig.make_application()
    rows = [("clip", "mpv ms", "ours ms", "times less", "bar", "aim", "decoded", "late", "seek ms")]
    for name in options.clip or options.clips:
        path, start = material.variant(name), {"4k-g250": 287}.get(name, 640)
        steps = min(options.steps, start)
        cost, sought, late, decoded = ours(path, start, steps, options.budget * rig.MEGABYTE)
        other = theirs(path, start, steps, options.samples)
        bar, aim = BARS.get(name, (0, 0))
        rows.append((name, f"{other:.0f}", f"{cost:.2f}", f"{other / cost:.0f}", str(bar),
                     str(aim), f"{decoded:.2f}", f"{late}/{steps}", f"{sought:.0f}"))  # fmt: skip
    rig.table(rows)
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
