"""A vidcache or MictlanX server."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.discover import is_address, normalise
from vidcache_gui.core.groups import BALL_ID
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.client.archive import Archive, ByteRange
from vidcache_gui.interfaces.fetch import fetch
from vidcache_gui.interfaces.remotes.checking import Checked, span
from vidcache_gui.interfaces.remotes.fetching import fetch_file
from vidcache_gui.interfaces.remotes.http import Answer
from vidcache_gui.interfaces.remotes.known import find
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.partial import SUFFIX, Partial
from vidcache_gui.interfaces.remotes.patience import Patience
from vidcache_gui.interfaces.remotes.problems import Missing
from vidcache_gui.interfaces.remotes.records import RemoteBall
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.remotes.sending import Sending, put_balls
from vidcache_gui.interfaces.remotes.vidcache import Generation, Uploaded
from vidcache_gui.media.hashing import hash_file
from vidcache_gui.media.openfile import open_regular
from vidcache_gui.media.sequence import FrameFile, frame_key, plan_sequence
from vidcache_gui.media.sniff import HEAD_BYTES, sniff


class RemoteArchive(Archive):
    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    @classmethod
    def open(cls, where: str, token: str | None, timeout: float | None) -> "RemoteArchive":
        if where.startswith("remote:"):
            known = find(where.removeprefix("remote:"))
            where, token = known.address, token or known.token
        patience = Patience() if timeout is None else Patience(head=timeout, storing=timeout)
        return cls(Remote.open(where, secret=token, patience=patience))

    def ingest(
        self,
        url: str | Path,
        bucket: str = "videos",
        prefix: str = "",
        meta: dict[str, Any] | None = None,
        *,
        name: str | None = None,
    ) -> dict[str, Any]:
        files, source = self.remote.files, str(url)
        if not is_address(source):
            path = Path(normalise(source))
            with open_regular(str(path)) as file:
                digests = hash_file(file, token=CancelToken(), on_bytes=lambda _: None)
            known = files.meta(digests.blake3)
            if known is not None:
                return _result(known["hash"], "duplicate", known["file_path"], digests.size)
            return self._upload(
                path, f"vidcache://{digests.blake3}", bucket, prefix, meta, name or path.name
            )
        hash = files.resolve(source)
        if hash is not None:
            about = files.meta(hash) or {}
            return _result(hash, "url_alias", about.get("file_path"), about.get("size_bytes"))
        if files.generation is Generation.A:
            return files.ingest_address(source, bucket=bucket, prefix=prefix, meta=meta)
        with tempfile.NamedTemporaryFile(prefix="vidcache-") as out:
            # As the published client does: this machine downloads, the server stores.
            got = fetch(source, out, token=CancelToken(), on_bytes=lambda *_: None)  # type: ignore[arg-type]
            out.flush()
            return self._upload(Path(out.name), source, bucket, prefix, meta, name or got.name)

    def _upload(
        self,
        path: Path,
        url: str,
        bucket: str,
        prefix: str,
        meta: dict[str, Any] | None,
        name: str,
    ) -> dict[str, Any]:
        size = path.stat().st_size
        done: Uploaded = self.remote.files.upload(
            lambda: open_regular(str(path)), size, url, bucket=bucket, prefix=prefix, meta=meta,
            name=name,
        )  # fmt: skip
        found = _result(done.hash, done.status, done.file_path, size)
        if done.duplicate_of or done.kept_other:
            found["duplicate_of"] = done.duplicate_of or done.hash
        if done.phash_distance is not None:
            found["phash_distance"] = done.phash_distance
        return found

    def resolve(self, url: str) -> dict[str, str] | None:
        hash = self.remote.files.resolve(url)
        return None if hash is None else {"hash": hash, "url": url}

    def get_meta(self, content_hash: str) -> dict[str, Any] | None:
        return self.remote.files.meta(content_hash)

    def get_bytes(self, content_hash: str, byte_range: ByteRange | None = None) -> bytes:
        if byte_range is not None:
            return self.remote.files.part(content_hash, *_ordered(byte_range))
        found = bytearray()
        self.remote.files.read(self.remote.files.file(content_hash), found.extend)
        return bytes(found)

    @contextmanager
    def stream_video(
        self, content_hash: str, byte_range: ByteRange | None = None
    ) -> Iterator[Iterator[bytes]]:
        files = self.remote.files
        with files.asking(content_hash, byte_range) as answer:
            if byte_range is None:
                answer.check()
                checked = Checked(content_hash[:12], answer.length, b3=content_hash.lower())
                yield _checked(answer, checked)
            else:
                yield span(answer, *_ordered(byte_range), None)

    def download_to_file(
        self, content_hash: str, dest: str | Path, byte_range: ByteRange | None = None
    ) -> int:
        target, files = Path(dest).expanduser().absolute(), self.remote.files
        file = files.file(content_hash)
        part = "" if byte_range is None else "-range"
        with Partial(target.with_name(f".{file.hash[:16]}{part}{SUFFIX}")) as partial:
            if byte_range is None:
                fetch_file(files, file, partial, CancelToken())
                size = file.size
            else:
                size = self._range_to(partial, file.hash, _ordered(byte_range))
            partial.become(target)
        return size

    def _range_to(self, partial: Partial, hash: str, byte_range: ByteRange) -> int:
        def use(answer: Answer) -> int:
            partial.cut(0)
            size = 0
            for part in span(answer, *byte_range, None):
                partial.write(part, size)
                size += len(part)
            return size

        try:
            return self.remote.files.get(hash, use, byte_range)
        except BaseException:
            partial.discard()
            raise

    def delete(self, content_hash: str) -> None:
        if not self.remote.files.delete(content_hash):
            raise Missing(f"'{self.remote.where}' has nothing with the hash {content_hash[:12]}.")

    def put_frames(self, bucket_id: str, ball_id: str, frames_dir: str | Path) -> list[RemoteBall]:
        folder = Path(frames_dir).expanduser().absolute()
        if not BALL_ID.fullmatch(ball_id):
            raise UserError(
                f"'{ball_id}' cannot name frames: use letters, digits and single '_' or '-' "
                "between them, so that every client can read them back."
            )
        if not folder.is_dir():
            raise UserError(f"There is no folder '{folder}'.")
        plan = plan_sequence([entry.name for entry in folder.iterdir() if entry.is_file()])
        if plan.problem:
            raise UserError(plan.problem)
        frames = [self._frame(bucket_id, ball_id, folder, file) for file in plan.frames]
        sendings = [frame for frame in frames if frame is not None]
        if not sendings:
            raise UserError(f"There are no numbered pictures in '{folder}'.")
        put_balls(self.remote.balls, sendings, CancelToken())
        return self.get_by_ball_id(bucket_id, ball_id)

    def _frame(self, bucket: str, ball_id: str, folder: Path, file: FrameFile) -> Sending | None:
        path = folder / file.name

        def source() -> BinaryIO:
            return open_regular(str(path))

        with source() as opened:
            media = sniff(opened.read(HEAD_BYTES))
            opened.seek(0)
            digests = hash_file(opened, token=CancelToken(), on_bytes=lambda _: None, sha256=True)
        if media is None:
            return None
        tags = {
            "fullname": file.name, "extension": path.suffix.removeprefix(".") or "bin",
            "frame_number": file.number_text,
        }  # fmt: skip
        if file.delay_ms is not None:
            tags["delay_ms"] = f"{file.delay_ms:g}"
        key = frame_key(ball_id, file)
        new = NewBall(bucket, key, ball_id, digests.size, digests.sha256 or "", tags, media.mime)
        return Sending(new, source)

    def get_by_ball_id(self, bucket_id: str, ball_id: str) -> list[RemoteBall]:
        return self.remote.balls.group(bucket_id, ball_id)

    @contextmanager
    def get_streaming(self, bucket_id: str, key: str) -> Iterator[Iterator[bytes]]:
        balls = self.remote.balls
        ball = balls.metadata(bucket_id, key)
        with balls.asking(bucket_id, key) as answer:
            answer.check()
            yield _checked(answer, Checked(key, ball.size, sha256=ball.sha256))

    def close(self) -> None:
        self.remote.close()


def _checked(answer: Answer, checked: Checked) -> Iterator[bytes]:
    for part in answer.parts():
        checked.feed(part)
        yield part
    checked.finish()


def _ordered(byte_range: ByteRange) -> ByteRange:
    first, last = byte_range
    if not 0 <= first <= last:
        raise UserError(f"{first} to {last} is no range of bytes.")
    return first, last


def _result(hash: str, status: str, file_path: Any, size: Any) -> dict[str, Any]:
    return {"hash": hash, "status": status, "file_path": file_path, "size_bytes": size}
