"""vidcache in its three generations: the paths the published client does not use."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import imagehash
import numpy as np
import pytest
from PIL import Image

from tests.interfaces.server.serving import Running, serving
from tests.interfaces.servers import Handler, send_body
from tests.interfaces.servers import serving as source_server
from tests.media import make
from vidcache_gui.interfaces.download import download


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "library") as running:
        yield running


@pytest.fixture
def http(server: Running) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Of a server in which nothing is ever stored, so tests may share it."""
    with (
        serving(tmp_path_factory.mktemp("refusing") / "library") as running,
        running.client() as client,
    ):
        yield client
        assert running.blobs() == set()


def put(http: httpx.Client, data: bytes, url: str, **facts: Any) -> dict[str, Any]:
    begun = http.post("/upload/init", json={"url": url, "bucket": "videos", **facts}).json()
    done = http.post(f"/upload/{begun['upload_id']}", content=data)
    assert done.status_code == 200, done.text
    return done.json()  # type: ignore[no-any-return]


def test_the_newer_paths_answer_the_same(http: httpx.Client) -> None:
    url = "https://example.org/a.webm"
    facts = {"filename": "naïve “name”.webm", "client_name": "scraper", "prefix": "/a/../b/"}
    hash = put(http, b"some bytes", url, **facts)["hash"]
    for old, new in ((f"/meta/{hash}", f"/cache/meta/{hash}"), ("/resolve", "/cache/resolve")):
        params = {"url": url} if "resolve" in old else {}
        assert http.get(old, params=params).json() == http.get(new, params=params).json()
    meta = http.get("/cache/lookup", params={"url": url}).json()
    assert meta == http.get("/cache/lookup", params={"url": url, "version": hash}).json()
    assert meta["filename"] == "naïve “name”.webm"
    assert (meta["client_name"], meta["prefix"], meta["source_url"]) == ("scraper", "a/b", url)
    assert http.get("/cache/lookup", params={"url": url, "max_age": 3600}).status_code == 200
    both = http.get("/cache/lookup", params={"url": url, "max_age": 1, "version": hash})
    assert both.status_code == 422
    assert http.get("/cache/resolve", params={"url": "x:probe"}).json() == {
        "detail": "URL not found"
    }
    assert http.get("/nowhere").json() == {"detail": "Not Found"}
    content = http.get(f"/cache/{hash}")
    assert content.content == b"some bytes"
    assert "na%C3%AFve" in content.headers["content-disposition"]
    assert http.delete(f"/cache/{hash}").status_code == 204
    assert http.get(f"/cache/{hash}").status_code == 404


def test_a_client_that_knows_the_hash_need_not_send(http: httpx.Client) -> None:
    hash = put(http, b"some bytes", "https://example.org/a")["hash"]
    again = {"url": "https://example.org/b", "bucket": "videos", "content_hash": hash}
    assert http.post("/upload/init", json=again).json()["status"] == "fresh"
    found = http.get("/resolve", params={"url": "https://example.org/b"}).json()
    assert found["hash"] == hash, "it is known by that address, too"


def test_the_perceptual_hash_is_the_one_of_imagehash(http: httpx.Client, tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (32, 32), np.uint8)
    picture = Image.fromarray(noise)
    picture.save(tmp_path / "noise.png")
    video = make.make_video(tmp_path / "clip.mp4", frames=12)
    found = {}
    for path in (tmp_path / "noise.png", video):
        hash = put(http, path.read_bytes(), f"app:{path.name}")["hash"]
        for place in ("meta", "cache/meta"):
            found[path.name] = http.get(f"/{place}/{hash}").json()["phash"]
    assert found["noise.png"] == str(imagehash.phash(picture))
    assert re.fullmatch("[0-9a-f]{16}", found["clip.mp4"])
    nothing = put(http, b"no picture", "app:text")["hash"]
    assert http.get(f"/meta/{nothing}").json()["phash"] is None


