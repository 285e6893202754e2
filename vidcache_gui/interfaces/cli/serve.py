"""``vidcache serve``: the library for other programs, over HTTP."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_size, plain
from vidcache_gui.interfaces.cli.session import Session, session
from vidcache_gui.interfaces.server.extra import load
from vidcache_gui.interfaces.server.settings import PORT, Access, Protocol, Settings

if TYPE_CHECKING:
    from vidcache_gui.interfaces.server.log import Served
    from vidcache_gui.interfaces.server.service import Service


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache serve",
            "vidcache serve --port 8020 --port 24000 --log",
            "VIDCACHE_TOKEN=… vidcache serve --host 0.0.0.0 --name archive.local",
        )
    )(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS",
            help="Where to listen. The default is this machine only; 'localhost' adds ::1.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        list[int] | None,
        typer.Option(
            "--port", metavar="N", min=0, max=65535, show_default=False,
            help=f"Default {PORT}; may be repeated. Every port speaks both protocols. "
            "0: any free one.",
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="VIDCACHE_TOKEN", metavar="TEXT", show_default=False,
            help="Answer only who sends 'Authorization: Bearer TEXT'.",
        ),
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Let everybody in, also beyond this machine.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name", metavar="HOST", show_default=False,
            help="A further host name that clients call this server by; may be repeated.",
        ),
    ] = None,
    access: Annotated[
        Access,
        typer.Option("--access", help="What clients may do: 'all' is read, add and delete."),
    ] = Access.ALL,
    only: Annotated[
        list[Protocol] | None,
        typer.Option("--only", show_default=False, help="Speak only this; may be repeated."),
    ] = None,
    allow_downloads: Annotated[
        bool, typer.Option("--allow-downloads", help="Clients may let this machine download.")
    ] = False,
    as_upstream: Annotated[
        bool,
        typer.Option(
            "--as-upstream",
            help="Do not store what looks like something here; answer with that one's hash.",
        ),
    ] = False,
    log: Annotated[bool, typer.Option("--log", help="Print every request.")] = False,
) -> None:  # fmt: skip
    """Serve the library to other programs over HTTP.

    They speak vidcache or MictlanX. It listens on this machine only unless told otherwise, and
    until Ctrl-C. Uploads show in an open window at once; what clients delete goes to the trash.
    """
    service_class = load()
    run = session(ctx)
    settings = Settings(
        host=host, ports=tuple(port or [PORT]), token=token or None,
        names=frozenset(one.lower() for one in name or ()), downloads=allow_downloads,
        open_to_all=no_token, keep_similar=not as_upstream, access=access,
        protocols=frozenset(only or Protocol),
    )  # fmt: skip
    with run.open(create=True) as library:
        tell = (lambda served: _tell(run, served)) if log else None
        service = service_class(library, settings, tell)
        with _terminable():
            service.start()
            try:
                _welcome(run, service)
                while not service.wait(1.0):
                    pass
            finally:
                service.stop()


def _welcome(run: Session, service: "Service") -> None:
    where, settings = service.addresses, service.settings
    token = settings.token is not None
    record: dict[str, Any] = {"listening": where, "library": str(run.path), "token": token}
    run.output.record(record, f"Serving {plain(str(run.path))} at {' and '.join(where)}")
    if not token:
        who = "every program on this machine" if settings.is_local else "everybody who reaches it"
        run.output.note(f"No token is asked for: {who} can use it.")
    run.output.note("Ctrl-C ends it.")


def _tell(run: Session, served: "Served") -> None:
    what = f"{served.client} {served.method} {plain(served.path)}"
    size = human_size(served.sent + served.received)
    run.output.record(
        asdict(served), f"{served.status or '–'} {what} {size} {served.seconds:.2f} s"
    )


@contextmanager
def _terminable() -> Iterator[None]:
    """Ends like Ctrl-C when asked to by the system, so that the library is closed properly."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt("Stopped. What was stored stays.")

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt("Stopped. What was stored stays.") from error
    finally:
        signal.signal(signal.SIGTERM, before)
