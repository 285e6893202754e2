"""Which frames to decode, the most wanted first. Pure; asked again for every request.

Footage with inter-frame coding can only be entered at keyframes, so decoding backwards goes
by whole groups of pictures: a window begins at the keyframe before its *first* frame.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vidcache_gui.gui.player.cache import Run, Size

AHEAD = 48  # frames decoded in advance, the cache allowing
NEAR = 8  # of them, those that come before the window behind a resting playhead
MOST_BEHIND = 600  # two long groups of pictures
SHARE_AHEAD = 3  # one part in so many of the cache is for what comes next at rest
SHARE_PASSED = 8  # and one for what was just shown when going one way


@dataclass(frozen=True, slots=True)
class Request:
    """What the player wants now."""

    index: int
    size: Size
    backwards: bool = False  # the way it goes, or went last
    playing: bool = False
    loop: bool = False
    span: Run | None = None  # the marked range; frames outside it are not decoded in advance
    scrubbing: bool = False  # the pointer moves: what can be had at once is enough

    def reach(self, count: int) -> Run:
        """First and last frame that playing on can come to."""
        if self.span is None or not self.span[0] <= self.index <= self.span[1]:
            return 0, count - 1
        return max(0, self.span[0]), min(self.span[1], count - 1)

    def shares(self, room: int) -> tuple[int, int]:
        """Of a cache with ``room`` frames: how many lie on the way, and how many passed."""
        if self.playing or self.backwards:
            passed = min(AHEAD, room // SHARE_PASSED)
            return max(0, room - passed - 1), passed
        onward = min(AHEAD, room // SHARE_AHEAD)
        return onward, max(0, room - onward - 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """The windows of one request over footage of ``count`` frames.

    ``room``: how many frames the cache holds. ``lacks``: whether a frame is still to be
    decoded. ``keyframe_before``: as in :class:`media.types.FrameSource`. ``stands``: the frame
    that the decoder would come to next.
    """

    request: Request
    count: int
    room: int
    lacks: Callable[[int], bool]
    keyframe_before: Callable[[int], int]
    stands: int = 0

    def windows(self) -> Iterator[Run]:
        """Runs of frames, each to be decoded in order; those that are there are left out."""
        request = self.request
        onward, passed = request.shares(self.room)
        if request.scrubbing:
            yield from self._glimpse()
        elif request.backwards:
            # The frame itself is the last of its window: all before it is wanted next.
            yield from self._behind(min(MOST_BEHIND, onward))
            if not request.playing:
                # No more: what was passed and fell out of the cache would be decoded anew.
                yield from self._ahead(1, min(NEAR, passed))
        else:
            if self.lacks(request.index):
                yield request.index, request.index
            if request.playing:
                # What lies behind was just shown: going back for what fell out of the
                # cache would cost the frames that come next.
                yield from self._ahead(1, min(AHEAD, onward))
                return
            yield from self._ahead(1, min(NEAR, onward))
            yield from self._behind(min(MOST_BEHIND, passed))
            yield from self._ahead(NEAR + 1, onward)

    def _glimpse(self) -> Iterator[Run]:
        """The keyframe before a frame costs next to nothing."""
        at = self.request.index
        if self.lacks(at):
            key = self.keyframe_before(at)
            if self.lacks(key):
                yield key, key

    def _ahead(self, first: int, most: int) -> Iterator[Run]:
        """From ``first`` to ``most`` frames after the playhead, round the end of a loop."""
        at = self.request.index
        low, high = self.request.reach(self.count)
        yield from self._runs(at + first, min(at + most, high))
        if self.request.loop:
            start, over = low + max(0, at + first - high - 1), low + at + most - high - 1
            yield from self._runs(start, min(over, at - 1))

    def _behind(self, most: int) -> Iterator[Run]:
        """The window that ends at the playhead, the nearest group of pictures first."""
        at = self.request.index
        low, high = self.request.reach(self.count)
        yield from self._back_from(at + 1, max(low, at - most))
        left = min(most - (at - low), high - at)
        if self.request.loop and left > 0:
            yield from self._back_from(high + 1, high + 1 - left)

    def _back_from(self, at: int, low: int) -> Iterator[Run]:
        """Down from ``at``, not included, to ``low``.

        A group of pictures that reaches below ``low`` is entered only when less than half of
        the window is left: every time costs the decoding of all that comes before it. And
        what is begun is finished: ``low`` moves with every step, and going back for the one
        frame it has freed would start the group anew each time.
        """
        last = at - 1
        while last >= low:
            if not self.lacks(last):
                last -= 1
                continue
            key = self.keyframe_before(last)
            if key < low and at - 1 - last >= (at - low) / 2:
                return
            # On the way to the last frame all before it are decoded: none that is lacking
            # is left for another time, unless the decoder has passed it already.
            low_here = max(key, low)
            if low_here < self.stands <= last:
                low_here = self.stands
            first = next(at for at in range(low_here, last + 1) if self.lacks(at))
            yield first, last
            last = first - 1

    def _runs(self, first: int, last: int) -> Iterator[Run]:
        start: int | None = None
        for index in range(first, last + 1):
            if self.lacks(index):
                start = index if start is None else start
            elif start is not None:
                yield start, index - 1
                start = None
        if start is not None:
            yield start, last
