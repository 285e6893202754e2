"""The folder of an index: which segment files count, replaced as a whole or not at all."""

import fcntl
import json
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vidcache_gui.matching.index.damage import IndexBusy, IndexDamaged
from vidcache_gui.matching.index.files import open_segment
from vidcache_gui.matching.index.segment import Segment

_NAME = "manifest.json"
_LOCK = "lock"
_TRIES = 20  # to read a manifest whose files a writer replaces meanwhile


class IndexFolder:
    """Segment files, files of dead owners beside them, and the manifest that names both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None

    def lock(self) -> None:
        """Become the one writer; the kernel lets go when the process ends, however it ends.

        Raises IndexBusy when there is one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(fd)
            raise IndexBusy("Another process is writing to the index of this library.") from error
        self._lock = fd

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def segment_path(self, number: int) -> Path:
        return self.folder / f"{number:08}.segment"

    def _dead_path(self, segment: Segment) -> Path:
        return self.folder / f"{segment.number:08}-{segment.dead_number:08}.dead"

    def load(self) -> tuple[list[Segment], int]:
        """Segments, oldest first, and the number for the next file. Nothing yet: none, and 1.

        Raises IndexDamaged when a file is not what the manifest and its own head say.
        """
        text = self._read()
        for _ in range(_TRIES):
            if text is None:
                return [], 1
            try:
                return self._load(text)
            except FileNotFoundError as error:
                again = self._read()
                if again == text:
                    raise IndexDamaged(f"{Path(error.filename).name} is missing") from error
                text = again
        raise IndexBusy("The index of this library changes faster than it can be read.")

    def _read(self) -> bytes | None:
        try:
            return (self.folder / _NAME).read_bytes()
        except FileNotFoundError:
            if any(self.folder.glob("*.segment")) and self._lock is not None:
                raise IndexDamaged("the manifest is missing") from None
            return None

    def _load(self, text: bytes) -> tuple[list[Segment], int]:
        crc, _, body = text.partition(b"\n")
        if crc != b"%08x" % zlib.crc32(body):
            raise IndexDamaged("the manifest is damaged")
        values = json.loads(body)
        segments = []
        for number, size, dead_number, dead_crc in values["segments"]:
            path = self.segment_path(number)
            if path.stat().st_size != size:
                raise IndexDamaged(f"{path.name} has another size than was written")
            segment = replace(open_segment(path, number), dead_number=dead_number)
            if dead_number:
                data = self._dead_path(segment).read_bytes()
                if zlib.crc32(data) != dead_crc:
                    raise IndexDamaged(f"{self._dead_path(segment).name} is damaged")
                segment = replace(segment, dead=np.frombuffer(data, "<u4"))
            segments.append(segment)
        return segments, values["next"]

    def write_dead(self, segment: Segment, number: int) -> Segment:
        """Make the removals from a segment durable, under a number of their own."""
        written = replace(segment, dead_number=number)
        _write_whole(self._dead_path(written), segment.dead.astype("<u4").tobytes())
        return written

    def commit(self, segments: Sequence[Segment], next_number: int) -> None:
        """From now on these segments are the index, also after a loss of power."""
        listed = [
            [
                segment.number,
                self.segment_path(segment.number).stat().st_size,
                segment.dead_number,
                zlib.crc32(segment.dead.astype("<u4").tobytes()) if segment.dead_number else 0,
            ]
            for segment in segments
        ]
        body = json.dumps({"next": next_number, "segments": listed}).encode()
        _sync_folder(self.folder)  # the files that it names come first
        draft = self.folder / (_NAME + ".draft")
        _write_whole(draft, b"%08x\n" % zlib.crc32(body) + body)
        os.rename(draft, self.folder / _NAME)
        _sync_folder(self.folder)

    def discard(self, segments: Iterable[Segment], *, keep: Iterable[Segment] = ()) -> None:
        """Delete the files of segments that the manifest no longer names. Only for the writer.

        Readers that have them open keep them; one that was about to open them reads the
        manifest again.
        """
        wanted = self._files(keep)
        for path in self._files(segments) - wanted:
            path.unlink(missing_ok=True)

    def sweep(self, segments: Iterable[Segment]) -> None:
        """Delete whatever is not of these segments: what a crash left half done."""
        wanted = self._files(segments)
        for suffix in ("segment", "dead", "draft"):
            for path in self.folder.glob(f"*.{suffix}"):
                if path not in wanted:
                    path.unlink()

    def _files(self, segments: Iterable[Segment]) -> set[Path]:
        return {
            path
            for each in segments
            for path in (self.segment_path(each.number), self._dead_path(each))
        }

    def wipe(self) -> None:
        """Delete everything, the manifest first."""
        (self.folder / _NAME).unlink(missing_ok=True)
        self.sweep([])


def _write_whole(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
