"""The command tree, the options every command has, and how errors become exit codes."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vidcache_gui import __version__
from vidcache_gui.errors import Cancelled, LibraryError, UserError
from vidcache_gui.interfaces.cli import (
    browse,
    bulk,
    change,
    decisions,
    export,
    facts,
    fingerprint,
    frames,
    ingest,
    jobs,
    notes,
    out,
    remotes,
    review,
    serve,
    similar,
    sync,
)
from vidcache_gui.interfaces.cli.output import Output
from vidcache_gui.interfaces.cli.session import Code, Play, Session, set_up_logging

FLAGS = ("--json", "--verbose", "-v", "-vv")  # of the whole program, welcome anywhere
LIBRARY = "--library"

EPILOG = """\b
Examples:
  vidcache ingest ~/clips https://example.org/a.webm
  vidcache search "kind:gif longer:10s"
  vidcache --json stats
\b
Exit codes:
    0  all is well
    1  a source failed, an item was not found, or verify found something
    2  the command line was wrong
    3  the library cannot be used: not there, damaged, too new, write-protected
   70  a bug in VidCache
  130  stopped by Ctrl-C; what is in stays
  141  whoever read the output stopped reading
\b
--library, --json and -v may stand before or after the command.
ITEM is an item's number (as 'list' shows it), the first characters of its hash,
BUCKET/BALL_ID, its exact name, or an address or path it came from."""


class Commands(TyperGroup):
    """Takes the program's own options at any place and turns errors into exit codes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, global_options_first(args))

    def invoke(self, ctx: Any) -> Any:
        with exit_codes(ctx):
            return super().invoke(ctx)


def global_options_first(args: Sequence[str]) -> list[str]:
    """``stats --json`` means ``--json stats``. What follows ``--`` is left alone."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            rest += [arg, *waiting]
        elif arg in FLAGS or arg.startswith(f"{LIBRARY}="):
            first.append(arg)
        elif arg == LIBRARY:
            first += [arg, *(value for value in [next(waiting, None)] if value is not None)]
        else:
            rest.append(arg)
    return first + rest


@contextmanager
def exit_codes(ctx: typer.Context) -> Iterator[None]:
    """Errors as one plain sentence and an exit code."""
    try:
        yield
    except LibraryError as error:
        _fail(ctx, str(error), Code.LIBRARY)
    except UserError as error:
        _fail(ctx, str(error), Code.FAILED)
    except (KeyboardInterrupt, Cancelled) as error:
        _fail(ctx, str(error) or "Stopped. What was finished stays.", Code.STOPPED)
    except BrokenPipeError as error:
        # Whoever read our output has enough. Nothing can be said any more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Code.PIPE_CLOSED) from error


def _fail(ctx: typer.Context, text: str, code: Code) -> None:
    session = ctx.find_object(Session)
    output = session.output if session else Output(as_json=False)
    output.error(text)
    raise typer.Exit(code)


app = typer.Typer(
    name="vidcache",
    cls=Commands,
    help="An archive of videos, GIFs and frame sequences: every distinct file is stored once.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain text is faster and reads well in a pipe
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda name: name.replace("_", "-"),  # --bucket_id, --bucket-id
    },
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vidcache {__version__}")
        raise typer.Exit


@app.callback()
def start(
    ctx: typer.Context,
    library: Annotated[
        Path | None,
        typer.Option(
            LIBRARY, envvar="VIDCACHE_LIBRARY", metavar="DIR", show_default=False,
            help="The library's folder. Default: 'vidcache/library' in the data folder of your "
            "platform (on Linux ~/.local/share).",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per line, with stable keys.")
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose", "-v", count=True, show_default=False, metavar="",
            help="Say more on stderr; twice: everything.",
        ),
    ] = 0,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:  # fmt: skip
    """Make the session that every command finds."""
    play: Play = ctx.obj
    set_up_logging(verbose)
    ctx.obj = Session(library, Output(as_json=json), play, verbose)


def run(args: Sequence[str] | None, play: Play) -> int:
    """Run one command line; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a name that the terminal's encoding lacks is no error
            reconfigure(errors="backslashreplace")
    try:
        app(args, prog_name="vidcache", obj=play)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        typer.echo(
            "This is a bug in VidCache; please report it. What was finished stays.", err=True
        )
        return Code.BUG
    return Code.FINE


for commands in (
    ingest, browse, facts, out, export, frames, change, notes, jobs, similar, decisions,
    review, fingerprint, bulk, serve, remotes, sync,
):  # fmt: skip
    commands.register(app)
