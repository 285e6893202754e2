"""Pictures with straight alpha as their files hold them.

Frames for painting are premultiplied, which rounds the colours of half-transparent pixels;
a lossless copy of them has to be read without that detour.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from PIL import ImageOps

from vidcache_gui.errors import UserError
from vidcache_gui.media.animation import open_picture
from vidcache_gui.media.joined import Where, open_whole
from vidcache_gui.media.openfile import open_regular


class Exact(Protocol):
    def frames(self, first: int, last: int) -> Iterator[tuple[int, Any]]:
        """(index, RGB or RGBA image); raises UserError for a frame that cannot be read."""
        ...


class ExactAnimation:
    """The frames of one animation or picture file."""

    def __init__(self, where: Where) -> None:
        self._where = where

    def frames(self, first: int, last: int) -> Iterator[tuple[int, Any]]:
        with open_whole(self._where) as file, open_picture(file) as image:
            moving = getattr(image, "is_animated", False)
            offset = 1 if getattr(image, "default_image", False) else 0
            # Every frame is drawn: Pillow lays each onto the one before.
            for index in range(last + 1):
                try:
                    if moving or offset:
                        image.seek(index + offset)
                    image.load()
                except Exception as error:
                    raise UserError(
                        f"Frame {index:,} could not be read: the file ends early."
                    ) from error
                if index >= first:
                    shown = image if moving else ImageOps.exif_transpose(image)
                    yield index, shown.convert(mode_of(shown))


class ExactFiles:
    """Picture files as frames, where all are of one size."""

    def __init__(
        self, paths: Sequence[str | None], numbers: Sequence[int], size: tuple[int, int]
    ) -> None:
        self._paths = paths
        self._numbers = numbers
        self._size = size

    def frames(self, first: int, last: int) -> Iterator[tuple[int, Any]]:
        for index in range(first, last + 1):
            path, number = self._paths[index], self._numbers[index]
            if path is None:
                raise UserError(f"Frame {number:,} is missing.")
            try:
                with open_regular(path) as file, open_picture(file) as image:
                    image.load()
                    shown = ImageOps.exif_transpose(image)
                    picture = shown.convert(mode_of(shown))
            except Exception as error:
                reason = str(error) if isinstance(error, UserError) else "its data is damaged"
                raise UserError(f"Frame {number:,} could not be read: {reason}.") from error
            if picture.size != self._size:
                picture = ImageOps.pad(picture.convert("RGBA"), self._size, color=(0, 0, 0, 0))
            yield index, picture


def mode_of(image: Any) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"
