"""A library and a MictlanX storage peer that knows what its specification says, no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.sync.libraries import empty, keys, library, put, sync
from tests.interfaces.command_line import Cli, cli
from tests.interfaces.remotes.liars import Handler
from tests.interfaces.remotes.strangers import BASE, Peer
from tests.interfaces.sync.strange import acts, paired, sha256, store
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.interfaces.remotes import layout
from vidcache_gui.interfaces.sync import exchange
from vidcache_gui.interfaces.sync.foreign import ForeignPair
from vidcache_gui.interfaces.sync.verdict import STUCK

__all__ = ["cli", "empty", "library"]

LATER = "1800000000"


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def pair(library: Library, peer: Peer) -> Iterator[ForeignPair]:
    with paired(library, peer) as found:
        yield found


def keep(library: Library, data: bytes, name: str) -> Item:
    incoming = library.incoming()
    incoming.write(data)
    result = library.receive(incoming, f"/somewhere/{name}", name, Target("videos", "a/b"))
    return library.items([result.item_id or 0])[0]


def test_what_is_said_of_a_ball_goes_to_the_side_where_it_is_older(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    put(library, "clip_0", b"first", colour="red", updated_at=LATER)
    put(library, "clip_1", b"second", updated_at="1")
    store(peer, "clip_0", b"first", tags={"colour": "blue"})
    store(peer, "clip_1", b"second", tags={"n": "2"}, content_type="image/gif", producer_id="x")
    assert acts(pair.plan(Way.BOTH).steps) == [
        (Act.UPDATE, 0, "videos/clip_1"), (Act.UPDATE, 1, "videos/clip_0"),
    ]  # fmt: skip
    assert {step.act for step in pair.plan(Way.TO).kept} == {Act.KEEP}
    report = sync(pair)
    assert (report.done, report.moved) == (2, 0)
    assert peer.balls["videos", "clip_0"]["tags"] == {"colour": "red", "updated_at": LATER}
    second = library.group("videos", "clip")[1]
    assert (second.tags["n"], second.content_type, second.producer_id) == ("2", "image/gif", "x")
    library.undo()
    assert "n" not in library.group("videos", "clip")[1].tags


def test_a_flag_spreads_both_ways_and_a_flagged_ball_does_not(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    for number in range(3):
        put(library, f"clip_{number}", b"%d" % number, updated_at="1700000000")
        store(peer, f"clip_{number}", b"%d" % number, is_disabled=number == 1)
    library.disable_ball("videos", "clip_0")
    store(peer, "gone_0", b"old", is_disabled=True)
    assert acts(pair.plan(Way.TO).steps) == [
        (Act.UPDATE, 1, "videos/clip_0"), (Act.KEEP, 0, "videos/clip_1"),
    ]  # fmt: skip
    sync(pair)
    assert [ball.is_disabled for ball in library.group("videos", "clip")] == [True, True, False]
    assert peer.balls["videos", "clip_0"]["is_disabled"]
    assert peer.count("POST", f"{BASE}/buckets/videos/clip_0/disable") == 1
    assert acts(pair.plan(Way.BOTH).steps) == [(Act.KEEP, 0, "videos/gone_0")]
    library.describe_ball(BallFacts("videos", "clip_1", "clip", is_disabled=False))
    assert STUCK in {step.why for step in pair.plan(Way.TO, mirror=True).steps}


def test_what_is_replaced_there_is_in_the_trash_here(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    put(library, "clip_0", b"newer", updated_at=LATER)
    store(peer, "clip_0", b"older")
    plan = pair.plan(Way.BOTH)
    assert acts(plan.steps) == [(Act.REPLACE, 1, "videos/clip_0")]
    assert plan.size == sync(pair).moved == 10
    assert peer.data["videos", "clip_0"] == b"newer"
    assert keys(library) == {"clip_0": b"newer"}
    (trashed,) = library.page(Query(trash=True))
    (kept,) = library.get_by_ball_id("videos", trashed.ball_id or "")
    assert library.get_bytes(kept.hash) == b"older"


def test_a_server_that_will_not_change_is_said_and_loses_nothing(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    put(library, "clip_0", b"newer", updated_at=LATER)
    put(library, "clip_1", b"same", colour="red", updated_at=LATER)
    store(peer, "clip_0", b"older")
    store(peer, "clip_1", b"same")

    def has_it(handler: Handler) -> None:
        handler.say({"detail": {"msg": "no further replica", "code": 666}}, 404)

    peer.scripts[f"POST {BASE}/buckets/videos/metadata"] = has_it
    for _ in range(2):
        report = pair.carry_out(pair.plan(Way.BOTH))
        assert sorted(one.step.title for one in report.failures) == [
            "videos/clip_0", "videos/clip_1"
        ]  # fmt: skip
    assert peer.data["videos", "clip_0"] == b"older"
    assert len(library.page(Query(trash=True))) == 1  # kept once


def test_lists_are_asked_for_once_however_many_files_come(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    for number in range(6):
        data = b"film %d" % number
        peer.store("videos", sha256(data), data, sha256(data), tags={
            "fullname": f"{number}.bin", "bucket_relative_path": f"sea/{number}.bin"
        })  # fmt: skip
    peer.seen.clear()
    report = pair.carry_out(pair.plan(Way.BOTH))
    assert report.done == 6
    assert peer.count("GET", f"{BASE}/xballs") == 1
    assert peer.count("GET", f"{BASE}/buckets/videos/metadata") == 1
    found = library.page(Query())
    assert {(item.name, item.prefix) for item in found} == {(f"{n}.bin", "sea") for n in range(6)}
    assert pair.plan(Way.BOTH).steps == ()
    library.move([item.id for item in found], bucket="elsewhere")
    assert pair.plan(Way.BOTH, bucket="videos").steps == ()


def test_several_go_at_once_and_all_end_when_it_is_cancelled(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    for number in range(12):
        store(peer, f"clip_{number}", b"%d" % number)
    stop, told = CancelToken(), []
    plan = pair.plan(Way.BOTH)

    def progress(done: int, moved: int, title: str) -> None:
        told.append(done)
        if done == 3:
            stop.cancel()

    report = pair.carry_out(plan, stop=stop, on_progress=progress)
    assert report.cancelled
    assert 3 <= report.done < 12
    assert told == sorted(told)
    assert len(keys(library)) == report.done
    assert len(pair.plan(Way.BOTH).to_do) == 12 - report.done
    sync(pair)
    assert len(keys(library)) == 12


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as large is small, and chunks have 100,000 bytes."""
    monkeypatch.setattr(layout, "SMALLEST_CHUNK", 100_000)
    monkeypatch.setattr(layout, "MEGABYTE", 100_000)
    monkeypatch.setattr(exchange, "RESUMED", 150_000)


