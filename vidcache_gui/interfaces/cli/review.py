"""``review``, ``decide`` and ``rules``: deciding about same footage."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcache_gui.core.review.records import ReviewFilter, Warned
from vidcache_gui.interfaces.cli.help import example
from vidcache_gui.interfaces.cli.output import Columns, count, human_size, plain
from vidcache_gui.interfaces.cli.session import Session, session
from vidcache_gui.matching.records import Relation, Tier

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library
    from vidcache_gui.core.records import Changes
    from vidcache_gui.core.review.records import Plan, ReviewGroup

PAGE = 100


def register(app: typer.Typer) -> None:
    app.command(
        epilog=example("vidcache review", "vidcache review --tier certain --same-length --json")
    )(review)
    app.command(
        epilog=example(
            "vidcache decide 12 31 40 --dry-run", "vidcache decide 12 31",
            "vidcache decide 12 31 --keep-both", "vidcache decide 31 12 --link",
            "vidcache decide --undo 7",
        )
    )(decide)  # fmt: skip
    app.command(
        epilog=example(
            "vidcache rules", "vidcache rules add same.toml", "vidcache rules run same --dry-run",
        )
    )(rules)  # fmt: skip


def review(
    ctx: typer.Context,
    tier: Annotated[Tier | None, typer.Option("--tier", help="Only matches this sure.")] = None,
    relation: Annotated[
        Relation | None, typer.Option("--relation", help="Only matches of this kind.")
    ] = None,
    bucket: Annotated[
        str | None, typer.Option("--bucket", metavar="NAME", help="Only with an item in it.")
    ] = None,
    same_length: Annotated[
        bool, typer.Option("--same-length", help="Only where lengths are at most 1 % apart.")
    ] = False,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Part of where an item came from.")
    ] = "",
    text: Annotated[
        str, typer.Option("--text", metavar="QUERY", help="Only with an item a search finds.")
    ] = "",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many groups.")
    ] = None,
) -> None:
    """List what shows the same and waits for a decision.

    Each group is an item and those that match it. The surest come first, skipped groups last.
    """
    run = session(ctx)
    filter = ReviewFilter(relation, tier, bucket, same_length, source, text)
    shown, after = 0, None
    with run.open() as library:
        progress = library.review_progress(filter)
        while limit is None or shown < limit:
            room = PAGE if limit is None else min(PAGE, limit - shown)
            groups = library.review_groups(filter, after=after, limit=room)
            for group in groups:
                run.output.record(_group_record(group), _group_text(group))
            shown += len(groups)
            if len(groups) < room:
                break
            after = groups[-1].place
    run.output.note(
        f"{count(progress.left, 'group')} to decide, {progress.decided:,} decided; "
        f"about {human_size(progress.frees)} could be freed."
    )


def _group_record(group: "ReviewGroup") -> dict[str, Any]:
    from vidcache_gui.interfaces.cli.matches import item_name, match_record

    return {
        "key": group.key, "relation": group.relation.value, "tier": group.tier.value,
        "frees": group.frees, "skipped": group.skipped, "keeper": item_name(group.keeper),
        "members": [
            {"item": item_name(one.item_b), **match_record(one.match)} for one in group.members
        ],
    }  # fmt: skip


def _group_text(group: "ReviewGroup") -> str:
    columns = Columns("<<>")
    skipped = "  [skipped]" if group.skipped else ""
    head = f"#{group.keeper.id} {group.keeper.name}{skipped}  {group.key}"
    lines = [plain(head)]
    for one in group.members:
        match = one.match
        cells = (match.tier.value, match.relation.value, f"{match.score:.2f}",
                 f"#{one.item_b.id} {one.item_b.name}")  # fmt: skip
        lines.append("  " + columns.line(cells))
    return "\n".join(lines)


def decide(
    ctx: typer.Context,
    items: Annotated[
        list[str] | None, typer.Argument(metavar="KEEP DROP…", help="The one that stays first.")
    ] = None,
    keep_both: Annotated[
        bool, typer.Option("--keep-both", help="They show the same, and all of them stay.")
    ] = False,
    not_a_match: Annotated[
        bool, typer.Option("--not-a-match", help="They do not show the same.")
    ] = False,
    link: Annotated[
        bool, typer.Option("--link", help="The first is an excerpt of the second; both stay.")
    ] = False,
    skip: Annotated[
        str | None, typer.Option("--skip", metavar="KEY", help="Put a group to the end.")
    ] = None,
    unskip: Annotated[
        str | None, typer.Option("--unskip", metavar="KEY", help="Put it back to its place.")
    ] = None,
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="N", help="Take back change N of the history.")
    ] = None,
    redo: Annotated[
        int | None, typer.Option("--redo", metavar="N", help="Make change N again.")
    ] = None,
    despite: Annotated[
        list[Warned] | None, typer.Option("--despite", help="Go on despite this warning.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what keeping one would do.")
    ] = False,
) -> None:
    """Keep the first item, merging the others into it.

    The others go to the trash, and nothing is deleted before that is emptied. Or say something
    else of them. Each is one change and can be undone in any order. What would be lost for
    good, or is protected, is refused unless --despite names it.
    """
    from vidcache_gui.interfaces.cli.items import find_items

    flags = [keep_both, not_a_match, link, dry_run]
    options = [one for one in (skip, unskip, undo, redo) if one is not None]
    if sum(flags) + len(options) > 1 or (options and items):
        raise typer.BadParameter("say one thing at a time")
    run = session(ctx)
    with run.open() as library:
        if options:
            verbs: list[tuple[Any, Any]] = [
                (skip, library.skip), (unskip, library.unskip), (undo, library.undo_entry),
                (redo, library.redo_entry),
            ]  # fmt: skip
            done = [verb(value) for value, verb in verbs if value is not None]
            _tell(run, done[0])
            return
        ids = [item.id for item in find_items(library, items or [])]
        if len(ids) < 2 or (link and len(ids) != 2):
            wanted = "two items" if any(flags[:3]) else "the item that stays, then those that go"
            raise typer.BadParameter(f"name {wanted}")
        if dry_run:
            plan = library.plan_keep(ids[0], ids[1:])
            run.output.record(plan_record(plan), plan_text(plan))
        elif any(flags[:3]):
            say = library.link if link else library.keep_both
            _tell(run, (library.not_a_match if not_a_match else say)(*ids))
        else:
            _tell(run, library.keep(ids[0], ids[1:], despite=despite or ()))


def _tell(run: Session, changes: "Changes") -> None:
    text = changes.label if changes or changes.note else "Nothing was changed: it was so already."
    record = {
        "label": changes.label, "added": list(changes.added), "removed": list(changes.removed),
        "updated": list(changes.updated), "note": changes.note, "changed": bool(changes),
    }  # fmt: skip
    run.output.record(record, plain(text))
    if changes.note:
        run.output.note(changes.note)


def plan_record(plan: "Plan") -> dict[str, Any]:
    from vidcache_gui.interfaces.cli.matches import item_name

    values = asdict(plan)
    return values | {
        "keep": item_name(plan.keep), "drop": [item_name(item) for item in plan.drop],
    }  # fmt: skip


def plan_text(plan: "Plan") -> str:
    lines = [f"keep    #{plan.keep.id} {plan.keep.name}"]
    lines += [f"remove  #{item.id} {item.name}" for item in plan.drop]
    lines += [f"  tag: {tag}" for tag in plan.add_tags]
    lines += [f"  came from: {one.source}" for one in plan.add_aliases]
    lines += [f"  {one.key}: {one.new}" for one in plan.meta_changes]
    lines += [f"  bookmark at {one.frame}: {one.note}" for one in plan.bookmarks_added]
    lines += [f"  {name}: {value}" for name in ("name", "bucket", "prefix")
              if (value := getattr(plan, name)) is not None]  # fmt: skip
    lines += [f"  {note}" for note in plan.notes]
    lines += [f"  warning ({one.kind.value}): {one.text}" for one in plan.warnings]
    lines.append(f"  {plan.frees_note}")
    return "\n".join(plain(line) for line in lines)


def rules(
    ctx: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="[list|show|add|remove|run]", help="What to do.")
    ] = "list",
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME|FILE]", help="Which rule; with add a file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With run: only show what would be done.")
    ] = False,
) -> None:
    """List, show, add, remove or run rules that decide.

    They act on certain matches only. A rule is a TOML file; 'show' prints one. All that a run
    does is one change and can be undone.
    """
    run = session(ctx)
    if action not in ("list", "show", "add", "remove", "run"):
        raise typer.BadParameter("say list, show, add, remove or run")
    if action != "list" and name is None:
        raise typer.BadParameter("name a rule, or with add a file")
    with run.open() as library:
        if action == "add":
            _add(run, library, Path(name or ""))
        elif action == "remove":
            library.delete_rule(name or "")
            run.output.record({"name": name, "removed": True}, plain(f"Removed '{name}'."))
        elif action == "run":
            _run(run, library, name or "", dry_run)
        else:
            _show(run, library, name)


def _add(run: Session, library: "Library", path: Path) -> None:
    from vidcache_gui.core.review.rulefile import from_toml
    from vidcache_gui.errors import UserError

    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"'{path}' cannot be read as a rule ({error}).") from error
    rule = from_toml(text)
    library.save_rule(rule)
    run.output.record({"name": rule.name, "added": True}, plain(f"Added '{rule.name}'."))


def _show(run: Session, library: "Library", name: str | None) -> None:
    from vidcache_gui.core.review.rulefile import to_toml

    found = library.rules() if name is None else [library.rule(name)]
    for rule in found:
        text = to_toml(rule)
        arrivals = "  (acts on what comes in)" if rule.on_arrival else ""
        record = {"name": rule.name, "on_arrival": rule.on_arrival, "toml": text}
        shown = f"{rule.name}{arrivals}" if name is None else text.rstrip()
        run.output.record(record, "\n".join(plain(line) for line in shown.split("\n")))


def _run(run: Session, library: "Library", name: str, dry_run: bool) -> None:
    from vidcache_gui.interfaces.cli.progress import ProgressLine

    with ProgressLine(run.output) as line:
        report = library.dry_run(
            library.rule(name), lambda done, total: line.show(done, total, "groups looked at")
        )
        changes = None
        if report.acts and not dry_run:
            changes = library.apply(report, lambda done, total: line.show(done, total, "acts"))
    for plan in report.acts if dry_run else ():
        run.output.record(plan_record(plan), plan_text(plan))
    said = "would go" if dry_run else "went"
    text = (
        f"{count(report.groups, 'group')} looked at; {count(report.removes, 'item')} {said} to the "
        f"trash, {human_size(report.frees)}."
    )
    for reason, number in report.passed_over:
        text += f"\n  {number:,} left: {reason}"
    run.output.record(
        {
            "rule": name, "groups": report.groups, "removes": report.removes,
            "frees": report.frees, "passed_over": dict(report.passed_over),
            "done": changes is not None, "label": changes.label if changes else None,
        },
        text,
    )  # fmt: skip
