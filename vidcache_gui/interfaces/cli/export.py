"""``export``: originals, or a range of frames as something new."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.out import Delay, ItemArgument, Overwrite, write
from vidcache_gui.interfaces.cli.output import human_size, human_time, plain
from vidcache_gui.interfaces.cli.session import Session, session
from vidcache_gui.media.exporting.choices import (
    Background,
    Choices,
    Exported,
    Format,
    Missing,
    Order,
    Quality,
)
from vidcache_gui.media.timecode import frame_at
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item

FORMATS = {
    **{format.value: format for format in Format}, "group": Format.FRAMES, "jpg": Format.JPEG,
}  # fmt: skip
_SIZE = re.compile(r"(\d{1,5})[xX×](\d{1,5})")


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache export 12 ~/Desktop/",
            "vidcache export videos/video123 loop.gif --delay-ms 40",
            "vidcache export 12 part.mp4 --from 0:12 --to 0:15.5 --size 1280x720",
            "vidcache export 12 still.png --from 340 --to 340",
            "vidcache export loop.gif --from 10 --to 50 --into-library",
            "vidcache export 12 --from 100 --to 170 --into-library --as group",
            "vidcache export clip.mp4 - | ffplay -",
        )
    )(export)


def export(
    ctx: typer.Context,
    item: ItemArgument,
    destination: Annotated[
        str | None,
        typer.Argument(
            metavar="DEST", show_default=False,
            help="A file, a folder, or - for stdout. A folder gets the original, or with any "
            "choice of frames a folder of PNGs; .gif, .webp, .png (APNG), .mp4 and .jpg are "
            "made. With --into-library: the new item's name; may be left out.",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FRAME", help="The first frame, from 0, or a time such as 1:02.5."
        ),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="FRAME", help="The last frame, included.")
    ] = None,
    size: Annotated[
        str | None,
        typer.Option("--size", metavar="WxH", help="Fit into this size, in its own shape."),
    ] = None,
    enlarge: Annotated[
        bool, typer.Option("--enlarge", help="With --size: small footage may grow.")
    ] = False,
    fps: Annotated[
        float | None,
        typer.Option("--fps", metavar="N", help="Frames a second. Default: every frame as stored."),
    ] = None,
    delay_ms: Delay = None,
    speed: Annotated[
        float, typer.Option("--speed", metavar="X", help="2 is twice as fast.", show_default=False)
    ] = 1.0,
    backwards: Annotated[bool, typer.Option("--backwards", help="The last frame first.")] = False,
    ping_pong: Annotated[bool, typer.Option("--ping-pong", help="There and back.")] = False,
    loop: Annotated[
        int | None,
        typer.Option(
            "--loop", metavar="N",
            help="How often an animation plays; 0: for ever. Default: as the original.",
        ),
    ] = None,
    quality: Annotated[
        Quality | None,
        typer.Option("--quality", help="Of WebP, MP4 and JPEG. Default: what suits the footage."),
    ] = None,
    background: Annotated[
        Background, typer.Option("--background", help="Behind what is see-through in an MP4.")
    ] = Background.BLACK,
    missing: Annotated[
        Missing,
        typer.Option("--missing", help="What stands in for a frame that cannot be read."),
    ] = Missing.HOLD,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="FORMAT",
            help="gif, webp, apng, mp4, frames, png, jpeg; with --into-library also group.",
        ),
    ] = None,
    into_library: Annotated[
        bool, typer.Option("--into-library", help="Bring the result in as an item of its own.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    """Write an item out of the library, or a range of its frames.

    Without any choice of frames: its original bytes, the frames of a sequence, or an
    animation made of either. A part of a GIF as a GIF keeps its pictures exactly. A file
    that is there already is never overwritten unasked.
    """
    from vidcache_gui.interfaces.cli.items import absolute, find_item

    if backwards and ping_pong:
        raise typer.BadParameter("choose --backwards or --ping-pong", param_hint="--ping-pong")
    order = Order.BACKWARDS if backwards else Order.PING_PONG if ping_pong else Order.FORWARD
    choices = Choices(
        size=_size(size), enlarge=enlarge, fps=fps, delay_ms=delay_ms, speed=speed, order=order,
        loop=loop, quality=quality, background=background, missing=missing,
    )  # fmt: skip
    format = _format(kind, into_library)
    # A lone delay keeps its old meaning: animations are made with it, folders stay as stored.
    asked = Choices(delay_ms=delay_ms) != choices or bool(start or end or format)
    if destination is None and not into_library:
        raise typer.BadParameter("say where to write it", param_hint="DEST")
    run = session(ctx)
    with run.open() as library:
        found = find_item(library, item)
        if destination == "-":
            if asked or into_library:
                raise UserError("Frames are written to files. Name one.")
            _to_stdout(library, found)
        elif into_library:
            _keep(run, library, found, _Range(choices, start, end), format, destination)
        elif asked or _retimes(library, found, destination or "", delay_ms):
            path = absolute(Path(destination or ""))
            chosen = _Range(choices, start, end).within(library, found)
            if os.path.isdir(path):
                path = path / _name(found, chosen, format or Format.FRAMES)
            _write_frames(run, library, found, path, chosen, format, overwrite)
        else:
            write(run, library, found, Path(destination or ""), delay_ms, overwrite)


@dataclass(frozen=True)
class _Range:
    """Choices whose frames are still as they were typed."""

    choices: Choices
    start: str | None
    end: str | None

    def within(self, library: "Library", item: "Item") -> Choices:
        from dataclasses import replace

        if self.start is None and self.end is None:
            return self.choices
        source = library.open_source(item)
        try:
            starts, durations = source.starts, source.durations
        finally:
            source.close()
        first = 0 if self.start is None else frame_at(self.start, starts, durations)
        last = None if self.end is None else frame_at(self.end, starts, durations)
        return replace(self.choices, first=first, last=last)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _SIZE.fullmatch(text)
    if found is None:
        raise typer.BadParameter("write it as 1280x720", param_hint="--size")
    return int(found[1]), int(found[2])


def _format(kind: str | None, into_library: bool) -> Format | None:
    if kind is None:
        return None
    if kind not in FORMATS or (kind == "group" and not into_library):
        known = ", ".join(name for name in FORMATS if name != "group" or into_library)
        raise typer.BadParameter(f"choose one of {known}", param_hint="--as")
    return FORMATS[kind]


def _name(item: "Item", choices: Choices, format: Format) -> str:
    from vidcache_gui.core.export import safe_name
    from vidcache_gui.core.exports import default_name

    return safe_name(default_name(item, choices, format))


def _retimes(library: "Library", item: "Item", destination: str, delay_ms: float | None) -> bool:
    """A delay for an animation that is of this format already: its bytes are not enough."""
    suffix = Path(destination).suffix.lower()
    own = f".{library.details(item.id).facts.get('extension', '')}"
    return delay_ms is not None and item.kind is Kind.ANIMATION and suffix == own


def _write_frames(
    run: Session,
    library: "Library",
    item: "Item",
    path: Path,
    choices: Choices,
    format: Format | None,
    overwrite: bool,
) -> None:
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    with ProgressLine(run.output) as line:

        def report(done: int, total: int, size: int) -> None:
            line.show(done, total, f"Writing {path.name} · {done:,} of {total:,} frames")

        exported = library.export_frames(
            item, path, choices, format=format, overwrite=overwrite, on_frame=report
        )
    run.output.record(
        {"id": item.id, "hash": item.hash, "path": str(path), **_record(exported)},
        plain(f"{path}  {_line(exported)}"),
    )
    for note in exported.notes:
        run.output.note(note)


def _record(exported: Exported) -> dict[str, Any]:
    return {
        "size": exported.size, "frames": exported.frames, "seconds": round(exported.seconds, 6),
        "width": exported.width, "height": exported.height, "missing": exported.missing,
        "notes": list(exported.notes),
    }  # fmt: skip


def _line(exported: Exported) -> str:
    frames = "1 frame" if exported.frames == 1 else f"{exported.frames:,} frames"
    shape = f"{exported.width}×{exported.height}"
    return f"{frames}  {human_time(exported.seconds)}  {shape}  {human_size(exported.size)}"


def _keep(
    run: Session,
    library: "Library",
    item: "Item",
    chosen: _Range,
    format: Format | None,
    name: str | None,
) -> None:
    from vidcache_gui.interfaces.cli.ingest import result_line, result_record
    from vidcache_gui.interfaces.cli.progress import ProgressLine
    from vidcache_gui.media.export import format_of

    choices = chosen.within(library, item)
    if format is None:
        last = item.frame_count - 1 if choices.last is None else choices.last
        format = (
            format_of(Path(name), last - choices.first + 1) if name else _own_format(library, item)
        )
    with ProgressLine(run.output) as line:

        def report(done: int, total: int, size: int) -> None:
            line.show(done, total, f"Making it · {done:,} of {total:,} frames")

        result = library.keep_frames(item, choices, format, name=name, on_frame=report)
    run.output.record(result_record(result), result_line(result))


def _own_format(library: "Library", item: "Item") -> Format:
    """What an item already is; footage of another format has to be told what to become."""
    if item.kind is Kind.FRAMES:
        return Format.FRAMES
    extension = library.details(item.id).facts.get("extension", "")
    own = {"gif": Format.GIF, "webp": Format.WEBP, "mp4": Format.MP4}
    if item.kind is Kind.ANIMATION:
        own["png"] = Format.APNG
    if extension not in own:
        raise typer.BadParameter("say what to make, such as --as gif", param_hint="--as")
    return own[extension]


def _to_stdout(library: "Library", item: "Item") -> None:
    from vidcache_gui.core.chunks import chunks_of

    hashes = [item.hash]
    if item.is_group:
        balls = library.group(item.bucket, item.ball_id or "")
        hashes = [ball.hash for ball in chunks_of(balls)]
    if item.kind is Kind.FRAMES or not hashes:
        raise UserError("A frame sequence is many files. Name a folder, or a .gif or .mp4 to make.")
    if sys.stdout.isatty():
        raise UserError("These bytes are not for a terminal. Send them to a file or a program.")
    for hash in hashes:
        for data in library.stream(hash):
            sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
