"""A library and another one behind its server."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from tests.core.sync.libraries import empty, libraries, put, sync
from tests.media.make import make_image
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query
from vidcache_gui.core.similar.records import Verdict
from vidcache_gui.core.sync.pair import Pair
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.errors import UserError
from vidcache_gui.interfaces.remotes import ours
from vidcache_gui.interfaces.remotes.ours import ServerSide
from vidcache_gui.interfaces.server.log import Served
from vidcache_gui.interfaces.server.service import Service
from vidcache_gui.interfaces.server.settings import Access, Settings
from vidcache_gui.interfaces.sync.ends import opened_pair

__all__ = ["empty", "libraries"]

TOKEN = "let-me-in"


@pytest.fixture
def pair(libraries: tuple[Library, Library]) -> Iterator[Pair]:
    here, there = libraries
    service = Service(there, Settings(ports=(0,), token=TOKEN))
    service.start()
    try:
        with opened_pair(here, service.addresses[0], token=TOKEN) as found:
            yield found
    finally:
        service.stop(at_once=True)


def keys(library: Library) -> dict[str, str]:
    return {ball.key: ball.hash for _, ball in library.ball_page()}


def test_everything_travels_and_a_second_run_asks_once(
    libraries: tuple[Library, Library], pair: Pair, tmp_path: Path
) -> None:
    here, there = libraries
    pictures = [make_image(tmp_path / f"{n}.png", n) for n in (1, 2)]
    list(here.ingest(pictures[:1]))
    list(there.ingest(pictures[1:]))
    first = here.find("1.png")
    here.tag([first.id], add=["red"])
    here.move([first.id], bucket="holiday", prefix="sea")
    for number in range(3):
        put(here, f"clip_{number}", b"here %d" % number, frame_number=str(number), delay_ms="40")
    put(here, "empty_0", b"", "empty")
    put(there, "other_0", b"there", "other")
    here.tag([here.find("clip").id], add=["frames"])
    sync(pair)
    one, two = here.find("2.png"), there.find("1.png")
    here.mark(first.id, one.id, Verdict.KEEP_BOTH)
    sync(pair)
    assert keys(here) == keys(there)
    assert here.group("videos", "clip") == there.group("videos", "clip")
    assert (two.bucket, two.prefix, two.tags) == ("holiday", "sea", ("red",))
    assert there.details(two.id).aliases[0].source == str(pictures[0])
    assert there.find("clip").tags == ("frames",)
    assert [said.verdict for said in there.decisions()] == [Verdict.KEEP_BOTH]
    again = pair.plan(Way.BOTH)
    assert again.steps == ()
    assert again.requests == 2
    assert again.bytes_asked < 1500


def test_conflicts_and_mirrors_put_the_loser_in_the_trash(
    libraries: tuple[Library, Library], pair: Pair
) -> None:
    here, there = libraries
    put(here, "clip_0", b"newer", updated_at="1700000001000")
    put(there, "clip_0", b"older", updated_at="1700000000")
    sync(pair)
    assert there.get_bytes(there.group("videos", "clip")[0].hash) == b"newer"
    assert len(there.page(Query(trash=True))) == 1
    put(there, "extra_0", b"only there", "extra")
    assert Act.TRASH in {step.act for step in pair.plan(Way.TO, mirror=True).steps}
    sync(pair, Way.TO, mirror=True)
    assert keys(there) == keys(here)
    assert pair.plan(Way.TO, mirror=True).steps == ()


def test_what_was_deleted_there_is_not_brought_back(
    libraries: tuple[Library, Library], pair: Pair
) -> None:
    here, there = libraries
    put(here, "clip_0", b"once")
    sync(pair)
    there.remove([there.find("clip").id])
    assert [step.act for step in pair.plan(Way.BOTH).steps if step.id[0] == "b"] == [Act.KEEP]
    sync(pair)
    assert keys(there) == {}


def test_a_server_that_only_gives_is_read(libraries: tuple[Library, Library]) -> None:
    here, there = libraries
    put(there, "clip_0", b"there")
    put(here, "mine_0", b"here", "mine")
    service = Service(there, Settings(ports=(0,), access=Access.READ))
    service.start()
    try:
        with opened_pair(here, service.addresses[0]) as pair:
            report = pair.carry_out(pair.plan(Way.BOTH))
    finally:
        service.stop(at_once=True)
    assert set(keys(here)) == {"clip_0", "mine_0"}
    assert {outcome.step.side for outcome in report.failures} == {1}
    assert set(keys(there)) == {"clip_0"}


def test_strangers_and_hostile_records_are_refused(
    libraries: tuple[Library, Library], pair: Pair
) -> None:
    _, there = libraries
    address = f"http://{pair.titles[1]}"
    assert httpx.post(f"{address}/sync/look", json={"nodes": [""]}).status_code == 401
    put(there, "clip_0", b"there")
    live = {"state": ["live", 1], "content": [["0" * 64, "0" * 64, 3], 1]}
    facts = {"ball_id": "x", "type": "", "producer": "", "tags": {}, "disabled": False}
    hostile = [
        {"id": "b:6:videos:new", "elements": {**live, "facts": [facts, 1]}},  # no such bytes
        {"id": "f:" + "0" * 64, "elements": {**live, "name": ["../../x", 1]}},
        {"id": "g:6:videos:", "elements": live}, {"id": "b:9999:x", "elements": live},
        {"id": "d:1:b:a", "elements": live}, {"id": "z:1", "elements": {}},
        {"id": "g:6:videos:clip", "elements": {"state": ["live", "soon"]}},
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for target in hostile:
        given = {"writes": [{"target": target, "before": None}]}
        answer = httpx.post(f"{address}/sync/tell", json=given, headers=headers)
        refused = answer.status_code in (400, 422) or answer.json()["errors"] != [None]
        assert refused, target
    for asked in ({"nodes": ["%"]}, {"nodes": [""] * 600}, {"records": [1]}, {"missing": [{}]}, []):
        answer = httpx.post(f"{address}/sync/look", json=asked, headers=headers)
        assert answer.status_code in (400, 422), asked
    assert list(keys(there)) == ["clip_0"]


def test_an_entry_that_is_named_and_never_described_is_none(
    libraries: tuple[Library, Library], pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ServerSide.entries

    def entries(side: ServerSide, prefixes: Sequence[str]) -> Mapping[str, str]:
        return {**listed(side, prefixes), "f:" + "0" * 64: "x"}

    monkeypatch.setattr(ServerSide, "entries", entries)
    put(libraries[1], "clip_0", b"there")
    assert "videos/clip_0" in [step.title for step in pair.plan(Way.BOTH).steps]


def test_a_large_file_goes_on_where_it_broke_off(
    libraries: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "RESUMED", 100_000)
    here, there = libraries
    data = os.urandom(3_000_000)
    incoming = there.incoming()
    incoming.write(data)
    hash = there.receive(incoming, "app:film", "film.bin", Target("videos")).hash or ""
    served: list[Served] = []
    service = Service(there, Settings(ports=(0,)), served.append)
    service.start()
    try:
        with opened_pair(here, service.addresses[0]) as pair:
            stop = CancelToken()

            def progress(done: int, moved: int, title: str) -> None:
                if moved >= 1_000_000:
                    stop.cancel()

            plan = pair.plan(Way.BOTH)
            assert pair.carry_out(plan, stop=stop, on_progress=progress).cancelled
            assert here.page(Query()) == []
            (left,) = here.partial.iterdir()
            size = left.stat().st_size
            assert size >= 1_000_000
            before = len(served)
            sync(pair)
    finally:
        service.stop()
    assert sum(one.sent for one in served[before:]) < len(data) - size + 100_000
    assert here.get_bytes(hash) == data
    assert list(here.partial.iterdir()) == []


def test_neither_is_a_library(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="At least one"), opened_pair(str(tmp_path), str(tmp_path)):
        pass
