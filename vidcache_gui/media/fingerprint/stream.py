"""A name for the compressed pictures themselves, whatever container they are in.

Two files with the same stream hash show the same footage with certainty: only the box around
it, its title or its sound differ. Containers frame a codec's units differently and repeat or
move the parameters of a stream, so only what codes pictures is hashed, unit by unit.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from blake3 import blake3

Unit = bytes | memoryview

_START = b"\0\0\1"
_MPEG4_PICTURE, _MPEG2_PICTURE = b"\0\0\1\xb6", b"\0\0\1\0"
_MPEG2_END = b"\0\0\1\xb7"
_AV1_PICTURES = (3, 4, 6, 8)  # frame headers, tile groups, frames, tile lists


class StreamHash:
    """BLAKE3 over the packets of one stream, told as the hash of its coded pictures."""

    def __init__(self, stream: Any) -> None:
        context = stream.codec_context
        codec = context.codec.canonical_name
        self._hash = blake3(codec.encode() + b"\0")
        self._units = _splitter(codec, bytes(context.extradata or b""))
        self._is_spare = _SPARE.get(codec, _never)
        self._count = 0

    def update(self, packet: Any) -> bool:
        """Hash a packet. True if its bits say that no other picture is drawn from its own."""
        spare = True
        for unit in self._units(memoryview(packet)):
            self._hash.update(len(unit).to_bytes(8, "little"))
            self._hash.update(unit)
            self._count += 1
            spare = spare and self._is_spare(unit[0])
        return spare

    def tap(self, packets: Iterable[Any]) -> Iterator[Any]:
        """The same packets, each hashed as it passes."""
        for packet in packets:
            self.update(packet)
            yield packet

    def hexdigest(self) -> str | None:
        """64 hexadecimal digits; None if nothing was coded."""
        return self._hash.hexdigest() if self._count else None


def _splitter(codec: str, extradata: bytes) -> Callable[[memoryview], Iterator[Unit]]:
    if codec in ("h264", "hevc"):
        size_at = 4 if codec == "h264" else 21
        boxed = len(extradata) > size_at and extradata[0] == 1
        length = (extradata[size_at] & 3) + 1 if boxed else 0
        is_picture = _h264_picture if codec == "h264" else _hevc_picture
        return lambda data: (u for u in _nal_units(data, length) if is_picture(u[0]))
    if codec == "av1":
        return _av1
    if codec == "mpeg4":
        return lambda data: _from(bytes(data), _MPEG4_PICTURE)
    if codec in ("mpeg1video", "mpeg2video"):
        return lambda data: _from(bytes(data).removesuffix(_MPEG2_END), _MPEG2_PICTURE)
    return lambda data: iter((data,))


def _h264_picture(head: int) -> bool:
    return 1 <= head & 31 <= 5


def _hevc_picture(head: int) -> bool:
    return head >> 1 & 63 < 32


def _never(_head: int) -> bool:
    return False


# Said by the first byte of a unit: nal_ref_idc of 0; sub-layer non-reference pictures.
_SPARE: dict[str, Callable[[int], bool]] = {
    "h264": lambda head: head & 0x60 == 0,
    "hevc": lambda head: (head >> 1 & 63) in range(0, 15, 2),
}


def _nal_units(data: memoryview, length: int) -> Iterator[Unit]:
    """Units behind lengths of that many bytes (0: behind start codes), without end padding."""
    # The length of a unit of 256 to 511 bytes looks like a start code.
    if not length or (_starts(data) and not _is_tiled(data, length)):
        yield from _started_units(bytes(data))
        return
    at = 0
    while at + length < len(data):
        size = int.from_bytes(data[at : at + length], "big")
        at += length
        unit = _unpadded(data[at : at + size])
        if unit:
            yield unit
        at += size


def _starts(data: memoryview) -> bool:
    return bytes(data[:4]).startswith((_START, b"\0" + _START))


def _is_tiled(data: memoryview, length: int) -> bool:
    """Whether units behind lengths of so many bytes fill the packet to its end."""
    at = 0
    while at + length <= len(data):
        at += length + int.from_bytes(data[at : at + length], "big")
    return at == len(data)


def _started_units(data: bytes) -> Iterator[Unit]:
    at = data.find(_START)
    while at >= 0:
        following = data.find(_START, at + 3)
        unit = _unpadded(memoryview(data)[at + 3 : following if following >= 0 else len(data)])
        if unit:
            yield unit
        at = following


def _unpadded(unit: memoryview) -> Unit:
    return unit if unit and unit[-1] else bytes(unit).rstrip(b"\0")


def _from(data: bytes, start: bytes) -> Iterator[bytes]:
    """A picture without the headers in front of it, which some containers keep apart."""
    at = data.find(start)
    picture = data[max(at, 0) :].rstrip(b"\0")
    if picture:
        yield picture


def _av1(data: memoryview) -> Iterator[Unit]:
    at = 0
    while at < len(data):
        head = data[at]
        at += 2 if head & 4 else 1  # an extension byte
        size = len(data) - at
        if head & 2:
            size, at = _leb128(data, at)
        if head >> 3 & 15 in _AV1_PICTURES and size:
            yield data[at : at + size]
        at += size


def _leb128(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 56, 7):
        if at >= len(data):
            break
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
    return value, at
