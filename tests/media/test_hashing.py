"""Hashing and hash-while-copy: right digests, honest errors, nothing endless."""

import errno
import hashlib
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3
from hypothesis import given, settings
from hypothesis import strategies as st

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.media.hashing import CHUNK, REPORT, copy_and_hash, hash_file


def ignore(_count: int) -> None:
    pass


class Source(io.FileIO):
    """A real file whose reader is interrupted between chunks to meddle with it."""

    def __init__(self, path: Path, after_chunk: Callable[[int], None]) -> None:
        super().__init__(path, "rb")
        self._after_chunk = after_chunk
        self._chunks = 0

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        self._chunks += 1
        self._after_chunk(self._chunks)
        return count


@pytest.fixture
def big(tmp_path: Path) -> Path:
    path = tmp_path / "big clip.mp4"
    path.write_bytes(os.urandom(3 * REPORT + 12345))
    return path


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, REPORT, 5 * REPORT + 7]
)
def test_copy_is_the_same_bytes_and_digests_are_theirs(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    path = tmp_path / "a"
    path.write_bytes(data)
    seen: list[int] = []
    with path.open("rb") as source, (tmp_path / "b").open("wb", buffering=0) as out:
        digests = copy_and_hash(source, out, token=CancelToken(), on_bytes=seen.append, sha256=True)
    assert (tmp_path / "b").read_bytes() == data
    assert digests.blake3 == blake3(data).hexdigest()
    assert digests.sha256 == hashlib.sha256(data).hexdigest()
    assert digests.size == size == sum(seen)


@given(data=st.binary(max_size=4000), start=st.integers(0, 4000))
@settings(max_examples=60)
def test_hash_file_reads_from_where_the_file_stands(data: bytes, start: int) -> None:
    source = io.BytesIO(data)
    source.seek(start)
    digests = hash_file(source, token=CancelToken(), on_bytes=ignore)
    assert digests.blake3 == blake3(data[start:]).hexdigest()
    assert digests.sha256 is None


def test_a_seeked_file_on_disk_is_no_changed_file(big: Path) -> None:
    with big.open("rb") as source:
        source.seek(CHUNK + 5)
        digests = hash_file(source, token=CancelToken(), on_bytes=ignore)
    assert digests.blake3 == blake3(big.read_bytes()[CHUNK + 5 :]).hexdigest()


def test_copies_to_a_descriptor_and_into_memory(big: Path, tmp_path: Path) -> None:
    fd = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    memory = io.BytesIO()
    try:
        with big.open("rb") as source:
            copy_and_hash(source, fd, token=CancelToken(), on_bytes=ignore)
            source.seek(0)
            copy_and_hash(source, memory, token=CancelToken(), on_bytes=ignore)
    finally:
        os.close(fd)
    assert (tmp_path / "out").read_bytes() == memory.getvalue() == big.read_bytes()


def test_a_copy_is_appended_where_the_file_stands(big: Path, tmp_path: Path) -> None:
    with big.open("rb") as source, (tmp_path / "b").open("w+b") as out:
        out.write(b"head")
        digests = copy_and_hash(source, out, token=CancelToken(), on_bytes=ignore)
        assert out.tell() == digests.size + 4
        out.seek(4)
        assert hash_file(out, token=CancelToken(), on_bytes=ignore) == digests


def test_short_writes_are_finished(big: Path, tmp_path: Path) -> None:
    """A raw file may take less than it is given."""

    class Slow(io.FileIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data[:100_000])) or 0

    with big.open("rb") as source, Slow(tmp_path / "out", "wb") as out:
        copy_and_hash(source, out, token=CancelToken(), on_bytes=ignore)
    assert (tmp_path / "out").read_bytes() == big.read_bytes()


def test_a_file_that_grows_is_refused_and_never_chased(big: Path) -> None:
    """A recording still being written would be read for ever."""
    chunks: list[int] = []

    def grow(chunk: int) -> None:
        chunks.append(chunk)
        with big.open("ab") as file:
            file.write(b"x" * 2 * CHUNK)

    with Source(big, grow) as source, pytest.raises(UserError, match="changed while it was"):
        hash_file(source, token=CancelToken(), on_bytes=ignore)
    assert len(chunks) <= (3 * REPORT + 12345) // CHUNK + 2


