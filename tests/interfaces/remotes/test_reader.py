"""A large remote file read like a file: what is looked at is fetched, and little more."""

import hashlib
import io
import random
from collections.abc import Iterator

import av
import pytest

from tests.interfaces.remotes.archives import QUICK, noise, remote_of, server
from tests.interfaces.remotes.liars import lying
from tests.interfaces.server.serving import Running
from tests.media import make
from vidcache_gui.errors import Cancelled
from vidcache_gui.interfaces.remotes import reader as reading
from vidcache_gui.interfaces.remotes.http import Http
from vidcache_gui.interfaces.remotes.layout import layout
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.problems import Refused
from vidcache_gui.interfaces.remotes.reader import ChunkBlocks, FileBlocks, RemoteReader, open_item
from vidcache_gui.interfaces.remotes.records import RemoteFile
from vidcache_gui.interfaces.remotes.remote import Remote, Spoken
from vidcache_gui.interfaces.remotes.vidcache import Generation

FRAMES = 240


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with server(tmp_path_factory.mktemp("far")) as found:
        yield found


@pytest.fixture(scope="module")
def remote(running: Running) -> Iterator[Remote]:
    with remote_of(running) as found:
        yield found


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Some megabytes in which every frame shows its number."""
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    options = {"b": "3M", "minrate": "3M", "maxrate": "3M", "bufsize": "2M"}
    make.make_video(path, codec="mpeg2video", frames=FRAMES, size=(320, 192), options=options)
    data = path.read_bytes()
    return data


def put_chunks(remote: Remote, key: str, data: bytes, sizes: list[int]) -> ChunkBlocks:
    at, full = 0, hashlib.sha256(data).hexdigest()
    for index, size in enumerate(sizes):
        part = data[at : at + size]
        tags = {
            "index": str(index), "num_chunks": str(len(sizes)),
            "full_checksum": full,
        }  # fmt: skip
        new = NewBall("b", f"{key}_{index}", key, len(part), hashlib.sha256(part).hexdigest(), tags)
        remote.balls.put(new, lambda part=part: io.BytesIO(part))
        at += size
    return ChunkBlocks(remote.balls, layout(remote.balls.group("b", key)))


def blocks_of(remote: Remote, way: str, key: str, data: bytes) -> FileBlocks | ChunkBlocks:
    if way == "file":
        done = remote.files.upload(
            lambda: io.BytesIO(data), len(data), f"app:{key}", bucket="b", name=key
        )
        return FileBlocks(remote.files, remote.files.file(done.hash))
    size = 100_000  # and what is left over in the last one, as published clients do
    count = len(data) // size
    return put_chunks(remote, key, data, [size] * (count - 1) + [len(data) - size * (count - 1)])


@pytest.mark.parametrize("way", ["file", "chunks", "large chunks"])
def test_it_reads_as_a_file_does(way: str, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "large chunks":
        monkeypatch.setattr(reading, "WHOLE", 50_000)
    monkeypatch.setattr(reading, "BLOCK", 30_000)
    data = noise(1_000_100)
    blocks = blocks_of(remote, way, f"noise-{way[:5]}", data)
    with RemoteReader(blocks, cache=300_000) as found, io.BytesIO(data) as expected:
        chance = random.Random(5)
        for _ in range(60):
            offset, whence = chance.choice(
                [(chance.randrange(len(data) + 50), 0), (-chance.randrange(1, 500), 2), (0, 1)]
            )
            assert found.seek(offset, whence) == expected.seek(offset, whence)
            size = chance.choice([0, 1, 10, 30_000, 120_000])
            assert found.read(size) == expected.read(size)
            assert found.tell() == expected.tell()
        found.seek(0)
        assert found.read() == data
        assert found._held <= 300_000
        with pytest.raises(ValueError, match="before the start"):
            found.seek(-1)


@pytest.mark.parametrize("way", ["file", "chunks"])
def test_the_end_of_a_film_is_found_without_fetching_all_of_it(
    way: str, remote: Remote, film: bytes, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", 64 * 1024)
    blocks = blocks_of(remote, way, f"film-{way}", film)
    before = len(running.served)
    with RemoteReader(blocks) as found, av.open(found, buffer_size=65536) as container:
        (stream,) = container.streams.video
        assert stream.duration or container.duration
        wanted = FRAMES - 30
        container.seek(int(wanted / 24 * 1_000_000))
        seen = [make.read_number(frame.to_image()) for frame in container.decode(stream)]
    assert seen[-1] == FRAMES - 1
    assert seen[0] <= wanted
    assert len(film) > 2_000_000
    assert found.fetched < len(film) / 2
    assert sum(one.sent for one in running.served[before:]) < len(film) / 2


def test_all_frames_come_in_order_and_few_questions_are_asked(
    remote: Remote, film: bytes, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", 64 * 1024)
    blocks = blocks_of(remote, "file", "film-whole", film)
    before = len(running.served)
    with RemoteReader(blocks) as found, av.open(found, buffer_size=65536) as container:
        numbers = [make.read_number(frame.to_image()) for frame in container.decode(video=0)]
    assert numbers == list(range(FRAMES))
    asked = len(running.served) - before
    assert asked < len(film) / (64 * 1024) / 3, "it asks for more at once when it goes straight on"


def test_an_item_is_opened_by_its_name(remote: Remote) -> None:
    data = noise(250_000)
    file = blocks_of(remote, "file", "by-name", data)
    assert isinstance(file, FileBlocks)
    blocks_of(remote, "chunks", "by-name", data)
    frame = NewBall("b", "f_0", "f", 4, hashlib.sha256(b"data").hexdigest(), {"frame_number": "0"})
    remote.balls.put(frame, lambda: io.BytesIO(b"data"))
    for name in (remote.files.resolve("app:by-name") or "", "b/by-name"):
        with open_item(remote, name) as found:
            assert found.read() == data
    with pytest.raises(Refused, match="a group, not a file"):
        open_item(remote, "b/f")


def test_a_cancelled_read_ends(remote: Remote) -> None:
    blocks = blocks_of(remote, "file", "cancelled", noise(1000))
    with RemoteReader(blocks) as found:
        found.cancel()
        with pytest.raises(Cancelled):
            found.read(1)


def test_a_server_that_sends_only_whole_files_is_not_played() -> None:
    size = 2 * reading.WHOLE
    with lying({f"/video/{'ab' * 32}": lambda h: h.send(b"x", length=str(size))}) as liar:
        remote = Remote(Http(liar.address, patience=QUICK), Spoken(Generation.B))
        blocks = FileBlocks(remote.files, RemoteFile("ab" * 32, "film", size))
        with remote, RemoteReader(blocks) as found, pytest.raises(Refused, match="only whole"):
            found.read(10)
