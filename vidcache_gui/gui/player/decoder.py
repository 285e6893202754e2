"""One thread that decodes what is wanted now, then what will be wanted next.

There is a single request, and the latest wins. Every frame that had to be decoded on the
way is kept; when the wanted one is there, the frames ahead are decoded, then those between
the playhead and the keyframe before it, so that stepping back finds them ready.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vidcache_gui.errors import UserError
from vidcache_gui.gui.player.cache import FrameCache
from vidcache_gui.media.types import FrameSource

log = logging.getLogger(__name__)

AHEAD = 48  # frames decoded in advance, budget allowing
OPENED, FRAME, FAILED = "opened", "frame", "failed"


@dataclass(frozen=True, slots=True)
class Request:
    index: int
    size: tuple[int, int] | None
    backwards: bool = False
    loop: bool = False


class Decoder:
    """Feeds a cache from a source it opens, uses and closes in its own thread.

    ``tell(what, value)`` is called from that thread: ``opened`` with the source, ``frame``
    with an index that is now cached or known damaged, ``failed`` with a sentence.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        cache: FrameCache,
        tell: Callable[[str, object], None],
    ) -> None:
        self._open_source = open_source
        self._cache = cache
        self._tell = tell
        self._request: Request | None = None
        self._ready = threading.Condition()
        self._closed = False
        self.damaged: dict[int, str] = {}
        self._thread = threading.Thread(target=self._work, name="decoder")

    def start(self) -> None:
        self._thread.start()

    def want(self, request: Request) -> None:
        """Replace the request; the one before is dropped between two frames."""
        with self._ready:
            resized = self._request is not None and self._request.size != request.size
            self._request = request
            if resized:
                self._cache.clear()
            self._cache.look_at(request.index, backwards=request.backwards)
            self._ready.notify()

    def close(self) -> None:
        """Stop and wait for the thread to end."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        try:
            source = self._open_source()
        except UserError as error:
            self._tell(FAILED, str(error))
            return
        except Exception as error:
            log.exception("opening footage failed")
            self._tell(FAILED, f"It could not be opened ({type(error).__name__}).")
            return
        self._tell(OPENED, source)
        try:
            self._serve(source)
        finally:
            source.close()

    def _serve(self, source: FrameSource) -> None:
        done: Request | None = None
        while True:
            with self._ready:
                while not self._closed and (self._request is None or self._request is done):
                    self._ready.wait()
                if self._closed or self._request is None:
                    return
                done = self._request
            for first, last in self._windows(source, done):
                self._decode(source, done, first, last)
                if self._request is not done or self._closed:
                    break

    def _windows(self, source: FrameSource, request: Request) -> Iterator[tuple[int, int]]:
        """Runs of frames to decode, the most wanted first; cached ones are left out."""
        at = request.index
        if self._lacks(at):
            yield at, at
        width, height = request.size or (source.width, source.height)
        room = self._cache.room(min(width * height, source.width * source.height) * 4)
        ahead = min(AHEAD, room // 3)
        behind = min(room // 2, source.count)
        if request.backwards:
            yield from self._behind(source, at, behind)
            return
        yield from self._runs(range(at + 1, min(at + ahead + 1, source.count)))
        past = at + ahead + 1 - source.count
        if request.loop and past > 0:
            yield from self._runs(range(0, min(past, at)))
        yield from self._behind(source, at, behind)

    def _behind(self, source: FrameSource, at: int, most: int) -> Iterator[tuple[int, int]]:
        """The window that ends just before the playhead, a group of pictures at a time."""
        low, last = max(0, at - most), at - 1
        while last >= low:
            first = max(source.keyframe_before(last) if last else 0, low)
            if first == 0 and last - low > AHEAD:
                first = max(low, last - AHEAD)
            yield from self._runs(range(first, last + 1))
            last = first - 1

    def _runs(self, indices: range) -> Iterator[tuple[int, int]]:
        first: int | None = None
        for index in indices:
            if self._lacks(index):
                first = index if first is None else first
            elif first is not None:
                yield first, index - 1
                first = None
        if first is not None:
            yield first, indices[-1]

    def _lacks(self, index: int) -> bool:
        return index not in self._cache and index not in self.damaged

    def _decode(self, source: FrameSource, request: Request, first: int, last: int) -> None:
        """Decode a run into the cache, going on after a damaged frame."""
        while first <= last:
            try:
                for frame in source.frames(first, last, request.size):
                    if self._stale(request):
                        return
                    self._cache.put(frame)
                    self._tell(FRAME, frame.index)
                    first = max(first, frame.index + 1)
                    if self._request is not request:
                        return
                return
            except UserError as error:
                reason = str(error)
            except Exception:
                log.exception("decoding frame %d failed", first)
                reason = f"Frame {first} could not be read."
            self.damaged[first] = reason
            self._tell(FRAME, first)
            first += 1
            if self._request is not request or self._closed:
                return

    def _stale(self, request: Request) -> bool:
        """Frames of another size must not enter the cache any more."""
        now = self._request
        return self._closed or now is None or now.size != request.size
