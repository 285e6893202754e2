"""Posters and filmstrips by content hash. They can always be made again, so losing one is fine."""

import contextlib
import os
import uuid
from pathlib import Path


class Pictures:
    """The ``thumbs`` folder: ``ab/<hash>.jpg`` and ``ab/<hash>.strip.jpg``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def poster_path(self, hash: str) -> Path:
        return self.folder / hash[:2] / f"{hash}.jpg"

    def strip_path(self, hash: str) -> Path:
        return self.folder / hash[:2] / f"{hash}.strip.jpg"

    def save(self, hash: str, poster: bytes | None, strip: bytes | None) -> None:
        for path, data in ((self.poster_path(hash), poster), (self.strip_path(hash), strip)):
            if data:
                path.parent.mkdir(exist_ok=True)
                temporary = path.with_name(f"{uuid.uuid4().hex}.part")
                temporary.write_bytes(data)
                os.replace(temporary, path)

    def poster(self, hash: str) -> bytes | None:
        return _read(self.poster_path(hash))

    def strip(self, hash: str) -> bytes | None:
        return _read(self.strip_path(hash))

    def remove(self, hash: str) -> None:
        for path in (self.poster_path(hash), self.strip_path(hash)):
            path.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return None
