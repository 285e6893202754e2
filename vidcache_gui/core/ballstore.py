"""Balls one at a time: the half of :class:`core.library.Library` that storage clients use."""

import shutil
from collections.abc import Callable
from pathlib import Path

from vidcache_gui.core import balls, find, rows
from vidcache_gui.core.balls import BallFacts, Put
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.growing import Settling, group_kind, settle
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.intake import Intake
from vidcache_gui.core.locks import blob_lock
from vidcache_gui.core.records import Ball, Changes, Item
from vidcache_gui.errors import LibraryError


class Balls:
    """Every method may be called from any thread. What is in the trash is not there."""

    _intake: Intake
    _blobs: BlobStore
    _database: Database
    _settling: Settling
    _run: Path

    def remove(self, ids: list[int]) -> Changes:
        raise NotImplementedError

    def put_ball(
        self,
        incoming: Incoming,
        facts: BallFacts,
        also: Callable[[Put], object] | None = None,
    ) -> Put:
        """Store what has come in under its bucket and key, in the group of its ball_id.

        Durable at return. The same bytes again change nothing but what is said of them; other
        bytes take the place of the old ones, which go to the trash; that can be undone.
        ``also``: called in the same transaction, with what became of it.
        """
        with incoming:
            digests = incoming.digests()
            with blob_lock(self._run, exclusive=False):
                if not self._has(digests.blake3, digests.size):
                    self._blobs.commit([(incoming.draft, digests.blake3)])
                with self._database.write():
                    result = balls.put(
                        facts, digests, lambda: group_kind(self._blobs, digests.blake3, facts.tags)
                    )
                    if self._settling.changed(result.item_id):
                        rows.note_change("updated", [result.item_id])
                    if also is not None:
                        also(result)
        return result

    def _has(self, hash: str, size: int) -> bool:
        try:
            return self._blobs.path(hash).stat().st_size == size
        except FileNotFoundError:
            return False

    def describe_ball(self, facts: BallFacts) -> Ball | None:
        """Replace what is said of a ball (undoable); None when there is none under this key."""
        with self._database.write():
            return balls.describe(facts)

    def disable_ball(self, bucket: str, key: str) -> bool:
        """Flag a ball as not to be used any more (undoable); False when there is none."""
        with self._database.write():
            return balls.disable(bucket, key)

    def remove_ball(self, bucket: str, key: str) -> int:
        """Move one ball to the trash; how many that were (0 or 1).

        The last one takes its group along, with those that went before; till then they gather
        in a trashed group of their own. This can be undone.
        """
        with self._database.write():
            return int(balls.remove(bucket, key))

    def remove_group(self, bucket: str, ball_id: str) -> int:
        """Move a group to the trash (this can be undone); how many balls it has."""
        with self._database.read():
            item = find.group_item(bucket, ball_id)
            count = 0 if item is None else len(find.live_balls(bucket, ball_id))
        if item is None or item.removed_at is not None:
            return 0
        return count if self.remove([item.id]).removed else 0

    def ball(self, bucket: str, key: str) -> Ball | None:
        with self._database.read():
            return find.ball(bucket, key)

    def group(self, bucket: str, ball_id: str) -> list[Ball]:
        """The balls of a group in frame order; none when there is no such group."""
        with self._database.read():
            return find.live_balls(bucket, ball_id)

    def ball_page(
        self, bucket: str | None = None, after: int = 0, limit: int = 1000, skip: int = 0
    ) -> list[tuple[int, Ball]]:
        """Balls in the order they came, a page at a time, each with the key of the next page.

        ``skip``: leave out the first ones.
        """
        with self._database.read():
            return find.ball_page(bucket, after, limit, skip)

    def count_balls(self) -> int:
        with self._database.read():
            return find.count_balls()

    def group_of(self, bucket: str, ball_id: str) -> Item | None:
        """The item of a group, in the trash or not."""
        with self._database.read():
            return find.group_item(bucket, ball_id)

    def settle_groups(self) -> None:
        """Look at groups that grow as soon as they are quiet, from now on until closed."""
        self._settling.start()

    def settle_group(self, item_id: int) -> None:
        """Look at a group now, all of whose balls have come. Raises UserError."""
        while not settle(self._intake, item_id):
            pass  # it changed while it was looked at

    def disk_usage(self) -> tuple[int, int, int]:
        """(all, used, free) bytes of the disk the blobs are on. Raises LibraryError."""
        try:
            usage = shutil.disk_usage(self._blobs.folder)
        except OSError as error:
            raise LibraryError(
                f"The library's folder cannot be read ({error.strerror}). Is its disk there?"
            ) from error
        return usage.total, usage.used, usage.free
