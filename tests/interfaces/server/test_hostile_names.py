"""Names from outside are labels in the catalog: none of them is ever a path or markup."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.server.serving import Running, serving, status_of
from vidcache_gui.core.records import Query

NAMES = (
    "../../../../tmp/escaped", "..", "/etc/passwd", "..\\..\\windows", "a//b/./c/..",
    "%2e%2e%2f", "'; DROP TABLE item; --", "<script>alert(1)</script>", "\u202egnp.exe",
    "x" * 300,
)  # fmt: skip
HASHES = (
    "..%2f..%2fcatalog.db", "%2e%2e/%2e%2e/catalog.db", "../catalog.db", "..%5c..%5ccatalog.db",
    "%00", "a%00b", "catalog.db", "0" * 63, "0" * 65, "g" * 64, "%ff%fe", "' OR 1=1", "*", "%25",
    "http://127.0.0.1/", "~", ".", "..", "%F0%9F%8E%9E", "0x0", "-1", "null",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("hostile") / "home" / "library") as running:
        yield running


@pytest.mark.parametrize("place", ["/video/", "/meta/", "/cache/", "/cache/meta/"])
def test_a_hash_is_no_path(server: Running, place: str) -> None:
    for hash in HASHES:
        target = (place + hash).replace(" ", "+").encode("latin-1")
        for method in (b"GET ", b"DELETE "):
            request = method + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            assert status_of(server.raw(request)) in (400, 404, 405), (hash, method)


def test_buckets_prefixes_and_file_names_stay_labels(server: Running, tmp_path: Path) -> None:
    home = server.library.path.parent
    before = {path for path in home.rglob("*") if "library" not in path.parts}
    with server.client() as http:
        for number, name in enumerate(NAMES):
            body = f"content {number}".encode()
            wanted = {"url": f"https://example.org/{name}", "bucket": name, "prefix": name}
            begun = http.post("/upload/init", json=wanted)
            if begun.status_code == 422:
                continue
            done = http.post(f"/upload/{begun.json()['upload_id']}", content=body).json()
            hash = done["hash"]
            assert done["file_path"] == f"blobs/{hash[:2]}/{hash}"
            assert http.get(f"/video/{hash}").content == body
            meta = http.get(f"/meta/{hash}").json()
            assert meta["bucket"] == name.strip()
            assert not {"..", "."} & set((meta["prefix"] or "").split("/"))
            listed = http.get("/browse", params={"bucket": name}).json()["items"]
            assert hash in {one["hash"] for one in listed}
            sent = http.get(f"/video/{hash}").headers.get("content-disposition", "")
            assert "\n" not in sent
    after = {path for path in home.rglob("*") if "library" not in path.parts}
    assert after == before
    items = server.library.page(Query())
    assert len(items) >= len(NAMES) - 4
    for item in items:
        written = server.library.export(item, tmp_path, overwrite=True)
        assert written.resolve().parent == tmp_path.resolve()
    assert list(server.library.verify()) == []


def test_searches_are_no_commands(server: Running) -> None:
    with server.client() as http:
        for name in NAMES:
            params = {"q": name, "prefix": name, "bucket": name}
            assert http.get("/browse", params=params).status_code == 200
            assert http.get("/cache/search", params={"url_contains": name}).status_code == 200
        assert "items" in http.get("/browse").json()
