"""``vidcache remotes``, ``pull``, ``push``: other servers, and items from and to them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from vidcache_gui.core.records import SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, human_size, plain
from vidcache_gui.interfaces.cli.session import Code, Session, session

if TYPE_CHECKING:
    from vidcache_gui.interfaces.remotes.known import Known
    from vidcache_gui.interfaces.remotes.remote import Remote

T = TypeVar("T")

Token = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="VIDCACHE_REMOTE_TOKEN", metavar="TEXT", show_default=False,
        help="What the server asks for, sent as 'Authorization: Bearer TEXT'.",
    ),
]  # fmt: skip
RemoteArgument = Annotated[
    str, typer.Argument(metavar="REMOTE", help="The name of a known remote, or an address.")
]
ACTIONS = ("list", "add", "remove", "browse")


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache remotes",
            "vidcache remotes add attic http://192.168.1.20:8020",
            "vidcache remotes browse attic",
            "vidcache remotes browse http://127.0.0.1:24000 videos",
        )
    )(remotes)
    app.command(
        epilog=example(
            "vidcache pull attic 3f9ac04d17e2", "vidcache pull attic videos/video123",
            "vidcache pull http://127.0.0.1:8020 https://example.org/a.webm",
        )
    )(pull)  # fmt: skip
    app.command(
        epilog=example("vidcache push attic 12 videos/video123", "vidcache push attic 12 --json")
    )(push)


def remotes(
    ctx: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="list|add|remove|browse", help="What to do.")
    ] = "list",
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Which remote; browse takes addresses.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Argument(metavar="WHERE", help="With add its address; with browse one "
                       "bucket."),
    ] = None,
    token: Token = None,
) -> None:  # fmt: skip
    """List, add, remove or browse servers that are known by a name.

    They speak vidcache or MictlanX. Names, addresses and tokens are kept with your settings, in
    a file only you can read.
    """
    from vidcache_gui.interfaces.remotes import known

    run = session(ctx)
    if action not in ACTIONS:
        raise typer.BadParameter(f"say {', '.join(ACTIONS[:-1])} or {ACTIONS[-1]}")
    if action != "list" and name is None:
        raise typer.BadParameter("name a remote")
    if action == "add":
        if where is None:
            raise typer.BadParameter("give its address, such as http://192.168.1.20:8020")
        _add(run, name or "", where, token)
    elif action == "remove":
        known.remove(name or "")
        run.output.record({"name": name, "removed": True}, plain(f"Forgot '{name}'."))
    elif action == "browse":
        with _opened(name or "", token) as remote:
            _browse(run, remote, where)
    else:
        for one in known.known():
            _show(run, one)


def pull(
    ctx: typer.Context,
    remote: RemoteArgument,
    items: Annotated[
        list[str],
        typer.Argument(metavar="ITEM", help="A hash or its start, a name, an address, or "
                       "BUCKET/BALL_ID."),
    ],
    bucket: Annotated[
        str | None,
        typer.Option("--bucket", metavar="NAME", show_default=False,
                     help="Put them into this bucket; default: the one they are in there."),
    ] = None,
    token: Token = None,
) -> None:  # fmt: skip
    """Bring items of a remote into the library.

    Everything is checked by size and hash, kept with name, tags, details and addresses where
    the protocol carries them, and not fetched when it is here. A group of frames stays one.
    What was interrupted is gone on with the next time.
    """
    from vidcache_gui.interfaces.remotes.pulling import Pull

    run = session(ctx)
    with _opened(remote, token) as opened, run.open(create=True) as library, _Told(run) as told:
        work = Pull(library, opened, bucket=bucket, on_bytes=told.moved)
        told.each(items, lambda item: item, work.item)


def push(
    ctx: typer.Context,
    remote: RemoteArgument,
    items: Annotated[
        list[str], typer.Argument(metavar="ITEM", help="Which items; see vidcache --help.")
    ],
    bucket: Annotated[
        str | None,
        typer.Option("--bucket", metavar="NAME", show_default=False,
                     help="Put them into this bucket there; default: the one they are in here."),
    ] = None,
    token: Token = None,
) -> None:  # fmt: skip
    """Send items of the library to a remote.

    Nothing is sent that is there already. Files go whole to a vidcache server, and in chunks
    to a MictlanX peer or router; groups of frames need one of the latter.
    """
    from vidcache_gui.interfaces.cli.items import find_items
    from vidcache_gui.interfaces.remotes.pushing import Push

    run = session(ctx)
    with run.open() as library, _opened(remote, token) as opened, _Told(run) as told:
        chosen = find_items(library, items)
        told.total = sum(item.size for item in chosen)
        work = Push(library, opened, bucket=bucket, on_bytes=told.moved)
        told.each(chosen, lambda item: item.name, work.item)


class _Told:
    """Prints what became of each item, and how far the work is."""

    def __init__(self, run: Session) -> None:
        from vidcache_gui.interfaces.cli.progress import ProgressLine

        self.total = 0
        self._run = run
        self._line = ProgressLine(run.output)
        self._done = 0
        self._current = ""

    def __enter__(self) -> "_Told":
        self._line.__enter__()
        return self

    def __exit__(self, *what: object) -> None:
        self._line.__exit__(None, None, None)

    def moved(self, more: int) -> None:
        self._done += more
        size = human_size(max(0, self._done))
        of = f" of {human_size(self.total)}" if self.total else ""
        self._line.show(self._done, self.total, f"{size}{of} · {self._current}")

    def each(
        self, things: Iterable[T], name: Callable[[T], str], act: Callable[[T], SourceResult]
    ) -> None:
        """One after the other; one that fails does not keep the others back. Raises typer.Exit
        when any failed."""
        from vidcache_gui.interfaces.cli.ingest import result_line, result_record, summary

        counts: Counter[str] = Counter()
        for thing in things:
            self._current = name(thing)
            try:
                result = act(thing)
            except UserError as error:
                result = SourceResult(name(thing), Status.FAILED, reason=str(error))
            counts[result.status.value] += 1
            self._run.output.record(result_record(result), result_line(result))
        self._run.output.note(summary(counts))
        if counts["failed"]:
            raise typer.Exit(Code.FAILED)


@contextmanager
def _opened(text: str, token: str | None) -> "Iterator[Remote]":
    from vidcache_gui.interfaces.remotes.known import find
    from vidcache_gui.interfaces.remotes.remote import Remote

    one = find(text, token)
    with Remote.open(one.address, secret=one.token) as remote:
        yield remote


def _add(run: Session, name: str, address: str, token: str | None) -> None:
    from vidcache_gui.interfaces.remotes import known
    from vidcache_gui.interfaces.remotes.patience import Patience
    from vidcache_gui.interfaces.remotes.problems import Passing
    from vidcache_gui.interfaces.remotes.remote import Remote

    speaks = ""
    try:
        with Remote.open(address, secret=token, patience=Patience(attempts=1)) as remote:
            speaks = str(remote.spoken)
    except Passing as problem:
        run.output.note(f"{problem} It is remembered all the same.")
    new = known.add(name, address, token)
    record = {"name": new.name, "address": new.address, "added": True, "speaks": speaks or None}
    said = f" It speaks {speaks}." if speaks else ""
    run.output.record(record, plain(f"Added '{new.name}' at {new.address}.{said}"))
    if token and address.startswith("http://"):
        run.output.note("http is not secret: whoever sees the traffic can read the token.")


def _show(run: Session, one: "Known") -> None:
    record = {"name": one.name, "address": one.address, "token": one.token is not None}
    with_token = "  (with a token)" if one.token else ""
    run.output.record(record, plain(f"{one.name}  {one.address}{with_token}"))


def _browse(run: Session, remote: "Remote", bucket: str | None) -> None:
    columns = Columns("<>>")
    run.output.heading(columns.line(("kind", "parts", "size", "item")))
    if remote.has_files and remote.files.can_list:
        for file in remote.files.browse({"bucket": bucket} if bucket else {}):
            record = {
                "kind": "file", "item": file.hash, "bucket": file.bucket, "name": file.name,
                "size": file.size, "parts": 1, "mime": file.mime, "url": file.url,
            }  # fmt: skip
            cells = ("file", "", human_size(file.size), f"{file.hash}  {file.name}")
            run.output.record(record, columns.line(cells))
    elif remote.has_files:
        run.output.note(f"'{remote.where}' speaks an older vidcache, which cannot list its files.")
    if not remote.has_balls:
        return
    from vidcache_gui.interfaces.remotes.groups import groups

    for name in [bucket] if bucket else remote.balls.buckets():
        for group in groups(remote.balls.bucket(name)):
            record = {
                "kind": group.kind.value, "item": f"{name}/{group.ball_id}", "bucket": name,
                "name": group.name, "size": group.size, "parts": group.parts, "mime": group.mime,
                "url": None,
            }  # fmt: skip
            cells = (
                group.kind.value, f"{group.parts:,}", human_size(group.size),
                f"{name}/{group.ball_id}" + (f"  {group.name}" if group.name else ""),
            )  # fmt: skip
            run.output.record(record, columns.line(cells))
