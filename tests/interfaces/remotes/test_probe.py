"""What a server speaks is found out by asking what changes nothing."""

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3

from tests.interfaces.remotes.archives import PATIENT, QUICK, noise
from tests.interfaces.remotes.liars import Handler, lying, wait_until
from tests.interfaces.server.serving import serving
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.errors import Cancelled
from vidcache_gui.interfaces.remotes.http import Http
from vidcache_gui.interfaces.remotes.listing import elements
from vidcache_gui.interfaces.remotes.problems import Refused
from vidcache_gui.interfaces.remotes.pushing import Push
from vidcache_gui.interfaces.remotes.remote import Remote, Spoken
from vidcache_gui.interfaces.remotes.vidcache import Generation

UNKNOWN_URL = {"detail": "URL not found"}
HASH = "ab" * 32


def paths(*names: str) -> Any:
    return lambda handler: handler.say({"paths": {name: {} for name in names}})


@pytest.mark.parametrize(
    ("scripts", "spoken"),
    [
        ({"/openapi.json": paths("/video/{h}", "/meta/{h}", "/ingest")}, Spoken(Generation.A)),
        ({"/openapi.json": paths("/video/{h}", "/upload/init")}, Spoken(Generation.B)),
        ({"/openapi.json": paths("/cache/meta/{h}", "/upload/init")}, Spoken(Generation.C)),
        ({"/openapi.json": paths("/api/v4/buckets/{b}/metadata")}, Spoken(None, True)),
        ({"/resolve": lambda h: h.say(UNKNOWN_URL, 404)}, Spoken(Generation.A)),
        ({"/resolve": lambda h: h.say(UNKNOWN_URL, 404),
          "/upload/init": lambda h: h.say({"detail": []}, 422)}, Spoken(Generation.B)),
        ({"/cache/resolve": lambda h: h.say(UNKNOWN_URL, 404)}, Spoken(Generation.C)),
        ({"/api/v4/stats/ufs": lambda h: h.say({"total_disk": 1})}, Spoken(None, True)),
        ({"/api/v4/peers/stats": lambda h: h.say({"p": {}})}, Spoken(None, True)),
        ({"/api/v4/balls/len": lambda h: h.say({"len": 0}),
          "/openapi.json": lambda h: h.send(b"<html>")}, Spoken(None, True)),
    ],
)  # fmt: skip
def test_generations_peers_and_routers(scripts: dict[str, Any], spoken: Spoken) -> None:
    with lying(scripts) as liar:
        with Remote.open(liar.address, patience=QUICK) as remote:
            assert remote.spoken == spoken
        assert not [path for method, path, _ in liar.seen if method == "DELETE"]


def test_each_generation_is_asked_its_own_way() -> None:
    meta = {"hash": HASH, "size_bytes": 3, "created_at": "2026-01-01T00:00:00+00:00"}
    scripts = {
        f"/cache/meta/{HASH}": lambda h: h.say(meta), f"/meta/{HASH}": lambda h: h.say(meta),
        f"DELETE /cache/{HASH}": lambda h: h.send(b"", 204),
        f"DELETE /video/{HASH}": lambda h: h.send(b"", 200),
    }  # fmt: skip
    with lying(scripts) as liar, Http(liar.address, patience=QUICK) as http:
        for generation in Generation:
            files = Remote(http, Spoken(generation)).files
            found = files.meta(HASH)
            assert found is not None
            assert found["first_seen"] == found["created_at"] == "2026-01-01T00:00:00+00:00"
            assert files.delete(HASH)
            if generation is not Generation.C:
                with pytest.raises(Refused, match="cannot list"):
                    list(files.browse())
        asked = [path for _, path, _ in liar.seen]
    assert asked == [f"/meta/{HASH}", f"/video/{HASH}"] * 2 + [
        f"/cache/meta/{HASH}", f"/cache/{HASH}",
    ]  # fmt: skip


def test_a_server_that_takes_addresses_only_is_sent_none() -> None:
    with lying({}) as liar, Http(liar.address, patience=QUICK) as http:
        files = Remote(http, Spoken(Generation.A)).files
        with pytest.raises(Refused, match="addresses only"):
            files.upload(lambda: io.BytesIO(b"x"), 1, "app:1", bucket="b")


