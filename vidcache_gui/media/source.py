"""Open any stored footage as numbered frames."""

from typing import TYPE_CHECKING

from vidcache_gui.errors import UserError
from vidcache_gui.media.joined import Where, open_whole
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff
from vidcache_gui.media.types import FrameSource, Kind, MediaFacts

if TYPE_CHECKING:
    from vidcache_gui.media.index import FrameIndex


def open_source(where: Where, facts: MediaFacts, index: bytes | None) -> FrameSource:
    """A FrameSource over one file, whole or in parts; ``index`` as
    :func:`media.inspect.inspect_file` made it.

    Raises UserError when it cannot be shown. Close it in the thread that uses it.
    """
    file = open_whole(where)
    try:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        media = sniff(head)
        if facts.kind is not Kind.VIDEO:
            from vidcache_gui.media.animation import AnimationSource

            return AnimationSource(file)
        if index is None:
            raise UserError(f"It cannot be played: {facts.damaged or 'it has no frames'}")
        from vidcache_gui.media.video import VideoSource

        demuxers = media.demuxers if media else guess_by_name(f"x.{facts.extension}")
        found = _index(where, index, f"x.{facts.extension}")
        return VideoSource(file, demuxers, found, facts.rotation)
    except BaseException:
        file.close()
        raise


def _index(where: Where, stored: bytes, name: str) -> "FrameIndex":
    """The stored index; made again when it is damaged or from an older version."""
    from vidcache_gui.media.index import FrameIndex

    try:
        return FrameIndex.from_bytes(stored)
    except UserError:
        from vidcache_gui.media.inspect import inspect_file

        made = inspect_file(where, name).index
        if made is None:
            raise
        return FrameIndex.from_bytes(made)
