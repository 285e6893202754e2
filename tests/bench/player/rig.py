"""A real engine and a real picture of 960 x 540, driven by a bench instead of a person."""

import argparse
import os
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.bench.player import material
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.gui.player.canvas import Canvas
from vidcache_gui.gui.player.engine import PlayerEngine
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.media.inspect import inspect_file
from vidcache_gui.media.source import open_source
from vidcache_gui.media.types import Frame, FrameSource

WIDTH, HEIGHT = 960, 540
MEGABYTE = 1 << 20


def make_application() -> QApplication:
    """Offscreen where there is no display."""
    if not any(os.environ.get(n) for n in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from vidcache_gui.gui.app import collect_on_main_thread, make_app

    app = make_app()
    collect_on_main_thread(app)
    return app


def arguments(about: str | None, *, clips: tuple[str, ...] = ()) -> argparse.ArgumentParser:
    """``--help`` says the first sentence of a bench; ``--clip`` may be given several times."""
    parser = argparse.ArgumentParser(description=(about or "").strip().splitlines()[0])
    if clips:
        parser.add_argument(
            "--clip", action="append", choices=sorted(material.VARIANTS), help="which clips"
        )
        parser.set_defaults(clip=None, clips=clips)
    return parser


class Census:
    """A source that counts the bytes of its frames which are alive, wherever they are kept."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self.alive = self.most = self.decoded = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def frames(self, *what: Any, **how: Any) -> Iterator[Frame]:
        frames = self._source.frames(*what, **how)
        for frame in frames:
            self.alive += frame.nbytes
            self.most = max(self.most, self.alive)
            self.decoded += 1
            weakref.finalize(frame.data, self._gone, frame.nbytes)
            yield frame
            del frame

    def _gone(self, nbytes: int) -> None:
        self.alive -= nbytes


class Player:
    """Engine and canvas over one clip; the frames put on screen, with their moments."""

    def __init__(self, path: Path, budget: int = 512 * MEGABYTE, *, census: bool = False) -> None:
        seen = inspect_file(str(path))
        self.engine = PlayerEngine(cache=FrameCache(budget))
        self.canvas = Canvas()
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.show()
        self.shown: list[tuple[float, int]] = []
        self.census: Census | None = None
        self.engine.opened.connect(self._place)
        self.engine.picture_changed.connect(self._show)

        def open_it() -> FrameSource:
            source = open_source(str(path), seen.facts, seen.index)
            self.census = Census(source) if census else None
            return self.census or source  # type: ignore[return-value]

        self.engine.open(open_it, (WIDTH, HEIGHT))
        wait_until(lambda: bool(self.shown))

    def _place(self, footage: Footage) -> None:
        self.canvas.set_footage(footage.width, footage.height)

    def _show(self, frame: Frame | None, problem: str) -> None:
        self.canvas.show_frame(frame, problem)
        if frame is not None:
            self.shown.append((time.perf_counter(), frame.index))

    def go(self, index: int) -> None:
        """Seek and wait for the frame."""
        self.engine.seek(index)
        self.wait_for(index)

    def wait_for(self, index: int) -> None:
        wait_until(lambda: self.shown[-1][1] == index)

    def settle(self) -> None:
        """Wait until nothing is left to be decoded in advance."""
        wait_until(lambda: self.engine.settled)

    def close(self) -> None:
        self.canvas.show_frame(None)
        self.engine.shut_down()
        self.canvas.close()


def wait_until(done: Callable[[], bool], seconds: float = 120, every: int = 4) -> None:
    """Run the event loop until something is so. Raises TimeoutError."""
    loop, timer, limit = QEventLoop(), QTimer(interval=every), time.perf_counter() + seconds

    def look() -> None:
        if done() or time.perf_counter() > limit:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if not done():
        raise TimeoutError


def table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as what stands in them."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())
