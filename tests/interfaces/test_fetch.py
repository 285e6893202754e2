"""Downloads from good and bad servers. Everything stays on the loopback address."""

import gzip
import io
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.servers import BODY, Handler, Server, get, serving
from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.interfaces.addresses import LookUpFailed
from vidcache_gui.interfaces.fetch import Fetched, Limits


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment must be ignored; this one would refuse everything."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


# --- good servers ------------------------------------------------------------


def test_downloads_the_bytes_and_says_what_they_are(server: Server) -> None:
    progress: list[tuple[int, int | None]] = []
    fetched, data = get(
        server.url("/clip.mp4?x=1#part"),
        on_bytes=lambda done, total: progress.append((done, total)),
    )
    assert data == BODY
    assert fetched == Fetched(server.url("/clip.mp4?x=1"), "clip.mp4", "video/mp4", len(BODY))
    assert progress[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    _, headers = server.seen[0]
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["User-Agent"].startswith("VidCache/")


def test_writes_into_a_raw_file_from_where_it_stands(server: Server, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+b", buffering=0) as out:
        out.write(b"head")
        get(server.url("/clip.mp4"), out)
    assert (tmp_path / "out").read_bytes() == b"head" + BODY


def test_chunks_and_unknown_lengths(server: Server) -> None:
    def chunked(handler: Handler) -> None:
        handler.head("Transfer-Encoding: chunked")
        for start in range(0, len(BODY), 99_999):
            part = BODY[start : start + 99_999]
            handler.raw(b"%x\r\n%b\r\n" % (len(part), part))
        handler.raw(b"0\r\n\r\n")

    def until_closed(handler: Handler) -> None:
        handler.head("Content-Type: image/gif")
        handler.raw(BODY)

    server.scripts |= {"/chunked": chunked, "/until-closed": until_closed}
    totals: set[int | None] = set()
    assert get(server.url("/chunked"), on_bytes=lambda _, total: totals.add(total))[1] == BODY
    assert get(server.url("/until-closed"))[1] == BODY
    assert totals == {None}


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_encoding_nobody_asked_for_is_undone(server: Server, encoding: str) -> None:
    packed = gzip.compress(BODY) if encoding == "gzip" else zlib.compress(BODY)

    def encoded(handler: Handler) -> None:
        handler.head(f"Content-Encoding: {encoding}", f"Content-Length: {len(packed)}")
        handler.raw(packed)

    server.scripts["/x"] = encoded
    fetched, data = get(server.url("/x"))
    assert data == BODY
    assert fetched.size == len(BODY)


def test_an_empty_body_is_an_empty_file(server: Server) -> None:
    server.scripts["/x"] = lambda handler: handler.head("Content-Length: 0")
    fetched, data = get(server.url("/x"))
    assert (fetched.size, data) == (0, b"")


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_are_followed_and_named_after_their_end(server: Server, status: str) -> None:
    server.scripts["/a"] = lambda handler: handler.head("Location: ../clip.mp4", status=status)
    fetched, data = get(server.url("/a"))
    assert data == BODY
    assert fetched.final_url == server.url("/clip.mp4")


def test_a_password_in_the_address_is_used_and_forgotten(server: Server) -> None:
    fetched, _ = get(f"http://me:s%40cret@127.0.0.1:{server.port}/clip.mp4")
    assert server.seen[0][1]["Authorization"] == "Basic bWU6c0BjcmV0"
    assert "cret" not in fetched.final_url


def test_a_password_does_not_follow_a_redirect_elsewhere(server: Server) -> None:
    server.scripts["/a"] = lambda handler: handler.head(
        f"Location: http://other.example:{server.port}/clip.mp4", status="302 F"
    )
    get(f"http://me:secret@127.0.0.1:{server.port}/a", resolve=lambda host, port: ["127.0.0.1"])
    assert "Authorization" not in server.seen[1][1]
    assert server.seen[1][1]["Host"] == f"other.example:{server.port}"


# --- bad servers -------------------------------------------------------------


def test_a_body_that_ends_early_is_fetched_again(server: Server) -> None:
    def sometimes(handler: Handler) -> None:
        handler.head(f"Content-Length: {len(BODY)}")
        handler.raw(BODY if len(server.seen) == 3 else BODY[: 500_000 * len(server.seen)])

    server.scripts["/x"] = sometimes
    progress: list[int] = []
    fetched, data = get(server.url("/x"), on_bytes=lambda done, _: progress.append(done))
    assert data == BODY
    assert fetched.size == len(BODY)
    assert progress.count(0) == 2  # it said that it began again


@pytest.mark.parametrize("how", ["length", "chunked", "gzip"])
def test_a_body_that_always_ends_early_is_no_file(server: Server, how: str) -> None:
    def cut(handler: Handler) -> None:
        if how == "length":
            handler.head("Content-Length: 5000")
            handler.raw(b"x" * 4999)
        elif how == "chunked":
            handler.head("Transfer-Encoding: chunked")
            handler.raw(b"5\r\nhello\r\n5\r\nhe")
        else:
            handler.head("Content-Encoding: gzip")
            handler.raw(gzip.compress(BODY)[:-9])

    server.scripts["/x"] = cut
    with pytest.raises(UserError, match="broke off before its end"):
        get(server.url("/x"))
    assert len(server.seen) == 3


def test_a_length_that_understates_gives_what_was_promised(server: Server) -> None:
    def more(handler: Handler) -> None:
        handler.head("Content-Length: 10")
        handler.raw(b"x" * 100)

    server.scripts["/x"] = more
    assert get(server.url("/x"))[1] == b"x" * 10


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00" * 500,
        b"220 smtp ready\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip at all",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nhello",
        b"HTTP/1.1 206 Part\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 101 Up\r\n\r\n",
        b"HTTP/1.1 204 None\r\n\r\n",
        b"HTTP/1.1 302 F\r\n\r\n",
        b"HTTP/1.1 302 F\r\nLocation: http://[oops\r\n\r\n",
        b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"HTTP/1.1 302 F\r\nLocation: ftp://127.0.0.1/x\r\n\r\n",
        b"HTTP/1.1 302 F\r\nLocation: javascript:alert(1)\r\n\r\n",
    ],
)
def test_nonsense_is_a_plain_error(server: Server, answer: bytes) -> None:
    server.scripts["/x"] = lambda handler: handler.raw(answer)
    with pytest.raises(UserError) as caught:
        get(server.url("/x"))
    assert str(caught.value).endswith((".", ")."))


