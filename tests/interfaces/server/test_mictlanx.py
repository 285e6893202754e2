"""MictlanX on the wire: what peers' and routers' clients send, and what they need to hear."""

import hashlib
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.interfaces.server.mictlanx import Peer
from tests.interfaces.server.serving import Running, serving, status_of, wait_until
from tests.media import make
from vidcache_gui.core.records import Query
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.server.problems import Problem, answer
from vidcache_gui.media.types import Kind

METADATA = {
    "key": str, "size": int, "checksum": str, "tags": dict, "content_type": str,
    "producer_id": str, "ball_id": str, "bucket_id": str, "is_disabled": bool,
}  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "library") as running:
        yield running


@pytest.fixture
def peer(server: Running) -> Peer:
    return Peer(server.address)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Of a server in which nothing is ever stored, so tests may share it."""
    with serving(tmp_path_factory.mktemp("refusing") / "library") as running:
        yield Peer(running.address)
        assert running.blobs() == set()


def pictures(folder: Path, count: int) -> list[bytes]:
    make.make_frames(folder, count)
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def test_a_put_answers_peers_and_routers_at_once(peer: Peer) -> None:
    data = bytes(range(256)) * 20
    said = peer.announce("videos", "one", data, tags={"a": "b"}).json()
    assert isinstance(said["service_time"], int)
    assert said["tasks_ids"] == [said["task_id"]]
    assert (said["key"], said["bucket_id"]) == ("one", "videos")
    assert said["node_id"] in said["replicas"]
    assert peer.ask("GET", "/buckets/videos/one").status_code == 404, "nothing came yet"
    assert peer.put("videos", "one", data, tags={"a": "b"}).status_code == 201
    done = peer.put_chunked("videos", "two", data).json()
    assert (done["combined_key"], done["size"]) == ("videos@two", len(data))
    assert isinstance(done["throughput"], float)
    assert isinstance(done["service_time"], float)
    assert done["peer_ids"] == [done["node_id"]]

    found = peer.get("/buckets/videos/metadata/one")
    assert isinstance(found["service_time"], int)
    assert {"peer_id", "local_peer_id"} <= set(found)
    for name, kind in METADATA.items():
        assert isinstance(found["metadata"][name], kind), name
    assert found["metadata"]["checksum"] == hashlib.sha256(data).hexdigest()
    assert found["metadata"]["tags"]["a"] == "b"
    assert found["metadata"]["tags"]["updated_at"].isdecimal()
    assert peer.get("/buckets/videos/one/size")["size"] == len(data)
    whole = peer.ask("GET", "/buckets/videos/two")
    assert (whole.status_code, whole.content) == (200, data)
    part = peer.ask("GET", "/buckets/videos/two", headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, data[5:10])
    everything = peer.get("/buckets/videos/metadata")
    assert {"peer_id", "peers_ids", "bucket_id"} <= set(everything)
    assert [ball["key"] for ball in everything["balls"]] == ["one", "two"]
    assert peer.get("/buckets/nothing/metadata")["balls"] == []


def test_frames_become_one_sequence_in_the_library(
    server: Running, peer: Peer, tmp_path: Path
) -> None:
    frames = pictures(tmp_path / "frames", 5)
    for number in (3, 0, 4, 1, 2):
        assert peer.put_frame("videos", "walk", number, frames[number]).status_code == 201
    (item,) = server.library.page(Query())
    assert (item.kind, item.ball_id, item.frame_count) == (Kind.FRAMES, "walk", 5)
    group = peer.get("/buckets/videos/metadata/walk/group")
    assert [ball["tags"]["frame_number"] for ball in group["balls"]] == [
        "000", "001", "002", "003", "004",
    ]  # fmt: skip
    assert group["size"] == sum(map(len, frames))
    chunks = peer.get("/buckets/videos/metadata/walk/chunks")
    assert chunks["size_bytes"] == group["size"]
    assert len(chunks["chunks"]) == 5
    wait_until(lambda: server.library.page(Query())[0].width > 0)
    (item,) = server.library.page(Query())
    assert (item.damaged, item.width) == (None, 160)
    assert server.library.poster(item) is not None
    source = server.library.open_source(item)
    try:
        assert [make.read_number(frame) for frame in source.frames(0, 4)] == [0, 1, 2, 3, 4]
    finally:
        source.close()


def test_a_group_without_pictures_is_no_sequence(
    server: Running, peer: Peer, tmp_path: Path
) -> None:
    for part in range(3):
        peer.put("files", f"model_{part}", b"weights %d" % part, ball_id="model")
    (item,) = server.library.page(Query())
    assert (item.kind, item.frame_count, item.damaged) == (Kind.DATA, 3, None)
    before = item.hash
    wait_until(lambda: server.library.page(Query())[0].hash != before)
    (item,) = server.library.page(Query(text="kind:data"))
    assert (item.kind, item.damaged) == (Kind.DATA, None)
    assert server.library.stats().damaged == 0
    with pytest.raises(UserError, match="holds no pictures"):
        server.library.open_source(item)
    folder = server.library.export(item, tmp_path)
    assert sorted(path.read_bytes() for path in folder.iterdir())[0] == b"weights 0"
    (picture,) = pictures(tmp_path / "frames", 1)
    peer.put("files", "model_9", picture, ball_id="model")
    wait_until(lambda: server.library.page(Query())[0].kind is Kind.FRAMES)


def test_the_same_frames_by_hand_and_by_wire_are_one_content(
    server: Running, peer: Peer, tmp_path: Path
) -> None:
    frames = pictures(tmp_path / "frames", 3)
    by_hand = server.library.put_frames("videos", "hand", tmp_path / "frames")
    for number, data in enumerate(frames):
        peer.put_frame("videos", "wire", number, data)

    def hash_of_wire() -> str:
        found = server.library.group_of("videos", "wire")
        assert found is not None
        return found.hash

    wait_until(lambda: hash_of_wire() == by_hand.hash)
    assert len(server.blobs()) == 3


def test_putting_again_changes_nothing_and_never_fails(server: Running, peer: Peer) -> None:
    for _ in range(2):
        assert peer.put("videos", "one", b"same").status_code == 201
    assert peer.get("/balls/len") == {"len": 1}
    assert server.library.page(Query(trash=True)) == []


def test_other_bytes_replace_and_the_old_ones_are_in_the_trash(server: Running, peer: Peer) -> None:
    peer.put("videos", "one", b"old", ball_id="group")
    peer.put("videos", "two", b"more", ball_id="group")
    assert peer.put("videos", "one", b"new", ball_id="group").status_code == 201
    assert peer.ask("GET", "/buckets/videos/one").content == b"new"
    (trashed,) = server.library.page(Query(trash=True))
    server.library.restore([trashed.id])
    (old,) = server.library.group("videos", trashed.ball_id or "")
    assert server.library.get_bytes(old.hash) == b"old"
    assert peer.ask("GET", "/buckets/videos/one").content == b"new"


def test_deleting_counts_and_keeps_what_can_be_restored(server: Running, peer: Peer) -> None:
    for number in range(4):
        peer.put_frame("videos", "walk", number, b"frame %d" % number)
    gone = peer.ask("DELETE", "/buckets/videos/walk_001")
    assert (gone.headers["n-deletes"], gone.json()["n_deletes"]) == ("1", 1)
    again = peer.ask("DELETE", "/buckets/videos/walk_001")
    assert (again.is_success, again.headers["n-deletes"]) == (True, "0")
    assert len(peer.get("/buckets/videos/metadata/walk/group")["balls"]) == 3
    rest = peer.ask("DELETE", "/buckets/videos/bid/walk")
    assert (rest.headers["n-deletes"], rest.json()["ball_id"]) == ("3", "walk")
    assert peer.ask("DELETE", "/buckets/videos/bid/walk").headers["n-deletes"] == "0"
    for path in ("walk_000", "metadata/walk_000", "metadata/walk/group", "walk_000/size"):
        missing = peer.ask("GET", f"/buckets/videos/{path}")
        assert missing.status_code == 404
        assert missing.json()["detail"]["code"] == 404
    server.library.undo()
    assert peer.ask("GET", "/buckets/videos/walk_000").content == b"frame 0"


def test_deleting_one_by_one_leaves_one_group_in_the_trash(server: Running, peer: Peer) -> None:
    for number in range(3):
        peer.put_frame("videos", "walk", number, b"frame %d" % number)
    for number in range(3):
        assert peer.ask("DELETE", f"/buckets/videos/walk_00{number}").headers["n-deletes"] == "1"
    assert server.library.page(Query()) == []
    (trashed,) = server.library.page(Query(trash=True))
    assert trashed.frame_count == 3
    server.library.restore([trashed.id])
    kept = server.library.group("videos", trashed.ball_id or "")
    assert [server.library.get_bytes(ball.hash) for ball in kept] == [
        b"frame 0", b"frame 1", b"frame 2",
    ]  # fmt: skip
    assert [ball.key for ball in kept] == ["walk_000", "walk_001", "walk_002"]
    server.library.undo()
    server.library.undo()
    assert peer.ask("GET", "/buckets/videos/walk_001").content == b"frame 1"


def test_a_name_that_was_deleted_can_be_put_again(server: Running, peer: Peer) -> None:
    peer.put_frame("videos", "walk", 0, b"the first")
    peer.ask("DELETE", "/buckets/videos/bid/walk")
    assert peer.put_frame("videos", "walk", 0, b"the second").status_code == 201
    assert peer.ask("GET", "/buckets/videos/walk_000").content == b"the second"
    (trashed,) = server.library.page(Query(trash=True))
    server.library.restore([trashed.id])
    (kept,) = server.library.group("videos", trashed.ball_id or "")
    assert server.library.get_bytes(kept.hash) == b"the first"
    assert list(server.library.verify()) == []


def test_flags_and_updates(peer: Peer) -> None:
    peer.announce("videos", "early", b"data")
    assert peer.ask("POST", "/buckets/videos/early/disable").is_success
    peer.put("videos", "one", b"data", tags={"a": "1"})
    assert peer.ask("POST", "/buckets/videos/one/disable").status_code == 204
    assert peer.ask("POST", "/buckets/videos/none/disable").status_code == 404
    found = peer.get("/buckets/videos/metadata/one")["metadata"]
    assert found["is_disabled"] is True
    assert peer.ask("GET", "/buckets/videos/one").content == b"data"
    updated = peer.announce("videos", "one", b"data", headers={"Update": "1"}, tags={"b": "2"})
    assert updated.is_success
    tags = peer.get("/buckets/videos/metadata/one")["metadata"]["tags"]
    assert (tags.get("a"), tags["b"]) == (None, "2")
    whole = {**found, "tags": {"c": "3"}}
    assert peer.ask("POST", "/u/buckets/videos/one", json=whole).status_code == 204
    assert peer.get("/buckets/videos/metadata/one")["metadata"]["tags"]["c"] == "3"
    none = peer.announce("videos", "none", b"", headers={"Update": "1"})
    assert none.status_code == 404


def test_a_disabled_announcement_is_stored_disabled(peer: Peer) -> None:
    task = peer.announce("videos", "early", b"data").json()["task_id"]
    peer.ask("POST", "/buckets/videos/early/disable")
    peer.ask("POST", f"/buckets/data/{task}", files={"data": ("early", b"data")})
    assert peer.get("/buckets/videos/metadata/early")["metadata"]["is_disabled"] is True


def test_tasks_are_used_once_and_may_be_tried_again_after_a_failure(peer: Peer) -> None:
    task = peer.announce("videos", "one", b"data", headers={"Task-Id": "chosen-1"}).json()
    assert task["task_id"] == "chosen-1"
    path = "/buckets/data/chosen-1"
    for wrong in (b"dat", b"data and more"):
        assert peer.ask("POST", path, files={"data": ("one", wrong)}).status_code == 400
        assert peer.ask("POST", f"{path}/chunked", content=iter([wrong])).status_code == 400
    assert peer.ask("POST", path, content=b"data").status_code == 400
    other_name = {"whatever": ("ünï.png", b"data", "image/png")}
    assert peer.ask("POST", path, files=other_name, data={"x": "y"}).status_code == 201
    assert peer.ask("POST", path, files=other_name).status_code == 404
    dropped = peer.announce("videos", "two", b"data").json()["task_id"]
    assert peer.ask("DELETE", "/tasks").is_success
    assert peer.ask("POST", f"/buckets/data/{dropped}", files=other_name).status_code == 404


def test_checksums_are_believed_only_when_they_are_some(server: Running, peer: Peer) -> None:
    refused = peer.put("videos", "one", b"data", checksum="0" * 64)
    assert refused.status_code == 400
    assert refused.json()["detail"]["code"] == 501
    assert server.blobs() == set()
    assert peer.put("videos", "one", b"data", checksum="abc").status_code == 201
    true = hashlib.sha256(b"data").hexdigest()
    assert peer.get("/buckets/videos/metadata/one")["metadata"]["checksum"] == true


def test_nothing_at_all_can_be_an_object(peer: Peer) -> None:
    assert peer.put("videos", "empty", b"").status_code == 201
    assert peer.ask("GET", "/buckets/videos/empty").content == b""


@pytest.mark.parametrize("framing", ["Content-Length: 9000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("way", ["", "/chunked"])
def test_what_breaks_off_leaves_nothing(
    server: Running, peer: Peer, framing: str, way: str
) -> None:
    task = peer.announce("videos", "one", b"x" * 9000).json()["task_id"]
    form = "Content-Type: multipart/form-data; boundary=b\r\n"
    head = f"POST /api/v4/buckets/data/{task}{way} HTTP/1.1\r\nHost: localhost\r\n{form}{framing}"
    body = b'--b\r\nContent-Disposition: form-data; name="data"; filename="x"\r\n\r\nxxxx'
    if "chunked" in framing:
        body = b"%x\r\n%s\r\n" % (len(body), body)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
    wait_until(lambda: any(one.status == 499 for one in server.served))
    assert server.temporary() == []
    assert server.blobs() == set()
    assert peer.put("videos", "one", b"x" * 9000).status_code == 201


@pytest.mark.parametrize(
    ("bucket", "facts"),
    [("data", {}), ("checksum", {}), ("videos", {"key": "metadata"}), ("videos", {"key": "bid"}),
     ("videos", {"key": ""}), ("videos", {"key": "a/b"}), ("videos", {"key": "../../x"}),
     ("videos", {"key": "a?b"}), ("videos", {"key": "a#b"}), ("videos", {"key": "a%2fb"}),
     ("videos", {"key": ".."}), ("videos", {"key": "a\0b"}), ("videos", {"key": "a\nb"}),
     ("videos", {"key": "k" * 600}), ("videos", {"key": 7}), ("videos", {"bucket_id": "other"}),
     ("videos", {"size": -1}), ("videos", {"size": "x"}), ("videos", {"size": 10**30}),
     ("videos", {"tags": {"a": 1}}), ("videos", {"tags": []}), ("videos", {"ball_id": "a/b"}),
     ("a%2Fb", {}), ("%00", {})],
)  # fmt: skip
def test_reserved_and_hostile_names_are_refused_in_the_protocols_own_words(
    refusing: Peer, bucket: str, facts: dict[str, object]
) -> None:
    refused = refusing.announce(bucket, "key", b"x", **{"bucket_id": "", **facts})
    assert 400 <= refused.status_code < 500
    detail = refused.json()["detail"]
    assert detail["msg"]
    assert detail["code"] in (400, 404)


def test_a_code_always_means_to_the_client_what_happened(refusing: Peer) -> None:
    """It looks at nothing else, and HTTP's 405, 502 and 503 are other things in its list."""
    metadata = "/buckets/videos/metadata"
    for refused in (
        refusing.ask("POST", metadata, content=b"{"), refusing.ask("POST", metadata, json=[]),
        refusing.ask("POST", "/xpeers", json={}), refusing.ask("PUT", metadata),
    ):  # fmt: skip
        assert refused.json()["detail"]["code"] == 400, refused.text
    for status, code in ((404, 404), (502, 500), (503, 500)):
        said = json.loads(bytes(answer("/api/v4/stats", Problem(status, "It is so.")).body))
        assert said == {"detail": {"msg": "It is so.", "code": code}}


