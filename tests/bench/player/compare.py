"""What showing a pair costs, against twice one player over the same footage.

    python tests/bench/player/compare.py [--size WxH] [--room WxH] [--frames N]

Makes a clip and a re-encode of half its size, then shows every frame once, as fast as it can:
in the player, and as pairs in every mode. CPU of the whole process (decoders included) and of
the main thread alone, the latter also for the dearest single pair; milliseconds per frame or
pair. Ratios are what counts: they are measured in one run.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import av
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from tests.media import make
from vidcache_gui.core.records import Item
from vidcache_gui.gui.app import make_app
from vidcache_gui.gui.compare.difference import Look
from vidcache_gui.gui.compare.stage import Mode
from vidcache_gui.gui.compare.view import CompareView
from vidcache_gui.gui.player.view import PlayerView
from vidcache_gui.gui.theme import Scheme, Theme
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import FrameSource, Kind

Open = Callable[[], FrameSource]


def source(path: Path) -> Open:
    found = inspect_file(str(path))
    return lambda: open_source(str(path), found.facts, found.index)


def numbers(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def item(path: Path, size: tuple[int, int], frames: int) -> Item:
    return Item(1, Kind.VIDEO, "", path.name, "videos", "", 0, 0,
                width=size[0], height=size[1], frame_count=frames)  # fmt: skip


class Walk:
    """Steps through everything; the next frame is asked for when one was painted."""

    def __init__(self, view: QWidget, engine: object, shown: object, count: int) -> None:
        self._view, self._engine, self._count = view, engine, count
        self._loop = QEventLoop()
        self._at = 0
        self._main = 0.0
        self.dearest = 0.0
        self._begun = False
        shown.connect(self._note)  # type: ignore[attr-defined]

    def run(self) -> tuple[float, float]:
        """CPU per frame: of the process, of the main thread."""
        cpu, main = time.process_time(), time.thread_time()
        self._main = main
        self._begun = True
        self._next()
        self._loop.exec()
        return (
            (time.process_time() - cpu) / self._count * 1000,
            (time.thread_time() - main) / self._count * 1000,
        )

    def _note(self, *_: object) -> None:
        if self._begun:
            QTimer.singleShot(0, self._next)  # after it was painted

    def _next(self) -> None:
        self._view.canvas.repaint()  # type: ignore[attr-defined]
        now = time.thread_time()
        self.dearest = max(self.dearest, (now - self._main) * 1000)
        self._main = now
        self._at += 1
        if self._at >= self._count:
            self._loop.quit()
        else:
            self._engine.seek(self._at)  # type: ignore[attr-defined]


def settle(ms: int = 600) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def play_one(opener: Open, what: Item, room: tuple[int, int]) -> tuple[float, float, float]:
    view = PlayerView()
    view.resize(room[0], room[1] + view.panel.sizeHint().height())
    view.show()
    view.show_item(what, opener, autoplay=False)
    settle()
    walk = Walk(view, view.engine, view.engine.picture_changed, view.engine.count)
    found = walk.run()
    view.shut_down()
    view.close()
    return *found, walk.dearest


def play_both(
    openers: tuple[Open, Open], items: tuple[Item, Item], room: tuple[int, int], mode: Mode,
    look: Look = Look.COLOUR,
) -> tuple[float, float, float]:  # fmt: skip
    view = CompareView()
    wide = 2 * room[0] + 2 if mode is Mode.BESIDE else room[0]
    view.resize(wide, room[1] + view.panel.sizeHint().height() + view.head.height())
    view.show()
    view.set_mode(mode)
    view.canvas.set_look(look)
    view.show_items(items, openers)
    settle()
    walk = Walk(view, view.engine, view.engine.pair_changed, view.engine.count)
    found = walk.run()
    view.shut_down()
    view.close()
    return *found, walk.dearest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", default="1920x1080", help="of the clip")
    parser.add_argument("--room", default="960x540", help="of one picture on screen")
    parser.add_argument("--frames", type=int, default=96)
    options = parser.parse_args()
    size, room = numbers(options.size), numbers(options.room)
    half = (size[0] // 2, size[1] // 2)
    if not any(os.environ.get(n) for n in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_app()
    Theme(app, Scheme.DARK).apply()
    with tempfile.TemporaryDirectory() as folder:
        whole = make.make_video(Path(folder) / "a.mp4", frames=options.frames, size=size)
        small = make.make_video(Path(folder) / "b.mp4", frames=options.frames, size=half)
        openers = (source(whole), source(small))
        items = (item(whole, size, options.frames), item(small, half, options.frames))
        singles = [play_one(openers[n], items[n], room) for n in (0, 1)]
        alone = sum(single[0] for single in singles)
        print(f"av {av.__version__}; clips {options.size} and half, pictures {options.room}")
        print("                        CPU   main  dearest main")
        for name, found in zip(("player, A", "player, B"), singles, strict=True):
            print(f"{name:22}{found[0]:6.2f} {found[1]:6.2f} {found[2]:6.2f}")
        for mode, look in (
            (Mode.BESIDE, Look.COLOUR), (Mode.WIPE, Look.COLOUR), (Mode.BLINK, Look.COLOUR),
            (Mode.DIFFERENCE, Look.COLOUR), (Mode.DIFFERENCE, Look.SIGNED),
        ):  # fmt: skip
            found = play_both(openers, items, room, mode, look)
            name = f"{mode} {look}" if mode is Mode.DIFFERENCE else str(mode)
            print(f"{name:22}{found[0]:6.2f} {found[1]:6.2f} {found[2]:6.2f}   "
                  f"{found[0] / alone:.2f} × both players")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
