"""Who is let in, and what is refused, in the form each protocol knows."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interfaces.server.serving import Running, serving, status_of
from vidcache_gui.core.library import Library
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Access, Limits, Protocol, Settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Nothing is stored in it, so tests may share it."""
    library = tmp_path_factory.mktemp("served") / "library"
    limits = Limits(json_bytes=10_000, body_bytes=100_000)
    with serving(library, names=frozenset({"archive.local"}), limits=limits) as running:
        yield running


def ask(server: Running, *headers: str, request: str = "GET /health HTTP/1.1") -> int:
    lines = [request, *headers, "Connection: close", "", ""]
    return status_of(server.raw("\r\n".join(lines).encode("utf-8")))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:{}", "127.0.0.1", "localhost:{}", "LocalHost", "[::1]:{}", "archive.local:99"],
)
def test_its_own_names_are_answered(server: Running, host: str) -> None:
    assert ask(server, f"Host: {host.format(server.port)}") == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{}", "127.0.0.1.evil.example", "localhost.evil.example",
     "localhost.", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::ffff:127.0.0.1]",
     "127.0.0.1@evil.example", "evil.example@127.0.0.1", "", "127.0.0.1:99999", "127.0.0.1:x",
     "127.0.0.1 evil.example", "127.0.0.1,evil.example", "::1", "ⓛocalhost", "[::1"],
)  # fmt: skip
def test_other_names_are_refused(server: Running, host: str) -> None:
    assert ask(server, f"Host: {host.format(server.port)}") in (400, 421)


def test_two_names_or_none_are_refused(server: Running) -> None:
    assert ask(server, "Host: 127.0.0.1", "Host: evil.example") == 400
    assert ask(server) == 400
    assert ask(server, request="GET /health HTTP/1.0") == 421
    whole = "GET http://127.0.0.1/health HTTP/1.1"
    assert ask(server, "Host: 127.0.0.1", request=whole) == 400


@pytest.mark.parametrize(
    "header",
    ["Origin: https://evil.example", "Origin: null", "Origin: http://127.0.0.1:1",
     "Origin: http://localhost:{}", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST /upload/init", "GET /browse", "DELETE /video/x"])
def test_pages_of_other_sites_are_refused(server: Running, header: str, method: str) -> None:
    port = server.port
    request = f"{method} HTTP/1.1"
    assert ask(server, f"Host: 127.0.0.1:{port}", header.format(port), request=request) == 403


def test_a_form_of_another_site_is_refused(server: Running) -> None:
    form = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    with server.client() as http:
        refused = http.post("/upload/init", headers=form, content='{"url":"x","bucket":"b"}')
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers


def test_pages_of_its_own_are_let_in(server: Running) -> None:
    own = f"127.0.0.1:{server.port}"
    headers = (f"Host: {own}", f"Origin: http://{own}", "Sec-Fetch-Site: same-origin")
    assert ask(server, *headers) == 200


@pytest.mark.parametrize(
    ("path", "detail"),
    [("/nowhere", "Not Found"), ("/api/v4/nowhere", {"msg": "Not Found", "code": 404})],
)
def test_errors_have_the_form_of_their_protocol(server: Running, path: str, detail: object) -> None:
    with server.client() as http:
        answer = http.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": detail})
        wrong = http.put("/upload/init")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
        slash = http.get("/browse/")
        assert slash.status_code == 404, "a redirect would break every published client"


def test_what_is_too_large_is_refused_before_it_is_read(server: Running) -> None:
    with server.client() as http:
        big = http.post("/upload/init", content=b" " * 10_001)
        assert big.status_code == 413
        begun = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
        path = f"/upload/{begun['upload_id']}"
        announced = http.post(path, content=bytes(8 << 20))  # more than sockets hold
        assert announced.status_code == 413
        begun = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
        path = f"/upload/{begun['upload_id']}"
        unannounced = http.post(path, content=iter([b"x" * 60_000] * 2))
        assert unannounced.status_code == 413
        assert http.get("/" + "x" * 9000).status_code == 414
    assert server.temporary() == []
    long = "X: " + "x" * 400_000
    assert ask(server, f"Host: 127.0.0.1:{server.port}", long) == 400


def test_a_token_is_needed_by_everything_but_health(tmp_path: Path) -> None:
    with serving(tmp_path / "library", token="s3cret") as server, server.client() as http:
        assert http.get("/health").status_code == 200
        for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret"}):
            refused = http.get("/browse", headers=wrong)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
        assert http.get("/browse", headers={"Authorization": "Bearer s3cret"}).status_code == 200
        twice = [("Authorization", "Bearer s3cret"), ("Authorization", "Bearer s3cret")]
        assert http.get("/browse", headers=twice).status_code == 401


READS = ("GET /browse", "HEAD /cache/x", "GET /api/v4/stats")
ADDS = ("POST /upload/init", "POST /api/v4/buckets/b/k/disable", "POST /api/v4/u/buckets/b/k")
DELETES = ("DELETE /video/x", "DELETE /cache/x", "DELETE /api/v4/buckets/b/bid/x")


@pytest.mark.parametrize(
    ("access", "allowed"),
    [(Access.READ, READS), (Access.ADD, READS + ADDS), (Access.ALL, READS + ADDS + DELETES)],
)
def test_only_what_is_exposed_can_be_done(
    tmp_path: Path, access: Access, allowed: tuple[str, ...]
) -> None:
    with serving(tmp_path / "library", access=access) as server:
        for request in READS + ADDS + DELETES:
            status = ask(server, "Host: localhost", request=f"{request} HTTP/1.1")
            assert (status != 403) is (request in allowed), request


def test_only_the_protocols_that_are_exposed_are_spoken(tmp_path: Path) -> None:
    answers = {}
    for protocol in Protocol:
        with serving(tmp_path / protocol, protocols=frozenset({protocol})) as server:
            answers[protocol] = [
                ask(server, "Host: localhost", request=f"GET {path} HTTP/1.1")
                for path in ("/browse", "/api/v4/stats", "/%61pi/v4/stats", "/health")
            ]
    assert answers == {"vidcache": [200, 404, 404, 200], "mictlanx": [404, 200, 200, 200]}


def test_beyond_this_machine_only_with_a_token_or_on_purpose(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        with pytest.raises(UserError, match="--token"):
            Service(library, Settings(host="0.0.0.0"))
        Service(library, Settings(host="0.0.0.0", token="x"))
        Service(library, Settings(host="0.0.0.0", open_to_all=True))


def test_a_port_that_is_taken_is_said(server: Running, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        service = Service(library, Settings(ports=(0, server.port)))
        with pytest.raises(UserError, match=f"Port {server.port} "):
            service.start()
        assert service.addresses == []


def test_several_ports_are_one_library(tmp_path: Path) -> None:
    with serving(tmp_path / "library", ports=(0, 0), host="localhost") as server:
        assert len({httpx.URL(one).port for one in server.addresses}) == 2
        with server.client() as http:
            begun = http.post("/upload/init", json={"url": "x:1", "bucket": "b"}).json()
        other = server.addresses[-1]
        done = httpx.post(f"{other}/upload/{begun['upload_id']}", content=b"bytes", timeout=60)
        assert done.json()["status"] == "new"
