"""A sequence of picture files as numbered frames."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, BinaryIO

from PIL import ImageOps

from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.animation import open_picture, upright_size
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.pixels import from_pillow
from vidcache_gui.media.types import Frame


class SequenceSource:
    """Picture files as a FrameSource, in the order given (that of their frame numbers).

    ``paths``: None where a frame is absent. ``delays_ms``: one for all, or one each. Frames
    of another size than the first readable one are fitted into it.
    """

    def __init__(
        self,
        paths: Sequence[str | None],
        numbers: Sequence[int],
        delays_ms: float | Sequence[float],
    ) -> None:
        if not paths:
            raise UserError("There are no frames.")
        self.paths = list(paths)
        self.numbers = list(numbers)
        self.count = len(self.paths)
        delays = [delays_ms] * self.count if isinstance(delays_ms, int | float) else delays_ms
        self.durations: Sequence[float] = [delay / 1000 for delay in delays]
        self.starts: Sequence[float] = [0.0, *accumulate(self.durations)][: self.count]
        self.missing: frozenset[int] = frozenset(
            at for at, path in enumerate(self.paths) if path is None
        )
        self.has_alpha = False
        self._stop: Callable[[], bool] | None = None  # of whoever asks for frames now
        self.width, self.height = self._first_size()

    def _first_size(self) -> tuple[int, int]:
        for index, path in enumerate(self.paths):
            if path is None:
                continue
            try:
                with self._open(index) as file, open_picture(file) as image:
                    self.has_alpha = image.mode in ("RGBA", "LA", "PA")
                    return upright_size(image)
            except UserError:
                continue
        return 0, 0

    def _open(self, index: int) -> BinaryIO:
        """The bytes of a frame that is there. Raises UserError; Cancelled where they have to
        come from far and ``_stop`` says so."""
        return open_regular(self.paths[index] or "")

    def keyframe_before(self, index: int) -> int:
        return index

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
        self._stop = stop
        for index in range(first, last + 1):
            try:
                frame = self._frame(index, size)
            except Cancelled:  # while its bytes were waited for
                return
            yield frame
            if stop is not None and stop():
                return

    def _frame(self, index: int, size: tuple[int, int] | None) -> Frame:
        path = self.paths[index]
        if path is None:
            raise UserError(f"Frame {self.numbers[index]} is missing.")
        try:
            with self._open(index) as file, open_picture(file) as image:
                image.draft("RGB", size) if size and image.format == "JPEG" else None
                image.load()
                return from_pillow(self._fitted(ImageOps.exif_transpose(image)), index, size)
        except Cancelled:
            raise
        except Exception as error:
            known = isinstance(error, UserError)
            reason = str(error).rstrip(".") if known else "its data is damaged"
            raise UserError(f"Frame {self.numbers[index]} could not be read: {reason}.") from error

    def _fitted(self, image: Any) -> Any:
        """Other shapes are centred in the shape of the first frame."""
        shape = image.width * self.height - image.height * self.width
        if abs(shape) <= max(image.width, image.height):  # same shape, rounding aside
            return image
        background = (0, 0, 0, 0)
        return ImageOps.pad(image.convert("RGBA"), (self.width, self.height), color=background)

    def close(self) -> None:
        """Nothing stays open between frames."""