@pytest.mark.parametrize(
    ("more", "status", "reason"),
    [({"hash": HASH}, "duplicate", "kept an earlier file that looks alike"),
     ({"duplicate_of": HASH}, "new", f"It looks like {HASH[:12]} there; both are kept.")],
)  # fmt: skip
def test_what_became_of_a_near_duplicate_is_said(
    tmp_path: Path, more: dict[str, str], status: str, reason: str
) -> None:
    """Servers call it a duplicate whether they threw its bytes away or kept both."""
    data = noise(1000)
    hash = blake3(data).hexdigest()
    said = {"hash": hash, "status": "duplicate", "file_path": "x", "phash_distance": 3, **more}
    scripts = {
        "/upload/init": lambda h: h.say({"status": "pending", "upload_id": "7"}),
        "/upload/7": lambda h: h.say(said),
    }
    with Library.open(tmp_path / "library") as library:
        incoming = library.incoming()
        incoming.write(data)
        result = library.receive(incoming, "app:1", "near.bin", Target("b"))
        (item,) = library.items([result.item_id or 0])
        with lying(scripts) as liar, Http(liar.address, patience=QUICK) as http:
            pushed = Push(library, Remote(http, Spoken(Generation.B))).item(item)
    assert (pushed.status, pushed.hash) == (status, hash)
    assert reason in (pushed.reason or "")


def test_a_request_that_waits_can_be_cancelled() -> None:
    """The server says nothing for as long as it is waited for."""
    asked = threading.Event()

    def silent(handler: Handler) -> None:
        asked.set()
        handler.server.release.wait(60)

    stop = CancelToken()
    ended: list[BaseException] = []

    def ask(http: Http) -> None:
        try:
            http.json("GET", "/x", stop=stop)
        except BaseException as error:
            ended.append(error)

    with lying({"/x": silent}) as liar, Http(liar.address, patience=PATIENT) as http:
        thread = threading.Thread(target=ask, args=(http,))
        thread.start()
        assert asked.wait(60)
        stop.cancel()
        wait_until(lambda: not thread.is_alive(), seconds=10)
        thread.join()
    assert [type(error) for error in ended] == [Cancelled]


def test_a_server_without_tls_is_not_taken_for_one_with() -> None:
    with lying({}) as liar, pytest.raises(Refused, match="No secure connection"):
        Remote.open(liar.address.replace("http:", "https:"), secret="s3cret", patience=QUICK)
    assert liar.seen == []


def test_connections_are_kept(tmp_path: Path) -> None:
    accepted: set[str] = set()

    def who(handler: Handler) -> None:
        accepted.add(str(handler.client_address))
        handler.say({})

    with lying({"/x": who}) as liar, Http(liar.address, patience=PATIENT) as http:
        for _ in range(5):
            http.json("GET", "/x")
    assert len(accepted) == 1


def test_a_server_on_ipv6_is_found_under_its_name(tmp_path: Path) -> None:
    with serving(tmp_path / "library", host="localhost") as running:
        for address in running.addresses:
            with Remote.open(address, patience=PATIENT) as remote:
                assert remote.spoken.vidcache is Generation.C


@pytest.mark.parametrize("step", [1, 2, 7, 10_000])
def test_a_long_list_is_read_as_it_comes(step: int) -> None:
    data = '{"peer": {"balls": [9]}, "n": 12, "balls": [ {"k": "é, ]}"} ,{},\n3.5, [] ], "z": []}'
    raw = data.encode()
    parts = [raw[at : at + step] for at in range(0, len(raw), step)]
    assert list(elements(parts, "balls")) == [{"k": "é, ]}"}, {}, 3.5, []]
    assert list(elements([b" [1,", b"2", b"3] "], None)) == [1, 23]
    assert list(elements([b"{}"], "balls")) == []
    for broken in (b"", b"[1", b"{", b'{"balls": [1 2]}', b'{"balls" 1}', b"3", b"[1,,2]", b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            list(elements([broken], "balls"))
