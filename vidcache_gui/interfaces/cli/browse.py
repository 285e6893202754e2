"""``list``, ``search``, ``buckets``, ``tags``, ``stats``: what is in the library."""

from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, count, human_size, plain
from vidcache_gui.interfaces.cli.session import Session, session
from vidcache_gui.media.types import Kind

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Item, Query


class Sort(StrEnum):
    ADDED = "added"
    NAME = "name"
    SIZE = "size"
    DURATION = "duration"
    FRAMES = "frames"


Bucket = Annotated[
    str | None, typer.Option("--bucket", metavar="NAME", help="Only what is in this bucket.")
]
Prefix = Annotated[
    str | None,
    typer.Option("--prefix", metavar="LABEL", help="Only this prefix and what is below it."),
]
OnlyKind = Annotated[Kind | None, typer.Option("--kind", help="Only this kind.")]
Tag = Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Only what has this tag.")]
Damaged = Annotated[bool, typer.Option("--damaged", help="Only what could not be read whole.")]
Trash = Annotated[bool, typer.Option("--trash", help="What is in the trash instead.")]
SortBy = Annotated[
    Sort, typer.Option("--sort", help="The order: names from A, all else largest or latest first.")
]
Reverse = Annotated[bool, typer.Option("--reverse", help="The other way round.")]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many items.")
]


def register(app: typer.Typer) -> None:
    app.command(
        "list",
        epilog=example(
            "vidcache list --bucket videos --sort size --limit 20",
            "vidcache list --trash",
            "vidcache --json list --kind frames | jq -r .ball_id",
        ),
    )(list_items)
    app.command(
        epilog=example(
            "vidcache search holiday beach",
            'vidcache search "kind:gif longer:10s"',
            "vidcache search tag:draft larger:100mb --sort size",
        )
    )(search)
    app.command(epilog=example("vidcache buckets"))(buckets)
    app.command(epilog=example("vidcache tags"))(tags)
    app.command(epilog=example("vidcache stats", "vidcache --json stats | jq .bytes"))(stats)


def list_items(
    ctx: typer.Context,
    bucket: Bucket = None,
    prefix: Prefix = None,
    kind: OnlyKind = None,
    tag: Tag = None,
    damaged: Damaged = False,
    trash: Trash = False,
    sort: SortBy = Sort.ADDED,
    reverse: Reverse = False,
    limit: Limit = None,
) -> None:
    """List items, the latest first."""
    from vidcache_gui.core.records import Query

    query = Query(
        bucket=bucket, prefix=prefix, kind=kind, tag=tag, damaged=damaged,
        trash=trash, sort=sort.value, descending=(sort is Sort.NAME) == reverse,
    )  # fmt: skip
    show_query(session(ctx), query, limit)


def search(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT",
            help="Words that names, tags, details and sources must have, each at least at the "
            "start of a word; and bucket:, prefix:, kind:, tag:, hash:, longer:10s, shorter:2min, "
            "larger:5mb, smaller:1gb, wider:1280, taller:720, is:damaged.",
        ),
    ],
    bucket: Bucket = None,
    prefix: Prefix = None,
    kind: OnlyKind = None,
    tag: Tag = None,
    damaged: Damaged = False,
    trash: Trash = False,
    sort: SortBy = Sort.ADDED,
    reverse: Reverse = False,
    limit: Limit = None,
) -> None:
    """Find items by words and by what they are."""
    from vidcache_gui.core.records import Query

    query = Query(
        text=" ".join(words), bucket=bucket, prefix=prefix, kind=kind, tag=tag,
        damaged=damaged, trash=trash, sort=sort.value, descending=(sort is Sort.NAME) == reverse,
    )  # fmt: skip
    show_query(session(ctx), query, limit)


def show_query(run: Session, query: "Query", limit: int | None) -> None:
    """Print what a query finds, page by page."""
    from vidcache_gui.interfaces.cli.items import (
        ITEM_COLUMNS,
        ITEM_HEADING,
        item_cells,
        item_record,
    )

    columns = Columns(ITEM_COLUMNS)
    with run.open() as library:
        number = 0
        for page in _pages(library, query, limit):
            rows = [item_cells(item) for item in page]
            columns.fit([ITEM_HEADING, *rows])
            if not number:
                run.output.heading(columns.line(ITEM_HEADING))
            for item, row in zip(page, rows, strict=True):
                run.output.record(item_record(item), columns.line(row))
            number += len(page)
        if not number and not run.output.as_json:
            run.output.note("Nothing fits." if query.text else "There is nothing here.")


def _pages(library: "Library", query: "Query", limit: int | None) -> "Iterator[list[Item]]":
    listing = library.listing(query)
    left = listing.count if limit is None else min(limit, listing.count)
    for anchor in listing.anchors:
        if left <= 0:
            return
        page = library.page(query, anchor, min(left, listing.page_size))
        left -= listing.page_size
        if page:
            yield page


def buckets(ctx: typer.Context) -> None:
    """List buckets and their prefixes with the number of items."""
    run = session(ctx)
    with run.open() as library:
        for bucket in library.buckets():
            lines = [f"{bucket.name}  {count(bucket.count, 'item')}"]
            lines += [f"  {prefix}  {count(number, 'item')}" for prefix, number in bucket.prefixes]
            run.output.record(
                {"bucket": bucket.name, "items": bucket.count, "prefixes": dict(bucket.prefixes)},
                "\n".join(plain(line) for line in lines),
            )


def tags(ctx: typer.Context) -> None:
    """List tags with the number of items that have them."""
    run = session(ctx)
    with run.open() as library:
        for tag, number in library.tags():
            run.output.record(
                {"tag": tag, "items": number}, plain(f"{tag}  {count(number, 'item')}")
            )


def stats(ctx: typer.Context) -> None:
    """Count what is in the library."""
    run = session(ctx)
    with run.open() as library:
        values = asdict(library.stats())
    columns = Columns("<")
    columns.fit([(name, "") for name in values])
    lines = []
    for name, value in values.items():
        shown = f"{value:,}" + (f" ({human_size(value)})" if name == "bytes" else "")
        lines.append(columns.line((name, shown)))
    run.output.record(values, "\n".join(lines))
