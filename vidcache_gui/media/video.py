"""Video files as numbered frames, by PyAV."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from vidcache_gui.errors import UserError
from vidcache_gui.media.container import DECODE_ERRORS, aspect_of, explain
from vidcache_gui.media.index import FrameIndex
from vidcache_gui.media.pixels import MAX_PIXELS, Converter, has_alpha_channel
from vidcache_gui.media.seeking import Pictures
from vidcache_gui.media.types import Frame


class Film:
    """What films have in common, however their frames are found: the shape of what is shown."""

    missing: frozenset[int] = frozenset()

    def _shape(self, stream: Any, rotation: int) -> None:
        """``rotation``: degrees clockwise to turn. Raises UserError for what no film is."""
        context = stream.codec_context
        if context.width * context.height > MAX_PIXELS:
            raise UserError("Its pictures are too large to show.")
        self._converter = Converter(rotation, aspect_of(stream))
        self.width, self.height = self._converter.shown_size(context.width, context.height)
        self.has_alpha = bool(context.format and has_alpha_channel(context.format))


class VideoSource(Film):
    """A video as a FrameSource. Takes over ``file`` and closes it."""

    def __init__(
        self, file: BinaryIO, demuxers: Sequence[str], index: FrameIndex, rotation: int = 0
    ) -> None:
        self._file = file
        self._pictures = Pictures(file, demuxers, index)
        self._shape(self._pictures.stream, rotation)
        self.count = len(index)
        self.keyframes: Sequence[int] = [0] if index.counted else index.keyframes.tolist()
        self.starts: Sequence[float] = index.starts.tolist()
        self.durations: Sequence[float] = index.durations.tolist()

    def keyframe_before(self, index: int) -> int:
        return self._pictures.index.keyframe_before(index)

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
        wanted, stopped = first, False

        def told_to_stop() -> bool:
            nonlocal stopped
            stopped = stop is not None and stop()
            return stopped

        for at, picture in self._pictures.run(first, last, prefix=prefix, stop=told_to_stop):
            try:
                yield self._converter.convert(picture, at, size)
            except DECODE_ERRORS as error:
                raise UserError(f"Frame {at} could not be read: {explain(error)}.") from error
            if at >= wanted:
                wanted = at + 1
        if wanted <= last and not stopped:
            self._pictures.forget()
            raise UserError(f"Frame {wanted} could not be read: the data there is damaged.")

    def close(self) -> None:
        self._pictures.close()
        self._file.close()
