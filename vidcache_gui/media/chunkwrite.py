"""Writing APNG and animated WebP frame by frame.

Pillow's own writers join equal neighbours into one longer frame. Each frame is encoded
here as a still picture by Pillow, and its chunks are set into the animation.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, BinaryIO

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def write_apng(
    out: BinaryIO, images: Iterable[Any], delays_ms: Sequence[float], *, alpha: bool
) -> None:
    """Write an APNG of ``len(delays_ms)`` frames, all of the first one's size."""
    sequence = 0
    for at, image in enumerate(images):
        chunks = list(_png_chunks(image.convert("RGBA" if alpha else "RGB")))
        if at == 0:
            out.write(PNG_SIGNATURE)
            _png_chunk(out, b"IHDR", next(data for name, data in chunks if name == b"IHDR"))
            _png_chunk(out, b"acTL", struct.pack(">II", len(delays_ms), 0))
        delay = Fraction(delays_ms[at] / 1000).limit_denominator(65535)
        control = struct.pack(
            ">IIIIIHHBB", sequence, *image.size, 0, 0,
            min(delay.numerator, 65535), delay.denominator, 0, 0,
        )  # fmt: skip
        _png_chunk(out, b"fcTL", control)
        sequence += 1
        for name, data in chunks:
            if name != b"IDAT":
                continue
            if at == 0:
                _png_chunk(out, b"IDAT", data)
            else:
                _png_chunk(out, b"fdAT", struct.pack(">I", sequence) + data)
                sequence += 1
    _png_chunk(out, b"IEND", b"")


def _png_chunks(image: Any) -> Iterator[tuple[bytes, bytes]]:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    data = buffer.getvalue()
    at = len(PNG_SIGNATURE)
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 12 + size


def _png_chunk(out: BinaryIO, name: bytes, data: bytes) -> None:
    out.write(struct.pack(">I", len(data)) + name + data)
    out.write(struct.pack(">I", zlib.crc32(name + data)))


def write_webp(out: BinaryIO, images: Iterable[Any], delays_ms: Sequence[float]) -> None:
    """Write a lossless animated WebP; ``out`` must be seekable (its size comes last)."""
    out.write(b"RIFF\0\0\0\0WEBP")
    for at, image in enumerate(images):
        width, height = image.size
        if at == 0:
            flags = 0x02 | 0x10  # animation, alpha
            _riff_chunk(out, b"VP8X", struct.pack("<I", flags) + _u24(width - 1) + _u24(height - 1))
            _riff_chunk(out, b"ANIM", struct.pack("<IH", 0, 0))
        delay = min(0xFFFFFF, max(0, round(delays_ms[at])))
        head = _u24(0) + _u24(0) + _u24(width - 1) + _u24(height - 1) + _u24(delay)
        _riff_chunk(out, b"ANMF", head + b"\x02" + _webp_still(image))  # 2: do not blend
    size = out.tell()
    out.seek(4)
    out.write(struct.pack("<I", size - 8))
    out.seek(size)


def _webp_still(image: Any) -> bytes:
    """The picture chunks of a still WebP, without its container."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, quality=60, method=2, exact=True)
    data = buffer.getvalue()
    at, kept = 12, b""
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + (size & 1)
        if name in (b"VP8 ", b"VP8L", b"ALPH"):
            kept += data[at:end]
        at = end
    return kept


def _u24(value: int) -> bytes:
    return value.to_bytes(3, "little")


def _riff_chunk(out: BinaryIO, name: bytes, data: bytes) -> None:
    out.write(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1))
