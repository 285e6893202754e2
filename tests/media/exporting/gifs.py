"""GIFs no program would write but every program has to read."""

import io
import random
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vidcache_gui.media.exporting import gifwrite

Canvas = NDArray[np.uint8]


def odd_gif(seed: int, size: tuple[int, int] = (24, 18)) -> tuple[bytes, int]:
    """(a GIF, how many frames): all disposals, parts, interlacing, own and shared colours,
    see-through pixels, delays of 0, each at random."""
    rng = random.Random(seed)
    width, height = size
    count = rng.randint(2, 8)
    shared = rng.random() < 0.7
    out = io.BytesIO()
    flags = 0x70 | (0x83 if shared else 0)
    out.write(b"GIF89a" + struct.pack("<HHBBB", width, height, flags, rng.randrange(16), 0))
    if shared:
        out.write(rng.randbytes(48))
    gifwrite.write_loop(out, rng.choice([0, 1, 3]))
    for _ in range(count):
        _write_frame(out, rng, size, shared)
    out.write(gifwrite.TRAILER)
    return out.getvalue(), count


def _write_frame(out: io.BytesIO, rng: random.Random, size: tuple[int, int], shared: bool) -> None:
    whole = rng.random() < 0.3
    width, height = size if whole else (rng.randint(1, size[0]), rng.randint(1, size[1]))
    left, top = rng.randint(0, size[0] - width), rng.randint(0, size[1] - height)
    picture = Image.frombytes("P", (width, height), bytes(rng.choices(range(16), k=width * height)))
    picture.putpalette(rng.randbytes(48))
    buffer = io.BytesIO()
    picture.save(buffer, "GIF", optimize=False, interlace=rng.random() < 0.5)
    table, table_flags, data, _ = gifwrite._parts(buffer.getvalue())
    own = not shared or rng.random() < 0.5
    transparent = rng.randrange(16) if rng.random() < 0.5 else gifwrite.NO_TRANSPARENCY
    if transparent >= 0 or rng.random() < 0.9:
        disposal = rng.choice([0, 1, 2, 3])
        out.write(gifwrite.control(rng.choice([0, 1, 4, 10]), disposal, transparent))
    descriptor = bytearray(data[:1] + struct.pack("<HH", left, top) + data[5:10])
    descriptor[9] = descriptor[9] & 0x40 | (0x80 | table_flags if own else 0)
    out.write(bytes(descriptor) + (table if own else b"") + data[10:])


def canvases(data: bytes) -> list[Canvas]:
    """Every frame as Pillow shows it; what is see-through has no colour."""
    shown = []
    with Image.open(io.BytesIO(data)) as image:
        for at in range(getattr(image, "n_frames", 1)):
            image.seek(at)
            canvas = np.array(image.convert("RGBA"))
            canvas[canvas[..., 3] == 0] = 0
            shown.append(canvas)
    return shown


def same(one: list[Canvas], other: list[Canvas]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
