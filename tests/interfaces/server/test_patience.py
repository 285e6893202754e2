"""Clients that say nothing, speak slowly or never listen do not keep others waiting."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.interfaces.server.serving import Running, read_all, serving, status_of, wait_until
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.interfaces.server import connections, service
from vidcache_gui.interfaces.server.settings import Limits

QUICK = Limits(connections=40, head=1.0, idle=1, stall=1.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "library", limits=QUICK) as running:
        yield running


def connect(server: Running, stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))


def begin(server: Running) -> bytes:
    body = b'{"url":"x:1","bucket":"b"}'
    head = b"POST /upload/init HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    said = json.loads(server.raw(head, b"Content-Length: %d\r\n\r\n" % len(body), body)
                      .partition(b"\r\n\r\n")[2])  # fmt: skip
    path = f"POST /upload/{said['upload_id']} HTTP/1.1\r\nHost: localhost\r\n"
    return path.encode()


def test_many_idle_sockets_keep_nobody_out(tmp_path: Path) -> None:
    patient = Limits(connections=40, head=3600)
    with serving(tmp_path / "library", limits=patient) as server, ExitStack() as stack:
        idle = [connect(server, stack) for _ in range(100)]
        idle[-1].sendall(b"GET /health HT")
        with server.client() as http:
            assert http.get("/health").status_code == 200
        wait_until(lambda: sum(is_closed(one) for one in idle) >= 60)
        assert not is_closed(idle[-1]), "the newest stay"


def put_large(server: Running) -> bytes:
    """The request for more than the buffers of both ends swallow."""
    with server.library.incoming() as incoming:
        incoming.write(bytes(16 << 20))
        server.library.put_ball(incoming, BallFacts("b", "k", "k"))
    return b"GET /api/v4/buckets/b/k HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize("way", ["sends", "reads"])
def test_who_holds_up_a_body_makes_room(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "QUIET", 0.0)
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path / "library", limits=Limits(connections=5)))
        large = put_large(server)
        for _ in range(5):
            slow = connect(server, stack)
            if way == "sends":
                slow.sendall(begin(server) + b"Content-Length: 1000\r\n\r\nx")
            else:
                slow.sendall(large)
                assert slow.recv(1000)
        with server.client() as http:
            assert http.get("/health").status_code == 200
        wait_until(lambda: "/health" in [one.path for one in server.served])
        if way == "reads":
            wait_until(lambda: len(server.served) > 1)
    assert caplog.records == []


def test_clients_that_go_away_are_no_bugs(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    large = put_large(server)
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", server.port)) as leaving:
            leaving.sendall(large)
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    wait_until(lambda: len(server.served) > 5)
    assert caplog.records == []


def test_five_hundred_idle_sockets_are_nothing(tmp_path: Path) -> None:
    """With the limits it has; `bench/server/idle.py` says how long a good client waits."""
    with serving(tmp_path / "library") as server, ExitStack() as stack:
        idle = [connect(server, stack) for _ in range(500)]
        for one in idle[::2]:
            one.sendall(b"POST /upload/init HTTP/1.1\r\nHost: loc")
        with server.client() as http:
            assert http.get("/health").status_code == 200
            said = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
            done = http.post(f"/upload/{said['upload_id']}", content=b"quick")
            assert done.json()["status"] == "new"


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"GET /health HTTP/1.1\r\nHost: loc"])
def test_a_head_that_does_not_come_ends_the_connection(server: Running, said: bytes) -> None:
    assert server.raw(said) == b""


def test_a_second_head_that_does_not_come_ends_it_too(server: Running) -> None:
    answer = server.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")
    assert status_of(answer) == 200
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("framing", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_a_body_that_stops_is_given_up(server: Running, framing: bytes) -> None:
    body = b"4\r\nabcd\r\n" if b"chunked" in framing else b"abcd"
    answer = server.raw(begin(server) + framing + b"\r\n\r\n", body)
    assert status_of(answer) == 408
    assert server.temporary() == []
    assert server.blobs() == set()


def test_a_small_body_must_come_as_a_whole(server: Running) -> None:
    head = b"POST /upload/init HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
    assert status_of(server.raw(head)) == 408


def test_bytes_that_trickle_are_given_up(tmp_path: Path) -> None:
    """More than ``stall`` allows never passes between two of them."""
    limits = Limits(grace=0.0, slowest=1 << 30)
    with serving(tmp_path / "library", limits=limits) as server, ExitStack() as stack:
        connection = connect(server, stack)
        connection.sendall(begin(server) + b"Content-Length: 1000000\r\n\r\n")
        connection.sendall(b"x" * 1000)
        answer = read_all(connection)
        assert status_of(answer) == 408


def test_slow_uploads_hold_up_nobody(tmp_path: Path) -> None:
    """More of them are under way than there are threads."""
    with serving(tmp_path / "library") as server, ExitStack() as stack:
        for _ in range(30):
            connection = connect(server, stack)
            connection.sendall(begin(server) + b"Content-Length: 9000000\r\n\r\n" + b"x" * 300_000)
        with server.client() as http:
            said = http.post("/upload/init", json={"url": "x:2", "bucket": "b"}).json()
            done = http.post(f"/upload/{said['upload_id']}", content=b"quick")
            assert done.json()["status"] == "new"
        stack.close()
        wait_until(lambda: server.temporary() == [])
    assert len([one for one in server.served if one.status == 499]) == 30


def test_a_reader_that_stops_is_let_go(server: Running) -> None:
    data = bytes(64 << 20)
    with server.client() as http:
        said = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
        hash = http.post(f"/upload/{said['upload_id']}", content=data).json()["hash"]
    with ExitStack() as stack:
        connection = connect(server, stack)
        connection.sendall(f"GET /video/{hash} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        wait_until(lambda: any(one.path.startswith("/video/") for one in server.served))
        assert len(read_all(connection)) < len(data)


def test_large_files_arrive_whole_over_one_connection(server: Running) -> None:
    data = os.urandom(5 << 20) + bytes(3 << 20)
    with server.client() as http:
        said = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
        hash = http.post(f"/upload/{said['upload_id']}", content=data).json()["hash"]
        assert http.get(f"/video/{hash}").content == data
        part = http.get(f"/video/{hash}", headers={"Range": "bytes=1000000-4999999"})
        assert part.content == data[1_000_000:5_000_000]
        assert http.get("/health").status_code == 200
        path = server.library.blob_path(hash)
        path.chmod(0o600)
        os.truncate(path, 6 << 20)  # a failing disk
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(f"/video/{hash}")
    sent = [one.sent for one in server.served if one.path.startswith("/video/")]
    assert sent == [len(data), 4_000_000, 6 << 20]


def test_stopping_ends_what_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service, "FAREWELL", 1)
    with ExitStack() as stack:
        with serving(tmp_path / "library") as server:
            connection = connect(server, stack)
            connection.sendall(begin(server) + b"Content-Length: 9000000\r\n\r\n")
            connection.sendall(b"x" * 300_000)
            connect(server, stack)
            wait_until(lambda: server.temporary() != [])
        assert not read_all(connection).startswith(b"HTTP/1.1 200")
        assert server.temporary() == []
        assert server.blobs() == set()
    assert [one for one in caplog.records if one.exc_info] == [], "that was no bug"
