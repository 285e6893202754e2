"""``play``: watch an item; and what commands that write files share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_size, plain
from vidcache_gui.interfaces.cli.session import Against, Session, session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item

ItemArgument = Annotated[
    str, typer.Argument(metavar="ITEM", help="Which item; see vidcache --help.")
]
Delay = Annotated[
    float | None,
    typer.Option(
        "--delay-ms", min=1, max=3_600_000, metavar="MS", show_default=False,
        help="How long each frame stays. Default: as the footage says; for a sequence that does "
        "not say, 40.",
    ),
]  # fmt: skip
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")]


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache play 12",
            "vidcache play videos/video123 --delay-ms 20",
            "vidcache play 12 --against 31 --offset 1.5",
        )
    )(play)


def play(
    ctx: typer.Context,
    item: ItemArgument,
    delay_ms: Delay = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="ITEM", show_default=False,
            help="Compare it with another item: side by side, wipe, difference, blink.",
        ),
    ] = None,
    offset: Annotated[
        float,
        typer.Option(
            "--offset", metavar="S",
            help="With --against: which second of the other item belongs to the start.",
        ),
    ] = 0.0,
    rate: Annotated[
        float,
        typer.Option(
            "--rate", min=0.1, max=10, metavar="R",
            help="With --against: how many of its seconds pass in one second.",
        ),
    ] = 1.0,
) -> None:  # fmt: skip
    """Open an item in a player window, or two of them together."""
    from vidcache_gui.interfaces.cli.items import find_item

    run = session(ctx)
    with run.open() as library:
        found = find_item(library, item)
        other = find_item(library, against) if against is not None else None
    if other is None:
        raise typer.Exit(run.play(library.path, found.id, delay_ms))
    raise typer.Exit(run.play(library.path, found.id, delay_ms, Against(other.id, offset, rate)))


def write(
    run: Session,
    library: "Library",
    item: "Item",
    destination: Path,
    delay_ms: float | None,
    overwrite: bool,
) -> None:
    """Export with a progress line, and say what was written."""
    from vidcache_gui.interfaces.cli.items import absolute
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    with ProgressLine(run.output) as line:

        def report(done: int, total: int) -> None:
            line.show(done, total, f"Writing {destination.name}")

        path = library.export(
            item, absolute(destination), delay_ms=delay_ms, overwrite=overwrite, on_progress=report
        )
    size = path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.iterdir())
    run.output.record(
        {"id": item.id, "hash": item.hash, "path": str(path), "size": size},
        plain(f"{path}  {human_size(size)}"),
    )