def test_a_file_cut_short_is_refused(big: Path) -> None:
    def cut(chunk: int) -> None:
        if chunk == 1:
            os.truncate(big, CHUNK + 10)

    with Source(big, cut) as source, pytest.raises(UserError, match=r"'big clip\.mp4' changed"):
        hash_file(source, token=CancelToken(), on_bytes=ignore)


def test_bytes_rewritten_in_place_are_noticed(big: Path) -> None:
    def rewrite(chunk: int) -> None:
        if chunk == 2:
            with big.open("r+b") as file:
                file.write(b"other")
            os.utime(big, ns=(1, 1))

    with Source(big, rewrite) as source, pytest.raises(UserError, match="add it again"):
        hash_file(source, token=CancelToken(), on_bytes=ignore)


def test_endless_input_ends_at_the_limit() -> None:
    with (
        open("/dev/zero", "rb", buffering=0) as source,
        pytest.raises(UserError, match="larger than the 3,000,000 bytes"),
    ):
        hash_file(source, token=CancelToken(), on_bytes=ignore, limit=3_000_000)


def test_input_of_exactly_the_limit_is_fine(big: Path) -> None:
    size = big.stat().st_size
    with big.open("rb") as source:
        assert hash_file(source, token=CancelToken(), on_bytes=ignore, limit=size).size == size


def test_cancelling_stops_at_the_next_chunk(big: Path) -> None:
    token = CancelToken()
    seen: list[int] = []

    def stop(count: int) -> None:
        seen.append(count)
        token.cancel()

    with big.open("rb") as source, pytest.raises(Cancelled):
        hash_file(source, token=token, on_bytes=stop)
    assert seen == [REPORT]


def test_paused_work_stands_still_until_resumed(big: Path) -> None:
    token = CancelToken()
    paused = threading.Event()
    seen: list[int] = []

    def pause(count: int) -> None:
        seen.append(count)
        if len(seen) == 1:
            token.pause()
            paused.set()

    def work() -> None:
        with big.open("rb") as source:
            hash_file(source, token=token, on_bytes=pause)

    thread = threading.Thread(target=work)
    thread.start()
    assert paused.wait(10)
    thread.join(0.05)
    assert thread.is_alive()
    assert seen == [REPORT]
    token.resume()
    thread.join(10)
    assert sum(seen) == big.stat().st_size


def test_a_full_disk_is_said_plainly(big: Path) -> None:
    """/dev/full answers every write with the real ENOSPC."""
    with (
        big.open("rb") as source,
        open("/dev/full", "wb", buffering=0) as out,
        pytest.raises(UserError, match=r"^The disk is full\. 'big clip\.mp4' was not added"),
    ):
        copy_and_hash(source, out, token=CancelToken(), on_bytes=ignore)


def test_a_full_disk_found_when_a_buffered_file_is_flushed(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"few bytes")
    out = open("/dev/full", "wb")  # noqa: SIM115 (its close fails, too)
    with small.open("rb") as source, pytest.raises(UserError, match="The disk is full"):
        copy_and_hash(source, out, token=CancelToken(), on_bytes=ignore)
    with pytest.raises(OSError, match="No space"):
        out.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EIO, "reported an error while writing"),
        (errno.EFBIG, "cannot hold a file this large"),
        (errno.EROFS, "write-protected"),
        (errno.EDQUOT, "The disk is full"),
    ],
)
def test_write_errors_have_plain_words(big: Path, tmp_path: Path, code: int, words: str) -> None:
    class Broken(io.FileIO):
        def write(self, data: Any) -> int:
            raise OSError(code, os.strerror(code))

    with (
        big.open("rb") as source,
        Broken(tmp_path / "out", "wb") as out,
        pytest.raises(UserError, match=words) as caught,
    ):
        copy_and_hash(source, out, token=CancelToken(), on_bytes=ignore)
    assert "nothing else was lost" in str(caught.value)


def test_a_source_that_cannot_be_read(big: Path) -> None:
    class Broken(io.FileIO):
        def readinto(self, buffer: Any) -> int | None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with Broken(big, "rb") as source, pytest.raises(UserError, match="could not be read"):
        hash_file(source, token=CancelToken(), on_bytes=ignore)
