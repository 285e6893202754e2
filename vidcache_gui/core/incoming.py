"""Bytes that a program hands over a part at a time, hashed on the way to their draft."""

import hashlib
from types import TracebackType

from blake3 import blake3

from vidcache_gui.core.blobs import BlobStore, Draft, write_error
from vidcache_gui.media.hashing import Digests

LOOK_AT_SPACE = 64 * 1024 * 1024  # bytes between two looks at how much room is left


class Incoming:
    """One byte string on its way in. Leaving the ``with`` block discards what was not stored.

    Its file is made with the first bytes, so that whoever says much and sends nothing costs
    nothing. One thread at a time.
    """

    def __init__(self, blobs: BlobStore, expected: int = 0) -> None:
        """``expected``: bytes announced, 0 for unknown. Raises UserError if they cannot fit."""
        blobs.check_space(expected)
        self.size = 0
        self._blobs = blobs
        self._draft: Draft | None = None
        self._blake3 = blake3()
        self._sha256 = hashlib.sha256()
        self._looked = 0

    @property
    def draft(self) -> Draft:
        if self._draft is None:
            self._draft = self._blobs.draft()
        return self._draft

    def write(self, part: bytes | bytearray | memoryview) -> None:
        """Append. Raises UserError when the disk is full or fails."""
        if self.size - self._looked >= LOOK_AT_SPACE:
            self._blobs.check_space(len(part))
            self._looked = self.size
        view = memoryview(part)
        try:
            while view:
                view = view[self.draft.file.write(view) :]
        except OSError as error:
            raise write_error(error) from error
        self._blake3.update(part)
        self._sha256.update(part)
        self.size += len(part)

    def digests(self) -> Digests:
        """What the bytes so far are called, by both hashes."""
        return Digests(self._blake3.hexdigest(), self._sha256.hexdigest(), self.size)

    def discard(self) -> None:
        if self._draft is not None:
            self._draft.discard()

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()
