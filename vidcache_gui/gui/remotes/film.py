"""A video on a remote, played by byte ranges: what is shown is fetched, and little more.

An exact index of its frames would need all of its packets. So frames are counted by time, at
the rate the file names: exact where its frames are evenly spaced, as nearly all are.
"""

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, BinaryIO

from vidcache_gui.errors import UserError
from vidcache_gui.media.container import (
    DECODE_ERRORS,
    decode,
    explain,
    open_pictures,
)
from vidcache_gui.media.types import Frame
from vidcache_gui.media.video import Film

USUAL_RATE = 25
GOING_ON = 4  # seconds: a frame this near ahead is reached by decoding on, not by seeking
BACK = 5  # seconds further back, when a seek landed behind what was sought
MOST_FRAMES = 4_000_000


class StreamedVideo(Film):
    """See :class:`media.types.FrameSource`. Takes over ``file``, which may be slow to read."""

    def __init__(self, file: BinaryIO, demuxers: Sequence[str]) -> None:
        self._file = file
        self._demuxers = demuxers
        self._open()
        stream = self._stream
        self._shape(stream, 0)
        self._rate = Fraction(stream.average_rate or stream.guessed_rate or USUAL_RATE)
        self._begin = float((stream.start_time or 0) * stream.time_base)
        self.count = self._counted()
        self.keyframes = self._found_keyframes()
        self._next = 0  # the frame that comes next when decoding goes on
        self._pictures: Iterator[Any] | None = None
        self._held: Any = None  # the picture decoded last, for frames that have none of their own
        self._waiting: Any = None  # the one after it, decoded already
        self._begin_with(self._first())
        every = float(1 / self._rate)
        self.durations: Sequence[float] = [every] * self.count
        self.starts: Sequence[float] = [at * every for at in range(self.count)]

    def _open(self) -> None:
        self._container, self._stream = open_pictures(self._file, self._demuxers)

    def _counted(self) -> int:
        stream = self._stream
        if stream.frames:
            return min(int(stream.frames), MOST_FRAMES)
        if stream.duration:
            seconds = float(stream.duration * stream.time_base)
        else:
            seconds = (self._container.duration or 0) / 1_000_000 - max(0.0, self._begin)
        if not 0 < seconds < math.inf:
            raise UserError("It does not say how long it is. Copy it to the library to play it.")
        return min(max(1, round(seconds * self._rate)), MOST_FRAMES)

    def _found_keyframes(self) -> list[int] | None:
        """Where the file lists all of its pictures: at a keyframe, decoding and showing order
        agree. None where it does not."""
        with contextlib.suppress(*DECODE_ERRORS):
            entries = list(self._stream.index_entries)
            if len(entries) == self.count:
                return [at for at, entry in enumerate(entries) if entry.is_keyframe] or None
        return None

    def _begin_with(self, picture: Any) -> None:
        """Whether it is turned, and when it begins, is said by its first picture only."""
        self._shape(self._stream, -picture.rotation % 360)
        if picture.pts is not None:
            self._begin = float(picture.pts * self._stream.time_base)

    def _first(self) -> Any:
        self._pictures = decode(self._stream, self._packets())
        self._waiting = next(self._pictures, None)
        if self._waiting is None:
            raise UserError("None of its pictures can be decoded.")
        return self._waiting

    def keyframe_before(self, index: int) -> int:
        if not self.keyframes:
            return index
        return next((at for at in reversed(self.keyframes) if at <= index), 0)

    def frames(
        self,
        first: int,
        last: int,
        size: tuple[int, int] | None = None,
        *,
        prefix: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> Iterator[Frame]:
        """See :class:`media.types.FrameSource`."""
        try:
            for index, picture in self._run(first, last, stop):
                if prefix or index >= first:
                    yield self._converter.convert(picture, index, size)
        except DECODE_ERRORS as error:
            self._pictures = None
            reason = explain(error)
            raise UserError(f"Frame {first} could not be read: {reason}.") from error

    def _run(
        self, first: int, last: int, stop: Callable[[], bool] | None
    ) -> Iterator[tuple[int, Any]]:
        self._go_to(first)
        index = self._next
        while index <= last:
            if stop is not None and stop():
                return
            picture = self._waiting if self._waiting is not None else self._decoded()
            place = self._place(picture) if picture is not None else math.inf
            if place > index and self._held is not None:
                self._waiting = picture  # later: until then the last one stays
            elif picture is None:
                raise UserError(f"Frame {index} could not be read: the file ends early.")
            else:
                self._waiting, self._held = None, picture
                if place < index:
                    continue  # two pictures in the time of one frame, or on the way to it
            yield index, self._held
            index = self._next = index + 1

    def _go_to(self, first: int) -> None:
        """Stand where the pictures from ``first`` on can be decoded."""
        near = self._pictures is not None and (
            self._next <= first <= self._next + GOING_ON * self._rate
        )
        if near:
            return
        back = 0.0
        while True:
            sought = max(0, first - round(back * self._rate))
            self._seek(sought)
            assert self._pictures is not None
            self._waiting = self._decoded()
            at = self._place(self._waiting) if self._waiting is not None else first + 1
            if at <= first or sought == 0:
                self._next = min(at, first) if sought else 0
                return
            back = back * 2 or BACK

    def _seek(self, index: int) -> None:
        self._held = self._waiting = self._pictures = None
        seconds = self._begin + float(index / self._rate)
        offset = int(seconds / float(self._stream.time_base) + 0.5)
        try:
            if index:
                self._container.seek(offset, stream=self._stream, backward=True, any_frame=False)
        except DECODE_ERRORS:
            index = 0  # it has no list of keyframes: from its start, then
        if not index:  # not every format finds back to its start by seeking
            self._container.close()
            self._open()
        self._next = index
        self._pictures = decode(self._stream, self._packets())

    def _packets(self) -> Iterator[Any]:
        """Unlike those of a file on disk: what fails to be fetched is not its end."""
        for packet in self._container.demux(self._stream):
            if packet.size:
                yield packet

    def _decoded(self) -> Any:
        return next(self._pictures, None) if self._pictures is not None else None

    def _place(self, picture: Any) -> int:
        if picture.pts is None:
            return self._next
        # Not ``picture.time``: the last ones a decoder gives away have lost their time base.
        seconds = float(picture.pts * self._stream.time_base) - self._begin
        return max(0, round(seconds * self._rate))

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._container.close()
        self._file.close()
