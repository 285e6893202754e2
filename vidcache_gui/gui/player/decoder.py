"""One thread that decodes what is wanted now, then what will be wanted next.

There is a single request, and the latest wins: whether a newer one came is asked after
every picture. A frame that is sought is had first, by the cheapest way there is; then what lies
before and after it is decoded, so that stepping either way finds its frames ready.
"""

import contextlib
import functools
import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache, Look, Size
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.gui.player.windows import MOST_BEHIND, Plan, Request
from vidcache_gui.media.types import Frame, FrameSource

log = logging.getLogger(__name__)

THREAD_NAME = "player-decoder"
SHORT_WAY = 24  # frames between keyframe and target that are kept as they come
SLACK = 8  # frames the playhead moves before the next windows are looked at
OUTSIDE = 3  # frames alive but not cached: in flight, sought, on screen
NICE = 5  # of the decoder and the threads its codecs start: the window comes first


class Decoder:
    """Feeds ``cache`` with the frames of a source it opens, uses and closes in its thread.

    Called from that thread, and never after :meth:`stop` has returned from its lock:
    ``on_opened(footage)``; ``on_frame(index, generation)`` for a frame that is now in the
    cache or known to be damaged, with the number of the request it was decoded for;
    ``on_failed(sentence)`` when the source cannot be used at all. ``enlarge(frame, width,
    height)`` is for frames smaller than the size wanted, which sources never make larger.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        cache: FrameCache,
        *,
        on_opened: Callable[[Footage], None],
        on_frame: Callable[[int, int], None],
        on_failed: Callable[[str], None],
        enlarge: Callable[[Frame, int, int], Frame] | None = None,
    ) -> None:
        self._open_source = open_source
        self._enlarge = enlarge
        self._cache = cache
        self._on_opened, self._on_frame, self._on_failed = on_opened, on_frame, on_failed
        self._request: Request | None = None
        self._generation = 0
        self._ready = threading.Condition()
        self._stopped = False
        self._held: tuple[Size, Frame] | None = None
        self._done: Request | None = None  # all that this one wanted is there
        self._asleep = 0  # a generation for which nothing is to be done
        self._count = 1
        self._shown_size = 1, 1
        self._keyframe_before: Callable[[int], int] = int
        self._next = 0  # the frame after the one decoded last
        self.damaged: dict[int, str] = {}
        # A daemon: a file that makes a decoder hang must not keep the program from ending.
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)

    # From the main thread

    def start(self) -> None:
        self._cache.open(self)
        self._thread.start()

    def want(self, request: Request) -> int:
        """Replace the request; its generation.

        While a film plays out of the cache every frame is a new request. The thread is left
        asleep as long as the last one, all of whose windows are there, is near enough.
        """
        onward, passed = request.shares(self._room(request.size))
        span = request.reach(self._count)
        whole = request.span is None and not request.loop
        look = Look(
            request.index, request.backwards, None if whole else span, request.loop,
            max(1, onward), max(1, passed),
        )  # fmt: skip
        self._cache.look_at(self, request.size, look)
        with self._ready:
            if request != self._request:
                self._request = request
                self._generation += 1
                if not self._suffices(request):
                    self._done = None
                    self._ready.notify()
            return self._generation

    def _suffices(self, request: Request) -> bool:
        done = self._done
        if done is None or abs(request.index - done.index) > SLACK:
            return False
        if replace(request, index=done.index) != done:
            return False
        if self._lacks(request.index, request.size):
            return False
        self._asleep = self._generation
        return True

    def frame(self, index: int, size: Size) -> Frame | None:
        """A frame that is decoded, also one too large for the cache."""
        held = self._held
        if held is not None and held[0] == size and held[1].index == index:
            return held[1]
        return self._cache.get(self, size, index)

    def on_the_way(self, index: int, size: Size) -> Frame | None:
        """The decoded frame nearest to one that is not, no farther than its keyframe.

        None as well for a source that is not open yet.
        """
        near = self._cache.nearest(self, size, index)
        if near is None or abs(near - index) > index - self._keyframe_before(index):
            return None
        return self._cache.get(self, size, near)

    def leads_to(self, index: int, target: int) -> bool:
        """Whether a frame is on the way from the keyframe to ``target``."""
        return self._keyframe_before(target) <= index <= target

    def runs(self, size: Size) -> list[tuple[int, int]]:
        return self._cache.runs(self, size)

    @property
    def settled(self) -> bool:
        """Whether all is there that the latest request wants, now and next."""
        return self._generation > 0 and self._done is not None

    def stop(self) -> None:
        """Ask the thread to end, without waiting; nothing is told any more."""
        with self._ready:
            self._stopped = True
            self._ready.notify()
        self._cache.forget(self)
        self._held = None

    def join(self, seconds: float | None = None) -> bool:
        """Wait for the thread to end; whether it did."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    # In the thread

    def _work(self) -> None:
        source: FrameSource | None = None
        _step_back()
        try:
            source = self._open_source()
            footage = Footage.of(source)
            if footage.count < 1:
                raise UserError("It has no frames.")
            self._count, self._shown_size = footage.count, (footage.width, footage.height)
            self._keyframe_before = source.keyframe_before
            self._tell(self._on_opened, footage)
            self._serve(source)
        except UserError as error:
            self._tell(self._on_failed, str(error))
        except Exception as error:
            log.exception("playing failed")
            self._tell(self._on_failed, f"It cannot be played ({type(error).__name__}: {error}).")
        finally:
            if source is not None:
                with contextlib.suppress(Exception):
                    source.close()

    def _tell(self, hear: Callable[..., None], *what: Any) -> None:
        with self._ready:
            if not self._stopped:
                hear(*what)

    def _serve(self, source: FrameSource) -> None:
        done = 0
        while True:
            with self._ready:
                while not self._stopped and self._generation in (0, done, self._asleep):
                    self._ready.wait()
                if self._stopped or self._request is None:
                    return
                request, done = self._request, self._generation
                self._done = None
            self._make_room_outside(request.size)
            plan = Plan(
                request, source.count, self._room(request.size),
                functools.partial(self._lacks, size=request.size),
                source.keyframe_before, self._next,
            )  # fmt: skip
            for first, last in plan.windows():
                self._decode(source, request, done, first, last)
                if self._stale(done):
                    break
            else:
                with self._ready:
                    self._done = request

    def _frame_bytes(self, size: Size) -> int:
        width, height = size or self._shown_size
        return width * height * 4

    def _make_room_outside(self, size: Size) -> None:
        """Frames that live outside the cache are within the budget too.

        The one sought last, and with it the one on screen, may still be of another size.
        """
        enlarged = size is not None and size > self._shown_size
        held = self._held[1].nbytes if self._held is not None else 0
        self._cache.reserve((OUTSIDE + enlarged) * max(self._frame_bytes(size), held))

    def _room(self, size: Size) -> int:
        return self._cache.room(self._frame_bytes(size))

    def _lacks(self, index: int, size: Size) -> bool:
        return index not in self.damaged and self.frame(index, size) is None

    def _stale(self, generation: int) -> bool:
        return self._stopped or self._generation != generation

    def _decode(
        self, source: FrameSource, request: Request, generation: int, first: int, last: int
    ) -> None:
        """Decode a run into the cache, going to its first frame as cheaply as can be.

        What a short way brings is kept. On a long one what no other picture needs is not
        even decoded, a third less work; its keyframe comes first, to be shown meanwhile.
        """
        key = source.keyframe_before(first)
        start = self._next if key <= self._next <= first else key
        short = first - start <= SHORT_WAY
        if not short and start == key and self._lacks(key, request.size):
            self._run(source, request, generation, key, key)
        self._run(source, request, generation, first, last, prefix=short)

    def _run(
        self,
        source: FrameSource,
        request: Request,
        generation: int,
        first: int,
        last: int,
        *,
        prefix: bool = False,
    ) -> None:
        """Decode a run into the cache, going on after frames that are damaged."""
        halted = False

        def halt() -> bool:
            nonlocal halted
            halted = halted or not self._is_wanted(request, generation, first, last)
            return halted

        while first <= last and not halt():
            expected, reason = first, ""
            try:
                with contextlib.ExitStack() as stack:
                    frames = source.frames(first, last, request.size, prefix=prefix, stop=halt)
                    if hasattr(frames, "close"):
                        stack.callback(frames.close)
                    frame = next(frames, None)
                    while frame is not None:
                        for index in range(expected, frame.index):
                            self._mark(index, "", generation)
                        expected = max(expected, frame.index + 1)
                        self._next = frame.index + 1
                        self._keep(frame, request, generation)
                        if halt():
                            return
                        frame = None  # let go of it before there is another
                        frame = next(frames, None)
            except UserError as error:
                reason = str(error) or "It could not be read."
            except Exception as error:
                log.exception("decoding frame %d failed", expected)
                reason = f"Frame {expected} could not be read ({type(error).__name__})."
            if reason:
                self._mark(expected, reason, generation)
                first = expected + 1
            elif halted:
                return
            else:  # it ended, and what did not come will not come
                for index in range(expected, last + 1):
                    self._mark(index, "", generation)
                return

    def _is_wanted(self, request: Request, generation: int, first: int, last: int) -> bool:
        """Whether a run is still worth it: always for the latest request, and for one that only
        moved on while its frames are there. Each frame that is shown is such a request, and
        starting anew for each a long group of pictures would never be done."""
        if not self._stale(generation):
            return True
        now = self._request
        if self._stopped or now is None or replace(now, index=request.index) != request:
            return False
        if request.scrubbing or abs(now.index - request.index) > MOST_BEHIND:
            return False
        there = not self._lacks(now.index, now.size) or first <= now.index <= last
        passed = now.index < first if now.backwards else now.index > last
        return there and not passed

    def _keep(self, frame: Frame, request: Request, generation: int) -> None:
        size = request.size
        if self._enlarge and size and frame.width < size[0] and frame.height < size[1]:
            frame = self._enlarge(frame, *size)
        if frame.index == request.index:
            self._held = (request.size, frame)
        self._cache.put(self, request.size, frame)
        self._tell(self._on_frame, frame.index, generation)

    def _mark(self, index: int, reason: str, generation: int) -> None:
        self.damaged[index] = reason or f"Frame {index} could not be read: its data is damaged."
        self._tell(self._on_frame, index, generation)


def _step_back() -> None:
    """Let the window's thread go first. Linux keeps niceness by thread; codecs inherit it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
