"""Out of the library: original bytes, original frames, or an animation rebuilt from them."""

import hashlib
import os
import re
import shutil
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.blobs import explain_write_error, sync_folder
from vidcache_gui.core.chunks import FULL, chunks_of, file_name
from vidcache_gui.core.records import Ball, Item
from vidcache_gui.errors import UserError
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

ANIMATIONS = (".gif", ".webp", ".png", ".apng", ".mp4")
CHUNK = 1 << 20
WINDOWS_NAMES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")

OnProgress = Callable[[int, int], None]


def export(
    library: "Library",
    item: Item,
    destination: Path,
    *,
    delay_ms: float | None,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    """See :meth:`Library.export`."""
    suffix = destination.suffix.lower()
    into_folder = os.path.isdir(destination) or (item.is_group and suffix not in ANIMATIONS)
    try:
        if item.is_group and item.kind is not Kind.FRAMES:
            chunks = chunks_of(library.get_by_ball_id(item.bucket, item.ball_id or ""))
            as_it_was = item.kind is Kind.DATA or not _is_other_format(library, item, destination)
            if chunks and as_it_was:
                return _join(library, item, chunks, destination, overwrite, token, on_progress)
        if into_folder and item.is_group:
            if destination.is_dir():
                destination = destination / safe_name(item.name)
            return _write_frames(library, item, destination, overwrite, token, on_progress)
        if into_folder:
            destination = destination / safe_name(item.name)
        elif _is_other_format(library, item, destination):
            return _rebuild(library, item, destination, delay_ms, overwrite, token, on_progress)
        return _write_original(library, item, destination, overwrite, token, on_progress)
    except OSError as error:
        raise UserError(
            f"'{destination}' could not be written. {explain_write_error(error)}"
        ) from error


def safe_name(name: str) -> str:
    """A name from outside as one harmless file name, on any common file system."""
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]', "_", name)
    name = name.rstrip(" .").lstrip()
    if not name or name in (".", ".."):
        name = "unnamed"
    if WINDOWS_NAMES.fullmatch(name):
        name = f"_{name}"
    stem, suffix = os.path.splitext(name)
    room = 255 - len(os.fsencode(suffix))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + suffix


def _is_other_format(library: "Library", item: Item, destination: Path) -> bool:
    """Does the name ask for an animation that the stored bytes are not?"""
    suffix = destination.suffix.lower()
    if suffix not in ANIMATIONS or destination.is_dir():
        return False
    return suffix != f".{library.details(item.id).facts.get('extension', '')}"


def _rebuild(
    library: "Library",
    item: Item,
    destination: Path,
    delay_ms: float | None,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    from vidcache_gui.media.export import export_frames  # PyAV and Pillow: only when needed

    source = library.open_source(item, delay_ms)
    try:
        delays = [delay_ms] * source.count if delay_ms else None
        export_frames(
            source, destination, original=library.original(item), delays_ms=delays,
            overwrite=overwrite, token=token,
            on_frame=lambda done, total, _: on_progress(done, total),
        )  # fmt: skip
    finally:
        source.close()
    return destination


def _write_original(
    library: "Library",
    item: Item,
    destination: Path,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    parts = library.stream(item.hash, CHUNK)
    return _write_file(destination, parts, item.size, overwrite, token, on_progress)


def _join(
    library: "Library",
    item: Item,
    chunks: Sequence[Ball],
    destination: Path,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    """A file that came in chunks, as it was; only if it is what was announced."""
    if destination.is_dir():
        destination = destination / safe_name(file_name(item, chunks))
    hasher, full = hashlib.sha256(), chunks[0].tags.get(FULL, "").lower()

    def parts() -> Iterator[bytes]:
        for ball in chunks:
            for data in library.stream(ball.hash, CHUNK):
                hasher.update(data)
                yield data
        if full and hasher.hexdigest() != full:
            raise UserError(
                f"The chunks of '{item.name}' do not make the file whose hash came with them."
            )

    size = sum(ball.size for ball in chunks)
    return _write_file(destination, parts(), size, overwrite, token, on_progress)


def _write_file(
    destination: Path,
    parts: Iterable[bytes],
    size: int,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    _check_free(destination, overwrite)
    temporary = destination.with_name(f".{uuid.uuid4().hex}.part")
    done = 0
    try:
        with temporary.open("xb") as file:
            for data in parts:
                token.check()
                file.write(data)
                done += len(data)
                on_progress(done, size)
            _sync(file)
        os.replace(temporary, destination)
        sync_folder(destination.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return destination


def _write_frames(
    library: "Library",
    item: Item,
    destination: Path,
    overwrite: bool,
    token: CancelToken,
    on_progress: OnProgress,
) -> Path:
    _check_free(destination, overwrite)
    balls = library.get_by_ball_id(item.bucket, item.ball_id or "")
    temporary = destination.with_name(f".{uuid.uuid4().hex}.part")
    temporary.mkdir(parents=True)
    try:
        used: set[str] = set()
        for number, ball in enumerate(balls, 1):
            token.check()
            name = safe_name(ball.tags.get("fullname") or ball.key)
            if name.casefold() in used:
                name = safe_name(ball.key)
            used.add(name.casefold())
            with (
                library.blob_path(ball.hash).open("rb") as source,
                (temporary / name).open("xb") as file,
            ):
                shutil.copyfileobj(source, file, CHUNK)
                _sync(file)
            on_progress(number, len(balls))
        if overwrite and destination.exists():
            raise UserError(f"'{destination}' exists; frames are not mixed into other folders.")
        os.rename(temporary, destination)
        sync_folder(destination.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return destination


def _check_free(destination: Path, overwrite: bool) -> None:
    if os.path.lexists(destination) and not overwrite:
        raise UserError(f"'{destination}' exists already and was not overwritten.")
    if not destination.parent.is_dir():
        raise UserError(f"There is no folder '{destination.parent}'.")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
