"""``vidcache jobs``: the queue, which outlives every process."""

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, human_date, plain
from vidcache_gui.interfaces.cli.session import Code, Session, session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Job


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache jobs",
            "vidcache jobs --run",
            "vidcache jobs --pause 3",
            "vidcache jobs --retry 3 --run",
            "vidcache --json jobs --results 3",
        )
    )(jobs)


def jobs(
    ctx: typer.Context,
    pause: Annotated[
        list[int] | None, typer.Option("--pause", metavar="N", help="Pause job N.")
    ] = None,
    resume: Annotated[
        list[int] | None,
        typer.Option("--resume", metavar="N", help="Let a paused or cancelled job go on."),
    ] = None,
    cancel: Annotated[
        list[int] | None,
        typer.Option("--cancel", metavar="N", help="Stop job N; what it brought in stays."),
    ] = None,
    retry: Annotated[
        list[int] | None,
        typer.Option("--retry", metavar="N", help="Queue the failed sources of job N again."),
    ] = None,
    results: Annotated[
        int | None,
        typer.Option("--results", metavar="N", help="What became of the sources of job N."),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take finished and cancelled jobs off the list.")
    ] = False,
    run_: Annotated[
        bool, typer.Option("--run", help="Work on what waits, until nothing does.")
    ] = False,
) -> None:
    """List jobs, steer them, or go on with what waits.

    A job is what one ingest was asked to bring in. It works also on jobs of an open window:
    pausing here pauses there.
    """
    run = session(ctx)
    with run.open() as library:
        acted = _steer(library, pause or (), resume or (), cancel or (), retry or ())
        if forget:
            library.forget_jobs()
        if results is not None:
            _show_results(run, library, results)
        elif run_:
            _run(run, library)
        elif acted:
            _show(run, [library.job(number) for number in acted])
        elif not forget:
            _show(run, library.jobs(1000))


def _steer(
    library: "Library",
    pause: "list[int] | tuple[()]",
    resume: "list[int] | tuple[()]",
    cancel: "list[int] | tuple[()]",
    retry: "list[int] | tuple[()]",
) -> list[int]:
    """Do what was asked of each job; raises UserError for one that does not exist."""
    numbers = list(dict.fromkeys([*pause, *resume, *cancel, *retry]))
    for number in numbers:
        library.job(number)
    for chosen, act in (
        (pause, library.pause_job),
        (resume, library.resume_job),
        (cancel, library.cancel_job),
        (retry, library.retry_job),
    ):
        for number in chosen:
            act(number)
    return numbers


def _run(run: Session, library: "Library") -> None:
    from vidcache_gui.core.records import Job
    from vidcache_gui.interfaces.cli.ingest import stoppable, summary, tell
    from vidcache_gui.interfaces.cli.work import work

    with stoppable(run), closing(work(library)) as events:
        counts = tell(run, (event for event in events if not isinstance(event, Job)))
    run.output.note(summary(counts) if counts else "Nothing is waiting.")
    if counts["failed"]:
        raise typer.Exit(Code.FAILED)


def _show_results(run: Session, library: "Library", number: int) -> None:
    from vidcache_gui.interfaces.cli.ingest import result_line, result_record
    from vidcache_gui.interfaces.cli.work import all_results

    library.job(number)
    for result in all_results(library, number):
        run.output.record(result_record(result), result_line(result))


def _show(run: Session, found: "list[Job]") -> None:
    columns = Columns("><<<")
    for job in found:
        run.output.record(asdict(job), columns.line(_cells(job)))
    if not found and not run.output.as_json:
        run.output.note("There are no jobs.")


def _cells(job: "Job") -> tuple[str, ...]:
    from vidcache_gui.interfaces.cli.ingest import WORDS

    by_status = ((job.counts.get(status, 0), word) for status, word in WORDS.items())
    counts = [f"{number:,} {word}" for number, word in by_status if number]
    done = f"{job.sources_done:,} of {job.sources_total:,}"
    where = "  (in another process)" if job.foreign else ""
    return (
        str(job.id), job.state.value, human_date(job.created_at), done,
        plain(job.title) + (f"  {' · '.join(counts)}" if counts else "") + where,
    )  # fmt: skip
