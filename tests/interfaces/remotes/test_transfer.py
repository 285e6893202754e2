"""Items from one library to a server of another and back, over both protocols."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.sync.libraries import Libraries, empty, libraries
from tests.interfaces.remotes.archives import noise, remote_of, server
from tests.interfaces.server.serving import Running
from tests.media import make
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Item, Query, SourceResult, Status
from vidcache_gui.errors import Cancelled, UserError
from vidcache_gui.interfaces.remotes import layout, pulling
from vidcache_gui.interfaces.remotes.pulling import Pull
from vidcache_gui.interfaces.remotes.pushing import Push
from vidcache_gui.interfaces.remotes.remote import Remote, Spoken
from vidcache_gui.media.types import Kind

__all__ = ["empty", "libraries"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with server(tmp_path_factory.mktemp("far")) as found:
        yield found


@pytest.fixture
def remote(running: Running) -> Iterator[Remote]:
    with remote_of(running) as found:
        yield found


@pytest.fixture
def peer(running: Running) -> Iterator[Remote]:
    """The same server as one that knows no vidcache."""
    with remote_of(running) as found:
        yield Remote(found.http, Spoken(mictlanx=True))


@pytest.fixture
def library(libraries: Libraries) -> Library:
    return libraries[0]


@pytest.fixture
def other(libraries: Libraries) -> Library:
    return libraries[1]


def bring(library: Library, data: bytes, name: str = "film.bin") -> Item:
    incoming = library.incoming()
    incoming.write(data)
    result = library.receive(incoming, f"app:{name}", name, pulling.Target("clips", "a/b"))
    assert result.item_id is not None
    return library.items([result.item_id])[0]


def group(library: Library, folder: Path, ball_id: str, count: int = 6, first: int = 0) -> Item:
    frames = folder / ball_id
    frames.mkdir()
    for number in range(count):
        make.picture(first + number % 4, (32, 24)).save(
            frames / f"frame_{number:02d}_delay-0.1s.gif"
        )
    result = library.put_frames("videos", ball_id, frames)
    assert result.item_id is not None
    return library.items([result.item_id])[0]


def files(library: Library) -> list[Path]:
    places = (library.path / "tmp", library.partial)
    return [path for place in places for path in place.rglob("*") if path.is_file()]


def test_a_file_goes_there_and_comes_back_as_it_was(
    library: Library, other: Library, remote: Remote
) -> None:
    data = noise(300_000)
    item = bring(library, data)
    library.tag([item.id], add=["sea", "gull"])
    library.set_meta(item.id, {"place": "Porto"})
    library.remember(item.hash, ["https://example.org/film"])
    item = library.items([item.id])[0]
    sent: list[int] = []
    assert Push(library, remote, on_bytes=sent.append).item(item).status is Status.NEW
    assert sum(sent) == len(data)
    assert Push(library, remote).item(item).status is Status.DUPLICATE
    came: list[int] = []
    result = Pull(other, remote, on_bytes=came.append).item(item.hash[:10])
    assert (result.status, result.hash, sum(came)) == (Status.NEW, item.hash, len(data))
    assert Pull(other, remote).item("https://example.org/film").status is Status.DUPLICATE
    assert Pull(other, remote).item("film.bin").status is Status.DUPLICATE
    (copy,) = other.page(Query())
    details = other.details(copy.id)
    assert (copy.name, copy.bucket, copy.prefix, copy.tags) == (
        "film.bin", "clips", "a/b", ("gull", "sea"),
    )  # fmt: skip
    assert details.meta == {"place": "Porto"}
    assert {"app:film.bin", "https://example.org/film"} <= {one.source for one in details.aliases}
    assert other.get_bytes(copy.hash) == data
    assert files(other) == []
    assert list(other.verify()) == []


def test_an_address_that_stands_for_other_bytes_there_is_not_taken_for_ours(
    library: Library, other: Library, remote: Remote
) -> None:
    theirs, ours = bring(library, noise(1000), "same"), bring(other, noise(1000), "same")
    Push(library, remote).item(theirs)
    assert Push(other, remote).item(ours).status is Status.NEW
    assert remote.files.meta(ours.hash) is not None
    assert remote.files.resolve("app:same") == theirs.hash


def test_frames_stay_a_group(
    library: Library, other: Library, peer: Remote, tmp_path: Path
) -> None:
    item = group(library, tmp_path, "wave")
    library.rename(item.id, "A wave")
    library.tag([item.id], add=["sea"])
    item = library.items([item.id])[0]
    assert Push(library, peer).item(item).status is Status.NEW
    assert Push(library, peer).item(item).status is Status.DUPLICATE
    assert Pull(other, peer).item("videos/wave").status is Status.NEW
    assert Pull(other, peer).item("videos/wave").status is Status.DUPLICATE
    (copy,) = other.page(Query())
    assert (copy.name, copy.ball_id, copy.tags, copy.hash) == (
        "A wave",
        "wave",
        ("sea",),
        item.hash,
    )
    theirs = [(ball.key, ball.checksum, ball.tags) for ball in library.group("videos", "wave")]
    assert theirs == [(b.key, b.checksum, b.tags) for b in other.group("videos", "wave")]
    assert (copy.width, copy.height, copy.damaged) == (32, 24, None)


def test_other_data_stays_a_group_too(library: Library, other: Library, peer: Remote) -> None:
    for name in ("b", "a"):
        incoming = library.incoming()
        incoming.write(name.encode() * 100)
        put = library.put_ball(incoming, BallFacts("stuff", name, "things", {"of": name}))
    library.settle_group(put.item_id)
    (item,) = library.items([put.item_id])
    assert item.kind is Kind.DATA
    assert Push(library, peer).item(item).status is Status.NEW
    assert Pull(other, peer).item("stuff/things").status is Status.NEW
    (copy,) = other.page(Query())
    assert (copy.kind, copy.hash) == (Kind.DATA, item.hash)
    assert [ball.tags for ball in other.group("stuff", "things")] == [
        ball.tags for ball in library.group("stuff", "things")
    ]


def test_equal_frames_are_fetched_once(
    library: Library, other: Library, peer: Remote, running: Running, tmp_path: Path
) -> None:
    item = group(library, tmp_path, "still", 24)
    Push(library, peer).item(item)
    before = len(running.served)
    Pull(other, peer).item("videos/still")
    asked = [one.path for one in running.served[before:] if "/videos/still_" in one.path]
    assert 4 <= len(set(asked)) == len(asked) < 12


def test_other_frames_of_that_name_are_left_alone(
    library: Library, other: Library, peer: Remote, tmp_path: Path
) -> None:
    item = group(library, tmp_path, "tide")
    Push(library, peer).item(item)
    (tmp_path / "two").mkdir()
    group(other, tmp_path / "two", "tide", 3, first=50)
    with pytest.raises(UserError, match="holds other frames"):
        Pull(other, peer).item("videos/tide")
    assert len(other.group("videos", "tide")) == 3
    assert Pull(other, peer, bucket="elsewhere").item("videos/tide").status is Status.NEW
    make.picture(99).save(tmp_path / "tide" / "frame_00_delay-0.1s.gif")
    with Library.open(tmp_path / "third") as third:
        result = third.put_frames("videos", "tide", tmp_path / "tide")
        with pytest.raises(UserError, match="has other bytes called 'tide_00"):
            Push(third, peer).item(third.items([result.item_id or 0])[0])


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(layout, "SMALLEST_CHUNK", 100_000)
    monkeypatch.setattr(layout, "MEGABYTE", 100_000)
    return 100_000


def test_a_file_goes_in_chunks_where_there_is_no_vidcache(
    library: Library, other: Library, peer: Remote, small_chunks: int
) -> None:
    data = noise(1_250_000)
    item = bring(library, data, "big.bin")
    library.tag([item.id], add=["large"])
    item = library.items([item.id])[0]
    result = Push(library, peer).item(item)
    place = (result.reason or "").split("'")[1]
    assert Push(library, peer).item(item).status is Status.DUPLICATE
    chunks = peer.balls.group("clips", place.partition("/")[2])
    assert len(chunks) == 13
    assert {chunk.tags["num_chunks"] for chunk in chunks} == {"13"}
    assert {int(chunk.tags["chunk_size"]) for chunk in chunks} == {100_000, 50_000}
    assert Pull(other, peer).item(place).status is Status.NEW
    assert Pull(other, peer).item(place).status is Status.DUPLICATE
    (copy,) = other.page(Query())
    assert (copy.hash, copy.name, copy.prefix, copy.tags) == (
        item.hash, "big.bin", "a/b", ("large",),
    )  # fmt: skip
    assert other.get_bytes(copy.hash) == data
    assert files(other) == []


class Stopping:
    """Counts bytes, and stops everything after some of them."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.done = 0

    def __call__(self, more: int) -> None:
        self.done += more
        if self.done >= self.after:
            raise Cancelled


