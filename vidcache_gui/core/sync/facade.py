"""The part of :class:`core.library.Library` that synchronising needs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import balls
from vidcache_gui.core.balls import BallFacts, Put
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.growing import Settling
from vidcache_gui.core.incoming import Incoming
from vidcache_gui.core.intake import Intake

if TYPE_CHECKING:
    from vidcache_gui.core.sync.folder import FolderPair
    from vidcache_gui.core.sync.library import LibrarySide
    from vidcache_gui.core.sync.local import LocalBall, LocalItem


class Syncing:
    """Libraries as sides of a synchronisation; see :mod:`core.sync.plan`."""

    path: Path
    _database: Database
    _blobs: BlobStore
    _intake: Intake
    _settling: Settling
    _run: Path

    def side(self) -> "LibrarySide":
        """This library as one side."""
        from vidcache_gui.core.sync.library import LibrarySide

        return LibrarySide(
            self.path.name, self._database, self._blobs, self._intake, self._settling, self._run
        )

    def with_folder(self, folder: str | Path) -> "FolderPair":
        """This library and a plain folder, to be synchronised."""
        from vidcache_gui.core.sync.folder import FolderPair

        path = Path(folder).expanduser().absolute()
        return FolderPair(self.path.name, self._database, self._blobs, self._intake, path)

    def local_balls(
        self, bucket: str | None = None, after: int = 0, limit: int = 500
    ) -> "tuple[list[LocalBall], int]":
        """A page of the balls that are shown, and where the next one begins."""
        from vidcache_gui.core.sync import local

        return local.balls(self._database, bucket, after, limit)

    def local_balls_at(self, bucket: str, keys: Sequence[str]) -> "dict[str, LocalBall]":
        """Those of these balls that are shown, by key."""
        from vidcache_gui.core.sync import local

        return local.balls_at(self._database, bucket, keys)

    def keep_aside(self, incoming: Incoming, facts: BallFacts) -> None:
        """Store what is about to be lost elsewhere, in the trash."""
        self.put_ball(incoming, facts, lambda put: balls.remove(facts.bucket, facts.key))

    def put_ball(
        self,
        incoming: Incoming,
        facts: BallFacts,
        also: Callable[[Put], object] | None = None,
    ) -> Put:
        raise NotImplementedError

    def local_files(
        self, bucket: str | None = None, *, sha256: bool = False, stop: CancelToken | None = None
    ) -> "list[LocalItem]":
        """Every stored file that is shown; ``sha256``: with that hash, for which files whose is
        not known yet are read. Raises UserError, Cancelled."""
        from vidcache_gui.core.sync import local

        found = local.files(self._database, bucket)
        if not sha256:
            return found
        stop = stop or CancelToken()
        named = []
        for one in found:
            stop.check()
            sum = one.sha256 or local.name_sha256(self._database, self._blobs, one.hash, stop)
            named.append(replace(one, sha256=sum))
        return named

    def deleted_sha256(self, sha256: str) -> int | None:
        """When the item with this content went to the trash, if it is there."""
        from vidcache_gui.core.sync import local

        return local.deleted(self._database, sha256)
