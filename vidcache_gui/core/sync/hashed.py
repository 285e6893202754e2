"""The files of a folder with their hashes; what was hashed once is not read again."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import rows
from vidcache_gui.core.database import Database
from vidcache_gui.core.discover import discover
from vidcache_gui.core.sync.elements import sql
from vidcache_gui.errors import UserError
from vidcache_gui.media.hashing import Digests, hash_file
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.sequence import plan_sequence

TRASH = ".vidcache-trash"
AT_ONCE = 64  # rows in one transaction


@dataclass(slots=True)
class LocalFile:
    """One file of a folder. ``hash`` is None where it was not needed yet."""

    path: str  # relative, with '/'
    size: int
    mtime_ns: int
    frames: str = ""  # the relative path of its folder, where that is one sequence
    hash: str | None = None
    sha256: str | None = None
    was_shared: bool = False
    problem: str = ""


class HashedFolder:
    """One folder as a library remembers it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self._database = database
        self._key = str(folder)
        self.hashed = 0  # files read by this object

    def files(self, stop: CancelToken) -> list[LocalFile]:
        """All files, with the hashes that are known; libraries and our own trash left out."""
        if not self.folder.is_dir():
            raise UserError(f"There is no folder '{self.folder}'.")
        known = self._known()
        found = []
        for file in self._walk(stop):
            row = known.get((file.path, file.size, file.mtime_ns))
            if row is not None:
                file.hash, file.sha256, file.was_shared = row
            found.append(file)
        return found

    def _walk(self, stop: CancelToken) -> Iterator[LocalFile]:
        ours: dict[str, bool] = {}
        for batch in discover(str(self.folder)):
            for found in batch:
                stop.check()
                if self._is_ours(os.path.dirname(found.source), ours):
                    continue
                if found.kind == "frames":
                    names = [entry.name for entry in os.scandir(found.source) if entry.is_file()]
                    for frame in plan_sequence(names).frames:
                        path = os.path.join(found.source, frame.name)
                        yield self._local(path, self._relative(found.source))
                elif found.problem:
                    path = self._relative(found.source)
                    yield LocalFile(path, 0, 0, problem=found.problem)
                else:
                    yield self._local(found.source, "")

    def _is_ours(self, folder: str, ours: dict[str, bool]) -> bool:
        """Whether a folder belongs to a library, or to what was put aside here."""
        if not folder.startswith(self._key) or folder == self._key:
            return False
        if folder not in ours:
            is_library = os.path.exists(os.path.join(folder, "catalog.db"))
            above = os.path.dirname(folder)
            put_aside = os.path.basename(folder) == TRASH
            ours[folder] = is_library or put_aside or self._is_ours(above, ours)
        return ours[folder]

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._key)

    def _local(self, path: str, frames: str) -> LocalFile:
        relative = self._relative(path)
        try:
            info = os.lstat(path)
        except OSError as error:
            return LocalFile(relative, 0, 0, frames, problem=str(error.strerror))
        return LocalFile(relative, info.st_size, info.st_mtime_ns, frames)

    def _known(self) -> dict[tuple[str, int, int], tuple[str, str | None, bool]]:
        with self._database.read():
            found = sql(
                "SELECT path, size, mtime_ns, blake3, sha256, shared FROM sync_file "
                "WHERE folder = ? AND gone_at IS NULL",
                self._key,
            )
        return {tuple(row[:3]): (row[3], row[4], bool(row[5])) for row in found}

    def hash(self, files: list[LocalFile], stop: CancelToken, *, sha256: bool = False) -> None:
        """Read those files whose hashes are not known, and remember these."""
        done: list[LocalFile] = []
        try:
            for file in files:
                stop.check()
                if file.problem or (file.hash and (file.sha256 or not sha256)):
                    continue
                try:
                    digests = self._read(file, stop, sha256)
                except UserError as error:
                    file.problem = str(error)
                    continue
                file.hash, file.sha256 = digests.blake3, digests.sha256
                done.append(file)
                if len(done) >= AT_ONCE:
                    self.remember(done)
                    done = []
        finally:
            self.remember(done)

    def _read(self, file: LocalFile, stop: CancelToken, sha256: bool) -> Digests:
        self.hashed += 1
        with open_regular(str(self.folder / file.path)) as source:
            return hash_file(source, token=stop, on_bytes=lambda _: None, sha256=sha256)

    def remember(self, files: list[LocalFile]) -> None:
        """Keep hashes; other contents that these paths had are gone."""
        if not files:
            return
        with self._database.write():
            for file in files:
                sql(
                    "UPDATE sync_file SET gone_at = ? WHERE folder = ? AND path = ? "
                    "AND blake3 <> ? AND gone_at IS NULL",
                    rows.now_ms(), self._key, file.path, file.hash,
                )  # fmt: skip
                sql(
                    "INSERT INTO sync_file (folder, path, blake3, sha256, size, mtime_ns, shared) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folder, path, blake3) DO UPDATE "
                    "SET size = excluded.size, mtime_ns = excluded.mtime_ns, gone_at = NULL, "
                    "sha256 = COALESCE(excluded.sha256, sha256), "
                    "shared = MAX(shared, excluded.shared)",
                    self._key, file.path, file.hash, file.sha256, file.size, file.mtime_ns,
                    int(file.was_shared),
                )  # fmt: skip

    def left(self) -> set[str]:
        """Paths at which something was that is in the library, and is not any more."""
        with self._database.read():
            found = sql(
                "SELECT DISTINCT path FROM sync_file WHERE folder = ? AND shared "
                "AND gone_at IS NOT NULL",
                self._key,
            )
        return {path for (path,) in found}

    def forget_gone(self, present: Mapping[str, str | None]) -> set[str]:
        """Note which contents are not at their paths any more (``present``: hashes by path, where
        they are known). Returns the contents that were in the library
        and in this folder, and are no longer in any of its files."""
        with self._database.write():
            for path, hash in sql(
                "SELECT path, blake3 FROM sync_file WHERE folder = ? AND gone_at IS NULL",
                self._key,
            ):
                if present.get(path) != hash:
                    sql(
                        "UPDATE sync_file SET gone_at = ? WHERE folder = ? AND path = ? "
                        "AND blake3 = ?",
                        rows.now_ms(), self._key, path, hash,
                    )  # fmt: skip
            gone = sql(
                "SELECT blake3 FROM sync_file WHERE folder = ? AND shared GROUP BY blake3 "
                "HAVING COUNT(*) = COUNT(gone_at)",
                self._key,
            )
        return {hash for (hash,) in gone}
