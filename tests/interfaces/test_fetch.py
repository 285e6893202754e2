"""Downloads from good, bad and hostile servers. Everything stays on the loopback address."""

import gzip
import io
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from vidcache_gui.cancel import CancelToken
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.interfaces.addresses import LookUpFailed, is_public, system_resolve
from vidcache_gui.interfaces.fetch import Fetched, Limits, fetch
from vidcache_gui.interfaces.names import file_name

BODY = os.urandom(1_500_000)
QUICK = Limits(connect=5, read=5, total=30, pause=0.01)

Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path by a script of the test's."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.close_connection = True
        self.server.scripts[self.path.partition("?")[0]](self)

    def raw(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
        except OSError:
            self.server.hung_up.set()

    def head(self, *lines: str, status: str = "200 OK") -> None:
        self.raw("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1"))

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: dict[str, Script] = {"/clip.mp4": send_body}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.hung_up = threading.Event()
        self.release = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up are the point of half of these tests


def send_body(handler: Handler) -> None:
    handler.head(f"Content-Length: {len(BODY)}", "Content-Type: Video/MP4; charset=x")
    handler.raw(BODY)


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.release.set()
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment must be ignored; this one would refuse everything."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


def get(url: str, out: io.BytesIO | Any = None, **options: Any) -> tuple[Fetched, bytes]:
    out = out if out is not None else io.BytesIO()
    options = {
        "token": CancelToken(), "on_bytes": lambda *_: None, "allow_private": True,
        "limits": QUICK, **options,
    }  # fmt: skip
    fetched = fetch(url, out, **options)
    return fetched, out.getvalue() if isinstance(out, io.BytesIO) else b""


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


# --- hostile addresses -------------------------------------------------------

REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.255.255.254/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0x7F.0x0.0x0.0x1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://localhost/",
    "http://127。0。0。1/",
    "http://localhost:80/",
    "http://user@localhost/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com:80@127.0.0.1:80/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[5f00::1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://100.64.0.1/",
    "http://100.127.255.255/",
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "https://127.0.0.1/",
]

NO_ADDRESS = [
    "",
    "   ",
    "clip.mp4",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "ftp://example.com/x",
    "gopher://127.0.0.1:70/_x",
    "javascript:alert(1)",
    "data:video/mp4;base64,AAAA",
    "http:",
    "http://",
    "http:///etc/passwd",
    "http://:80/",
    "http://exa mple.com/",
    "http://example.com\r\nHost: evil/",
    "http://example.com:99999/",
    "http://[::1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://0177.0.0.01/",
    "http://" + "a" * 70 + ".example/",
    "http://" + "a" * 20_000,
    "http://\x00/",
    "//127.0.0.1/x",
]


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being refused means that nobody was even called."""

    def connect(*_: Any) -> Any:
        pytest.fail("it connected")

    monkeypatch.setattr("vidcache_gui.interfaces.addresses._connect", connect)


def numbers_only(host: str, port: int) -> list[str]:
    """The system's own reading of numbers and /etc/hosts; no question leaves this machine."""
    if host.rstrip(".").lower() != "localhost" and not host[:1].isdigit() and ":" not in host:
        raise UserError(f"There is no server named '{host}'.")
    return system_resolve(host, port)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("url", REFUSED)
def test_addresses_that_are_not_on_the_internet_are_refused(url: str) -> None:
    with pytest.raises(UserError, match="on this computer or its own network"):
        get(url, allow_private=False, resolve=numbers_only)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("url", NO_ADDRESS)
@pytest.mark.parametrize("allow_private", [True, False])
def test_what_is_no_web_address_is_refused(url: str, allow_private: bool) -> None:
    with pytest.raises(UserError):
        get(url, allow_private=allow_private, resolve=numbers_only)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["not a number"],
        [],
    ],
)
def test_a_name_is_judged_by_all_its_numbers(found: list[str]) -> None:
    with pytest.raises(UserError):
        get("http://innocent.example/x", allow_private=False, resolve=lambda *_: found)


