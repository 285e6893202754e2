"""``sync``: make two archives hold the same."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.sync.records import Act, Outcome, Plan, Report, Step, Way
from vidcache_gui.errors import LibraryError, UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_size, plain
from vidcache_gui.interfaces.cli.progress import ProgressLine
from vidcache_gui.interfaces.cli.session import Code, Session, session
from vidcache_gui.interfaces.download import download

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.sync.pair import Pair

WORDS = {
    Act.COPY: "copy", Act.RESTORE: "bring back", Act.REPLACE: "replace", Act.UPDATE: "describe",
    Act.TRASH: "to the trash", Act.KEEP: "leave",
}  # fmt: skip
SHOWN = 40  # steps a person is shown before a run
ONE_WAY = "--to, --from and --both exclude each other."


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache sync ~/archive /media/disk/archive --dry-run",
            "vidcache sync ~/archive ~/clips --from",
            "vidcache sync ~/archive http://127.0.0.1:8020 --bucket holiday",
            "vidcache sync ~/archive /media/disk/archive --to --mirror",
        )
    )(sync)


def sync(
    ctx: typer.Context,
    first: Annotated[
        str,
        typer.Argument(metavar="A", help="A library, folder, address or remote; see below."),
    ],
    second: Annotated[
        str | None,
        typer.Argument(metavar="B", help="The other one. Without it: the library, and A."),
    ] = None,
    both: Annotated[bool, typer.Option("--both", help="Both ways. The default.")] = False,
    to: Annotated[bool, typer.Option("--to", help="Only from A to B.")] = False,
    from_: Annotated[bool, typer.Option("--from", help="Only from B to A.")] = False,
    mirror: Annotated[
        bool,
        typer.Option(
            "--mirror", help="With --to or --from: what only the target has goes to the trash."
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before something goes to the trash.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would be done, and do nothing.")
    ] = False,
    bucket: Annotated[
        str | None,
        typer.Option(
            "--bucket", metavar="NAME", show_default=False,
            help="Only this bucket; files from a folder go into it (else into 'videos').",
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="VIDCACHE_TOKEN", metavar="TEXT", show_default=False,
            help="For a server that asks for one.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Make two archives hold the same: libraries, folders, servers.

    At least one is a library. Contents are compared, not names; what both have is not moved.
    Nothing is deleted unless --mirror says so; where both changed, what was set last counts.
    Stopped at any moment, the same command goes on where it was.
    """
    from vidcache_gui.interfaces.sync.ends import opened_pair

    run = session(ctx)
    if to + from_ + both > 1:
        raise typer.BadParameter(ONE_WAY)
    way = Way.TO if to else Way.FROM if from_ else Way.BOTH
    with ExitStack() as stack:
        ends: tuple[str | Library, str] = (first, second or "")
        if second is None:  # things come into it: it may be a new one
            ends = (stack.enter_context(run.open(create=not dry_run)), first)
        pair = stack.enter_context(opened_pair(*ends, token=token, open_library=_open))
        stop = stack.enter_context(_stoppable())
        with ProgressLine(run.output) as line:
            plan = pair.plan(
                way, mirror=mirror, bucket=bucket, stop=stop,
                on_found=lambda found: line.show(0, 0, f"Comparing: {found:,} found"),
            )  # fmt: skip
        _show(run, pair, plan, complete=dry_run)
        if dry_run or not plan.to_do:
            return
        if any(step.act is Act.TRASH for step in plan.to_do) and not yes:
            _confirm(run)
        report = _carry_out(run, pair, plan, bucket, stop)
    _end(run, report)


def _open(path: Path) -> "Library":
    from vidcache_gui.core.library import Library

    try:
        return Library.open(path, create=False, fetch=download)
    except OSError as error:
        raise LibraryError(f"The library '{path}' cannot be used ({error.strerror}).") from error


@contextmanager
def _stoppable() -> Iterator[CancelToken]:
    """A token that ends work when Ctrl-C ends the command, so that threads end at once."""
    stop = CancelToken()
    try:
        yield stop
    except BaseException:
        stop.cancel()
        raise


def _show(run: Session, pair: "Pair", plan: Plan, *, complete: bool) -> None:
    steps = plan.steps if complete or run.output.as_json else plan.to_do[:SHOWN]
    if not run.output.as_json or complete:
        for step in steps:
            run.output.record(_values(step, pair), _line(step, pair))
    more = len(plan.to_do) - SHOWN
    if not complete and more > 0:
        run.output.note(f"… and {more:,} more.")
    for side, title in enumerate(pair.titles):
        counts = plan.counts(side)
        if counts:
            parts = [f"{WORDS[Act(act)]} {count:,}" for act, count in counts.items()]
            run.output.note(f"In '{title}': {', '.join(parts)}.")
    if plan.size:
        run.output.note(f"{human_size(plan.size)} are to be moved.")
    if plan.kept:
        run.output.note(f"{len(plan.kept):,} differ and are left as they are (--dry-run says why).")
    if not plan.to_do:
        run.output.note("There is nothing to do.")


def _values(step: Step, pair: "Pair") -> dict[str, Any]:
    return {
        "id": step.id, "act": step.act.value, "where": pair.titles[step.side],
        "name": step.title, "size": step.size, "why": step.why or None,
    }  # fmt: skip


def _line(step: Step, pair: "Pair") -> str:
    size = f"  {human_size(step.size)}" if step.size else ""
    why = f"  {step.why}" if step.why else ""
    return plain(f"{WORDS[step.act]:<12} in {pair.titles[step.side]}: {step.title}{size}{why}")


def _confirm(run: Session) -> None:
    if not sys.stdin.isatty() or run.output.as_json:
        raise UserError("Nothing was done. Add --yes to move what is listed to the trash.")
    if not typer.confirm("Move what is listed to the trash?", err=True):
        raise UserError("Nothing was done.")


def _carry_out(
    run: Session, pair: "Pair", plan: Plan, bucket: str | None, stop: CancelToken
) -> Report:
    steps, lock = len(plan.to_do), threading.Lock()
    with ProgressLine(run.output) as line:

        def progress(done: int, moved: int, title: str) -> None:
            with lock:
                line.show(done, steps, f"{done:,} of {steps:,}, {human_size(moved)} {title}")

        def outcome(told: Outcome) -> None:
            with lock:
                _tell(run, pair, told)

        return pair.carry_out(
            plan, bucket=bucket, stop=stop, on_progress=progress, on_outcome=outcome
        )


def _tell(run: Session, pair: "Pair", told: Outcome) -> None:
    if run.output.as_json:
        values = {**_values(told.step, pair), "error": told.error}
        run.output.record(values, "")
    elif told.error is not None:
        run.output.error(f"{told.step.title}: {told.error}")


def _end(run: Session, report: Report) -> None:
    failed = len(report.failures)
    text = f"{report.done:,} done, {human_size(report.moved)} moved"
    run.output.note(f"{text}, {failed:,} failed." if failed else f"{text}.")
    if failed:
        run.output.note("The same command tries again what failed.")
        raise typer.Exit(Code.FAILED)
