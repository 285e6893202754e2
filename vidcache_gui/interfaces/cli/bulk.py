"""``vidcache bulk``: named jobs of many items, from a manifest."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import (
    Columns,
    count,
    human_date,
    human_size,
    human_time,
    human_wait,
    plain,
)
from vidcache_gui.interfaces.cli.session import Code, Session, session

if TYPE_CHECKING:
    from vidcache_gui.core.bulk.records import BulkItem, BulkJob, BulkProgress, BulkResult
    from vidcache_gui.core.library import Library

CHUNK = 1 << 20

Name = Annotated[str, typer.Argument(metavar="NAME", help="Which job; see bulk list.")]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, max=64, show_default=False,
        help="How many items are worked on at a time. Default: as the library says, else 6.",
    ),
]  # fmt: skip

group = typer.Typer(
    no_args_is_help=True,
    help="Do many things as one named job, from a manifest.",
    epilog=example(
        "vidcache bulk run films.csv --into ~/out",
        "vidcache bulk run - --name nightly < jobs.jsonl",
        "vidcache bulk list", "vidcache bulk show films --failures", "vidcache bulk retry films",
    ),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    group.command(
        epilog=example(
            "vidcache bulk run films.csv --dry-run",
            "vidcache bulk run films.csv --into ~/out -j 8",
            "find . -name '*.mp4' | jq -Rc '{action: \"put\", source: .}' | vidcache bulk run -",
        )
    )(run)  # fmt: skip
    group.command("list", epilog=example("vidcache bulk list", "vidcache bulk list --json"))(
        list_jobs
    )
    group.command(epilog=example("vidcache bulk show films --failures"))(show)
    group.command(epilog=example("vidcache bulk retry films"))(retry)
    group.command(epilog=example("vidcache bulk resume films"))(resume)
    group.command(epilog=example("vidcache bulk stop films"))(stop)
    group.command(epilog=example("vidcache bulk remove films"))(remove)
    app.add_typer(group, name="bulk")


def run(
    ctx: typer.Context,
    manifest: Annotated[
        str, typer.Argument(metavar="MANIFEST", help="A CSV or JSON lines file, or - for stdin.")
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", show_default=False,
            help="What the job is called; one that is not closed is added to. Default: a new "
            "job called like the file.",
        ),
    ] = None,
    jobs: Jobs = None,
    stop_on_failure: Annotated[
        bool, typer.Option("--stop-on-failure", help="Begin nothing more once an item failed.")
    ] = False,
    into: Annotated[
        Path,
        typer.Option("--into", metavar="DIR", help="The folder that what is written stays in."),
    ] = Path("."),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what each line would do now.")
    ] = False,
) -> None:  # fmt: skip
    """Do what a manifest says, line by line.

    What failed is told with its line and the reason, and does not keep the rest from being done.
    The job outlives this process: stopped or killed at any moment it goes on with 'bulk resume',
    and nothing is done twice.
    """
    from vidcache_gui.core.bulk.records import BulkStatus

    here = session(ctx)
    with _open(here) as library, opened(manifest) as file:
        base = Path(".") if manifest == "-" else Path(manifest).absolute().parent
        items = library.read_manifest(file, base=base, into=into)
        if dry_run:
            _dry_run(here, library, items)
            return
        name = name or library.free_bulk_name("stdin" if manifest == "-" else Path(manifest).stem)
        job, added = library.add_to_bulk(
            name, items, max_concurrency=jobs, stop_on_failure=stop_on_failure or None
        )
        if added < job.total:
            here.output.note(f"{count(added, 'item')} added to '{name}', which has {job.total:,}.")
        for result in library.bulk_results(name, BulkStatus.FAILED) if added else ():
            if not result.action:  # a line that could not be read
                here.output.record(result_record(result), result_line(result))
        library.resume_bulk(name)
        _work(here, library, name, closing_it=True)


def list_jobs(ctx: typer.Context) -> None:
    """List bulk jobs, the newest first."""
    here = session(ctx)
    with here.open() as library:
        found = library.bulk_jobs(1000)
    columns = Columns("<<<>")
    for job in found:
        here.output.record(job_record(job), columns.line(_cells(job)))
    if not found and not here.output.as_json:
        here.output.note("There are no bulk jobs.")


def show(
    ctx: typer.Context,
    name: Name,
    failures: Annotated[bool, typer.Option("--failures", help="Only what failed.")] = False,
) -> None:
    """Say what became of each item of a job so far, and how it did in all."""
    from vidcache_gui.core.bulk.records import BulkStatus

    here = session(ctx)
    with here.open() as library:
        job = library.bulk_job(name)
        for result in library.bulk_results(name, BulkStatus.FAILED if failures else None):
            here.output.record(result_record(result), result_line(result))
        if here.output.as_json and not failures:
            here.output.record(job_record(job), "")
    here.output.note(f"{job.name}: {summary(job)}")


def retry(ctx: typer.Context, name: Name) -> None:
    """Do again what failed in a job, and nothing else."""
    here = session(ctx)
    with _open(here) as library:
        again = library.retry_bulk(name)
        here.output.note(f"Trying {count(again, 'item')} again.")
        _work(here, library, name)


def resume(ctx: typer.Context, name: Name) -> None:
    """Go on with a job that was stopped, paused or killed."""
    here = session(ctx)
    with _open(here) as library:
        library.resume_bulk(name)
        _work(here, library, name)


def stop(ctx: typer.Context, name: Name) -> None:
    """Stop a job, in whatever process it runs; what is done stays done."""
    here = session(ctx)
    with here.open() as library:
        library.stop_bulk(name)
        _tell_job(here, library.bulk_job(name))


def remove(ctx: typer.Context, name: Name) -> None:
    """Forget a job that does not run; what it did stays done."""
    here = session(ctx)
    with here.open() as library:
        job = library.bulk_job(name)
        library.remove_bulk(name)
    here.output.record({"removed": job.name}, plain(f"'{job.name}' was removed from the list."))


@contextmanager
def _open(here: Session) -> "Iterator[Library]":
    """The library, whose jobs can copy from and to remotes."""
    from vidcache_gui.interfaces.remotes import bulk

    with here.open() as library:
        bulk.register(library)
        yield library


@contextmanager
def opened(manifest: str) -> Iterator[BinaryIO]:
    """The manifest as a file that is all there: what is slow to come holds up nobody."""
    if manifest != "-":
        try:
            with open(manifest, "rb") as file:
                yield file
        except OSError as error:
            raise UserError(f"'{manifest}' cannot be read ({error.strerror}).") from error
        return
    with TemporaryFile() as spool:
        while part := sys.stdin.buffer.read(CHUNK):
            spool.write(part)
        spool.seek(0)
        yield cast(BinaryIO, cast(IO[bytes], spool))


def _dry_run(here: Session, library: "Library", items: "Iterable[BulkItem]") -> None:
    good = bad = 0
    for item in items:
        where = f"line {item.line}" if item.line else item.label
        try:
            said, problem = library.check_bulk_item(item), None
            good += 1
        except UserError as error:
            said, problem = str(error), str(error)
            bad += 1
        record = {
            "line": item.line, "action": item.action or None, "item": item.label,
            "would": None if problem else said, "problem": problem,
        }  # fmt: skip
        here.output.record(record, plain(f"{where:<9}  {'cannot' if problem else 'would'}  {said}"))
    here.output.note(
        f"{count(good, 'line')} could be done as things are now, {bad:,} could not. "
        "Nothing was changed."
    )
    if bad:
        raise typer.Exit(Code.FAILED)


def _work(here: Session, library: "Library", name: str, *, closing_it: bool = False) -> None:
    from vidcache_gui.core.bulk.records import BulkProgress, BulkStatus
    from vidcache_gui.core.records import JobState
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    try:
        with ProgressLine(here.output) as line, closing(_events(library, name)) as events:
            for event in events:
                if isinstance(event, BulkProgress):
                    line.show(event.job.done, event.job.total, " · ".join(_parts(event)))
                elif here.output.as_json or event.status is not BulkStatus.SUCCEEDED:
                    here.output.record(result_record(event), result_line(event))
    except KeyboardInterrupt as error:
        library.pause_bulk(name)
        job = library.bulk_job(name)
        raise KeyboardInterrupt(
            f"Stopped: {summary(job)}. What is done stays done; the rest waits in the library. "
            f"Go on with: {here.command(_words('resume', name))}"
        ) from error
    job = library.bulk_job(name)
    if closing_it and job.state is JobState.DONE:
        job = library.close_bulk(name)
    here.output.note(f"{job.name}: {summary(job)}")
    if job.note:
        here.output.note(job.note)
    if job.failed:
        here.output.note(f"Look at them: {here.command(_words('show', name))} --failures")
        here.output.note(f"Try them again: {here.command(_words('retry', name))}")
    if job.state is not JobState.DONE:
        here.output.note(f"Go on: {here.command(_words('resume', name))}")
    if job.failed or job.state is not JobState.DONE:
        raise typer.Exit(Code.FAILED)


def _events(library: "Library", name: str) -> "Generator[BulkResult | BulkProgress, None, None]":
    from vidcache_gui.interfaces.cli.work import streamed

    def work(tell: "Callable[[BulkResult | BulkProgress], None]", token: CancelToken) -> None:
        library.run_bulk(tell, name=name, stop=token)

    return streamed(work, "bulk")


def _words(verb: str, name: str) -> str:
    import shlex

    return f"bulk {verb} {shlex.quote(name)}"


def _parts(at: "BulkProgress") -> Iterator[str]:
    job = at.job
    if job.state.value == "paused":
        yield "Paused"
    yield f"{job.done:,} of {job.total:,}"
    if job.failed:
        yield f"{job.failed:,} failed"
    if at.size:
        yield human_size(at.size)
    if at.seconds_left is not None and job.done < job.total:
        yield f"{human_wait(at.seconds_left)} left"
    if at.current:
        yield at.current.rstrip("/").rpartition("/")[2]


def summary(job: "BulkJob") -> str:
    """``480 of 500 done · 2 failed · 12 skipped · 1.2 GB · 0:31 · 15.5 a second``"""
    parts = [f"{job.done:,} of {job.total:,} done"]
    parts += [
        f"{n:,} {word}" for n, word in ((job.failed, "failed"), (job.skipped, "skipped")) if n
    ]
    if job.size:
        parts.append(human_size(job.size))
    parts.append(human_time(job.seconds))
    if job.seconds:
        parts.append(f"{job.items_per_second:,.1f} a second")
    return " · ".join(parts)


def job_record(job: "BulkJob") -> dict[str, Any]:
    """The keys of docs/cli.md, always all of them."""
    return {
        **asdict(job), "done": job.done, "items_per_second": round(job.items_per_second, 3),
        "bytes_per_second": round(job.bytes_per_second, 3), "seconds": round(job.seconds, 3),
    }  # fmt: skip


def result_record(result: "BulkResult") -> dict[str, Any]:
    values = asdict(result)
    del values["job_id"]
    return {**values, "item": values.pop("label")}


def result_line(result: "BulkResult") -> str:
    what = f"{result.action} {result.label}" if result.action else result.label
    where = f"line {result.line}  " if result.line and result.action else ""
    said = f"  {result.reason}" if result.reason else ""
    return plain(f"{result.status.value:<9}  {where}{what}{said}")


def _tell_job(here: Session, job: "BulkJob") -> None:
    here.output.record(job_record(job), plain(f"{job.name}: {job.state.value}, {summary(job)}"))


def _cells(job: "BulkJob") -> tuple[str, ...]:
    where = "  (in another process)" if job.foreign else ""
    return (
        job.name, job.state.value, human_date(job.created_at), f"{job.done:,} of {job.total:,}",
        summary(job).partition(" · ")[2] + where,
    )  # fmt: skip
