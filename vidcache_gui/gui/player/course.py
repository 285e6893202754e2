"""The frames that are played, in the order they are played in: a part, there and back, not all.

The playhead moves over *places* of a course. A place names a frame; in a course that goes
there and back most frames have two.
"""

from bisect import bisect_left
from collections.abc import Sequence

from vidcache_gui.gui.player.timing import Timing


class Course:
    """Frames ``first..last`` (inclusive) of ``timing``.

    ``there_and_back``: then down again to the first. ``loop`` says whether that first frame
    is where the next lap begins (it is not shown twice then). ``without``: frames passed over.
    """

    def __init__(
        self,
        timing: Timing,
        first: int = 0,
        last: int | None = None,
        *,
        there_and_back: bool = False,
        loop: bool = True,
        without: frozenset[int] = frozenset(),
    ) -> None:
        last = timing.count - 1 if last is None else last
        up: Sequence[int] = range(first, last + 1)
        if without:
            up = [index for index in up if index not in without] or up
        self._up = up
        self.turns = there_and_back and len(up) > 1
        self.frames: Sequence[int] = up
        if self.turns:
            self.frames = [*up, *reversed(up[1:-1] if loop else up[:-1])]
        self.count = len(self.frames)
        self.whole = isinstance(self.frames, range) and self.count == timing.count
        self.timing = self._timing(timing)

    def _timing(self, timing: Timing) -> Timing:
        if self.whole:
            return timing
        if isinstance(self.frames, range):
            start = timing.edges[self.frames[0]]
            edges = timing.edges[self.frames[0] : self.frames[-1] + 2]
            return Timing([edge - start for edge in edges])
        return Timing.of([timing.duration(index) for index in self.frames])

    def place_of(self, index: int, *, descending: bool = False) -> int | None:
        """Where a frame is played; for one passed over, where the next one is. None outside.

        ``descending``: on the way back, where there is one.
        """
        if not self._up[0] <= index <= self._up[-1]:
            return None
        place = bisect_left(self._up, index)
        if descending and self.turns and 0 < place < len(self._up) - 1:
            return 2 * (len(self._up) - 1) - place
        return place

    def descends(self, place: int) -> bool:
        """Whether this place is on the way back."""
        return place >= len(self._up)
