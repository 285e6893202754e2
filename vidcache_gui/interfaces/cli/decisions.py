"""``mark``, ``unmark`` and ``decisions``: what people said of two items."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import human_date, plain
from vidcache_gui.interfaces.cli.session import session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.similar.records import Decision

MOST = 1_000_000  # decisions looked through for one about something deleted
SHORTEST = 4  # characters that a hash is known by

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
        str, typer.Argument(metavar="VERDICT", help="'not a match', 'keep both' or 'linked'.")
    ],
) -> None:
    """Say that two items are not a match, or both stay.

    Kept for these contents for ever, also when they are removed and come back. Can be undone.
    """
    try:
        said = Verdict(verdict.replace("-", " ").strip().lower())
    except ValueError as error:
        raise typer.BadParameter(
            "say 'not a match', 'keep both' or 'linked'", param_hint="VERDICT"
        ) from error
    _decide(ctx, a, b, said)


def unmark(ctx: typer.Context, a: ItemArgument, b: ItemArgument) -> None:
    """Take back what was said of two items. Can be undone.

    An item that was deleted for good is named as 'decisions' shows it, or by its hash.
    """
    run = session(ctx)
    with run.open() as library:
        gone = _about_deleted(library, a, b)
        if gone is not None:
            changes = library.withdraw(gone)
            record = {"a": gone.hash_a, "b": gone.hash_b, "verdict": None, "changed": bool(changes)}
            run.output.record(record, plain(changes.label))
            return
    _decide(ctx, a, b, None)


def _about_deleted(library: "Library", a: str, b: str) -> "Decision | None":
    """What was said of these two, where at least one of them is no longer here."""
    sides = _hash(library, a), _hash(library, b)
    if None not in sides:
        return None
    for said in library.decisions(limit=MOST):
        for one, two in ((said.hash_a, said.hash_b), (said.hash_b, said.hash_a)):
            if all(
                hash == known if known is not None else _is_named(library, hash, text)
                for hash, known, text in zip((one, two), sides, (a, b), strict=True)
            ):
                return said
    return None


def _hash(library: "Library", text: str) -> str | None:
    from vidcache_gui.interfaces.cli.items import find_item

    try:
        return find_item(library, text).hash
    except UserError:
        return None


def _is_named(library: "Library", hash: str, text: str) -> bool:
    return (len(text) >= SHORTEST and hash.startswith(text)) or library.deleted_name(hash) == text


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
    try:
        found = library.find(hash)
    except UserError:
        name = library.deleted_name(hash)
        return f"{hash[:12]} {name} (deleted)" if name else hash[:12]
    return f"#{found.id} {found.name}"
