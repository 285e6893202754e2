"""Servers that break every promise: one sentence each, nothing left, the rest goes on."""

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from blake3 import blake3

from tests.interfaces.remotes.archives import QUICK, noise
from tests.interfaces.remotes.liars import Handler, Liar, lying
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query, Status
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import http, pool, pulling
from vidcache_gui.interfaces.remotes.http import Http
from vidcache_gui.interfaces.remotes.mictlanx import NewBall
from vidcache_gui.interfaces.remotes.problems import Damaged, Missing, Passing, Refused
from vidcache_gui.interfaces.remotes.pulling import Pull
from vidcache_gui.interfaces.remotes.remote import Remote, Spoken
from vidcache_gui.interfaces.remotes.vidcache import Generation

DATA = noise(200_000)
HASH = blake3(DATA).hexdigest()
SHA256 = hashlib.sha256(DATA).hexdigest()
META = {"hash": HASH, "size_bytes": len(DATA), "filename": "film.bin", "aliases": ["app:1"]}
BUCKETS = "/api/v4/buckets"


def ball(key: str, data: bytes = DATA, **tags: str) -> dict[str, Any]:
    return {
        "key": key, "size": len(data), "checksum": hashlib.sha256(data).hexdigest(), "tags": tags,
        "content_type": "application/octet-stream", "producer_id": "p", "ball_id": "v",
        "bucket_id": "b",
    }  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Nothing that a liar sends is ever stored, so tests may share it."""
    with Library.open(tmp_path_factory.mktemp("near") / "library") as found:
        yield found
        assert found.page(Query()) == []


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying({f"/meta/{HASH}": lambda handler: handler.say(META)}) as found:
        yield found


@pytest.fixture
def remote(liar: Liar) -> Iterator[Remote]:
    with Remote(Http(liar.address, patience=QUICK), Spoken(Generation.B, True)) as found:
        yield found


def half_then_reset(handler: Handler) -> None:
    handler.send(DATA[: len(DATA) // 2], length=str(len(DATA)))
    handler.reset()


def slowly(handler: Handler) -> None:
    handler.send(DATA[:1000], length=str(len(DATA)))
    handler.trickle(b"x")


def for_ever(handler: Handler) -> None:
    handler.send(DATA[::-1], length="")
    handler.trickle(DATA)


def slow_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.trickle(b"X-Slow: x\r\n")


WAYS: list[tuple[Callable[[Handler], None], type[UserError], str]] = [
    (lambda h: h.send(DATA[:-1]), Passing, "Only 199,999 of the 200,000 bytes"),
    (lambda h: h.send(DATA[:1000], length=""), Passing, "Only 1,000 of"),
    (lambda h: h.send(DATA[:-1] + bytes([DATA[-1] ^ 1])), Damaged, "its hash is another one"),
    (lambda h: h.send(DATA + b"x"), Damaged, "More came"),
    (for_ever, Damaged, "More came"),
    (half_then_reset, Passing, "broke"),
    (slowly, Passing, "too slowly"),
    (slow_head, Passing, "too slowly"),
    (lambda h: h.send(DATA[:1000], length=str(len(DATA))) or h.trickle(b""), Passing, "too slowly"),
    (lambda h: h.wfile.write(b"what?\r\n\r\n") and h.reset(), Passing, "as a web server should"),
    (lambda h: h.reset(), Passing, "broke"),
    (lambda h: h.send(DATA, Content_Encoding="gzip"), Damaged, "packed"),
    (lambda h: h.say({"detail": "gone"}, 410), Missing, "gone"),
    (lambda h: h.say({"detail": "no"}, 403), Refused, "refused this"),
    (lambda h: h.say({"detail": "later"}, 503, Retry_After="3600"), Passing, "a problem just now"),
    (lambda h: h.send(b"", 302, Location="http://example.org/x"), Refused, "sends us on to"),
    (lambda h: h.send(b"", 301, Location="//127.0.0.1:1/"), Refused, "sends us on to"),
    (lambda h: h.send(b"", 302, Location="file:///etc/passwd"), Refused, "sends us on to"),
    (lambda h: h.send(b"", 302, Location=h.path), Refused, "in circles"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "large"),
    [*((way, False) for way in range(len(WAYS))), *((way, True) for way in range(6))],
)
def test_bytes_that_are_not_what_they_should_be(
    way: int, large: bool, liar: Liar, remote: Remote, library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pulling, "RESUMED", 0 if large else 10**9)
    script, kind, said = WAYS[way]
    liar.scripts[f"/video/{HASH}"] = script
    done: list[int] = []
    with pytest.raises(kind, match=r"^[^\n]+\.$") as caught:
        Pull(library, remote, on_bytes=done.append).item(HASH)
    if not large:
        assert said in str(caught.value)
        assert sum(done) == 0
    assert len(str(caught.value)) < 300
    assert [path for path in (library.path / "tmp").rglob("*") if path.is_file()] == []
    left = list(library.partial.glob("*"))
    assert len(left) <= (1 if large and kind is Passing else 0), "kept only to be gone on with"
    for path in left:
        path.unlink()
    assert library.page(Query()) == []
    assert liar.asked(f"/video/{HASH}") <= 8


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"Content_Range": f"bytes 0-99/{len(DATA)}"}, Damaged),
        ({"Content_Range": "bytes 10-19/15"}, Damaged),
        ({"Content_Range": "bytes 10-29/*"}, Damaged),
        ({"Content_Range": "nonsense"}, Damaged),
        ({}, Damaged),
    ],
)
def test_another_range_than_was_asked_for(
    answer: dict[str, str], kind: type[UserError], liar: Liar, remote: Remote
) -> None:
    liar.scripts[f"/video/{HASH}"] = lambda h: h.send(DATA[:10], 206, **answer)
    with pytest.raises(kind, match="sent others"):
        remote.files.part(HASH, 10, 19)


def test_a_range_that_is_longer_or_shorter_than_it_says(liar: Liar, remote: Remote) -> None:
    where = {"Content_Range": f"bytes 10-19/{len(DATA)}"}
    liar.scripts[f"/video/{HASH}"] = lambda h: h.send(DATA[10:25], 206, **where)
    with pytest.raises(Damaged, match="more than the range"):
        remote.files.part(HASH, 10, 19)
    liar.scripts[f"/video/{HASH}"] = lambda h: h.send(DATA[10:15], 206, **where)
    with pytest.raises(Passing, match="broke off"):
        remote.files.part(HASH, 10, 19)


def test_a_server_without_ranges_sends_all_and_we_take_the_part(liar: Liar, remote: Remote) -> None:
    liar.scripts[f"/video/{HASH}"] = lambda h: h.send(DATA)
    assert remote.files.part(HASH, 10, 19) == DATA[10:20]


@pytest.mark.parametrize(
    "answer",
    [
        [1], "text", {"hash": "../../x", "size_bytes": 1}, {"hash": HASH}, {"hash": "ab" * 32},
        {"hash": HASH, "size_bytes": -1}, {"hash": HASH, "size_bytes": 0.5}, None,
    ],
)  # fmt: skip
def test_metadata_that_is_none(answer: Any, liar: Liar, remote: Remote, library: Library) -> None:
    liar.scripts[f"/meta/{HASH}"] = lambda handler: handler.say(answer)
    with pytest.raises(Damaged):
        Pull(library, remote).item(HASH)


def test_json_bombs_and_endless_json(liar: Liar, remote: Remote) -> None:
    liar.scripts[f"/meta/{HASH}"] = lambda handler: handler.send(b"[" * 100_000)
    with pytest.raises(Damaged):
        remote.files.meta(HASH)
    liar.scripts[f"/meta/{HASH}"] = lambda handler: handler.send(b" " * 17_000_000)
    with pytest.raises(Damaged, match="more than 16,777,216 bytes"):
        remote.files.meta(HASH)


def test_a_redirect_within_the_server_is_followed(liar: Liar, remote: Remote) -> None:
    liar.scripts[f"/meta/{HASH}"] = lambda h: h.send(b"", 307, Location=f"/meta/{HASH}/")
    liar.scripts[f"/meta/{HASH}/"] = lambda h: h.say(META)
    assert remote.files.file(HASH).name == "film.bin"


def test_a_token_never_leaves_the_server(liar: Liar) -> None:
    with lying({"/x": lambda handler: handler.say({})}) as other:
        liar.scripts["/openapi.json"] = lambda h: h.send(b"", 302, Location=f"{other.address}/x")
        with pytest.raises(Refused, match="sends us on"):
            Remote.open(liar.address, secret="s3cret", patience=QUICK)
        assert other.seen == []
    assert liar.seen[0][2]["Authorization"] == "Bearer s3cret"


def test_what_passes_is_tried_again_where_that_is_safe(liar: Liar, remote: Remote) -> None:
    def script(handler: Handler) -> None:
        if liar.asked(f"/video/{HASH}") % 2:
            handler.say({}, 503)
        else:
            handler.send(DATA)

    liar.scripts[f"/video/{HASH}"] = script
    assert remote.files.part(HASH, 0, 9) == DATA[:10]
    assert liar.asked(f"/video/{HASH}") == 2
    with pytest.raises(Passing):
        remote.http.json("POST", f"/video/{HASH}", given={}, repeat=False)
    assert liar.asked(f"/video/{HASH}") == 3


def test_a_reader_that_takes_its_time_is_not_the_servers_fault(
    liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock stands still while the bytes are with us."""
    late = 0.0
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + late)
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(pool, "time", clock)
    liar.scripts["/x"] = lambda h: h.send(DATA * 20)
    with Http(liar.address) as asking, asking.asking("GET", "/x") as answer:
        size = 0
        for part in answer.parts():
            size += len(part)
            late += 100
    assert size == 20 * len(DATA)


