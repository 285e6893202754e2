"""Bytes are believed when their number and their hash are right."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from blake3 import blake3

from vidcache_gui.interfaces.remotes.http import Answer, plain
from vidcache_gui.interfaces.remotes.problems import Damaged, Missing, Passing, Refused

_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Checked:
    """Counts and hashes a byte string on its way. ``what`` names it in sentences."""

    def __init__(
        self, what: str, size: int | None, *, b3: str | None = None, sha256: str | None = None
    ) -> None:
        self.what = plain(what, 80)
        self.size = size
        self.done = 0
        self._wanted = b3 or sha256
        self._hasher: Any = blake3() if b3 else hashlib.sha256() if sha256 else None

    def feed(self, part: bytes | memoryview) -> None:
        """Raises Damaged as soon as it is too much."""
        self.done += len(part)
        if self.size is not None and self.done > self.size:
            raise Damaged(
                f"More came of '{self.what}' than the {self.size:,} bytes it has. It was not kept."
            )
        if self._hasher is not None:
            self._hasher.update(part)

    def finish(self) -> None:
        """Raises Passing when bytes are missing, Damaged when they are others."""
        if self.size is not None and self.done < self.size:
            raise Passing(
                f"Only {self.done:,} of the {self.size:,} bytes of '{self.what}' came, though the "
                "server said that was all. It was not kept."
            )
        if self._hasher is not None and self._hasher.hexdigest() != self._wanted:
            raise Damaged(
                f"What came as '{self.what}' is something else: its hash is another one. It was "
                "not kept."
            )


def span(answer: Answer, first: int, last: int, size: int | None) -> Iterator[bytes]:
    """The bytes from ``first`` to ``last``, both included, of an answer to that range; ``size``
    of the whole, if known.

    A server that does not know ranges sends all, of which the rest is left aside. Raises
    Damaged for an answer that is another part.
    """
    if answer.status == 416:
        raise Refused(f"'{answer.where}' has no bytes there: the file ends before byte {first:,}.")
    answer.check()
    skip = first
    if answer.status == 206:
        skip = 0
        match = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
        total = size if match is None or match[3] == "*" else int(match[3])
        end = last if total is None else min(last, total - 1)
        is_it = match is not None and (int(match[1]), int(match[2])) == (first, end)
        if not is_it or (size is not None and total != size):
            said = plain(answer.headers.get("content-range", "nothing"), 60)
            raise Damaged(
                f"'{answer.where}' was asked for the bytes {first}-{last} and sent others ({said})."
            )
        last = end
    elif size is not None:
        last = min(last, size - 1)
    left = last - first + 1
    for part in answer.parts():
        if skip:
            dropped = min(skip, len(part))
            part, skip = part[dropped:], skip - dropped
        if len(part) > left:
            if answer.status == 206:
                raise Damaged(f"'{answer.where}' sent more than the range it was asked for.")
            part = part[:left]
        left -= len(part)
        if part:
            yield part
        if not left and answer.status != 206:
            return  # the rest of the whole is not wanted
    nothing = size is None and answer.status != 206 and left == last - first + 1
    if skip or nothing:
        raise Refused(f"'{answer.where}' has no bytes there: the file ends before byte {first:,}.")
    if left and (answer.status == 206 or size is not None):
        raise Passing(f"'{answer.where}' broke off before the end of its answer.")


def content_hash(text: str) -> str:
    """A BLAKE3 as it is asked for. Raises Missing for what cannot be one."""
    lowered = text.strip().lower()
    if not HASH.fullmatch(lowered):
        raise Missing(f"'{plain(text, 80)}' is not a content hash (64 hexadecimal digits).")
    return lowered