def test_conditions_and_heads(http: httpx.Client) -> None:
    hash = put(http, b"0123456789", "https://example.org/a")["hash"]
    path = f"/video/{hash}"
    whole = http.get(path)
    assert whole.headers["etag"] == f'"{hash}"'
    assert whole.headers["accept-ranges"] == "bytes"
    assert http.get(path, headers={"If-None-Match": f'W/"x", "{hash}"'}).status_code == 304
    head = http.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", "10")
    for wanted, expected, place in (
        ("bytes=2-4", b"234", "bytes 2-4/10"), ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"), ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ):  # fmt: skip
        part = http.get(path, headers={"Range": wanted})
        assert (part.status_code, part.content) == (206, expected)
        assert part.headers["content-range"] == place
    for ignored in ("bytes=4-2", "bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=a-b"):
        assert http.get(path, headers={"Range": ignored}).status_code == 200, ignored
    for behind in ("bytes=10-", "bytes=-0"):
        refused = http.get(path, headers={"Range": behind})
        assert (refused.status_code, refused.headers["content-range"]) == (416, "bytes */10")
    other = {"Range": "bytes=2-4", "If-Range": '"something else"'}
    assert http.get(path, headers=other).status_code == 200


def test_browsing_walks_through_everything_once(server: Running, http: httpx.Client) -> None:
    hashes = [
        put(
            http, b"bytes %d" % n, f"https://example.org/{n}.mp4", prefix=f"p{n % 2}",
            client_name=("even", "odd")[n % 2], bucket="clips" if n < 5 else "films",
        )["hash"]
        for n in range(7)
    ]  # fmt: skip
    make.make_frames(server.library.path.parent / "frames", 3)
    server.library.put_frames("clips", "walk", server.library.path.parent / "frames")
    for order in ("asc", "desc"):
        seen, cursor = [], None
        while True:
            params = {"limit": "3", "order": order} | ({"cursor": cursor} if cursor else {})
            page = http.get("/browse", params=params).json()
            seen += [item["hash"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == (hashes if order == "asc" else hashes[::-1])

    def found(**params: str) -> list[str]:
        items = http.get("/browse", params=params).json()["items"]
        return sorted(item["url"].rpartition("/")[2] for item in items)

    assert found(bucket="films") == ["5.mp4", "6.mp4"]
    assert found(prefix="p1", bucket="clips") == ["1.mp4", "3.mp4"]
    assert found(client_name="even") == ["0.mp4", "2.mp4", "4.mp4", "6.mp4"]
    assert found(q="ORG/3") == ["3.mp4"]
    assert found(date_from="2100-01-01") == []
    assert len(found(date_to="2100-01-01T00:00:00+00:00")) == 7
    assert http.get("/browse/buckets").json() == {"buckets": ["clips", "films"]}
    assert http.get("/browse/prefixes", params={"bucket": "clips"}).json() == {
        "prefixes": ["p0", "p1"]
    }
    (one,) = http.get("/cache/search", params={"url_contains": "/6", "bucket": "films"}).json()
    assert (one["hash"], one["url"]) == (hashes[6], "https://example.org/6.mp4")
    assert http.get("/cache/search", params={"url_contains": "/6"}).json() == []


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"order": "up"}, {"cursor": "!"},
        {"cursor": base64.urlsafe_b64encode(b"[1]").decode()}, {"date_from": "yesterday"},
        {"cursor": base64.urlsafe_b64encode(b'[1, "x"]').decode()}, {"q": "\0"},
        {"cursor": base64.urlsafe_b64encode(b"[1, 99999999999999999999]").decode()},
    ],
)  # fmt: skip
def test_questions_that_make_no_sense_are_422(
    refusing: httpx.Client, params: dict[str, str]
) -> None:
    assert refusing.get("/browse", params=params).status_code == 422


