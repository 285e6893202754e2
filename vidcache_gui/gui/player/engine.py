"""Joins playhead, decoder and cache on the main thread, and says which picture to show.

No widgets here: what a person does comes in as methods, what is to be shown goes out as
signals, and time comes from an injected clock.
"""

import math
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vidcache_gui.gui.player.cache import FrameCache, Run, Size
from vidcache_gui.gui.player.decoder import Decoder
from vidcache_gui.gui.player.enlarge import enlarge
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.gui.player.news import News
from vidcache_gui.gui.player.playhead import Clock, Playhead
from vidcache_gui.gui.player.timing import DelayPolicy, GapPolicy, Pace, Timing
from vidcache_gui.gui.player.transport import Transport
from vidcache_gui.gui.player.windows import Request
from vidcache_gui.media.types import Frame, FrameSource

REST_MS = 80  # a pointer that stands so long wants to see its frame


class PlayerEngine(QObject, Transport):
    """Plays one source at a time. Signals are emitted on the main thread."""

    opened = Signal(object)  # Footage
    failed = Signal(str)  # the whole source, in a sentence
    frame_changed = Signal(int)  # the playhead is at another frame
    picture_changed = Signal(object, str)  # Frame or None, and what is wrong with it
    playing_changed = Signal(bool)
    pace_changed = Signal()  # speed, delays or policy
    marks_changed = Signal()
    cache_changed = Signal()
    preview_wanted = Signal(int)  # scrubbed to a frame; show what stands for it until one comes

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        cache: FrameCache | None = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.cache = cache or FrameCache()
        self.footage: Footage | None = None
        self.pace = Pace()
        self.gaps = GapPolicy.HOLD
        self.playhead = Playhead(Timing.even(1, 1.0), clock)
        self._decoder: Decoder | None = None
        self._retired: list[Decoder] = []
        self._wanted: Size = None
        self._size: Size = None  # of the frames asked for
        self._shown: tuple[int, Size] | None = None  # what picture_changed told last
        self._damage = 0  # damaged frames known of
        self._went_back = False  # the last step was one back
        self._scrubbing = False
        self._previewing = False  # a frame is sought; show one on the way to it
        self._news = News(self)
        self._news.opened.connect(self._start)
        self._news.failed.connect(self._give_up)
        self._news.decoded.connect(self._take_frames)
        self._news.cache_changed.connect(self.cache_changed)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.resting = QTimer(self, singleShot=True, interval=REST_MS)  # see scrub()
        self.resting.timeout.connect(self.rest)

    # Footage

    def open(self, open_source: Callable[[], FrameSource], size: Size = None) -> None:
        """Show a source; it is opened, used and closed in the decoder's thread."""
        self.close()
        self._wanted = size
        heard = self._news.listen()
        self._decoder = Decoder(open_source, self.cache, enlarge=enlarge, **heard)
        self._decoder.start()

    def close(self) -> None:
        """Let go of the source, without waiting for the thread that may be decoding."""
        self.pause()
        self._timer.stop()
        self._stop_scrubbing()
        self._news.stop()
        self._previewing = self._went_back = False
        self.footage, self._shown, self._damage = None, None, 0
        self._retired = [old for old in self._retired if not old.join(0)]
        if self._decoder is not None:
            self._decoder.stop()
            self._retired.append(self._decoder)
            self._decoder = None

    def shut_down(self, seconds: float = 2.0) -> bool:
        """Close and wait for the threads; False if one hangs in a file and is left behind."""
        self.close()
        return all([old.join(seconds) for old in self._retired])

    def _give_up(self, sentence: str) -> None:
        self.pause()
        self.failed.emit(sentence)

    def _start(self, footage: Footage) -> None:
        self.footage = footage
        self._size = self._best_size()
        self.pace = Pace(self.pace.policy)
        was = self.playhead
        self.playhead = Playhead(self._timing(), self._clock, loop=was.loop)
        self.playhead.every_frame = was.every_frame
        self.playhead.set_there_and_back(was.there_and_back)
        self._follow_gaps()
        self.opened.emit(footage)
        self.frame_changed.emit(0)
        self._show()

    @property
    def count(self) -> int:
        return self.footage.count if self.footage is not None else 0

    @property
    def index(self) -> int:
        return self.playhead.index

    @property
    def damaged(self) -> dict[int, str]:
        """Frames that cannot be shown so far, with the reason."""
        return dict(self._decoder.damaged) if self._decoder is not None else {}

    def cached(self) -> list[Run]:
        return self._decoder.runs(self._size) if self._decoder is not None else []

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be decoded in advance."""
        return self._decoder is not None and self._decoder.settled

    def picture(self) -> Frame | None:
        """The picture shown at the current frame, if it is decoded."""
        if self._decoder is None:
            return None
        return self._decoder.frame(self._picture_of(self.index), self._size)

    # What a person does

    def step(self, frames: int) -> None:
        """Pause and move by whole frames."""
        if self.footage is not None:
            self._stop_scrubbing()
            self.pause()
            self._previewing, self._went_back = False, frames < 0
            self._move(lambda: self.playhead.step(frames))

    def seek(self, index: int) -> None:
        """Go to a frame. While it is being decoded, what is on the way is shown once."""
        if self.footage is not None:
            self._stop_scrubbing()
            self._previewing, self._went_back = True, False
            self._move(lambda: self.playhead.seek(index))

    def scrub(self, index: int) -> None:
        """Go to a frame while the pointer that says so is still moving.

        Shown is the frame itself if it is decoded, or else the nearest that is between it
        and its keyframe, or else its keyframe as soon as it is decoded. ``preview_wanted``
        says that the picture on screen has nothing to do with the frame until then. The
        frame itself is decoded after :meth:`rest`, which comes by itself when the pointer
        stands still.
        """
        if self.footage is not None:
            self._scrubbing = self._previewing = True
            self._went_back = False
            self.resting.start()
            self._move(lambda: self.playhead.seek(index))

    def rest(self) -> None:
        """The pointer rests or was released: the exact frame, and playing goes on."""
        if self._scrubbing:
            self._stop_scrubbing()
            self._show()

    def _stop_scrubbing(self) -> None:
        self._scrubbing = False
        self.resting.stop()

    def set_delay(self, seconds: float | None) -> None:
        """One time for every frame, exactly as asked for; None: the footage's own times."""
        self.pace.every = seconds
        self._set_timing()

    def set_policy(self, policy: DelayPolicy) -> None:
        self.pace.policy = policy
        self._set_timing()

    def set_delays(self, edited: Mapping[int, float]) -> None:
        """Seconds of single frames instead of what the file says."""
        self.pace.edited = dict(edited)
        self._set_timing()

    def set_loop(self, loop: bool) -> None:
        self._change(lambda: self.playhead.set_loop(loop))

    def set_marks(self, first: int | None, last: int | None) -> None:
        """Play only ``first..last``; None: from the start, to the end."""
        self._change(lambda: self.playhead.set_marks(first, last))
        self.marks_changed.emit()

    def set_there_and_back(self, on: bool) -> None:
        self._change(lambda: self.playhead.set_there_and_back(on))

    def set_gaps(self, policy: GapPolicy) -> None:
        """What is shown where a frame is missing or damaged."""
        self.gaps, self._shown = policy, None
        self._change(self._follow_gaps)
        if self.footage is not None:
            self._show()

    def set_size(self, size: Size) -> None:
        """Frames are wanted at another size from now on (device pixels; None: their own)."""
        self._wanted = size
        best = self._best_size()
        if self.footage is not None and best != self._size:
            self._size = best
            self._show()
            self.cache_changed.emit()

    def _best_size(self) -> Size:
        """Enlarged frames only where all of them can be kept: else they are made too often."""
        footage, size = self.footage, self._wanted
        if footage is None or size is None:
            return size
        larger = size[0] > footage.width or size[1] > footage.height
        if larger and self.cache.room(size[0] * size[1] * 4) < footage.count:
            return None
        return size

    def _change(self, act: Callable[[], None]) -> None:
        """Play differently from now on."""
        act()
        if self.footage is not None:
            self._ask()
            self._arm()

    # Gaps

    def _is_bad(self, index: int) -> bool:
        """Missing, or known to be damaged so far."""
        missing = self.footage is not None and index in self.footage.missing
        return missing or (self._decoder is not None and index in self._decoder.damaged)

    def _follow_gaps(self) -> None:
        missing = self.footage.missing if self.footage is not None else frozenset()
        skip = self.gaps is GapPolicy.SKIP
        self.playhead.pass_over(missing | self.damaged.keys() if skip else frozenset())

    def _picture_of(self, index: int) -> int:
        """The frame whose picture is shown at a frame: its own, except where that is bad."""
        if self.gaps is GapPolicy.BLANK or not self._is_bad(index):
            return index
        return next((at for at in range(index - 1, -1, -1) if not self._is_bad(at)), index)

    # Showing

    def _tell_place(self) -> None:
        self.frame_changed.emit(self.index)

    def _show(self) -> None:
        """Show the current frame if it is there; otherwise its time has not begun yet."""
        self._ask()
        self._news.eager = True
        if self._is_shown():
            self._previewing = False
            self.playhead.release()
        elif self._is_ready(self.index):
            self._tell_picture()
        else:
            self.playhead.hold()
            if self._scrubbing and not self._preview():
                self._shown = None
                self.preview_wanted.emit(self.index)
        if self._scrubbing:
            self.playhead.hold()  # playing goes on when the pointer rests
        self._news.eager = not self._is_shown()
        self._arm()

    def _is_shown(self) -> bool:
        return self._shown == (self.index, self._size)

    def _tell_picture(self) -> None:
        assert self._decoder is not None
        self._shown, self._previewing = (self.index, self._size), False
        self.picture_changed.emit(self.picture(), self.trouble(self.index))
        self.playhead.release()

    def trouble(self, index: int) -> str:
        """What is wrong with a frame, in a sentence; empty: nothing is known to be."""
        said = self._decoder.damaged.get(index, "") if self._decoder is not None else ""
        if not said and self.footage is not None and index in self.footage.missing:
            said = f"Frame {self.footage.number(index)} is missing."
        return said

    def _take_frames(self) -> None:
        """Frames were decoded, or found to be damaged."""
        if self._decoder is None or self.footage is None:
            return
        if len(self._decoder.damaged) != self._damage:
            self._damage = len(self._decoder.damaged)
            self._follow_gaps()
        if not self._is_shown() and self._is_ready(self.index):
            self._show()
        elif self._previewing:
            self._preview()
        elif self.playing and not self._timer.isActive() and not self.playhead.held:
            self._tick()  # playing was waiting for the decoder

    def _preview(self) -> bool:
        """Show a decoded frame on the way to the one that is sought: better than the old.

        One while a frame is sought; while scrubbing, any that is nearer than the last.
        """
        decoder, size = self._decoder, self._size
        found = decoder.on_the_way(self.index, size) if decoder is not None else None
        if found is None:
            return False
        if self._shown != (found.index, size):
            self._shown = (found.index, size)
            self.picture_changed.emit(found, "")
        self._previewing = self._scrubbing
        return True

    def _is_ready(self, index: int) -> bool:
        decoder = self._decoder
        if decoder is None:
            return False
        shown = self._picture_of(index)
        return shown in decoder.damaged or decoder.frame(shown, self._size) is not None

    def _tick(self) -> None:
        """A frame may be due; too early a wake finds none and is armed again."""
        self._news.eager = True
        moved = self.playhead.advance(self._is_ready)
        if moved:
            self._tell_picture()
            self.frame_changed.emit(self.index)
        if not self.playing:
            self._stopped_playing()
        self._ask()
        self._news.eager = self.playhead.waiting
        self._arm(again=not self.playhead.waiting)

    def _stopped_playing(self) -> None:
        self._timer.stop()
        self.playing_changed.emit(False)
        self._ask()

    def _ask(self) -> None:
        if self._decoder is not None and self.footage is not None:
            head = self.playhead
            index = head.due() if head.playing and not head.every_frame else head.index
            marked = head.span != (0, self.count - 1)
            self._decoder.want(
                Request(
                    self._picture_of(index),
                    self._size,
                    backwards=head.descending if head.playing else self._went_back,
                    playing=head.playing and not self._scrubbing,
                    loop=head.loop and not head.there_and_back,
                    span=head.span if marked else None,
                    scrubbing=self._scrubbing,
                )
            )

    def _arm(self, *, again: bool = True) -> None:
        """Wake at the absolute moment the next frame is due.

        Rounded up to whole milliseconds, so that one wake is enough; nothing adds up.
        ``again``: False when the frame that is due was found missing. Then the decoder is
        behind, and its next frame wakes us.
        """
        due = self.playhead.next_due()
        wait = None if due is None else due - self._clock()
        if wait is None or (wait <= 0 and not again):
            self._timer.stop()
        else:
            self._timer.start(max(0, math.ceil(wait * 1000)))

    def _timing(self) -> Timing:
        if self.footage is None:
            return Timing.even(1, 1.0)
        return self.pace.timing(self.footage.durations)

    def _set_timing(self) -> None:
        if self.footage is not None:
            self.playhead.set_timing(self._timing())
            self.pace_changed.emit()
            self._arm()
