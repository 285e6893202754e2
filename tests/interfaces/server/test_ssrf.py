"""``/ingest`` asks nobody but public servers, however their address is spelled."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.interfaces.server.serving import serving
from tests.interfaces.servers import QUICK
from tests.interfaces.servers import serving as source_server
from tests.interfaces.test_fetch_addresses import NO_ADDRESS, REFUSED, numbers_only
from vidcache_gui.interfaces import addresses
from vidcache_gui.interfaces.fetch import fetch

PUBLIC = "93.184.216.34"


def resolve(host: str, port: int) -> list[str]:
    return [PUBLIC] if host == "outside.example" else numbers_only(host, port)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Posts an address to a server that may download, and tells what it answered."""
    folder = tmp_path_factory.mktemp("ssrf")
    download = partial(fetch, resolve=resolve, limits=QUICK)
    with (
        serving(folder / "library", fetch=download, downloads=True) as server,
        server.client() as http,
    ):
        yield lambda url: http.post("/ingest", json={"url": url, "bucket": "b"})
        assert server.temporary() == []
        assert server.blobs() == set()


def test_there_are_enough_of_them() -> None:
    assert len(set(REFUSED)) >= 40


@pytest.mark.parametrize("url", REFUSED)
def test_this_computer_and_its_network_are_never_asked(
    posted: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(addresses, "_connect", lambda address, *_: called.append(address))
    answer = posted(url)
    assert answer.status_code == 502
    assert "on this computer or its own network" in answer.json()["detail"]
    assert called == []


@pytest.mark.parametrize("url", [url for url in NO_ADDRESS if len(url) < 1000])
def test_what_is_no_web_address_is_refused(
    posted: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(addresses, "_connect", lambda address, *_: called.append(address))
    assert posted(url).status_code in (422, 502)
    assert called == []


def test_a_public_server_cannot_send_it_there(posted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects of every spelling; the first server is taken for a public one."""
    real, called = addresses._connect, []

    def connect(address: str, *rest: Any) -> Any:
        called.append(address)
        return real("127.0.0.1", *rest)

    monkeypatch.setattr(addresses, "_connect", connect)
    with source_server() as source:
        targets = [*REFUSED, "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "//127.0.0.1/x"]
        for number, url in enumerate(targets):
            where = f"Location: {url}"
            source.scripts[f"/{number}"] = lambda handler, where=where: handler.head(
                where.encode("utf-8").decode("latin-1"), status="302 Found"
            )
            answer = posted(source.url(f"/{number}", "outside.example"))
            assert answer.status_code == 502, url
        assert len(source.seen) == len(targets)
    assert set(called) == {PUBLIC}