def moved(running: Running, before: int) -> int:
    return sum(one.sent + one.received for one in running.served[before:])


def test_a_broken_transfer_of_chunks_goes_on_both_ways(
    library: Library, other: Library, peer: Remote, running: Running, small_chunks: int
) -> None:
    data = noise(2_000_000)
    item = bring(library, data, "resumed.bin")
    with pytest.raises(Cancelled):
        Push(library, peer, on_bytes=Stopping(1_000_000)).item(item)
    sha256 = library.details(item.id).sha256
    with pytest.raises(UserError, match="first chunk"):  # nobody takes the half for the whole
        Pull(other, peer).item(f"clips/{sha256}")
    before = len(running.served)
    result = Push(library, peer).item(item)
    assert "were there already" in (result.reason or "")
    assert moved(running, before) < 1_500_000
    place = f"clips/{sha256}"
    with pytest.raises(Cancelled):
        Pull(other, peer, on_bytes=Stopping(1_000_000)).item(place)
    assert other.page(Query()) == []
    assert len(files(other)) == 1
    before = len(running.served)
    assert Pull(other, peer).item(place).hash == item.hash
    assert moved(running, before) < 1_500_000
    assert other.get_bytes(item.hash) == data
    assert files(other) == []


def test_a_broken_download_goes_on_and_a_spoiled_one_begins_again(
    library: Library, other: Library, remote: Remote, running: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pulling, "RESUMED", 0)
    data = noise(3_000_000)
    item = bring(library, data, "long.bin")
    Push(library, remote).item(item)
    with pytest.raises(Cancelled):
        Pull(other, remote, on_bytes=Stopping(2_000_000)).item(item.hash)
    (left,) = files(other)
    assert left.stat().st_size >= 1_900_000
    before = len(running.served)
    assert Pull(other, remote).item(item.hash).status is Status.NEW
    assert moved(running, before) < 1_500_000
    other.remove([found.id for found in other.page(Query())])
    left.write_bytes(noise(1_000_000))
    assert Pull(other, remote).item(item.hash).hash == item.hash
    assert other.get_bytes(item.hash) == data
    assert files(other) == []


