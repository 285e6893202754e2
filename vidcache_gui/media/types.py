"""The values the media layer speaks in. Plain data: cheap to pickle, free to import."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What a stored thing is, for people and for the player."""

    VIDEO = "video"
    ANIMATION = "animation"  # GIF, APNG or animated WebP with more than one frame
    IMAGE = "image"  # a still picture
    FRAMES = "frames"  # a group of balls: a frame sequence
    DATA = "data"  # no pictures at all: a program stored it, alone or as a group


@dataclass(frozen=True, slots=True)
class MediaType:
    """What the first bytes say a file is (never what its name says)."""

    kind: Kind  # ANIMATION for GIF/WebP/PNG until the frames are counted
    mime: str  # "video/mp4"
    extension: str  # "mp4", no dot
    demuxers: tuple[str, ...]  # libavformat demuxers allowed to open it; empty: Pillow only


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What decoding said about one file. ``damaged`` is a sentence for people, or None."""

    kind: Kind
    mime: str
    extension: str
    width: int = 0  # as shown: after rotation and sample aspect ratio
    height: int = 0
    frame_count: int = 0
    duration: float | None = None  # seconds
    fps: float | None = None  # average; None for stills
    codec: str = ""
    container: str = ""
    pixel_format: str = ""
    bit_rate: int | None = None  # bits per second
    rotation: int = 0  # degrees clockwise, already applied to width and height
    has_audio: bool = False
    has_alpha: bool = False
    checked_frames: int = 0  # how many frames were decoded while looking
    damaged: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)  # container title, colour tags …


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything one isolated look at a file produces (one decode, shared)."""

    facts: MediaFacts
    index: bytes | None  # FrameIndex.to_bytes(); None for what cannot be decoded
    poster: bytes | None  # JPEG, longest side <= 512 px
    strip: bytes | None  # JPEG filmstrip: STRIP_TILES equal tiles side by side, left to right
    # Fingerprint.to_bytes(); None where not everything was decoded: media.fingerprint.look then
    fingerprint: bytes | None = None
    stream: str | None = None  # media.fingerprint.stream.StreamHash; None for pictures


STRIP_TILES = 12
POSTER_SIDE = 512


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture, ready to paint.

    ``data`` is a contiguous buffer of ``height * stride`` bytes, 4 bytes a pixel in the
    order B, G, R, A (alpha premultiplied; 255 where there is none). It owns or keeps
    alive whatever memory it views.
    """

    index: int
    width: int
    height: int
    stride: int
    data: Any  # bytes | memoryview | numpy array
    has_alpha: bool = False

    @property
    def nbytes(self) -> int:
        return self.height * self.stride


class FrameSource(Protocol):
    """Any footage as numbered frames. One thread at a time uses one source.

    ``starts[i]`` is the time in seconds at which frame i appears, ``starts[0] == 0.0``;
    ``durations[i]`` how long it stays, as the file says (a GIF's raw delay, 0 included:
    the policy for too-short delays belongs to whoever plays it).
    """

    count: int
    width: int  # as shown
    height: int
    has_alpha: bool
    starts: Sequence[float]
    durations: Sequence[float]
    missing: frozenset[int]  # frames known to be absent or unreadable

    def keyframe_before(self, index: int) -> int:
        """The frame to start decoding from to reach ``index`` (``index`` itself if free)."""
        ...

    def frames(
        self,
        first: int,
        last: int,
        size: tuple[int, int] | None = None,
        *,
        prefix: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> Iterator[Frame]:
        """Decode frames ``first..last`` inclusive, in order.

        For footage with inter-frame coding the frames between ``keyframe_before(first)``
        and ``first`` are decoded on the way and yielded too (their ``index`` says which
        they are), because the caller can cache them for free; with ``prefix=False`` only
        ``first..last`` come, and whatever need not be decoded or converted for them is not.
        A keyframe by itself, ``frames(k, k)``, costs the decoding of that picture alone.
        ``size`` is the largest (width, height) wanted: frames are scaled down to fit,
        keeping the aspect ratio, never up; None: full size. Closing the iterator stops the
        work; so does ``stop``, which is asked after every decoded picture, shown or not.
        Raises UserError for a frame that cannot be decoded.
        """
        ...

    def close(self) -> None: ...
