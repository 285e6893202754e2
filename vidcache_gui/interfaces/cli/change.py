"""What people change: names, tags, places, the trash; and undoing it."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vidcache_gui.interfaces.cli.browse import show_query
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import count, human_date, human_size, plain
from vidcache_gui.interfaces.cli.session import Session, session

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Changes, Item

ItemArguments = Annotated[
    list[str], typer.Argument(metavar="ITEM", help="Which items; see vidcache --help.")
]


def register(app: typer.Typer) -> None:
    app.command(epilog=example("vidcache remove 12 13", "vidcache remove videos/video123"))(remove)
    app.command(epilog=example("vidcache restore 12"))(restore)
    app.command(epilog=example('vidcache rename 12 "Beach, evening"'))(rename)
    app.command(
        epilog=example(
            "vidcache tag 12 13 --add draft --add beach", "vidcache tag 12 --remove draft"
        )
    )(tag)
    app.command(epilog=example("vidcache move 12 13 --bucket archive --prefix 2026/summer"))(move)
    app.command(epilog=example("vidcache undo"))(undo)
    app.command(epilog=example("vidcache redo"))(redo)
    app.command(epilog=example("vidcache history", "vidcache history --limit 5"))(history)
    app.command(epilog=example("vidcache trash --list", "vidcache trash --empty --yes"))(trash)


def remove(ctx: typer.Context, items: ItemArguments) -> None:
    """Put items in the trash. Their bytes stay until it is emptied."""
    with session(ctx).open() as library:
        found, changes = _apply(library, items, library.remove)
    _tell(session(ctx), found, changes.removed, "removed", "was in the trash already")


def restore(ctx: typer.Context, items: ItemArguments) -> None:
    """Take items back out of the trash."""
    with session(ctx).open() as library:
        found, changes = _apply(library, items, library.restore)
    _tell(session(ctx), found, changes.added, "restored", "was not in the trash")


def _apply(
    library: "Library", texts: list[str], change: "Callable[[list[int]], Changes]"
) -> "tuple[list[Item], Changes]":
    from vidcache_gui.interfaces.cli.items import find_items

    found = find_items(library, texts)
    return found, change([item.id for item in found])


def _tell(
    run: Session, items: "list[Item]", done: tuple[int, ...], status: str, otherwise: str
) -> None:
    for item in items:
        changed = item.id in done
        record = {"id": item.id, "name": item.name, "hash": item.hash}
        record["status"] = status if changed else "unchanged"
        text = f"{status}  #{item.id} {item.name}"
        run.output.record(record, plain(text if changed else f"#{item.id} {item.name} {otherwise}"))


def rename(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Which item; see vidcache --help.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
) -> None:
    """Give an item another name. Its bytes and its sources stay as they are."""
    from vidcache_gui.interfaces.cli.items import find_item

    with session(ctx).open() as library:
        found = find_item(library, item)
        library.rename(found.id, name)
        _show_now(session(ctx), library, [found.id])


def tag(
    ctx: typer.Context,
    items: ItemArguments,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="TAG", help="Put this tag on; repeatable.")
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="TAG", help="Take this tag off; repeatable."),
    ] = None,
) -> None:
    """Put tags on items and take tags off."""
    if not add and not remove:
        raise typer.BadParameter("say what to --add or to --remove")
    with session(ctx).open() as library:
        found, _ = _apply(
            library, items, lambda ids: library.tag(ids, add=add or (), remove=remove or ())
        )
        _show_now(session(ctx), library, [item.id for item in found])


def move(
    ctx: typer.Context,
    items: ItemArguments,
    bucket: Annotated[
        str | None, typer.Option("--bucket", metavar="NAME", help="The bucket to put them in.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", metavar="LABEL", help="The label in the bucket.")
    ] = None,
) -> None:
    """Put items into another bucket or prefix. These are labels: no file moves."""
    if bucket is None and prefix is None:
        raise typer.BadParameter("say where to: --bucket, --prefix or both")
    with session(ctx).open() as library:
        found, _ = _apply(
            library, items, lambda ids: library.move(ids, bucket=bucket, prefix=prefix)
        )
        _show_now(session(ctx), library, [item.id for item in found])


def _show_now(run: Session, library: "Library", ids: list[int]) -> None:
    """The items as they are after a change."""
    from vidcache_gui.interfaces.cli.items import item_cells, item_record

    for item in library.items(ids):
        run.output.record(item_record(item), plain("  ".join(item_cells(item))))


def undo(ctx: typer.Context) -> None:
    """Take back the last change, whoever made it.

    Removing, restoring, renaming, tagging and moving can be undone, one after the other, in
    any later session. Emptying the trash cannot.
    """
    with session(ctx).open() as library:
        _tell_changes(session(ctx), library.undo())


def redo(ctx: typer.Context) -> None:
    """Make the change again that was taken back last."""
    with session(ctx).open() as library:
        _tell_changes(session(ctx), library.redo())


def _tell_changes(run: Session, changes: "Changes") -> None:
    record = {
        "label": changes.label,
        "added": list(changes.added),
        "removed": list(changes.removed),
        "updated": list(changes.updated),
    }
    run.output.record(record, plain(changes.label))


def history(
    ctx: typer.Context,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help="At most so many changes.")
    ] = 20,
) -> None:
    """List what can be undone or redone, the latest first."""
    run = session(ctx)
    with run.open() as library:
        for entry in library.history(limit):
            undone = "  (undone)" if entry.undone else ""
            run.output.record(
                asdict(entry), plain(f"{human_date(entry.at)}  {entry.label}{undone}")
            )


def trash(
    ctx: typer.Context,
    empty: Annotated[
        bool, typer.Option("--empty", help="Delete all that is in it for good.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List what is in it (the default).")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """List what is in the trash, or empty it. Only emptying deletes bytes, and for good."""
    from vidcache_gui.core.records import Query

    run = session(ctx)
    if empty and list_:
        raise typer.BadParameter("--list and --empty do not go together")
    if not empty:
        show_query(run, Query(trash=True), None)
        return
    with run.open() as library:
        number = library.stats().trashed
        if number and not yes:
            _confirm(number)
        changes, freed = library.empty_trash()
    text = f"Deleted {count(len(changes.removed), 'item')} for good; {human_size(freed)} freed."
    text = text if changes.removed else "The trash is empty."
    run.output.record({"removed": list(changes.removed), "freed": freed}, text)


def _confirm(number: int) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is here to be asked: add --yes to delete for good")
    typer.confirm(f"Delete {count(number, 'item')} for good? This cannot be undone.", abort=True)
