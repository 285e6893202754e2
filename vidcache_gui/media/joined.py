"""Footage whose bytes lie in one file, or in several that follow each other: read as one.

Large files are stored in the chunks they came in. Joining them on disk would take their room
twice, so whoever reads them is given one file object over all of them.
"""

import io
import os
import stat
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, cast

from vidcache_gui.errors import UserError
from vidcache_gui.media.openfile import open_regular

Where = str | Path | Sequence[str]  # a file, or those whose bytes follow each other

MOST_OPEN = 8  # parts at once: a long film has thousands
BUFFER = 128 * 1024


def open_whole(where: Where) -> BinaryIO:
    """Open footage for reading and seeking. Raises UserError, as ``open_regular`` does."""
    if isinstance(where, str | Path):
        return open_regular(str(where))
    if len(where) == 1:
        return open_regular(where[0])
    return _buffered(Joined(where))


def open_again(file: BinaryIO) -> BinaryIO:
    """What :func:`open_whole` opened as a file object of its own, to be closed by itself."""
    raw: Any = getattr(file, "raw", None)
    if isinstance(raw, Joined):
        return _buffered(Joined(raw.paths))
    return os.fdopen(os.dup(file.fileno()), "rb")


def name_of(where: Where) -> str:
    """The file name by which a format without a signature may be known."""
    return Path(where if isinstance(where, str | Path) else where[0]).name


def _buffered(raw: "Joined") -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, BUFFER))


class Joined(io.RawIOBase):
    """Files one after the other as one, read-only. They must not change meanwhile."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Raises UserError where one is not there, or is no file."""
        self.paths = tuple(paths)
        self._ends = list(accumulate(_size(path) for path in self.paths))
        self._open: OrderedDict[int, BinaryIO] = OrderedDict()
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = self._ends[-1] if self._ends else 0
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: size}[whence]
        if start + offset < 0:
            raise ValueError("before the start of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fewer bytes than there is room for where a part ends."""
        place = bisect_right(self._ends, self._at)  # past parts without any bytes, too
        if place == len(self._ends):
            return 0
        file = self._part(place)
        file.seek(self._at - (self._ends[place - 1] if place else 0))
        count: int = cast(io.RawIOBase, file).readinto(buffer) or 0
        if not count and len(buffer):
            raise OSError("A part of it is shorter than it was.")
        self._at += count
        return count

    def close(self) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()
        super().close()

    def _part(self, place: int) -> BinaryIO:
        file = self._open.pop(place, None)
        if file is None:
            if len(self._open) >= MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            try:
                file = open_regular(self.paths[place], buffering=0)
            except UserError as error:
                raise OSError(str(error)) from error
        self._open[place] = file
        return file


def _size(path: str) -> int:
    try:
        found = os.lstat(path)
    except OSError as error:
        raise UserError("A part of it is missing.") from error
    if not stat.S_ISREG(found.st_mode):
        raise UserError("A part of it is no file.")
    return found.st_size
