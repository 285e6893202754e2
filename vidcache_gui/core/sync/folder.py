"""A library and a plain folder: contents of one that the other does not have.

What identifies a file is its content, wherever it lies. One that was in both and is in the folder
no more was deleted there; one that was changed there is a new content, and the old one stays.
Frames that look alike are one content, and still a file each: a sequence has them all.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core import journal, rows
from vidcache_gui.core.blobs import BlobStore
from vidcache_gui.core.catalog import Item
from vidcache_gui.core.database import Database
from vidcache_gui.core.groups import Group, put_group
from vidcache_gui.core.intake import NOT_MEDIA, Intake, Target
from vidcache_gui.core.journal import Patch
from vidcache_gui.core.sync import places
from vidcache_gui.core.sync.elements import sql
from vidcache_gui.core.sync.hashed import HashedFolder, LocalFile
from vidcache_gui.core.sync.merge import DELETED
from vidcache_gui.core.sync.pair import StepPair, Wish
from vidcache_gui.core.sync.records import Act, Plan, Step, Way
from vidcache_gui.errors import UserError
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.sniff import HEAD_BYTES, guess_by_name, sniff

PART = 1 << 20
BUCKET = "videos"


class Held(NamedTuple):
    """One content that the library shows, and where it would lie in a folder."""

    item: int
    path: str
    size: int
    title: str


class Showing(NamedTuple):
    """What the library shows: by content, and by path the balls whose content has another path."""

    contents: dict[str, Held]
    repeats: dict[str, tuple[str, Held]]


class FolderPair(StepPair):
    """A library (side 0) and a folder (side 1)."""

    def __init__(
        self, title: str, database: Database, blobs: BlobStore, intake: Intake, folder: Path
    ) -> None:
        """``title``: the library's."""
        self.titles = (title, str(folder))
        self.database = database
        self.blobs = blobs
        self.intake = intake
        self.folder = folder
        self.files = HashedFolder(database, folder)

    @property
    def hashed(self) -> int:
        """How many files were read to know their hashes."""
        return self.files.hashed

    def _compare(self, wish: Wish) -> Plan:
        """Hashes are remembered."""
        way, mirror, bucket, stop = wish.way, wish.mirror, wish.bucket, wish.stop
        files = self.files.files(stop)
        wish.on_found(len(files))
        sizes = self._sizes()
        self.files.hash([file for file in files if file.size in sizes], stop)
        gone = self.files.forget_gone({file.path: file.hash for file in files})
        showing = self.showing(bucket)
        held = showing.contents
        shown = held if bucket is None else self.showing(None).contents
        steps: list[Step] = []
        if way is not Way.TO:
            steps += self._coming(files, shown)
        if way is not Way.FROM:
            steps += self._leaving(files, held, gone, mirror)
            steps += self._repeated(showing.repeats, gone, mirror)
        if mirror:
            steps += self._mirrored(files, held, shown, way)
        self._share(files, shown)
        return Plan(tuple(steps), way, mirror)

    def _sizes(self) -> set[int]:
        """A file whose size no stored content has is new, and is hashed when it is copied."""
        with self.database.read():
            return {size for (size,) in sql("SELECT DISTINCT size FROM blob")}

    def showing(self, bucket: str | None) -> Showing:
        limit, values = ("AND bucket.name = ?", (bucket,)) if bucket is not None else ("", ())
        with self.database.read():
            files = sql(
                "SELECT hash, item.id, prefix, item.name, size FROM item JOIN bucket "
                "ON bucket.id = item.bucket_id WHERE ball_id IS NULL AND removed_at IS NULL "
                f"{limit} ORDER BY item.id",
                *values,
            )
            balls = sql(
                "SELECT ball.hash, item.id, prefix, ball.ball_id, key, ball.tags, ball.size "
                "FROM ball JOIN item ON item.id = ball.item_id JOIN bucket "
                f"ON bucket.id = item.bucket_id WHERE removed_at IS NULL {limit} ORDER BY ball.id",
                *values,
            )
        held: dict[str, Held] = {}
        repeats: dict[str, tuple[str, Held]] = {}
        for hash, id, prefix, name, size in files:
            held[hash] = Held(id, places.relative(prefix, name), size, name)
        for hash, id, prefix, ball_id, key, tags, size in balls:
            told: dict[str, str] = json.loads(tags)
            name = told.get("fullname") or told.get("filename") or key
            path = told.get("bucket_relative_path")
            where = path or "/".join((prefix, ball_id, name.replace("/", "_")))
            one = Held(id, places.relative(where), size, key)
            if held.setdefault(hash, one).path != one.path:
                repeats[one.path] = (hash, one)
        return Showing(held, repeats)

    def _coming(self, files: list[LocalFile], shown: Mapping[str, Held]) -> Iterator[Step]:
        told: set[str] = set()
        for file in files:
            name = file.frames or file.path
            if name in told or (file.hash is not None and file.hash in shown):
                continue
            told.add(name)
            why = file.problem or self._reason(file)
            act = Act.KEEP if why else Act.COPY
            size = (
                sum(one.size for one in files if one.frames == name) if file.frames else file.size
            )
            yield Step(f"n:{name}", act, 0, name, 0 if why else size, why)

    def _reason(self, file: LocalFile) -> str:
        """Why a file does not come into the library; empty if it does."""
        if file.hash is not None:
            with self.database.read():
                found = sql(
                    "SELECT MAX(at) FROM (SELECT removed_at AS at FROM item WHERE hash = ?1 "
                    "AND removed_at IS NOT NULL UNION ALL SELECT removed_at FROM ball JOIN item "
                    "ON item.id = ball.item_id WHERE ball.hash = ?1 AND removed_at IS NOT NULL "
                    "UNION ALL SELECT deleted_at FROM memory WHERE hash = ?1)",
                    file.hash,
                )
            removed_at = found[0][0]
            if removed_at and (file.was_shared or file.mtime_ns // 1_000_000 <= removed_at):
                return DELETED
        if file.frames:
            return ""
        try:
            with open_regular(str(self.folder / file.path)) as source:
                known = sniff(source.read(HEAD_BYTES)) or guess_by_name(file.path)
        except UserError as error:
            return str(error)
        return "" if known and file.size else NOT_MEDIA

    def _leaving(
        self, files: list[LocalFile], held: Mapping[str, Held], gone: set[str], mirror: bool
    ) -> Iterator[Step]:
        present = {file.hash for file in files}
        for hash, one in held.items():
            if hash in present:
                continue
            deleted = hash in gone and not mirror
            act, why = (Act.KEEP, DELETED) if deleted else (Act.COPY, "")
            yield Step(f"c:{hash}", act, 1, one.path, 0 if deleted else one.size, why)

    def _repeated(
        self, repeats: Mapping[str, tuple[str, Held]], gone: set[str], mirror: bool
    ) -> Iterator[Step]:
        """One that was put there and is there no more was deleted there."""
        left = set() if mirror or not repeats else self.files.left()
        for path, (hash, one) in repeats.items():
            deleted = path in left or (hash in gone and not mirror)
            if not deleted and not os.path.lexists(self.folder / path):
                yield Step(f"p:{path}", Act.COPY, 1, path, one.size)

    def _mirrored(
        self,
        files: list[LocalFile],
        held: Mapping[str, Held],
        shown: Mapping[str, Held],
        way: Way,
    ) -> Iterator[Step]:
        if way is Way.TO:
            for file in files:
                if not file.problem and (file.hash is None or file.hash not in shown):
                    yield Step(f"n:{file.path}", Act.TRASH, 1, file.path)
            return
        present = {file.hash for file in files}
        items = {one.item: one for hash, one in held.items() if hash not in present}
        for id, one in items.items():
            yield Step(f"i:{id}", Act.TRASH, 0, one.title)

    def _share(self, files: list[LocalFile], shown: Mapping[str, Held]) -> None:
        new = [f for f in files if f.hash is not None and f.hash in shown and not f.was_shared]
        for file in new:
            file.was_shared = True
        self.files.remember(new)

    def _doing(
        self, plan: Plan, bucket: str | None, stop: CancelToken, moved: Callable[[int], None]
    ) -> "_Doing":
        return _Doing(self, bucket or BUCKET, stop, moved)


class _Doing:
    """The steps of one run."""

    def __init__(
        self, pair: FolderPair, bucket: str, stop: CancelToken, moved: Callable[[int], None]
    ) -> None:
        self._database = pair.database
        self._blobs = pair.blobs
        self._intake = pair.intake
        self._folder = pair.folder
        self._files = pair.files
        self._showing = pair.showing(None)
        self._bucket = bucket
        self._stop = stop
        self._moved = moved
        self._run = places.run_name()

    def do(self, step: Step) -> None:
        name = step.id[2:]
        if step.act is Act.TRASH and step.side == 0:
            self._remove(int(name))
        elif step.act is Act.TRASH:
            places.put_aside(self._folder, name, self._run)
        elif step.side == 0:
            self._bring(name)
            self._moved(step.size)
        else:
            self._take_out(step)

    def finish(self) -> None:
        """Everything is done with its step."""

    def _bring(self, path: str) -> None:
        source = self._folder / path
        prefix = rows.clean_prefix(os.path.dirname(path))
        target = Target(self._bucket, prefix)
        if source.is_dir():
            group = Group(str(source), source, target)
            put_group(self._intake, group, token=self._stop, on_bytes=lambda _: None)
            names = [file for file in self._files.files(self._stop) if file.frames == path]
            self._files.hash(names, self._stop)
            for file in names:
                file.was_shared = True
            self._files.remember(names)
            return
        info = os.lstat(source)
        result = self._intake.file(str(source), target, token=self._stop, on_bytes=lambda _: None)
        file = LocalFile(path, info.st_size, info.st_mtime_ns, hash=result.hash, was_shared=True)
        self._files.remember([file])

    def _take_out(self, step: Step) -> None:
        name, contents = step.id[2:], self._showing.contents
        if step.id.startswith("c:"):
            hash, one = name, contents.get(name)
        else:
            hash, one = self._showing.repeats.get(name, ("", None))
        if one is None:
            return  # it was removed meanwhile

        def fill(file: Any) -> None:
            with self._blobs.open(hash) as source:
                while part := source.read(PART):
                    self._stop.check()
                    file.write(part)

        path = places.place(self._folder, one.path, fill)
        info = os.lstat(self._folder / path)
        file = LocalFile(path, info.st_size, info.st_mtime_ns, hash=hash, was_shared=True)
        self._files.remember([file])
        self._moved(step.size)

    def _remove(self, id: int) -> None:
        with self._database.write():
            item = Item.get_or_none((Item.id == id) & Item.removed_at.is_null())
            if item is not None:
                patch = Patch({id: {"removed_at": rows.now_ms()}})
                label = f"Synchronise with '{self._folder.name}'"
                journal.step(label, patch, f"synchronise {self._folder}")