def test_a_name_that_changes_its_mind_is_not_asked_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: public when checked, this computer when connected to."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[str] = []

    def connect(address: str, *_: Any) -> Any:
        connected.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr("vidcache_gui.interfaces.addresses._connect", connect)
    with pytest.raises(UserError):
        get(
            "http://flip.example/x",
            allow_private=False,
            resolve=lambda *_: answers.pop(0),
            limits=Limits(attempts=1),
        )
    assert connected == ["93.184.216.34"]
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1/x", "http://inside.example/x", "//2130706433/", "//[::1]/"]
)
def test_a_redirect_is_checked_like_an_address(
    server: Server, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    """The first server is taken for a public one; the second is what it is."""
    server.scripts["/a"] = lambda handler: handler.head(f"Location: {location}", status="302 F")
    public = "93.184.216.34"
    from vidcache_gui.interfaces import addresses

    real = addresses._connect

    def connect(address: str, *rest: Any) -> socket.socket:
        assert address == public, "it followed the redirect"
        return real("127.0.0.1", *rest)

    def resolve(host: str, port: int) -> list[str]:
        names = {"outside.example": [public], "inside.example": ["192.168.0.7"]}
        return names.get(host) or numbers_only(host, port)

    monkeypatch.setattr(addresses, "_connect", connect)
    with pytest.raises(UserError, match="on this computer or its own network"):
        get(server.url("/a", "outside.example"), allow_private=False, resolve=resolve)
    assert len(server.seen) == 1


# --- TLS ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=clips.example", "-addext",
         "subjectAltName=DNS:clips.example", "-keyout", str(path), "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def secure(server: Server, certificate: Path) -> tuple[Server, ssl.SSLContext, list[str]]:
    """The server behind TLS, a client that trusts it, and the names clients asked for."""
    asked: list[str] = []
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    theirs.sni_callback = lambda _socket, name, _context: asked.append(name)
    server.socket = theirs.wrap_socket(server.socket, server_side=True)
    return server, ssl.create_default_context(cafile=f"{certificate}.crt"), asked


def test_the_certificate_is_checked_against_the_name_not_the_number(
    secure: tuple[Server, ssl.SSLContext, list[str]],
) -> None:
    server, tls, asked = secure
    url = f"https://clips.example:{server.port}/clip.mp4"
    assert get(url, tls=tls, resolve=lambda *_: ["127.0.0.1"])[1] == BODY
    assert asked == ["clips.example"]


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    secure: tuple[Server, ssl.SSLContext, list[str]], name: str
) -> None:
    server, tls, _ = secure
    with pytest.raises(UserError, match=f"could not prove that it is '{name}'"):
        get(f"https://{name}:{server.port}/x", tls=tls, resolve=lambda *_: ["127.0.0.1"])


def test_a_stranger_s_certificate_is_refused(
    secure: tuple[Server, ssl.SSLContext, list[str]],
) -> None:
    server, _, _ = secure
    with pytest.raises(UserError, match="could not prove"):
        get(f"https://clips.example:{server.port}/x", resolve=lambda *_: ["127.0.0.1"])


def test_plain_http_where_tls_was_meant(server: Server) -> None:
    with pytest.raises(UserError, match="No secure connection"):
        get(f"https://127.0.0.1:{server.port}/clip.mp4")


# --- names -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "disposition", "name"),
    [
        ("http://h/a/clip.mp4?x=/y.gif", "", "clip.mp4"),
        ("http://h/a/", "", "h"),
        ("http://h", "", "h"),
        ("http://h/%E2%82%AC%20rates.gif", "", "€ rates.gif"),
        ("http://h/a%2Fb%2F..%2Fetc%2Fpasswd", "", "passwd"),
        ("http://h/..%5C..%5Cboot.ini", "", "boot.ini"),
        ("http://h/%2e%2e", "", "h"),
        ("http://h/a%00b%0ac.mp4", "", "a b c.mp4"),
        ("http://h/x", 'attachment; filename="my clip.mp4"', "my clip.mp4"),
        ("http://h/x", "attachment; filename=plain.mp4", "plain.mp4"),
        ("http://h/x", "inline; filename*=UTF-8''na%C3%AFve%20file.gif", "naïve file.gif"),
        ("http://h/x", 'attachment; filename="../../.bashrc"', ".bashrc"),
        ("http://h/x", 'attachment; filename="C:\\\\Users\\\\me\\\\clip.mp4"', "clip.mp4"),
        ("http://h/x", 'attachment; filename=".."', "x"),
        ("http://h/x", 'attachment; filename=""', "x"),
        ("http://h/x", "attachment", "x"),
        ("http://h/x", ";;;===", "x"),
        ("http://h/x", "attachment; filename*=klingon''%ff%fe", None),
        ("http://h/x", 'attachment; filename="ünï.mp4"'.encode().decode("latin-1"), "ünï.mp4"),
        ("http://h/" + "é" * 300 + ".webm", "", "é" * 125 + ".webm"),
    ],
)
def test_names_are_one_harmless_line(url: str, disposition: str, name: str | None) -> None:
    found = file_name(httpx.URL(url), disposition)
    assert found
    assert "/" not in found
    assert "\\" not in found
    assert found.isprintable()
    assert len(found.encode()) <= 255
    if name is not None:
        assert found == name
