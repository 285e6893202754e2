"""The exact frame index: frame i is the i-th presentation timestamp.

Built by demuxing, without decoding, so a film of hours costs a read. Variable frame rate
needs no special case, because no frame rate is used. Streams whose packets carry no usable
timestamps are *counted*: indexed by decoding once, and always decoded from their start.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError

MAGIC = b"VCIX\x01"
_HEAD = struct.Struct("<5sBQqqI")  # magic, flags, count, time base, crc of the rest
MOST_FRAMES = 50_000_000


@dataclass(frozen=True)
class FrameIndex:
    """Presentation times of every frame, in units of ``numerator / denominator`` seconds.

    ``pts``: int64, strictly increasing. ``keys``: bool, True where decoding can start.
    ``end``: the time at which the last frame ends.
    """

    pts: NDArray[np.int64]
    keys: NDArray[np.bool_]
    end: int
    numerator: int
    denominator: int
    counted: bool = False

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def starts(self) -> NDArray[np.float64]:
        """Seconds from the first frame."""
        seconds: NDArray[np.float64] = (
            (self.pts - self.pts[0]).astype(np.float64) * self.numerator / self.denominator
        )
        return seconds

    @property
    def durations(self) -> NDArray[np.float64]:
        edges = np.append(self.pts, self.end)
        seconds: NDArray[np.float64] = (
            np.diff(edges).astype(np.float64) * self.numerator / self.denominator
        )
        return seconds

    @property
    def keyframes(self) -> NDArray[np.int64]:
        """The frames at which decoding can start."""
        found: NDArray[np.int64] = np.flatnonzero(self.keys)
        return found

    def keyframe_before(self, index: int) -> int:
        """The nearest frame at or before ``index`` at which decoding can start."""
        if self.counted:
            return 0
        keys = np.flatnonzero(self.keys[: index + 1])
        return int(keys[-1]) if len(keys) else 0

    def place(self, pts: int) -> int | None:
        """The index of the frame shown at exactly this time."""
        at = int(np.searchsorted(self.pts, pts))
        return at if at < len(self.pts) and self.pts[at] == pts else None

    def keep(self, seen: NDArray[np.int64]) -> "FrameIndex":
        """The index of those frames that really can be decoded (``seen``: their times)."""
        mask = np.isin(self.pts, seen)
        if mask.all():
            return self
        return FrameIndex(
            self.pts[mask], self.keys[mask], self.end, self.numerator, self.denominator
        )

    def to_bytes(self) -> bytes:
        body = zlib.compress(
            np.diff(self.pts, prepend=0).astype("<i8").tobytes()
            + np.packbits(self.keys).tobytes()
            + struct.pack("<q", self.end),
            level=6,
        )
        head = _HEAD.pack(
            MAGIC, self.counted, len(self.pts), self.numerator, self.denominator, zlib.crc32(body)
        )
        return head + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "FrameIndex":
        """Raises UserError when the bytes are not an index (it can be built again)."""
        try:
            magic, counted, count, numerator, denominator, crc = _HEAD.unpack_from(data)
            body = data[_HEAD.size :]
            if magic != MAGIC or zlib.crc32(body) != crc or not 0 < count <= MOST_FRAMES:
                raise ValueError("not an index")
            size = count * 8 + (count + 7) // 8 + 8
            raw = zlib.decompressobj().decompress(body, size)
            if len(raw) != size or numerator <= 0 or denominator <= 0:
                raise ValueError("cut short")
            pts = np.cumsum(np.frombuffer(raw, "<i8", count))
            bits = np.frombuffer(raw, np.uint8, (count + 7) // 8, count * 8)
            keys = np.unpackbits(bits, count=count).astype(bool)
            (end,) = struct.unpack_from("<q", raw, size - 8)
        except (ValueError, struct.error, zlib.error) as error:
            raise UserError("The stored frame index is damaged and must be made again.") from error
        return cls(pts, keys, end, numerator, denominator, bool(counted))


def build(container: Any, stream: Any) -> FrameIndex | None:
    """Index a stream by demuxing it to its end; None when its packets do not tell.

    Packets that are flagged to be discarded (edit lists, pre-roll) are no frames. Read
    errors end the walk: what was found before them is the index.
    """
    times: list[int] = []
    keys: list[bool] = []
    last, last_duration = None, 0
    for packet in packets(container, stream):
        if packet.is_discard:
            continue
        if packet.pts is None:
            return None
        times.append(packet.pts)
        keys.append(packet.is_keyframe)
        if last is None or packet.pts > last:  # the last one shown need not come last
            last, last_duration = packet.pts, packet.duration or last_duration
    return from_times(times, keys, last_duration, stream.time_base)


def packets(container: Any, stream: Any) -> Any:
    """The packets of a stream with bytes in them, up to the end or the first read error."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except (OSError, ValueError):
        return


def from_times(
    times: list[int], keys: list[bool], last_duration: int, time_base: Any, counted: bool = False
) -> FrameIndex | None:
    """Sort packet times into an index; None if two frames claim the same time."""
    if not times:
        return None
    order = np.argsort(np.asarray(times, np.int64), kind="stable")
    pts = np.asarray(times, np.int64)[order]
    gaps = np.diff(pts)
    if len(gaps) and gaps.min() <= 0:
        return None
    typical = int(np.median(gaps)) if len(gaps) else 0
    end = int(pts[-1]) + (last_duration or typical)
    flags = np.asarray(keys, bool)[order]
    return FrameIndex(pts, flags, end, time_base.numerator, time_base.denominator, counted)


def count(frames: int, time_base: Any, ticks: int) -> FrameIndex:
    """The index of a stream whose packets tell no times: evenly spaced, decoded from the start."""
    pts = np.arange(frames, dtype=np.int64) * ticks
    keys = np.zeros(frames, bool)
    keys[0] = True
    return FrameIndex(
        pts, keys, frames * ticks, time_base.numerator, time_base.denominator, counted=True
    )