NOT_FOUND: list[Callable[[Handler], None]] = [
    lambda h: h.say({"detail": {"msg": "Not found", "code": 404}}, 404),
    lambda h: h.say({"detail": {"msg": "404: No available peers", "code": 500}}, 500),
    lambda h: h.say({"detail": "No available peers: v"}, 500),
    lambda h: h.say({"bucket_id": "b", "ball_id": "v", "balls": [], "chunks": []}),
]


@pytest.mark.parametrize("one", range(len(NOT_FOUND)))
@pytest.mark.parametrize("two", range(len(NOT_FOUND)))
def test_every_way_to_say_that_there_is_no_group(
    one: int, two: int, liar: Liar, remote: Remote
) -> None:
    liar.scripts[f"{BUCKETS}/b/metadata/v/group"] = NOT_FOUND[one]
    liar.scripts[f"{BUCKETS}/b/metadata/v/chunks"] = NOT_FOUND[two]
    with pytest.raises(Missing):
        remote.balls.group("b", "v")
    assert len(liar.seen) == 2, "nothing of this is asked again"


def test_a_routers_replicas_are_one(liar: Liar, remote: Remote, library: Library) -> None:
    chunks = [ball("v_2", frame_number="2"), ball("v_1", frame_number="01"), ball("v_3")]
    listed = {"chunks": [*chunks, *chunks, {"key": 1}, {"key": "a\nb", "size": 1}, "x"]}
    liar.scripts[f"{BUCKETS}/b/metadata/v/chunks"] = lambda h: h.say(listed)
    assert [found.key for found in remote.balls.group("b", "v")] == ["v_1", "v_2", "v_3"]


