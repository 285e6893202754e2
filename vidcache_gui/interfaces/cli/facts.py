"""``show`` and ``verify``: all there is to know, and whether it is still true."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, count, human_date, human_size, plain
from vidcache_gui.interfaces.cli.session import Code, session

if TYPE_CHECKING:
    from vidcache_gui.core.records import Ball, ItemDetails


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example(
            "vidcache show 12",
            "vidcache show 3f9ac04d17e2",
            "vidcache show videos/video123 --balls",
            "vidcache --json show https://example.org/a.webm",
        )
    )(show)
    app.command(epilog=example("vidcache verify", "vidcache --json verify | jq -r .path"))(verify)


def show(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Which item; see vidcache --help.")],
    balls: Annotated[
        bool, typer.Option("--balls", help="List the frames of a sequence instead.")
    ] = False,
) -> None:
    """Show all facts about an item.

    What it is, its hashes, its tags and details, and every place it is known from.
    """
    from vidcache_gui.interfaces.cli.items import find_item, item_record

    run = session(ctx)
    with run.open() as library:
        found = find_item(library, item)
        if balls:
            columns = Columns("><><")
            for ball in library.get_by_ball_id(found.bucket, found.ball_id or ""):
                run.output.record(asdict(ball), columns.line(_ball_cells(ball)))
            return
        details = library.details(found.id)
    record = item_record(found) | {
        "sha256": details.sha256,
        "facts": details.facts,
        "meta": details.meta,
        "aliases": [asdict(alias) for alias in details.aliases],
        "gaps": [list(gap) for gap in details.gaps],
        "bookmarks": [asdict(mark) for mark in details.bookmarks],
        "delays": {str(frame): ms for frame, ms in details.delays.items()},
    }
    columns = Columns("<")
    lines = list(_lines(details))
    columns.fit(lines)
    run.output.record(record, "\n".join(columns.line(line) for line in lines))


def _ball_cells(ball: "Ball") -> tuple[str, ...]:
    number = "" if ball.frame_number is None else str(ball.frame_number)
    return (number, ball.key, human_size(ball.size), ball.hash[:12], ball.tags.get("fullname", ""))


def _lines(details: "ItemDetails") -> Iterator[tuple[str, str]]:
    from vidcache_gui.interfaces.cli.items import length

    item = details.item
    yield "item", f"#{item.id}"
    yield "name", item.name
    yield "kind", item.kind.value
    yield "bucket", item.bucket
    for label, text in (("prefix", item.prefix), ("ball_id", item.ball_id)):
        if text:
            yield label, text
    yield "size", f"{human_size(item.size)} ({item.size:,} bytes)"
    if item.width:
        yield "picture", f"{item.width} × {item.height}"
    yield "length", length(item)
    if item.frame_count:
        yield "frames", f"{item.frame_count:,}" + (f" at {item.fps:g} fps" if item.fps else "")
    if item.delay_ms:
        yield "delay", f"{item.delay_ms:g} ms"
    if item.codec:
        yield "codec", item.codec
    yield "type", item.mime
    yield "blake3", item.hash
    if details.sha256:
        yield "sha256", details.sha256
    yield "added", human_date(item.added_at)
    if item.removed_at is not None:
        yield "in the trash since", human_date(item.removed_at)
    if item.damaged:
        yield "damaged", item.damaged
    yield from _more_lines(details)


def _more_lines(details: "ItemDetails") -> Iterator[tuple[str, str]]:
    for first, last in details.gaps:
        yield "missing", f"frame {first}" if first == last else f"frames {first} to {last}"
    for tag in details.item.tags:
        yield "tag", tag
    for name, value in (details.meta or {}).items():
        yield f"meta {name}", _value(value)
    for name, value in details.facts.items():
        if value not in (None, "", 0, False):
            yield name.replace("_", " "), _value(value)
    for mark in details.bookmarks:
        yield f"frame {mark.frame}", mark.note or "bookmark"
    for alias in details.aliases:
        yield "known from", f"{alias.source}  ({human_date(alias.first_seen)})"


def _value(value: Any) -> str:
    return "yes" if value is True else str(value)


def verify(ctx: typer.Context) -> None:
    """Check every stored file against its hash.

    Reads all of them again and holds catalog and files against each other. What is found is
    said, and nothing is changed. Exit code 1 when something was found.
    """
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    run = session(ctx)
    found = 0
    with run.open() as library, ProgressLine(run.output) as line:
        checked = library.stats().blobs

        def report(done: int, total: int) -> None:
            line.show(done, total, f"{done:,} of {total:,} stored files")

        for finding in library.verify(on_progress=report):
            found += 1
            where = finding.path or finding.hash
            text = f"{finding.problem:<10}  {where}  {finding.detail}"
            run.output.record(asdict(finding), plain(text))
    files = count(checked, "stored file")
    if found:
        run.output.note(f"{files} checked; {count(found, 'problem')} found. Nothing was changed.")
        raise typer.Exit(Code.FAILED)
    run.output.note(f"{files} checked; all is well.")
