"""Writing GIFs frame by frame: every frame stays its own, whatever equals what.

Libraries join equal neighbours and redraw colour tables. Here, where every source frame is
a GIF picture of the full size, its own colours and compressed data are written as they
are; other frames are reduced to 256 colours each and compressed by Pillow.
"""

import io
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

from PIL import Image

from vidcache_gui.media import timing

TRAILER = b"\x3b"
NO_TRANSPARENCY = -1


def write_header(out: BinaryIO, width: int, height: int) -> None:
    """Screen size, no global colours, loop for ever."""
    out.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))
    out.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")


def write_frame(out: BinaryIO, frame: bytes, delay_ms: float) -> None:
    """One frame: ``frame`` is a complete one-picture GIF whose own blocks are kept."""
    table, flags, picture, transparent = _parts(frame)
    disposal = 0x08 if transparent != NO_TRANSPARENCY else 0x04  # clear when see-through
    control = disposal | (1 if transparent != NO_TRANSPARENCY else 0)
    hundredths = min(65535, max(0, round(delay_ms / 10)))
    out.write(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, control, hundredths, max(transparent, 0), 0))
    descriptor = bytearray(picture[:10])
    descriptor[9] = descriptor[9] & 0x40 | 0x80 | flags
    out.write(bytes(descriptor) + table + picture[10:])


def _parts(data: bytes) -> tuple[bytes, int, bytes, int]:
    """(colour table, its size field, descriptor + data without a table, transparent index)."""
    ((_, begin, end),) = list(timing.gif_frames(data))[:1]
    transparent = NO_TRANSPARENCY
    at = begin
    while data[at] == 0x21:
        if data[at + 1] == 0xF9 and data[at + 3] & 1:
            transparent = data[at + 6]
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    flags = data[at + 9]
    if flags & 0x80:
        size = 3 << ((flags & 7) + 1)
        table = data[at + 10 : at + 10 + size]
        return table, flags & 7, data[at : at + 10] + data[at + 10 + size : end], transparent
    size = 3 << ((data[10] & 7) + 1)
    return data[13 : 13 + size], data[10] & 7, data[at:end], transparent


def is_whole_picture(data: bytes, width: int, height: int) -> bool:
    """Is this a GIF of one picture that fills a screen of this size?"""
    frames = list(timing.gif_frames(data))
    if len(frames) != 1:
        return False
    at = frames[0][1]
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    has_table = data[at + 9] & 0x80 or data[10] & 0x80
    return bool(has_table) and struct.unpack_from("<HHHH", data, at + 1) == (0, 0, width, height)


def encode(image: Any) -> bytes:
    """A Pillow image as a one-picture GIF; exact when it has no more than 256 colours."""
    out = io.BytesIO()
    if image.mode == "RGBA" and image.getextrema()[3][0] < 128:
        reduced = image.quantize(255, method=Image.Quantize.FASTOCTREE, dither=0)
        image = _see_through(image, reduced)
        image.save(out, "GIF", transparency=255, optimize=False)
    else:
        rgb = image.convert("RGB")
        colours = rgb.getcolors(256)
        exact = colours is not None
        reduced = _exact(rgb, colours) if exact else rgb.quantize(256, dither=1)
        reduced.save(out, "GIF", optimize=False)
    return out.getvalue()


def _exact(image: Any, colours: Iterable[Any]) -> Any:
    """An indexed copy with just the colours there are (a quantiser may move them)."""
    import numpy as np

    palette = np.array([colour for _, colour in colours], np.uint32)
    packed = np.asarray(image, np.uint32) @ np.array([65536, 256, 1], np.uint32)
    keys = palette @ np.array([65536, 256, 1], np.uint32)
    order = np.argsort(keys)
    indexed = np.searchsorted(keys[order], packed).astype(np.uint8)
    result = Image.frombytes("P", image.size, indexed.tobytes())
    result.putpalette(palette[order].astype(np.uint8).tobytes())
    return result


def _see_through(image: Any, reduced: Any) -> Any:
    mask = image.getchannel("A").point(lambda alpha: 255 if alpha < 128 else 0)
    reduced.paste(255, mask=mask)
    return reduced
