"""Ranges of frames out of a library, and back into it as items of their own."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, SourceResult, Status
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.exporting.choices import Choices, Format
from vidcache_gui.media.types import Kind

TIMES = [0, 40, 90, 110, 300, 340, 380, 500, 510, 600]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as lib:
        yield lib


@pytest.fixture
def clip(library: Library, tmp_path: Path) -> Item:
    """A video of uneven frames in films/2026."""
    path = make.make_video(tmp_path / "clip.mkv", frames=10, times_ms=TIMES)
    return brought_in(library, path, Target("films", "2026"))


def brought_in(library: Library, path: Path, target: Target | None = None) -> Item:
    (result,) = [r for r in library.ingest([path], target) if isinstance(r, SourceResult)]
    assert result.item_id is not None, result.reason
    return library.items([result.item_id])[0]


def numbers(library: Library, item: Item) -> list[int]:
    source = library.open_source(item)
    try:
        return [make.read_number(frame) for frame in source.frames(0, source.count - 1)]
    finally:
        source.close()


def delays(library: Library, item: Item) -> list[float]:
    source = library.open_source(item)
    try:
        return [round(seconds * 1000, 3) for seconds in source.durations]
    finally:
        source.close()


def item_of(library: Library, result: SourceResult) -> Item:
    assert result.item_id is not None
    return library.items([result.item_id])[0]


@pytest.mark.parametrize("format", [Format.GIF, Format.WEBP, Format.APNG, Format.MP4])
def test_a_range_becomes_an_item_beside_its_origin(
    library: Library, clip: Item, format: Format
) -> None:
    result = library.keep_frames(clip, Choices(2, 6), format)
    assert result.status is Status.NEW
    made = item_of(library, result)
    assert (made.bucket, made.prefix, made.name.rpartition(".")[0]) == ("films", "2026", "clip 2-6")
    assert numbers(library, made) == [2, 3, 4, 5, 6]
    assert delays(library, made) == [20, 190, 40, 40, 120]
    assert library.poster(made)
    (alias,) = library.details(made.id).aliases
    assert (alias.source, alias.kind) == (f"export:{clip.hash}#frames=2-6", "export")
    again = library.keep_frames(clip, Choices(2, 6), format)
    assert (again.status, again.item_id) == (Status.DUPLICATE, made.id)
    assert library.stats().items == 2


def test_a_range_becomes_a_group_counted_from_zero(library: Library, clip: Item) -> None:
    result = library.keep_frames(clip, Choices(4, 8), Format.FRAMES, target=Target("shots"))
    made = item_of(library, result)
    assert (made.kind, made.name, made.ball_id) == (Kind.FRAMES, "clip 4-8", "clip-4-8")
    balls = library.get_by_ball_id("shots", "clip-4-8")
    assert [ball.frame_number for ball in balls] == [0, 1, 2, 3, 4]
    assert [ball.tags["delay_ms"] for ball in balls] == ["40", "40", "120", "10", "90"]
    assert numbers(library, made) == [4, 5, 6, 7, 8]
    assert delays(library, made) == [40, 40, 120, 10, 90]
    again = library.keep_frames(clip, Choices(4, 8), Format.FRAMES, target=Target("shots"))
    assert (again.status, again.item_id) == (Status.DUPLICATE, made.id)


def test_delays_that_people_gave_are_those_exported(library: Library, tmp_path: Path) -> None:
    loop = brought_in(library, make.make_gif(tmp_path / "loop.gif", frames=5))
    library.set_delays(loop.id, {3: 700.0})
    exported = library.export_frames(loop, tmp_path / "out.gif", Choices(2, 4))
    assert exported.delays_ms == pytest.approx((40, 700, 40))


def test_a_group_with_a_gap_says_what_stands_in(library: Library, tmp_path: Path) -> None:
    group = brought_in(library, make.make_frames(tmp_path / "shot", [0, 1, 3, 4]))
    exported = library.export_frames(group, tmp_path / "out.webp", Choices())
    assert (exported.frames, exported.missing) == (5, 1)
    assert exported.notes[0] == "1 frame could not be read; the frame before each stands in."


def left(library: Library) -> list[Path]:
    return [path for path in (library.path / "tmp").rglob("*") if path.is_file()]


@pytest.mark.parametrize("format", [Format.GIF, Format.MP4, Format.FRAMES])
def test_cancelling_leaves_nothing(library: Library, clip: Item, format: Format) -> None:
    token = CancelToken()

    def cancel(done: int, total: int, size: int) -> None:
        if done == 3:
            token.cancel()

    before = library.stats()
    with pytest.raises(Cancelled):
        library.keep_frames(clip, Choices(), format, token=token, on_frame=cancel)
    assert left(library) == []
    assert library.stats() == before


def test_a_full_disk_leaves_nothing(
    library: Library, clip: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = library.stats()

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("vidcache_gui.media.exporting.output.os.fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        library.keep_frames(clip, Choices(), Format.GIF)
    monkeypatch.undo()
    assert left(library) == []
    assert library.stats() == before


def test_one_frame_of_a_gif_becomes_a_picture(library: Library, tmp_path: Path) -> None:
    loop = brought_in(library, make.make_gif(tmp_path / "loop.gif", frames=5))
    result = library.keep_frames(loop, Choices(3, 3), Format.PNG)
    made = item_of(library, result)
    assert (made.kind, made.name) == (Kind.IMAGE, "loop 3.png")
    with Image.open(library.blob_path(made.hash)) as picture:
        assert make.read_number(picture) == 3
