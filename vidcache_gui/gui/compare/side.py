"""One of the two items: its decoder, its share of the memory, its times."""

from collections.abc import Callable, Sequence

from vidcache_gui.gui.player.cache import FrameCache, Run, Size
from vidcache_gui.gui.player.decoder import OUTSIDE, Decoder
from vidcache_gui.gui.player.enlarge import enlarge
from vidcache_gui.gui.player.footage import Footage
from vidcache_gui.gui.player.timing import DelayPolicy, Timing, apply_policy
from vidcache_gui.gui.player.windows import Request
from vidcache_gui.media.types import Frame, FrameSource

UNCACHED = OUTSIDE + 1  # frames for which the decoder keeps memory free
Tell = Callable[[str, object], None]  # ("opened", Footage), ("frame", index), ("failed", text)


class Side:
    """Frames of one item. ``failure`` says why there are none."""

    def __init__(self) -> None:
        self.cache = FrameCache(0)
        self.footage: Footage | None = None
        self.timing: Timing | None = None
        self.failure = ""
        self.wanted: Size = None  # device pixels; None: their own
        self.size: Size = None  # of the frames asked for
        self._policy = DelayPolicy.AS_WRITTEN
        self._decoder: Decoder | None = None
        self._retired: list[Decoder] = []

    @property
    def settled(self) -> bool:
        """It was opened, or cannot be."""
        return self.footage is not None or bool(self.failure)

    def open(self, open_source: Callable[[], FrameSource], policy: DelayPolicy, tell: Tell) -> None:
        """``tell`` is called from the decoder's thread."""
        self._policy = policy
        self._decoder = Decoder(
            open_source,
            self.cache,
            on_opened=lambda footage: tell("opened", footage),
            on_frame=lambda index, _: tell("frame", index),
            on_failed=lambda sentence: tell("failed", sentence),
            enlarge=enlarge,
        )
        self._decoder.start()

    def start(self, footage: Footage) -> None:
        self.footage = footage
        self.timing = Timing.of(apply_policy(footage.durations, self._policy))

    def fail(self, sentence: str) -> None:
        self.footage, self.timing, self.failure = None, None, sentence

    def close(self) -> None:
        """Let go of the source, without waiting for the thread that may be decoding."""
        self.footage, self.timing, self.failure, self.size = None, None, "", None
        self._retired = [old for old in self._retired if not old.join(0)]
        if self._decoder is not None:
            self._decoder.stop()
            self._retired.append(self._decoder)
            self._decoder = None

    def join(self, seconds: float) -> bool:
        return all([old.join(seconds) for old in self._retired])

    def frame(self, index: int | None) -> Frame | None:
        if self._decoder is None or index is None:
            return None
        return self._decoder.frame(index, self.size)

    def trouble(self, index: int | None) -> str:
        """Why a frame cannot be shown; empty: nothing is known to be wrong."""
        if self._decoder is None or index is None:
            return ""
        return self._decoder.damaged.get(index, "")

    def is_ready(self, index: int | None) -> bool:
        """Whether all there is to show for a frame is here."""
        return index is None or bool(self.trouble(index)) or self.frame(index) is not None

    def leads_to(self, index: int | None, target: int | None) -> bool:
        """Whether a frame is on the way to another one (as good as that, if it has none)."""
        if self._decoder is None or index is None or target is None:
            return True
        return self._decoder.leads_to(index, target)

    def runs(self) -> list[Run]:
        return self._decoder.runs(self.size) if self._decoder is not None else []

    def want(self, index: int, *, backwards: bool, playing: bool, loop: bool) -> None:
        if self._decoder is not None and self.footage is not None:
            self._decoder.want(Request(index, self.size, backwards, playing, loop))

    def fit_size(self) -> None:
        """Enlarged frames only where all of them can be kept: else they are made too often."""
        size, footage = self.wanted, self.footage
        if size is not None and footage is not None:
            larger = size[0] > footage.width or size[1] > footage.height
            if larger and self.cache.room(size[0] * size[1] * 4) < footage.count:
                size = None
        self.size = size

    def frame_bytes(self) -> int:
        if self.footage is None:
            return 0
        width, height = self.wanted or (self.footage.width, self.footage.height)
        return width * height * 4


def share_memory(budget: int, sides: Sequence[Side]) -> None:
    """Divide the memory for decoded frames: both hold about the same stretch of time.

    What one side does not need the other gets. Where there is more than both need they get
    that too: a decoder looks ahead by a part of its memory.
    """
    needs = [
        side.frame_bytes() * (side.footage.count + UNCACHED) if side.footage else 0
        for side in sides
    ]
    rates = [
        need / side.timing.total if side.timing else 0.0
        for need, side in zip(needs, sides, strict=True)
    ]
    whole = sum(rates)
    first = int(budget * rates[0] / whole) if whole else budget // 2
    left = budget - sum(needs)
    if left >= 0:
        first = needs[0] + left // 2
    elif needs[0] < first:
        first = needs[0]
    elif needs[1] < budget - first:
        first = budget - needs[1]
    first = min(max(first, 0), budget)
    for side, share in zip(sides, (first, budget - first), strict=True):
        if share != side.cache.budget:
            side.cache.set_budget(share)
