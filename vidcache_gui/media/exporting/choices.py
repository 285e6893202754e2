"""What a person can choose about an export. Plain data, free to import."""

from dataclasses import dataclass
from enum import StrEnum

from vidcache_gui.errors import UserError


class Format(StrEnum):
    GIF = "gif"
    WEBP = "webp"
    APNG = "apng"
    MP4 = "mp4"
    FRAMES = "frames"  # a folder of numbered PNGs
    PNG = "png"  # one frame
    JPEG = "jpeg"  # one frame


STILLS = (Format.PNG, Format.JPEG)
KEEPS_ALPHA = (Format.GIF, Format.WEBP, Format.APNG, Format.FRAMES, Format.PNG)
LOOPS = (Format.GIF, Format.WEBP, Format.APNG)
SUFFIXES = {
    ".gif": Format.GIF, ".webp": Format.WEBP, ".apng": Format.APNG, ".png": Format.APNG,
    ".mp4": Format.MP4, ".jpg": Format.JPEG, ".jpeg": Format.JPEG, "": Format.FRAMES,
}  # fmt: skip
SUFFIX_OF = {
    Format.GIF: ".gif", Format.WEBP: ".webp", Format.APNG: ".png", Format.MP4: ".mp4",
    Format.FRAMES: "", Format.PNG: ".png", Format.JPEG: ".jpg",
}  # fmt: skip


class Order(StrEnum):
    FORWARD = "forward"
    BACKWARDS = "backwards"
    PING_PONG = "ping-pong"  # there and back; the two ends are not shown twice


class Missing(StrEnum):
    """What stands in for a frame that cannot be read."""

    HOLD = "hold"  # the frame before it stays
    BLANK = "blank"
    SKIP = "skip"  # nothing: the result is shorter
    FAIL = "fail"  # nothing is written


class Quality(StrEnum):
    LOSSLESS = "lossless"
    HIGH = "high"
    SMALL = "small"


class Background(StrEnum):
    """Behind transparent pixels, where a format has none."""

    BLACK = "black"
    WHITE = "white"


@dataclass(frozen=True, slots=True)
class Choices:
    """Which frames, how large, how long each, how good. The defaults change nothing."""

    first: int = 0  # from 0
    last: int | None = None  # inclusive; None: the last there is
    size: tuple[int, int] | None = None  # the result fits into it, in its own shape
    enlarge: bool = False  # small footage may grow to ``size``
    fps: float | None = None  # None: every frame as stored
    delay_ms: float | None = None  # one for all frames
    speed: float = 1.0
    order: Order = Order.FORWARD
    loop: int | None = None  # how often it plays; 0: for ever; None: as the source, or for ever
    quality: Quality | None = None  # None: what suits the footage
    colours: int = 256  # of each GIF frame
    dither: bool = True
    background: Background = Background.BLACK
    missing: Missing = Missing.HOLD
    from_zero: bool = False  # pictures in a folder are numbered from 0, not as in the source

    @property
    def retimed(self) -> bool:
        """Are frames repeated, left out or put in another order?"""
        return self.fps is not None or self.order is not Order.FORWARD

    def check(self, count: int) -> tuple[int, int]:
        """(first, last) within ``count`` frames. Raises UserError with a sentence."""
        last = count - 1 if self.last is None else self.last
        for wanted in (self.first, last):
            if not 0 <= wanted < count:
                raise UserError(
                    f"There is no frame {wanted:,}. The frames go from 0 to {count - 1:,}."
                )
        if self.first > last:
            raise UserError(
                f"The range starts after it ends: from frame {self.first:,} to {last:,}."
            )
        if self.size is not None and min(self.size) < 1:
            raise UserError("A size needs at least one pixel each way.")
        for name, value in (("rate", self.fps), ("delay", self.delay_ms), ("speed", self.speed)):
            if value is not None and not 0 < value < 1e7:
                raise UserError(f"A {name} must be more than 0.")
        if self.fps is not None and self.fps > 1000:
            raise UserError("A rate can be 1,000 frames a second at most.")
        if not 2 <= self.colours <= 256:
            raise UserError("A GIF frame has 2 to 256 colours.")
        if self.loop is not None and not 0 <= self.loop <= 65535:
            raise UserError("An animation can play 1 to 65,535 times, or for ever (0).")
        return self.first, last


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``notes``: whole sentences for people about anything not as stored."""

    frames: int
    seconds: float
    width: int
    height: int
    size: int  # bytes
    missing: int  # frames that could not be read
    delays_ms: tuple[float, ...]
    notes: tuple[str, ...] = ()
