"""The part of :class:`core.library.Library` that synchronising needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.database import Database
from vidcache_gui.core.growing import Settling
from vidcache_gui.core.intake import Intake

if TYPE_CHECKING:
    from vidcache_gui.core.sync.folder import FolderPair
    from vidcache_gui.core.sync.library import LibrarySide


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
        return FolderPair(self._database, self._blobs, self._intake, path)
