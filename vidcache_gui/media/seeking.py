"""Decoded pictures from any frame on, each with its exact index, in presentation order.

A seek is believed only when what arrives is what was there when the index was made: decoding
begins with the very packet of the keyframe, and every packet after it must be the one that had
its time in the index. Where that fails the next attempt begins at an earlier keyframe, in the
end at the start of the file, from where everything is right by definition.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from vidcache_gui.media.container import (
    DECODE_ERRORS,
    decode,
    drain,
    open_pictures,
    packets,
    picture_stream,
)
from vidcache_gui.media.index import FrameIndex

Picture = tuple[int, Any]  # index, av.VideoFrame

Stop = Callable[[], bool]  # asked between pictures: True ends the work

# Pictures no other refers to need not be decoded on the way to a later one. Elsewhere the
# decoders' own idea of such pictures is not exact, or they have none.
_SKIPPING = ("h264", "mpeg1video", "mpeg2video", "mpeg4")

# Frames before a keyframe to seek to in turn. Streams without an index are searched by the
# time of decoding, which comes before that of showing, and need a run-up to be in step.
AIMS = (0, 12, 72)


class _AstrayError(Exception):
    """A seek led to packets that are not those of the index."""


class Pictures:
    """The pictures of one file. ``file`` stays the caller's; ``container``: if open already."""

    def __init__(
        self, file: BinaryIO, demuxers: Sequence[str], index: FrameIndex, container: Any = None
    ) -> None:
        self._file = file
        self._demuxers = demuxers
        self.index = index  # keyframes that lied are taken out of it
        self._coming: Iterator[Picture] | None = None
        self._next = 0  # the frame that would come out next, if nothing is missing
        self._needed = 0  # frames before this one may be left out
        self._fresh = container is None  # nothing was read from it yet
        if container is None:
            self._open()
        else:
            self.container, self.stream = container, picture_stream(container)

    def _open(self) -> None:
        self.container, self.stream = open_pictures(self._file, self._demuxers)

    def run(
        self, first: int, last: int, *, prefix: bool = True, stop: Stop | None = None
    ) -> Iterator[Picture]:
        """Pictures up to ``last``, from the keyframe before ``first``, or from where the decoder
        stands when that is on the way. Without ``prefix`` only from ``first`` on.

        What cannot be decoded does not come.
        """
        if not self._is_on_the_way(first):
            if first == last and (alone := self._alone(first)) is not None:
                yield first, alone
                return
            self._coming = self._from(first)
            self._needed = self._next = 0
        if not prefix:
            self._needed = max(self._needed, first)
        coming = self._coming or iter(())
        for at, picture in coming:
            if at > last:  # a frame was missing: keep this one for the next call
                self._coming, self._next = _again(at, picture, coming), at
                return
            self._next = at + 1
            if prefix or at >= first:
                yield at, picture
            if at == last or (stop is not None and stop()):
                return
        self._coming = None

    def _is_on_the_way(self, first: int) -> bool:
        if self._coming is None or first < self._needed:
            return False
        return self.index.keyframe_before(first) <= self._next <= first

    def forget(self) -> None:
        """Begin anew next time, wherever the decoder stands."""
        self._coming = None

    def _from(self, first: int) -> Iterator[Picture]:
        """From a keyframe before ``first`` on that shows itself to be the right place."""
        done = -1  # the last frame that came out
        while True:
            key = self.index.keyframe_before(max(first, done + 1))
            try:
                for at, picture in self._from_key(key, max(first, done + 1)):
                    if at > done:
                        done = at
                        yield at, picture
                return
            except _AstrayError:
                self.index = self.index.without_keys([key])

    def _from_key(self, key: int, first: int) -> Iterator[Picture]:
        given = self._land(key) if key else self._restart()
        if self.index.counted:
            yield from enumerate(decode(self.stream, given))
            return
        last = key - 1
        for picture in decode(self.stream, given):
            at = self.index.place(picture.pts) if picture.pts is not None else None
            if at is None or at <= last:  # leading pictures of an open GOP are not whole
                continue
            if last < key and at > first and key:
                break
            last = at
            yield at, picture
        if last < key:  # the decoder needed more than this keyframe
            raise _AstrayError

    def _alone(self, key: int) -> Any:
        """The picture of a keyframe by itself, at the price of one packet; else None."""
        if key == 0 or self.index.counted or not self.index.keys[key]:
            return None
        self._coming = None
        try:
            pictures = next(self._land(key)).decode() or drain(self.stream)
        except (_AstrayError, *DECODE_ERRORS):
            return None
        self.stream.codec_context.flush_buffers()
        for picture in pictures:
            if picture.pts is not None and self.index.place(picture.pts) == key:
                return picture
        return None

    def _restart(self) -> Iterator[Any]:
        if not self._fresh:
            self.container.close()
            self._open()
        self._fresh = False
        return self._light(packets(self.container, self.stream))

    def _land(self, key: int) -> Iterator[Any]:
        """Packets from that of keyframe ``key`` on. Raises _AstrayError."""
        self._fresh = False
        for earlier in AIMS:
            aim = int(self.index.pts[max(0, key - earlier)])
            with contextlib.suppress(*DECODE_ERRORS):
                self.container.seek(aim, stream=self.stream)
                given = self._light(packets(self.container, self.stream))
                if (packet := self._find(key, given)) is not None:
                    return self._verified(packet, given)
        raise _AstrayError

    def _find(self, key: int, given: Iterator[Any]) -> Any:
        """Read up to the packet of a keyframe; None if it does not come."""
        time = int(self.index.pts[key])
        for packet in given:
            if packet.pts == time and self.index.is_packet(packet):
                return packet
            come = packet.pts if packet.dts is None else packet.dts
            if come is not None and come > time:
                break
        return None

    def _verified(self, packet: Any, given: Iterator[Any]) -> Iterator[Any]:
        yield packet
        for packet in given:
            if not self.index.is_packet(packet):
                raise _AstrayError
            yield packet

    def _light(self, given: Iterator[Any]) -> Iterator[Any]:
        """The packets, the decoder told of each whether it may pass over it."""
        context = self.stream.codec_context
        able = _can_skip(context) and not self.index.counted
        for packet in given:
            if able:
                at = self.index.place(packet.pts) if packet.pts is not None else None
                passing = at is not None and at < self._needed
                context.skip_frame = "NONREF" if passing else "DEFAULT"
            yield packet

    def close(self) -> None:
        self._coming = None
        with contextlib.suppress(*DECODE_ERRORS):
            self.container.close()


def _again(at: int, picture: Any, rest: Iterator[Picture]) -> Iterator[Picture]:
    yield at, picture
    yield from rest


def _can_skip(context: Any) -> bool:
    """Whether passing over pictures that are no references leaves all others as they are."""
    if context.name == "hevc":
        # Its pictures that are no references may be ones to pictures of higher layers.
        hvcc = context.extradata or b""
        return len(hvcc) > 21 and hvcc[0] == 1 and hvcc[21] >> 3 & 7 == 1
    return context.name in _SKIPPING
