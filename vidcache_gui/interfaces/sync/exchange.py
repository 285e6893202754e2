"""Single steps between a library and a server of the published protocols."""

from collections.abc import Callable
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.sync.elements import UPDATED
from vidcache_gui.core.sync.local import LocalBall, LocalItem
from vidcache_gui.core.sync.records import Act, Step, split
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.records import RemoteBall, RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.sync.manifest import PRODUCER

BUCKET = "videos"
MEANWHILE = "It is not there any more. Synchronise again to look at it anew."
OTHER = "'{}' keeps something that looks alike instead, and not this."


class Exchange:
    """Copies one thing at a time, durable when it returns. ``moved`` hears the bytes."""

    def __init__(
        self,
        library: Library,
        remote: Remote,
        bucket: str | None,
        stop: CancelToken,
        moved: Callable[[int], None],
    ) -> None:
        self._library = library
        self._remote = remote
        self._bucket = bucket
        self._stop = stop
        self._moved = moved
        self._grown: set[int] = set()

    @cached_property
    def _balls(self) -> dict[tuple[str, str], LocalBall]:
        return self._library.local_balls()

    @cached_property
    def _items(self) -> dict[str, LocalItem]:
        """By both hashes."""
        found = self._library.local_files()
        return {name: one for one in found for name in (one.hash, one.sha256) if name}

    def do(self, step: Step) -> None:
        """Raises UserError, Cancelled."""
        kind = step.id[0]
        if step.act is Act.TRASH:
            (self._remove_there if step.side else self._remove_here)(step)
        elif kind == "b" and step.side == 1:
            if step.act is Act.REPLACE:
                self._keep_copy(step)
            self._put(self._local(step))
        elif kind == "b":
            self._get(self._there(step))
        elif step.side == 1:
            self._upload(step)
        else:
            self._download(step)

    def finish(self) -> None:
        """Look at the groups that got frames."""
        for item in sorted(self._grown):
            self._library.settle_group(item)

    def _local(self, step: Step) -> LocalBall:
        found = self._balls.get(split(step.id))
        if found is None:
            raise UserError(MEANWHILE)
        return found

    def _there(self, step: Step) -> RemoteBall:
        if step.id[0] == "w":
            name = step.id[2:]
            for bucket in [self._bucket] if self._bucket else self._remote.balls.buckets():
                for ball in self._remote.balls.bucket(bucket, self._stop):
                    if ball.key == name:
                        return ball
            raise UserError(MEANWHILE)
        bucket, key = split(step.id)
        return self._remote.balls.metadata(bucket, key, self._stop)

    def _put(self, ball: LocalBall) -> None:
        new = NewBall(
            ball.bucket, ball.key, ball.ball_id, ball.size, ball.sha256, ball.tags,
            ball.content_type, ball.producer or PRODUCER, ball.disabled,
        )  # fmt: skip
        self._remote.balls.put(new, lambda: self._open(ball.hash), self._stop, self._moved)

    def _open(self, hash: str) -> BinaryIO:
        return self._library.open_blob(hash)

    def _get(self, ball: RemoteBall, key: str | None = None) -> None:
        with self._library.incoming(ball.size) as incoming:
            self._remote.balls.read(ball, incoming.write, self._stop)
            facts = BallFacts(
                ball.bucket, key or ball.key, ball.ball_id, ball.tags, ball.content_type,
                ball.producer_id, ball.is_disabled,
            )  # fmt: skip
            put = self._library.put_ball(incoming, facts)
        self._grown.add(put.item_id)
        self._moved(ball.size)

    def _keep_copy(self, step: Step) -> None:
        """What a server is about to lose is in the library's trash first."""
        ball = self._there(step)
        name = f"{ball.key}-replaced"
        self._get(ball, name)
        self._library.remove_ball(ball.bucket, name)

    def _upload(self, step: Step) -> None:
        item = self._items.get(step.id[2:])
        if item is None:
            raise UserError(MEANWHILE)
        if step.id[0] == "w":
            self._put_whole(item)
            return
        sent = self._remote.files.upload(
            lambda: self._open(item.hash), item.size, f"vidcache:{item.hash}", bucket=item.bucket,
            prefix=item.prefix, name=item.name, own_hash=item.hash, stop=self._stop,
            on_bytes=self._moved,
        )  # fmt: skip
        if sent.hash != item.hash:
            raise UserError(OTHER.format(self._remote.where))

    def _put_whole(self, item: LocalItem) -> None:
        """A whole file as one object, named and tagged as MictlanX Sync does."""
        name = PurePosixPath(item.name)
        where = f"{item.prefix}/{item.name}".lstrip("/")
        tags = {
            "filename": name.stem, "fullname": item.name,
            "extension": name.suffix.removeprefix(".") or "bin", "bucket_relative_path": where,
            "full_path": where, UPDATED: str(item.added_at),
        }  # fmt: skip
        new = NewBall(
            item.bucket, item.sha256, item.sha256, item.size, item.sha256, tags,
            producer_id=PRODUCER,
        )  # fmt: skip
        self._remote.balls.put(new, lambda: self._open(item.hash), self._stop, self._moved)

    def _download(self, step: Step) -> None:
        if step.id[0] == "w":
            ball = self._there(step)
            name = ball.tags.get("fullname") or ball.tags.get("filename") or ball.key
            folder = str(PurePosixPath(ball.tags.get("bucket_relative_path", "")).parent)
            target = Target(self._bucket or ball.bucket, "" if folder == "." else folder)
            with self._library.incoming(ball.size) as incoming:
                self._remote.balls.read(ball, incoming.write, self._stop)
                source = f"{self._remote.address}/{ball.bucket}/{ball.key}"
                self._library.receive(incoming, source, name, target)
            self._moved(ball.size)
            return
        self._fetch_file(self._remote.files.file(step.id[2:], self._stop))

    def _fetch_file(self, file: RemoteFile) -> int | None:
        target = Target(self._bucket or file.bucket or BUCKET, file.prefix)
        with self._library.incoming(file.size) as incoming:
            self._remote.files.read(file, incoming.write, self._stop)
            source = file.url or f"{self._remote.address}/video/{file.hash}"
            result = self._library.receive(incoming, source, file.name, target)
        self._moved(file.size)
        return result.item_id

    def _remove_here(self, step: Step) -> None:
        if step.id[0] == "b":
            self._library.remove_ball(*split(step.id))
            return
        item = self._items.get(step.id[2:])
        found = None if item is None else self._library.content(item.hash)
        if found is not None:
            self._library.remove([found.id])

    def _remove_there(self, step: Step) -> None:
        if step.id[0] == "f":
            hash = step.id[2:]
            item = self._fetch_file(self._remote.files.file(hash, self._stop))
            self._library.remove([item] if item is not None else [])
            self._remote.files.delete(hash, self._stop)
            return
        ball = self._there(step)
        self._keep_copy(step)
        self._remote.balls.delete(ball.bucket, ball.key, self._stop)
