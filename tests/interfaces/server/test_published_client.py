"""The client that is on the package index, unchanged, against a real server and library."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from blake3 import blake3
from vidcache_client import VidCacheClient

from tests.interfaces.server.serving import Running, serving, wait_until
from tests.media import make
from vidcache_gui.core.records import Query
from vidcache_gui.media.types import Kind

URL = "https://example.org/clips/one.mp4?token=a b&x=ü"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "library") as running:
        yield running


@pytest.fixture
def client(server: Running) -> Iterator[VidCacheClient]:
    with VidCacheClient(server.address) as published:
        yield published


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.make_video(tmp_path / "clip.mp4", frames=24)


def put(client: VidCacheClient, url: str, path: Path, **place: object) -> dict[str, object]:
    begun = client.upload_init(url, bucket="videos", **place)  # type: ignore[arg-type]
    assert begun["status"] == "pending"
    with path.open("rb") as file:
        return client.upload_stream(begun["upload_id"], file)


def test_every_method(server: Running, client: VidCacheClient, clip: Path, tmp_path: Path) -> None:
    data = clip.read_bytes()
    done = put(client, URL, clip, prefix="archive/2026", meta={"title": "Cool ✓", "n": [1, None]})
    hash = blake3(data).hexdigest()
    assert (done["hash"], done["status"], done["size_bytes"]) == (hash, "new", len(data))
    assert (server.library.path / str(done["file_path"])).read_bytes() == data
    assert server.temporary() == []
    (item,) = server.library.page(Query(bucket="videos", prefix="archive"))
    assert (item.hash, item.name) == (hash, "one.mp4")

    assert client.resolve(URL) == {"hash": hash, "url": URL}
    assert client.resolve("https://example.org/other") is None
    known = client.upload_init(URL, bucket="elsewhere")
    assert known == {"status": "cached", "hash": hash, "file_path": done["file_path"]}

    meta = client.get_meta(hash)
    assert meta is not None
    assert meta["meta"] == {"title": "Cool ✓", "n": [1, None]}
    assert (meta["size_bytes"], meta["aliases"]) == (len(data), [URL])
    assert meta["duration_s"] == pytest.approx(1.0)
    assert meta["first_seen"] == meta["created_at"]
    assert client.get_meta("0" * 64) is None

    assert client.get_bytes(hash) == data
    assert client.get_bytes(hash, byte_range=(10, 19)) == data[10:20]
    assert client.get_bytes(hash, byte_range=(len(data) - 5, len(data) + 99)) == data[-5:]
    with client.stream_video(hash, byte_range=(1, 4000)) as stream:
        assert b"".join(stream) == data[1:4001]
    assert client.download_to_file(hash, tmp_path / "copy") == len(data)
    assert (tmp_path / "copy").read_bytes() == data
    with pytest.raises(httpx.HTTPStatusError, match="416"):
        client.get_bytes(hash, byte_range=(len(data), len(data) + 1))

    client.delete(hash)
    assert client.get_meta(hash) is None
    assert client.resolve(URL) is None
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.delete(hash)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.get_bytes(hash)
    (trashed,) = server.library.page(Query(trash=True))
    server.library.restore([trashed.id])
    assert client.get_bytes(hash) == data


def test_one_content_at_two_addresses(server: Running, client: VidCacheClient, clip: Path) -> None:
    first = put(client, "https://example.org/a", clip, meta={"kept": "the first"})
    again = put(client, "https://example.org/b", clip, meta={"kept": "not this"})
    assert (first["status"], again["status"]) == ("new", "duplicate")
    assert first["hash"] == again["hash"]
    assert "phash_distance" not in again
    meta = client.get_meta(str(first["hash"]))
    assert meta is not None
    assert meta["aliases"] == ["https://example.org/a", "https://example.org/b"]
    assert meta["meta"] == {"kept": "the first"}
    assert server.library.stats().blobs == 1


def test_what_was_deleted_counts_as_new_when_it_comes_again(
    client: VidCacheClient, clip: Path
) -> None:
    hash = str(put(client, URL, clip)["hash"])
    client.delete(hash)
    assert put(client, URL, clip)["status"] == "new"
    assert client.get_bytes(hash) == clip.read_bytes()


def test_bytes_that_are_no_footage_are_given_back_all_the_same(
    server: Running, client: VidCacheClient
) -> None:
    data = b"not a video at all" * 100_000
    begun = client.upload_init("https://example.org/x.mkv", bucket="videos")
    done = client.upload_stream(begun["upload_id"], iter([data[:5], b"", data[5:]]))
    assert done["hash"] == blake3(data).hexdigest()
    assert client.get_bytes(done["hash"]) == data
    (item,) = server.library.page(Query())
    assert (item.kind, item.damaged) == (Kind.DATA, None)


def test_an_upload_that_breaks_off_leaves_nothing(server: Running, client: VidCacheClient) -> None:
    begun = client.upload_init(URL, bucket="videos")

    def breaking() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000
        raise OSError("the source died")

    with pytest.raises(OSError, match="the source died"):
        client.upload_stream(begun["upload_id"], breaking())
    wait_until(lambda: any(one.path.startswith("/upload/") and one.status == 499
                           for one in server.served))  # fmt: skip
    assert server.temporary() == []
    assert server.blobs() == set()
    assert client.resolve(URL) is None
    with pytest.raises(httpx.HTTPStatusError, match="404"):  # an id is good for one attempt
        client.upload_stream(begun["upload_id"], iter([b"again"]))
    assert client.upload_init(URL, bucket="videos")["status"] == "pending"


def test_ingest_from_url_sends_what_another_server_has(
    client: VidCacheClient, clip: Path, source: str
) -> None:
    done = client.ingest_from_url(source, bucket="videos", headers={"X-Key": "secret"})
    assert done["hash"] == blake3(clip.read_bytes()).hexdigest()
    assert client.ingest_from_url(source, bucket="videos")["status"] == "cached"


@pytest.fixture
def source(clip: Path) -> Iterator[str]:
    """The address of a server that has the clip, for who knows the key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = clip.read_bytes() if self.headers["X-Key"] == "secret" else b""
            self.send_response(200 if data else 403)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/clip.mp4"
        server.shutdown()
        thread.join()


