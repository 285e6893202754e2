"""A library and servers that know the published protocols only (ours, with one of them)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.core.sync.libraries import empty, keys, libraries, put, sync
from tests.media.make import make_image
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.interfaces.remotes.remote import Remote
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Protocol, Settings
from vidcache_gui.interfaces.sync.foreign import ForeignPair

__all__ = ["empty", "libraries"]


@contextmanager
def foreign(libraries: tuple[Library, Library], protocol: Protocol) -> Iterator[ForeignPair]:
    here, there = libraries
    service = Service(there, Settings(ports=(0,), protocols=frozenset({protocol})))
    service.start()
    try:
        with Remote.open(service.addresses[0]) as remote:
            yield ForeignPair(here, remote)
    finally:
        service.stop(at_once=True)


def test_frames_and_files_of_a_storage_peer(
    libraries: tuple[Library, Library], tmp_path: Path
) -> None:
    here, there = libraries
    list(here.ingest([make_image(tmp_path / "sea.png", 1)]))
    put(here, "clip_0", b"newer", updated_at="1700000001")
    put(there, "clip_0", b"older", updated_at="1700000000000")
    put(there, "other_0", b"there", "other", frame_number="0")
    with foreign(libraries, Protocol.MICTLANX) as pair:
        sync(pair)
        found = keys(there)
        [whole] = set(found) - {"clip_0", "other_0"}
        assert found[whole] == (tmp_path / "sea.png").read_bytes()
        tags = there.ball("videos", whole).tags  # type: ignore[union-attr]
        assert tags["bucket_relative_path"] == "sea.png"
        assert keys(here) == {"clip_0": b"newer", "other_0": b"there"}
        assert found["clip_0"] == b"newer"
        trashed = here.page(Query(trash=True))  # a server may lose what is replaced
        kept = [b for item in trashed for b in here.get_by_ball_id("videos", item.ball_id or "")]
        assert [here.get_bytes(ball.hash) for ball in kept] == [b"older"]
        assert pair.plan(Way.BOTH).steps == ()
        here.remove_group("videos", "other")
        assert [step.act for step in pair.plan(Way.BOTH).steps] == [Act.KEEP]
        assert keys(there)["other_0"] == b"there"
        sync(pair, Way.TO, mirror=True)
        assert "other_0" not in keys(there)


def test_a_file_that_was_put_again_in_fewer_chunks_is_whole(
    libraries: tuple[Library, Library],
) -> None:
    """Published clients leave the last chunks of what they put before behind."""
    here, there = libraries
    for parts in ([b"an", b"old", b"one"], [b"a new ", b"one"]):
        full = hashlib.sha256(b"".join(parts)).hexdigest()
        for index in reversed(range(len(parts))):
            put(
                there, f"clip_{index}", parts[index], index=str(index),
                num_chunks=str(len(parts)), full_checksum=full,
            )  # fmt: skip
    with foreign(libraries, Protocol.MICTLANX) as pair:
        sync(pair, Way.FROM)
        [item] = here.page(Query())
        assert here.get_bytes(item.hash) == b"a new one"
        assert pair.plan(Way.BOTH).steps == ()


def test_files_of_a_vidcache_server(libraries: tuple[Library, Library], tmp_path: Path) -> None:
    here, there = libraries
    list(here.ingest([make_image(tmp_path / "sea.png", 1)]))
    list(there.ingest([make_image(tmp_path / "hill.png", 2)]))
    with foreign(libraries, Protocol.VIDCACHE) as pair:
        sync(pair)
        assert {item.name for item in here.page(Query())} == {"sea.png", "hill.png"}
        assert {item.name for item in there.page(Query())} == {"sea.png", "hill.png"}
        assert pair.plan(Way.BOTH).steps == ()
        here.remove([here.find("sea.png").id])
        assert [step.act for step in pair.plan(Way.BOTH).steps] == [Act.KEEP]
        sync(pair, Way.TO, mirror=True)
        assert [item.name for item in there.page(Query())] == ["hill.png"]
