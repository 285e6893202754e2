"""A quick look at footage for its fingerprint alone, at as few pictures as will do.

These functions run in worker processes (``media.pool``), as those of ``media.inspect`` do.
"""

from dataclasses import dataclass

from vidcache_gui.errors import UserError
from vidcache_gui.media.fingerprint.fingerprint import Fingerprint
from vidcache_gui.media.fingerprint.pictures import of_frames, of_picture
from vidcache_gui.media.fingerprint.quick import of_video
from vidcache_gui.media.joined import Where, name_of, open_whole
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff


@dataclass(frozen=True, slots=True)
class Look:
    """``fingerprint``: ``Fingerprint.to_bytes()``, None where there was no picture to see.

    ``stream``: see ``stream.StreamHash``; None for pictures, animations and frames.
    """

    fingerprint: bytes | None
    stream: str | None = None


def fingerprint_file(where: Where, name: str = "") -> Look:
    """``where``: a file, or the parts of one. ``name``: what it was called, for formats without
    a signature.

    Raises UserError for what is no footage or cannot be opened.
    """
    with open_whole(where) as file:
        media = sniff(file.read(HEAD_BYTES))
        file.seek(0)
        if media is not None and not media.demuxers:
            return Look(_bytes(of_picture(file, media.extension)))
        demuxers = media.demuxers if media else guess_by_name(name or name_of(where))
        if not demuxers:
            raise UserError("It is not a video or picture that VidCache knows.")
        fingerprint, stream = of_video(file, demuxers)
        return Look(_bytes(fingerprint), stream)


def fingerprint_frames(paths: list[str], delays: list[float]) -> Look:
    """``paths``: the pictures of a frame sequence; ``delays``: seconds that each is shown."""
    return Look(_bytes(of_frames(paths, delays)))


def _bytes(fingerprint: Fingerprint | None) -> bytes | None:
    return fingerprint.to_bytes() if fingerprint is not None else None