def test_a_re_encode_is_kept_and_told(client: VidCacheClient, clip: Path, tmp_path: Path) -> None:
    original, other = films(tmp_path)
    first = put(client, "https://example.org/original", original)
    near = put(client, "https://example.org/smaller", other)
    assert near["status"] == "duplicate"
    assert near["hash"] == blake3(other.read_bytes()).hexdigest()
    assert near["duplicate_of"] == first["hash"]
    assert isinstance(near["phash_distance"], int)
    assert client.get_bytes(str(near["hash"])) == other.read_bytes()


def test_as_upstream_a_re_encode_is_not_kept(tmp_path: Path) -> None:
    original, other = films(tmp_path)
    with (
        serving(tmp_path / "library", keep_similar=False) as server,
        VidCacheClient(server.address) as client,
    ):
        first = put(client, "https://example.org/original", original)
        near = put(client, "https://example.org/smaller", other)
        assert (near["status"], near["hash"]) == ("duplicate", first["hash"])
        assert isinstance(near["phash_distance"], int)
        assert client.resolve("https://example.org/smaller") == {
            "hash": first["hash"], "url": "https://example.org/smaller",
        }  # fmt: skip
        assert server.blobs() == {first["hash"]}
        assert server.temporary() == []


def films(folder: Path) -> tuple[Path, Path]:
    """The same footage twice: as it is, and in a smaller and coarser encoding."""
    original = make.make_video(folder / "original.mp4", frames=72, size=(320, 192))
    other = make.make_video(
        folder / "smaller.mp4", frames=72, size=(240, 144), options={"crf": "32"}
    )
    return original, other
