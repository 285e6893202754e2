"""What people note about single frames: bookmarks, and how long a frame stays."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import plain
from vidcache_gui.interfaces.cli.session import session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item

ItemArgument = Annotated[
    str, typer.Argument(metavar="ITEM", help="Which item; see vidcache --help.")
]
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache bookmark 12", 'vidcache bookmark 12 --at 340 --note "hands meet"',
            "vidcache bookmark 12 --remove 340",
        )
    )(bookmark)  # fmt: skip
    app.command(
        epilog=example(
            "vidcache delay 12 40", "vidcache delay 12 500 --frames 0,10-12",
            "vidcache delay 12 --as-stored",
        )
    )(delay)  # fmt: skip


def bookmark(
    ctx: typer.Context,
    item: ItemArgument,
    at: Annotated[
        int | None, typer.Option("--at", metavar="FRAME", min=0, help="Bookmark this frame.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What to remember.")] = "",
    remove: Annotated[
        int | None, typer.Option("--remove", metavar="FRAME", min=0, help="Take it off again.")
    ] = None,
) -> None:
    """List the bookmarks of an item, add one, remove one."""
    from vidcache_gui.interfaces.cli.items import find_item

    with session(ctx).open() as library:
        found = find_item(library, item)
        if at is not None:
            library.bookmark(found.id, _within(found, at), note)
        if remove is not None:
            if remove not in {mark.frame for mark in library.bookmarks(found.id)}:
                raise UserError(f"There is no bookmark at frame {remove} of '{found.name}'.")
            library.unbookmark(found.id, remove)
        for mark in library.bookmarks(found.id):
            record = {"id": found.id, "frame": mark.frame, "note": mark.note}
            session(ctx).output.record(record, plain(f"{mark.frame:>8}  {mark.note}".rstrip()))


def delay(
    ctx: typer.Context,
    item: ItemArgument,
    milliseconds: Annotated[
        float | None, typer.Argument(metavar="MS", help="How long a frame stays.")
    ] = None,
    frames: Annotated[
        str | None,
        typer.Option("--frames", metavar="LIST", help="Only these: 3, 0-9, or 0,5-7. From 0."),
    ] = None,
    as_stored: Annotated[
        bool, typer.Option("--as-stored", help="Back to what the file or its frames say.")
    ] = False,
) -> None:
    """Show or say how long the frames of an animation stay.

    The file is never changed: what is chosen here is how it is played and exported.
    """
    from vidcache_gui.interfaces.cli.items import find_item

    if milliseconds is not None and as_stored:
        raise typer.BadParameter("give either MS or --as-stored")
    with session(ctx).open() as library:
        found = find_item(library, item)
        if milliseconds is not None or as_stored:
            count = _count(library, found)
            chosen = range(count) if frames is None else parse_frames(frames, count)
            library.set_delays(found.id, dict.fromkeys(chosen, milliseconds))
        edited = library.delays(found.id)
        source = library.open_source(found)
        try:
            for index, seconds in enumerate(source.durations):
                ms = round(seconds * 1000, 3)
                record = {"frame": index, "delay_ms": ms, "edited": index in edited}
                mark = "  (changed)" if index in edited else ""
                session(ctx).output.record(record, plain(f"{index:>8}  {ms:g} ms{mark}"))
        finally:
            source.close()


def parse_frames(text: str, count: int) -> list[int]:
    """``0,5-7`` as frames below ``count``. Raises UserError."""
    found: list[int] = []
    for part in text.replace(" ", "").split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise UserError(f"'{part}' is no frame and no range of frames. Write 3, 0-9 or 0,5-7.")
        first = int(match[1])
        last = int(match[2] or first)
        if not first <= last < count:
            raise UserError(f"'{part}' is outside of the frames 0 to {count - 1}.")
        found.extend(range(first, last + 1))
    return found


def _within(item: "Item", frame: int) -> int:
    if item.frame_count and frame >= item.frame_count:
        last = item.frame_count - 1
        raise UserError(f"'{item.name}' has the frames 0 to {last}.")
    return frame


def _count(library: "Library", item: "Item") -> int:
    source = library.open_source(item)
    try:
        return source.count
    finally:
        source.close()
