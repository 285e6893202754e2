"""Part of an animated WebP or APNG in the same format, its compressed pictures copied.

As with GIFs the first frame is drawn whole where it builds on frames that are not in the
part. Where a later one would build on something that whole frame cannot leave behind, the
answer is no, and the frames are encoded anew (without loss).
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image

from vidcache_gui.media.exporting.choices import Quality
from vidcache_gui.media.exporting.chunkwrite import (
    PNG_SIGNATURE,
    apng_delay,
    encode_png,
    png_chunk,
    png_chunks,
    riff_chunk,
    webp_end,
    webp_frame,
)
from vidcache_gui.media.exporting.timeline import Ticks

DAMAGED = (OSError, EOFError, ValueError, SyntaxError, IndexError, struct.error)
WEBP_KEPT = (b"VP8X", b"ICCP")
PNG_MODES = {(8, 2): "RGB", (8, 6): "RGBA"}  # (bits, colour type) in which a frame can be drawn


def trim_webp(
    data: bytes, out: BinaryIO, first: int, delays_ms: Sequence[float], *, loop: int | None
) -> bool:
    """Write frames ``first`` … of an animated WebP, one for each delay. False: it cannot be
    done by copying, and nothing useful was written."""
    try:
        chunks = _riff_chunks(data)
        frames = [body for name, body in chunks if name == b"ANMF"]
        wanted = frames[first : first + len(delays_ms)]
        if len(wanted) != len(delays_ms):
            return False
        canvas = next(body[4:10] for name, body in chunks if name == b"VP8X")
        animation = next(body for name, body in chunks if name == b"ANIM")
        out.write(data[:12])
        for name, body in chunks:
            if name in WEBP_KEPT:
                riff_chunk(out, name, body)
        plays = animation[4:6] if loop is None else struct.pack("<H", loop)
        riff_chunk(out, b"ANIM", animation[:4] + plays)
        clock = Ticks(1, 0xFFFFFF)
        for at, (body, delay_ms) in enumerate(zip(wanted, delays_ms, strict=True)):
            milliseconds = clock.take(delay_ms)
            if at == 0 and first > 0 and not _stands_alone(body, canvas):
                if body[15] & 1 and body[:12] != bytes(6) + canvas:
                    return False  # it clears a part of what it stands on
                shown = _shown(data, "WEBP", first).convert("RGBA")
                clears = bool(body[15] & 1)
                webp_frame(out, shown, (0, 0), milliseconds, Quality.LOSSLESS, clears=clears)
                continue
            stays = milliseconds.to_bytes(3, "little")
            riff_chunk(out, b"ANMF", body[:12] + stays + body[15:])
        webp_end(out)
    except (*DAMAGED, StopIteration):
        return False
    return True


def _stands_alone(body: bytes, canvas: bytes) -> bool:
    whole = body[:12] == bytes(6) + canvas
    opaque = body[16:20] == b"VP8 "  # no transparency without a chunk for it
    return whole and (opaque or bool(body[15] & 2))


def _riff_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data):
            break
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + (size & 1)
    return found


@dataclass
class _PngFrame:
    control: bytes  # fcTL
    data: list[bytes]  # compressed, without sequence numbers

    @property
    def box(self) -> tuple[int, ...]:
        width, height, left, top = struct.unpack_from(">IIII", self.control, 4)
        return left, top, width, height

    @property
    def disposal(self) -> int:  # 0: stays, 1: is cleared, 2: what was there comes back
        return self.control[24]

    @property
    def blends(self) -> bool:
        return bool(self.control[25])


def trim_apng(
    data: bytes, out: BinaryIO, first: int, delays_ms: Sequence[float], *, loop: int | None
) -> bool:
    """The same of an APNG."""
    try:
        before, frames, plays = _png_frames(data)
        wanted = frames[first : first + len(delays_ms)]
        if len(wanted) != len(delays_ms):
            return False
        header = before[0][1]
        width, height, bits, kind = struct.unpack_from(">IIBB", header)
        start = wanted[0]
        if not _can_start(start, (0, 0, width, height), kind, is_first=first == 0):
            mode = PNG_MODES.get((bits, kind))
            if mode is None or not _can_draw(start, (0, 0, width, height)):
                return False
            picture = encode_png(_shown(data, "PNG", first).convert(mode))
            control = start.control[:4] + struct.pack(">IIII", width, height, 0, 0)
            control += start.control[20:25] + b"\0"
            pixels = [body for name, body in png_chunks(picture) if name == b"IDAT"]
            wanted = [_PngFrame(control, pixels), *wanted[1:]]
        out.write(PNG_SIGNATURE)
        for name, body in before:
            png_chunk(out, name, body)
            if name == b"IHDR":
                counts = struct.pack(">II", len(wanted), plays if loop is None else loop)
                png_chunk(out, b"acTL", counts)
        _put_frames(out, wanted, delays_ms)
    except DAMAGED:
        return False
    return True


def _put_frames(out: BinaryIO, frames: Sequence[_PngFrame], delays_ms: Sequence[float]) -> None:
    sequence = 0
    for at, (frame, delay_ms) in enumerate(zip(frames, delays_ms, strict=True)):
        delay = struct.pack(">HH", *apng_delay(delay_ms))
        number = struct.pack(">I", sequence)
        png_chunk(out, b"fcTL", number + frame.control[4:20] + delay + frame.control[24:26])
        sequence += 1
        for body in frame.data:
            if at == 0:
                png_chunk(out, b"IDAT", body)
            else:
                png_chunk(out, b"fdAT", struct.pack(">I", sequence) + body)
                sequence += 1
    png_chunk(out, b"IEND", b"")


def _can_start(frame: _PngFrame, whole: tuple[int, ...], kind: int, *, is_first: bool) -> bool:
    """Can the file begin with this frame as it is?"""
    if frame.box != whole:
        return False
    replaces = not frame.blends or kind in (0, 2)
    return is_first or (replaces and frame.disposal != 2)


def _can_draw(frame: _PngFrame, whole: tuple[int, ...]) -> bool:
    """Can a whole picture leave behind what this frame leaves?"""
    return frame.disposal == 0 or (frame.disposal == 1 and frame.box == whole)


def _png_frames(data: bytes) -> tuple[list[tuple[bytes, bytes]], list[_PngFrame], int]:
    """(chunks before the pictures, frames, how often it plays)."""
    before: list[tuple[bytes, bytes]] = []
    frames: list[_PngFrame] = []
    plays = 0
    pictures = False
    for name, body in png_chunks(data):
        if name == b"acTL":
            (plays,) = struct.unpack_from(">I", body, 4)
        elif name == b"fcTL":
            pictures = True
            frames.append(_PngFrame(body, []))
        elif name == b"IDAT":
            pictures = True
            if frames:  # else a picture for programs that know no APNG
                frames[-1].data.append(body)
        elif name == b"fdAT":
            frames[-1].data.append(body[4:])
        elif not pictures:
            before.append((name, body))
    return before, frames, min(plays, 65535)


def _shown(data: bytes, kind: str, index: int) -> Any:
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        offset = 1 if getattr(image, "default_image", False) else 0
        for at in range(index + 1):  # every frame is drawn onto the one before
            image.seek(at + offset)
            image.load()
        return image.copy()
