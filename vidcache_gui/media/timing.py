"""How long each frame of an animation stays, read from the file itself.

Libraries disagree about odd delays (0 and 10 ms become 100 in some, stay in others), so the
raw value is read here and kept; what to do about it is the player's policy.
"""

import struct
from collections.abc import Iterator

Delays = list[float]  # seconds


def gif(data: bytes) -> Delays:
    """Delays of a GIF's frames; what comes before a cut is returned."""
    return [delay for delay, _, _ in gif_frames(data)]


def gif_frames(data: bytes) -> Iterator[tuple[float, int, int]]:
    """(delay in seconds, start, end) of each frame: its control block, descriptor and data."""
    try:
        at = 13 + _table(data[10])
        begin, delay = at, 0.0
        while True:
            block = data[at]
            if block == 0x21:  # extension
                if data[at + 1] == 0xF9 and data[at + 2] >= 4:
                    begin, delay = at, struct.unpack_from("<H", data, at + 4)[0] / 100
                at = _sub_blocks(data, at + 2)
            elif block == 0x2C:  # picture
                at = _sub_blocks(data, at + 10 + _table(data[at + 9]) + 1)
                yield delay, begin, at
                begin, delay = at, 0.0
            else:
                return
    except (IndexError, struct.error):
        return


def _table(flags: int) -> int:
    """Bytes of the colour table a packed field announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def webp(data: bytes) -> Delays:
    delays: Delays = []
    at = 12
    while at + 24 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"ANMF":
            delays.append(int.from_bytes(data[at + 20 : at + 23], "little") / 1000)
        at += 8 + size + (size & 1)
    return delays


def apng(data: bytes) -> Delays:
    """Delays of an APNG's frames; empty for a still PNG."""
    delays: Delays = []
    at = 8
    while at + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if name == b"fcTL" and at + 34 <= len(data):
            over, under = struct.unpack_from(">HH", data, at + 28)
            delays.append(over / (under or 100))
        at += 12 + size
    return delays
