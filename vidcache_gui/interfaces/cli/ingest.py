"""``vidcache ingest``: bring things in."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_size, human_wait
from vidcache_gui.interfaces.cli.session import Code, Session, session

if TYPE_CHECKING:
    from vidcache_gui.core.records import Progress, SourceResult
    from vidcache_gui.interfaces.cli.progress import ProgressLine

WORDS = {  # in the order of a summary
    "new": "new",
    "look_alike": "like something here",
    "duplicate": "already here",
    "url_alias": "known addresses",
    "skipped": "skipped",
    "failed": "failed",
}


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache ingest ~/clips holiday.mp4 --bucket videos --prefix 2026/summer",
            'vidcache ingest https://example.org/a.webm --meta \'{"licence": "CC0"}\'',
            "vidcache ingest loop.gif --as-frames",
            "vidcache --json ingest ~/clips | jq -r 'select(.status==\"failed\") | .source'",
        )
    )(ingest)


def ingest(
    ctx: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Files, folders, frame folders or addresses."),
    ],
    bucket: Annotated[
        str, typer.Option("--bucket", metavar="NAME", help="The bucket they go to.")
    ] = "videos",
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="LABEL", help="A path-like label inside the bucket.")
    ] = "",
    meta: Annotated[
        str | None,
        typer.Option("--meta", metavar="JSON", help="A JSON object to keep with each of them."),
    ] = None,
    as_frames: Annotated[
        bool,
        typer.Option("--as-frames", help="Store each GIF or video as a sequence of its frames."),
    ] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Download from this machine and its network too."),
    ] = False,
) -> None:
    """Bring in files, folders, frame folders and addresses.

    Every distinct file is stored once; every place it came from is remembered; originals are
    never changed. A folder of numbered pictures becomes one frame sequence. Folders are walked
    with all they hold, also what is hidden; links inside them are not followed. Each source is
    told as new, duplicate, url_alias, skipped or failed, with the reason.
    """
    from vidcache_gui.core.intake import Target
    from vidcache_gui.interfaces.cli.items import parse_meta

    try:
        target = Target(
            bucket=bucket, prefix=prefix, meta=parse_meta(meta), as_frames=as_frames,
            allow_private=allow_private,
        )  # fmt: skip
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--meta") from error
    run = session(ctx)
    with run.open(create=True) as library:
        from vidcache_gui.interfaces.cli.work import work_on

        job = library.enqueue(sources, target)
        with stoppable(run), closing(work_on(library, job)) as events:
            counts = tell(run, events, job)
        state = library.job(job).state.value
    run.output.note(summary(counts))
    if counts["failed"]:
        run.output.note(f"Try again: {run.command(f'jobs --retry {job} --run')}")
    if state != "done":
        run.output.note(f"Job {job} is {state}. Go on: {run.command(f'jobs --resume {job} --run')}")
    if counts["failed"] or state != "done":
        raise typer.Exit(Code.FAILED)


@contextmanager
def stoppable(run: Session) -> Iterator[None]:
    """Around work in the queue: says after a Ctrl-C how to go on."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(
            "Stopped. What is in stays; the rest waits in the library. "
            f"Go on with: {run.command('jobs --run')}"
        ) from error


def tell(
    run: Session, events: "Iterable[SourceResult | Progress]", job: int | None = None
) -> Counter[str]:
    """Print results and progress as they come; the number of results by status.

    ``job``: the one whose results these are; work on others before it is mentioned.
    """
    from vidcache_gui.core.records import SourceResult
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    counts: Counter[str] = Counter()
    mentioned: set[tuple[int, str]] = set()
    with ProgressLine(run.output) as line:
        for event in events:
            if isinstance(event, SourceResult):
                counts[event.status.value] += 1
                counts["look_alike"] += event.look_alike is not None
                run.output.record(result_record(event), result_line(event))
                continue
            for remark in _remarks(run, event, job):
                if (event.job_id, remark) not in mentioned:
                    mentioned.add((event.job_id, remark))
                    run.output.note(remark)
            show_progress(line, event)
    return counts


def _remarks(run: Session, at: "Progress", job: int | None) -> Iterator[str]:
    """Why nothing seems to happen, for those who see no progress line."""
    if job is not None and at.job_id != job:
        yield f"Job {at.job_id} has been waiting and comes first."
    if at.state.value == "paused":
        yield f"Job {at.job_id} is paused. Go on: {run.command(f'jobs --resume {at.job_id}')}"


def result_record(result: "SourceResult") -> dict[str, Any]:
    """The keys of docs/cli.md, always all of them."""
    values = asdict(result)
    del values["position"]
    return values


def result_line(result: "SourceResult") -> str:
    from vidcache_gui.interfaces.cli.output import plain

    sentences = (result.reason, result.look_alike, result.remembered)
    said = " ".join(sentence for sentence in sentences if sentence)
    return plain(f"{result.status.value:<9}  {result.source}{'  ' if said else ''}{said}")


def show_progress(line: "ProgressLine", at: "Progress") -> None:
    line.show(at.bytes_done, at.bytes_total, " · ".join(_progress_parts(at)))


def _progress_parts(at: "Progress") -> Iterator[str]:
    if at.state.value == "paused":
        yield "Paused"
    more = "+" if at.counting else ""
    yield f"{at.sources_done:,} of {at.sources_total:,}{more}"
    if at.bytes_total:
        yield f"{human_size(at.bytes_done)} of {human_size(at.bytes_total)}{more}"
    if at.rate:
        yield f"{human_size(at.rate)}/s"
    if at.seconds_left is not None:
        yield f"{human_wait(at.seconds_left)} left"
    if at.current:
        yield at.current.rstrip("/").rpartition("/")[2]


def summary(counts: Counter[str]) -> str:
    """12 new · 2 like something here · 3 already here · 1 failed."""
    parts = [f"{counts[status]:,} {word}" for status, word in WORDS.items() if counts[status]]
    return " · ".join(parts) or "There was nothing to add."
