"""``dups``, ``similar``, ``compare`` and ``check``: which items show the same footage."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, count, plain
from vidcache_gui.interfaces.cli.session import Code, Session, session
from vidcache_gui.matching.records import Explanation, Relation, Tier

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item
    from vidcache_gui.core.similar.records import CheckState

PAGE = 500

OfTier = Annotated[Tier | None, typer.Option("--tier", help="Only matches this sure.")]


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache dups", "vidcache dups --tier certain", 'vidcache dups --relation "re-encode"',
            "vidcache --json dups | jq -r '[.a.name, .b.name] | @tsv'",
        )
    )(dups)  # fmt: skip
    app.command(epilog=example("vidcache similar 12", "vidcache similar ~/Downloads/clip.mp4"))(
        similar
    )
    app.command(
        epilog=example("vidcache compare 12 31 --explain", "vidcache compare a.mp4 b.gif --json")
    )(compare)
    app.command(
        epilog=example("vidcache check", "vidcache check --again", "vidcache check --state")
    )(check)


def dups(
    ctx: typer.Context,
    tier: OfTier = None,
    relation: Annotated[
        Relation | None, typer.Option("--relation", help="Only matches of this kind.")
    ] = None,
    decided: Annotated[
        bool, typer.Option("--decided", help="Also pairs somebody has decided about.")
    ] = False,
    shared: Annotated[
        bool, typer.Option("--shared", help="Also pairs that only share an intro or a title.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many.")
    ] = None,
) -> None:
    """List pairs of items that show the same footage.

    The surest come first; items in the trash are not in it.
    Nothing is compared by this: run 'vidcache check' for that, or let the window do it.
    """
    run = session(ctx)
    columns = Columns("<<>")
    shown, after = 0, None
    with run.open() as library:
        from vidcache_gui.interfaces.cli.matches import found_cells, found_record

        while limit is None or shown < limit:
            room = PAGE if limit is None else min(PAGE, limit - shown)
            page = library.matches(
                tier=tier, relation=relation, decided=decided, shared=shared, after=after,
                limit=room,
            )  # fmt: skip
            for found in page:
                run.output.record(found_record(found), columns.line(found_cells(found)))
            shown += len(page)
            if len(page) < room:
                break
            after = library.place_of(page[-1])
        _say_how_far(run, library.check_state())


def _say_how_far(run: Session, state: "CheckState") -> None:
    if state.note:
        run.output.note(state.note)
    left = state.waiting + state.fingerprinted - state.checked
    if left:
        run.output.note(f"{count(left, 'item')} not checked yet: {run.command('check')}")


def similar(
    ctx: typer.Context,
    item: Annotated[
        str, typer.Argument(metavar="FILE|ITEM", help="A file or folder of frames, or an item.")
    ],
) -> None:
    """List items that show the same as a file or as an item.

    A file need not be in the library, and is not brought in.
    """
    from vidcache_gui.interfaces.cli.matches import similar_cells, similar_record

    run = session(ctx)
    columns = Columns("<<>")
    with run.open() as library:
        path = _file(item)
        if path is not None:
            hits = library.similar_to_file(path)
        else:
            hits = library.similar_to(_item(library, item).id)
        for hit in hits:
            run.output.record(similar_record(hit), columns.line(similar_cells(hit)))
        if not hits:
            run.output.note("Nothing in this library shows the same.")
        _say_how_far(run, library.check_state())


def compare(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="An item, a file or a folder of frames.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    explain: Annotated[
        bool, typer.Option("--explain", help="Say step by step what was asked and found.")
    ] = False,
) -> None:
    """Say whether and where two items or files show the same.

    With --explain also why, or why not. Exit code 1 when they do not.
    """
    from vidcache_gui.interfaces.cli.matches import match_lines, match_record

    run = session(ctx)
    found = _compare(run, a, b)
    match = found.match
    lines = [plain(step) for step in found.steps] if explain else []
    lines += ["They do not show the same."] if match is None else match_lines(match)
    record = {
        "match": None if match is None else match_record(match), "steps": list(found.steps),
    }  # fmt: skip
    run.output.record(record, "\n".join(plain(line) for line in lines))
    if match is None:
        raise typer.Exit(Code.FAILED)


def _compare(run: Session, a: str, b: str) -> Explanation:
    """Of two files no library is needed; a file beside an item need not be in it."""
    paths = _file(a), _file(b)
    if paths[0] is not None and paths[1] is not None:
        from vidcache_gui.core.similar.ask import explain_paths

        return explain_paths(paths[0], paths[1])
    with run.open() as library:
        one, two = (
            path if path is not None else _item(library, text).id
            for path, text in zip(paths, (a, b), strict=True)
        )
        return library.explain_any(one, two)


def _file(text: str) -> Path | None:
    """What stands there, if it is a file or folder on this disk; a bare number is an item."""
    if text.isdecimal():
        return None
    path = Path(text).expanduser().absolute()
    return path if path.exists() else None


def _item(library: "Library", text: str) -> "Item":
    from vidcache_gui.interfaces.cli.items import find_item

    try:
        return find_item(library, text)
    except UserError as error:
        if "/" in text or "." in text:
            raise UserError(f"There is no file '{text}', and: {error}") from error
        raise


def check(
    ctx: typer.Context,
    again: Annotated[
        bool, typer.Option("--again", help="Compare everything again; decisions stay.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Also look at all footage again: takes long.")
    ] = False,
    state: Annotated[bool, typer.Option("--state", help="Only say how far it is.")] = False,
    pause: Annotated[
        bool, typer.Option("--pause", help="Pause the check, also one that a window does.")
    ] = False,
) -> None:
    """Compare what is new with everything, or all again.

    Goes on where it was stopped, by Ctrl-C or any other way, and with what was paused. New items
    are compared as they come in: this is for libraries of an earlier version, and for comparing
    all again.
    """
    run = session(ctx)
    with run.open() as library:
        if pause:
            library.pause_check()
        elif not state:
            if again or anew:
                library.rescan(recompute=anew)
            library.resume_check()
            _work(run, library)
        now = library.check_state()
        if now.note:
            run.output.note(now.note)
        run.output.record(state_record(now), state_line(now))


def state_record(now: "CheckState") -> dict[str, object]:
    return {
        "total": now.total, "fingerprinted": now.fingerprinted, "checked": now.checked,
        "waiting": now.waiting, "failed": now.failed, "paused": now.paused,
        "running": now.running,
    }  # fmt: skip


def state_line(now: "CheckState") -> str:
    parts = [f"{now.checked:,} of {count(now.total, 'item')} checked"]
    if now.waiting:
        parts.append(f"{now.waiting:,} not looked at yet")
    if now.failed:
        parts.append(f"{now.failed:,} could not be read")
    parts += ["paused"] if now.paused else []
    parts += ["running"] if now.running else []
    return " · ".join(parts)


def _work(run: Session, library: "Library") -> None:
    from vidcache_gui.interfaces.cli.progress import ProgressLine
    from vidcache_gui.interfaces.cli.work import checking

    with ProgressLine(run.output) as line:
        try:
            for now in checking(library):
                done = now.fingerprinted + now.failed + now.checked
                what = f"{now.checked:,} of {now.total:,} checked"
                line.show(done, 2 * now.total, f"{what} · {now.current}")
        except KeyboardInterrupt as error:
            raise KeyboardInterrupt(
                f"Stopped. What was checked stays. Go on with: {run.command('check')}"
            ) from error
