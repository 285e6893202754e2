"""Part of a GIF as a GIF, its compressed pictures copied as they are.

A GIF frame is drawn onto what the frames before it left behind. Where a part starts in the
middle, that ground is missing: the first frame is then drawn whole, with exactly the pixels
it shows, and so are those after it, until the canvas is what it was in the original. From
there on blocks are copied. Canvas means what Pillow draws, by which VidCache shows GIFs.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vidcache_gui.cancel import CancelToken
from vidcache_gui.media import timing
from vidcache_gui.media.exporting import gifwrite
from vidcache_gui.media.exporting.gifwrite import CLEAR, KEEP, NO_TRANSPARENCY
from vidcache_gui.media.exporting.quantise import quantise

PREVIOUS = 3  # a disposal: what was there before the frame comes back
Canvas = NDArray[np.uint8]  # (height, width, 4) RGBA; 0 where nothing is
Canvases = tuple[Canvas, Canvas, Canvas]  # below a frame, as it is shown, as it leaves it


@dataclass(frozen=True, slots=True)
class Block:
    """One stored frame: where it is in the file, and what it does to the canvas."""

    begin: int  # of its control extension or descriptor
    picture: int  # of its descriptor
    end: int
    box: tuple[int, int, int, int]
    disposal: int  # in force: an unspecified one is that of the frame before, as in Pillow
    stated: int  # as written
    transparent: int
    own_colours: bool


@dataclass(frozen=True, slots=True)
class Trimmed:
    drawn: int  # frames drawn whole
    inexact: int  # of them: with more than 256 colours


def trim_gif(
    data: bytes,
    out: BinaryIO,
    first: int,
    delays_ms: Sequence[float],
    *,
    loop: int | None,
    token: CancelToken | None = None,
) -> Trimmed | None:
    """Write frames ``first`` … of a GIF, one for each delay, as a GIF.

    ``loop``: as for ``write_gif``; None: as the original says. None is returned, and nothing
    useful written, when the file is damaged or not shaped as expected.
    """
    blocks = read_blocks(data)
    wanted = range(first, first + len(delays_ms))
    if wanted.stop > len(blocks):
        return None
    table_end = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    out.write(b"GIF89a" + data[6:table_end])
    gifwrite.write_loop(out, stored_loop(data, blocks) if loop is None else loop)
    clock = gifwrite.ticks()
    width, height = struct.unpack_from("<HH", data, 6)
    see_through = blocks[0].transparent != NO_TRANSPARENCY
    drawn = inexact = 0
    canvases = _canvases(data, blocks, token or CancelToken())
    copying = first == 0  # nothing is missing below the first frame
    in_force = 0  # the disposal of the frame written last
    ours: Canvas = np.zeros((height, width, 4), np.uint8)
    try:
        below, shown, left = _skip(canvases, first) if not copying else (ours, ours, ours)
        for at, delay_ms in zip(wanted, delays_ms, strict=True):
            block = blocks[at]
            hundredths = clock.take(delay_ms)
            if not copying and at > first:
                below, shown, left = next(canvases)
            if not copying and _can_copy(block, below, ours, at == first, see_through, data):
                copying = True
            if copying:
                _copy(out, data, block, hundredths, in_force)
                in_force = block.disposal
                continue
            picture = Image.fromarray(shown, "RGBA")
            keeps = np.array_equal(left, shown) or not see_through
            opaque = bool(shown[..., 3].all())
            # One colour is for what clears the canvas.
            indexed = quantise(picture, 255 if see_through and opaque else 256)
            disposal = KEEP if keeps else CLEAR
            gifwrite.write_indexed(out, indexed, hundredths, (0, 0), disposal, marked=see_through)
            drawn += 1
            inexact += not indexed.exact
            in_force = disposal
            ours = shown if keeps else np.zeros_like(shown)
            copying = np.array_equal(ours, left)
    except (EOFError, OSError, ValueError, SyntaxError, IndexError, struct.error):
        return None
    out.write(gifwrite.TRAILER)
    return Trimmed(drawn, inexact)


def _skip(canvases: Iterator[Canvases], first: int) -> Canvases:
    for _ in range(first):
        next(canvases)
    return next(canvases)


def _can_copy(
    block: Block, below: Canvas, ours: Canvas, is_first: bool, see_through: bool, data: bytes
) -> bool:
    """Does this frame, copied as it is, show what it showed and leave what it left?"""
    same = np.array_equal(below, ours)
    if not is_first:
        return same
    size = struct.unpack_from("<HH", data, 6)
    whole = block.box == (0, 0, *size)
    clear = block.transparent != NO_TRANSPARENCY
    if not whole or clear != see_through:
        return False
    return same or (not clear and block.disposal != PREVIOUS)


def _copy(out: BinaryIO, data: bytes, block: Block, hundredths: int, in_force: int) -> None:
    """A stored frame with a new control extension before it."""
    disposal = block.stated
    if disposal == 0 and block.disposal != in_force:
        disposal = block.disposal or KEEP  # it leaned on a frame that is not here
    if (
        disposal
        or hundredths
        or block.transparent != NO_TRANSPARENCY
        or block.begin < block.picture
    ):
        out.write(gifwrite.control(hundredths, disposal, block.transparent))
    out.write(data[block.picture : block.end])


def read_blocks(data: bytes) -> list[Block]:
    blocks: list[Block] = []
    disposal = 0
    for _, begin, end in timing.gif_frames(data):
        at, stated, transparent = begin, 0, NO_TRANSPARENCY
        while data[at] == 0x21:
            if data[at + 1] == 0xF9:
                stated = data[at + 3] >> 2 & 7
                transparent = data[at + 6] if data[at + 3] & 1 else NO_TRANSPARENCY
            at += 2
            while data[at]:
                at += data[at] + 1
            at += 1
        disposal = stated or disposal
        left, top, width, height = struct.unpack_from("<HHHH", data, at + 1)
        box = left, top, left + width, top + height
        own = bool(data[at + 9] & 0x80)
        blocks.append(Block(begin, at, end, box, disposal, stated, transparent, own))
    return blocks


def stored_loop(data: bytes, blocks: Sequence[Block]) -> int:
    """How often a GIF plays: 0 for ever, 1 where it does not say."""
    at = data.find(b"NETSCAPE2.0\x03\x01", 13, blocks[0].picture)
    if at < 0:
        return 1
    again = int.from_bytes(data[at + 13 : at + 15], "little")
    return min(again + 1, 65535) if again else 0


def _canvases(data: bytes, blocks: Sequence[Block], token: CancelToken) -> Iterator[Canvases]:
    see_through = blocks[0].transparent != NO_TRANSPARENCY
    with Image.open(io.BytesIO(data), formats=("GIF",)) as image:
        below: Canvas | None = None
        for at, block in enumerate(blocks):
            token.check()
            image.seek(at)
            shown = _cleaned(np.array(image.convert("RGBA")))
            if below is None:
                below = np.zeros_like(shown)
            left = shown
            if block.disposal == PREVIOUS and (at or see_through):
                left = below
            elif block.disposal == CLEAR:
                left = shown.copy()
                x0, y0, x1, y1 = block.box
                left[y0:y1, x0:x1] = _cleared(data, block, see_through)
                left = _cleaned(left)
            yield below, shown, left
            below = left


def _cleared(data: bytes, block: Block, see_through: bool) -> tuple[int, int, int, int]:
    """The colour of what a frame clears."""
    index = block.transparent
    if index != NO_TRANSPARENCY and see_through:
        return 0, 0, 0, 0
    if index == NO_TRANSPARENCY:
        index = data[11] if data[10] & 0x80 else 0
    table = block.picture + 10 if block.own_colours else 13
    entries = 2 << (data[block.picture + 9 if block.own_colours else 10] & 7)
    at = table + 3 * (index if index < entries else 0)
    return data[at], data[at + 1], data[at + 2], 255


def _cleaned(canvas: Canvas) -> Canvas:
    canvas[canvas[..., 3] == 0] = 0
    return canvas
