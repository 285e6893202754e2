"""Video files as numbered frames, by PyAV."""

import contextlib
import math
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import av
import av.error

from vidcache_gui.errors import UserError
from vidcache_gui.media.index import FrameIndex
from vidcache_gui.media.pixels import MAX_PIXELS, Converter
from vidcache_gui.media.types import Frame

DECODE_ERRORS = (av.error.FFmpegError, ValueError, OSError, EOFError, AttributeError)
MOST_BAD_PACKETS = 64  # in a row; after that there is nothing left to hope for


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


def aspect_of(stream: Any) -> float:
    ratio = stream.sample_aspect_ratio
    value = float(ratio) if ratio else 1.0
    return value if math.isfinite(value) and 1 / 16 <= value <= 16 else 1.0


def decode(container: Any, stream: Any) -> Iterator[Any]:
    """Decoded pictures from where the container stands; damaged packets are passed over."""
    bad = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            pictures = packet.decode()
            bad = 0
        except StopIteration:
            return
        except DECODE_ERRORS:
            bad += 1
            if bad > MOST_BAD_PACKETS:
                return
            continue
        yield from pictures


class VideoSource:
    """A video as a FrameSource. Takes over ``file`` and closes it."""

    def __init__(
        self, file: BinaryIO, demuxers: Sequence[str], index: FrameIndex, rotation: int = 0
    ) -> None:
        self._file = file
        self._demuxers = demuxers
        self._index = index
        self._pictures: Iterator[tuple[int, Any]] | None = None
        self._next = 0  # the frame that would come out next, if nothing is missing
        self._open()
        self._converter = Converter(rotation, aspect_of(self._stream))
        context = self._stream.codec_context
        if context.width * context.height > MAX_PIXELS:
            raise UserError("Its pictures are too large to show.")
        self.width, self.height = self._converter.shown_size(context.width, context.height)
        self.count = len(index)
        self.keyframes: Sequence[int] = [0] if index.counted else index.keyframes.tolist()
        self.has_alpha = False
        self.starts: Sequence[float] = index.starts.tolist()
        self.durations: Sequence[float] = index.durations.tolist()
        self.missing: frozenset[int] = frozenset()

    def _open(self) -> None:
        self._container = open_container(self._file, self._demuxers)
        self._stream = picture_stream(self._container)
        if self._stream is None:
            raise UserError("There is no picture inside.")
        self._stream.thread_type = "AUTO"

    def keyframe_before(self, index: int) -> int:
        return self._index.keyframe_before(index)

    def frames(
        self, first: int, last: int, size: tuple[int, int] | None = None, *, prefix: bool = True
    ) -> Iterator[Frame]:
        """See :class:`media.types.FrameSource`."""
        wanted = first
        for at, picture in self._decode_from(first, prefix):
            if at < first and not prefix:
                continue
            if at > last:
                self._push_back(at, picture)
                break
            try:
                yield self._converter.convert(picture, at, size)
            except DECODE_ERRORS as error:
                raise UserError(f"Frame {at} could not be read: {explain(error)}.") from error
            if at >= wanted:
                wanted = at + 1
            if at == last:
                break
        if wanted <= last:
            self._pictures = None
            raise UserError(f"Frame {wanted} could not be read: the data there is damaged.")

    def _decode_from(self, first: int, prefix: bool) -> Iterator[tuple[int, Any]]:
        """Decoded pictures with their index: from the keyframe before ``first``, or from where
        the decoder stands when that is on the way."""
        key = self._index.keyframe_before(first)
        if self._pictures is None or not key <= self._next <= first:
            self._pictures = self._counted() if self._index.counted else self._from(key, first)
        pictures = self._pictures
        for at, picture in pictures:
            self._next = at + 1
            yield at, picture
        self._pictures = None

    def _push_back(self, at: int, picture: Any) -> None:
        """A frame was missing: keep the one after it for the next call."""
        rest = self._pictures

        def again() -> Iterator[tuple[int, Any]]:
            yield at, picture
            if rest is not None:
                yield from rest

        self._pictures = again()
        self._next = at

    def _from(self, key: int, first: int) -> Iterator[tuple[int, Any]]:
        """Seek so that frame ``first`` will come out; earlier keyframes if a seek lands late."""
        while True:
            self._seek(key)
            stream = decode(self._container, self._stream)
            start = self._first_at_or_after(stream, key)
            if start is not None and (start[0] <= first or key == 0):
                yield start
                break
            if key == 0:
                return
            key = self._index.keyframe_before(key - 1)
        for picture in stream:
            at = self._index.place(picture.pts) if picture.pts is not None else None
            if at is not None and at > start[0]:
                yield at, picture

    def _first_at_or_after(self, stream: Iterator[Any], key: int) -> tuple[int, Any] | None:
        """Skip what a seek landed on too early, and leading pictures that cannot be whole."""
        for picture in stream:
            at = self._index.place(picture.pts) if picture.pts is not None else None
            if at is not None and at >= key:
                return at, picture
        return None

    def _seek(self, key: int) -> None:
        if key > 0:
            with contextlib.suppress(*DECODE_ERRORS):
                self._container.seek(int(self._index.pts[key]), stream=self._stream)
                return
        self._container.close()
        self._open()

    def _counted(self) -> Iterator[tuple[int, Any]]:
        self._container.close()
        self._open()
        yield from enumerate(decode(self._container, self._stream))

    def close(self) -> None:
        self._pictures = None
        with contextlib.suppress(*DECODE_ERRORS):
            self._container.close()
        self._file.close()
