"""Writing GIFs frame by frame: every frame stays its own, whatever equals what.

Libraries join equal neighbours and redraw colour tables. Here, where every source frame is
a GIF picture of the full size, its own colours and compressed data are written as they
are; other frames are reduced to 256 colours each and compressed by Pillow.
"""

import io
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

from vidcache_gui.media import timing
from vidcache_gui.media.exporting.changed import changed_box
from vidcache_gui.media.exporting.quantise import Indexed, is_clear_anywhere, quantise
from vidcache_gui.media.exporting.timeline import Ticks

TRAILER = b"\x3b"
NO_TRANSPARENCY = -1
KEEP, CLEAR = 1, 2  # what becomes of a frame when its time is over


def ticks() -> Ticks:
    return Ticks(1 / 10, 65535)


def write_gif(
    out: BinaryIO,
    pictures: Iterable[tuple[Any, float]],
    *,
    loop: int,
    alpha: bool,
    colours: int = 256,
    dither: bool = True,
) -> int:
    """Write (RGB or RGBA picture, delay in ms) as a GIF; how many were not exact.

    ``loop``: how often it plays, 0 for ever. ``alpha``: some frame may be see-through.
    """
    inexact = 0
    clock = ticks()
    waiting: tuple[Any, float] | None = None  # its disposal depends on the frame after it
    before: Any = None  # what is on the canvas; None: nothing
    number = 0

    def put(picture: Any, delay_ms: float, disposal: int) -> None:
        nonlocal inexact, number
        see_through = is_clear_anywhere(picture)
        box = changed_box(None if see_through else before, picture)
        indexed = quantise(picture.crop(box), colours, dither=dither)
        inexact += not indexed.exact
        # Some programs learn from the first frame whether anything is see-through.
        marked = see_through or disposal == CLEAR or (alpha and number == 0)
        write_indexed(out, indexed, clock.take(delay_ms), box[:2], disposal, marked=marked)
        number += 1

    for picture, delay_ms in pictures:
        picture = _solid(picture)
        if waiting is None:
            write_header(out, *picture.size)
            write_loop(out, loop)
        else:
            disposal = CLEAR if is_clear_anywhere(picture) else KEEP
            put(*waiting, disposal)
            before = waiting[0] if disposal == KEEP else None
        waiting = picture, delay_ms
    if waiting is not None:
        put(*waiting, KEEP)
    out.write(TRAILER)
    return inexact


def _solid(picture: Any) -> Any:
    """RGB where nothing is see-through, so that pictures can be compared."""
    return picture if is_clear_anywhere(picture) else picture.convert("RGB")


def write_whole_gifs(
    out: BinaryIO, files: Iterable[tuple[bytes, float]], size: tuple[int, int], *, loop: int
) -> None:
    """Write one-picture GIFs of the full size as the frames of one, data untouched."""
    write_header(out, *size)
    write_loop(out, loop)
    clock = ticks()
    for data, delay_ms in files:
        table, flags, picture, transparent = _parts(data)
        disposal = CLEAR if transparent != NO_TRANSPARENCY else KEEP
        out.write(control(clock.take(delay_ms), disposal, transparent))
        out.write(_descriptor(picture, flags) + table + picture[10:])
    out.write(TRAILER)


def write_header(out: BinaryIO, width: int, height: int) -> None:
    """Screen size, no colours for all frames."""
    out.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))


def write_loop(out: BinaryIO, loop: int) -> None:
    """``loop``: how often it plays; 0: for ever. Once is what a GIF does unasked."""
    if loop != 1:
        again = loop - 1 if loop else 0
        out.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<HB", again, 0))


def control(hundredths: int, disposal: int, transparent: int) -> bytes:
    """A graphic control extension. ``transparent``: an index, or NO_TRANSPARENCY."""
    flags = disposal << 2 | (transparent != NO_TRANSPARENCY)
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, hundredths, max(transparent, 0), 0)


def write_indexed(
    out: BinaryIO,
    indexed: Indexed,
    hundredths: int,
    corner: tuple[int, int] | tuple[int, ...],
    disposal: int,
    *,
    marked: bool,
) -> None:
    """One frame with its own colours. ``marked``: named see-through although no pixel is,
    so that clearing it leaves nothing behind."""
    buffer = io.BytesIO()
    if indexed.clear is None:
        indexed.image.save(buffer, "GIF", optimize=False)
    else:
        indexed.image.save(buffer, "GIF", optimize=False, transparency=indexed.clear)
    table, flags, picture, transparent = _parts(buffer.getvalue())
    if marked and transparent == NO_TRANSPARENCY and indexed.colours < 256:
        if 2 << flags <= indexed.colours:
            table, flags = table + bytes(len(table)), flags + 1
        transparent = (2 << flags) - 1  # of the padding: no pixel has it
    out.write(control(hundredths, disposal, transparent))
    moved = picture[:1] + struct.pack("<HH", *corner) + picture[5:10]
    out.write(_descriptor(moved, flags) + table + picture[10:])


def _descriptor(picture: bytes, flags: int) -> bytes:
    descriptor = bytearray(picture[:10])
    descriptor[9] = descriptor[9] & 0x40 | 0x80 | flags
    return bytes(descriptor)


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