@pytest.mark.parametrize(
    ("status", "words", "requests"),
    [
        ("404 Not Found", "has nothing at this address", 1),
        ("401 Unauthorized", "asks for a password", 1),
        ("403 Forbidden", "does not allow", 1),
        ("418 Teapot", "did not send the file", 1),
        ("503 Busy", "has a problem just now", 3),
        ("429 Slow down", "has a problem just now", 3),
    ],
)
def test_refusals_are_explained(server: Server, status: str, words: str, requests: int) -> None:
    server.scripts["/x"] = lambda handler: handler.head("Content-Length: 0", status=status)
    with pytest.raises(UserError, match=words):
        get(server.url("/x"))
    assert len(server.seen) == requests


def test_redirects_end(server: Server) -> None:
    server.scripts["/x"] = lambda handler: handler.head("Location: /x", status="302 F")
    with pytest.raises(UserError, match="redirected more than 5 times"):
        get(server.url("/x"))
    assert len(server.seen) == 6


def test_a_promised_size_beyond_the_limit_is_refused_unread(server: Server) -> None:
    out = io.BytesIO()
    with pytest.raises(UserError, match="larger than the 1,000,000 bytes"):
        get(server.url("/clip.mp4"), out, max_bytes=1_000_000)
    assert out.getvalue() == b""


