"""A library on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Ball, Item, SourceResult, Status
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.client.archive import CHUNK, Archive, ByteRange
from vidcache_gui.interfaces.download import download
from vidcache_gui.interfaces.remotes.checking import Checked, content_hash
from vidcache_gui.interfaces.remotes.partial import SUFFIX, Partial
from vidcache_gui.interfaces.remotes.problems import Missing
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.server.vidcache.records import metadata, stored


class LocalArchive(Archive):
    def __init__(self, library: Library) -> None:
        self.library = library

    @classmethod
    def open(cls, path: Path) -> "LocalArchive":
        return cls(Library.open(path, create=False, fetch=download))

    def ingest(
        self,
        url: str | Path,
        bucket: str = "videos",
        prefix: str = "",
        meta: dict[str, Any] | None = None,
        *,
        name: str | None = None,
    ) -> dict[str, Any]:
        source = str(url)
        if Path(source).expanduser().is_dir():
            raise UserError(f"'{source}' is a folder; frames are put with put_frames.")
        results = self.library.ingest([source], Target(bucket, prefix, meta))
        (result,) = [one for one in results if isinstance(one, SourceResult)]
        if result.hash is None or result.item_id is None:
            raise UserError(result.reason or f"'{source}' could not be brought in.")
        if name and result.status is Status.NEW:
            self.library.rename(result.item_id, name)
        return stored(result)

    def resolve(self, url: str) -> dict[str, str] | None:
        item = self.library.resolve(url)
        return None if item is None or item.ball_id else {"hash": item.hash, "url": url}

    def get_meta(self, content_hash: str) -> dict[str, Any] | None:
        item = self._find(content_hash)
        if item is None:
            return None
        return metadata(self.library.details(item.id), self.library.phash(item.hash))

    def get_bytes(self, content_hash: str, byte_range: ByteRange | None = None) -> bytes:
        with self.stream_video(content_hash, byte_range) as parts:
            return b"".join(parts)

    @contextmanager
    def stream_video(
        self, content_hash: str, byte_range: ByteRange | None = None
    ) -> Iterator[Iterator[bytes]]:
        item = self._item(content_hash)
        yield self._parts(item.hash, item.size, item.name, byte_range)

    def download_to_file(
        self, content_hash: str, dest: str | Path, byte_range: ByteRange | None = None
    ) -> int:
        target = Path(dest).expanduser().absolute()
        item = self._item(content_hash)
        size = 0
        with Partial(target.with_name(f".{item.hash[:16]}{SUFFIX}")) as partial:
            try:
                partial.cut(0)
                for part in self._parts(item.hash, item.size, item.name, byte_range):
                    partial.write(part, size)
                    size += len(part)
                partial.become(target)
            except BaseException:
                partial.discard()
                raise
        return size

    def delete(self, content_hash: str) -> None:
        self.library.remove([self._item(content_hash).id])

    def put_frames(self, bucket_id: str, ball_id: str, frames_dir: str | Path) -> list[RemoteBall]:
        self.library.put_frames(bucket_id, ball_id, frames_dir)
        return self.get_by_ball_id(bucket_id, ball_id)

    def get_by_ball_id(self, bucket_id: str, ball_id: str) -> list[RemoteBall]:
        found = self.library.group(bucket_id, ball_id)
        if not found:
            raise Missing(f"There are no frames called '{ball_id}' in '{bucket_id}'.")
        return [as_remote(ball) for ball in found]

    @contextmanager
    def get_streaming(self, bucket_id: str, key: str) -> Iterator[Iterator[bytes]]:
        ball = self.library.ball(bucket_id, key)
        if ball is None:
            raise Missing(f"There is no '{key}' in '{bucket_id}'.")
        yield self._parts(ball.hash, ball.size, ball.key, None)

    def close(self) -> None:
        self.library.close()

    def _parts(
        self, hash: str, size: int, name: str, byte_range: ByteRange | None
    ) -> Iterator[bytes]:
        if byte_range is not None:
            first, last = byte_range[0], min(byte_range[1], size - 1)
            if not 0 <= first <= last:
                raise UserError(f"'{name}' has no bytes there: it ends before byte {first:,}.")
            with self.library.open_blob(hash) as file:
                file.seek(first)
                while first <= last and (part := file.read(min(CHUNK, last - first + 1))):
                    first += len(part)
                    yield part
            return
        checked = Checked(name, size, b3=hash)
        for part in self.library.stream(hash, CHUNK):
            checked.feed(part)
            yield part
        checked.finish()

    def _find(self, hash: str) -> Item | None:
        return self.library.content(content_hash(hash))

    def _item(self, hash: str) -> Item:
        item = self._find(hash)
        if item is None:
            raise Missing(f"There is nothing with the hash {hash[:12]} in this library.")
        return item


def as_remote(ball: Ball) -> RemoteBall:
    """A ball as a server describes it."""
    return RemoteBall(
        ball.bucket, ball.key, ball.ball_id, ball.size, ball.checksum, ball.tags,
        ball.content_type, ball.producer_id, ball.is_disabled,
    )  # fmt: skip