def test_who_sends_more_than_announced_is_told_so_while_sending(refusing: Peer) -> None:
    """Not with a reset: the published clients would only know that something broke."""
    more = bytes(8 << 20)  # more than sockets hold
    for path, body in (
        ("/chunked", {"content": iter([more])}), ("", {"files": {"data": ("key", more)}}),
        ("", {"content": more}),
    ):  # fmt: skip
        task = refusing.announce("videos", "key", b"x").json()["task_id"]
        refused = refusing.ask("POST", f"/buckets/data/{task}{path}", **body)
        assert (refused.status_code, refused.json()["detail"]["code"]) == (400, 400)


def test_unusual_names_come_back(peer: Peer) -> None:
    for key in ("ünï code", "a.b@c;d+e", "日本", "100%", "-", "x" * 500):
        assert peer.put("vidéos 1", key, b"data").status_code == 201
        assert peer.ask("GET", f"/buckets/vidéos 1/{key}").content == b"data"
        assert peer.get(f"/buckets/vidéos 1/metadata/{key}/group")["ball_id"] == key


def put_chunks(peer: Peer, parts: list[bytes], whole: str, *, name: str = "film.bin") -> None:
    for index, part in enumerate(parts):
        tags = {
            "index": str(index), "num_chunks": str(len(parts)), "chunk_size": str(len(part)),
            "group_id": "film", "full_checksum": whole, "fullname": name,
        }  # fmt: skip
        peer.put_chunked("videos", f"film_{index}", part, ball_id="film", tags=tags)


