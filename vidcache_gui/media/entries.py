"""Where decoding can begin, by the word of the bitstream itself.

Containers call packets keyframes that are none to us: with intra refresh (H.264 without whole
intra pictures) decoding may begin there, but the pictures become right only a while later.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Any

_IDR, _SEI, _RECOVERY_POINT = 5, 6, 6  # H.264
_IRAP = range(16, 22)  # HEVC: IDR, CRA and BLA pictures


class Claim(Enum):
    CLEAN = "clean"  # nothing shown from here on needs what came before
    GRADUAL = "gradual"  # right only after a number of pictures
    UNKNOWN = "unknown"  # the container's word is all there is


def claim(codec: str, extradata: bytes | None, packet: Any) -> Claim:
    """What a packet flagged as a keyframe says about itself."""
    if codec == "h264":
        return _h264(_nal_units(memoryview(packet), _length_size(extradata, 4)))
    if codec == "hevc":
        units = _nal_units(memoryview(packet), _length_size(extradata, 21))
        types = [unit[0] >> 1 & 63 for unit in units]
        return Claim.CLEAN if any(kind in _IRAP for kind in types) else Claim.UNKNOWN
    return Claim.UNKNOWN


def _h264(units: Iterator[memoryview]) -> Claim:
    for unit in units:
        if unit[0] & 31 == _IDR:
            return Claim.CLEAN
        if unit[0] & 31 == _SEI:
            at_once = _recovery(unit)
            if at_once is not None:  # an open GOP says "at once"
                return Claim.UNKNOWN if at_once else Claim.GRADUAL
        if unit[0] & 31 < _IDR:  # the picture itself
            break
    return Claim.UNKNOWN


def _recovery(unit: memoryview) -> bool | None:
    """Whether a recovery point means "at once" (recovery_frame_cnt == 0); None without one."""
    at = 1
    while at + 2 < len(unit):
        kind = size = 0
        while at < len(unit) - 1 and unit[at] == 255:
            kind, at = kind + 255, at + 1
        kind, at = kind + unit[at], at + 1
        while at < len(unit) - 1 and unit[at] == 255:
            size, at = size + 255, at + 1
        size, at = size + unit[at], at + 1
        if kind == _RECOVERY_POINT and at < len(unit):
            return bool(unit[at] & 0x80)  # Exp-Golomb: zero is a single 1 bit
        at += size
    return None


def _length_size(extradata: bytes | None, at: int) -> int:
    """Bytes of the length in front of each unit (avcC, hvcC); 0: start codes instead."""
    if extradata and len(extradata) > at and extradata[0] == 1:
        return (extradata[at] & 3) + 1
    return 0


def _nal_units(data: memoryview, length_size: int) -> Iterator[memoryview]:
    at = 0
    if length_size:
        while at + length_size < len(data):
            size = int.from_bytes(data[at : at + length_size], "big")
            at += length_size
            if size:
                yield data[at : at + size]
            at += size
        return
    head = bytes(data[:4096])  # parameter sets and messages come before the picture's bulk
    at = head.find(b"\0\0\1")
    while 0 <= at < len(head) - 3:
        following = head.find(b"\0\0\1", at + 3)
        yield data[at + 3 : following if following >= 0 else len(data)]
        at = following