def test_a_group_comes_as_far_as_it_got_and_goes_on(
    library: Library, other: Library, peer: Remote, running: Running, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(30):
        make.picture(number, (32, 24)).save(folder / f"frame_{number:02d}.gif")
    result = library.put_frames("videos", "many", folder)
    Push(library, peer).item(library.items([result.item_id or 0])[0])
    size = sum(ball.size for ball in library.group("videos", "many"))
    with pytest.raises(Cancelled):
        Pull(other, peer, on_bytes=Stopping(size // 2)).item("videos/many")
    came = len(other.group("videos", "many"))
    assert 10 <= came < 30
    before = len(running.served)
    Pull(other, peer).item("videos/many")
    assert len(other.group("videos", "many")) == 30
    asked = [one.path for one in running.served[before:] if "/videos/many_" in one.path]
    assert len(set(asked)) == 30 - came
    (item,) = other.page(Query())
    assert item.hash == result.hash


def test_one_that_is_not_there_does_not_keep_the_others_back(
    library: Library, remote: Remote, peer: Remote
) -> None:
    for what in ("ab" * 32, "abcdef", "no such name", "https://example.org/none"):
        with pytest.raises(UserError):
            Pull(library, remote).item(what)
    for what in ("videos/none", "no bucket/none"):
        with pytest.raises(UserError, match="none"):
            Pull(library, peer).item(what)
    assert library.page(Query()) == []
    assert files(library) == []


def test_json_of_ours_is_judged_as_all_that_comes(library: Library, remote: Remote) -> None:
    data = noise(500)
    given = {
        "url": "app:odd", "bucket": "b",
        "meta": {"vidcache_item": {"tags": ["fine", 7, None, "x\ny"], "aliases": ["/etc/passwd"]}},
    }  # fmt: skip
    begun = remote.http.json("POST", "/upload/init", given=given)
    headers = {"Content-Length": str(len(data))}
    remote.http.json("POST", f"/upload/{begun['upload_id']}", body=[data], headers=headers)
    result: SourceResult = Pull(library, remote).item("app:odd")
    details = library.details(result.item_id or 0)
    assert details.item.tags == ("fine", "x y")
    assert [alias.source for alias in details.aliases] == ["app:odd"]
    assert details.meta is None
    assert json.dumps(details.meta) == "null"
