"""What goes to the worker that measures two items, and what comes back. Plain values only."""

from dataclasses import dataclass

from vidcache_gui.media.boxes import WHOLE, Box
from vidcache_gui.media.types import Kind


@dataclass(frozen=True, slots=True)
class Material:
    """Footage a worker can open.

    ``paths``: one file or the parts of one, or the pictures of a sequence, in their order.
    ``index``: as ``FrameIndex.to_bytes`` wrote it; None for what is no video. ``delays``: seconds
    that each picture of a sequence is shown.
    """

    kind: Kind
    paths: tuple[str, ...]
    extension: str = ""
    index: bytes | None = None
    rotation: int = 0
    delays: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds ``a0`` to ``a1`` of a show the same as ``b0`` to ``b1`` of b (b1 < b0: backwards).

    To lay b's picture over a's: mirror it, turn it (degrees clockwise), then fit the boxes.
    """

    a0: float
    a1: float
    b0: float
    b1: float
    mirrored: bool = False
    rotation: int = 0
    box_a: Box = WHOLE
    box_b: Box = WHOLE


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one of two items, where both show the same.

    ``lines``: the finest detail there is, as the height in pixels of a picture that would
    still hold it; never more than ``stored_lines``, the pixel height of the whole picture.
    ``detail``: mean power of fine detail, in decibels relative to the better of both (0: it
    is the better). ``blocks``: how much steps at the grid of coding blocks stand out from those
    beside it (0: they do not). ``noise``: grey levels, standard deviation. ``banding``: share of
    gentle gradients that are steps, 0 to 1. ``combing``: share of pictures torn into lines.
    ``rate``: different pictures in a second of its own time; None where nothing moves.
    ``colour``: mean distance from grey, levels. ``contrast``: spread of its grey levels.
    ``clipped``: share of pixels at either end of the scale. ``logos``, ``subtitles``: boxes of
    its own picture where it has some and the other has not. ``extra``: share of its picture the
    other does not show; ``bars``: share that is bars.
    """

    stored_lines: int
    lines: float
    detail: float = 0.0
    blocks: float = 0.0
    noise: float = 0.0
    banding: float = 0.0
    combing: float = 0.0
    rate: float | None = None
    colour: float = 0.0
    contrast: float = 0.0
    clipped: float = 0.0
    logos: tuple[Box, ...] = ()
    subtitles: tuple[Box, ...] = ()
    extra: float = 0.0
    bars: float = 0.0


@dataclass(frozen=True, slots=True)
class PairMeasured:
    """Both, and how many pictures were compared; ``alike``: their mean correlation, 0 to 1."""

    a: Measured
    b: Measured
    pictures: int
    alike: float
