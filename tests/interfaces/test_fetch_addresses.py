"""Where a download may go: hostile addresses, redirects, look-ups, certificates, names.

No question and no connection leaves this machine.
"""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.interfaces.servers import BODY, Server, get, serving
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces import addresses
from vidcache_gui.interfaces.addresses import is_public, system_resolve
from vidcache_gui.interfaces.fetch import Limits
from vidcache_gui.interfaces.names import file_name


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


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