def test_a_file_in_chunks_is_joined(server: Running, peer: Peer) -> None:
    parts = [b"a" * 256_000, b"b" * 256_000, b"c" * 488_000]
    whole = hashlib.sha256(b"".join(parts)).hexdigest()
    put_chunks(peer, parts, whole)
    joined = peer.ask("GET", "/buckets/videos/film/merge")
    assert hashlib.sha256(joined.content).hexdigest() == whole
    assert joined.headers["content-length"] == "1000000"
    assert peer.get("/buckets/videos/metadata/film/chunks")["checksum"] == whole
    peer.put("videos", "other_0", b"x", tags={"num_chunks": "2"})
    for missing in ("other", "none"):
        assert peer.ask("GET", f"/buckets/videos/{missing}/merge").status_code == 404


def test_an_animation_in_chunks_is_one_and_goes_out_as_one_file(
    server: Running, peer: Peer, tmp_path: Path
) -> None:
    data = make.make_gif(tmp_path / "cat.gif").read_bytes()
    half = len(data) // 2
    put_chunks(peer, [b"old"] * 3, "0" * 64)  # of which the last stays behind
    put_chunks(peer, [data[:half], data[half:]], hashlib.sha256(data).hexdigest(), name="cat.gif")
    (item,) = server.library.page(Query())
    server.library.settle_group(item.id)
    (item,) = server.library.page(Query("kind:animation"))
    assert (item.name, item.damaged) == ("cat.gif", None)
    assert server.library.poster(item)
    (tmp_path / "out").mkdir()
    written = server.library.export(item, tmp_path / "out")
    assert (written.name, written.read_bytes()) == ("cat.gif", data)
    put_chunks(peer, [data[half:], data[:half]], hashlib.sha256(data).hexdigest(), name="cat.gif")
    with pytest.raises(UserError, match="do not make the file"):
        server.library.export(item, tmp_path / "out" / "wrong.gif")
    assert list((tmp_path / "out").iterdir()) == [written]
    server.library.settle_group(item.id)
    (item,) = server.library.page(Query("kind:data"))
    assert server.library.details(item.id).facts == {}


