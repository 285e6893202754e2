"""The blob store: a name means all the bytes; failures leave nothing."""

import errno
import os
from pathlib import Path

import pytest
from blake3 import blake3

from vidcache_gui.core import blobs as module
from vidcache_gui.core.blobs import BlobStore, Draft
from vidcache_gui.core.locks import FileLock, RunToken, lock_for_window
from vidcache_gui.errors import UserError


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", tmp_path / "tmp", tmp_path / "trash")


def draft(store: BlobStore, data: bytes) -> tuple[Draft, str]:
    new = store.draft(len(data))
    new.file.write(data)
    return new, blake3(data).hexdigest()


def test_a_committed_blob_is_read_only_and_whole(store: BlobStore) -> None:
    new, hash = draft(store, b"footage")
    store.commit([(new, hash)])
    assert store.path(hash).read_bytes() == b"footage"
    assert store.path(hash).stat().st_mode & 0o777 == 0o444
    assert list(store.temporary.iterdir()) == []
    assert [name for name, _ in store.hashes()] == [hash]


def test_the_same_bytes_twice_are_one_file(store: BlobStore) -> None:
    pairs = [draft(store, b"same") for _ in range(20)]
    store.commit(pairs)
    assert len(list(store.hashes())) == 1
    assert list(store.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EIO, "error while writing"),
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "protected"),
    ],
)
@pytest.mark.parametrize("count", [1, 5])
def test_a_failed_sync_discards_the_blob(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch, code: int, words: str, count: int
) -> None:
    pairs = [draft(store, bytes([n])) for n in range(count)]

    def fail(fd: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(module.os, "fsync", fail)
    with pytest.raises(UserError, match=words):
        store.commit(pairs)
    assert list(store.hashes()) == []
    assert list(store.temporary.iterdir()) == []


def test_what_does_not_fit_is_refused_before_it_is_written(store: BlobStore) -> None:
    with pytest.raises(UserError, match=r"disk is full.*MB more"):
        store.draft(1 << 60)
    assert list(store.temporary.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab", "g" * 64])
def test_only_a_hash_is_a_name(store: BlobStore, name: str) -> None:
    with pytest.raises(UserError, match="not a content hash"):
        store.path(name)


def test_missing_bytes_are_said_plainly(store: BlobStore) -> None:
    with pytest.raises(UserError, match="missing"):
        store.open("0" * 64)


def test_one_window_at_a_time(tmp_path: Path) -> None:
    first = lock_for_window(tmp_path)
    with pytest.raises(UserError, match=f"already open in another.*process {os.getpid()}"):
        lock_for_window(tmp_path)
    first.release()
    lock_for_window(tmp_path).release()


def test_the_dead_are_swept_and_the_living_are_not(tmp_path: Path) -> None:
    run, temporary = tmp_path / "run", tmp_path / "tmp"
    run.mkdir()
    temporary.mkdir()
    living = RunToken(run)
    dead = RunToken(run)
    for token in (living, dead):
        (temporary / token.name).mkdir()
        (temporary / token.name / "x.part").write_bytes(b"half")
    FileLock.release(dead._lock)  # as the kernel does when a process dies
    looking = RunToken(run)
    assert looking.alive(living.name)
    assert not looking.alive(dead.name)
    looking.sweep(temporary)
    assert [path.name for path in temporary.iterdir()] == [living.name]
    living.release()
    looking.release()
