"""The file of a segment: a head that says how much of everything, then the arrays.

The head and the small tables carry checksums that are looked at when the file is opened; the
long arrays only have to have the right size, so that opening stays quick. What a flipped bit in
those can do is a wrong candidate or a missed one; an id that leads nowhere is noticed.
"""

import json
import mmap
import os
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vidcache_gui.matching.index.bands import BANDS, BUCKETS
from vidcache_gui.matching.index.damage import IndexDamaged
from vidcache_gui.matching.index.segment import Band, Common, Runs, Segment

_MAGIC = b"VCidx001"  # another dealing of the bits is another format
_PAGE = 4096


class Counts(NamedTuple):
    """How much of everything a segment holds."""

    entries: int
    runs: int
    banded: int  # in each band: entries that are not common, and every common hash once
    common: int
    common_entries: int


Layout = dict[str, tuple[int, str, int]]  # offset in the file, type, how many


def layout(counts: Counts) -> tuple[Layout, int]:
    """Where each array stands, and the size of the file."""
    arrays = {
        "run owners": ("<u4", counts.runs),
        "run starts": ("<u4", counts.runs + 1),
        "common hashes": ("<u8", counts.common),
        "common starts": ("<u4", counts.common + 1),
        **{f"offsets {band}": ("<u4", BUCKETS + 1) for band in range(BANDS)},
        "common ids": ("<u4", counts.common_entries),
        "places": ("<u4", counts.entries),
    }
    for band in range(BANDS):
        arrays[f"hashes {band}"] = ("<u8", counts.banded)
        arrays[f"ids {band}"] = ("<u4", counts.banded)
    found: Layout = {}
    offset = _PAGE
    for name, (kind, count) in arrays.items():
        found[name] = (offset, kind, count)
        size = count * int(kind[2])
        offset += -(-size // _PAGE) * _PAGE
    return found, offset


def tables_end(arrays: Layout) -> int:
    """The small tables, which the checksum covers, end where the common ids start."""
    return arrays["common ids"][0]


class SegmentFile:
    """A file being written, in any order; it counts only once :meth:`finish` came back."""

    def __init__(self, path: Path, counts: Counts) -> None:
        self._path = path
        self._draft = path.with_suffix(".draft")
        self._counts = counts
        self._arrays, self.size = layout(counts)
        self._fd = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        os.ftruncate(self._fd, self.size)

    def write(self, name: str, values: NDArray[Any], at: int = 0) -> None:
        """Put values into an array, from its item ``at`` on."""
        offset, kind, _ = self._arrays[name]
        data = memoryview(np.ascontiguousarray(values, kind).data).cast("B")
        offset += at * int(kind[2])
        while data:
            done = os.pwrite(self._fd, data, offset)
            data, offset = data[done:], offset + done

    def finish(self) -> None:
        """Make it durable under its own name."""
        tables = os.pread(self._fd, tables_end(self._arrays) - _PAGE, _PAGE)
        text = json.dumps({"counts": self._counts, "tables": zlib.crc32(tables)}).encode()
        head = _MAGIC + zlib.crc32(text).to_bytes(4, "little") + text
        os.pwrite(self._fd, head.ljust(_PAGE), 0)
        os.fsync(self._fd)
        os.close(self._fd)
        os.rename(self._draft, self._path)

    def abandon(self) -> None:
        os.close(self._fd)
        self._draft.unlink(missing_ok=True)


def open_segment(path: Path, number: int) -> Segment:
    """Map a segment. FileNotFoundError when it is gone, IndexDamaged when it is not whole."""
    with path.open("rb") as file:
        head = file.read(_PAGE)
        size = os.fstat(file.fileno()).st_size
        counts, tables = _read_head(path, head)
        arrays, wanted = layout(counts)
        if size != wanted:
            raise IndexDamaged(f"{path.name} has {size} bytes, {wanted} were written")
        mapped = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        if zlib.crc32(file.read(tables_end(arrays) - _PAGE)) != tables:
            raise IndexDamaged(f"the tables of {path.name} are damaged")

    def array(name: str) -> NDArray[Any]:
        offset, kind, count = arrays[name]
        return np.frombuffer(mapped, kind, count, offset)

    return Segment(
        Runs(array("run owners"), array("run starts")),
        array("places"),
        tuple(
            Band(array(f"offsets {band}"), array(f"hashes {band}"), array(f"ids {band}"))
            for band in range(BANDS)
        ),
        Common(array("common hashes"), array("common starts"), array("common ids")),
        number=number,
        map=mapped,
    )


def _read_head(path: Path, head: bytes) -> tuple[Counts, int]:
    text = head[len(_MAGIC) + 4 :].rstrip()
    crc = int.from_bytes(head[len(_MAGIC) : len(_MAGIC) + 4], "little")
    if head[: len(_MAGIC)] != _MAGIC or zlib.crc32(text) != crc:
        raise IndexDamaged(f"the head of {path.name} is damaged")
    values = json.loads(text)
    return Counts(*values["counts"]), values["tables"]
