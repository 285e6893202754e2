"""Playing backwards at the clip's own rate with a cache of 512 MB: frames that came too late.

    python -m tests.bench.player.reverse [--clip NAME]… [--seconds S] [--budget MB]

From the last frame back, in real time: a frame that is not there when it is due is passed
over, and counted. What is passed over before the first fill is done (until the frame after
the one at rest has been shown) is counted apart. Bar: 1 %, aim 0.
"""

import time

from tests.bench.player import material, rig


def main() -> int:
    parser = rig.arguments(__doc__, clips=("1080p-g12", "1080p-g250", "4k-g250"))
    parser.add_argument("--seconds", type=float, default=0, help="of film; 0: all of it")
    parser.add_argument("--budget", type=int, default=512, help="MB")
    options = parser.parse_args()
    app = rig.make_application()
    rows = [("clip", "fps", "shown", "late", "%", "first fill s", "late in it", "CPU ms/frame",
             "CPU ms/s of film")]  # fmt: skip
    for name in options.clip or options.clips:
        player = rig.Player(material.variant(name), options.budget * rig.MEGABYTE)
        engine = player.engine
        engine.set_loop(False)
        last = engine.count - 1
        rate = 1 / engine.playhead.timing.duration(last)
        player.go(last)
        player.shown.clear()
        began = time.perf_counter()
        engine.play(backwards=True)
        rig.wait_until(lambda player=player: bool(player.shown))
        fill, in_fill = time.perf_counter() - began, engine.playhead.skipped
        end = max(0, last - round(options.seconds * rate)) if options.seconds else 0
        spent = time.process_time()
        rig.wait_until(
            lambda engine=engine, end=end: engine.index <= end or not engine.playing, every=50
        )
        spent = (time.process_time() - spent) * 1000
        late = engine.playhead.skipped - in_fill
        shown = len(player.shown)
        rows.append((
            name, f"{rate:.0f}", str(shown), str(late), f"{late / (shown + late) * 100:.2f}",
            f"{fill:.2f}", str(in_fill), f"{spent / shown:.2f}",
            f"{spent / (shown + late) * rate:.0f}",
        ))  # fmt: skip
        player.close()
    rig.table(rows)
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
