"""Out of the library, many at a time: bytes as stored, or something made of frames."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from blake3 import blake3

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.bulk import staging
from vidcache_gui.core.bulk.lookup import ITEM_COLUMNS, Lookup, find_ball, names_ball
from vidcache_gui.core.bulk.records import BulkItem, BulkStatus, Outcome
from vidcache_gui.core.bulk.store import Store
from vidcache_gui.core.chunks import chunks_of
from vidcache_gui.core.exports import default_name
from vidcache_gui.core.records import Ball, Item
from vidcache_gui.errors import UserError
from vidcache_gui.media.exporting.choices import SUFFIX_OF, Choices, Format
from vidcache_gui.media.hashing import copy_and_hash, hash_file
from vidcache_gui.media.timecode import frame_at
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

FORMATS = {**{format.value: format for format in Format}, "jpg": Format.JPEG}
AT_ONCE = 1 << 20  # bytes
THERE = "The same file is there already."
Progress = Callable[[int], None]


class _Writes:
    """What fetching and exporting share: where to, whole or not at all, once."""

    def __init__(self, library: "Library", store: Store) -> None:
        self.library = library
        self.store = store
        self._mark = blake3(str(library.path).encode("utf-8", "surrogatepass")).hexdigest(4)

    def write(
        self,
        item: BulkItem,
        automatic: str,
        hash: str,
        make: Callable[[Path], None],
        same: Callable[[Path], bool] = lambda _: False,
    ) -> Outcome:
        """``make`` writes to the path it is given; ``same``: what is there is just that."""
        target, ours = staging.target_of(item, automatic)
        choice = [target, staging.beside(target, hash)] if ours else [target]
        for path in choice:
            if staging.is_made(item, path):
                staging.clear(item, target, self._mark)
                return Outcome(size=staging.size_of(path), path=str(path))
        overwrite = bool(item.options.get("overwrite"))
        with staging.staged(item, target, self._mark) as folder:
            if not overwrite and any(same(path) for path in choice):
                return Outcome(BulkStatus.SKIPPED, THERE, path=str(target))
            made = folder / target.name
            make(made)
            for path in choice:
                try:
                    staging.publish(
                        made, path, overwrite, lambda text: self.store.note_made(item, text)
                    )
                except FileExistsError:
                    continue
                return Outcome(size=staging.size_of(path), path=str(path))
        raise UserError(f"'{target}' exists already and was not overwritten.")


class Fetch(_Writes):
    """The bytes of items and frames, as they were stored."""

    name = "fetch"
    columns: ClassVar[Mapping[str, bool]] = {**ITEM_COLUMNS,
        "key": False, "frame_number": False, "destination": False, "overwrite": False,
    }  # fmt: skip

    def check(self, item: BulkItem) -> str:
        what = self._of(item)[0]
        target, _ = staging.target_of(item, what)
        return f"Write '{what}' to '{target}'"

    def run(self, item: BulkItem, stop: CancelToken, progress: Progress) -> Outcome:
        name, hash, group = self._of(item)
        if group is not None:
            found = group

            def make_folder(made: Path) -> None:
                # Into a folder that is there: a name like 'loop.gif' would ask for a GIF.
                written = self.library.export(found, made.parent, token=stop)
                if written != made:
                    written.rename(made)
                progress(found.size)

            return self.write(item, name, hash, make_folder, lambda path: self._holds(path, found))

        def make(made: Path) -> None:
            with self.library.open_blob(hash) as source, made.open("xb") as out:
                digests = copy_and_hash(source, out, token=stop, on_bytes=progress)
                staging.sync(out)
            if digests.blake3 != hash:
                raise UserError(f"The stored bytes of '{name}' are damaged; nothing was written.")

        return self.write(item, name, hash, make, lambda path: _is_same(path, hash, stop))

    def _of(self, item: BulkItem) -> tuple[str, str, Item | None]:
        """(name, hash, the group if it is one)"""
        if names_ball(item.options):
            ball = find_ball(self.library, item.options)
            if ball is None:
                raise UserError(f"There is no frame '{item.label}'.")
            return ball.tags.get("fullname") or ball.key, ball.hash, None
        found = Lookup(self.library).item(item.options)
        return found.name, found.hash, found if found.is_group else None

    def _holds(self, path: Path, group: Item) -> bool:
        """Is this folder just the frames of the group, or this file the one its chunks make?"""
        balls = self.library.group(group.bucket, group.ball_id or "")
        if not path.is_dir():
            chunks = chunks_of(balls) if group.kind is not Kind.FRAMES else []
            return _is_joined(path, chunks)
        wanted = sorted(ball.hash for ball in balls)
        files = list(path.iterdir())
        if len(files) != len(wanted) or not all(file.is_file() for file in files):
            return False
        return sorted(_hash(file, CancelToken()) for file in files) == wanted


class Export(_Writes):
    """Ranges of frames as GIF, WebP, APNG, MP4, pictures."""

    name = "export"
    columns: ClassVar[Mapping[str, bool]] = {**ITEM_COLUMNS,
        "destination": False, "format": False, "from": False, "to": False, "size": False,
        "fps": False, "delay_ms": False, "overwrite": False,
    }  # fmt: skip

    def check(self, item: BulkItem) -> str:
        found = Lookup(self.library).item(item.options)
        format = self._format(item)
        choices = self._choices(found, item)
        target, _ = staging.target_of(item, default_name(found, choices, format))
        return f"Write '{found.name}' as {format.value} to '{target}'"

    def run(self, item: BulkItem, stop: CancelToken, progress: Progress) -> Outcome:
        found = Lookup(self.library).item(item.options)
        format = self._format(item)
        choices = self._choices(found, item)
        before = 0

        def on_frame(_done: int, _total: int, size: int) -> None:
            nonlocal before
            progress(size - before)
            before = size

        def make(made: Path) -> None:
            self.library.export_frames(
                found, made, choices, format=format, token=stop, on_frame=on_frame
            )

        return self.write(item, default_name(found, choices, format), found.hash, make)

    def _format(self, item: BulkItem) -> Format:
        said = str(item.options.get("format") or "").lower()
        suffix = Path(str(item.options.get("destination") or "")).suffix.lower()
        if not said:
            said = {end: format.value for format, end in SUFFIX_OF.items() if end}.get(suffix, "")
            said = "apng" if suffix == ".png" else said
        if said not in FORMATS:
            known = ", ".join(FORMATS)
            raise UserError(f"It does not say which format to make. Choose one of {known}.")
        return FORMATS[said]

    def _choices(self, found: Item, item: BulkItem) -> Choices:
        options = item.options
        first, last = 0, None
        if options.get("from") is not None or options.get("to") is not None:
            source = self.library.open_source(found)
            try:
                starts, durations = source.starts, source.durations
            finally:
                source.close()
            first = frame_at(str(options.get("from") or 0), starts, durations)
            to = options.get("to")
            last = None if to is None else frame_at(str(to), starts, durations)
        return Choices(
            first, last, size=options.get("size") and tuple(options["size"]),
            fps=options.get("fps"), delay_ms=options.get("delay_ms"),
        )  # fmt: skip


def _is_same(path: Path, hash: str, stop: CancelToken) -> bool:
    return path.is_file() and _hash(path, stop) == hash


def _is_joined(path: Path, chunks: Sequence[Ball]) -> bool:
    """Is a file just these chunks, one after the other?"""
    if not chunks or not path.is_file():
        return False
    if path.stat().st_size != sum(ball.size for ball in chunks):
        return False
    with path.open("rb") as file:
        return all(_hash_of_next(file, ball.size) == ball.hash for ball in chunks)


def _hash_of_next(file: BinaryIO, size: int) -> str:
    hasher = blake3()
    while size and (data := file.read(min(size, AT_ONCE))):
        hasher.update(data)
        size -= len(data)
    return hasher.hexdigest()


def _hash(path: Path, stop: CancelToken) -> str:
    with path.open("rb") as file:
        return hash_file(file, token=stop, on_bytes=lambda _: None).blake3