def test_a_router_answers_deletes_in_json_and_a_peer_in_a_header(
    liar: Liar, remote: Remote
) -> None:
    liar.scripts[f"DELETE {BUCKETS}/b/k"] = lambda h: h.say({"n_deletes": 3, "key": "k"})
    assert remote.balls.delete("b", "k") == 3
    liar.scripts[f"DELETE {BUCKETS}/b/k"] = lambda h: h.send(b"", 200, n_deletes="2")
    assert remote.balls.delete("b", "k") == 2
    liar.scripts[f"DELETE {BUCKETS}/b/bid/v"] = lambda h: h.send(b"", 204)
    assert remote.balls.delete_group("b", "v") == 1
    assert remote.balls.delete("b", "none") == 0


def put(remote: Remote) -> bool:
    new = NewBall("b", "k", "v", len(DATA), SHA256)
    return remote.balls.put(new, lambda: io.BytesIO(DATA))


def test_a_router_that_has_it_says_666(liar: Liar, remote: Remote) -> None:
    path = f"POST {BUCKETS}/b/metadata"
    liar.scripts[path] = lambda h: h.say(
        {"detail": {"msg": "No available peers", "code": 666}}, 404
    )
    assert put(remote) is False
    liar.scripts[path] = lambda h: h.say({"tasks_ids": ["t 1"], "key": "k"})
    liar.scripts[f"{BUCKETS}/data/t%201"] = lambda h: h.say({}, 201)
    assert put(remote) is True
    assert "replication_factor" not in liar.seen[-1][1]