@pytest.mark.parametrize("how", ["endless", "bomb"])
def test_an_endless_body_ends_at_the_limit(server: Server, how: str) -> None:
    def endless(handler: Handler) -> None:
        handler.head("Content-Encoding: gzip" if how != "endless" else "X: y")
        zeros = bytes(1 << 20)
        packer = zlib.compressobj(9, wbits=31)
        while not server.hung_up.is_set():
            handler.raw(zeros if how == "endless" else packer.compress(zeros * 20))

    server.scripts["/x"] = endless
    out = io.BytesIO()
    with pytest.raises(UserError, match="larger than the 5,000,000 bytes"):
        get(server.url("/x"), out, max_bytes=5_000_000)
    assert len(out.getvalue()) <= 5_000_000
    assert server.hung_up.wait(10)


def test_silence_ends_at_the_read_timeout(server: Server) -> None:
    def silent(handler: Handler) -> None:
        handler.head("Content-Length: 5")
        server.release.wait(20)

    server.scripts["/x"] = silent
    with pytest.raises(UserError, match="stopped sending"):
        get(server.url("/x"), limits=Limits(read=0.3, attempts=1))


@pytest.mark.parametrize("where", ["head", "body", "continue"])
def test_a_drip_ends_at_the_total_time(server: Server, where: str) -> None:
    """Each byte comes in time; all of them would take for ever."""

    def drip(handler: Handler) -> None:
        if where == "body":
            handler.head("Content-Length: 100000")
        elif where == "head":
            handler.raw(b"HTTP/1.1 200 OK\r\nX: ")
        while not server.hung_up.is_set() and not server.release.wait(0.02):
            handler.raw(b"HTTP/1.1 100 Continue\r\n\r\n" if where == "continue" else b"y")

    server.scripts["/x"] = drip
    began = time.monotonic()
    with pytest.raises(UserError, match="took longer than 1 s"):
        get(server.url("/x"), limits=Limits(total=0.6))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("where", ["head", "body"])
def test_cancelling_ends_a_wait(server: Server, where: str) -> None:
    token = CancelToken()

    def silent(handler: Handler) -> None:
        if where == "body":
            handler.head("Content-Length: 5")
        token.cancel()
        server.release.wait(20)

    server.scripts["/x"] = silent
    with pytest.raises(Cancelled):
        get(server.url("/x"), token=token, limits=Limits(read=20))


def test_a_full_disk_is_said_plainly(server: Server) -> None:
    with (
        open("/dev/full", "r+b", buffering=0) as out,
        pytest.raises(UserError, match="The disk is full"),
    ):
        get(server.url("/clip.mp4"), out)


def test_nobody_listening_is_tried_three_times() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        looked_up: list[str] = []

        def resolve(host: str, port: int) -> list[str]:
            looked_up.append(host)
            return ["127.0.0.1"]

        with pytest.raises(UserError, match=r"could not be reached.*try again later"):
            get(f"http://clips.example:{port}/x", resolve=resolve)
    assert len(looked_up) == 3


def test_the_next_address_is_tried_when_one_is_dead(server: Server) -> None:
    """Clips.example has three addresses; only the last one answers."""
    found = ["::1", "127.0.0.2", "127.0.0.1"]  # the server listens on the last only
    url = server.url("/clip.mp4", "clips.example")
    assert get(url, resolve=lambda *_: found)[1] == BODY
    assert server.seen[0][1]["Host"] == f"clips.example:{server.port}"


def test_a_look_up_that_fails_for_now_is_tried_again(server: Server) -> None:
    answers: list[Any] = [LookUpFailed("later"), ["127.0.0.1"]]

    def resolve(host: str, port: int) -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    assert get(server.url("/clip.mp4", "clips.example"), resolve=resolve)[1] == BODY
