"""What can be done with an archive, wherever it is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from vidcache_gui.closing import Closing
from vidcache_gui.interfaces.remotes.records import RemoteBall

CHUNK = 1024 * 1024

ByteRange = tuple[int, int]  # first and last byte, both included


class Archive(Closing, ABC):
    """Every method may be called from any thread, and raises UserError with a sentence.

    A ``content_hash`` is a BLAKE3 of 64 hexadecimal digits, lower case.
    """

    @abstractmethod
    def ingest(
        self,
        url: str | Path,
        bucket: str = "videos",
        prefix: str = "",
        meta: dict[str, Any] | None = None,
        *,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Bring in what an address holds, or a file. A known address is not fetched again.

        The result has ``hash``, ``status`` (``new``, ``duplicate``, ``url_alias``), ``file_path``
        and ``size_bytes``; ``duplicate_of`` and ``phash_distance`` where it looks like something
        there. ``name``: what to call it, where that is not the file's own name.
        """

    @abstractmethod
    def resolve(self, url: str) -> dict[str, str] | None:
        """``hash`` and ``url`` of what an address stands for; None if it was never seen."""

    @abstractmethod
    def get_meta(self, content_hash: str) -> dict[str, Any] | None:
        """All that is known about a content: ``size_bytes``, ``duration_s``, ``first_seen``,
        ``aliases``, ``meta`` and more. None where there is none."""

    @abstractmethod
    def get_bytes(self, content_hash: str, byte_range: ByteRange | None = None) -> bytes:
        """Stored bytes, checked by hash where they are all of them."""

    @abstractmethod
    def stream_video(
        self, content_hash: str, byte_range: ByteRange | None = None
    ) -> AbstractContextManager[Iterator[bytes]]:
        """The same a part at a time::

            with archive.stream_video(hash) as parts:
                for part in parts: ...

        That all was as it should be is known at the end: the last step raises if it was not.
        """

    @abstractmethod
    def download_to_file(
        self, content_hash: str, dest: str | Path, byte_range: ByteRange | None = None
    ) -> int:
        """Write stored bytes to a file, which has its name once they are all there and right;
        how many those are. A broken download of a whole file is gone on with the next time."""

    @abstractmethod
    def delete(self, content_hash: str) -> None:
        """Delete a content and every address of it; VidCache moves it to the trash."""

    @abstractmethod
    def put_frames(self, bucket_id: str, ball_id: str, frames_dir: str | Path) -> list[RemoteBall]:
        """Store a folder of numbered pictures as frames that share ``ball_id``; the frames, in
        order. Frames that are there already are not stored again."""

    @abstractmethod
    def get_by_ball_id(self, bucket_id: str, ball_id: str) -> list[RemoteBall]:
        """The frames of a group, in order of their numbers."""

    @abstractmethod
    def get_streaming(self, bucket_id: str, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """The bytes of one frame, a part at a time, as :meth:`stream_video`."""

    @abstractmethod
    def close(self) -> None: ...
