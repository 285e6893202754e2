"""The exact frame index: frame i is the i-th presentation timestamp.

Built by demuxing, without decoding, so a film of hours costs a read. Variable frame rate
needs no special case, because no frame rate is used. Streams whose packets carry no usable
timestamps are *counted*: indexed by decoding once, and always decoded from their start.

Each frame's time comes with a check of its packet. Formats without an index of their own give
other times after a seek than they gave before it (an MPEG program stream has one time for
several pictures), so whoever seeks compares what arrives with what was there when indexing.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.errors import UserError
from vidcache_gui.media.container import packets
from vidcache_gui.media.entries import Claim, claim

MAGIC = b"VCIX\x02"
_HEAD = struct.Struct("<5sBQQqqI")  # magic, flags, count, lost, time base, crc of the rest
_ENDS = 2048  # bytes of a packet's beginning and end that are checked
MOST_FRAMES = 50_000_000


@dataclass(frozen=True)
class FrameIndex:
    """Presentation times of every frame, in units of ``numerator / denominator`` seconds.

    ``pts``: int64, strictly increasing. ``keys``: bool, True where decoding can start.
    ``checks``: uint16, see :func:`check`. ``end``: the time at which the last frame ends.
    ``lost``: times of packets that give no picture.
    """

    pts: NDArray[np.int64]
    keys: NDArray[np.bool_]
    checks: NDArray[np.uint16]
    end: int
    numerator: int
    denominator: int
    counted: bool = False
    lost: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

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
        return replace(
            self, pts=self.pts[mask], keys=self.keys[mask], checks=self.checks[mask],
            lost=np.concatenate((self.lost, self.pts[~mask])),
        )  # fmt: skip

    def without_keys(self, keys: Iterable[int]) -> "FrameIndex":
        """The same frames, but decoding is never begun at these."""
        flags = self.keys.copy()
        flags[list(keys)] = False
        return replace(self, keys=flags)

    def is_packet(self, packet: Any) -> bool:
        """Whether a packet is the one that had its time when the index was made."""
        if packet.pts is None:
            return False
        at = self.place(packet.pts)
        if at is None:
            return packet.is_discard or packet.pts in self.lost
        return bool(self.checks[at] == check(packet))

    def to_bytes(self) -> bytes:
        body = zlib.compress(
            np.diff(self.pts, prepend=0).astype("<i8").tobytes()
            + np.packbits(self.keys).tobytes()
            + self.checks.astype("<u2").tobytes()
            + self.lost.astype("<i8").tobytes()
            + struct.pack("<q", self.end),
            level=6,
        )
        head = _HEAD.pack(
            MAGIC, self.counted, len(self.pts), len(self.lost),
            self.numerator, self.denominator, zlib.crc32(body),
        )  # fmt: skip
        return head + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "FrameIndex":
        """Raises UserError when the bytes are not an index (it can be built again)."""
        try:
            magic, counted, count, lost, numerator, denominator, crc = _HEAD.unpack_from(data)
            body = data[_HEAD.size :]
            sane = 0 < count <= MOST_FRAMES and 0 <= lost <= MOST_FRAMES
            if magic != MAGIC or zlib.crc32(body) != crc or not sane:
                raise ValueError("not an index")
            flags = count * 8
            checks = flags + (count + 7) // 8
            gone = checks + count * 2
            size = gone + lost * 8 + 8
            raw = zlib.decompressobj().decompress(body, size)
            if len(raw) != size or numerator <= 0 or denominator <= 0:
                raise ValueError("cut short")
            bits = np.frombuffer(raw, np.uint8, (count + 7) // 8, flags)
            return cls(
                pts=np.cumsum(np.frombuffer(raw, "<i8", count)),
                keys=np.unpackbits(bits, count=count).astype(bool),
                checks=np.frombuffer(raw, "<u2", count, checks),
                end=struct.unpack_from("<q", raw, size - 8)[0],
                numerator=numerator, denominator=denominator, counted=bool(counted),
                lost=np.frombuffer(raw, "<i8", lost, gone),
            )  # fmt: skip
        except (ValueError, struct.error, zlib.error) as error:
            raise UserError("The stored frame index is damaged and must be made again.") from error


def check(packet: Any) -> int:
    """16 bits that tell the packets of a stream apart: its size, and its bytes at both ends."""
    data = memoryview(packet)
    return zlib.crc32(data[-_ENDS:], zlib.crc32(data[:_ENDS], packet.size)) & 0xFFFF


def build(
    container: Any, stream: Any, given: Iterable[Any] | None = None, *, strict: bool = False
) -> FrameIndex | None:
    """Index a stream by demuxing it to its end; None when its packets do not tell.

    ``given``: its packets, where somebody else looks at them on their way.

    Packets that are flagged to be discarded (edit lists, pre-roll) are no frames. Read
    errors end the walk: what was found before them is the index. ``strict``: decoding can
    start only where the bitstream itself says so, whatever the container flags.
    """
    times: list[int] = []
    keys: list[bool] = []
    checks: list[int] = []
    last, last_duration = None, 0
    codec, extradata = stream.codec_context.name, stream.codec_context.extradata
    for packet in packets(container, stream) if given is None else given:
        if packet.is_discard:
            continue
        if packet.pts is None:
            return None
        said = claim(codec, extradata, packet) if packet.is_keyframe else Claim.GRADUAL
        times.append(packet.pts)
        keys.append(said is Claim.CLEAN or (said is Claim.UNKNOWN and not strict))
        checks.append(check(packet))
        if last is None or packet.pts > last:  # the last one shown need not come last
            last, last_duration = packet.pts, packet.duration or last_duration
    return from_times(times, keys, checks, last_duration, stream.time_base)


def from_times(
    times: list[int], keys: list[bool], checks: list[int], last_duration: int, time_base: Any
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
    return FrameIndex(
        pts=pts, keys=np.asarray(keys, bool)[order], checks=np.asarray(checks, np.uint16)[order],
        end=int(pts[-1]) + (last_duration or typical),
        numerator=time_base.numerator, denominator=time_base.denominator,
    )  # fmt: skip


def count(frames: int, time_base: Any, ticks: int) -> FrameIndex:
    """The index of a stream whose packets tell no times: evenly spaced, decoded from the start."""
    pts = np.arange(frames, dtype=np.int64) * ticks
    keys = np.zeros(frames, bool)
    keys[0] = True
    return FrameIndex(
        pts, keys, np.zeros(frames, np.uint16), frames * ticks,
        time_base.numerator, time_base.denominator, counted=True,
    )  # fmt: skip
