"""What changes only the catalog: tags, and moving to the trash. Hundreds in one transaction.

All changes of one job are one undoable step, see :func:`core.journal.go_on`. They are made in
the transaction that records their items as done, so none is made twice.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import journal, rows
from vidcache_gui.core.bulk.lookup import ITEM_COLUMNS, Lookup, names_ball
from vidcache_gui.core.bulk.records import BulkItem, BulkResult, BulkStatus, Outcome
from vidcache_gui.core.bulk.store import Store
from vidcache_gui.core.catalog import BulkJobRow
from vidcache_gui.core.patches import Patch, Settings
from vidcache_gui.errors import UserError

if TYPE_CHECKING:
    from vidcache_gui.core.library import Library


class _Joined:
    """Items in their order; each adds to one set of settings, or says why not."""

    def __init__(self, library: "Library", store: Store) -> None:
        self.library = library
        self.store = store

    def add_to(self, settings: Settings, item: BulkItem, lookup: Lookup, now: int) -> Outcome:
        raise NotImplementedError

    def run(self, item: BulkItem, stop: CancelToken, progress: Callable[[int], None]) -> Outcome:
        stop.check()
        done = self.run_joined([item], False)[0]
        if done.status is BulkStatus.FAILED:
            raise UserError(done.reason)
        return Outcome(done.status, done.reason, done.size, done.item_id, done.path)

    def run_joined(self, items: Sequence[BulkItem], stop_on_failure: bool) -> list[BulkResult]:
        done: list[tuple[BulkItem, Outcome]] = []
        with self.store.database.write():
            lookup = Lookup(self.library, [item.options for item in items])
            settings: Settings = {}
            now = rows.now_ms()
            for item in items:
                try:
                    outcome = self.add_to(settings, item, lookup, now)
                except UserError as error:
                    outcome = Outcome(BulkStatus.FAILED, str(error))
                done.append((item, outcome))
                if stop_on_failure and outcome.status is BulkStatus.FAILED:
                    break
            self._change(items[0].job_id, Patch.of(settings))
            return self.store.finish_all(done)

    def _change(self, job_id: int, patch: Patch) -> None:
        job = BulkJobRow.get_by_id(job_id)
        _, step = journal.go_on(job.step, journal_label(job.name), patch)
        if step != job.step:
            BulkJobRow.update(step=step).where(BulkJobRow.id == job_id).execute()


class Tag(_Joined):
    """Put tags on items, and take tags off."""

    name = "tag"
    columns: ClassVar[Mapping[str, bool]] = {**ITEM_COLUMNS, "tags": False, "untag": False}

    def check(self, item: BulkItem) -> str:
        found = Lookup(self.library).item(item.options)
        on, off = self._tags(item)
        words = []
        if on:
            words.append(f"put {_tags_in_words(on)} on")
        if off:
            words.append(f"take {_tags_in_words(off)} off")
        text = " and ".join(words)
        return f"{text[0].upper()}{text[1:]} '{found.name}'"

    def add_to(self, settings: Settings, item: BulkItem, lookup: Lookup, now: int) -> Outcome:
        on, off = self._tags(item)
        found = lookup.item(item.options)
        wanted = {("tag", found.id, tag): tag in on for tag in (*on, *off)}
        if all(settings.get(key, key[2] in found.tags) == has for key, has in wanted.items()):
            return Outcome(BulkStatus.SKIPPED, "Its tags are so already.", item_id=found.id)
        settings.update(wanted)
        return Outcome(item_id=found.id)

    def _tags(self, item: BulkItem) -> tuple[list[str], list[str]]:
        on, off = (list(item.options.get(name) or ()) for name in ("tags", "untag"))
        if not on and not off:
            raise UserError("It does not say which tags.")
        if both := set(on) & set(off):
            raise UserError(f"The tag '{min(both)}' is to be put on and taken off.")
        return on, off


class Delete(_Joined):
    """Move items, or single frames of groups, to the trash."""

    name = "delete"
    columns: ClassVar[Mapping[str, bool]] = {**ITEM_COLUMNS, "key": False}

    def check(self, item: BulkItem) -> str:
        if names_ball(item.options):
            bucket, key = _ball_of(item)
            if self.library.ball(bucket, key) is None:
                raise UserError(f"There is no frame '{bucket}/{key}'.")
            return f"Move the frame '{bucket}/{key}' to the trash"
        return f"Move '{Lookup(self.library).item(item.options).name}' to the trash"

    def add_to(self, settings: Settings, item: BulkItem, lookup: Lookup, now: int) -> Outcome:
        if names_ball(item.options):
            bucket, key = _ball_of(item)
            if not self.library.remove_ball(bucket, key):
                raise UserError(f"There is no frame '{bucket}/{key}'.")
            return Outcome()
        found = lookup.item(item.options)
        field = ("field", found.id, "removed_at")
        if found.removed_at is not None or field in settings:
            return Outcome(BulkStatus.SKIPPED, "It is in the trash already.", item_id=found.id)
        settings[field] = now
        return Outcome(item_id=found.id)


def _ball_of(item: BulkItem) -> tuple[str, str]:
    bucket, key = item.options.get("bucket"), item.options.get("key")
    if not bucket or not key:
        raise UserError("A frame to delete is named by bucket and key.")
    return str(bucket), str(key)


def _tags_in_words(tags: list[str]) -> str:
    names = ", ".join(f"'{tag}'" for tag in tags)
    return f"the {'tag' if len(tags) == 1 else 'tags'} {names}"


def journal_label(name: str) -> str:
    return f"Bulk job '{name}'"
