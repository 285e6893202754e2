"""Joins playhead, decoder and cache on the main thread and says which frame to show."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from vidcache_gui.gui.player.cache import DEFAULT_BUDGET, FrameCache
from vidcache_gui.gui.player.decoder import FAILED, FRAME, OPENED, Decoder, Request
from vidcache_gui.gui.player.playhead import Clock, Playhead, browser_delays
from vidcache_gui.media.types import Frame, FrameSource

BAR_MS = 100  # the time bar's picture of the cache is renewed this often


class PlayerEngine(QObject):
    """Plays one source. All signals are emitted on the main thread."""

    opened = Signal(object)  # the FrameSource; read only its plain facts
    failed = Signal(str)
    frame_changed = Signal(int, object, str)  # index, Frame or None, what is wrong with it
    playing_changed = Signal(bool)
    cache_changed = Signal()
    _told = Signal(int, str, object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        budget: int = DEFAULT_BUDGET,
        clock: Clock = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.cache = FrameCache(budget)
        self.playhead = Playhead([1.0], clock)
        self.count = 0
        self._decoder: Decoder | None = None
        self._generation = 0
        self._size: tuple[int, int] | None = None
        self._waiting = False  # the frame that is due is not decoded yet
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._bar = QTimer(self)
        self._bar.setSingleShot(True)
        self._bar.setInterval(BAR_MS)
        self._bar.timeout.connect(self.cache_changed)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @property
    def damaged(self) -> dict[int, str]:
        return self._decoder.damaged if self._decoder is not None else {}

    def open(self, open_source: Callable[[], FrameSource], size: tuple[int, int] | None) -> None:
        """Start with a source; it is opened in the decoder's thread."""
        self.close()
        self._generation += 1
        generation = self._generation
        self._size = size
        self._decoder = Decoder(
            open_source, self.cache, lambda what, value: self._told.emit(generation, what, value)
        )
        self._decoder.start()

    def close(self) -> None:
        self.pause()
        self._generation += 1
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None
        self.cache.clear()
        self.count = 0

    def set_durations(self, seconds: Sequence[float]) -> None:
        self.playhead.set_durations(browser_delays(seconds))
        self._schedule()

    def set_delay(self, seconds: float) -> None:
        """The same time for every frame, exactly as asked for."""
        self.playhead.set_durations([seconds] * max(1, self.count))
        self._schedule()

    def set_size(self, size: tuple[int, int] | None) -> None:
        if size != self._size:
            self._size = size
            self._show()

    def set_speed(self, speed: float) -> None:
        self.playhead.set_speed(speed)
        self._schedule()

    def set_loop(self, loop: bool) -> None:
        self.playhead.loop = loop

    def play(self, *, backwards: bool = False) -> None:
        if self.count > 1:
            self.playhead.skipped = 0
            self.playhead.play(backwards=backwards)
            self.playing_changed.emit(True)
            self._show()
            self._schedule()

    def pause(self) -> None:
        self._timer.stop()
        if self.playhead.playing:
            self.playhead.pause()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        if self.playhead.playing:
            self.pause()
        else:
            self.play()

    def step(self, frames: int) -> None:
        self.pause()
        self.playhead.step(frames)
        self._show()

    def seek(self, index: int) -> None:
        self.playhead.seek(index)
        self._show()
        self._schedule()

    @Slot(int, str, object)
    def _hear(self, generation: int, what: str, value: object) -> None:
        if generation != self._generation:
            return
        if what == OPENED:
            self._start(value)  # type: ignore[arg-type]
        elif what == FAILED:
            self.failed.emit(str(value))
        elif what == FRAME:
            if self._waiting and value == self.playhead.index:
                self._show()
            if not self._bar.isActive():
                self._bar.start()

    def _start(self, source: FrameSource) -> None:
        self.count = source.count
        loop = self.playhead.loop
        self.playhead = Playhead(browser_delays(source.durations), self._clock, loop=loop)
        self.opened.emit(source)
        self._show()

    def _tick(self) -> None:
        """A frame may be due. The next one is timed from its absolute due time."""
        before = self.playhead.index
        self.playhead.advance()
        if self.playhead.index != before:
            self._show()
        if not self.playhead.playing:
            self.playing_changed.emit(False)
        self._schedule()

    def _schedule(self) -> None:
        wait = self.playhead.wait()
        if wait is None:
            self._timer.stop()
        else:
            # Rounded up: a timer that wakes early would find nothing due.
            self._timer.start(int(wait * 1000) + (1 if wait * 1000 % 1 > 0.05 else 0))

    def _show(self) -> None:
        """Show the current frame if it is there, and ask for it and what comes after."""
        if self._decoder is None or not self.count:
            return
        index = self.playhead.index
        frame: Frame | None = self.cache.get(index)
        problem = self._decoder.damaged.get(index, "")
        self._waiting = frame is None and not problem
        if not self._waiting:
            self.frame_changed.emit(index, frame, problem)
        else:
            self.frame_changed.emit(index, None, "")
        self._decoder.want(
            Request(index, self._size, self.playhead.backwards and self.playhead.playing,
                    self.playhead.loop)
        )  # fmt: skip
