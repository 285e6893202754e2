"""Requests nobody sends by mistake: refused in plain words, and never logged as a bug."""

import base64
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.server.mictlanx import Peer
from tests.interfaces.server.serving import Running, read_all, serving, status_of, wait_until
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.intake import Target
from vidcache_gui.interfaces.server.pending import Pending, weight
from vidcache_gui.interfaces.server.settings import Limits

HALF = "caf\udce9"  # of a file name that is not UTF-8
T = 1_700_000_000_000
A, B = "a" * 64, "b" * 64
HUGE = 10**400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Holds a file and a frame with names that are no text to most programs."""
    with serving(tmp_path_factory.mktemp("odd") / "library") as running:
        library = running.library
        with library.incoming() as incoming:
            incoming.write(b"bytes")
            library.receive(incoming, "x:half", f"{HALF}.bin", Target("b"))
        with library.incoming() as incoming:
            incoming.write(b"frame")
            facts = BallFacts("b", HALF, "k", {"a": HALF}, "тест/x\r\nX: y", HALF)
            library.put_ball(incoming, facts)
        yield running


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def begin(server: Running) -> str:
    with server.client() as http:
        said = http.post("/upload/init", json={"url": "x:new", "bucket": "b"}).json()
    return f"POST /upload/{said['upload_id']} HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize("key", ["[1e400,1]", "[NaN,1]", "[[],1]", "[" * 9000])
def test_a_cursor_of_no_list(server: Running, key: str) -> None:
    cursor = base64.urlsafe_b64encode(key.encode()).decode()
    with server.client() as http:
        assert http.get("/browse", params={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize("hash", ["\ud800", "\0", "x" * 500_000, ["a"], {}])
def test_a_hash_that_is_none_is_no_hash(server: Running, hash: Any) -> None:
    given = json.dumps({"url": "x:other", "bucket": "b", "content_hash": hash})
    with server.client() as http:
        assert http.post("/upload/init", content=given).json()["status"] == "pending"


def test_names_that_are_not_utf_8_spoil_no_answer(server: Running) -> None:
    with server.client() as http:
        (item,) = http.get("/browse").json()["items"]
        assert item["filename"] == f"{HALF}.bin"
        sent = http.get(f"/video/{item['hash']}").headers["content-disposition"]
        assert sent == "attachment; filename*=UTF-8''caf%3F.bin"
        (ball,) = http.get("/api/v4/buckets/b/metadata").json()["balls"]
        assert (ball["key"], ball["tags"]["a"], ball["producer_id"]) == (HALF, HALF, HALF)
        (ball,) = http.get("/api/v4/buckets/b/metadata/k/group").json()["balls"]
        entries = http.post("/sync/look", json={"entries": [""], "fresh": True}).json()["entries"]
        asked = json.dumps({"records": list(entries)})
        said = http.post("/sync/look", content=asked).json()["records"]
        assert {one["id"] for one in said} == set(entries)


def test_a_content_type_is_a_header_only_if_it_can_be(tmp_path: Path) -> None:
    with serving(tmp_path / "library") as server, server.library.incoming() as incoming:
        incoming.write(b"frame")
        server.library.put_ball(incoming, BallFacts("b", "k", "k", {}, "тест/x\r\nX: y"))
        with server.client() as http:
            answer = http.get("/api/v4/buckets/b/k")
    assert answer.content == b"frame"
    assert answer.headers["content-type"] == "application/octet-stream"


def element(name: str, value: Any, id: str = f"f:{A}") -> dict[str, Any]:
    return {"id": id, "elements": {"state": [None, T], name: [value, T]}}


TOLD = [
    element("delay_ms", HUGE), element("delays", {"1": HUGE}), element("verdict", []),
    element("verdict", {}, f"d:64:{A}:{B}"), element("name", "\ud800"),
    element("tag:\ud800", True), element("meta:\ud800", [1]), element("meta:x", ["\ud800"]),
    element("meta:x", [float("nan")]), element("alias:x", ["url"]),
    element("facts", {"ball_id": "\ud800", "type": "", "producer": "", "tags": {},
                      "disabled": False}, "b:1:b:k"),
    element("name", "x", "g:1:b:\ud800"), element("name", "x", "b:1:\ud800:k"),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD)
def test_records_that_cannot_be(server: Running, told: dict[str, Any]) -> None:
    with server.client() as http:
        for path, asked in (
            ("/sync/tell", {"writes": [{"target": told}]}), ("/sync/look", {"missing": [told]}),
        ):  # fmt: skip
            assert http.post(path, content=json.dumps(asked)).status_code in (200, 400)


def test_packed_bytes_are_not_kept_as_if_they_were_the_file(server: Running) -> None:
    before = server.blobs()
    head = (
        begin(server) + "Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    )
    answer = server.raw(head.encode(), b"\x1f\x8b\x08\x00")
    assert status_of(answer) == 415
    assert server.blobs() == before


@pytest.mark.parametrize(
    "head", [b"GET /\xff HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\xa5\x01\r\n\r\n"]
)
def test_what_is_no_http_is_told_in_json(server: Running, head: bytes) -> None:
    answer = server.raw(head)
    assert status_of(answer) == 400
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"detail": "This is no HTTP request."}


def test_a_body_that_is_no_http_leaves_nothing(server: Running) -> None:
    before = server.blobs()
    head = begin(server) + "Transfer-Encoding: chunked\r\n\r\n"
    answer = server.raw(head.encode(), b"3\r\nabc\r\n", b"-3\r\nabc\r\n")
    assert status_of(answer) == 400
    wait_until(lambda: server.served[-1].path.startswith("/upload/"))
    assert (server.temporary(), server.blobs()) == ([], before)


def test_what_is_no_http_behind_an_answer_just_ends_the_connection(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        head = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        found = b""
        while not found.endswith(b"}"):
            found += connection.recv(65536)
        connection.sendall(b"zzz\r\n")
        assert read_all(connection) == b""
    assert status_of(found) == 404


def test_a_list_that_nobody_reads_is_let_go(tmp_path: Path) -> None:
    """Its connection and what waits to be sent would be held for ever."""
    with serving(tmp_path / "library", limits=Limits(stall=0.1)) as server:
        tags = {"a": "x" * 1_000_000}
        for number in range(16):  # more than the buffers of both ends swallow
            with server.library.incoming() as incoming:
                incoming.write(b"x")
                server.library.put_ball(incoming, BallFacts("b", f"k{number}", "g", tags))
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(60)
            connection.connect(("127.0.0.1", server.port))
            path = "/api/v4/buckets/b/metadata"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            wait_until(lambda: [one.path for one in server.served] == [path])
            assert len(read_all(connection)) < 14_000_000


def test_a_library_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with serving(library) as server, server.client() as http:
        put = Peer(server.address).put("b", "k", b"frame")
        assert put.status_code == 201
        begun = [http.post("/upload/init", json={"url": f"x:{n}", "bucket": "b"}) for n in "12"]
        paths = [f"/upload/{one.json()['upload_id']}" for one in begun]
        library.rename(tmp_path / "elsewhere")
        for path in ("/api/v4/stats", "/api/v4/stats/ufs", "/api/v4/buckets/b/k"):
            assert http.get(path).status_code == 503
        assert http.post(paths[0], content=b"bytes").status_code == 503
        (tmp_path / "elsewhere").rename(library)
        assert http.post(paths[1], content=b"bytes").json()["status"] == "new"


def test_what_is_announced_is_counted_by_the_memory_it_takes() -> None:
    meta = {"a": [[] for _ in range(1000)]}
    assert weight(meta) > 10 * len(json.dumps(meta))
    pending: Pending[object] = Pending(1000, 3600)
    for _ in range(10):
        pending.add(meta, 10 << 20)
    assert len(pending) == 6
