"""How late a 16 ms timer of the window comes while a film is decoded and played.

    python -m tests.bench.player.tick [--clip NAME]… [--seconds S] [--repeats N]

The lateness of each tick against its due time, measured idle and then while decoding in
advance and while playing, in turns, because the machine's own noise changes. The figure is
the p95 of tick intervals; bar: twice that of the idle window, aim 1.2 times.
"""

import itertools
import statistics
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer

from tests.bench.player import material, rig

TICK_MS = 16


def intervals(seconds: float, work: Callable[[], object] = lambda: None) -> list[float]:
    """The milliseconds between ticks for a while; ``work`` is done on every sixteenth."""
    moments: list[float] = []
    loop = QEventLoop()
    timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)

    def tick() -> None:
        moments.append(time.perf_counter())
        if len(moments) % 16 == 0:
            work()
        if moments[-1] - moments[0] > seconds:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start()
    loop.exec()
    timer.stop()
    return [(b - a) * 1000 for a, b in itertools.pairwise(moments)]


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main() -> int:
    parser = rig.arguments(__doc__, clips=("1080p-g250",))
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    app = rig.make_application()
    rows = [("clip", "idle p95 ms", "decoding", "playing", "decoding / idle", "playing / idle",
             "bar", "aim")]  # fmt: skip
    for name in options.clip or options.clips:
        player = rig.Player(material.variant(name), 128 * rig.MEGABYTE)
        engine, places = player.engine, iter(range(0, 10**6, 97))
        jump = lambda engine=engine, places=places: engine.seek(next(places) % engine.count)  # noqa: E731
        found: list[tuple[float, float, float]] = []
        for _ in range(options.repeats):
            engine.pause()
            player.settle()
            idle = p95(intervals(options.seconds))
            decoding = p95(intervals(options.seconds, jump))
            engine.play()
            playing = p95(intervals(options.seconds))
            found.append((idle, decoding, playing))
        columns = zip(*found, strict=True)
        idle, decoding, playing = (statistics.median(column) for column in columns)
        rows.append((name, f"{idle:.2f}", f"{decoding:.2f}", f"{playing:.2f}",
                     f"{decoding / idle:.2f}", f"{playing / idle:.2f}", "2", "1.2"))  # fmt: skip
        player.close()
    rig.table(rows)
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
