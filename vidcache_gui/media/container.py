"""Opening a container by PyAV, and decoding on from where it stands."""

import contextlib
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import av
import av.error
from av.stream import Discard

from vidcache_gui.errors import UserError

DECODE_ERRORS = (av.error.FFmpegError, ValueError, OSError, EOFError, AttributeError)
MOST_BAD_PACKETS = 64  # in a row; after that there is nothing left to hope for
FEW_PROCESSORS = 2
# With frame threads libavcodec's Theora decoder gives other pictures every time.
_NO_FRAME_THREADS = ("theora", "vp3", "vp4")


def open_container(file: BinaryIO, demuxers: Sequence[str]) -> Any:
    """Open a file object with the first of these demuxers that takes it.

    A file object and named demuxers, never a path and a free choice: a playlist with a
    film's name would open other files. Raises UserError.
    """
    error: Exception | None = None
    for demuxer in demuxers:
        file.seek(0)
        try:
            return av.open(file, format=demuxer, metadata_errors="replace")
        except DECODE_ERRORS as failure:
            error = failure
    raise UserError(explain(error)) from error


def open_pictures(file: BinaryIO, demuxers: Sequence[str]) -> tuple[Any, Any]:
    """A container and its stream of pictures, ready to decode; nothing else is demuxed.

    Raises UserError.
    """
    container = open_container(file, demuxers)
    stream = picture_stream(container)
    if stream is None:
        raise UserError("There is no picture inside.")
    choose_threads(stream)
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    return container, stream


def explain(error: Exception | None) -> str:
    """What a decoder's complaint means to a person."""
    if isinstance(error, EOFError):
        return "the file ends early"
    if isinstance(error, av.error.InvalidDataError | ValueError):
        return "its data is damaged"
    if isinstance(error, av.error.DecoderNotFoundError | av.error.PatchWelcomeError):
        return "it is in a format that cannot be decoded here"
    if isinstance(error, OSError) and error.strerror:
        return f"reading failed ({error.strerror})"
    return "it could not be decoded"


def picture_stream(container: Any) -> Any:
    """The stream with the moving picture; None if there is only sound or a cover."""
    for stream in container.streams.video:
        if "ATTACHED_PIC" not in str(stream.disposition):
            return stream
    return None


def choose_threads(stream: Any, count: int = 0) -> None:
    """Let the decoder use several threads wherever that helps and cannot change its pictures.

    A thread for each frame costs 10 to 15 % more processor time for the same pictures, and
    twice as much for a single keyframe. Two processors, one of them busy with the window, gain
    nearly nothing by it (4K: 1.15 s instead of 1.33 s for a seek over 100 frames).
    """
    context = stream.codec_context
    few = (os.cpu_count() or 1) <= FEW_PROCESSORS
    context.thread_type = "SLICE" if few or context.name in _NO_FRAME_THREADS else "AUTO"
    context.thread_count = count


def aspect_of(stream: Any) -> float:
    ratio = stream.sample_aspect_ratio
    value = float(ratio) if ratio else 1.0
    return value if math.isfinite(value) and 1 / 16 <= value <= 16 else 1.0


def packets(container: Any, stream: Any) -> Iterator[Any]:
    """The packets of a stream with bytes in them, up to the end or the first read error."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except DECODE_ERRORS:
        return


def decode(stream: Any, given: Iterable[Any]) -> Iterator[Any]:
    """Decoded pictures of these packets; damaged ones are passed over."""
    bad = 0
    for packet in given:
        try:
            pictures = packet.decode()
            bad = 0
        except DECODE_ERRORS:
            bad += 1
            if bad > MOST_BAD_PACKETS:
                return
            continue
        yield from pictures
    yield from drain(stream)


def drain(stream: Any) -> list[Any]:
    """The pictures a decoder still holds. It takes no more packets until it is flushed."""
    with contextlib.suppress(*DECODE_ERRORS):
        pictures: list[Any] = stream.codec_context.decode(None)
        return pictures
    return []
