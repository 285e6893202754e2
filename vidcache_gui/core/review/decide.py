"""The acts of a review: each is one step in the journal, and counts the groups it settled."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from peewee import fn

from vidcache_gui.core import journal, rows
from vidcache_gui.core.catalog import Journal, SkipRow
from vidcache_gui.core.database import Database
from vidcache_gui.core.patches import Patch
from vidcache_gui.core.records import Changes
from vidcache_gui.core.review import layout, merge, queue, settings
from vidcache_gui.core.review.records import MergeRules, Plan, Warned
from vidcache_gui.errors import UserError


@contextmanager
def settling(database: Database) -> Iterator[None]:
    """One transaction around changes; they are told how many groups they settled."""
    with database.write():
        layout.settle()
        before = layout.count()
        last = Journal.select(fn.MAX(Journal.id)).scalar() or 0
        yield
        layout.settle()
        settled = before - layout.count()
        if settled > 0:
            Journal.update(settled=settled).where(Journal.id > last).execute()


def keep(
    database: Database,
    keep_id: int,
    drop_ids: Sequence[int],
    rules: MergeRules | None,
    despite: Collection[Warned],
) -> Changes:
    """See :meth:`core.review.facade.Review.keep`."""
    with settling(database):
        plan = merge.plan(keep_id, drop_ids, rules or settings.merge_rules())
        refuse(plan, despite)
        return journal.change(database, label(plan), lambda: merge.patch(plan, rows.now_ms()))


def refuse(plan: Plan, despite: Collection[Warned] = ()) -> None:
    """Raises UserError, in the words of the warnings that nobody has said yes to."""
    asked = [one for one in plan.blocking if one.kind not in despite]
    if asked:
        said = " ".join(dict.fromkeys(one.text for one in asked))
        raise UserError(f"{said} Nothing was changed.")


def label(plan: Plan) -> str:
    if len(plan.drop) == 1:
        return f"Keep '{plan.keep.name}', remove '{plan.drop[0].name}'"
    return f"Keep '{plan.keep.name}', remove {len(plan.drop):,} others"


def skip(database: Database, key: str, *, skipped: bool) -> Changes:
    with settling(database):
        group = queue.one(key)
        if group is None:
            raise UserError("This group is no longer in the queue: it is decided.")
        if not skipped and not SkipRow.select().where(SkipRow.key == key).exists():
            raise UserError("This group was not skipped.")
        at = rows.now_ms() if skipped else None
        said = f"{'Skip' if skipped else 'Put back'} '{group.keeper.name}'"
        return journal.change(database, said, lambda: Patch(skips=[(key, at)]))
