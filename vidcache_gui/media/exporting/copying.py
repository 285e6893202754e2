"""Stored picture data taken over without decoding it."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.media.exporting import chunktrim, gifwrite
from vidcache_gui.media.exporting.choices import Format, Quality
from vidcache_gui.media.exporting.giftrim import trim_gif
from vidcache_gui.media.frames_source import SequenceSource
from vidcache_gui.media.joined import Where, open_whole
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.types import FrameSource


def copy_data(
    source: FrameSource,
    original: Where | None,
    format: Format,
    out: BinaryIO,
    first: int,
    delays_ms: Sequence[float],
    *,
    loop: int | None,
    quality: Quality | None,
    token: CancelToken,
) -> list[str] | None:
    """Write the frames from ``first`` on, one for each delay; sentences about what was not
    copied. None where it cannot be done (``out`` may hold rubbish then)."""
    if isinstance(source, SequenceSource):
        last = first + len(delays_ms) - 1
        whole = format is Format.GIF and _whole_gifs(source, first, last)
        if whole:
            files = zip(_files(source, first, last), delays_ms, strict=True)
            gifwrite.write_whole_gifs(
                out, files, (source.width, source.height), loop=0 if loop is None else loop
            )
        return [] if whole else None
    if original is None or format not in (Format.GIF, Format.WEBP, Format.APNG):
        return None
    with open_whole(original) as file:
        data = file.read()
    if format is Format.GIF and data[:3] == b"GIF":
        trimmed = trim_gif(data, out, first, delays_ms, loop=loop, token=token)
        return None if trimmed is None else _drawn_notes(trimmed.drawn, trimmed.inexact)
    if format is Format.WEBP and data[:4] == b"RIFF" and quality in (None, Quality.LOSSLESS):
        done = chunktrim.trim_webp(data, out, first, delays_ms, loop=loop)
        return [] if done else None
    if format is Format.APNG and data[1:4] == b"PNG":
        return [] if chunktrim.trim_apng(data, out, first, delays_ms, loop=loop) else None
    return None


def loop_of(original: Where | None) -> int:
    """How often an animation plays; 0: for ever, also for what is no animation."""
    if original is None:
        return 0
    from vidcache_gui.media.animation import open_picture

    with open_whole(original) as file, open_picture(file) as image:
        loop = image.info.get("loop")
        if image.format == "GIF":  # which says how often it is repeated
            return 1 if loop is None else loop + 1 if loop else 0
        return min(65535, loop or 0)


def _drawn_notes(drawn: int, inexact: int) -> list[str]:
    notes = []
    if drawn:
        which = "1 frame was" if drawn == 1 else f"{drawn:,} frames were"
        notes.append(
            f"{which} drawn whole, because the frames they build on are not in the range; "
            "all others were copied as they are."
        )
    if inexact:
        which = "1 of them has" if inexact == 1 else f"{inexact:,} of them have"
        notes.append(f"{which} more than 256 colours, which were reduced.")
    return notes


def _whole_gifs(source: SequenceSource, first: int, last: int) -> bool:
    """Is every one of these files one full GIF picture?"""
    size = source.width, source.height
    if any(first <= at <= last for at in source.missing):
        return False
    return all(gifwrite.is_whole_picture(data, *size) for data in _files(source, first, last))


def _files(source: SequenceSource, first: int, last: int) -> Iterator[bytes]:
    for path in source.paths[first : last + 1]:
        if path is None:
            yield b""
            continue
        with open_regular(path) as file:
            yield file.read()