def test_a_put_that_breaks_off_begins_anew(liar: Liar, remote: Remote) -> None:
    sent: list[bytes] = []

    def data(handler: Handler) -> None:
        sent.append(handler.body())
        handler.reset() if len(sent) == 1 else handler.send(b"{}", 201)

    liar.scripts[f"POST {BUCKETS}/b/metadata"] = lambda h: h.say({"task_id": f"t{len(sent)}"})
    liar.scripts[f"{BUCKETS}/data/t0"] = liar.scripts[f"{BUCKETS}/data/t1"] = data
    done: list[int] = []
    new = NewBall("b", "k", "v", len(DATA), SHA256)
    assert remote.balls.put(new, lambda: io.BytesIO(DATA), on_bytes=done.append)
    assert [DATA in body for body in sent] == [True, True]
    assert sum(done) == len(DATA)


def test_a_group_with_one_bad_frame_is_not_taken_for_whole(
    liar: Liar, remote: Remote, tmp_path: Path
) -> None:
    frames = [noise(50) for _ in range(6)]
    listed = [ball(f"v_{n}", data, frame_number=str(n)) for n, data in enumerate(frames)]
    liar.scripts[f"{BUCKETS}/b/metadata/v/group"] = lambda h: h.say({"balls": listed})
    for number, data in enumerate(frames):
        sent = data if number != 4 else data[:-1] + b"?"
        liar.scripts[f"{BUCKETS}/b/v_{number}"] = lambda h, sent=sent: h.send(sent)
    with Library.open(tmp_path / "library") as library:
        with pytest.raises(Damaged, match="'v_4' is something else"):
            Pull(library, remote).item("b/v")
        assert "v_4" not in [found.key for found in library.group("b", "v")]
        liar.scripts[f"{BUCKETS}/b/v_4"] = lambda h: h.send(frames[4])
        assert Pull(library, remote).item("b/v").status is Status.NEW
        assert len(library.group("b", "v")) == 6


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ([{"index": "1", "num_chunks": "2"}, {"index": "2", "num_chunks": "2"}], "first chunk"),
        ([{"index": "0", "num_chunks": "3"}, {"index": "1", "num_chunks": "3"}], "1 of the 3"),
        ([{"index": "0", "num_chunks": "0"}, {"index": "1", "num_chunks": "0"}], "0 of the 0"),
        ([{"index": "0", "num_chunks": "9" * 18}, {"index": "x", "num_chunks": ""}], "are missing"),
        ([{"index": "0", "num_chunks": "2", "full_checksum": "ab" * 32},
          {"index": "1", "num_chunks": "2", "full_checksum": "ab" * 32}], "together they are"),
    ],
)  # fmt: skip
def test_chunks_that_make_no_file(
    tags: list[dict[str, str]], said: str, liar: Liar, remote: Remote, library: Library
) -> None:
    listed = [ball(f"v_{n}", DATA, **found) for n, found in enumerate(tags)]
    liar.scripts[f"{BUCKETS}/b/metadata/v/group"] = lambda h: h.say({"balls": listed})
    for number in range(2):
        liar.scripts[f"{BUCKETS}/b/v_{number}"] = lambda h: h.send(DATA)
    with pytest.raises(Damaged, match=said):
        Pull(library, remote).item("b/v")
    assert list(library.partial.glob("*")) == []


def test_names_from_there_are_names_and_never_paths(
    liar: Liar, remote: Remote, tmp_path: Path
) -> None:
    evil = "../../../evil"
    tags = {
        "index": "0", "num_chunks": "1", "fullname": f"{evil}/film.mp4", "full_checksum": evil,
        "vidcache_item": '{"tags": ["../x"], "prefix": "../../up", "hash": "../../h"}',
    }  # fmt: skip
    about = {**ball(evil, DATA, **tags), "bucket_id": evil, "ball_id": evil}
    liar.scripts[f"{BUCKETS}/b/metadata/v/group"] = lambda h: h.say({"balls": [about]})
    liar.scripts[f"{BUCKETS}/..%2F..%2F..%2Fevil/..%2F..%2F..%2Fevil"] = lambda h: h.send(DATA)
    liar.scripts[f"/meta/{HASH}"] = lambda h: h.say({**META, "filename": f"{evil}\n.mp4"})
    with Library.open(tmp_path / "deep" / "er" / "library") as library:
        remote.files.meta(HASH)
        result = Pull(library, remote).item("b/v")
        (item,) = library.page(Query())
        assert (item.name, item.prefix, item.tags) == ("film.mp4", "up", ("../x",))
        assert library.get_bytes(result.hash or "") == DATA
        assert Pull(library, remote).item(HASH).status is Status.DUPLICATE
    assert [path.name for path in tmp_path.rglob("*evil*")] == []
    assert {path.name for path in tmp_path.iterdir()} == {"deep"}
