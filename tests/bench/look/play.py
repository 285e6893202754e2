"""Playing two clips together: pairs shown late, and how soon the next pair is on screen.

    python tests/bench/look/play.py [--size WxH] [--room WxH] [--seconds N] [--fps N] [--pairs N]

Makes a clip and a re-encode (another codec setting), plays them side by side, as a wipe and as a
difference for some seconds at clip rate, and counts pairs that were passed over because they were
not there in time. Then goes through pairs as a review does: while one is looked at, the next is
prefetched; told is the wall time from ``show_pair`` to both first frames being painted, with and
without prefetch. Figures of one run on one machine; compare ratios.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QEventLoop, QTimer

from tests.media import make
from vidcache_gui.core.records import Item
from vidcache_gui.gui.app import make_app
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.theme import Scheme, Theme
from vidcache_gui.matching.records import Match, Relation, Segment, Tier, Transform
from vidcache_gui.media.inspect import Inspection, inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import FrameSource, Kind


class Clips:
    """Clips made for this, opened by the number of their item."""

    def __init__(self) -> None:
        self._files: dict[int, tuple[str, Inspection]] = {}

    def add(self, path: Path) -> Item:
        found = inspect_file(str(path))
        number = len(self._files) + 1
        self._files[number] = str(path), found
        facts = found.facts
        return Item(number, Kind.VIDEO, str(number), path.name, "videos", "", 1, 0,
                    width=facts.width, height=facts.height,
                    frame_count=facts.frame_count, duration=facts.duration)  # fmt: skip

    def open(self, item: Item) -> FrameSource:
        path, found = self._files[item.id]
        return open_source(path, found.facts, found.index)


def match(seconds: float) -> Match:
    segment = Segment(0.0, seconds, 0.0, seconds, Transform(), 2.0, 0.99)
    return Match(Relation.RE_ENCODE, Tier.CERTAIN, 0.99, (segment,), 1.0, 1.0)


def wait(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def shown(view: CompareView, a: Item, b: Item, found: Match) -> float:
    """Milliseconds until both first frames are painted."""
    loop = QEventLoop()
    view.shown.connect(loop.quit)
    QTimer.singleShot(20_000, loop.quit)
    begun = time.perf_counter()
    # Out of the event loop, as a key press comes.
    QTimer.singleShot(0, lambda: view.show_pair(a, b, found))
    loop.exec()
    view.shown.disconnect(loop.quit)
    return (time.perf_counter() - begun) * 1000


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def numbers(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", default="1920x1080", help="of the clips")
    parser.add_argument("--room", default="1280x800", help="of the comparison")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--look", type=int, default=1500, help="ms a pair is looked at")
    options = parser.parse_args()
    size, room = numbers(options.size), numbers(options.room)
    if not any(os.environ.get(n) for n in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_app()
    Theme(app, Scheme.DARK).apply()
    clips = Clips()
    frames = round(options.seconds * options.fps)
    with tempfile.TemporaryDirectory() as folder:
        pairs = []
        for number in range(2):
            made = [
                clips.add(make.make_video(Path(folder) / f"{number}{side}.mp4", frames=frames,
                                          size=size, fps=options.fps, gop=gop))
                for side, gop in (("a", 50), ("b", 12))
            ]  # fmt: skip
            pairs.append((made[0], made[1], match(options.seconds)))
        view = CompareView(open_source=clips.open)
        view.resize(*room)
        view.show()
        wait(200)
        print(f"two clips of {options.size} at {options.fps} a second in {options.room}")
        for mode in (Mode.BESIDE, Mode.WIPE, Mode.DIFFERENCE):
            view.set_mode(mode)
            shown(view, *pairs[0])
            wait(1500)
            cpu, painted = time.process_time(), view.canvas.painted
            view.engine.set_loop(False)
            view.engine.seek(0)
            view.engine.play()
            wait(round(options.seconds * 1000))
            view.engine.pause()
            head = view.engine.playhead
            print(f"{mode:14} {head.skipped:3} of {view.engine.place} pairs passed over; "
                  f"{view.canvas.painted - painted} painted; "
                  f"{(time.process_time() - cpu) / options.seconds:.2f} cores busy")  # fmt: skip
        view.set_mode(Mode.BESIDE)
        for prefetched in (False, True):
            took = []
            for number in range(options.pairs):
                now, following = pairs[number % 2], pairs[(number + 1) % 2]
                took.append(shown(view, *now))
                if prefetched:
                    view.prefetch(*following)
                wait(options.look)
            took = took[1:]
            print(f"{'prefetched' if prefetched else 'not prefetched':14} shown after "
                  f"{percentile(took, 0.5):.0f} ms in the median, "
                  f"{percentile(took, 0.95):.0f} p95; load {os.getloadavg()[0]:.1f}")  # fmt: skip
        view.shut_down()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
