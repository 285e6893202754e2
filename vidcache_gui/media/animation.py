"""GIF, APNG, animated WebP and still pictures as numbered frames, by Pillow."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, BinaryIO

from PIL import Image, ImageOps

from vidcache_gui.errors import UserError
from vidcache_gui.media import timing
from vidcache_gui.media.pixels import MAX_PIXELS, from_pillow
from vidcache_gui.media.types import Frame

FORMATS = ("GIF", "PNG", "WEBP", "JPEG", "BMP", "TIFF", "AVIF")
MOST_BYTES = 2_000_000_000


def open_picture(file: BinaryIO) -> Any:
    """A Pillow image of an allowed format and sane size, nothing decoded yet.

    Raises UserError. Pillow raises many kinds of error on hostile files (AttributeError and
    SyntaxError were seen), so every kind is caught.
    """
    try:
        Image.MAX_IMAGE_PIXELS = None  # our own limit below speaks in sentences
        image = Image.open(file, formats=FORMATS)
    except Exception as error:
        raise UserError("its data is damaged") from error
    if image.width * image.height > MAX_PIXELS:
        raise UserError(
            f"it claims to be {image.width} × {image.height} pixels, more than can be opened"
        )
    return image


def delays_of(file: BinaryIO, kind: str) -> list[float]:
    """Raw delays in seconds of a GIF, PNG or WEBP; empty for a still picture."""
    stood = file.tell()  # Pillow goes on reading from where it left the file
    file.seek(0)
    data = file.read(MOST_BYTES)
    file.seek(stood)
    read = {"GIF": timing.gif, "PNG": timing.apng, "WEBP": timing.webp}.get(kind)
    return read(data) if read else []


class AnimationSource:
    """An animation (or a picture: one frame) as a FrameSource. Takes over ``file``."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._image = open_picture(file)
        delays = delays_of(file, self._image.format)
        # An APNG may carry a picture for programs that know no APNG; it is no frame.
        self._offset = 1 if getattr(self._image, "default_image", False) else 0
        self.count = max(1, len(delays))
        self.width, self.height = upright_size(self._image)
        self.has_alpha = self._image.mode in ("RGBA", "LA", "PA", "P")
        self.durations: Sequence[float] = delays or [0.0]
        self.starts: Sequence[float] = [0.0, *accumulate(self.durations)][: self.count]
        self.missing: frozenset[int] = frozenset()
        self._next = 0

    def keyframe_before(self, index: int) -> int:
        """Pillow draws frames onto each other: going on is free, going back starts over."""
        return index if self._next == index else 0

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
        start = self._next if self._next <= first else 0
        if start < self._next:  # opened anew: Pillow cannot go back in every APNG
            self._file.seek(0)
            self._image = open_picture(self._file)
        for index in range(start, last + 1):
            image = self._draw(index)
            if prefix or index >= first:
                yield from_pillow(image, index, size)
            if stop is not None and stop():
                return

    def _draw(self, index: int) -> Any:
        try:
            if self.count > 1 or self._offset:
                self._image.seek(index + self._offset)
            self._image.load()
        except Exception as error:
            self._next = self.count + 1  # whatever comes next starts over
            raise UserError(f"Frame {index} could not be read: the file ends early.") from error
        self._next = index + 1
        if self.count == 1:
            return ImageOps.exif_transpose(self._image)
        return self._image

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._image.close()
        self._file.close()


def upright_size(image: Any) -> tuple[int, int]:
    """Size as shown: cameras turn pictures by a tag."""
    with contextlib.suppress(Exception):
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
            return image.height, image.width
    return image.width, image.height
