"""``mark``, ``unmark`` and ``decisions``: what people said of two items."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_date, plain
from vidcache_gui.interfaces.cli.session import session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library

ItemArgument = Annotated[
    str, typer.Argument(metavar="ITEM", help="Which item; see vidcache --help.")
]


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example('vidcache mark 12 31 "not a match"', "vidcache mark 12 31 keep-both")
    )(mark)
    app.command(epilog=example("vidcache unmark 12 31"))(unmark)
    app.command(epilog=example("vidcache decisions --item 12", "vidcache --json decisions"))(
        decisions
    )


def mark(
    ctx: typer.Context,
    a: ItemArgument,
    b: ItemArgument,
    verdict: Annotated[
        str, typer.Argument(metavar="VERDICT", help="'not a match' or 'keep both'.")
    ],
) -> None:
    """Say that two items are not a match, or both stay.

    Kept for these contents for ever, also when they are removed and come back. Can be undone.
    """
    try:
        said = Verdict(verdict.replace("-", " ").strip().lower())
    except ValueError as error:
        raise typer.BadParameter(
            "say 'not a match' or 'keep both'", param_hint="VERDICT"
        ) from error
    _decide(ctx, a, b, said)


def unmark(ctx: typer.Context, a: ItemArgument, b: ItemArgument) -> None:
    """Take back what was said of two items. Can be undone."""
    _decide(ctx, a, b, None)


def _decide(ctx: typer.Context, a: str, b: str, verdict: Verdict | None) -> None:
    from vidcache_gui.interfaces.cli.items import find_item

    run = session(ctx)
    with run.open() as library:
        one, two = find_item(library, a), find_item(library, b)
        if verdict is None:
            changes = library.unmark(one.id, two.id)
        else:
            changes = library.mark(one.id, two.id, verdict)
    text = changes.label if changes else "Nothing was changed: it was like this already."
    record = {
        "a": one.id, "b": two.id, "verdict": None if verdict is None else verdict.value,
        "changed": bool(changes),
    }  # fmt: skip
    run.output.record(record, plain(text))


def decisions(
    ctx: typer.Context,
    item: Annotated[
        str | None, typer.Option("--item", metavar="ITEM", help="Only about this item.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help="At most so many.")
    ] = 100,
) -> None:
    """List what people said of pairs of items, the latest first."""
    from vidcache_gui.interfaces.cli.items import find_item

    run = session(ctx)
    with run.open() as library:
        chosen = None if item is None else find_item(library, item).id
        for said in library.decisions(item=chosen, limit=limit):
            names = [_name(library, hash) for hash in (said.hash_a, said.hash_b)]
            record = {
                "hash_a": said.hash_a, "hash_b": said.hash_b, "verdict": said.verdict.value,
                "at": said.at,
            }  # fmt: skip
            text = f"{human_date(said.at)}  {said.verdict.value:<11}  {names[0]}  {names[1]}"
            run.output.record(record, plain(text))


def _name(library: "Library", hash: str) -> str:
    """The item with this content, or what there is of its hash where none is here now."""
    from vidcache_gui.errors import UserError

    try:
        found = library.find(hash)
    except UserError:
        return hash[:12]
    return f"#{found.id} {found.name}"
