"""Which frames to decode, the most wanted first. Pure; asked again for every request.

Footage with inter-frame coding can only be entered at keyframes, so decoding backwards goes
by whole groups of pictures: a window begins at the keyframe before its *first* frame.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vidcache_gui.gui.player.cache import Run, Size

AHEAD = 48  # frames decoded in advance, the cache allowing
MOST_BEHIND = 600  # two long groups of pictures
SHARE_AHEAD = 3  # one part in so many of the cache is for what comes next


@dataclass(frozen=True, slots=True)
class Request:
    """What the player wants now."""

    index: int
    size: Size
    backwards: bool = False
    playing: bool = False
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The windows of one request over footage of ``count`` frames.

    ``room``: how many frames the cache holds. ``lacks``: whether a frame is still to be
    decoded. ``keyframe_before``: as in :class:`media.types.FrameSource`.
    """

    request: Request
    count: int
    room: int
    lacks: Callable[[int], bool]
    keyframe_before: Callable[[int], int]

    def windows(self) -> Iterator[Run]:
        """Runs of frames, each to be decoded in order; those that are there are left out."""
        at = self.request.index
        if self.lacks(at):
            yield at, at
        ahead = min(AHEAD, self.room // SHARE_AHEAD)
        behind = min(MOST_BEHIND, self.room - ahead - 1)
        if self.request.backwards and self.request.playing:
            yield from self._behind(behind)
            return
        yield from self._ahead(ahead)
        # While playing on, what lies behind was just shown: going back for what fell out
        # of the cache would cost the frames that come next.
        if not self.request.playing:
            yield from self._behind(behind)

    def _ahead(self, most: int) -> Iterator[Run]:
        at = self.request.index
        yield from self._runs(at + 1, min(at + most, self.count - 1))
        over = at + most - self.count
        if self.request.loop and over >= 0:
            yield from self._runs(0, min(over, at - 1))

    def _behind(self, most: int) -> Iterator[Run]:
        """The window that ends just before the playhead, the nearest group of pictures first."""
        at = self.request.index
        yield from self._back_from(at, max(0, at - most))
        left = min(most, self.count - 1) - at
        if self.request.loop and left > 0:
            yield from self._back_from(self.count, max(at + 1, self.count - left))

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
            first = last
            while first > max(key, low) and self.lacks(first - 1):
                first -= 1
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
