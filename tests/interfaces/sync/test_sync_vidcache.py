"""A library and vidcache servers of each generation that are not ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from blake3 import blake3

from tests.core.sync.libraries import empty, library, sync
from tests.interfaces.remotes.liars import Handler
from tests.interfaces.remotes.strangers import Cache
from tests.interfaces.sync.strange import acts, paired
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query
from vidcache_gui.core.sync.records import Act, Way
from vidcache_gui.interfaces.remotes import pulling
from vidcache_gui.interfaces.sync.foreign import ForeignPair

__all__ = ["empty", "library"]

MINE, THEIRS = "https://example.org/mine", "https://example.org/theirs"
DATA = b"the same film"


@contextmanager
def cache(library: Library, generation: str) -> Iterator[tuple[Cache, ForeignPair]]:
    server = Cache(generation)
    with paired(library, server) as pair:
        yield server, pair


def keep(library: Library, data: bytes, *sources: str) -> Item:
    incoming = library.incoming()
    incoming.write(data)
    source = sources[0] if sources else "/disk/film.bin"
    result = library.receive(incoming, source, "film.bin", Target("videos"))
    assert result.hash is not None
    library.remember(result.hash, sources[1:])
    return library.items([result.item_id or 0])[0]


def sources(library: Library, item: Item) -> set[str]:
    return {one.source for one in library.details(item.id).aliases}


@pytest.mark.parametrize("generation", ["B", "C"])
def test_addresses_and_details_reach_the_other_side(library: Library, generation: str) -> None:
    item = keep(library, DATA, MINE, "/disk/film.bin")
    library.set_meta(item.id, {"camera": "old"})
    with cache(library, generation) as (server, pair):
        hash = server.store(DATA, "film.bin", THEIRS, camera="new", place="Porto")
        assert acts(pair.plan(Way.BOTH).steps) == [
            (Act.UPDATE, 0, "film.bin"), (Act.UPDATE, 1, "film.bin"),
        ]  # fmt: skip
        sync(pair)
        assert sources(library, item) == {MINE, "/disk/film.bin", THEIRS}
        assert library.details(item.id).meta == {"camera": "old", "place": "Porto"}
        assert server.about[hash]["aliases"] == [THEIRS, MINE]
        library.set_meta(item.id, {"camera": "old"})  # what was taken away does not come back
        assert pair.plan(Way.BOTH).steps == ()
        server.names.pop(THEIRS)
        server.about[hash]["aliases"].remove(THEIRS)  # nobody can tell that from never there
        assert acts(pair.plan(Way.FROM).steps) == []
        sync(pair)
        assert sources(library, item) >= {MINE, THEIRS}
        assert server.names[THEIRS] == hash


@pytest.mark.parametrize("generation", ["B", "C"])
def test_a_file_goes_with_all_its_addresses(library: Library, generation: str) -> None:
    item = keep(library, DATA, MINE, THEIRS, "app:7")
    with cache(library, generation) as (server, pair):
        sync(pair)
        assert set(server.about[item.hash]["aliases"]) == {MINE, THEIRS, "app:7"}
        assert pair.plan(Way.BOTH).steps == ()


def test_a_file_comes_with_all_that_is_said_of_it(library: Library) -> None:
    with cache(library, "C") as (server, pair):
        server.store(DATA, "film.bin", THEIRS, place="Porto")
        server.store(b"without an address", "other.bin")
        server.store(b"", "empty.bin")
        sync(pair)
        item = library.find("film.bin")
        assert sources(library, item) == {THEIRS}
        assert library.details(item.id).meta == {"place": "Porto"}
        assert acts(pair.plan(Way.BOTH).steps) == [(Act.KEEP, 0, "empty.bin")]
        library.remove([item.id])
        assert (Act.KEEP, 0, "film.bin") in acts(pair.plan(Way.BOTH).steps)
        del server.data[item.hash], server.about[item.hash]
        assert not pair.plan(Way.BOTH).to_do
        assert library.find("other.bin")


def test_one_bucket_of_what_is_in_others_on_the_other_side(library: Library) -> None:
    item = keep(library, DATA)
    library.move([item.id], bucket="holiday")
    with cache(library, "C") as (server, pair):
        server.store(DATA, "film.bin")
        for bucket in ("holiday", "videos"):
            assert pair.plan(Way.BOTH, bucket=bucket).steps == ()
        keep(library, b"more")
        plan = pair.plan(Way.BOTH, bucket="videos")
        assert [(step.act, step.side, step.size) for step in plan.steps] == [(Act.COPY, 1, 4)]


def test_an_address_that_stands_for_something_else_is_left(library: Library) -> None:
    item = keep(library, DATA, MINE)
    with cache(library, "B") as (server, pair):
        server.store(DATA, "film.bin", THEIRS)
        other = server.store(b"other bytes", "other.bin", MINE)
        plan = pair.plan(Way.BOTH)
        assert [(step.act, step.side) for step in plan.steps] == [(Act.UPDATE, 0), (Act.KEEP, 1)]
        assert MINE in plan.kept[0].why
        sync(pair)
        assert server.names[MINE] == other
        assert (found := library.resolve(MINE)) is not None
        assert found.id == item.id


def test_the_oldest_kind_takes_nothing_and_that_is_said_before(library: Library) -> None:
    keep(library, DATA, MINE)
    keep(library, b"only here")
    with cache(library, "A") as (server, pair):
        server.store(DATA, "film.bin", THEIRS)
        server.store(b"only there", "there.bin")
        plan = pair.plan(Way.BOTH)
        assert [(step.act, step.side) for step in plan.to_do] == [(Act.UPDATE, 0)]
        assert {step.why.partition(",")[0] for step in plan.kept} == {"An older server"}
        sync(pair)
        assert len(server.data) == 2
        assert {one.name for one in library.page(Query())} == {"film.bin"}


@pytest.mark.parametrize("generation", ["B", "C"])
def test_a_near_duplicate_that_keeps_ours_out_is_not_sent_for_ever(
    library: Library, generation: str
) -> None:
    item = keep(library, DATA)
    with cache(library, generation) as (server, pair):
        other = server.store(b"looks alike", "other.bin")

        def alike(handler: Handler) -> None:
            handler.body()
            server.names[f"vidcache://{item.hash}"] = other
            handler.say({"status": "duplicate", "hash": other, "phash_distance": 3})

        asked = server.script
        server.script = lambda method, path: (  # type: ignore[method-assign]
            alike if path.startswith("/upload/u") else asked(method, path)
        )
        report = pair.carry_out(pair.plan(Way.TO))
        assert "looks alike" in (report.failures[0].error or "")
        assert acts(pair.plan(Way.TO).steps) == [(Act.KEEP, 1, "film.bin")]


@pytest.mark.parametrize("generation", ["A", "C"])
def test_a_download_that_breaks_off_goes_on(
    library: Library, generation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "RESUMED", 1000)
    data = bytes(range(250)) * 1200
    with cache(library, generation) as (server, pair):
        hash = server.store(data, "film.bin", THEIRS)
        if generation == "A":  # it has no lists: only what was asked for by name comes
            item = keep(library, data)
            library.remove([item.id])
            library.empty_trash()
        path = f"/{'video' if generation == 'A' else 'cache'}/{hash}"

        def half(handler: Handler) -> None:
            handler.break_off(data[:200_000], len(data))

        server.scripts[path] = half
        if generation == "A":
            assert pair.plan(Way.BOTH).steps == ()
            return
        report = pair.carry_out(pair.plan(Way.BOTH))
        assert len(report.failures) == 1
        assert library.page(Query()) == []
        del server.scripts[path]
        server.sent = 0
        plan = pair.plan(Way.BOTH)
        before = server.sent
        assert not pair.carry_out(plan).failures
        assert len(data) - 200_000 <= server.sent - before < len(data) - 190_000
        assert library.get_bytes(blake3(data).hexdigest()) == data
        assert pair.plan(Way.BOTH).steps == ()
