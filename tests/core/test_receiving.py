"""Bytes and balls that programs hand over: durable, found, restored, and looked at in the end."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.server.serving import wait_until
from tests.media import make
from vidcache_gui.cancel import CancelToken
from vidcache_gui.core.balls import BallFacts
from vidcache_gui.core.growing import QUIET, Settling
from vidcache_gui.core.intake import Target
from vidcache_gui.core.library import Library
from vidcache_gui.core.records import Query, Status
from vidcache_gui.errors import UserError


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def receive(library: Library, data: bytes, source: str = "app:1") -> Status:
    incoming = library.incoming(len(data))
    for start in range(0, len(data), 1000):
        incoming.write(data[start : start + 1000])
    target = Target("clips", "a", {"k": 1}, tags=("client:x", "client:x"))
    return library.receive(incoming, source, "name.bin", target).status


def put(library: Library, key: str, data: bytes, group: str = "group", **tags: str) -> int:
    incoming = library.incoming()
    incoming.write(data)
    return library.put_ball(incoming, BallFacts("clips", key, group, tags)).item_id


def files(library: Library, folder: str) -> list[Path]:
    return [path for path in (library.path / folder).rglob("*") if path.is_file()]


def test_bytes_become_an_item_with_both_hashes(library: Library) -> None:
    data = bytes(range(256)) * 50
    assert receive(library, data) is Status.NEW
    (item,) = library.page(Query())
    details = library.details(item.id)
    assert details.sha256 == hashlib.sha256(data).hexdigest()
    assert (item.bucket, item.prefix, item.tags, details.meta) == (
        "clips", "a", ("client:x",), {"k": 1},
    )  # fmt: skip
    assert [(alias.source, alias.kind) for alias in details.aliases] == [("app:1", "url")]
    assert library.page(Query(text="tag:client:x")) == [item]
    assert receive(library, data, "app:2") is Status.DUPLICATE
    assert library.sight("app:2") == item
    assert library.sight("app:3") is None
    library.remove([item.id])
    assert library.sight("app:2") is None
    assert library.content(item.hash) is None
    assert receive(library, data) is Status.NEW
    assert library.content(item.hash) is not None


def test_nothing_and_what_was_given_up_leave_nothing(library: Library) -> None:
    with pytest.raises(UserError, match="0 bytes"):
        receive(library, b"")
    with library.incoming() as incoming:
        incoming.write(b"x")
        assert len(files(library, "tmp")) == 1
    assert files(library, "tmp") == files(library, "blobs") == []
    with pytest.raises(UserError, match="disk is full"):
        library.incoming(1 << 62)


def test_a_group_tells_the_window_that_it_is_there_and_grows(library: Library) -> None:
    seq, _ = library.changes_since(None)
    item_id = put(library, "group_0", b"a")
    seq, changes = library.changes_since(seq)
    assert changes.added == (item_id,)
    assert put(library, "group_1", b"bc") == item_id
    (item,) = library.page(Query(text="group"))
    assert (item.frame_count, item.size) == (2, 3)
    library.remove([item_id])
    assert library.ball("clips", "group_0") is None
    library.restore([item_id])
    assert library.ball("clips", "group_0") is not None


def test_a_ball_may_change_its_group(library: Library) -> None:
    first = put(library, "key", b"data", "one")
    put(library, "other", b"more", "one")
    assert put(library, "key", b"data", "two") != first
    assert [ball.key for ball in library.group("clips", "one")] == ["other"]
    assert [ball.key for ball in library.group("clips", "two")] == ["key"]
    assert library.page(Query(trash=True)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("007", 7), ("0", 0), ("", None), ("-1", None), ("1.5", None), ("٣", None),
     ("9" * 19, None), (str(2**63 - 1), 2**63 - 1)],
)  # fmt: skip
def test_frame_numbers_are_what_the_catalog_holds(
    library: Library, text: str, number: int | None
) -> None:
    put(library, "key", b"data", frame_number=text)
    ball = library.ball("clips", "key")
    assert ball is not None
    assert (ball.frame_number, ball.tags["frame_number"]) == (number, text)


def test_what_grew_before_a_crash_is_looked_at_later(tmp_path: Path) -> None:
    make.make_frames(tmp_path / "frames", 3)
    frames = sorted((tmp_path / "frames").iterdir())
    with Library.open(tmp_path / "library") as library:
        for number, path in enumerate(frames):
            tags = {"frame_number": str(number), "delay_ms": "not a number"}
            put(library, f"group_{number}", path.read_bytes(), **tags)
        before = library.page(Query())[0]
        assert library.poster(before) is None
    with Library.open(tmp_path / "library") as library:
        settling = Settling(library._intake)
        stop = CancelToken()
        thread = threading.Thread(target=settling.run, args=(stop,))
        thread.start()
        try:
            wait_until(lambda: library.page(Query())[0].hash != before.hash)
        finally:
            stop.cancel()
            settling.wake()
            thread.join()
        (item,) = library.page(Query())
        assert item.damaged is None
        assert library.poster(item) is not None
        assert library.similar_to(item.id) == []
        source = library.open_source(item)
        source.close()
        assert list(library.verify()) == []


def test_news_of_a_growing_group_are_rare_and_looking_waits_for_quiet(library: Library) -> None:
    now = 0.0
    settling = Settling(library._intake, clock=lambda: now)
    assert settling.changed(1)
    told = 0
    for _ in range(100):
        now += QUIET / 50
        told += settling.changed(1)
        assert settling._due() == []
    assert 2 <= told <= 5
    now += QUIET
    assert settling._due() == [1]
    assert settling._due() == []
    for _ in range(100):
        settling.changed(2)
        now += QUIET / 2
    assert settling._due() == [2], "one that never rests is looked at all the same"