@pytest.mark.parametrize(
    "given",
    [
        {}, {"url": "x"}, {"url": 5, "bucket": "b"}, {"url": "", "bucket": "b"},
        {"url": "x", "bucket": " "}, {"url": "/etc/passwd", "bucket": "b"},
        {"url": "export:x", "bucket": "b"}, {"url": "x\ud800", "bucket": "b"},
        {"url": "x", "bucket": "b\n"}, {"url": "x" * 20_000, "bucket": "b"},
        {"url": "x", "bucket": "b", "meta": []}, {"url": "x", "bucket": "b", "prefix": {}},
        {"url": "x", "bucket": "b", "meta": {"half": "\udc00"}},
    ],
)  # fmt: skip
def test_hostile_or_wrong_announcements_are_422(refusing: httpx.Client, given: Any) -> None:
    refused = refusing.post("/upload/init", content=json.dumps(given))
    assert refused.status_code == 422
    assert refused.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 200_000, b"\xff\xfe", b'{"a":NaN}'])
def test_what_is_no_json_object_is_422(refusing: httpx.Client, body: bytes) -> None:
    assert refusing.post("/upload/init", content=body).status_code == 422


def test_nothing_is_not_stored(refusing: httpx.Client) -> None:
    begun = refusing.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
    assert refusing.post(f"/upload/{begun['upload_id']}", content=b"").status_code == 422


def test_the_server_downloads_only_when_told_so(refusing: httpx.Client) -> None:
    for path in ("/ingest", "/download"):
        refused = refusing.post(path, json={"url": "https://example.org/x", "bucket": "b"})
        assert refused.status_code == 503


PRIVATE = (
    "http://127.0.0.1:{}/clip.mp4", "http://localhost:{}/clip.mp4", "http://0x7f.1:{}/clip.mp4",
    "http://[::ffff:127.0.0.1]:{}/clip.mp4", "http://2130706433:{}/clip.mp4",
    "http://user@127.1:{}/clip.mp4",
)  # fmt: skip


def test_downloads_never_reach_this_machine(tmp_path: Path) -> None:
    with (
        source_server() as source,
        serving(tmp_path / "library", fetch=download, downloads=True) as server,
        server.client() as http,
    ):
        for url in PRIVATE:
            wanted = {"url": url.format(source.port), "bucket": "b"}
            for path in ("/ingest", "/download"):
                assert http.post(path, json=wanted).status_code == 502, url
        assert http.post("/ingest", json={"url": "file:///x", "bucket": "b"}).status_code == 422
        assert source.seen == []
        assert server.temporary() == []


def test_a_server_that_may_download_does(tmp_path: Path) -> None:
    def fetch(url: str, out: Any, **options: Any) -> Any:
        return download(url, out, **options | {"allow_private": True})

    clip = make.make_video(tmp_path / "clip.mp4", frames=12).read_bytes()

    def send_clip(handler: Handler) -> None:
        handler.head(f"Content-Length: {len(clip)}")
        handler.raw(clip)

    with (
        source_server() as source,
        serving(tmp_path / "library", fetch=fetch, downloads=True) as server,
        server.client() as http,
    ):
        source.scripts["/clip.mp4"] = send_clip
        source.scripts["/noise"] = send_body
        wanted = {"url": source.url("/clip.mp4"), "bucket": "clips", "prefix": "a"}
        done = http.post("/ingest", json=wanted).json()
        assert done["status"] == "new"
        assert http.get(f"/video/{done['hash']}").content == clip
        again = http.post("/ingest", json=wanted).json()
        assert (again["status"], again["hash"]) == ("url_alias", done["hash"])
        assert http.post("/download", json=wanted).json()["bucket"] == "clips"
        assert len(source.seen) == 1
        noise = {"url": source.url("/noise"), "bucket": "b"}
        assert http.post("/ingest", json=noise).status_code == 502


def test_the_paths_are_described(refusing: httpx.Client) -> None:
    document = refusing.get("/openapi.json").json()
    assert document["openapi"].startswith("3.")
    paths = document["paths"]
    for path in ("/upload/init", "/video/{hash}", "/cache/{hash}", "/browse", "/health"):
        assert path in paths
    assert set(paths["/video/{hash}"]) == {"get", "delete"}
    assert all(one["summary"] for path in paths.values() for one in path.values())
    assert refusing.get("/health").json() == {"status": "ok"}