def test_statistics_have_the_shapes_the_models_want(peer: Peer) -> None:
    for number in range(4):
        peer.put("b", f"k{number}", b"x" * number)
    stats = peer.get("/stats", start=0)
    assert set(stats) == {
        "peer_id", "used_disk", "total_disk", "available_disk", "disk_uf", "balls", "peers",
    }  # fmt: skip
    assert len(stats["balls"]) == 4
    assert 0 <= stats["disk_uf"] <= 1
    assert [ball["key"] for ball in peer.get("/stats", start=1, end=3)["balls"]] == ["k1", "k2"]
    assert set(peer.get("/stats/ufs")) == {"total_disk", "used_disk", "disk_uf"}
    (routed,) = peer.get("/peers/stats", start=0).values()
    assert set(routed) == set(stats)
    assert peer.get("/balls/len") == {"len": 4}
    assert peer.get("/xballs", start=3) == [{"bucket_id": "b", "key": "k3", "size": 3}]
    assert peer.get("/xballs/size", start=0, end=2) == [["b", "k0", 0], ["b", "k1", 1]]
    state = peer.get("/peers/state", start=0)
    assert state["balls"]["b@k2"]["size"] == 2
    assert isinstance(state["nodes"][0]["port"], int)
    node = {
        "id": "n", "disk": 1, "memory": 1, "ip_addr": "x", "port": 1, "weight": 0.5,
        "used_disk": 0, "used_memory": 0,
    }  # fmt: skip
    assert peer.ask("POST", "/nodes", json=node).json() == node
    assert peer.ask("POST", "/xpeers", json=[]).status_code == 204
    copied = peer.ask("POST", "/buckets/b/k1/replicate").json()
    assert (copied["ok"], copied["key"]) == (False, "k1")
    assert peer.ask("POST", "/buckets/b/none/replicate").status_code == 404


def test_a_stored_page_cannot_act_in_the_servers_name(server: Running, peer: Peer) -> None:
    peer.put("b", "page", b"<script>", content_type="text/html")
    answer = peer.ask("GET", "/buckets/b/page")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    peer.put("b", "odd", b"x", content_type="text/html\u0100\u0101 x")
    assert peer.ask("GET", "/buckets/b/odd").headers["content-type"] == "application/octet-stream"
    raw = server.raw(b"GET /api/v4/buckets/b/page HTTP/1.1\r\nHost: evil\r\n\r\n")
    assert status_of(raw) == 421
    assert b'"code":421' in raw


def test_ten_uploads_at_once(server: Running, peer: Peer, tmp_path: Path) -> None:
    data = [b"%d" % number * 1000 for number in range(30)]
    with ThreadPoolExecutor(10) as clients:
        put = clients.map(lambda n: peer.put_frame("b", "many", n, data[n]), range(30))
        assert {answer.status_code for answer in put} == {201}
    assert len(peer.get("/buckets/b/metadata/many/group")["balls"]) == 30
    (item,) = server.library.page(Query())
    assert (item.frame_count, item.size) == (30, sum(map(len, data)))
