"""``put-frames`` and ``get-frames``: frame folders as groups of balls."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.out import Delay, Overwrite, write
from vidcache_gui.interfaces.cli.output import plain
from vidcache_gui.interfaces.cli.session import session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item

ANIMATIONS = (".gif", ".webp", ".png", ".apng", ".mp4")
BucketId = Annotated[
    str, typer.Option("--bucket-id", metavar="NAME", help="The bucket. Also --bucket_id.")
]
BallId = Annotated[
    str,
    typer.Option("--ball-id", metavar="NAME", help="What the frames share. Also --ball_id."),
]


def register(app: typer.Typer) -> None:
    app.command(
        "put-frames",
        epilog=example(
            "vidcache put-frames --bucket_id videos --ball_id video123 --frames_dir frames/"
        ),
    )(put_frames)
    app.command(
        "get-frames",
        epilog=example(
            "vidcache get-frames --bucket_id videos --ball_id video123 --delay_ms 40",
            "vidcache get-frames --bucket_id videos --ball_id video123 --output video123.gif",
            "vidcache get-frames --bucket_id videos --ball_id video123 --output frames/",
        ),
    )(get_frames)


def put_frames(
    ctx: typer.Context,
    bucket_id: BucketId,
    ball_id: BallId,
    frames_dir: Annotated[
        Path,
        typer.Option("--frames-dir", metavar="DIR", help="The folder. Also --frames_dir."),
    ],
    renumber: Annotated[
        bool,
        typer.Option("--renumber", help="Number the frames anew from 0, in their natural order."),
    ] = False,
) -> None:
    """Store a folder of numbered pictures as one sequence.

    The frames share the ball_id and are ordered by the numbers in their names. All of them
    become visible at once or none does; then each is told with its key. Frames with equal
    bytes are stored once. Numbers that would collide are refused, with advice.
    """
    from vidcache_gui.interfaces.cli.ingest import result_record

    run = session(ctx)

    def told(number: int, total: int, key: str) -> None:
        run.output.record(
            {"frame": number, "total": total, "key": key, "status": "ok"},
            plain(f"[{number}/{total}] PUT OK -> key={key}"),
        )

    with run.open(create=True) as library:
        result = library.put_frames(bucket_id, ball_id, frames_dir, renumber=renumber, on_ball=told)
    if run.output.as_json:
        run.output.record(result_record(result), "")
    run.output.note(f"{bucket_id}/{ball_id}: {result.reason or 'Stored.'}")


def get_frames(
    ctx: typer.Context,
    bucket_id: BucketId,
    ball_id: BallId,
    delay_ms: Delay = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="PATH",
            help="Write instead of playing: .gif, .webp, .png (APNG), .mp4, or a folder for the "
            "frames as they were stored.",
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    """Play a sequence, or rebuild an animation without a window."""
    run = session(ctx)
    if output is not None:
        _check_output(output)
    with run.open() as library:
        group = _group(library, bucket_id, ball_id)
        if output is not None:
            write(run, library, group, Path(output), delay_ms, overwrite)
            return
    raise typer.Exit(run.play(library.path, group.id, delay_ms))


def _check_output(output: str) -> None:
    """A typing error such as 'out.avi' must not become a folder of that name."""
    suffix = Path(output).suffix.lower()
    folder = output.endswith("/") or Path(output).is_dir()
    if suffix and suffix not in ANIMATIONS and not folder:
        raise typer.BadParameter(
            f"'{suffix}' cannot be made. Use .gif, .webp, .png or .mp4; for a folder of that "
            "name end it with '/'.",
            param_hint="--output",
        )


def _group(library: "Library", bucket_id: str, ball_id: str) -> "Item":
    missing = UserError(f"There are no frames called '{ball_id}' in the bucket '{bucket_id}'.")
    try:
        item = library.find(f"{bucket_id}/{ball_id}")
    except UserError as error:
        raise missing from error
    if (item.bucket, item.ball_id) != (bucket_id, ball_id):
        raise missing
    return item
