"""Writing APNG and animated WebP frame by frame.

Pillow's own writers join equal neighbours into one longer frame. Each frame is encoded
here as a still picture by Pillow, the rectangle of it that changed, and its chunks are set
into the animation.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, BinaryIO

from vidcache_gui.media.exporting.changed import changed_box
from vidcache_gui.media.exporting.choices import Quality
from vidcache_gui.media.exporting.timeline import Ticks

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LOSSY = {Quality.HIGH: 90, Quality.SMALL: 75}


def write_apng(
    out: BinaryIO, pictures: Iterable[tuple[Any, float]], *, loop: int, alpha: bool
) -> None:
    """Write (picture, delay in ms), all of one size. ``out`` must be seekable: how many
    there are is known last. ``loop``: how often it plays, 0 for ever."""
    sequence = count = counted_at = 0
    before = None
    for picture, delay_ms in pictures:
        image = picture.convert("RGBA" if alpha else "RGB")
        box = changed_box(before, image)
        before = image
        chunks = list(png_chunks(encode_png(image.crop(box))))
        if count == 0:
            out.write(PNG_SIGNATURE)
            png_chunk(out, b"IHDR", next(data for name, data in chunks if name == b"IHDR"))
            counted_at = out.tell()
            png_chunk(out, b"acTL", struct.pack(">II", 0, loop))
        size = box[2] - box[0], box[3] - box[1]
        delay = apng_delay(delay_ms)
        png_chunk(out, b"fcTL", struct.pack(">IIIIIHHBB", sequence, *size, *box[:2], *delay, 0, 0))
        sequence += 1
        for name, data in chunks:
            if name != b"IDAT":
                continue
            if count == 0:
                png_chunk(out, b"IDAT", data)
            else:
                png_chunk(out, b"fdAT", struct.pack(">I", sequence) + data)
                sequence += 1
        count += 1
    png_chunk(out, b"IEND", b"")
    end = out.tell()
    out.seek(counted_at)
    png_chunk(out, b"acTL", struct.pack(">II", count, loop))
    out.seek(end)


def apng_delay(delay_ms: float) -> tuple[int, int]:
    """A delay as the fraction of a second that an APNG holds."""
    delay = Fraction(delay_ms / 1000).limit_denominator(65535)
    return min(delay.numerator, 65535), delay.denominator


def encode_png(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 12 + size


def png_chunk(out: BinaryIO, name: bytes, data: bytes) -> None:
    out.write(struct.pack(">I", len(data)) + name + data)
    out.write(struct.pack(">I", zlib.crc32(name + data)))


def write_webp(
    out: BinaryIO, pictures: Iterable[tuple[Any, float]], *, loop: int, quality: Quality
) -> None:
    """Write (picture, delay in ms); ``out`` must be seekable (its size comes last)."""
    clock = Ticks(1, 0xFFFFFF)
    before = None
    for picture, delay_ms in pictures:
        if before is None:
            webp_header(out, picture.size, loop)
        image = picture.convert("RGBA")
        box = changed_box(before, image, even=True)
        before = image
        webp_frame(out, picture.crop(box), box[:2], clock.take(delay_ms), quality)
    webp_end(out)


def webp_header(out: BinaryIO, size: tuple[int, int], loop: int) -> None:
    out.write(b"RIFF\0\0\0\0WEBP")
    flags = 0x02 | 0x10  # animation, alpha
    riff_chunk(out, b"VP8X", struct.pack("<I", flags) + u24(size[0] - 1) + u24(size[1] - 1))
    riff_chunk(out, b"ANIM", struct.pack("<IH", 0, loop))


def webp_frame(
    out: BinaryIO,
    image: Any,
    corner: tuple[int, ...],
    milliseconds: int,
    quality: Quality,
    *,
    clears: bool = False,
) -> None:
    """One frame that replaces what is below it; ``corner`` is even. ``clears``: nothing of
    it stays when its time is over."""
    left, top = corner
    head = u24(left // 2) + u24(top // 2) + u24(image.width - 1) + u24(image.height - 1)
    flags = bytes([0x02 | clears])  # 2: do not blend
    riff_chunk(out, b"ANMF", head + u24(milliseconds) + flags + _webp_still(image, quality))


def webp_end(out: BinaryIO) -> None:
    size = out.tell()
    out.seek(4)
    out.write(struct.pack("<I", size - 8))
    out.seek(size)


def _webp_still(image: Any, quality: Quality) -> bytes:
    """The picture chunks of a still WebP, without its container."""
    buffer = io.BytesIO()
    if quality is Quality.LOSSLESS:
        image.save(buffer, "WEBP", lossless=True, quality=60, method=2, exact=True)
    else:
        image.save(buffer, "WEBP", quality=_LOSSY[quality], method=4)
    data = buffer.getvalue()
    at, kept = 12, b""
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + (size & 1)
        if name in (b"VP8 ", b"VP8L", b"ALPH"):
            kept += data[at:end]
        at = end
    return kept


def u24(value: int) -> bytes:
    return value.to_bytes(3, "little")


def riff_chunk(out: BinaryIO, name: bytes, data: bytes) -> None:
    out.write(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1))
