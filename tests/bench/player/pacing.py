"""Plays a frame folder in a real player widget and reports how well time is kept.

    python -m tests.bench.player.pacing [--folder DIR] [--delay MS] [--laps N] [--size WxH]
                                        [--matplotlib-python PATH]

Runs on whatever platform Qt finds (``QT_QPA_PLATFORM=offscreen`` without a display; under
Xvfb the pictures reach an X server). The first lap decodes, the later ones come from the
cache. ``--size`` is the picture's room; the default is the picture's own size.

fps and drift are of the moments frames were put on screen, against the delay asked for;
CPU is of the whole process (decoder included) and of the main thread alone. With
``--matplotlib-python`` (a Python that has matplotlib and Pillow) the published example's
preview draws the same frames as often, and the CPU per frame of both is compared.
"""

import argparse
import os
import statistics
import subprocess
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.gui.player.footage import group
from vidcache_gui.core.records import Item
from vidcache_gui.gui.app import collect_on_main_thread, make_app
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.theme import Scheme, Theme
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.types import Frame, Kind

ROOT = Path(__file__).resolve().parents[3]


class Meter:
    """Notes every picture put on screen: when, which, and what it has cost so far."""

    def __init__(self, view: PlayerView, laps: int, app: QApplication) -> None:
        self._view, self._laps, self._app = view, laps, app
        self.moments: list[float] = []
        self.indices: list[int] = []
        self.cpu: list[float] = []
        self.main: list[float] = []
        self.painted_before = 0
        self.cached = 0, 0
        view.engine.picture_changed.connect(self._note)

    def _note(self, frame: Frame | None, problem: str) -> None:
        if frame is None or not self._view.engine.playing:
            return
        if not self.moments:
            self.painted_before = self._view.canvas.painted
        self.moments.append(time.perf_counter())
        self.indices.append(frame.index)
        self.cpu.append(time.process_time())
        self.main.append(time.thread_time())
        if len(self.moments) > self._laps * self._view.engine.count:
            cache = self._view.engine.cache
            self.cached = cache.nbytes, cache.budget
            self._view.engine.pause()
            self._app.quit()


def report(meter: Meter, view: PlayerView, count: int, delay: float) -> bool:
    """Print the figures; whether time was kept within 0.5 % and nothing was skipped."""
    steps = [(b - a) % count for a, b in zip(meter.indices, meter.indices[1:], strict=False)]
    elapsed = meter.moments[-1] - meter.moments[0]
    shown = len(meter.moments) - 1
    gaps = [b - a for a, b in zip(meter.moments, meter.moments[1:], strict=False)]
    errors = sorted(abs(gap - delay) * 1000 for gap in gaps)
    drift = elapsed / (sum(steps) * delay) - 1
    skipped = view.engine.playhead.skipped
    print(f"shown {shown} frames in {elapsed:.3f} s: {shown / elapsed:.3f} fps "
          f"(asked for {1 / delay:.3f}), drift {drift * 100:+.3f} %")  # fmt: skip
    print(f"skipped {skipped}, out of order {sum(step != 1 for step in steps)}, "
          f"painted {view.canvas.painted - meter.painted_before}")  # fmt: skip
    print(f"interval error: median {statistics.median(errors):.2f} ms, "
          f"p95 {errors[int(len(errors) * 0.95)]:.2f}, max {errors[-1]:.2f}")  # fmt: skip
    for name, first, last in (("first lap", 0, count), ("later laps", count, shown)):
        if last > first:
            frames = last - first
            whole = (meter.cpu[last] - meter.cpu[first]) / frames * 1000
            main = (meter.main[last] - meter.main[first]) / frames * 1000
            print(f"CPU per frame, {name}: {whole:.2f} ms, main thread {main:.2f} ms")
    used, budget = meter.cached
    print(f"cache {used / 1e6:.0f} of {budget / 1e6:.0f} MB")
    return abs(drift) <= 0.005 and skipped == 0


def compare(meter: Meter, python: str, folder: Path, laps: int) -> None:
    """Print the CPU per frame of the example's preview over ours, lap by lap."""
    example = Path(__file__).with_name("matplotlib_preview.py")
    said = subprocess.run(
        [python, str(example), str(folder), str(laps)], capture_output=True, text=True, check=True
    )
    theirs = [float(line) for line in said.stdout.split()]
    count = (len(meter.cpu) - 1) // laps
    ours = [
        (meter.cpu[(lap + 1) * count] - meter.cpu[lap * count]) / count * 1000
        for lap in range(laps)
    ]
    print("CPU ms per frame         example   ours  ratio (bar 8, aim 15)")
    for name, there, here in (
        ("the lap that decodes", theirs[:1], ours[:1]),
        ("later laps", theirs[1:], ours[1:]),
        ("all laps", theirs, ours),
    ):
        if there:
            a, b = statistics.mean(there), statistics.mean(here)
            print(f"{name:24} {a:7.2f} {b:6.2f} {a / b:6.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    corpora = os.environ.get("VIDCACHE_CORPORA", str(ROOT.parent / "shared" / "corpora"))
    parser.add_argument("--folder", type=Path, default=Path(corpora) / "frames170")
    parser.add_argument("--delay", type=float, default=20.0, help="ms")
    parser.add_argument("--laps", type=int, default=4)
    parser.add_argument("--size", default="", help="WxH of the picture's room")
    parser.add_argument("--matplotlib-python", default="", help="path of such a Python")
    options = parser.parse_args()
    paths = group(options.folder)
    if not any(os.environ.get(n) for n in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_app()
    collector = collect_on_main_thread(app)
    Theme(app, Scheme.DARK).apply()
    source = SequenceSource(paths, list(range(len(paths))), options.delay)
    width, height = source.width, source.height
    view = PlayerView()
    meter = Meter(view, options.laps, app)
    room = [int(part) for part in options.size.split("x")] if options.size else [width, height]
    view.resize(room[0], room[1] + view.panel.sizeHint().height())
    item = Item(1, Kind.FRAMES, "", options.folder.name, "videos", "", 0, 0,
                width=width, height=height, frame_count=len(paths))  # fmt: skip
    view.show()
    view.show_item(item, lambda: source)
    app.exec()
    collector.stop()
    kept = report(meter, view, len(paths), options.delay / 1000)
    if options.matplotlib_python:
        compare(meter, options.matplotlib_python, options.folder, options.laps)
    view.shut_down()
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