@pytest.mark.usefixtures("small")
def test_a_large_file_goes_in_chunks_and_goes_on_where_it_was(
    library: Library, peer: Peer, pair: ForeignPair, empty: Path, tmp_path: Path
) -> None:
    data = bytes(range(250)) * 4000
    item = keep(library, data, "film.bin")
    stop = CancelToken()

    def progress(done: int, moved: int, title: str) -> None:
        if moved >= 500_000:
            stop.cancel()

    assert pair.carry_out(pair.plan(Way.BOTH), stop=stop, on_progress=progress).cancelled
    (step,) = pair.plan(Way.BOTH).steps
    assert (step.act, step.side) == (Act.COPY, 1)
    assert 0 < step.size <= 600_000
    before = peer.count("POST", f"{BASE}/buckets/data/.*")
    sync(pair)
    assert 0 < peer.count("POST", f"{BASE}/buckets/data/.*") - before <= step.size // 100_000
    library.remove([item.id])
    library.empty_trash()
    fetched = {"stop": True}

    def third(handler: Handler) -> None:
        key = handler.path.rpartition("/")[2]
        if fetched["stop"]:
            handler.break_off(peer.data["videos", key][:50_000], 100_000)
        else:
            peer.get(handler, "videos", key)

    chunk = f"{BASE}/buckets/videos/{sha256(data)}_3"
    peer.scripts[f"GET {chunk}"] = third
    report = pair.carry_out(pair.plan(Way.FROM))
    assert [one.step.title for one in report.failures] == ["film.bin"]
    assert library.page(Query()) == []
    fetched["stop"] = False
    peer.seen.clear()
    sync(pair)
    parts = peer.count("GET", f"{BASE}/buckets/videos/{sha256(data)}_.*")
    assert 1 <= parts < 10
    (copy,) = library.page(Query())
    assert (copy.hash, copy.name, copy.prefix) == (item.hash, "film.bin", "a/b")
    assert list(library.partial.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_a_large_ball_that_breaks_off_goes_on(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    data = bytes(range(200)) * 1000
    store(peer, "clip_0", data)
    path = f"GET {BASE}/buckets/videos/clip_0"

    def half(handler: Handler) -> None:
        handler.break_off(data[:120_000], len(data))

    peer.scripts[path] = half
    report = pair.carry_out(pair.plan(Way.BOTH))
    assert len(report.failures) == 1
    assert keys(library) == {}
    (left,) = library.partial.iterdir()
    assert left.stat().st_size == 120_000
    asked: list[str] = []

    def ranged(handler: Handler) -> None:
        asked.append(handler.headers["Range"])
        said = f"bytes 120000-{len(data) - 1}/{len(data)}"
        handler.send(data[120_000:], 206, Content_Range=said)

    peer.scripts[path] = ranged
    sync(pair)
    assert asked == [f"bytes=120000-{len(data) - 1}"]
    assert keys(library) == {"clip_0": data}
    assert list(library.partial.iterdir()) == []


def test_parts_of_a_file_that_is_not_whole_there_are_left_alone(
    library: Library, peer: Peer, pair: ForeignPair
) -> None:
    for index in (0, 2):
        tags = {"index": str(index), "num_chunks": "3", "full_checksum": "ab" * 32}
        store(peer, f"film_{index}", b"%d" % index, ball_id="film", tags=tags)
    (step,) = pair.plan(Way.BOTH).steps
    assert (step.act, step.title) == (Act.KEEP, "film")
    put(library, "film_0", b"0", "film", index="0", num_chunks="3", full_checksum="ab" * 32)
    sync(pair)  # who has them one by one gets them one by one
    assert set(keys(library)) == {"film_0", "film_2"}


def test_the_command_line_says_what_would_happen(
    cli: Cli, library: Library, peer: Peer, pair: ForeignPair
) -> None:
    put(library, "clip_0", b"newer", updated_at=LATER)
    store(peer, "clip_0", b"older")
    store(peer, "clip_1", b"film")
    library.close()
    shown = cli("--json", "sync", peer.address, "--dry-run").objects
    assert [(step["act"], step["name"], step["size"]) for step in shown] == [
        ("copy", "videos/clip_1", 4), ("replace", "videos/clip_0", 10),
    ]  # fmt: skip
    assert "2 done, 14 B moved." in cli("sync", peer.address).err
    assert "There is nothing to do." in cli("sync", peer.address).err
    assert peer.data["videos", "clip_0"] == b"newer"


def test_a_mirror_keeps_what_goes(library: Library, peer: Peer, pair: ForeignPair) -> None:
    whole = b"a whole film"
    store(peer, "clip_0", b"frame")
    store(peer, sha256(whole), whole, ball_id=sha256(whole))
    put(library, "mine_0", b"mine", "mine")
    sync(pair, Way.TO, mirror=True)
    assert list(peer.balls) == [("videos", "mine_0")]
    assert set(keys(library)) == {"mine_0"}
    trashed = library.page(Query(trash=True))
    (file,) = (item for item in trashed if item.ball_id is None)
    assert library.get_bytes(file.hash) == whole
    (group,) = (item for item in trashed if item.ball_id is not None)
    (ball,) = library.get_by_ball_id("videos", group.ball_id or "")
    assert library.get_bytes(ball.hash) == b"frame"
