"""How something on a remote is opened to be played. Called in the player's thread."""

import io
import threading
from pathlib import Path
from typing import BinaryIO, cast

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.library import Library
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.gui import words
from vidcache_gui.gui.remotes.far import Far
from vidcache_gui.gui.remotes.fetching import FrameFetcher
from vidcache_gui.gui.remotes.film import StreamedVideo
from vidcache_gui.gui.remotes.frame_cache import FrameCache
from vidcache_gui.gui.remotes.sequence import FarSequence, in_order
from vidcache_gui.interfaces.remotes.layout import layout
from vidcache_gui.interfaces.remotes.reader import ChunkBlocks, FileBlocks, RemoteReader
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.media.animation import AnimationSource
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff
from vidcache_gui.media.types import FrameSource, Kind

WHOLE = 256_000_000  # bytes of an animation or picture, which is fetched before it is shown


class Opening:
    """Of one item; a call makes its FrameSource. ``cancel`` ends a fetch that waits."""

    def __init__(self, far: Far, remote: Remote, library: Library, cache: FrameCache) -> None:
        self._far = far
        self._remote = remote
        self._library = library
        self._cache = cache
        self._lock = threading.Lock()
        self._cancelled = False
        self._open: FrameFetcher | RemoteReader | None = None

    def __call__(self) -> FrameSource:
        """Raises UserError, RemoteError."""
        if self._far.item.kind is Kind.FRAMES:
            return self._sequence()
        return self._file()

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
            opened = self._open
        if isinstance(opened, FrameFetcher):
            opened.close()
        elif opened is not None:
            opened.cancel()

    def _take(self, opened: FrameFetcher | RemoteReader) -> None:
        with self._lock:
            self._open = opened
            late = self._cancelled
        if late:
            opened.close()
            raise Cancelled

    def _sequence(self) -> FrameSource:
        item = self._far.item
        frames = in_order(self._remote.balls.group(item.bucket, self._far.ball_id))
        wanted = [ball.sha256 for ball in frames if ball is not None and ball.sha256]
        here: dict[str, Path] = {
            sha256: self._library.blob_path(hash)
            for sha256, hash in self._library.held(wanted).items()
        }
        fetcher = FrameFetcher(self._remote.balls, frames, here, self._cache)
        self._take(fetcher)
        try:
            return FarSequence(frames, fetcher)
        except BaseException:
            fetcher.close()
            raise

    def _file(self) -> FrameSource:
        reader = reader_of(self._far, self._remote)
        self._take(reader)
        try:
            return self._source(reader)
        except BaseException:
            reader.close()
            raise

    def _source(self, reader: RemoteReader) -> FrameSource:
        name = self._far.item.name
        media = sniff(reader.read(HEAD_BYTES))
        demuxers = media.demuxers if media is not None else guess_by_name(name)
        if media is not None and media.kind is not Kind.VIDEO:
            if reader.size > WHOLE:
                raise UserError(
                    f"It is fetched whole before it is shown, and {words.size(reader.size)} are "
                    "too much for that. Copy it to the library to see it."
                )
            reader.seek(0)
            whole = io.BytesIO(reader.read())
            reader.close()
            return AnimationSource(whole)
        if not demuxers:
            raise UserError(f"'{name}' holds no pictures that can be shown.")
        return StreamedVideo(cast(BinaryIO, reader), demuxers)


def reader_of(far: Far, remote: Remote, stop: CancelToken | None = None) -> RemoteReader:
    """A file on a remote, by ranges. Raises RemoteError, Cancelled."""
    if far.file is not None:
        return RemoteReader(FileBlocks(remote.files, far.file))
    whole = layout(remote.balls.group(far.item.bucket, far.ball_id, stop))
    return RemoteReader(ChunkBlocks(remote.balls, whole))
